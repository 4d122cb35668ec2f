"""An answer in words: for pages that only show it, for history, and for two people on one answer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from toolkit.domain.answers import Answer, AnswerState, Evidence
from toolkit.domain.checklist import Question
from toolkit.domain.words import ANSWER_STATES


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """What stands on the page: `said` in one line, `meaning` (a level's criterion), rows of a table, and the rest."""

    said: str
    meaning: str
    rows: tuple[tuple[str, ...], ...]
    reason: str
    comment: str
    evidence: tuple[Evidence, ...]


def answer_words(question: Question, answer: Answer) -> AnswerWords:
    """An answer as a reader sees it."""
    return AnswerWords(
        said(question, answer),
        _meaning(question, answer),
        _rows(answer),
        answer.reason,
        answer.comment,
        answer.evidence,
    )


def said(question: Question, answer: Answer) -> str:
    """The value, or the state where there is none."""
    value = answer.value
    if answer.state is not AnswerState.ANSWERED or value is None:
        return ANSWER_STATES[answer.state]
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if question.scale is not None and isinstance(value, int):
        labels = {level.value: level.label for level in question.scale.levels}
        return f"{value} {labels.get(value, '')}".strip()
    if question.options:
        labels_of = {option.id: option.label for option in question.options}
        chosen = value if isinstance(value, tuple) else (value,)
        return ", ".join(labels_of.get(str(one), str(one)) for one in chosen)
    if isinstance(value, Decimal):
        return f"{value:f} {question.unit}".strip()
    if isinstance(value, tuple):
        return f"{len(value)} rows"
    return str(value)


def _meaning(question: Question, answer: Answer) -> str:
    rated = question.scale is not None and answer.state is AnswerState.ANSWERED
    return question.criterion(answer.value) if rated and isinstance(answer.value, int) else ""


def _rows(answer: Answer) -> tuple[tuple[str, ...], ...]:
    if not isinstance(answer.value, tuple) or not all(isinstance(row, tuple) for row in answer.value):
        return ()
    return tuple(tuple(str(cell) for cell in row) for row in answer.value)


def as_text(question: Question, answer: Answer) -> list[tuple[str, str]]:
    """Label and text of everything in an answer, for showing two of them side by side."""
    words = answer_words(question, answer)
    found = [("Answer", words.said)]
    if words.rows:
        found = [("Answer", "\n".join(" | ".join(row) for row in words.rows))]
    if words.reason:
        found.append(("Reason", words.reason))
    if words.comment:
        found.append(("Comment", words.comment))
    if words.evidence:
        found.append(("Evidence", "\n".join(_named(one) for one in words.evidence)))
    return found


def _named(one: Evidence) -> str:
    """A piece of evidence in one line: its title with the address, or that it is a file."""
    return f"{one.title} {one.url or ('(file)' if one.sha256 else '')}".strip()
