"""Back up and restore everything: the database and the data folder's files, as one archive.

The archive is a tar file that any program can read: `manifest.json`, `tables/<name>.jsonl` with a JSON list a row,
`files/…` as they lie in the data folder. It does not matter which database it came from: what was backed up from SQLite
can be restored to PostgreSQL, and the other way round. Nor does it matter where evidence and reports are kept: the
archive carries them from object storage too, and restores them to where the settings say.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import IO, Any

import sqlalchemy as sa

from toolkit.config import Config, files_bucket
from toolkit.domain.errors import ToolkitError
from toolkit.files.store import FileStore, file_store
from toolkit.storage import schema, schema_revision
from toolkit.storage.portable_rows import TablePlan, fill_in_last, plan, read_rows, write_rows
from toolkit.storage.tables import metadata

FORMAT = 1
# The databases are carried row by row, the queue is filled again from the rows, caches are made anew.
STORED = "files/files"  # where evidence and reports stand in the archive, wherever the site keeps them
NOT_CARRIED = ("toolkit.sqlite3", "queue.sqlite3", "jobs.lock", "cache")


class BackupRefused(ToolkitError):
    """A back-up cannot be made or restored; str() says why."""


@dataclass(frozen=True)
class Manifest:
    """What an archive holds. `sha256` is that of each member, by its name in the archive."""

    format: int
    program: str
    revision: str
    made_at: str
    tables: tuple[TablePlan, ...]
    rows: dict[str, int]
    files: int
    sha256: dict[str, str]


def back_up(engine: sa.Engine, config: Config, target: Path, *, now: datetime) -> Manifest:
    """Write an archive of everything, as it was at one moment. The site may go on meanwhile.

    The archive appears under its name only when it is whole and on disk. Raises BackupRefused when the target exists
    or the database is not up to date.
    """
    if target.exists():
        raise BackupRefused(f"{target} exists already, and a back-up never replaces one.")
    if not schema_revision.is_current(engine):
        raise BackupRefused("The database is not that of this version. Run decent-work migrate first.")
    temporary = target.with_name(f".{target.name}.part")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            manifest = _write(engine, config, file, now)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(target)
        _sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)
    return manifest


def restore(engine: sa.Engine, config: Config, source: Path) -> Manifest:
    """Bring back what an archive holds, into an empty database and data folder, and bring it up to date.

    The whole archive is checked before anything is written. Raises BackupRefused.
    """
    manifest = check_archive(source)
    _refuse_unless_empty(engine, config)
    if manifest.revision not in schema.revisions():
        raise BackupRefused(f"The archive was made by version {manifest.program}, which is newer than this one.")
    with tarfile.open(source) as archive:
        _restore_files(archive, config)
        schema.upgrade(engine, manifest.revision)
        with engine.connect().execution_options(toolkit_writing=True) as connection, connection.begin():
            for table in manifest.tables:
                read_rows(connection, table, _lines(archive, table))
            for table in manifest.tables:
                if table.last:
                    fill_in_last(connection, table, _lines(archive, table))
    schema.upgrade(engine)
    return manifest


def check_archive(source: Path) -> Manifest:
    """The manifest of an archive whose every member is as it was written. Raises BackupRefused."""
    try:
        with tarfile.open(source) as archive:
            manifest = _read_manifest(archive)
            found = {member.name: _digest(archive, member) for member in archive if member.name != "manifest.json"}
    except (tarfile.TarError, OSError, KeyError, TypeError, ValueError) as error:
        raise BackupRefused(f"{source} is not a back-up that can be read: {error}.") from None
    wrong = sorted(
        name for name in found.keys() | manifest.sha256.keys() if found.get(name) != manifest.sha256.get(name)
    )
    if wrong:
        raise BackupRefused(f"{source} is damaged: {', '.join(wrong[:5])}.")
    return manifest


def _write(engine: sa.Engine, config: Config, file: IO[bytes], now: datetime) -> Manifest:
    digests: dict[str, str] = {}
    rows: dict[str, int] = {}
    plans = plan(metadata)
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        with _snapshot(engine) as connection:
            for table in plans:
                rows[table.name], digests[_member(table)] = _add_table(archive, connection, table)
            # A file is on disk before the row that names it: files copied after the snapshot began lack none.
            for path in _carried_files(config.data):
                name = f"files/{path.relative_to(config.data).as_posix()}"
                digests |= _add_file(archive, path, name)
            if files_bucket(config) is not None:
                digests |= _add_objects(archive, file_store(config))
        manifest = Manifest(
            format=FORMAT,
            program=version("decent-work-toolkit"),
            revision=schema_revision.NEEDED,
            made_at=now.isoformat(),
            tables=plans,
            rows=rows,
            files=sum(name.startswith("files/") for name in digests),
            sha256=digests,
        )
        _add_bytes(archive, "manifest.json", json.dumps(asdict(manifest), indent=1).encode())
    return manifest


@contextmanager
def _snapshot(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that sees the database as it is now, whatever is saved meanwhile."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":  # SQLite's read transactions are snapshots already
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def _add_table(archive: tarfile.TarFile, connection: sa.Connection, table: TablePlan) -> tuple[int, str]:
    with tempfile.TemporaryFile() as spool:
        count, digest = 0, hashlib.sha256()
        for line in write_rows(connection, table):
            spool.write(line)
            digest.update(line)
            count += 1
        info = tarfile.TarInfo(_member(table))
        info.size = spool.tell()
        spool.seek(0)
        archive.addfile(info, spool)
    return count, digest.hexdigest()


def _add_file(archive: tarfile.TarFile, path: Path, name: str) -> dict[str, str]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}  # swept just now, so no row of the snapshot names it
    _add_bytes(archive, name, data)
    return {name: hashlib.sha256(data).hexdigest()}


def _add_objects(archive: tarfile.TarFile, store: FileStore) -> dict[str, str]:
    """What lies in object storage, under the names that it would have in the data folder."""
    digests = {}
    for digest in store.digests():
        name = f"{STORED}/{digest[:2]}/{digest}"
        _add_bytes(archive, name, store.get(digest))
        digests[name] = digest
    return digests


def _add_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


def _carried_files(data: Path) -> list[Path]:
    return sorted(
        path
        for path in data.rglob("*")
        if path.is_file()
        and not path.is_symlink()
        and not path.relative_to(data).parts[0].startswith(NOT_CARRIED)
        and path.suffix != ".part"  # a file that is just being written
    )


def _member(table: TablePlan) -> str:
    return f"tables/{table.name}.jsonl"


def _lines(archive: tarfile.TarFile, table: TablePlan) -> IO[bytes]:
    file = archive.extractfile(_member(table))
    assert file is not None  # noqa: S101  # checked with every other member before
    return file


def _digest(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    file = archive.extractfile(member) if member.isreg() else None
    if file is None:
        raise BackupRefused(f"The archive holds {member.name}, which is not a plain file.")
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # an IO[bytes] is enough


def _read_manifest(archive: tarfile.TarFile) -> Manifest:
    file = archive.extractfile("manifest.json")
    data: dict[str, Any] = json.loads(file.read()) if file else {}
    if data["format"] != FORMAT:
        raise BackupRefused(f"The archive has format {data['format']}; this version reads format {FORMAT}.")
    tables = tuple(
        TablePlan(plan["name"], plan["columns"], tuple(plan["key"]), tuple(plan["last"])) for plan in data["tables"]
    )
    return Manifest(**(data | {"tables": tables}))


def _refuse_unless_empty(engine: sa.Engine, config: Config) -> None:
    if _carried_files(config.data):
        raise BackupRefused(f"The data folder {config.data} is not empty. Restore into a new one with --data.")
    if set(sa.inspect(engine).get_table_names()) - {"alembic_version"}:
        raise BackupRefused("The database is not empty. Restore into a new one.")


def _restore_files(archive: tarfile.TarFile, config: Config) -> None:
    data = config.data
    store = file_store(config) if files_bucket(config) is not None else None
    folders = {data}
    for member in archive:
        if not member.name.startswith("files/"):
            continue
        place = PurePosixPath(member.name.removeprefix("files/"))
        if place.is_absolute() or ".." in place.parts:
            raise BackupRefused(f"The archive holds {member.name}, which leads out of the data folder.")
        if store is not None and place.parts[0] == PurePosixPath(STORED).name:
            _restore_object(archive, member, store)
            continue
        path = data / place
        path.parent.mkdir(parents=True, exist_ok=True)
        source = archive.extractfile(member)
        assert source is not None  # noqa: S101  # checked before
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(source.read())
            file.flush()
            os.fsync(file.fileno())
        folders.add(path.parent)
    for folder in folders:
        _sync_folder(folder)


def _restore_object(archive: tarfile.TarFile, member: tarfile.TarInfo, store: FileStore) -> None:
    source = archive.extractfile(member)
    assert source is not None  # noqa: S101  # checked before
    store.put(source.read())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
