"""Jobs: rows that say what is wanted, written together with their cause. Each is taken by one worker at a time.

The job process calls `take`, does the work, and calls `finish` or `give_up`; its sweep puts `waiting` jobs in the
queue, those that somebody took and never finished included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.errors import NotFound
from toolkit.storage.base import insert_for, new_id, rows_changed
from toolkit.storage.db import db, reading, transaction
from toolkit.storage.jobs import JobRecord

MAX_TRIES = 3
KEPT_DAYS = 7  # how long the rows of finished jobs stay


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """A job that somebody works on. `tries` counts this one."""

    id: UUID
    kind: str
    payload: Mapping[str, Any]
    tries: int


def add(
    kind: str,
    payload: Mapping[str, Any],
    *,
    key: str | None = None,
    assessment_id: UUID | None = None,
    by: UUID | None = None,
    now: datetime,
) -> UUID:
    """Want something, inside a unit of work: the job's id. A job of the same key that is not over yet is that job.

    One that failed, or is done with its result gone, is wanted anew under its old id.
    """
    job_id = new_id()
    values = {
        "id": job_id,
        "kind": kind,
        "key": key,
        "payload": dict(payload),
        "state": JobState.QUEUED,
        "progress": 0,
        "tries": 0,
        "problem": "",
        "assessment_id": assessment_id,
        "requested_by": by,
        "created_at": now,
    }
    insert = insert_for(db.session)(JobRecord).values(values)
    if key is None:
        db.session.execute(insert)
        return job_id
    db.session.execute(insert.on_conflict_do_nothing(index_elements=[JobRecord.key]))
    row = db.session.execute(sa.select(JobRecord.id, JobRecord.state).where(JobRecord.key == key)).one()
    if row.state in {JobState.FAILED, JobState.DONE}:
        again = {"state": JobState.QUEUED, "progress": 0, "tries": 0, "problem": "", "created_at": now}
        db.session.execute(
            sa.update(JobRecord).where(JobRecord.id == row.id).values(**again, taken_at=None, finished_at=None)
        )
    found: UUID = row.id
    return found


def payload(job_id: UUID) -> Mapping[str, Any]:
    """What a job is about. Raises NotFound."""
    with reading() as session:
        found = session.execute(sa.select(JobRecord.payload).where(JobRecord.id == job_id)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return dict(found)


def take(job_id: UUID, *, stale_after: int, now: datetime) -> Job | None:
    """Begin to work on a job; None when it is over, or somebody else is at it since less than `stale_after` seconds.

    A job that was taken MAX_TRIES times without an end is given up.
    """
    job = JobRecord
    abandoned = sa.and_(job.state == JobState.RUNNING, job.taken_at <= now - timedelta(seconds=stale_after))
    free = sa.or_(job.state == JobState.QUEUED, abandoned)
    with transaction() as session:
        tired = session.execute(
            sa.update(job)
            .where(job.id == job_id, free, job.tries >= MAX_TRIES)
            .values(state=JobState.FAILED, problem="It was tried several times without success.", finished_at=now)
        )
        if rows_changed(tired):
            return None
        taken = session.execute(
            sa.update(job)
            .where(job.id == job_id, free)
            .values(state=JobState.RUNNING, taken_at=now, tries=job.tries + 1, progress=0)
            .returning(job.kind, job.payload, job.tries)
        ).one_or_none()
    return Job(job_id, taken.kind, taken.payload, taken.tries) if taken else None


def progress(job_id: UUID, percent: int) -> None:
    """Say how far a job is."""
    with transaction() as session:
        session.execute(
            sa.update(JobRecord)
            .where(JobRecord.id == job_id, JobRecord.state == JobState.RUNNING)
            .values(progress=max(0, min(99, percent)))
        )


def finish(job_id: UUID, *, now: datetime) -> None:
    """Say that a job is done."""
    with transaction():
        finish_here(job_id, now=now)


def finish_here(job_id: UUID, *, now: datetime) -> None:
    """Say that a job is done, inside a unit of work, together with what it made."""
    values = {"state": JobState.DONE, "progress": 100, "finished_at": now, "problem": ""}
    db.session.execute(sa.update(JobRecord).where(JobRecord.id == job_id).values(**values))


def give_up(job_id: UUID, problem: str, *, again: bool, now: datetime) -> None:
    """Say that a try failed: with `again` it may be tried anew, up to MAX_TRIES, otherwise it is over."""
    state = JobState.QUEUED if again else JobState.FAILED
    with transaction() as session:
        session.execute(
            sa.update(JobRecord)
            .where(JobRecord.id == job_id, JobRecord.state == JobState.RUNNING)
            .values(
                state=sa.case((JobRecord.tries >= MAX_TRIES, JobState.FAILED.value), else_=state.value),
                problem=problem,
                taken_at=None,
                finished_at=None if again else now,
            )
        )


def waiting(*, stale_after: int, now: datetime, limit: int = 100) -> dict[UUID, datetime]:
    """Jobs for the sweep to put in the queue, with the time when each was wanted: not yet taken, or taken and never
    finished; oldest first.
    """
    job = JobRecord
    abandoned = sa.and_(job.state == JobState.RUNNING, job.taken_at <= now - timedelta(seconds=stale_after))
    with reading() as session:
        found = session.execute(
            sa.select(job.id, job.created_at)
            .where(sa.or_(job.state == JobState.QUEUED, abandoned))
            .order_by(job.created_at, job.id)
            .limit(limit)
        )
        return {row.id: row.created_at for row in found}


def tidy(*, now: datetime) -> int:
    """Remove the rows of jobs that were over KEPT_DAYS ago: how many."""
    with transaction() as session:
        old = JobRecord.finished_at <= now - timedelta(days=KEPT_DAYS)
        return rows_changed(session.execute(sa.delete(JobRecord).where(old)))
