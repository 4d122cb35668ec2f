"""The figures that a report prints: made here, so that each carries its name and its exact value.

Every number of a report is a `PrintedFigure`. The template prints its text, and `figures_in` collects all of them for
the list that the PDF carries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from typing import Any

from toolkit.domain.checklist import Thresholds
from toolkit.domain.printed_figures import PrintedFigure
from toolkit.domain.rounding import exact, marks, one_decimal, points, whole_percent
from toolkit.domain.scorecard import Figure, PartScore

Write = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Measured:
    """One score with what it rests on, as printed. None where there is no such figure."""

    score: PrintedFigure | None
    coverage: PrintedFigure | None
    lowest: PrintedFigure | None
    highest: PrintedFigure | None
    set_aside: PrintedFigure | None


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes figures, minding the thresholds that a rounded one must not seem to reach."""

    thresholds: Thresholds

    def whole(self, place: str, figure: Figure) -> Measured:
        """A figure in whole per cent, for pages and letters."""
        return self._measured(place, figure, whole_percent)

    def decimal(self, place: str, figure: Figure) -> Measured:
        """A figure with one decimal, for tables."""
        return self._measured(place, figure, one_decimal)

    def percent(self, place: str, kind: str, share: Fraction | None) -> PrintedFigure | None:
        """One share in whole per cent."""
        return self._printed(place, kind, share, whole_percent)

    def tenths(self, place: str, kind: str, share: Fraction | None) -> PrintedFigure | None:
        """One share with one decimal."""
        return self._printed(place, kind, share, one_decimal)

    def points(self, place: str, kind: str, share: Fraction | None) -> PrintedFigure | None:
        """A difference in points."""
        return self._printed(place, kind, share, points)

    def count(self, place: str, kind: str, number: int) -> PrintedFigure:
        """A whole number."""
        return PrintedFigure(place, kind, str(number), str(number))

    def _measured(self, place: str, figure: Figure, write: Write) -> Measured:
        return Measured(
            score=self._printed(place, "score", figure.share, write),
            coverage=self._printed(place, "coverage", figure.coverage, write),
            lowest=self._printed(place, "lowest", figure.low, write),
            highest=self._printed(place, "highest", figure.high, write),
            set_aside=self._printed(place, "set_aside", figure.set_aside, write),
        )

    def _printed(self, place: str, kind: str, share: Fraction | None, write: Write) -> PrintedFigure | None:
        if share is None:
            return None
        near = marks(self.thresholds, place.split(".")[0], kind)
        return PrintedFigure(place, kind, write(share, *near), exact(share))


def part_place(part: PartScore) -> str:
    """How the list of figures names a part."""
    return f"{'objective' if part.scored else 'section'}.{part.part}"


def figures_in(value: Any) -> Iterator[PrintedFigure]:
    """Every figure anywhere in a context, in order."""
    if isinstance(value, PrintedFigure):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from figures_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from figures_in(item)
