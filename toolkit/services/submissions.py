"""Submissions: the bytes that were submitted, and what is read from them. Nothing here is computed again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from toolkit.domain.assessment import Assessment
from toolkit.domain.checklist import Checklist
from toolkit.services.viewers import Viewer


@dataclass(frozen=True, slots=True)
class SubmissionInfo:
    """A submission in a list. `superseded_by` is the number of the later one."""

    id: UUID
    assessment_id: UUID
    number: int
    sha256: str
    method: str
    verification_code: str
    submitted_at: datetime
    provisional_reason: str = ""
    superseded_by: int | None = None


@dataclass(frozen=True)
class Submission:
    """A submission opened: `content` is the canonical assessment file, `assessment` is read from it."""

    info: SubmissionInfo
    content: bytes
    assessment: Assessment
    checklist: Checklist


class Verdict(StrEnum):
    """What the site says about a verification code."""

    AS_SUBMITTED = "as_submitted"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """The answer to a verification code, and nothing else about the assessment."""

    verdict: Verdict
    number: int | None = None
    superseded_by: int | None = None
    submitted_at: datetime | None = None
    sha256: str = ""


def submission(submission_id: UUID, *, viewer: Viewer, now: datetime) -> Submission:
    """One submission. Raises NotFound."""
    raise NotImplementedError


def for_assessment(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> tuple[SubmissionInfo, ...]:
    """The submissions of an assessment, newest first. Raises NotFound."""
    raise NotImplementedError


def verify_code(code: str) -> VerificationResult:
    """What is known about a verification code; an unknown one is a verdict, not an error."""
    raise NotImplementedError
