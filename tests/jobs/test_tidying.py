"""Once an hour the sweep forgets what is over, and nothing else."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from toolkit.jobs.sweep import TIDY_EVERY, Sweep
from toolkit.services import jobs
from toolkit.services.links import LinkKind
from toolkit.storage.base import new_id
from toolkit.storage.db import reading, transaction
from toolkit.storage.jobs import JobRecord
from toolkit.storage.people import AttemptRecord, LoginSessionRecord, OneTimeLinkRecord, PersonRecord

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def keys(table, column):
    with reading() as session:
        return set(session.execute(sa.select(getattr(table, column))).scalars())


def test_sessions_counters_and_links_go_when_they_are_over(database):
    person = new_id()
    link = {"kind": LinkKind.RESET, "created_at": NOW - 3 * DAY}
    with transaction() as session:
        session.execute(sa.insert(PersonRecord).values(id=person, name="Amina", is_sandbox=False, created_at=NOW))
        for name, ends_at in (("ended", NOW), ("running", NOW + DAY)):
            values = {"person_id": person, "begun_at": NOW - DAY, "seen_at": NOW - DAY, "ends_at": ends_at}
            session.execute(sa.insert(LoginSessionRecord).values(token_hash=name, **values))
        for name, start in (("old", NOW - 2 * DAY), ("fresh", NOW)):
            session.execute(sa.insert(AttemptRecord).values(key=name, window_start=start, tries=1))
        for name, values in {
            "expired": link | {"expires_at": NOW - 2 * DAY},
            "valid": link | {"expires_at": NOW + DAY},
            "invitation": link | {"expires_at": NOW - 2 * DAY, "kind": LinkKind.INVITATION},
        }.items():
            session.execute(sa.insert(OneTimeLinkRecord).values(token_hash=name, person_id=person, **values))
    Sweep(lambda job_id: None).run(stale_after=60, now=NOW)
    assert keys(LoginSessionRecord, "token_hash") == {"running"}
    assert keys(AttemptRecord, "key") == {"fresh"}
    assert keys(OneTimeLinkRecord, "token_hash") == {"valid", "invitation"}


def test_tidying_is_done_at_the_start_and_then_once_an_hour(database):
    sweep = Sweep(lambda job_id: None)

    def over_since_long():
        with transaction():
            job_id = jobs.add("probe", {}, now=NOW)
        jobs.take(job_id, stale_after=60, now=NOW)
        jobs.finish(job_id, now=NOW - 30 * DAY)

    over_since_long()
    sweep.run(stale_after=60, now=NOW)
    assert keys(JobRecord, "id") == set()
    over_since_long()
    sweep.run(stale_after=60, now=NOW + TIDY_EVERY - timedelta(seconds=1))
    assert len(keys(JobRecord, "id")) == 1
    sweep.run(stale_after=60, now=NOW + TIDY_EVERY)
    assert keys(JobRecord, "id") == set()
