"""What one answer earns: points, of the points that were possible (DESIGN.md, section 3, rule 1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from toolkit.domain.answers import Value
from toolkit.domain.checklist import Kind, NotApplicablePolicy, NumberBand, Question, Scale


@dataclass(frozen=True, slots=True)
class Amount:
    """Points earned of `full`, which is above 0. `share` is the part earned, 0 to 1."""

    points: Fraction
    full: Fraction
    share: Fraction = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "share", self.points if self.full == 1 else self.points / self.full)


def earned(question: Question, value: Value) -> Amount | None:
    """What a value earns; None where its kind is unscored, or has no points declared.

    A rating: the levels climbed from the lowest, of all there are to climb; or, on a scale with points, its points of
    `full` (the highest where none is declared), a floor not subtracted. Yes and no: 1 and 0. Several choices: the sum
    of their points, at most `full`. A number: the points of its band, 0 below the first. In an unscored layer nothing
    earns anything.
    Raises ValueError for a value that `check` calls wrong.
    """
    earn = _BY_KIND.get(question.kind)
    amount = earn(question, value) if earn else None
    return None if question.is_beside_the_index else amount


def lowest(question: Question) -> Amount:
    """What the worst level of a rating earns: more than nothing on a scale with a floor."""
    return min(_levels(question), key=lambda amount: amount.share)


def highest(question: Question) -> Amount:
    """What the best level of a rating earns."""
    return max(_levels(question), key=lambda amount: amount.share)


def if_not_applicable(question: Question, policy: NotApplicablePolicy) -> Amount | None:
    """What a rating that is not applicable counts as; None where it leaves the calculation."""
    if policy is NotApplicablePolicy.EXCLUDE:
        return None
    return lowest(question) if policy is NotApplicablePolicy.LOWEST else highest(question)


def level_amount(scale: Scale, value: int) -> Amount:
    """What one level of a scale earns. Raises KeyError when the scale has none of that value."""
    level = scale.level(value)
    if level.points is None:
        bottom = scale.levels[0].value
        return Amount(Fraction(value - bottom), Fraction(scale.levels[-1].value - bottom))
    return Amount(level.points, scale.full or max(one.points or Fraction(0) for one in scale.levels))


def _levels(question: Question) -> list[Amount]:
    scale = _scale(question)
    return [level_amount(scale, level.value) for level in scale.levels]


def _scale(question: Question) -> Scale:
    if question.scale is None:
        raise ValueError(f"The rating {question.id} has no scale.")
    return question.scale


def _rating(question: Question, value: Value) -> Amount:
    scale = _scale(question)
    if not isinstance(value, int) or isinstance(value, bool) or all(one.value != value for one in scale.levels):
        raise ValueError(f"{value!r} is no level of {question.id}.")
    return level_amount(scale, value)


def _yes_no(question: Question, value: Value) -> Amount:
    if not isinstance(value, bool):
        raise ValueError(f"{question.id} is answered yes or no.")
    return Amount(Fraction(value), Fraction(1))


def _choice(question: Question, value: Value) -> Amount | None:
    return _options(question, (value,))


def _choices(question: Question, value: Value) -> Amount | None:
    return _options(question, value if isinstance(value, tuple) else (value,))


def _options(question: Question, picked: tuple[object, ...]) -> Amount | None:
    by_id = {option.id: option.points for option in question.options}
    if any(one not in by_id for one in picked):
        raise ValueError(f"{question.id} does not offer that.")
    points = {name: one for name, one in by_id.items() if one is not None}
    if not points:
        return None
    full = question.full or max(points.values())
    return Amount(min(sum((points[str(one)] for one in picked), Fraction(0)), full), full)


def _number(question: Question, value: Value) -> Amount | None:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ValueError(f"{question.id} is answered with a number.")
    if not question.bands:
        return None
    full = question.full or max(band.points for band in question.bands)
    reached: list[NumberBand] = [band for band in question.bands if Fraction(value) >= band.at_least]
    return Amount(max(reached, key=lambda band: band.at_least).points if reached else Fraction(0), full)


_BY_KIND: dict[Kind, Callable[[Question, Value], Amount | None]] = {
    Kind.RATING: _rating,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.NUMBER: _number,
}
