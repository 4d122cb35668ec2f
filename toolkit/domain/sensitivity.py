"""What one core question, moved by one level, changes in the overall score (rule 10)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from toolkit.domain.calculation import Item, PartSheet, Pick, Result, Sheet, ThemeSheet, overall_amount, theme_amount
from toolkit.domain.scorecard import Sensitivity, Standing
from toolkit.domain.shares import Amount, level_amount
from toolkit.domain.tiers import combined


def sensitivity(sheet: Sheet, result: Result) -> Sensitivity | None:
    """The largest change, the question where it happens (the first of equals), and the median change.

    Each answered core rating that counts is moved one level up, or down where it stands at the top, and the tiers above
    it are computed anew. None where there is no overall score.
    """
    if result.overall is None:
        return None
    changes = [
        (item.question.id, change)
        for part in sheet.objectives
        for theme in part.themes
        if theme.theme.weight > 0
        for item, change in _changes(sheet, result, result.overall, part, theme)
    ]
    if not changes:
        return None
    question, most = max(changes, key=lambda one: one[1])
    return Sensitivity(most, _median([change for _, change in changes]), question)


def moved(item: Item) -> Amount | None:
    """What the question would earn one level further up, or down from the top; None where it was not answered."""
    if item.standing is not Standing.COUNTS or item.level is None or item.question.scale is None:
        return None
    scale = item.question.scale
    values = [one.value for one in scale.levels]
    place = values.index(item.level)
    return level_amount(scale, values[place + 1 if place + 1 < len(values) else place - 1])


def _changes(
    sheet: Sheet, result: Result, overall: Amount, part: PartSheet, theme: ThemeSheet
) -> Iterator[tuple[Item, Fraction]]:
    """The change that each question of a theme can make, in order; computed once for questions that are alike."""
    known: dict[tuple[Fraction, Amount | None, Amount], Fraction] = {}
    for item in theme.items:
        other = moved(item)
        if other is None:
            continue
        alike = (item.weight, item.amount, other)
        if alike not in known:
            known[alike] = _change(sheet, result, overall, part, theme, item, other)
        yield item, known[alike]


def _change(
    sheet: Sheet, result: Result, overall: Amount, part: PartSheet, theme: ThemeSheet, item: Item, other: Amount
) -> Fraction:
    changed = theme_amount(sheet.method, theme.items, _instead(item, other))
    themes = ((one.theme.weight, changed if one is theme else result.themes[one.theme.id]) for one in part.themes)
    objectives = {**result.objectives, part.part.id: combined(sheet.method.objective, themes)}
    anew = overall_amount(sheet.method, objectives.values())
    assert anew is not None  # noqa: S101  # there was an overall score, and only one amount changed
    return abs(anew.share - overall.share)


def _instead(item: Item, other: Amount) -> Pick:
    return lambda one: other if one is item else one.amount


def _median(changes: list[Fraction]) -> Fraction:
    """The middle one; halfway between the two in the middle where their number is even."""
    ordered = sorted(changes)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
