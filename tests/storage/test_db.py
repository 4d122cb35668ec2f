"""The one way to write, and how SQLite is set up for it."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from toolkit.domain.errors import CannotSaveNow, OutOfReach
from toolkit.storage import db as storage_db
from toolkit.storage.base import UtcTime
from toolkit.storage.db import db, journal_for, reading, sqlite_module, sqlite_version, status, transaction
from toolkit.storage.jobs import SettingRecord

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def set_value(name, value="1"):
    with transaction() as session:
        session.execute(sa.insert(SettingRecord).values(name=name, value=value, changed_at=NOW))


def names():
    with db.engine.connect() as connection:
        return list(connection.execute(sa.select(SettingRecord.name).order_by(SettingRecord.name)).scalars())


def test_what_was_done_in_a_transaction_is_there_afterwards(database):
    set_value("one")
    assert names() == ["one"]


def test_a_transaction_that_fails_leaves_nothing(database):
    def set_and_fail():
        with transaction() as session:
            session.execute(sa.insert(SettingRecord).values(name="one", value="1", changed_at=NOW))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        set_and_fail()
    assert names() == []


def test_a_transaction_does_not_begin_inside_another(database):
    with pytest.raises(RuntimeError), transaction(), transaction():
        pass
    set_value("afterwards")
    assert names() == ["afterwards"]


def test_times_come_back_in_utc(database):
    paris = timezone(timedelta(hours=1))
    with transaction() as session:
        at = NOW.astimezone(paris)
        session.execute(sa.insert(SettingRecord).values(name="one", value="1", changed_at=at))
    with db.engine.connect() as connection:
        found = connection.execute(sa.select(SettingRecord.changed_at)).scalar_one()
    assert found == NOW
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        UtcTime().process_bind_param(datetime(2026, 1, 1), sa.create_engine("sqlite://").dialect)


def test_status_says_what_keeps_the_data(database, database_kind):
    found = status()
    if database_kind == "sqlite":
        assert found.kind == "SQLite"
        assert found.version == sqlite_module().sqlite_version
        assert found.journal == journal_for(sqlite_version(sqlite_module()))
        assert found.synchronous == "full"
    else:
        assert found.kind == "PostgreSQL"
        assert found.version[0].isdigit()


@pytest.mark.parametrize(
    ("version", "journal"),
    [((3, 40, 1), "delete"), ((3, 51, 2), "delete"), ((3, 51, 3), "wal"), ((3, 53, 4), "wal")],
)
def test_the_journal_follows_from_the_version(version, journal):
    assert journal_for(version) == journal


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_old_library_keeps_the_rollback_journal(database, monkeypatch):
    monkeypatch.setattr(storage_db, "sqlite_version", lambda module: (3, 40, 1))
    db.engine.dispose()
    assert status().journal == "delete"
    assert status().synchronous == "full"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_writer_that_reads_first_waits_for_its_turn(database):
    """With a deferred BEGIN one of the two would fail at once with SQLITE_BUSY_SNAPSHOT."""
    set_value("count", "0")
    ready = threading.Barrier(2)

    def add_ten():
        with database.app_context():
            ready.wait()
            for _ in range(10):
                with transaction() as session:
                    value = int(session.execute(sa.select(SettingRecord.value)).scalar_one())
                    session.execute(sa.update(SettingRecord).values(value=str(value + 1)))

    threads = [threading.Thread(target=add_ten) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.engine.connect() as connection:
        assert connection.execute(sa.select(SettingRecord.value)).scalar_one() == "20"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_busy_database_is_an_error_with_a_name(database, monkeypatch):
    monkeypatch.setattr(storage_db, "BUSY_SECONDS", 0)
    db.engine.dispose()
    other = sqlite_module().connect(database.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(CannotSaveNow):
            set_value("one")
    finally:
        other.rollback()
        other.close()
    set_value("two")
    assert names() == ["two"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_database_that_cannot_be_read_is_an_error_with_a_name(database):
    def read():
        with reading() as session:
            session.execute(sa.text("SELECT * FROM no_such_table"))

    with pytest.raises(OutOfReach, match="cannot reach its data"):
        read()
    assert names() == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_foreign_keys_are_kept(database):
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_the_newer_of_two_sqlite_libraries_is_taken():
    assert sqlite_version(sqlite_module()) >= sqlite_version(sqlite3)
