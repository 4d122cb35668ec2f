"""Builders with good defaults, for tests that need a checklist, an answer or an assessment."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from toolkit.domain.answers import Answer, AnswerState, Evidence, Value
from toolkit.domain.assessment import Assessment, Subject, SubjectKind
from toolkit.domain.checklist import Checklist, Kind, Level, Part, Question, Scale, Status, Theme, Track

FIVE_LEVELS = Scale(
    "mainstreaming",
    tuple(Level(value, f"Level {value}", f"Meaning of level {value}") for value in range(5)),
)


def a_question(id: str = "policy", **given: Any) -> Question:
    """A core rating on five levels, unless told otherwise."""
    given = {"kind": Kind.RATING, "text": f"Question {id}?", "track": Track.CORE} | given
    if given["kind"] is Kind.RATING:
        given = {"scale": FIVE_LEVELS} | given
    if "weight" in given:
        given["weight"] = Fraction(given["weight"])
    return Question(id=id, **given)


def a_theme(id: str = "jobs", *questions: Question, **given: Any) -> Theme:
    """A theme with one question named after it, unless told otherwise."""
    if "weight" in given:
        given["weight"] = Fraction(given["weight"])
    return Theme(id=id, title=f"Theme {id}", questions=questions or (a_question(f"{id}_policy"),), **given)


def a_part(id: str = "employment", *themes: Theme, **given: Any) -> Part:
    """An objective with one theme named after it, unless told otherwise."""
    return Part(id=id, title=f"Part {id}", themes=themes or (a_theme(f"{id}_theme"),), **given)


def a_checklist(*parts: Part, **given: Any) -> Checklist:
    """A draft checklist with the given parts; one objective with one question when none are given."""
    defaults: dict[str, Any] = {
        "id": "tiny",
        "version": "1.0.0",
        "title": "A tiny checklist",
        "language": "en",
        "status": Status.DRAFT,
        "scale": FIVE_LEVELS,
        "digest": "0" * 64,
    }
    return Checklist(parts=parts or (a_part(),), **(defaults | given))


def answered(value: Value, *, comment: str = "", evidence: tuple[Evidence, ...] = ()) -> Answer:
    """An answer with a value."""
    return Answer(AnswerState.ANSWERED, value=value, comment=comment, evidence=evidence)


DONT_KNOW = Answer(AnswerState.DONT_KNOW)


def not_applicable(reason: str = "We have no such work.") -> Answer:
    """Not applicable, with its reason."""
    return Answer(AnswerState.NOT_APPLICABLE, reason=reason)


def an_assessment(checklist: Checklist, answers: dict[str, Answer] | None = None, **given: Any) -> Assessment:
    """A draft core assessment of one organization."""
    defaults: dict[str, Any] = {
        "checklist_id": checklist.id,
        "checklist_version": checklist.version,
        "checklist_digest": checklist.digest,
        "subject": Subject("Example Organization", SubjectKind.ORGANIZATION, "Example Organization"),
        "track": Track.CORE,
        "answers": answers or {},
    }
    return Assessment(**(defaults | given))
