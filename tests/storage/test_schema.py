"""The tables: up from nothing, down again, no drift, nothing half done."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from toolkit.config import read_config
from toolkit.storage import schema, schema_revision
from toolkit.storage.db import database_app, db
from toolkit.storage.tables import metadata


@pytest.fixture
def app(database_kind, request, tmp_path):
    """An application whose database has no table yet."""
    url = request.getfixturevalue("postgresql_url") if database_kind == "postgresql" else ""
    app = database_app(read_config({}, data=str(tmp_path / "data"), database_url=url))
    with app.app_context():
        if url:
            schema.downgrade(db.engine, "base")
        yield app
        if url:
            schema.upgrade(db.engine)
        db.engine.dispose()


def table_names():
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_tables_come_up_from_nothing_and_go_down_again(app):
    assert schema_revision.current(db.engine) is None
    schema.upgrade(db.engine)
    assert schema_revision.is_current(db.engine)
    assert table_names() == set(metadata.tables)
    schema.downgrade(db.engine, "base")
    assert table_names() == set()
    schema.upgrade(db.engine)
    assert schema_revision.is_current(db.engine)


def test_each_revision_can_be_undone_by_itself(app):
    for revision in schema.revisions():
        schema.upgrade(db.engine, revision)
        assert schema_revision.current(db.engine) == revision
        schema.downgrade(db.engine, "-1")
        schema.upgrade(db.engine, revision)


def test_the_revision_that_the_program_needs_is_the_newest():
    assert schema.revisions()[-1] == schema_revision.NEEDED


def test_the_migrations_make_what_the_program_describes(app):
    schema.upgrade(db.engine)
    assert schema.drift(db.engine) == ()


def test_drift_is_noticed(app):
    schema.upgrade(db.engine)
    with db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE setting ADD COLUMN stray INTEGER"))
    assert "stray" in str(schema.drift(db.engine))
    with db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE setting DROP COLUMN stray"))


def test_an_interrupted_migration_leaves_nothing_behind(app):
    created = []

    def pull_the_plug(_target, connection, **_):
        created.append(len(sa.inspect(connection).get_table_names()))
        if len(created) == 5:
            raise KeyboardInterrupt

    sa.event.listen(sa.Table, "after_create", pull_the_plug)
    try:
        with pytest.raises(KeyboardInterrupt):
            schema.upgrade(db.engine)
    finally:
        sa.event.remove(sa.Table, "after_create", pull_the_plug)
    assert len(created) == 5
    assert table_names() == set()
    schema.upgrade(db.engine)
    assert schema_revision.is_current(db.engine)


def test_running_it_twice_changes_nothing(app):
    schema.upgrade(db.engine)
    schema.upgrade(db.engine)
    assert schema_revision.is_current(db.engine)


def test_every_constraint_has_a_name():
    nameless = [
        (table.name, constraint)
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if constraint.name is None and not (isinstance(constraint, sa.CheckConstraint))
    ]
    assert nameless == []


def test_a_migration_imports_nothing_of_the_toolkit():
    folder = Path(schema.__file__).parent / "migrations" / "versions"
    files = list(folder.glob("0*.py"))
    assert files
    assert [file.name for file in files if "toolkit" in file.read_text()] == []


def test_the_copied_template_of_the_tests_is_complete(migrated_sqlite, tmp_path):
    shutil.copyfile(migrated_sqlite, tmp_path / "toolkit.sqlite3")
    app = database_app(read_config({}, data=str(tmp_path)))
    with app.app_context():
        assert schema_revision.is_current(db.engine)
        db.engine.dispose()
