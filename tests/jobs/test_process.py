"""The job process: jobs that are wanted, jobs that arrive twice, jobs that were left half done, jobs that fail."""

import os
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from uuid import UUID

import pytest
import sqlalchemy as sa

from toolkit.config import as_environment
from toolkit.domain.errors import ToolkitError
from toolkit.jobs import work
from toolkit.jobs.limits import WorkFailed
from toolkit.jobs.process import AnotherIsAtWork, JobProcess, job_process
from toolkit.jobs.queue import open_queue
from toolkit.jobs.sweep import AGAIN_AFTER, Sweep
from toolkit.services import jobs, resets
from toolkit.storage.db import current_config, db, reading, transaction
from toolkit.storage.jobs import JobRecord
from toolkit.storage.people import CredentialRecord, PersonRecord

NOW = datetime.now(UTC)


@pytest.fixture
def config(database):
    return current_config()


@pytest.fixture
def done(monkeypatch):
    """A kind of job, `probe`, that only says that it was done."""
    seen: list[UUID] = []
    monkeypatch.setattr(work, "WORKERS", {"probe": lambda job, config, now: seen.append(job.id)})
    return seen


def want(kind="probe", payload=None, *, now=NOW):
    with transaction():
        return jobs.add(kind, payload or {}, now=now)


def state(job_id):
    with reading() as session:
        row = session.execute(sa.select(JobRecord.state, JobRecord.problem).where(JobRecord.id == job_id)).one()
        return row.state, row.problem


def work_once(config) -> int:
    with job_process(config) as process:
        return process.run_once()


def test_a_job_that_is_wanted_is_done(config, done):
    job_id = want()
    work_once(config)
    assert done == [job_id]
    assert state(job_id) == ("done", "")


def test_a_job_that_arrives_twice_is_done_once(config, done):
    job_id = want()
    with closing(open_queue(config)) as queue:
        queue.put(job_id)
        queue.put(job_id)
    work_once(config)
    assert done == [job_id]


