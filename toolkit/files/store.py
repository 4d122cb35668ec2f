"""Files that are kept under the digest of their content: one small interface, and the local folder behind it."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from toolkit.config import Config
from toolkit.domain.errors import ToolkitError

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


class FileMissing(ToolkitError):
    """A file that the database knows is not in the store, or is no longer what it was."""

    def __init__(self) -> None:
        super().__init__("The file is missing or damaged.")


class FileStore(Protocol):
    """Keeps files by the SHA-256 of their content, as 64 hex digits."""

    def put(self, content: bytes) -> str:
        """Keep a file: its digest. It is on disk afterwards; the same content twice is kept once."""

    def get(self, digest: str) -> bytes:
        """The content. Raises FileMissing, also when it is not what the digest says."""

    def remove(self, digest: str) -> None:
        """Forget a file; one that is not there is no error."""

    def digests(self, *, min_age_seconds: int = 0) -> Iterator[str]:
        """Every file that was put at least so long ago, in order."""


def file_store(config: Config) -> FileStore:
    """The store of these settings: the folder `files` of the data folder."""
    return LocalFiles(config.data / "files")


class LocalFiles:
    """A folder: `ab/abcdef…`. Nothing is ever seen half written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep a file: a temporary name, synced, renamed, and then the folder synced too."""
        digest = hashlib.sha256(content).hexdigest()
        place = self._place(digest)
        if place.exists():
            os.utime(place)  # young again, so that no sweep takes it from under the row that is about to name it
            return digest
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.parent / f".{uuid4().hex}.part"
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.rename(place)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        for folder in (place.parent, self.folder, self.folder.parent):
            _sync_folder(folder)
        return digest

    def get(self, digest: str) -> bytes:
        """The content, compared with its digest. Raises FileMissing."""
        try:
            content = self._place(digest).read_bytes()
        except FileNotFoundError:
            raise FileMissing from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise FileMissing
        return content

    def remove(self, digest: str) -> None:
        """Forget a file."""
        self._place(digest).unlink(missing_ok=True)

    def digests(self, *, min_age_seconds: int = 0) -> Iterator[str]:
        """Every file that was put at least so long ago, in order."""
        for path in sorted(self.folder.glob("[0-9a-f][0-9a-f]/*")):
            if _DIGEST.match(path.name) and time.time() - path.stat().st_mtime >= min_age_seconds:
                yield path.name

    def _place(self, digest: str) -> Path:
        if not _DIGEST.match(digest):
            raise FileMissing
        return self.folder / digest[:2] / digest


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
