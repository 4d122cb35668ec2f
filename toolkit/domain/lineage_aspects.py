"""In what two versions of a question differ: in meaning, in words, in what they count, or in side notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.domain.checklist import AllOf, AnyOf, Change, Compare, Condition, Not, Question, Source, Track

Aspect = Callable[[Question], Any]


def _levels(question: Question) -> Any:
    scale = question.scale
    return scale and (tuple((level.value, level.points) for level in scale.levels), scale.full)


def _criteria(question: Question) -> Any:
    return question.scale and tuple(question.criterion(level.value) for level in question.scale.levels)


# A difference in one of these makes it another question: answers no longer compare.
MEANING: dict[str, Aspect] = {
    "kind": lambda question: question.kind,
    "layer": lambda question: question.layer and (question.layer.id, question.layer.scored),
    "scale": _levels,
    "criteria": _criteria,
    "options": lambda question: frozenset((option.id, option.points) for option in question.options),
    "full": lambda question: question.full,
    "bands": lambda question: question.bands,
    "unit": lambda question: question.unit,
    "limits": lambda question: (question.minimum, question.maximum),
    "columns": lambda question: tuple((column.id, column.kind) for column in question.columns),
}

# A difference in one of these says the same in other words.
WORDS: dict[str, Aspect] = {
    "text": lambda question: question.text,
    "guidance": lambda question: question.guidance,
    "evidence": lambda question: question.evidence,
    "not_enough": lambda question: question.not_enough,
    "advice": lambda question: question.advice,
    "labels of options": lambda question: frozenset((option.id, option.label) for option in question.options),
    "labels of columns": lambda question: tuple(column.label for column in question.columns),
    "labels of levels": lambda question: question.scale and tuple(level.label for level in question.scale.levels),
}

# A difference in one of these is worth a new version, and no more.
NOTES: dict[str, Aspect] = {
    "tags": lambda question: question.tags,
    "references": lambda question: question.references,
    "minutes": lambda question: question.minutes,
}


@dataclass(frozen=True, slots=True)
class Differences:
    """The names of what differs. `counts` changes figures, `asks` only who meets the question in which track."""

    meaning: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    moved: bool = False

    @property
    def found(self) -> Change:
        """What became of the question, as far as a program can tell."""
        if self.meaning:
            return Change.REVISED
        if self.moved:
            return Change.MOVED
        return Change.REWORDED if self.words else Change.SAME

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that differs, the weightiest first."""
        place = ("theme",) if self.moved else ()
        return (*self.meaning, *place, *self.counts, *self.words, *self.asks, *self.notes)


def differences(older: Question, newer: Question, *, moved: bool, renamed: Mapping[str, str]) -> Differences:
    """Compare two versions of a question. `renamed` gives the newer name of older questions, for their conditions."""
    counts = []
    if older.weight != newer.weight:
        counts.append("weight")
    if Track.CORE.includes(older.track) != Track.CORE.includes(newer.track):
        counts.append("track")
    if rename(older.ask_if, renamed) != newer.ask_if:
        counts.append("ask_if")
    return Differences(
        meaning=_differing(MEANING, older, newer),
        words=_differing(WORDS, older, newer),
        counts=tuple(counts),
        asks=("track",) if older.track is not newer.track and "track" not in counts else (),
        notes=_differing(NOTES, older, newer),
        moved=moved,
    )


def _differing(aspects: Mapping[str, Aspect], older: Question, newer: Question) -> tuple[str, ...]:
    return tuple(name for name, aspect in aspects.items() if aspect(older) != aspect(newer))


def rename(condition: Condition | None, renamed: Mapping[str, str]) -> Condition | None:
    """A condition with questions under their newer names."""
    if condition is None:
        return None
    return _rename(condition, renamed)


def _rename(condition: Condition, renamed: Mapping[str, str]) -> Condition:
    if isinstance(condition, Compare):
        source = condition.source
        if source.is_fact:
            return condition
        return Compare(Source(renamed.get(source.id, source.id)), condition.test, condition.values)
    if isinstance(condition, AllOf):
        return AllOf(tuple(_rename(inner, renamed) for inner in condition.conditions))
    if isinstance(condition, AnyOf):
        return AnyOf(tuple(_rename(inner, renamed) for inner in condition.conditions))
    return Not(_rename(condition.condition, renamed))
