"""Jobs: taken by one worker at a time, tried again, given up in the end, never lost."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.services.world import NOW
from toolkit.domain.errors import NotFound
from toolkit.services import jobs
from toolkit.storage.db import db, transaction
from toolkit.storage.jobs import JobRecord

STALE = 60


def add(kind="report", key=None, now=NOW):
    with transaction():
        return jobs.add(kind, {"what": "this"}, key=key, now=now)


def take(job_id, now=NOW):
    return jobs.take(job_id, stale_after=STALE, now=now)


def state(job_id):
    with db.engine.connect() as connection:
        return connection.execute(sa.select(JobRecord.state, JobRecord.problem).where(JobRecord.id == job_id)).one()


def test_a_job_is_taken_once(database):
    job_id = add()
    job = take(job_id)
    assert (job.kind, job.payload, job.tries) == ("report", {"what": "this"}, 1)
    assert take(job_id) is None
    jobs.finish(job_id, now=NOW)
    assert take(job_id) is None


def test_of_many_workers_one_takes_it(database):
    job_id = add()
    ready, taken = threading.Barrier(6), []

    def work():
        with database.app_context():
            ready.wait()
            taken.append(take(job_id))
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in taken if one]) == 1


def test_a_job_whose_worker_died_is_taken_again_and_given_up_after_three_times(database):
    job_id = add()
    for number in range(1, jobs.MAX_TRIES + 1):
        now = NOW + timedelta(seconds=STALE * number)
        assert tuple(jobs.waiting(stale_after=STALE, now=now)) == (job_id,)
        assert take(job_id, now).tries == number
        assert take(job_id, now + timedelta(seconds=STALE - 1)) is None
        assert tuple(jobs.waiting(stale_after=STALE, now=now + timedelta(seconds=STALE - 1))) == ()
    assert take(job_id, NOW + timedelta(seconds=STALE * 9)) is None
    assert state(job_id).state == "failed"
    assert tuple(jobs.waiting(stale_after=STALE, now=NOW + timedelta(days=1))) == ()


def test_a_try_that_failed_may_be_repeated(database):
    job_id = add()
    for _ in range(jobs.MAX_TRIES - 1):
        take(job_id)
        jobs.give_up(job_id, "The printer is on fire.", again=True, now=NOW)
        assert state(job_id) == ("queued", "The printer is on fire.")
    take(job_id)
    jobs.give_up(job_id, "Still on fire.", again=True, now=NOW)
    assert state(job_id) == ("failed", "Still on fire.")


def test_what_cannot_be_done_is_not_repeated(database):
    job_id = add()
    take(job_id)
    jobs.give_up(job_id, "It cannot be done.", again=False, now=NOW)
    assert state(job_id) == ("failed", "It cannot be done.")


def test_the_same_thing_is_wanted_once_and_anew_when_it_failed(database):
    job_id = add(key="report of 7")
    assert add(key="report of 7") == job_id
    assert add(key="report of 8") != job_id
    take(job_id)
    jobs.give_up(job_id, "No.", again=False, now=NOW)
    assert add(key="report of 7") == job_id
    assert state(job_id) == ("queued", "")


def test_a_job_is_written_with_its_cause_or_not_at_all(database):
    def cause_that_fails():
        with transaction():
            jobs.add("report", {}, now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cause_that_fails()
    assert tuple(jobs.waiting(stale_after=STALE, now=NOW)) == ()


def test_progress_stays_below_a_hundred_until_it_is_done(database):
    job_id = add()
    take(job_id)
    jobs.progress(job_id, 250)
    with db.engine.connect() as connection:
        assert connection.execute(sa.select(JobRecord.progress)).scalar_one() == 99


def test_the_oldest_job_waits_first(database):
    newer, older = add(now=NOW), add(now=NOW - timedelta(seconds=5))
    assert tuple(jobs.waiting(stale_after=STALE, now=NOW)) == (older, newer)


def test_an_unknown_job_is_not_found(database):
    with pytest.raises(NotFound):
        jobs.payload(uuid4())
