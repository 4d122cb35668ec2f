"""Limits on how often something may be tried, counted in the database and so by all workers together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from toolkit.domain.errors import TooManyTries
from toolkit.storage.base import insert_for
from toolkit.storage.db import db, transaction
from toolkit.storage.people import AttemptRecord


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `tries` within `seconds`."""

    name: str
    tries: int
    seconds: int


# A workshop of forty people may sign in from one address within minutes.
SIGN_IN_BY_NAME = Rate("sign_in_name", 10, 900)
SIGN_IN_BY_ADDRESS = Rate("sign_in_address", 100, 900)
RESET_BY_NAME = Rate("reset_name", 3, 3600)
RESET_BY_ADDRESS = Rate("reset_address", 20, 3600)
LINK_BY_ADDRESS = Rate("link_address", 30, 900)
PERSONAL_LINK = Rate("personal_link", 30, 3600)
VISITOR_BY_ADDRESS = Rate("visitor_address", 20, 3600)
EXPORT_BY_NAME = Rate("export_name", 5, 3600)
# A code has a million values, and three of them fit at a time.
CODE_BY_NAME = Rate("code_name", 10, 900)
CODE_BY_ADDRESS = Rate("code_address", 100, 900)
RATES = (
    SIGN_IN_BY_NAME,
    SIGN_IN_BY_ADDRESS,
    CODE_BY_NAME,
    CODE_BY_ADDRESS,
    RESET_BY_NAME,
    RESET_BY_ADDRESS,
    LINK_BY_ADDRESS,
    PERSONAL_LINK,
    VISITOR_BY_ADDRESS,
    EXPORT_BY_NAME,
)


def count_try(*tries: tuple[Rate, str], now: datetime) -> None:
    """Count one try under each rate, for a name or an address. Raises TooManyTries when one is over its limit.

    Names and addresses are kept as hashes only: people type passwords into the wrong box.
    """
    waits = []
    with transaction() as session:
        for rate, what in sorted(tries, key=lambda one: _key(*one)):
            begins = now - timedelta(seconds=rate.seconds)
            over = AttemptRecord.window_start <= begins
            insert = insert_for(session)(AttemptRecord).values(key=_key(rate, what), window_start=now, tries=1)
            counted = session.execute(
                insert.on_conflict_do_update(
                    index_elements=[AttemptRecord.key],
                    set_={
                        "tries": sa.case((over, 1), else_=AttemptRecord.tries + 1),
                        "window_start": sa.case((over, insert.excluded.window_start), else_=AttemptRecord.window_start),
                    },
                ).returning(AttemptRecord.tries, AttemptRecord.window_start)
            ).one()
            if counted.tries > rate.tries:
                waits.append(rate.seconds - int((now - counted.window_start).total_seconds()))
    if waits:
        raise TooManyTries(max(1, *waits))


def forget_tries(*tries: tuple[Rate, str]) -> None:
    """Start counting anew, after a success; inside a unit of work that writes."""
    keys = [_key(rate, what) for rate, what in tries]
    db.session.execute(sa.delete(AttemptRecord).where(AttemptRecord.key.in_(keys)))


def _key(rate: Rate, what: str) -> str:
    return hashlib.sha256(f"{rate.name}\n{what.strip().casefold()}".encode("utf-8", "replace")).hexdigest()
