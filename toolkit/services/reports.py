"""Reports asked for: a row that says what is wanted, and the file once it is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from toolkit.domain.assessment import Edition
from toolkit.services.viewers import Viewer


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ReportJob:
    """A report on its way. `progress` is per cent, `problem` a sentence when it failed."""

    id: UUID
    state: JobState
    progress: int
    problem: str = ""


def request_report(
    *,
    submission_id: UUID | None = None,
    assessment_id: UUID | None = None,
    edition: Edition,
    language: str,
    viewer: Viewer,
    now: datetime,
) -> ReportJob:
    """Ask for the report of a submission, or of a draft as it stands now. Raises NotFound, NotAllowed.

    The same report asked for twice is one job, and a report that is kept is done at once.
    """
    raise NotImplementedError


def report_state(job_id: UUID, *, viewer: Viewer, now: datetime) -> ReportJob:
    """How far a report is. Raises NotFound."""
    raise NotImplementedError


def report_bytes(job_id: UUID, *, viewer: Viewer, now: datetime) -> bytes:
    """The PDF. Raises NotFound, also while it is not made yet."""
    raise NotImplementedError
