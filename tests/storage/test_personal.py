"""Every column that may hold something about a person is in the register, and the register names nothing else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from toolkit.storage.personal import HOLDINGS, NOT_PERSONAL, Marked
from toolkit.storage.tables import metadata

SHORT = 64  # ids, names of states and digests fit; what people write does not


def names_a_person(column: sa.Column) -> bool:
    """Whether a column may hold the id of a person: it says so, or it is an id of nothing in particular."""
    if any(key.column.table.name == "person" for key in column.foreign_keys):
        return True
    return isinstance(column.type, sa.Uuid) and not column.foreign_keys and not column.primary_key


def may_hold_words(column: sa.Column) -> bool:
    kind = column.type
    if isinstance(kind, sa.JSON | sa.LargeBinary):
        return True
    return isinstance(kind, sa.String) and (kind.length is None or kind.length > SHORT)


def columns(wanted):
    return sorted(
        f"{table.name}.{one.name}" for table in metadata.sorted_tables for one in table.columns if wanted(one)
    )


REGISTERED = {f"{one.table.__tablename__}.{name}" for one in HOLDINGS for name in one.person}
PLACED = {
    f"{one.table.__tablename__}.{name}"
    for one in HOLDINGS
    for name in (*one.person, *one.shown, *one.words, *one.on_erasing.values)
}
OTHER = {f"{table}.{name}" for table, found in NOT_PERSONAL.items() for name in found}


@pytest.mark.parametrize("column", columns(names_a_person))
def test_every_column_with_the_id_of_a_person_has_its_line(column):
    assert column in REGISTERED | OTHER, f"{column}: storage/personal.py says how to add it"


@pytest.mark.parametrize("column", columns(may_hold_words))
def test_every_column_with_text_has_its_line(column):
    assert column in PLACED | OTHER, f"{column}: storage/personal.py says how to add it"


@pytest.mark.parametrize("column", sorted(PLACED | OTHER))
def test_the_register_names_no_column_that_is_not_there(column):
    table, name = column.split(".")
    assert name in metadata.tables[table].columns


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda one: f"{one.table.__tablename__}-{one.part}")
def test_a_holding_says_one_thing_about_erasing_and_its_own_words_are_shown(holding):
    told = holding.on_erasing
    assert sum(map(bool, (told.deletes, told.by_hand, told.values, told.why))) == 1
    assert set(holding.words) <= set(holding.shown)
    for name, value in told.values.items():
        assert value is not None or holding.table.__table__.columns[name].nullable
        assert value is not Marked.NOW or isinstance(holding.table.__table__.columns[name].type.impl, sa.DateTime)


def test_words_of_a_person_are_blanked_or_there_is_a_reason():
    for one in HOLDINGS:
        told = one.on_erasing
        assert told.deletes or told.by_hand or told.why or set(one.words) <= set(told.values), one
