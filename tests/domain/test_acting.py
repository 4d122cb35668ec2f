"""For which days somebody acts: bounded, with the last day included, as days are in a time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from toolkit.domain.acting import MAX_DAYS, acting_period, last_day
from toolkit.domain.errors import InvalidInput

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 20)
NAIROBI = ZoneInfo("Africa/Nairobi")


def test_what_begins_today_begins_now_and_the_last_day_is_whole():
    period = acting_period(TODAY, TODAY, now=NOW, zone=NAIROBI)
    assert period.begins_at == NOW
    assert period.ends_at == datetime(2026, 11, 20, 21, tzinfo=UTC)
    assert last_day(period.ends_at, NAIROBI) == TODAY


def test_a_later_day_begins_at_midnight_where_the_site_is():
    tomorrow = TODAY + timedelta(days=1)
    assert acting_period(tomorrow, tomorrow, now=NOW, zone=NAIROBI).begins_at == datetime(2026, 11, 20, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "path"),
    [
        (TODAY - timedelta(days=1), TODAY, "first_day"),
        (TODAY + timedelta(days=MAX_DAYS + 1), TODAY + timedelta(days=MAX_DAYS + 1), "first_day"),
        (TODAY, TODAY - timedelta(days=1), "last_day"),
        (TODAY, TODAY + timedelta(days=MAX_DAYS + 1), "last_day"),
        (date.max, date.max, "first_day"),
        (date.min, date.max, "first_day"),
    ],
)
def test_days_that_do_not_fit_are_refused_with_their_place(first, last, path):
    with pytest.raises(InvalidInput) as refused:
        acting_period(first, last, now=NOW, zone=UTC)
    assert path in {problem.path for problem in refused.value.problems}
