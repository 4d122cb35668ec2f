"""Which tables a database has, and which this program needs; without the machinery that changes them."""

from __future__ import annotations

import sqlalchemy as sa

NEEDED = "0013"  # the newest of migrations/versions

_VERSION = sa.table("alembic_version", sa.column("version_num", sa.String))


def current(engine: sa.Engine) -> str | None:
    """The revision that the tables stand at, None for a database without any."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table(_VERSION.name):
            return None
        return connection.execute(sa.select(_VERSION.c.version_num)).scalar_one_or_none()


def is_current(engine: sa.Engine) -> bool:
    """Whether the tables are those that this program needs."""
    return current(engine) == NEEDED
