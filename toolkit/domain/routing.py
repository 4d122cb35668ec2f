"""Which questions are asked, and what part each plays in the score (DESIGN.md, section 3, rules 2 and 4).

A comparison in `ask_if` is either true, false or open. It is open when its question is unanswered or answered "don't
know", when that question is outside the track, or when the fact is not known: then the question is asked. Where its
question is not applicable or was not asked itself, the comparison is false, and so is its opposite: `not` does not
turn it into true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

from toolkit.domain.answers import UNANSWERED, Answer, AnswerState, Value
from toolkit.domain.assessment import FactValue, Mandate, ThemeScope
from toolkit.domain.checklist import (
    AllOf,
    AnyOf,
    Checklist,
    Compare,
    Condition,
    Not,
    Part,
    Question,
    QuestionId,
    Test,
    Theme,
    ThemeId,
    Track,
)
from toolkit.domain.scorecard import Standing

NEVER_ASKED = frozenset({Standing.NOT_ASKED, Standing.OUTSIDE_MANDATE, Standing.OUTSIDE_TRACK})

_IN = ThemeScope(Mandate.IN)
_BY_STATE = {
    AnswerState.ANSWERED: Standing.COUNTS,
    AnswerState.DONT_KNOW: Standing.DONT_KNOW,
    AnswerState.NOT_APPLICABLE: Standing.NOT_APPLICABLE,
    AnswerState.UNANSWERED: Standing.UNANSWERED,
    AnswerState.NOT_ASKED: Standing.UNANSWERED,  # never stored; where it is all the same, routing has the last word
}


def asked(
    checklist: Checklist,
    answers: Mapping[QuestionId, Answer],
    *,
    track: Track,
    scope: Mapping[ThemeId, ThemeScope] | None = None,
    facts: Mapping[str, FactValue] | None = None,
) -> dict[QuestionId, Standing]:
    """The part that each question plays, in the checklist's order; those in `NEVER_ASKED` are not asked.

    The first that applies: outside the track; its theme outside the mandate (profile sections cannot be); its
    condition false; weight 0, not a core rating or in an unscored layer (shown, never scored); then by its answer. An
    answered rating of a profile section is shown and never scored.
    """
    routes = _Routes(checklist, answers, facts or {})
    for part, theme, question in checklist.questions():
        routes.standings[question.id] = routes.standing(part, theme, question, track, scope or {})
    return routes.standings


def mandate_of(part: Part, theme: Theme, scope: Mapping[ThemeId, ThemeScope]) -> Mandate:
    """How a theme relates to the mandate: in it unless said otherwise; a profile section is always in it."""
    return scope.get(theme.id, _IN).mandate if part.scored else Mandate.IN


class _Truth(IntEnum):
    """Ordered so that `all` is the lowest and `any` the highest."""

    FALSE = 0
    OPEN = 1
    TRUE = 2


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Whether a condition holds, and whether its opposite does: over a gate that is not applicable neither does."""

    holds: _Truth
    fails: _Truth


_NEITHER = _Verdict(_Truth.FALSE, _Truth.FALSE)
_OPEN = _Verdict(_Truth.OPEN, _Truth.OPEN)
_YES = _Verdict(_Truth.TRUE, _Truth.FALSE)
_NO = _Verdict(_Truth.FALSE, _Truth.TRUE)


class _Routes:
    """The standings found so far: a condition looks at earlier questions only."""

    def __init__(
        self, checklist: Checklist, answers: Mapping[QuestionId, Answer], facts: Mapping[str, FactValue]
    ) -> None:
        self.checklist = checklist
        self.answers = answers
        self.facts = facts
        self.standings: dict[QuestionId, Standing] = {}

    def standing(
        self, part: Part, theme: Theme, question: Question, track: Track, scope: Mapping[ThemeId, ThemeScope]
    ) -> Standing:
        if not track.includes(question.track):
            return Standing.OUTSIDE_TRACK
        if mandate_of(part, theme, scope) is Mandate.OUTSIDE:
            return Standing.OUTSIDE_MANDATE
        if question.ask_if is not None and self.verdict(question.ask_if).holds is _Truth.FALSE:
            return Standing.NOT_ASKED
        if not question.is_core_rating:
            is_fact = question.is_beside_the_index or not question.is_rating or question.track is Track.FULL
            return Standing.FACT if is_fact else Standing.WEIGHT_ZERO
        standing = _BY_STATE[self.answers.get(question.id, UNANSWERED).counted_state]
        return Standing.FACT if standing is Standing.COUNTS and not part.scored else standing

    def verdict(self, condition: Condition) -> _Verdict:
        if isinstance(condition, Not):
            inner = self.verdict(condition.condition)
            return _Verdict(inner.fails, inner.holds)
        if isinstance(condition, AllOf):
            found = [self.verdict(one) for one in condition.conditions]
            return _Verdict(
                min((one.holds for one in found), default=_Truth.TRUE),
                max((one.fails for one in found), default=_Truth.FALSE),
            )
        if isinstance(condition, AnyOf):
            found = [self.verdict(one) for one in condition.conditions]
            return _Verdict(
                max((one.holds for one in found), default=_Truth.FALSE),
                min((one.fails for one in found), default=_Truth.TRUE),
            )
        return self._compared(condition)

    def _compared(self, condition: Compare) -> _Verdict:
        name = condition.source.id
        if condition.source.is_fact:
            fact = self.facts.get(name)
            return _OPEN if fact is None else _verdict(condition, fact)
        standing = self.standings.get(name, Standing.OUTSIDE_TRACK)
        if standing is Standing.OUTSIDE_TRACK:
            return _OPEN
        if standing in NEVER_ASKED:
            return _NEITHER
        answer = self.answers.get(name, UNANSWERED)
        if answer.counted_state is AnswerState.NOT_APPLICABLE:
            return _NEITHER
        if answer.counted_state is not AnswerState.ANSWERED or answer.value is None:
            return _OPEN
        return _verdict(condition, answer.value)


def _verdict(condition: Compare, value: Value | FactValue) -> _Verdict:
    return _YES if _holds(condition, value) else _NO


def _holds(condition: Compare, value: Value | FactValue) -> bool:
    """Whether a comparison is true of a value. With several choices, `is` holds when the option is among them."""
    if condition.test in (Test.AT_LEAST, Test.AT_MOST):
        number, bound = _number(value), _number(condition.values[0])
        if number is None or bound is None:
            return False
        return number >= bound if condition.test is Test.AT_LEAST else number <= bound
    picked = value if isinstance(value, tuple) else (value,)
    found = any(_same(one, other) for one in picked for other in condition.values)
    return not found if condition.test is Test.IS_NOT else found


def _same(one: object, other: object) -> bool:
    """Equal, and of one sort: true is not 1, and 0.1 is one tenth."""
    first, second = _number(one), _number(other)
    if first is None or second is None:
        return type(one) is type(other) and one == other
    return first == second


def _number(value: object) -> Fraction | None:
    if isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool):
        return Fraction(value)
    return None
