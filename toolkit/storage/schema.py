"""The tables of a database: bring them up to date, take them back, see whether they drifted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from toolkit.domain.errors import ToolkitError
from toolkit.storage.tables import metadata


class UnknownRevision(ToolkitError):
    """There is no such step in the history of the tables."""


_LOCK = 0x0DEC_E27  # the number of PostgreSQL's advisory lock for migrations


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the tables up to a revision, all steps or none. Two processes at once take turns.

    Raises UnknownRevision.
    """
    _run(engine, lambda config: command.upgrade(config, revision))


def downgrade(engine: sa.Engine, revision: str) -> None:
    """Take the tables back to a revision (`base`: to nothing), all steps or none. Raises UnknownRevision."""
    _run(engine, lambda config: command.downgrade(config, revision))


def revisions() -> tuple[str, ...]:
    """Every revision, oldest first."""
    return tuple(script.revision for script in reversed(list(ScriptDirectory.from_config(_config()).walk_revisions())))


def drift(engine: sa.Engine) -> tuple[Any, ...]:
    """How the tables differ from what the program describes; empty when they do not."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return tuple(compare_metadata(context, metadata))


def _config(connection: sa.Connection | None = None) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


def _run(engine: sa.Engine, action: Callable[[AlembicConfig], None]) -> None:
    with _alone(engine) as connection:
        try:
            action(_config(connection))
        except CommandError as error:
            raise UnknownRevision(f"The tables cannot be brought there: {error}.") from None


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection in a transaction that no other migration shares."""
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            yield connection
        return
    # Changing a table means making it anew in SQLite, which must not cascade to the rows that point to it; whether
    # they still point to something is looked at before the commit. The pragma has no effect inside a transaction.
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.execution_options(toolkit_writing=True).begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"The migration would leave rows that point to nothing: {broken[:5]}")
        finally:
            raw.execute("PRAGMA foreign_keys = ON")
