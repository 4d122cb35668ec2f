"""The assessment file: the one format of export, import, submission, PDF attachment and API.

`docs/assessment-file.md` describes it; `toolkit.domain.assessment_shape` decides what each edition holds, and
`toolkit.domain.assessment_reading` reads it back.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from toolkit.domain.answers import Answer
from toolkit.domain.assessment import Assessment, Edition, FactValue
from toolkit.domain.assessment_shape import DECIMAL, FORMAT, SHAPE
from toolkit.domain.card_data import card_data, voices_data
from toolkit.domain.checklist import Checklist, QuestionId
from toolkit.domain.discussions import ToldMessage
from toolkit.domain.positions import Position
from toolkit.domain.routing import NEVER_ASKED
from toolkit.domain.scorecard import ScoreCard
from toolkit.domain.shapes import time_text
from toolkit.domain.voices_range import voices_range


def to_data(
    checklist: Checklist, assessment: Assessment, edition: Edition, *, card: ScoreCard, kept: bool = True
) -> dict[str, Any]:
    """The assessment as plain data, holding what its edition may.

    `kept` says whether answers that the form did not ask for in the end (a condition became false, a theme fell outside
    the mandate) stay in the internal edition, where they wait for the condition to return. They are printed nowhere,
    so no other edition and no attachment of a PDF holds them.
    """
    answers = assessment.answers
    hidden = not_printed(card) if edition is not Edition.INTERNAL or not kept else frozenset()
    answers = {question: answer for question, answer in answers.items() if question not in hidden}
    everything: dict[str, Any] = {
        "format": FORMAT,
        "edition": str(edition),
        "checklist": {
            "id": assessment.checklist_id,
            "version": assessment.checklist_version,
            "digest": assessment.checklist_digest,
            "title": checklist.title,
        },
        "method": card.method,
        "subject": {
            "name": assessment.subject.name,
            "kind": str(assessment.subject.kind),
            "organization": assessment.subject.organization,
            "country": assessment.subject.country,
        },
        "title": assessment.title,
        "track": str(assessment.track),
        "sign_off": str(assessment.sign_off),
        "state": str(assessment.state),
        "started_at": _time(assessment.started_at),
        "submission": {
            "number": assessment.number,
            "submitted_at": _time(assessment.submitted_at),
            "verification_code": assessment.verification_code,
            "provisional_reason": assessment.provisional_reason,
        },
        "approvals": [
            {"role": approval.role, "approved_at": _time(approval.approved_at), "name": approval.name}
            for approval in assessment.approvals
        ],
        "chain_head": assessment.chain_head,
        "facts": {fact: _plain(value) for fact, value in assessment.facts.items()},
        "scope": {
            theme: {"mandate": str(scope.mandate), "reason": scope.reason} for theme, scope in assessment.scope.items()
        },
        "answers": {question: _answer(answer) for question, answer in answers.items()},
        "scores": card_data(card, checklist.method.thresholds),
    }
    if told := _discussions(assessment, edition, hidden):
        everything["discussions"] = told
    if assessment.positions and edition is Edition.INTERNAL:
        everything["voices"] = [_voice(one, hidden) for one in assessment.positions]
        found = voices_range(checklist, assessment)
        if found is not None:
            everything["scores"] |= {"voices": voices_data(found)}
    data: dict[str, Any] = SHAPE.keep(everything, edition)
    return data


def attachment_data(
    checklist: Checklist, assessment: Assessment, edition: Edition, *, card: ScoreCard
) -> dict[str, Any]:
    """What a PDF of this edition carries as `assessment.json`: nothing that its pages do not print."""
    return to_data(checklist, assessment, edition, card=card, kept=False)


def attachment_digests(checklist: Checklist, assessment: Assessment, *, card: ScoreCard) -> dict[Edition, str]:
    """The digest of `assessment.json` in the report of each edition, by which a site knows its own reports again."""
    return {
        edition: digest(canonical_bytes(attachment_data(checklist, assessment, edition, card=card)))
        for edition in Edition
    }


def canonical_bytes(data: Mapping[str, Any]) -> bytes:
    """The one way to write the data down: UTF-8, NFC, sorted keys, two spaces of indent, a line feed at the end.

    Equal assessments give equal bytes. Raises TypeError for a float or anything else that JSON text cannot carry
    exactly, and ValueError for half a character pair.
    """
    text = json.dumps(_canonical(data), ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    return (text + "\n").encode("utf-8")


def digest(data: bytes) -> str:
    """The SHA-256 of the bytes, as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def not_printed(card: ScoreCard) -> frozenset[QuestionId]:
    """The questions that were not asked in the end: what was answered there is kept, and printed nowhere."""
    return frozenset(
        question.question
        for part in card.parts
        for theme in part.themes
        for question in theme.questions
        if question.standing in NEVER_ASKED
    )


def decimal_text(value: Decimal) -> str:
    """A number as text: no exponent, no zeros at the end, so that equal numbers are written alike.

    Raises ValueError for infinity, NaN and more than 30 digits on either side of the point.
    """
    if value.is_zero():
        return "0"
    text = format(value, "f") if value.is_finite() and abs(value.adjusted()) <= 30 else ""
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if not re.fullmatch(DECIMAL, text):
        raise ValueError(f"{value} is not a number that can be stored.")
    return text


def _discussions(assessment: Assessment, edition: Edition, hidden: frozenset[QuestionId]) -> dict[str, Any]:
    """The discussions that an edition tells, by question."""
    found = {}
    for question, threads in assessment.discussions.items():
        told = [one for one in threads if one.messages and (one.is_shared or edition is Edition.INTERNAL)]
        if told and question not in hidden:
            found[question] = [
                {"shared": one.is_shared, "messages": [_message(each) for each in one.messages]} for one in told
            ]
    return found


def _voice(position: Position, hidden: frozenset[QuestionId]) -> dict[str, Any]:
    """A voice. Where it is left out, the file holds what the report prints: the reason and the reply."""
    return {
        "kind": str(position.voice.kind),
        "name": position.voice.name,
        "released_at": _time(position.released_at),
        "paragraph": "" if position.left_out_because else position.paragraph,
        "left_out_because": position.left_out_because,
        "reply": position.reply,
        "answers": {question: _answer(answer) for question, answer in position.said.items() if question not in hidden},
    }


def _message(message: ToldMessage) -> dict[str, Any]:
    return {"person": message.person, "at": _time(message.at), "text": message.text}


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "state": str(answer.state),
        "value": None if answer.value is None else _plain(answer.value),
        "reason": answer.reason,
        "comment": answer.comment,
        "evidence": [{"title": one.title, "url": one.url, "sha256": one.sha256} for one in answer.evidence],
    }


def _plain(value: FactValue | int | tuple[Any, ...]) -> Any:
    if isinstance(value, Decimal):
        return {"decimal": decimal_text(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else time_text(moment)


def _canonical(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {unicodedata.normalize("NFC", key): _canonical(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(child) for child in value]
    raise TypeError(f"{type(value).__name__} has no place in an assessment file.")
