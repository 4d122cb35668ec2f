"""Files in object storage that speaks S3, behind the same interface. Loaded only where it is configured."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, BinaryIO, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from toolkit.config import Config, files_bucket
from toolkit.domain.errors import StorageOutOfReach
from toolkit.files.store import FileMissing, as_file, checked, digest_of

IN_MEMORY_BYTES = 1024 * 1024  # larger ones are read into a temporary file
PATIENCE: dict[str, Any] = {"connect_timeout": "5s", "timeout": "30s"}  # a web worker has 60 s for a request
RETRIES: dict[str, Any] = {"max_retries": 2}


def object_files(config: Config) -> ObjectFiles:
    """The bucket that FILES_URL names. Raises ValueError for an address of another form."""
    bucket, folder = files_bucket(config) or ("", "")
    names = ("FILES_ENDPOINT", "FILES_REGION", "FILES_KEY_ID", "FILES_SECRET")
    return _object_files(bucket, folder, *(config.text(name) for name in names), os.getpid())


@lru_cache(maxsize=4)
def _object_files(
    name: str, folder: str, endpoint: str, region: str, key_id: str, secret: str, _process: int
) -> ObjectFiles:
    """One for each process: the library's threads do not survive a fork."""
    options = PATIENCE | {"allow_http": endpoint.startswith("http://")}
    given = {"endpoint": endpoint, "access_key_id": key_id, "secret_access_key": secret}
    make: Any = S3Store  # its types want each option as a literal
    bucket = make(
        name,
        prefix=folder or None,
        region=region,
        client_options=options,
        retry_config=RETRIES,
        virtual_hosted_style_request=False,
        **{key: text for key, text in given.items() if text},  # else from the machine's own role or environment
    )
    return ObjectFiles(bucket)


class ObjectFiles:
    """A bucket or a folder of one: `ab/abcdef…`. An object is there whole or not at all, and kept when put returns."""

    def __init__(self, bucket: Any) -> None:
        self._bucket = bucket

    def put(self, content: bytes | BinaryIO) -> str:
        """Keep a file, also where it is there already: so it is young again, and no sweep takes it."""
        source = as_file(content)
        digest = digest_of(source)
        try:
            with _in_reach():
                obstore.put(self._bucket, _place(digest), source, use_multipart=False)
        except FileMissing as error:  # there is no such bucket
            raise StorageOutOfReach from error
        return digest

    def get(self, digest: str) -> bytes:
        """The content, compared with its digest. Raises FileMissing."""
        with self.open(digest) as file:
            return file.read()

    def open(self, digest: str) -> BinaryIO:
        """The content as an open file, compared with its digest before the first byte. Raises FileMissing."""
        place = _place(checked(digest))
        found = hashlib.sha256()
        file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115  # handed to the caller
        try:
            with _in_reach():
                for chunk in obstore.get(self._bucket, place):
                    found.update(chunk)
                    file.write(chunk)
            if found.hexdigest() != digest:
                raise FileMissing
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return cast(BinaryIO, file)

    def remove(self, digest: str, *, min_age_seconds: int = 0) -> bool:
        """Forget a file. Looking and removing are two steps here: nothing young is near the age of a sweep."""
        place = _place(checked(digest))
        try:
            with _in_reach():
                if _age(obstore.head(self._bucket, place)["last_modified"]) < min_age_seconds:
                    return False
                obstore.delete(self._bucket, place)
        except FileMissing:
            return False
        return True

    def digests(self, *, min_age_seconds: int = 0) -> Iterator[str]:
        """Every file that was put at least so long ago, in order."""
        found = []
        with _in_reach():
            for chunk in obstore.list(self._bucket):
                found += [
                    one["path"].rpartition("/")[2] for one in chunk if _age(one["last_modified"]) >= min_age_seconds
                ]
        for name in sorted(found):
            try:
                yield checked(name)
            except FileMissing:
                continue  # somebody else's


def _place(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


def _age(put_at: datetime) -> float:
    return (datetime.now(UTC) - put_at).total_seconds()


@contextmanager
def _in_reach() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise FileMissing from None
    except (BaseError, OSError) as error:
        raise StorageOutOfReach from error
