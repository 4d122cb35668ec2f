"""The one place where an exact figure becomes a printed one.

Half up, once, from the exact fraction. A figure that has not reached a mark is never printed as that mark: 79.96 with
a threshold of 80 prints 79.9, 99.96 prints 99.9, and what is above nothing prints at least one step above 0.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

from toolkit.domain.checklist import Thresholds

NO_SCORE = "no score"
FEW_POINTS = 10  # below this many points a difference is printed with one decimal


def whole_percent(share: Fraction | None, *thresholds: Fraction) -> str:
    """A share in whole per cent, for pages and letters: "72 %".

    A share below one of the thresholds (shares too), or below 1, never prints as it, and a share above 0 never
    prints as 0. None gives "no score".
    """
    if share is None:
        return NO_SCORE
    return f"{_steps(share, 0, thresholds)} %"


def one_decimal(share: Fraction | None, *thresholds: Fraction) -> str:
    """A share in per cent with one decimal and no sign, for tables and data files: "71.9".

    The marks are those of `whole_percent`. None gives "no score".
    """
    if share is None:
        return NO_SCORE
    return _tenths(_steps(share, 1, thresholds))


def points(difference: Fraction | None, *thresholds: Fraction) -> str:
    """A difference between two shares in points, without the word: "26", "0.5", "−3.2".

    Whole points, or one decimal where it is smaller than ten points and not whole. Taken exactly and rounded once; a
    fall prints as the rise of the same size with a minus sign. A difference on either side of a threshold never prints
    as it: 15.02 with a threshold of 15 prints 15.1. None gives "no score".
    """
    if difference is None:
        return NO_SCORE
    size = abs(difference)
    sign = "−" if difference < 0 else ""
    whole = _half_up(size * 100)
    hundred = size * 100
    if hundred.denominator == 1 or (hundred >= FEW_POINTS and not _meets(whole, size, thresholds)):
        return f"{sign}{whole}"
    tenths = max(_half_up(size * 1000), 1)
    for threshold in thresholds:
        mark = _half_up(threshold * 1000)
        if tenths == mark and size != threshold:
            tenths += 1 if size > threshold else -1
    return sign + (str(FEW_POINTS) if tenths == 10 * FEW_POINTS else _tenths(tenths))


def exact(share: Fraction | None) -> str:
    """The fraction itself, for data files and the annex: "23/32". None gives "no score"."""
    return NO_SCORE if share is None else str(share)


def marks(thresholds: Thresholds, tier: str, kind: str) -> tuple[Fraction, ...]:
    """The thresholds that a figure must not seem to reach, by where it stands and what it is.

    `tier` is overall, objective or theme; `kind` is score, coverage, lowest, highest or set_aside. Pass the result to
    `whole_percent` and `one_decimal`, so that the same figure reads the same on every page and in every file.
    """
    found = {
        ("overall", "coverage"): (thresholds.coverage,),
        ("objective", "coverage"): (thresholds.objective_coverage,),
        ("objective", "score"): (thresholds.low_objective,),
    }
    return found.get((tier, kind), ())


def _steps(share: Fraction, decimals: int, thresholds: tuple[Fraction, ...]) -> int:
    """How many steps of the last printed digit the share is."""
    unit: int = 100 * 10**decimals
    steps = _half_up(share * unit)
    for mark in (*thresholds, Fraction(1)):
        if share < mark:
            steps = min(steps, _half_up(mark * unit) - 1)
    return max(steps, 1) if share > 0 else steps


def _half_up(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))


def _meets(whole: int, size: Fraction, thresholds: tuple[Fraction, ...]) -> bool:
    return any(whole == _half_up(threshold * 100) and size != threshold for threshold in thresholds)


def _tenths(tenths: int) -> str:
    sign = "-" if tenths < 0 else ""
    whole, rest = divmod(abs(tenths), 10)
    return f"{sign}{whole}.{rest}"