def test_with_the_queue_away_nothing_is_lost(config, done, caplog, monkeypatch):
    job_id = want()
    with job_process(config) as process:
        monkeypatch.setattr(process.sweep, "_put", lambda job_id: 1 // 0)
        process.sweep_once()
        assert "the next one may" in caplog.text
    work_once(config)
    assert done == [job_id]


def test_a_job_whose_process_was_killed_is_done_at_the_next_start(config, done):
    job_id = want(now=NOW - timedelta(seconds=5))
    assert jobs.take(job_id, stale_after=999, now=NOW - timedelta(seconds=5)) is not None  # and never finished
    work_once(config)
    assert done == [job_id]
    assert state(job_id) == ("done", "")


def test_with_a_shared_queue_a_job_that_another_process_may_be_at_is_left_to_it(config):
    shared = type(config)({**config.values, "QUEUE_URL": "redis://127.0.0.1:1/0"})
    process = JobProcess(shared, started_at=datetime.now(UTC))
    assert process.stale_after() == config.number("REPORT_SECONDS") + 60
    process.close()


def test_what_cannot_succeed_is_given_up_with_its_sentence(config, monkeypatch):
    def refuse(job, config, now):
        raise WorkFailed("It needed more than 5 MB of memory.")

    monkeypatch.setattr(work, "WORKERS", {"probe": refuse})
    job_id = want()
    work_once(config)
    assert state(job_id) == ("failed", "It needed more than 5 MB of memory.")


@pytest.mark.parametrize("error", [ToolkitError("The mail server is away."), ZeroDivisionError()])
def test_what_broke_is_tried_again_and_then_given_up(config, monkeypatch, error):
    tries = []

    def break_down(job, config, now):
        tries.append(job.tries)
        raise error

    monkeypatch.setattr(work, "WORKERS", {"probe": break_down})
    job_id = want()
    for _ in range(jobs.MAX_TRIES + 2):
        work_once(config)
    assert tries == [1, 2, 3]
    assert state(job_id)[0] == "failed"


def test_a_failing_job_does_not_hold_up_the_next(config, monkeypatch):
    seen = []

    def first_breaks(job, config, now):
        if not seen:
            seen.append("broke")
            raise ZeroDivisionError
        seen.append(job.id)

    monkeypatch.setattr(work, "WORKERS", {"probe": first_breaks})
    want(now=NOW - timedelta(seconds=2))
    second = want(now=NOW - timedelta(seconds=1))
    work_once(config)
    assert seen[:2] == ["broke", second]


def test_a_kind_that_nobody_does_fails_and_stops_nothing(config):
    job_id = want("unheard-of")
    for _ in range(jobs.MAX_TRIES):
        work_once(config)
    assert state(job_id)[0] == "failed"


def test_one_data_folder_has_one_job_process(config):
    with job_process(config), pytest.raises(AnotherIsAtWork), job_process(config):
        pass


def test_the_sweep_does_not_put_a_waiting_job_in_the_queue_at_every_turn(database):
    put = []
    sweep = Sweep(put.append)
    job_id = want()
    for seconds in range(0, 30, 5):
        sweep.run(stale_after=100, now=NOW + timedelta(seconds=seconds))
    assert put == [job_id]
    sweep.run(stale_after=100, now=NOW + AGAIN_AFTER)
    assert put == [job_id, job_id]


def test_a_job_that_fails_and_is_wanted_again_is_put_in_the_queue_soon(database):
    put = []
    sweep = Sweep(put.append)
    job_id = want()
    sweep.run(stale_after=100, now=NOW)
    jobs.take(job_id, stale_after=100, now=NOW)
    sweep.run(stale_after=100, now=NOW + timedelta(seconds=5))  # somebody is at it
    jobs.give_up(job_id, "away", again=True, now=NOW)
    sweep.run(stale_after=100, now=NOW + AGAIN_AFTER)
    assert put == [job_id, job_id]


def test_a_job_that_is_wanted_anew_is_put_in_the_queue_at_once(database):
    put = []
    sweep = Sweep(put.append)
    with transaction():
        job_id = jobs.add("probe", {}, key="same", now=NOW)
    sweep.run(stale_after=100, now=NOW)
    jobs.take(job_id, stale_after=100, now=NOW)
    jobs.give_up(job_id, "away", again=False, now=NOW)
    with transaction():
        assert jobs.add("probe", {}, key="same", now=NOW + timedelta(seconds=1)) == job_id
    sweep.run(stale_after=100, now=NOW + timedelta(seconds=2))
    assert put == [job_id, job_id]


def test_a_sweep_without_its_database_is_logged_and_the_next_one_comes(config, caplog, monkeypatch):
    process = JobProcess(config, started_at=NOW)
    monkeypatch.setattr(jobs, "waiting", lambda **_: 1 // 0)
    process.sweep_once()
    assert "the next one may" in caplog.text
    process.close()


def test_a_new_password_is_mailed_to_somebody_who_is_known(config):
    with transaction() as session:
        person = PersonRecord(name="Amina", email="amina@example.org", email_key="amina@example.org", created_at=NOW)
        session.add(person)
        session.flush()
        session.add(CredentialRecord(person_id=person.id, password_hash="x", changed_at=NOW))
    job_id = resets.request_reset("amina@example.org", address="127.0.0.1", now=NOW)
    work_once(config)
    (path,) = (config.data / "mail").glob("*.eml")
    message = message_from_bytes(path.read_bytes())
    assert message["To"] == "amina@example.org"
    assert state(job_id) == ("done", "")


def test_nobody_is_mailed_for_an_address_that_is_not_known(config):
    job_id = resets.request_reset("nobody@example.org", address="127.0.0.1", now=NOW)
    work_once(config)
    assert state(job_id) == ("done", "")
    assert not (config.data / "mail").exists()


def test_it_works_until_it_is_told_to_stop(config, tmp_path):
    """`decent-work jobs`, for real: two jobs, and an orderly end."""
    log = (tmp_path / "log").open("wb")
    environment = os.environ | as_environment(config)
    command = [sys.executable, "-m", "toolkit", "jobs"]
    with log, subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process:
        asked = [resets.request_reset(f"{name}@example.org", address="127.0.0.1", now=NOW) for name in "ab"]
        deadline = time.monotonic() + 60
        while any(state(job_id)[0] != "done" for job_id in asked):
            assert time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.1)
        process.terminate()
        assert process.wait(30) == 0, (tmp_path / "log").read_text()
    assert (tmp_path / "log").read_text() == ""


def test_nothing_is_left_open(config, done):
    want()
    work_once(config)
    assert db.engine.pool.checkedout() == 0
