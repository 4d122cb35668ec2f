"""Submissions: the bytes that were submitted, and what is read from them. Nothing here is computed again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from toolkit.domain.access import Permission, permissions
from toolkit.domain.assessment import Assessment, Edition
from toolkit.domain.assessment_reading import read_assessment
from toolkit.domain.checklist import Checklist
from toolkit.domain.errors import NotFound
from toolkit.domain.scorecard import ScoreCard
from toolkit.services.checklists import checklist_of
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import AssessmentRecord
from toolkit.storage.card_text import read_card
from toolkit.storage.db import reading
from toolkit.storage.submissions import SubmissionRecord


@dataclass(frozen=True, slots=True)
class SubmissionInfo:
    """A submission in a list. `superseded_by` is the number of the one that came directly after it, if any."""

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
    """A submission opened: `content` is the canonical assessment file, `assessment` is read from it.

    `editions` are those that the viewer may have.
    """

    info: SubmissionInfo
    title: str
    content: bytes
    assessment: Assessment
    card: ScoreCard
    checklist: Checklist
    editions: tuple[Edition, ...]


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


def submission(submission_id: UUID, *, viewer: Viewer, now: datetime) -> Submission:
    """One submission. Raises NotFound."""
    row = SubmissionRecord
    with reading() as session:
        found = session.execute(
            _infos(row.content, row.score_card, row.definition_digest).where(row.id == submission_id)
        ).one_or_none()
        if found is None:
            raise NotFound
        allowed = _allowed(found, viewer, now)
        checklist = checklist_of(found.definition_digest)
    return Submission(
        info=_info(found),
        title=found.title,
        content=found.content,
        assessment=read_assessment(found.content),
        card=read_card(found.score_card),
        checklist=checklist,
        editions=editions_for(allowed),
    )


def editions_of(submission_id: UUID, *, viewer: Viewer, now: datetime) -> tuple[SubmissionInfo, tuple[Edition, ...]]:
    """A submission without what was submitted, and the editions of it that the viewer may have. Raises NotFound."""
    with reading() as session:
        found = session.execute(_infos().where(SubmissionRecord.id == submission_id)).one_or_none()
    if found is None:
        raise NotFound
    return _info(found), editions_for(_allowed(found, viewer, now))


def for_assessment(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> tuple[SubmissionInfo, ...]:
    """The submissions of an assessment, newest first. Raises NotFound when the viewer may see none of it."""
    with reading() as session:
        place = session.execute(
            sa.select(AssessmentRecord.id.label("assessment_id"), AssessmentRecord.space_id).where(
                AssessmentRecord.id == assessment_id
            )
        ).one_or_none()
        if place is None:
            raise NotFound
        _allowed(place, viewer, now)
        rows = session.execute(
            _infos().where(SubmissionRecord.assessment_id == assessment_id).order_by(SubmissionRecord.number.desc())
        ).all()
    return tuple(_info(row) for row in rows)


def verify_code(code: str, *, sha256: str | None = None) -> VerificationResult:
    """What is known about a verification code; an unknown one is a verdict, not an error.

    With the digest of the assessment file that a report carries, the code alone is not enough: a file that no edition
    of that submission's report carries is unknown too.
    """
    typed = "".join(character for character in code.upper() if character.isascii() and character.isalnum())
    grouped = "-".join(typed[place : place + 5] for place in range(0, len(typed), 5))
    with reading() as session:
        row = session.execute(
            _infos(SubmissionRecord.attachments).where(SubmissionRecord.verification_code == grouped)
        ).one_or_none()
    if row is None or (sha256 is not None and sha256 not in row.attachments.values()):
        return VerificationResult(Verdict.UNKNOWN)
    info = _info(row)
    verdict = Verdict.SUPERSEDED if info.superseded_by else Verdict.AS_SUBMITTED
    return VerificationResult(verdict, info.number, info.superseded_by, info.submitted_at)


def editions_for(allowed: frozenset[Permission]) -> tuple[Edition, ...]:
    """The editions of reports and files that somebody with these permissions may have."""
    if Permission.DOWNLOAD in allowed:
        return (Edition.INTERNAL, Edition.SHARED, Edition.PUBLIC)
    return (Edition.SHARED, Edition.PUBLIC) if Permission.DOWNLOAD_SHARED in allowed else ()


def _infos(*more: Any) -> sa.Select[*tuple[Any, ...]]:
    row, later = SubmissionRecord, aliased(SubmissionRecord)
    return (
        sa.select(
            row.id,
            row.assessment_id,
            row.number,
            row.sha256,
            row.method,
            row.verification_code,
            row.submitted_at,
            row.provisional_reason,
            later.number.label("later_number"),
            AssessmentRecord.space_id,
            AssessmentRecord.title,
            *more,
        )
        .join(AssessmentRecord, AssessmentRecord.id == row.assessment_id)
        .outerjoin(later, later.id == row.superseded_by_id)
    )


def _info(row: sa.Row[*tuple[Any, ...]]) -> SubmissionInfo:
    return SubmissionInfo(
        id=row.id,
        assessment_id=row.assessment_id,
        number=row.number,
        sha256=row.sha256,
        method=row.method,
        verification_code=row.verification_code,
        submitted_at=row.submitted_at,
        provisional_reason=row.provisional_reason,
        superseded_by=row.later_number,
    )


def _allowed(row: Any, viewer: Viewer, now: datetime) -> frozenset[Permission]:
    """What a viewer may do in the assessment of a submission that they may see. Raises NotFound."""
    allowed = permissions(viewer.grants, space=row.space_id, assessment=row.assessment_id, now=now)
    if Permission.SEE_SUBMITTED not in allowed:
        raise NotFound
    return allowed
