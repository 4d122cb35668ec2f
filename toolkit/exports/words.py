"""The words that only exports need: what an edition holds, where a question stands, answers in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.domain.assessment import Edition
from toolkit.domain.checklist import Kind, Question
from toolkit.domain.scorecard import Doubt, Standing

EDITIONS = {
    Edition.INTERNAL: "Internal edition: everything, for the subject's own people",
    Edition.SHARED: "Shared edition: answers, reasons and titles of evidence; no comments, links or names of persons",
    Edition.PUBLIC: "Public edition: levels and scores of themes and objectives only",
}
STANDINGS = {
    Standing.COUNTS: "Counts",
    Standing.FACT: "Shown, not scored",
    Standing.WEIGHT_ZERO: "Weight 0: shown, not scored",
    Standing.UNANSWERED: "Open: unanswered",
    Standing.DONT_KNOW: "Open: don't know",
    Standing.NOT_APPLICABLE: "Left out: not applicable",
    Standing.OUTSIDE_MANDATE: "Left out: outside the mandate",
    Standing.NOT_ASKED: "Left out: not asked",
    Standing.OUTSIDE_TRACK: "Left out: not in this track",
}
DOUBTS = {
    Doubt.COVERAGE: "coverage is {value} %, under {threshold} %",
    Doubt.OBJECTIVE_COVERAGE: "coverage of {part} is {value} %, under {threshold} %",
    Doubt.RANGE: "the range{of_part} is {value} points wide, more than {threshold}",
}
YES, NO = "Yes", "No"


def answer_words(question: Question, value: Any) -> str:
    """What was answered, in words, from the value as the assessment file has it; empty where there is none.

    A level or option that the question does not offer stands as it is.
    """
    if value is None:
        return ""
    labels = {option.id: option.label for option in question.options}
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int):
        levels = {level.value: level.label for level in question.scale.levels} if question.scale else {}
        return f"{value} – {levels[value]}" if value in levels else str(value)
    if isinstance(value, Mapping):
        return f"{value['decimal']} {question.unit}".strip()
    if isinstance(value, list):
        if question.kind is Kind.TABLE:
            return "\n".join(_row_words(question, row) for row in value)
        return "; ".join(str(labels.get(one, one)) for one in value)
    return labels.get(value, value) if question.kind is Kind.CHOICE else str(value)


def _row_words(question: Question, row: list[str]) -> str:
    names = [column.label for column in question.columns]
    names += [""] * (len(row) - len(names))
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(names, row, strict=False))


def provisional_words(reason: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """One reason for a provisional result, from the scores of an assessment file."""
    part = titles.get(reason["part"] or "", reason["part"] or "")
    return DOUBTS[Doubt(reason["doubt"])].format(
        part=part,
        of_part=f" of {part}" if part else "",
        value=reason["value"]["percent"],
        threshold=reason["threshold"]["percent"].removesuffix(".0"),
    )


def counts_words(part: Mapping[str, Any]) -> str:
    """How many questions and themes of a part stand at each level of a layer, from the scores of an assessment file."""
    found = [f"{one['level']} – {one['label']}: {_both(one)}" for one in part["profile"] if one["questions"]]
    if part["open"]:
        found.append(f"open: {_many(part['open'], 'question')}")
    return "; ".join(found) or "Nothing of it was asked or answered."


def _both(count: Mapping[str, Any]) -> str:
    themes = f", {_many(count['themes'], 'theme')}" if count["themes"] else ""
    return f"{_many(count['questions'], 'question')}{themes}"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
