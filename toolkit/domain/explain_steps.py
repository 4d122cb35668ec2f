"""The arithmetic behind a figure, written out from the card: terms, sum, division, result, rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from toolkit.domain.checklist import Checklist, Part, Question, Rule, Theme
from toolkit.domain.rounding import one_decimal, whole_percent
from toolkit.domain.scorecard import PartScore, QuestionScore, ScoreCard, Standing, ThemeScore
from toolkit.domain.shares import Amount, if_not_applicable, level_amount
from toolkit.domain.tiers import ONE, combined, total, total_of_products

Term = tuple[Fraction, Amount]


@dataclass(frozen=True, slots=True)
class Steps:
    """`terms` written out, their sum `top`, what it is divided by, and how the result is printed.

    Under the rule `min` the top is the lowest share, and it is divided by 1.
    """

    rule: Rule
    counted: int  # how many terms there are
    terms: str
    top: Fraction
    bottom: Fraction
    result: Fraction
    whole: str
    decimal: str

    @property
    def sentence(self) -> str:
        """The arithmetic on one line: (3/4 + 1/2) ÷ 2 = 5/8."""
        if self.terms == str(self.result):
            return self.terms
        if self.rule is Rule.MIN:
            return f"{self.terms}; the lowest is {self.result}"
        if self.bottom == 1:
            return f"{self.terms} = {self.result}"
        return f"{self.terms} ÷ {_whole_or_bracketed(self.bottom)} = {self.result}"


def steps_of(rule: Rule, terms: Sequence[Term], *thresholds: Fraction) -> Steps:
    """The steps from at least one term to the tier's share. `thresholds` are those of the rounding."""
    weights = [weight for weight, _ in terms]
    if rule is Rule.MIN:
        top, bottom = min(amount.share for _, amount in terms), ONE
        written = ", ".join(str(amount.share) for _, amount in terms)
    elif rule is Rule.SUM:
        top = total_of_products([(weight, amount.points) for weight, amount in terms])
        bottom = total_of_products([(weight, amount.full) for weight, amount in terms])
        written = _written(weights, [amount.points for _, amount in terms])
    else:
        top = total_of_products([(weight, amount.share) for weight, amount in terms])
        bottom = total(weights)
        written = _written(weights, [amount.share for _, amount in terms])
    result = top / bottom
    return Steps(
        rule,
        len(terms),
        written,
        top,
        bottom,
        result,
        whole_percent(result, *thresholds),
        one_decimal(result, *thresholds),
    )


def mean_written(weighted: Sequence[tuple[Fraction, Fraction]]) -> str:
    """A weighted mean of shares on one line, with its result."""
    return steps_of(Rule.MEAN, [(weight, Amount(share, ONE)) for weight, share in weighted]).sentence


# --- what each tier contributes, read back from the card --------------------------------------------


def theme_terms(checklist: Checklist, theme: Theme, score: ThemeScore) -> list[Term]:
    """The core ratings that make up a theme, with what each earned."""
    by_id = {one.question: one for one in score.questions}
    found = [(one.weight, _question_amount(checklist, one, by_id[one.id])) for one in theme.core_ratings()]
    return [(weight, amount) for weight, amount in found if amount is not None]


def objective_terms(checklist: Checklist, part: Part, score: PartScore) -> list[Term]:
    """The themes that make up an objective, with what each earned."""
    pairs = zip(part.themes, score.themes, strict=True)
    found = [(theme.weight, theme_earned(checklist, theme, one)) for theme, one in pairs]
    return [(weight, amount) for weight, amount in found if amount is not None and weight > 0]


def overall_terms(checklist: Checklist, card: ScoreCard) -> list[Term]:
    """The objectives, each with the same weight."""
    pairs = zip(checklist.objectives, card.objectives, strict=True)
    rule = checklist.method.objective
    found = [combined(rule, objective_terms(checklist, part, score)) for part, score in pairs]
    return [(ONE, amount) for amount in found if amount is not None]


def theme_earned(checklist: Checklist, theme: Theme, score: ThemeScore) -> Amount | None:
    """What a theme earned: in a scan and a profile section too, where it gives a level and no score."""
    return combined(checklist.method.theme, theme_terms(checklist, theme, score))


def _question_amount(checklist: Checklist, question: Question, score: QuestionScore) -> Amount | None:
    if score.standing is Standing.NOT_APPLICABLE:
        return if_not_applicable(question, checklist.method.not_applicable)
    if score.level is None or question.scale is None or score.standing not in (Standing.COUNTS, Standing.FACT):
        return None
    return level_amount(question.scale, score.level)


def _written(weights: Sequence[Fraction], numbers: Sequence[Fraction]) -> str:
    if all(weight == 1 for weight in weights):
        terms = [str(number) for number in numbers]
    else:
        terms = [f"{weight} × {number}" for weight, number in zip(weights, numbers, strict=True)]
    return terms[0] if len(terms) == 1 else f"({' + '.join(terms)})"


def _whole_or_bracketed(number: Fraction) -> str:
    return str(number) if number.denominator == 1 else f"({number})"
