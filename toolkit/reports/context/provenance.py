"""Where the report comes from: what a reader needs to find it again, check it, or doubt it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from toolkit.domain.assessment import Assessment, Edition, State
from toolkit.domain.checklist import Checklist, Status
from toolkit.domain.scorecard import ScoreCard
from toolkit.domain.words import SIGN_OFFS, STATES, SUBJECT_KINDS, TRACKS
from toolkit.reports.context.words import EDITIONS, country_text, time_text


@dataclass(frozen=True, slots=True)
class Record:
    """Whether this report is the record: draft, final or superseded; `label` is the one word for it."""

    id: str
    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Line:
    """One fact about the report. `is_code` marks digests and codes, which break anywhere."""

    label: str
    value: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class ApprovalShown:
    """Who approved: role and unit, a name only in the internal edition and with that person's consent."""

    role: str
    name: str
    approved_at: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """The last page."""

    record: Record
    subject: tuple[Line, ...]
    checklist: tuple[Line, ...]
    times: tuple[Line, ...]
    checks: tuple[Line, ...]
    approvals: tuple[ApprovalShown, ...]


def record(assessment: Assessment, superseded_by: int | None) -> Record:
    """What kind of record a report of this assessment is."""
    if assessment.state is not State.SUBMITTED:
        return Record("draft", "Draft", "Not submitted: everything in it may still change.")
    number = f"Submission no. {assessment.number}" if assessment.number else "Submitted"
    if superseded_by is not None:
        return Record("superseded", "Superseded", f"{number}, superseded by submission no. {superseded_by}.")
    return Record("final", "Final", f"{number}.")


def provenance(
    checklist: Checklist,
    assessment: Assessment,
    card: ScoreCard,
    *,
    edition: Edition,
    language: str,
    made_at: datetime,
    status: Record,
) -> Provenance:
    """Everything about the report's origin that its edition may hold."""
    is_public = edition is Edition.PUBLIC
    is_internal = edition is Edition.INTERNAL
    version = assessment.checklist_version
    unpublished = " (a draft version)" if checklist.status is Status.DRAFT else ""
    subject = (
        Line("Subject", assessment.subject.name),
        Line("Kind", SUBJECT_KINDS[assessment.subject.kind]),
        Line("Organization", assessment.subject.organization),
        Line("Country", country_text(assessment.subject.country, language)),
        Line("Assessment", assessment.title),
    )
    times = (
        Line("State", STATES[assessment.state]),
        Line("Status of this report", f"{status.label}. {status.sentence}"),
        Line("Started", _moment(None if is_public else assessment.started_at, language)),
        Line("Submitted", _moment(assessment.submitted_at, language)),
        Line("Reason given for a provisional result", "" if is_public else assessment.provisional_reason),
        Line("Report made", time_text(made_at, language)),
        Line("Edition", EDITIONS[edition].label),
    )
    checks = (
        Line("Verification code", assessment.verification_code, is_code=True),
        Line("Head of the chain", assessment.chain_head, is_code=True),
    )
    return Provenance(
        record=status,
        subject=_filled(subject),
        checklist=_filled(
            (
                Line("Checklist", f"{checklist.title} {version}{unpublished}"),
                Line("Name", f"{assessment.checklist_id} {version}", is_code=True),
                Line("Digest (SHA-256)", assessment.checklist_digest, is_code=True),
                Line("Track", TRACKS[assessment.track]),
                Line("Method", card.method, is_code=True),
                Line("Sign-off", SIGN_OFFS[assessment.sign_off]),
            )
        ),
        times=_filled(times),
        checks=_filled(checks),
        approvals=()
        if is_public
        else tuple(
            ApprovalShown(one.role, one.name if is_internal else "", time_text(one.approved_at, language))
            for one in assessment.approvals
        ),
    )


def _moment(moment: datetime | None, language: str) -> str:
    return "" if moment is None else time_text(moment, language)


def _filled(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.value)
