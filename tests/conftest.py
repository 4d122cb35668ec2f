"""Fixtures for the tests that need a database. Nothing of the toolkit is imported before one of them is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import settings

# Property tests judge what comes out, never how busy the machine was.
settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")

SERVER = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://postgres@127.0.0.1:5432/postgres")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL database of this run, migrated. Without a server: a skip, or with REQUIRE_POSTGRESQL=1 a failure."""
    import psycopg

    from toolkit.storage import schema

    name = f"toolkit_test_{os.getpid()}"
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        sentence = f"No PostgreSQL answers at {urlsplit(SERVER).hostname}: what was tested ran on SQLite only."
        if os.environ.get("REQUIRE_POSTGRESQL") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    with server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
        server.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')  # nobody pulls the plug on a test
    url = urlsplit(SERVER)._replace(path=f"/{name}").geturl()
    _with_engine(url, Path("/nonexistent"), schema.upgrade)
    yield url
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row, to be copied."""
    from toolkit.storage import schema

    folder = tmp_path_factory.mktemp("migrated")
    _with_engine("", folder, schema.upgrade)
    return folder / "toolkit.sqlite3"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_kind(request: pytest.FixtureRequest) -> str:
    """The databases that storage and services are tested on."""
    return str(request.param)


@pytest.fixture
def checklists(tmp_path: Path) -> Path:
    """A folder for definitions, with the tiny checklist of the tests."""
    from tests.tiny_checklist import TINY

    folder = tmp_path / "checklists"
    (folder / "tiny").mkdir(parents=True)
    (folder / "tiny" / "1.0.0.yaml").write_text(TINY, encoding="utf-8")
    return folder


@pytest.fixture
def database(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path, checklists: Path) -> Iterator[Any]:
    """An application with an empty, migrated database, and its context pushed. Twice: SQLite, PostgreSQL."""
    import shutil

    from toolkit.config import read_config
    from toolkit.storage.db import database_app, db

    data = tmp_path / "data"
    data.mkdir()
    url = ""
    if database_kind == "sqlite":
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), data / "toolkit.sqlite3")
    else:
        url = request.getfixturevalue("postgresql_url")
    app = database_app(read_config({}, data=str(data), database_url=url, checklists=str(checklists)))
    with app.app_context():
        if url:
            _empty(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


def _with_engine(url: str, folder: Path, action: Any) -> None:
    from toolkit.config import read_config
    from toolkit.storage.db import database_app, db

    data = folder if url == "" else Path(os.environ.get("TMPDIR", "/tmp"))  # noqa: S108 - nothing is written there
    app = database_app(read_config({}, data=str(data), database_url=url))
    with app.app_context():
        action(db.engine)
        db.engine.dispose()


def _empty(engine: Any) -> None:
    """Delete every row: with so few, that is many times faster than TRUNCATE."""
    from toolkit.storage.tables import metadata

    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
