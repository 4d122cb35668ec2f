"""The mandate scoping and what was known about the subject before the first question."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from toolkit.domain.assessment import Assessment, Edition, FactValue, Mandate, ThemeScope
from toolkit.domain.assessment_file import decimal_text
from toolkit.domain.checklist import Checklist, Fact
from toolkit.domain.words import mandate_words
from toolkit.reports.context.answers import numbered
from toolkit.reports.context.words import counted


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """One theme's place in the mandate."""

    number: str
    title: str
    mandate: str
    is_outside: bool
    needs_reason: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ScopePart:
    """The themes of one part."""

    title: str
    tone: str
    rows: tuple[ScopeRow, ...]


@dataclass(frozen=True, slots=True)
class FactShown:
    """A fact about the subject."""

    text: str
    value: str


@dataclass(frozen=True, slots=True)
class MandateChapter:
    """The scoping as one sentence and theme by theme."""

    sentence: str
    parts: tuple[ScopePart, ...]
    facts: tuple[FactShown, ...]


def mandate_chapter(
    checklist: Checklist, assessment: Assessment, edition: Edition, tones: dict[str, tuple[str, str]]
) -> MandateChapter | None:
    """The chapter; None in the public edition, which holds neither reasons nor facts."""
    if edition is Edition.PUBLIC:
        return None
    parts = tuple(
        ScopePart(
            part.title,
            tones[part.id][0],
            tuple(_row(assessment, number, theme.id, theme.title) for number, theme in themes),
        )
        for _, part, themes in numbered(checklist)
    )
    rows = [row for part in parts for row in part.rows]
    outside = sum(row.is_outside for row in rows)
    touching = sum(row.needs_reason and not row.is_outside for row in rows)
    inside = counted(len(rows) - outside - touching, "is", "are")
    touch, lie = counted(touching, "touches", "touch"), counted(outside, "lies", "lie")
    whole = counted(len(rows), "theme", "themes")
    sentence = f"Of {whole}, {inside} in the mandate, {touch} the work and {lie} outside of it."
    return MandateChapter(
        sentence=sentence,
        parts=parts,
        facts=tuple(
            FactShown(fact.text, _value(fact, assessment.facts[fact.id]))
            for fact in checklist.facts
            if fact.id in assessment.facts
        ),
    )


def _row(assessment: Assessment, number: str, theme_id: str, title: str) -> ScopeRow:
    scope = assessment.scope.get(theme_id, ThemeScope(Mandate.IN))
    is_outside, needs_reason = scope.mandate is Mandate.OUTSIDE, scope.mandate is not Mandate.IN
    return ScopeRow(
        number, title, mandate_words(assessment.subject.kind)[scope.mandate], is_outside, needs_reason, scope.reason
    )


def _value(fact: Fact, value: FactValue) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return decimal_text(value)
    return next((option.label for option in fact.options if option.id == value), value)
