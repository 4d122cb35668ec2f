"""Files that are kept under the digest of their content: one small interface, and the local folder behind it."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from toolkit.config import Config
from toolkit.domain.errors import StorageFull, ToolkitError

CHUNK_BYTES = 256 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class FileMissing(ToolkitError):
    """A file that the database knows is not in the store, or is no longer what it was."""

    def __init__(self) -> None:
        super().__init__("The file is missing or damaged. Please tell your administrator.")


class FileStore(Protocol):
    """Keeps files by the SHA-256 of their content, as 64 hex digits."""

    def put(self, content: bytes | BinaryIO) -> str:
        """Keep a file, given as bytes or as an open file that can be read twice: its digest.

        It is on disk afterwards; the same content twice is kept once. Raises StorageFull.
        """

    def get(self, digest: str) -> bytes:
        """The content. Raises FileMissing, also when it is not what the digest says."""

    def open(self, digest: str) -> BinaryIO:
        """The same as an open file, for large ones: whole and compared with its digest before the first byte."""

    def remove(self, digest: str, *, min_age_seconds: int = 0) -> bool:
        """Forget a file that was put at least so long ago: whether it is gone. One that is not there is no error."""

    def digests(self, *, min_age_seconds: int = 0) -> Iterator[str]:
        """Every file that was put at least so long ago, in order."""


def file_store(config: Config) -> FileStore:
    """The store of these settings: the folder `files` of the data folder, or object storage where FILES_URL says so."""
    if not config.text("FILES_URL"):
        return LocalFiles(config.data / "files")
    from toolkit.files.objects import object_files  # its library is loaded only where it is used

    return object_files(config)


class LocalFiles:
    """A folder: `ab/abcdef…`. Nothing is ever seen half written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes | BinaryIO) -> str:
        """Keep a file: a temporary name, synced, renamed, and then the folder synced too. Raises StorageFull."""
        source = as_file(content)
        digest = digest_of(source)
        place = self._place(digest)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with _locked(place.parent):
                is_there = place.exists()
                if is_there:
                    os.utime(place)  # young again: no sweep takes it from under the row that is about to name it
            if not (is_there and self._is_whole(place, digest)):
                self._write(source, place)
        except OSError as error:
            if error.errno in FULL:
                raise StorageFull from error
            raise
        for folder in (place.parent, self.folder, self.folder.parent):
            _sync_folder(folder)
        return digest

    def get(self, digest: str) -> bytes:
        """The content, compared with its digest. Raises FileMissing."""
        with self.open(digest) as file:
            return file.read()

    def open(self, digest: str) -> BinaryIO:
        """The content as an open file, compared with its digest before the first byte. Raises FileMissing."""
        try:
            file = self._place(digest).open("rb")
        except FileNotFoundError:
            raise FileMissing from None
        if digest_of(file) != digest:
            file.close()
            raise FileMissing
        return file

    def remove(self, digest: str, *, min_age_seconds: int = 0) -> bool:
        """Forget a file; looking at its age and removing it is one step for everybody who puts the same file."""
        place = self._place(digest)
        if not place.parent.is_dir():
            return False
        with _locked(place.parent):
            if not place.exists() or _age(place) < min_age_seconds:
                return False
            place.unlink()
        return True

    def digests(self, *, min_age_seconds: int = 0) -> Iterator[str]:
        """Every file that was put at least so long ago, in order."""
        for path in sorted(self.folder.glob("[0-9a-f][0-9a-f]/*")):
            if _DIGEST.match(path.name) and _age(path) >= min_age_seconds:
                yield path.name

    @staticmethod
    def _is_whole(place: Path, digest: str) -> bool:
        with place.open("rb") as file:
            return digest_of(file) == digest

    def _write(self, source: BinaryIO, place: Path) -> None:
        part = place.parent / f".{uuid4().hex}.part"
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                while chunk := source.read(CHUNK_BYTES):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            part.rename(place)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def _place(self, digest: str) -> Path:
        return self.folder / checked(digest)[:2] / digest


def checked(digest: str) -> str:
    """A digest that is one. Raises FileMissing: nothing else leads to a file."""
    if not _DIGEST.match(digest):
        raise FileMissing
    return digest


def as_file(content: bytes | BinaryIO) -> BinaryIO:
    """Content as an open file."""
    return io.BytesIO(content) if isinstance(content, bytes) else content


def digest_of(file: BinaryIO) -> str:
    """The SHA-256 of an open file from its beginning, where it stands again afterwards."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return -1  # somebody else removed it just now


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; it ends with the process, however that ends."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
