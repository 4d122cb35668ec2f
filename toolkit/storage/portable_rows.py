"""Rows of any table as lines of JSON and back, the same from SQLite and PostgreSQL.

What a line means is said by a plan, which travels with the lines: so rows written by an earlier release, with other
columns, can be read back into tables of that release before they are brought up to date.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.storage.base import UtcTime

BATCH = 500


@dataclass(frozen=True, slots=True)
class Portable:
    """A type of column: how its values look in JSON, and how they are made again."""

    type: Callable[[], sa.types.TypeEngine[Any]]
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


TYPES: Mapping[str, Portable] = {
    "id": Portable(sa.Uuid, str, UUID),
    "time": Portable(UtcTime, datetime.isoformat, datetime.fromisoformat),
    "date": Portable(sa.Date, date.isoformat, date.fromisoformat),
    "bytes": Portable(sa.LargeBinary, lambda value: b64encode(value).decode(), b64decode),
    "json": Portable(lambda: sa.JSON(none_as_null=True), _same, _same),
    "flag": Portable(sa.Boolean, _same, _same),
    "number": Portable(sa.Integer, _same, _same),
    "text": Portable(sa.Text, _same, _same),
}


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A table's columns and their kinds, the columns that order its rows, and those that are filled in last.

    `last` are the columns that point to a row which may come later: they are left empty at first.
    """

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]
    last: tuple[str, ...] = ()

    def table(self) -> sa.TableClause:
        """The table as this plan sees it."""
        return sa.table(self.name, *(sa.column(name, TYPES[kind].type()) for name, kind in self.columns.items()))


def plan(metadata: sa.MetaData) -> tuple[TablePlan, ...]:
    """How to write every table, those that others point to first. Raises TypeError for an unknown type of column."""
    plans = []
    done: set[str] = set()
    for table in metadata.sorted_tables:
        last = tuple(
            column.name
            for column in table.columns
            if any(foreign.column.table.name not in done for foreign in column.foreign_keys)
        )
        columns = {column.name: _kind(column) for column in table.columns}
        plans.append(TablePlan(table.name, columns, tuple(column.name for column in table.primary_key), last))
        done.add(table.name)
    return tuple(plans)


def write_rows(connection: sa.Connection, plan: TablePlan) -> Iterator[bytes]:
    """Every row as a line of JSON, in the order of the key."""
    table = plan.table()
    order: list[sa.ColumnElement[Any]] = []
    for name in plan.key:
        # PostgreSQL orders text by language unless told otherwise; the same rows must give the same lines everywhere.
        by_bytes = plan.columns[name] == "text" and connection.dialect.name != "sqlite"
        order.append(table.c[name].collate("C") if by_bytes else table.c[name])
    writers = [TYPES[kind].write for kind in plan.columns.values()]
    rows = connection.execution_options(yield_per=BATCH).execute(sa.select(table).order_by(*order))
    for row in rows:
        values = [None if value is None else write(value) for value, write in zip(row, writers, strict=True)]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_rows(connection: sa.Connection, plan: TablePlan, lines: Iterable[bytes]) -> int:
    """Insert the rows of these lines; columns in `last` stay empty. Gives the number of rows."""
    table, count = plan.table(), 0
    decoded = (_row(plan, line) for line in lines)
    while batch := list(islice(decoded, BATCH)):
        connection.execute(sa.insert(table), [row | dict.fromkeys(plan.last) for row in batch])
        count += len(batch)
    return count


def fill_in_last(connection: sa.Connection, plan: TablePlan, lines: Iterable[bytes]) -> None:
    """Fill the columns in `last`, once all rows are there."""
    table = plan.table()
    for line in lines:
        row = _row(plan, line)
        values = {name: row[name] for name in plan.last if row[name] is not None}
        if values:
            this_row = sa.and_(*(table.c[name] == row[name] for name in plan.key))
            connection.execute(sa.update(table).where(this_row).values(values))


def _row(plan: TablePlan, line: bytes) -> dict[str, Any]:
    pairs = zip(plan.columns.items(), json.loads(line), strict=True)
    return {name: None if value is None else TYPES[kind].read(value) for (name, kind), value in pairs}


def _kind(column: sa.Column[Any]) -> str:
    for kind, classes in (
        ("time", (UtcTime,)),
        ("id", (sa.Uuid,)),
        ("date", (sa.Date,)),
        ("bytes", (sa.LargeBinary,)),
        ("json", (sa.JSON,)),
        ("flag", (sa.Boolean,)),
        ("number", (sa.Integer,)),
        ("text", (sa.String, sa.Enum)),
    ):
        if isinstance(column.type, classes):
            return kind
    raise TypeError(f"{column.table.name}.{column.name} has a type that back-ups do not know: {column.type!r}.")
