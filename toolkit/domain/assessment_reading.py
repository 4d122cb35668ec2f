"""Assessment file back to an assessment, or every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from toolkit.domain.answers import Answer, AnswerState, Evidence, Value
from toolkit.domain.assessment import (
    Approval,
    Assessment,
    Edition,
    Mandate,
    SignOff,
    State,
    Subject,
    SubjectKind,
    ThemeScope,
)
from toolkit.domain.assessment_file import digest
from toolkit.domain.assessment_shape import FORMAT, SHAPE
from toolkit.domain.checklist import Track
from toolkit.domain.discussions import ToldMessage, ToldThread
from toolkit.domain.errors import InvalidInput, Problem
from toolkit.domain.positions import Position
from toolkit.domain.shapes import Problems
from toolkit.domain.strict_json import parse_json
from toolkit.domain.voices import Voice, VoiceKind

WHAT = "The assessment file"


@dataclass(frozen=True)
class AssessmentFile:
    """A file as it was read. `assessment` holds what the edition holds: a public one has no answers.

    `scores` is what the file says, as plain data, None where it says nothing; nobody has recomputed it.
    `sha256` is that of the bytes read.
    """

    edition: Edition
    assessment: Assessment
    checklist_title: str
    method: str
    scores: Mapping[str, Any] | None
    sha256: str


def read_file(data: bytes) -> AssessmentFile:
    """The file of any edition. Raises InvalidInput with every problem found, each with its path.

    Refused are: another format, keys that are not known or that the edition does not hold, wrong kinds of value,
    text with control characters or half a character pair, anything over its limit, and all that
    `toolkit.domain.strict_json` refuses. Whether the answers suit the checklist is asked of `toolkit.domain.fitting`.
    """
    found = parse_json(data, what=WHAT)
    if isinstance(found, dict) and found.get("format") != FORMAT:
        raise InvalidInput(WHAT, (Problem("format", f'This is not a file of the format "{FORMAT}".'),))
    edition = _edition(found)
    problems: Problems = []
    clean = SHAPE.read(found, "", edition, problems)
    if problems:
        raise InvalidInput(WHAT, tuple(problems))
    return AssessmentFile(
        edition=edition,
        assessment=_assessment(clean),
        checklist_title=clean["checklist"].get("title", ""),
        method=clean.get("method", ""),
        scores=clean.get("scores"),
        sha256=digest(data),
    )


def read_assessment(data: bytes) -> Assessment:
    """The assessment of an internal or shared file. A public one holds no answers and is refused.

    Raises InvalidInput, as `read_file` does.
    """
    file = read_file(data)
    if file.edition is Edition.PUBLIC:
        message = "This is the public edition: it holds figures and no answers, so no assessment can be made from it."
        raise InvalidInput(WHAT, (Problem("edition", message),))
    return file.assessment


def _edition(found: Any) -> Edition:
    """The edition to read by; a wrong or missing one is reported by the shape, read as the widest."""
    try:
        return Edition(found["edition"])
    except (KeyError, TypeError, ValueError):
        return Edition.INTERNAL


def _assessment(clean: Mapping[str, Any]) -> Assessment:
    checklist, subject = clean["checklist"], clean["subject"]
    submission = clean.get("submission") or {}
    return Assessment(
        checklist_id=checklist["id"],
        checklist_version=checklist["version"],
        checklist_digest=checklist["digest"],
        subject=Subject(
            name=subject["name"],
            kind=SubjectKind(subject["kind"]),
            organization=subject.get("organization", ""),
            country=subject.get("country", ""),
        ),
        track=Track(clean["track"]),
        sign_off=SignOff(clean.get("sign_off", SignOff.NONE)),
        state=State(clean.get("state", State.DRAFT)),
        title=clean.get("title", ""),
        facts={fact: _value(value) for fact, value in clean.get("facts", {}).items()},
        scope={
            theme: ThemeScope(Mandate(scope["mandate"]), scope.get("reason", ""))
            for theme, scope in clean.get("scope", {}).items()
        },
        answers={question: _answer(answer) for question, answer in clean.get("answers", {}).items()},
        discussions={
            question: tuple(_thread(thread) for thread in threads)
            for question, threads in clean.get("discussions", {}).items()
        },
        positions=tuple(_position(number, one) for number, one in enumerate(clean.get("voices", ()), 1)),
        approvals=tuple(_approval(approval) for approval in clean.get("approvals", ())),
        started_at=_time(clean.get("started_at")),
        submitted_at=_time(submission.get("submitted_at")),
        number=submission.get("number"),
        provisional_reason=submission.get("provisional_reason", ""),
        verification_code=submission.get("verification_code", ""),
        chain_head=clean.get("chain_head", ""),
    )


def _answer(data: Mapping[str, Any]) -> Answer:
    return Answer(
        state=AnswerState(data["state"]),
        value=None if data.get("value") is None else _value(data["value"]),
        reason=data.get("reason", ""),
        comment=data.get("comment", ""),
        evidence=tuple(
            Evidence(one["title"], one.get("url", ""), one.get("sha256", "")) for one in data.get("evidence", ())
        ),
    )


def _thread(data: Mapping[str, Any]) -> ToldThread:
    messages = tuple(ToldMessage(one["person"], _known_time(one["at"]), one["text"]) for one in data["messages"])
    return ToldThread(messages, is_shared=data.get("shared", True))  # a shared file holds no other


def _position(number: int, data: Mapping[str, Any]) -> Position:
    """A voice; in a file it has no id, so its place stands for one."""
    return Position(
        voice=Voice(UUID(int=number), VoiceKind(data["kind"]), data["name"]),
        answers={question: _answer(answer) for question, answer in data.get("answers", {}).items()},
        released_at=_time(data.get("released_at")),
        paragraph=data.get("paragraph", ""),
        left_out_because=data.get("left_out_because", ""),
        reply=data.get("reply", ""),
    )


def _known_time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _approval(data: Mapping[str, Any]) -> Approval:
    return Approval(role=data["role"], approved_at=_known_time(data["approved_at"]), name=data.get("name", ""))


def _value(data: Any) -> Any:
    if isinstance(data, dict):
        return Decimal(data["decimal"])
    if isinstance(data, list):
        return tuple(_value(one) for one in data)
    value: Value = data
    return value


def _time(text: str | None) -> datetime | None:
    return None if text is None else _known_time(text)
