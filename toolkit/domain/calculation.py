"""The whole calculation, from core ratings to the overall score, with whatever each rating is taken to earn.

The score, both ends of its range and the other choices of method are this one calculation, repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from toolkit.domain.checklist import (
    Checklist,
    Method,
    NotApplicablePolicy,
    ObjectiveId,
    Part,
    Question,
    QuestionId,
    Theme,
    ThemeId,
)
from toolkit.domain.scorecard import Standing
from toolkit.domain.shares import Amount, highest, if_not_applicable, lowest
from toolkit.domain.tiers import ONE, combined, total, weighted_mean

OPEN = frozenset({Standing.UNANSWERED, Standing.DONT_KNOW})
RATED = frozenset({Standing.COUNTS, Standing.FACT})  # an answered core rating of an objective, of a profile section


@dataclass(frozen=True, slots=True)
class Earning:
    """What one answer earns, None where its kind is unscored; `level` where it is a rating."""

    amount: Amount | None
    level: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """One core rating as the calculation sees it.

    `amount` is what it earns, None where it is no number; `low` and `high` are what it would earn if an open question
    went worst or best. `is_set_aside`: not applicable under a policy that leaves it out, or outside the mandate.
    """

    question: Question
    standing: Standing
    amount: Amount | None = None
    low: Amount | None = None
    high: Amount | None = None
    is_set_aside: bool = False
    level: int | None = None  # of an answered rating

    @property
    def weight(self) -> Fraction:
        """The question's weight, always above 0."""
        return self.question.weight

    @property
    def is_in_track(self) -> bool:
        """Whether the track has the question, asked or not."""
        return self.standing is not Standing.OUTSIDE_TRACK

    @property
    def is_applicable(self) -> bool:
        """Whether an answer to it is expected or counts."""
        return self.amount is not None or self.standing in OPEN


Pick = Callable[[Item], Amount | None]


def as_answered(item: Item) -> Amount | None:
    """What was answered; open questions are no number."""
    return item.amount


def at_worst(item: Item) -> Amount | None:
    """Open questions at their lowest share."""
    return item.low


def at_best(item: Item) -> Amount | None:
    """Open questions at their highest share."""
    return item.high


@dataclass(frozen=True, slots=True)
class ThemeSheet:
    """The core ratings of one theme. `coverage` and `set_aside` are None where there is no weight to speak of."""

    theme: Theme
    items: tuple[Item, ...]
    coverage: Fraction | None
    set_aside: Fraction | None


@dataclass(frozen=True, slots=True)
class PartSheet:
    """One part with its themes. `is_withheld`: too much is set aside for a score."""

    part: Part
    themes: tuple[ThemeSheet, ...]
    coverage: Fraction | None
    set_aside: Fraction | None
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the calculation needs of one assessment, part by part, profile sections too."""

    method: Method
    parts: tuple[PartSheet, ...]

    @property
    def objectives(self) -> tuple[PartSheet, ...]:
        """The scored parts."""
        return tuple(one for one in self.parts if one.part.scored)

    @property
    def coverage(self) -> Fraction | None:
        """The plain mean over the objectives where anything is applicable."""
        return weighted_mean((ONE, one.coverage) for one in self.objectives)

    @property
    def set_aside(self) -> Fraction | None:
        """The plain mean over the objectives with anything in the track."""
        return weighted_mean((ONE, one.set_aside) for one in self.objectives)


@dataclass(frozen=True, slots=True)
class Result:
    """What every tier earns; None where it has no score. Themes of profile sections are here, their parts are not."""

    themes: Mapping[ThemeId, Amount | None]
    objectives: Mapping[ObjectiveId, Amount | None]
    overall: Amount | None


def sheet(
    checklist: Checklist,
    earnings: Mapping[QuestionId, Earning],
    standings: Mapping[QuestionId, Standing],
    policy: NotApplicablePolicy,
) -> Sheet:
    """Lay the core ratings out for calculation.

    Under the policies `lowest` and `highest` a question that is not applicable counts like one answered so: it is
    covered, and not set aside.
    """
    parts = []
    for part in checklist.parts:
        themes = tuple(
            _theme_sheet(
                theme,
                tuple(_item(one, earnings.get(one.id), standings[one.id], policy) for one in theme.core_ratings()),
            )
            for theme in part.themes
        )
        set_aside = weighted_mean((one.theme.weight, one.set_aside) for one in themes)
        withheld = part.scored and set_aside is not None and set_aside > checklist.method.thresholds.set_aside
        coverage = weighted_mean((one.theme.weight, one.coverage) for one in themes)
        parts.append(PartSheet(part, themes, coverage, set_aside, withheld))
    return Sheet(checklist.method, tuple(parts))


def calculate(sheet: Sheet, pick: Pick = as_answered) -> Result:
    """Every tier from the one below it (DESIGN.md, section 3, rules 3 and 4)."""
    themes = {one.theme.id: theme_amount(sheet.method, one.items, pick) for part in sheet.parts for one in part.themes}
    objectives = {
        one.part.id: None
        if one.is_withheld
        else combined(sheet.method.objective, ((theme.theme.weight, themes[theme.theme.id]) for theme in one.themes))
        for one in sheet.objectives
    }
    return Result(themes, objectives, overall_amount(sheet.method, objectives.values()))


def theme_amount(method: Method, items: Iterable[Item], pick: Pick = as_answered) -> Amount | None:
    """What a theme earns."""
    return combined(method.theme, ((item.weight, pick(item)) for item in items))


def overall_amount(method: Method, objectives: Iterable[Amount | None]) -> Amount | None:
    """What the objectives earn together, each with the same weight; None unless every one has a score, and where the
    checklist has no overall figure.
    """
    amounts = tuple(objectives)
    if method.overall is None or None in amounts:
        return None
    return combined(method.overall, ((ONE, amount) for amount in amounts))


def _item(question: Question, earning: Earning | None, standing: Standing, policy: NotApplicablePolicy) -> Item:
    if standing in OPEN:
        return Item(question, standing, None, lowest(question), highest(question))
    if standing is Standing.NOT_APPLICABLE:
        amount = if_not_applicable(question, policy)
        return Item(question, standing, amount, amount, amount, is_set_aside=amount is None)
    if standing in RATED and earning is not None:
        amount = earning.amount
        return Item(question, standing, amount, amount, amount, level=earning.level)
    return Item(question, standing, is_set_aside=standing is Standing.OUTSIDE_MANDATE)


def _theme_sheet(theme: Theme, items: Sequence[Item]) -> ThemeSheet:
    covered = _weight(item for item in items if item.amount is not None)
    applicable = _weight(item for item in items if item.is_applicable)
    set_aside = _weight(item for item in items if item.is_set_aside)
    in_track = _weight(item for item in items if item.is_in_track)
    return ThemeSheet(
        theme, tuple(items), covered / applicable if applicable else None, set_aside / in_track if in_track else None
    )


def _weight(items: Iterable[Item]) -> Fraction:
    return total([item.weight for item in items])
