"""Bands: a name for a profile, given by the checklist's written rule and never by a cut of the mean (rule 9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from toolkit.domain.checklist import Band
from toolkit.domain.scorecard import PartScore


def rated_levels(parts: Iterable[PartScore]) -> tuple[int, ...]:
    """The levels of the rated themes that count: those of objectives, with some weight."""
    return tuple(
        theme.level
        for part in parts
        if part.scored
        for theme in part.themes
        if theme.weight > 0 and theme.level is not None
    )


def holds(band: Band, levels: Sequence[int]) -> bool:
    """Whether every need of the band is met, and no theme stands at or under its `none_at`."""
    if band.none_at is not None and any(level <= band.none_at for level in levels):
        return False
    return all(reaching(levels, need.level) >= need.share for need in band.needs)


def reaching(levels: Sequence[int], level: int) -> Fraction:
    """The part of the themes that stand at a level or more."""
    return Fraction(sum(one >= level for one in levels), len(levels))


def band_of(bands: Iterable[Band], levels: Sequence[int]) -> Band | None:
    """The first band, highest first, whose rule holds; None where none does or no theme is rated."""
    return next((band for band in bands if holds(band, levels)), None) if levels else None
