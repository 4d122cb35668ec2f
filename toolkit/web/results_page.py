"""What the results page shows: every figure as words and as places in a drawing, settled before the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from toolkit.domain.assessment import Mandate, SubjectKind
from toolkit.domain.checklist import Checklist, Part, Scale, Theme
from toolkit.domain.explain import Explanation, explain_objective, explain_overall, explain_theme
from toolkit.domain.findings import Finding, finding, gaps, strengths
from toolkit.domain.rounding import marks, whole_percent
from toolkit.domain.scorecard import Alternative, Figure, PartScore, ScoreCard, Standing, ThemeScore
from toolkit.domain.scoring import NO_OVERALL
from toolkit.domain.words import mandate_words
from toolkit.web.publications import Publication
from toolkit.web.result_words import (
    alternative_words,
    gap_words,
    part_title,
    provisional_words,
    range_words,
    sensitivity_words,
)
from toolkit.web.words import colour

WIDTH = 1000  # of every drawing, in its own units
TONES = 5
WITHOUT_LEVEL = "Open or set aside"


@dataclass(frozen=True, slots=True)
class FigureWords:
    """A figure as words, and its bar: `full`, `low` and `high` are places from 0 to WIDTH, None where there is none."""

    share: str
    coverage: str
    range: str
    set_aside: str
    full: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a profile bar: `tone` is its style, l0 to l4, or lx for questions without a level."""

    x: int
    width: int
    tone: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ThemeResult:
    """One theme in the table. `level` is empty where it has none, `note` says why."""

    theme: Theme
    level: str
    tone: str
    figure: FigureWords
    note: str
    explained: Explanation


@dataclass(frozen=True, slots=True)
class PartResult:
    """One part: its figure, its profile by questions, and its themes."""

    part: Part
    colour: str
    figure: FigureWords
    withheld: str
    profile: tuple[Segment, ...]
    themes: tuple[ThemeResult, ...]
    explained: Explanation | None

    @property
    def has_range(self) -> bool:
        """Whether open questions could still move any of its themes."""
        return any(theme.figure.range for theme in self.themes)


@dataclass(frozen=True, slots=True)
class AlternativeRow:
    """The result under another choice of method."""

    label: str
    overall: str
    objectives: tuple[str, ...]
    order_differs: bool


@dataclass(frozen=True)
class ResultsPage:
    """All that the page shows."""

    published: Publication
    card: ScoreCard
    finding: str
    overall: FigureWords
    explained: Explanation
    objectives: tuple[PartResult, ...]
    sections: tuple[PartResult, ...]
    doubts: tuple[str, ...]
    low: tuple[str, ...]
    gap: str
    sensitivity: str
    evidence: str
    alternatives: tuple[AlternativeRow, ...]
    strengths: tuple[Finding, ...]
    gaps: tuple[Finding, ...]
    key: tuple[tuple[str, str], ...]
    no_overall: str  # the sentence that says so, where the checklist has no overall figure


def results_page(published: Publication) -> ResultsPage:
    """The page of a submission or a draft."""
    checklist, card = published.checklist, published.card
    kind = published.assessment.subject.kind
    parts = tuple(_part(checklist, card, score, kind) for score in card.parts)
    return ResultsPage(
        published=published,
        card=card,
        finding=finding(checklist, card),
        overall=_figure(checklist, "overall", card.overall),
        explained=explain_overall(checklist, card),
        objectives=tuple(one for one in parts if one.part.scored),
        sections=tuple(one for one in parts if not one.part.scored),
        doubts=tuple(provisional_words(checklist, doubt) for doubt in card.provisional),
        low=tuple(part_title(checklist, part) for part in card.low_objectives),
        gap=gap_words(checklist, card.gap) if card.gap else "",
        sensitivity=sensitivity_words(checklist, card),
        evidence=whole_percent(card.evidence_share) if card.evidence_share is not None else "",
        alternatives=tuple(_alternative(other) for other in card.alternatives),
        strengths=strengths(checklist, card),
        gaps=gaps(checklist, card),
        key=key(checklist.scale),
        no_overall="" if checklist.method.overall else NO_OVERALL,
    )


