"""How a tier is computed from the one below it: the weighted mean, the sum of points, or the lowest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import lcm

from toolkit.domain.checklist import Rule
from toolkit.domain.shares import Amount

Weighted = tuple[Fraction, Amount | None]

ONE = Fraction(1)


def combined(rule: Rule, children: Iterable[Weighted]) -> Amount | None:
    """What a tier earns from the weights and amounts below it; None where nothing with weight has an amount.

    `sum` keeps points and full apart, so that a tier of sums above a tier of sums is the sum of everything.
    Source: DESIGN.md, section 3, rules 3 and 12.
    """
    counted = [(weight, amount) for weight, amount in children if amount is not None and weight.numerator > 0]
    return _RULES[rule](counted) if counted else None


def weighted_mean(children: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    """The weighted mean of the shares that there are; None where nothing with weight has one."""
    counted = [(weight, share) for weight, share in children if share is not None and weight.numerator > 0]
    return total_of_products(counted) / total([weight for weight, _ in counted]) if counted else None


def total(numbers: Sequence[Fraction]) -> Fraction:
    """Their sum, over one common denominator: several times quicker than adding fraction to fraction."""
    common = lcm(*(number.denominator for number in numbers))
    return Fraction(sum(number.numerator * (common // number.denominator) for number in numbers), common)


def total_of_products(pairs: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """The sum of each pair's product, in the same way."""
    products = [(one.numerator * two.numerator, one.denominator * two.denominator) for one, two in pairs]
    common = lcm(*(denominator for _, denominator in products))
    return Fraction(sum(numerator * (common // denominator) for numerator, denominator in products), common)


def _mean(counted: list[tuple[Fraction, Amount]]) -> Amount:
    shares = [(weight, amount.share) for weight, amount in counted]
    return Amount(total_of_products(shares) / total([weight for weight, _ in counted]), ONE)


def _sum(counted: list[tuple[Fraction, Amount]]) -> Amount:
    return Amount(
        total_of_products([(weight, amount.points) for weight, amount in counted]),
        total_of_products([(weight, amount.full) for weight, amount in counted]),
    )


def _lowest(counted: list[tuple[Fraction, Amount]]) -> Amount:
    return Amount(min(amount.share for _, amount in counted), ONE)


_RULES: dict[Rule, Callable[[list[tuple[Fraction, Amount]]], Amount]] = {
    Rule.MEAN: _mean,
    Rule.SUM: _sum,
    Rule.MIN: _lowest,
}
