"""An answer as the text that is stored, and back. Equal answers give equal texts, so sameness is a comparison."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from toolkit.domain.answers import Answer, AnswerState, Evidence
from toolkit.domain.assessment import FactValue
from toolkit.domain.assessment_file import decimal_text

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def answer_text(answer: Answer) -> str:
    """The canonical JSON of an answer; what is empty is left out."""
    content: dict[str, Any] = {"state": str(answer.state)}
    if answer.value is not None:
        content["value"] = plain(answer.value)
    if answer.reason:
        content["reason"] = answer.reason
    if answer.comment:
        content["comment"] = answer.comment
    if answer.evidence:
        content["evidence"] = [[one.title, one.url, one.sha256] for one in answer.evidence]
    return _ENCODER.encode(content)


def read_answer(text: str) -> Answer:
    """The answer that a stored text says."""
    content = json.loads(text)
    return Answer(
        state=AnswerState(content["state"]),
        value=read_plain(content.get("value")),
        reason=content.get("reason", ""),
        comment=content.get("comment", ""),
        evidence=tuple(Evidence(*one) for one in content.get("evidence", ())),
    )


def plain(value: Any) -> Any:
    """A value as JSON has it: a number that may have decimals as `{"decimal": "1.5"}`, tuples as lists."""
    if isinstance(value, Decimal):
        return {"decimal": decimal_text(value)}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return value


def read_plain(value: Any) -> Any:
    """The value that JSON has written for it."""
    if isinstance(value, dict):
        return Decimal(value["decimal"])
    if isinstance(value, list):
        return tuple(read_plain(one) for one in value)
    return value


def read_facts(facts: dict[str, Any]) -> dict[str, FactValue]:
    """The facts about a subject as they are stored."""
    return {name: read_plain(value) for name, value in facts.items()}
