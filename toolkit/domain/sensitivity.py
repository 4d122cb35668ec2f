"""What one core question, moved by one level, changes in the overall score (rule 10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from toolkit.domain.calculation import Item, PartSheet, Pick, Result, Sheet, ThemeSheet, overall_amount, theme_amount
from toolkit.domain.scorecard import Sensitivity, Standing
from toolkit.domain.shares import Amount, level_amount
from toolkit.domain.tiers import combined


def sensitivity(sheet: Sheet, result: Result) -> Sensitivity | None:
    """The largest change, the question where it happens (the first of equals), and the median change.

    Each answered core rating that counts is moved one level up and one level down, the tiers above it are computed
    anew, and the larger change is its own. None where there is no score to change: the overall one, or, where the
    checklist has no overall figure, that of any objective.
    """
    changes = [
        (item.question.id, change)
        for part in sheet.objectives
        if (before := _above(sheet, result, part)) is not None
        for theme in part.themes
        if theme.theme.weight > 0
        for item, change in _changes(sheet, result, before, part, theme)
    ]
    if not changes:
        return None
    question, most = max(changes, key=lambda one: one[1])
    return Sensitivity(most, _median([change for _, change in changes]), question)


def moved(item: Item) -> tuple[Amount, ...]:
    """What the question would earn one level further up and one further down; nothing where it was not answered."""
    if item.standing is not Standing.COUNTS or item.level is None or item.question.scale is None:
        return ()
    scale = item.question.scale
    values = [one.value for one in scale.levels]
    place = values.index(item.level)
    return tuple(level_amount(scale, values[near]) for near in (place + 1, place - 1) if 0 <= near < len(values))


def _changes(
    sheet: Sheet, result: Result, before: Amount, part: PartSheet, theme: ThemeSheet
) -> Iterator[tuple[Item, Fraction]]:
    """The change that each question of a theme can make, in order; computed once for questions that are alike."""
    known: dict[tuple[Fraction, Amount | None, tuple[Amount, ...]], Fraction] = {}
    for item in theme.items:
        others = moved(item)
        if not others:
            continue
        alike = (item.weight, item.amount, others)
        if alike not in known:
            known[alike] = max(_change(sheet, result, before, part, theme, item, other) for other in others)
        yield item, known[alike]


def _change(
    sheet: Sheet, result: Result, before: Amount, part: PartSheet, theme: ThemeSheet, item: Item, other: Amount
) -> Fraction:
    changed = theme_amount(sheet.method, theme.items, _instead(item, other))
    themes = ((one.theme.weight, changed if one is theme else result.themes[one.theme.id]) for one in part.themes)
    objectives = {**result.objectives, part.part.id: combined(sheet.method.objective, themes)}
    anew = _above(sheet, replace(result, objectives=objectives), part)
    assert anew is not None  # noqa: S101  # there was a score, and only one amount changed
    return abs(anew.share - before.share)


def _above(sheet: Sheet, result: Result, part: PartSheet) -> Amount | None:
    """The figure that a question of a part is asked to change."""
    if sheet.method.overall is None:
        return result.objectives[part.part.id]
    return overall_amount(sheet.method, result.objectives.values())


def _instead(item: Item, other: Amount) -> Pick:
    return lambda one: other if one is item else one.amount


def _median(changes: list[Fraction]) -> Fraction:
    """The middle one; halfway between the two in the middle where their number is even."""
    ordered = sorted(changes)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
