"""Back-up and restore: every table and file comes back the same, from either database to either."""

import io
import json
import os
import tarfile
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from tests.conftest import SERVER
from tests.object_storage import a_bucket
from toolkit.__main__ import main
from toolkit.config import read_config
from toolkit.files.store import file_store
from toolkit.services.backup import BackupRefused, back_up, check_archive, restore
from toolkit.storage import schema, schema_revision
from toolkit.storage.base import UtcTime
from toolkit.storage.db import database_app, db
from toolkit.storage.portable_rows import plan
from toolkit.storage.tables import metadata

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
AWKWARD = "Ça va ? — “yes”\n\tعمل لائق 体面劳动 🙂 \\ ' %s"


def a_value(column, number):
    """Some value for a column, different for each row and awkward where the type allows it."""
    kind = column.type
    if isinstance(kind, UtcTime):
        return NOW + timedelta(seconds=number, microseconds=123456)
    if isinstance(kind, sa.Uuid):
        return uuid4()
    if isinstance(kind, sa.Date):
        return date(2026, 1, 1) + timedelta(days=number)
    if isinstance(kind, sa.LargeBinary):
        return bytes(range(256)) + bytes([number])
    if isinstance(kind, sa.JSON):
        return {"z": AWKWARD, "a": [number, None, True], "ü": {"deep": "1/3"}}
    if isinstance(kind, sa.Boolean):
        return number % 2 == 0
    if isinstance(kind, sa.Integer):
        return number
    return f"{number}{AWKWARD}"[: kind.length or 10_000]


def fill(engine):
    """Three rows in every table, with every column filled, and one more with nothing that may be left out."""
    made = {}
    with engine.connect().execution_options(toolkit_writing=True) as connection, connection.begin():
        for table in metadata.sorted_tables:
            made[table.name] = []
            for number in range(4):
                row = {}
                for column in table.columns:
                    if number == 3 and column.nullable:
                        continue
                    foreign = next(iter(column.foreign_keys), None)
                    if foreign is None:
                        row[column.name] = a_value(column, number)
                    elif others := made[foreign.column.table.name]:
                        row[column.name] = others[number % len(others)][foreign.column.name]
                connection.execute(sa.insert(table).values(row))
                made[table.name].append(row)


def everything(engine):
    """Every row of every table, as Python sees them."""
    with engine.connect() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(sa.select(table)))
            for table in metadata.sorted_tables
        }


@contextmanager
def at(place):
    """The database of a place, let go of at the end."""
    with database_app(place).app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def empty_place(request, tmp_path):
    """Makes the settings of a place to restore to: an empty data folder and an empty database of some kind."""
    made = []

    def make(kind):
        url = ""
        if kind == "postgresql":
            request.getfixturevalue("postgresql_url")  # skips, or fails, where there is no server
            import psycopg

            name = f"toolkit_restore_{os.getpid()}_{len(made)}"
            with psycopg.connect(SERVER, autocommit=True) as server:
                server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                server.execute(f'CREATE DATABASE "{name}"')
            url = urlsplit(SERVER)._replace(path=f"/{name}").geturl()
            made.append(name)
        return read_config({}, data=str(tmp_path / f"place-{kind}-{uuid4().hex[:6]}"), database_url=url)

    yield make
    for name in made:
        import psycopg

        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def filled(database, tmp_path):
    """A site with rows in every table and some files; gives its settings."""
    data = Path(database.extensions["toolkit_config"].data)
    (data / "files" / "ab").mkdir(parents=True)
    (data / "files" / "ab" / "évidence.pdf").write_bytes(bytes(range(256)) * 1000)
    (data / "secret.key").write_text("not so secret")
    (data / "cache").mkdir()
    (data / "cache" / "font.ttf").write_text("made anew")
    fill(db.engine)
    return database.extensions["toolkit_config"]


