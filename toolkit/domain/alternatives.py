"""The result under other choices of method, each the whole calculation with one choice changed (rule 10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from toolkit.domain.calculation import Item, PartSheet, Result, Sheet, calculate, overall_amount
from toolkit.domain.checklist import ObjectiveId, Rule
from toolkit.domain.scorecard import Alternative
from toolkit.domain.shares import Amount
from toolkit.domain.tiers import ONE, combined

Shares = Mapping[ObjectiveId, Fraction | None]


def alternatives(sheet: Sheet, result: Result, not_applicable_lowest: Sheet) -> tuple[Alternative, ...]:
    """The four other choices, in the order of the annex; without an overall figure those three that are not about it.

    *Every question equal*: an objective is the mean of all its questions, whatever theme they stand in. *Every theme
    equal*: an objective is the mean of its themes, the overall the mean of all themes. *Lowest objective*: the overall
    is the lowest objective. *Not applicable lowest*: what is not applicable counts at its lowest level and is no longer
    set aside. Weight 0 never counts; an overall needs a score for every objective, here as everywhere.
    """
    ours = _shares(result.objectives)
    lowest = _all_or_none(result.objectives)
    other = calculate(not_applicable_lowest)
    found = (
        _questions_equal(sheet, ours),
        _themes_equal(sheet, result, ours),
        Alternative("lowest_objective", _share(combined(Rule.MIN, lowest)), tuple(ours.items()), order_differs=False),
        _alternative("not_applicable_lowest", ours, other.objectives, other.overall),
    )
    if sheet.method.overall is not None:
        return found
    return tuple(replace(one, overall=None) for one in found if one.id != "lowest_objective")


def flips(ours: Shares, others: Shares) -> bool:
    """Whether two objectives that stand in one order here stand in the opposite order there. A tie is no order."""
    scored = [(ours[id], others[id]) for id in ours]
    both = [(mine, theirs) for mine, theirs in scored if mine is not None and theirs is not None]
    return any((first[0] - second[0]) * (first[1] - second[1]) < 0 for first, second in combinations(both, 2))


def _questions_equal(sheet: Sheet, ours: Shares) -> Alternative:
    objectives = {
        one.part.id: None if one.is_withheld else combined(Rule.MEAN, ((ONE, item.amount) for item in counted(one)))
        for one in sheet.objectives
    }
    return _alternative("every_question_equal", ours, objectives, overall_amount(sheet.method, objectives.values()))


def _themes_equal(sheet: Sheet, result: Result, ours: Shares) -> Alternative:
    themes = {
        one.part.id: [(ONE, result.themes[theme.theme.id]) for theme in one.themes if theme.theme.weight > 0]
        for one in sheet.objectives
    }
    objectives = {
        one.part.id: None if one.is_withheld else combined(Rule.MEAN, themes[one.part.id]) for one in sheet.objectives
    }
    every = [] if None in objectives.values() else [theme for some in themes.values() for theme in some]
    return _alternative("every_theme_equal", ours, objectives, combined(Rule.MEAN, every))


def counted(sheet: PartSheet) -> tuple[Item, ...]:
    """The ratings of a part that count in a theme that counts."""
    return tuple(item for one in sheet.themes if one.theme.weight > 0 for item in one.items if item.amount is not None)


def _alternative(
    id: str, ours: Shares, objectives: Mapping[ObjectiveId, Amount | None], overall: Amount | None
) -> Alternative:
    shares = _shares(objectives)
    return Alternative(id, _share(overall), tuple(shares.items()), flips(ours, shares))


def _all_or_none(objectives: Mapping[ObjectiveId, Amount | None]) -> list[tuple[Fraction, Amount | None]]:
    return [] if None in objectives.values() else [(ONE, amount) for amount in objectives.values()]


def _shares(objectives: Mapping[ObjectiveId, Amount | None]) -> dict[ObjectiveId, Fraction | None]:
    return {id: _share(amount) for id, amount in objectives.items()}


def _share(amount: Amount | None) -> Fraction | None:
    return None if amount is None else amount.share
