"""The database: SQLite or PostgreSQL by one URL, sessions, and the one way to write.

SQLite libraries from 3.51.3 on, such as the pysqlite3 wheel's, run in WAL mode. Older ones have a bug that can corrupt
a database in that mode, so with them it keeps the rollback journal. Both sync fully at each commit, because "saved"
means on disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import scoped_session

from toolkit.config import Config
from toolkit.domain.errors import CannotSaveNow, OutOfReach
from toolkit.storage.base import Base

WAL_SAFE = (3, 51, 3)
BUSY_SECONDS = 10
_WRITING = "toolkit_writing"
_CONFIG = "toolkit_config"

db = SQLAlchemy(metadata=Base.metadata)


def configure_database(app: Flask, config: Config) -> None:
    """Give the application its database, without connecting yet. Makes the data folder."""
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = sa.make_url(config.database_url)
    # What people wrote stays out of messages, and so out of the log.
    options: dict[str, Any] = {"pool_pre_ping": url.get_backend_name() != "sqlite", "hide_parameters": True}
    if url.get_backend_name() == "sqlite":
        options |= {"module": sqlite_module(), "connect_args": {"timeout": BUSY_SECONDS}}
    elif url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    app.config["SQLALCHEMY_DATABASE_URI"] = url.render_as_string(hide_password=False)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    app.extensions[_CONFIG] = config
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", _prepare_sqlite)
            sa.event.listen(db.engine, "begin", _begin_sqlite)


def database_app(config: Config) -> Flask:
    """The smallest application with a database, for commands, jobs and tests."""
    app = Flask("toolkit.storage")
    configure_database(app, config)
    return app


def current_config() -> Config:
    """The settings of the running application."""
    config: Config = current_app.extensions[_CONFIG]
    return config


def sqlite_module() -> ModuleType:
    """The SQLite driver with the newest library: the pysqlite3 wheel where there is one, else Python's own."""
    try:
        from pysqlite3 import dbapi2  # type: ignore[import-untyped]  # the wheel carries no types
    except ImportError:
        return sqlite3
    newer = sqlite_version(dbapi2) >= sqlite_version(sqlite3)
    return dbapi2 if newer else sqlite3


def sqlite_version(module: ModuleType) -> tuple[int, ...]:
    """The version of the SQLite library behind a driver."""
    return tuple(int(part) for part in module.sqlite_version.split("."))


def journal_for(version: tuple[int, ...]) -> str:
    """The journal mode that is safe with a version of SQLite."""
    return "wal" if version >= WAL_SAFE else "delete"


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Transactions are begun by _begin_sqlite: the driver's own way leaves DDL outside and begins too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.execute(f"PRAGMA journal_mode = {journal_for(sqlite_version(sqlite_module()))}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    # A unit of work that reads first and writes later fails at once when somebody else wrote in between, whatever the
    # timeout; so those that write take the one writer's place from the start.
    writing = connection.get_execution_options().get(_WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def transaction() -> Iterator[scoped_session[Session]]:
    """One unit of work that writes: all of it is on disk afterwards, or nothing.

    Raises CannotSaveNow when the database is busy, full or out of reach, and RuntimeError inside another one.
    """
    session = db.session
    if session.info.get(_WRITING):
        raise RuntimeError("A unit of work does not begin inside another one.")
    session.rollback()  # whatever was read before is not what this unit of work sees
    session.info[_WRITING] = True
    try:
        session.connection(execution_options={_WRITING: True})
        yield session
        session.commit()
    except (OperationalError, InterfaceError) as error:
        session.rollback()
        current_app.logger.exception("The database did not take a change.")
        raise CannotSaveNow from error
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(_WRITING, None)


@contextmanager
def reading() -> Iterator[scoped_session[Session]]:
    """One look at the data, all of the same moment. Inside a unit of work it is part of that. Raises OutOfReach."""
    session = db.session
    try:
        yield session
    except (OperationalError, InterfaceError) as error:
        current_app.logger.exception("The database could not be read.")
        raise OutOfReach from error
    finally:
        if not session.info.get(_WRITING):
            session.rollback()  # so that no connection stays in a transaction while a page is drawn


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """What keeps the data: `journal` and `synchronous` are empty for PostgreSQL, which looks after its own."""

    kind: str
    version: str
    journal: str = ""
    synchronous: str = ""


def status() -> DatabaseStatus:
    """What keeps the data, asked of the database itself."""
    with db.engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            version = connection.exec_driver_sql("SHOW server_version").scalar_one()
            return DatabaseStatus("PostgreSQL", str(version))
        levels = {0: "off", 1: "normal", 2: "full", 3: "extra"}
        return DatabaseStatus(
            "SQLite",
            str(connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()),
            str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()),
            levels[int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())],
        )