@pytest.mark.parametrize("target", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_what_was_backed_up_comes_back_the_same(filled, target, empty_place, tmp_path):
    before = everything(db.engine)
    assert all(len(rows) == 4 for rows in before.values())
    manifest = back_up(db.engine, filled, tmp_path / "all.tar", now=NOW)

    place = empty_place(target)
    with at(place):
        restore(db.engine, place, tmp_path / "all.tar")
        assert everything(db.engine) == before
        assert schema_revision.is_current(db.engine)
        assert schema.drift(db.engine) == ()
        again = back_up(db.engine, place, tmp_path / "again.tar", now=NOW)
    assert again == manifest
    assert (place.data / "files" / "ab" / "évidence.pdf").read_bytes() == bytes(range(256)) * 1000
    assert not (place.data / "cache").exists()


def test_a_back_up_shows_one_moment_while_people_save(filled, tmp_path, monkeypatch):
    from toolkit.services import backup

    write = backup._add_table
    other = sa.create_engine(db.engine.url, module=db.engine.dialect.dbapi)  # somebody else
    table = metadata.tables["setting"]

    def save_meanwhile(archive, connection, plan):
        if plan.name == "setting" and not (connection.dialect.name == "sqlite" and not is_wal(connection)):
            with other.begin() as saving:
                saving.execute(sa.delete(table))
        return write(archive, connection, plan)

    def is_wal(connection):
        return connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"

    monkeypatch.setattr(backup, "_add_table", save_meanwhile)
    manifest = back_up(db.engine, filled, tmp_path / "all.tar", now=NOW)
    other.dispose()
    assert manifest.rows["setting"] == 4


def test_restoring_needs_an_empty_place(filled, tmp_path, empty_place):
    back_up(db.engine, filled, tmp_path / "all.tar", now=NOW)
    with pytest.raises(BackupRefused, match="not empty"):
        restore(db.engine, filled, tmp_path / "all.tar")
    place = empty_place("sqlite")
    with at(place):
        schema.upgrade(db.engine)
        with pytest.raises(BackupRefused, match="The database is not empty"):
            restore(db.engine, place, tmp_path / "all.tar")


def test_a_damaged_archive_is_refused_before_anything_is_written(filled, tmp_path, empty_place):
    back_up(db.engine, filled, tmp_path / "all.tar", now=NOW)
    data = bytearray((tmp_path / "all.tar").read_bytes())
    data[data.index("体面劳动".encode())] ^= 1
    (tmp_path / "damaged.tar").write_bytes(data)
    place = empty_place("sqlite")
    with at(place):
        with pytest.raises(BackupRefused, match=r"damaged: tables/"):
            restore(db.engine, place, tmp_path / "damaged.tar")
        assert sa.inspect(db.engine).get_table_names() == []


def test_what_is_no_archive_is_refused_in_plain_words(tmp_path):
    (tmp_path / "x.tar").write_text("hello")
    with pytest.raises(BackupRefused, match="not a back-up that can be read"):
        check_archive(tmp_path / "x.tar")


def test_an_archive_cannot_write_outside_of_the_data_folder(filled, tmp_path, empty_place):
    back_up(db.engine, filled, tmp_path / "all.tar", now=NOW)
    with tarfile.open(tmp_path / "all.tar") as old, tarfile.open(tmp_path / "evil.tar", "w") as new:
        manifest = json.load(old.extractfile("manifest.json"))
        digest = manifest["sha256"]["files/secret.key"]
        manifest["sha256"]["files/../../outside"] = digest
        for member in old:
            data = old.extractfile(member).read()
            names = [member.name, "files/../../outside"] if member.name == "files/secret.key" else [member.name]
            if member.name == "manifest.json":
                data = json.dumps(manifest).encode()
            for name in names:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                new.addfile(info, io.BytesIO(data))
    place = empty_place("sqlite")
    with at(place), pytest.raises(BackupRefused, match="leads out of the data folder"):
        restore(db.engine, place, tmp_path / "evil.tar")
    assert not (place.data.parent.parent / "outside").exists()
    assert not (place.data.parent / "outside").exists()


def test_nothing_is_ever_replaced(filled, tmp_path):
    (tmp_path / "all.tar").write_text("precious")
    with pytest.raises(BackupRefused, match="exists already"):
        back_up(db.engine, filled, tmp_path / "all.tar", now=NOW)
    assert (tmp_path / "all.tar").read_text() == "precious"


def test_every_type_of_column_can_be_carried():
    assert {table.name for table in plan(metadata)} == set(metadata.tables)


def test_no_table_counts_its_own_rows():
    # PostgreSQL's sequences would have to be carried too. Ids here are random, or numbered by the program.
    for table in metadata.sorted_tables:
        assert table.autoincrement_column is None or table.autoincrement_column.foreign_keys, table.name


def test_the_commands_say_what_they_did(filled, tmp_path, empty_place):
    archive, place = str(tmp_path / "all.tar"), empty_place("sqlite")
    own = ["--data", str(filled.data), "--database-url", filled.text("DATABASE_URL")]
    done = CliRunner().invoke(main, ["backup", archive, *own, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["files"] == 2
    assert (Path(archive).stat().st_mode & 0o777) == 0o600

    checked = CliRunner().invoke(main, ["restore", archive, "--check"])
    assert checked.output.startswith("Whole:")
    restored = CliRunner().invoke(main, ["restore", archive, "--data", str(place.data)], catch_exceptions=False)
    assert restored.exit_code == 0, restored.output
    assert "2 files" in restored.output

    again = CliRunner().invoke(main, ["restore", archive, "--data", str(place.data)])
    assert again.exit_code == 1
    assert "not empty" in again.output


def test_files_move_between_the_data_folder_and_object_storage(filled, tmp_path, empty_place):
    kept = file_store(filled).put(b"a report")
    back_up(db.engine, filled, tmp_path / "local.tar", now=NOW)
    with a_bucket() as settings:
        bare = empty_place("sqlite")
        place = read_config({}, data=str(bare.data), **settings)
        with at(place):
            restore(db.engine, place, tmp_path / "local.tar")
            manifest = back_up(db.engine, place, tmp_path / "objects.tar", now=NOW)
        assert file_store(place).get(kept) == b"a report"
        assert not (place.data / "files").exists()
    assert f"files/files/{kept[:2]}/{kept}" in manifest.sha256
    back = empty_place("sqlite")
    with at(back):
        restore(db.engine, back, tmp_path / "objects.tar")
    assert file_store(back).get(kept) == b"a report"
    assert (back.data / "secret.key").read_text() == "not so secret"
