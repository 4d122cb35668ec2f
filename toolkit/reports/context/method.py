"""How it was computed: the rules in words, every figure with one decimal, other choices of method."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from toolkit.domain.assessment import Edition
from toolkit.domain.checklist import Band, Checklist, Part, Theme
from toolkit.domain.layers import layer_words
from toolkit.domain.printed_figures import PrintedFigure
from toolkit.domain.rounding import exact, points, whole_percent
from toolkit.domain.scorecard import ScoreCard
from toolkit.domain.scoring import NO_OVERALL
from toolkit.reports.context.answers import numbered
from toolkit.reports.context.chapters import tones
from toolkit.reports.context.explained import Explained, explained_overall, explained_part
from toolkit.reports.context.figures import Measured, Pen, part_place
from toolkit.reports.context.words import ALTERNATIVES, NOT_APPLICABLE, RULES, listed


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One line of a table of figures."""

    number: str
    title: str
    weight: str
    level: PrintedFigure | None
    measured: Measured
    full_score: PrintedFigure | None


@dataclass(frozen=True, slots=True)
class FigureTable:
    """The figures of one part: its themes, then the part itself. `explained` says how they came about."""

    title: str
    tone: str
    has_full: bool
    rows: tuple[FigureRow, ...]
    explained: tuple[Explained, ...]


@dataclass(frozen=True, slots=True)
class BandRule:
    """A band with its written rule."""

    label: str
    rule: str


@dataclass(frozen=True, slots=True)
class AlternativeRow:
    """The result under another choice of method, an objective a column."""

    label: str
    overall: PrintedFigure | None
    objectives: tuple[PrintedFigure | None, ...]
    order_differs: bool


@dataclass(frozen=True, slots=True)
class MethodAnnex:
    """The annex. `objective_titles` head the columns of the alternatives, which no public edition has."""

    name: str
    rules: tuple[str, ...]
    thresholds: tuple[str, ...]
    bands: tuple[BandRule, ...]
    has_overall: bool
    overall: Measured
    overall_explained: Explained
    tables: tuple[FigureTable, ...]
    objective_titles: tuple[str, ...]
    alternatives: tuple[AlternativeRow, ...]
    order_differs: bool


def method_annex(checklist: Checklist, card: ScoreCard, edition: Edition, pen: Pen) -> MethodAnnex:
    """Everything about how the figures came about that an edition may hold."""
    is_public = edition is Edition.PUBLIC
    return MethodAnnex(
        name=card.method,
        rules=tuple(_rules(checklist)),
        thresholds=tuple(_thresholds(checklist)),
        bands=tuple(BandRule(band.label, _band(checklist, band)) for band in checklist.bands),
        has_overall=checklist.method.overall is not None,
        overall=pen.decimal("overall", card.overall),
        overall_explained=explained_overall(checklist, card, edition),
        tables=tuple(_table(checklist, card, edition, pen, part, themes) for _, part, themes in numbered(checklist)),
        objective_titles=tuple(part.title for part in checklist.objectives),
        alternatives=() if is_public else tuple(_alternatives(checklist, card, pen)),
        order_differs=card.order_differs,
    )


def _table(
    checklist: Checklist, card: ScoreCard, edition: Edition, pen: Pen, part: Part, themes: tuple[tuple[str, Theme], ...]
) -> FigureTable:
    score = card.part(part.id)
    rows = [_row(card, theme, number, pen) for number, theme in themes]
    if part.scored:
        rows.append(FigureRow("", part.title, "", None, pen.decimal(part_place(score), score.figure), None))
    return FigureTable(
        title=part.title,
        tone=tones(checklist)[part.id][0],
        has_full=any(theme.full_share is not None for theme in score.themes),
        rows=tuple(rows),
        explained=explained_part(checklist, card, part, {theme.id: number for number, theme in themes}, edition),
    )


def _row(card: ScoreCard, theme: Theme, number: str, pen: Pen) -> FigureRow:
    score, place = card.theme(theme.id), f"theme.{theme.id}"
    return FigureRow(
        number=number,
        title=theme.title,
        weight=exact(score.weight),
        level=None if score.level is None else pen.count(place, "level", score.level),
        measured=pen.decimal(place, score.figure),
        full_score=pen.tenths(place, "full_score", score.full_share),
    )


def _alternatives(checklist: Checklist, card: ScoreCard, pen: Pen) -> Iterator[AlternativeRow]:
    for other in card.alternatives:
        place = f"alternative.{other.id}"
        shares: dict[str, Fraction | None] = dict(other.objectives)
        yield AlternativeRow(
            label=ALTERNATIVES.get(other.id, other.id),
            overall=pen.tenths(place, "score", other.overall),
            objectives=tuple(pen.tenths(place, part.id, shares.get(part.id)) for part in checklist.objectives),
            order_differs=other.order_differs,
        )


def _rules(checklist: Checklist) -> Iterator[str]:
    method = checklist.method
    lowest, highest = checklist.scale.levels[0], checklist.scale.levels[-1]
    yield (
        f"A rating earns its share of the way from level {lowest.value} ({lowest.label}) to level {highest.value} "
        f"({highest.label})."
    )
    yield f"A theme is {RULES[method.theme]} its answered core ratings; questions are never pooled across themes."
    yield f"An objective is {RULES[method.objective]} its themes that have a score."
    if method.overall is None:
        yield NO_OVERALL
    else:
        yield f"The whole is {RULES[method.overall]} the objectives, and only where every one of them has a score."
    yield NOT_APPLICABLE[method.not_applicable]
    yield "A question without an answer, or with don’t know, is no number: it lowers coverage and widens the range."
    yield "The range repeats the whole calculation with every open question at its lowest, then at its highest level."
    yield "Coverage is the weight answered, of the weight asked and applicable; an unanswered theme counts as none."
    for layer in checklist.unscored_layers:
        yield f"{layer.title}: {' '.join(layer_words(checklist, layer))}"


def _thresholds(checklist: Checklist) -> Iterator[str]:
    limits = checklist.method.thresholds
    yield f"Provisional: coverage under {whole_percent(limits.coverage)}."
    yield f"Provisional: coverage of any objective under {whole_percent(limits.objective_coverage)}."
    yield f"Provisional: a range wider than {points(limits.range_width)} points."
    yield f"A profile only, no score: more than {whole_percent(limits.set_aside)} of an objective set aside."
    yield f"Named whatever the mean says: an objective under {whole_percent(limits.low_objective)}."


def _band(checklist: Checklist, band: Band) -> str:
    labels = {level.value: f"level {level.value} ({level.label})" for level in checklist.scale.levels}
    needs = [
        f"{whole_percent(need.share)} of the rated core themes at {labels.get(need.level, need.level)} or more"
        for need in band.needs
    ]
    rule = listed(needs)
    if band.none_at is not None:
        rule += f"{', ' if rule else ''}none at {labels.get(band.none_at, band.none_at)}"
    return f"{rule[:1].upper()}{rule[1:]}." if rule else "Every other profile."
