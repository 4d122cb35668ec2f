"""Acting for somebody: for which days one person may lead in the place of another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from toolkit.domain.access import Role
from toolkit.domain.errors import InvalidInput, Problem
from toolkit.domain.handovers import local_day

MAX_DAYS = 366  # how long somebody acts, and how far ahead it may begin
MAX_ACTING = 10  # people who act for one person in one place, now or later
LEADS = frozenset({Role.FOCAL_POINT, Role.COUNTRY_LEAD})  # whose place somebody can take


@dataclass(frozen=True, slots=True)
class Period:
    """From `begins_at` until just before `ends_at`, both UTC."""

    begins_at: datetime
    ends_at: datetime


def acting_period(first: date, last: date, *, now: datetime, zone: tzinfo) -> Period:
    """The time of some days, the last one included, as they are in a time zone; what begins today begins now.

    Raises InvalidInput.
    """
    today = local_day(now, zone)
    problems = []
    if not today <= first <= today + timedelta(days=MAX_DAYS):
        message = "Choose today or a later day." if first < today else "Choose a day within a year."
        problems.append(Problem("first_day", message))
    if last < first:
        problems.append(Problem("last_day", "Choose the first day or a later one."))
    elif (last - first).days > MAX_DAYS:
        problems.append(Problem("last_day", f"Somebody acts for at most {MAX_DAYS} days at a time."))
    if problems:
        raise InvalidInput("The days", tuple(problems))
    begins_at = now if first == today else _midnight(first, zone)
    return Period(begins_at, _midnight(last + timedelta(days=1), zone))


def last_day(ends_at: datetime, zone: tzinfo) -> date:
    """The last day of what ends just before a moment."""
    return local_day(ends_at - timedelta(microseconds=1), zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
