"""What all tables share: the base class, named constraints, times in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

ID_NAMESPACE = UUID("6f5a0f9e-7f0c-4b7e-9d0a-5a1c4b0e2d31")


class UtcTime(sa.types.TypeDecorator[datetime]):
    """An aware time, kept as UTC; SQLite has no time zones, so it gets them back on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a time zone cannot be stored.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every table. Tables are joined by hand, never by loading on access."""

    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this name
        datetime: UtcTime(),
        UUID: sa.Uuid(),
        dict[str, Any]: sa.JSON(),
    }


def new_id() -> UUID:
    """A random id."""
    return uuid4()


def derived_id(parent: UUID, name: str) -> UUID:
    """The id that follows from a parent's and a name: found again without a query."""
    return uuid5(parent, name)


def rows_changed(result: sa.Result[Any]) -> int:
    """How many rows an UPDATE or DELETE changed."""
    count: int = result.rowcount  # type: ignore[attr-defined]  # a CursorResult, which execute() does not promise
    return count


def insert_for(session: Session | scoped_session[Any]) -> Any:
    """The `insert` that knows ON CONFLICT, of the database in use."""
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