def _figure(checklist: Checklist, tier: str, figure: Figure) -> FigureWords:
    near = checklist.method.thresholds
    return FigureWords(
        share=whole_percent(figure.share, *marks(near, tier, "score")),
        coverage=whole_percent(figure.coverage, *marks(near, tier, "coverage")) if figure.coverage is not None else "",
        range=range_words(figure),
        set_aside=whole_percent(figure.set_aside) if figure.set_aside else "",
        full=_place(figure.share),
        low=_place(figure.low),
        high=_place(figure.high),
    )


def _place(share: Fraction | None) -> int | None:
    return None if share is None else round(share * WIDTH)


def _part(checklist: Checklist, card: ScoreCard, score: PartScore, kind: SubjectKind) -> PartResult:
    part = next(part for part in checklist.parts if part.id == score.part)
    return PartResult(
        part=part,
        colour=colour(part, checklist),
        figure=_figure(checklist, "objective", score.figure),
        withheld=score.withheld,
        profile=_profile(checklist, score),
        themes=tuple(_theme(checklist, card, theme, kind) for theme in score.themes),
        explained=explain_objective(checklist, card, part.id) if part.scored else None,
    )


def _theme(checklist: Checklist, card: ScoreCard, score: ThemeScore, kind: SubjectKind) -> ThemeResult:
    places = {level.value: place for place, level in enumerate(checklist.scale.levels)}
    level = "" if score.level is None else f"{score.level} {checklist.scale.level(score.level).label}"
    return ThemeResult(
        theme=checklist.theme(score.theme),
        level=level,
        tone="lx" if score.level is None else tone(places[score.level], len(places)),
        figure=_figure(checklist, "theme", score.figure),
        note=mandate_words(kind)[score.mandate] if score.mandate is not Mandate.IN else "",
        explained=explain_theme(checklist, card, score.theme),
    )


def _profile(checklist: Checklist, score: PartScore) -> tuple[Segment, ...]:
    """One piece for each level that any question stands at, and one for those open or set aside."""
    rated = [
        question
        for theme in score.themes
        for question in theme.questions
        if checklist.question(question.question).is_core_rating
        and question.standing not in {Standing.OUTSIDE_TRACK, Standing.NOT_ASKED}
    ]
    counts = [(tone(place, len(score.profile)), one.label, one.questions) for place, one in enumerate(score.profile)]
    counts.append(("lx", WITHOUT_LEVEL, len(rated) - sum(one.questions for one in score.profile)))
    return segments(counts)


def segments(counts: Sequence[tuple[str, str, int]]) -> tuple[Segment, ...]:
    """The pieces of a bar from style, label and count of each; what counts nothing has none."""
    total = sum(count for _, _, count in counts)
    found, x = [], Fraction(0)
    for style, label, count in counts:
        if count > 0:
            width = Fraction(count * WIDTH, total)
            found.append(Segment(round(x), round(x + width) - round(x), style, label, count))
            x += width
    return tuple(found)


def tone(place: int, levels: int) -> str:
    """The style of a level, from its place in the scale: the lowest is l0, the highest l4."""
    return f"l{round(place * (TONES - 1) / max(levels - 1, 1))}"


def _alternative(other: Alternative) -> AlternativeRow:
    return AlternativeRow(
        alternative_words(other),
        whole_percent(other.overall),
        tuple(whole_percent(share) for _, share in other.objectives),
        other.order_differs,
    )


def key(scale: Scale) -> tuple[tuple[str, str], ...]:
    """What the colours of a bar mean: the style and name of each level, and of what has none."""
    levels = scale.levels
    named = [(tone(place, len(levels)), f"{level.value} {level.label}") for place, level in enumerate(levels)]
    return (*named, ("lx", WITHOUT_LEVEL))
