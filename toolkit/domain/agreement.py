"""How far two raters agree: question by question, exactly, with the weak ones named by a written rule.

A question is weak when, of at least five pairs, fewer than nine in ten lie within one level of each other, or fewer
than half are the same level. With fewer pairs nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from toolkit.domain.answers import AnswerState
from toolkit.domain.assessment import Assessment
from toolkit.domain.checklist import Checklist, Question, QuestionId
from toolkit.domain.errors import InvalidInput, Problem
from toolkit.domain.pilots import Pair, Pilot
from toolkit.domain.reading_beside import level_values, questions_by_name

PAIRS_NEEDED = 5
WITHIN_ONE_NEEDED = Fraction(9, 10)
EXACT_NEEDED = Fraction(1, 2)
RULE = (
    "A question is weak when, of at least five pairs, fewer than nine in ten lie within one level of each other, or "
    "fewer than half are the same level."
)


class Verdict(StrEnum):
    """What the pairs of a question say about it; the order is that of the table."""

    WEAK = "weak"
    TOO_FEW = "too_few"
    HOLDS = "holds"


VERDICTS = {Verdict.WEAK: "weak", Verdict.TOO_FEW: "too few to say", Verdict.HOLDS: "holds"}


@dataclass(frozen=True, slots=True)
class QuestionAgreement:
    """One question: how many pairs, and which share of them is the same level, or within one level."""

    question: Question
    pairs: int
    exact: Fraction
    within_one: Fraction

    @property
    def verdict(self) -> Verdict:
        """What the rule says."""
        if self.pairs < PAIRS_NEEDED:
            return Verdict.TOO_FEW
        weak = self.within_one < WITHIN_ONE_NEEDED or self.exact < EXACT_NEEDED
        return Verdict.WEAK if weak else Verdict.HOLDS


def agreement(checklist: Checklist, ratings: Mapping[QuestionId, Iterable[Pair]]) -> tuple[QuestionAgreement, ...]:
    """The agreement on each question that has pairs: weak ones first, then in the order of the checklist.

    One level apart means neighbours on the scale, whatever their numbers.
    """
    found = [
        _of_question(question, tuple(ratings[name]))
        for name, question in questions_by_name(checklist).items()
        if tuple(ratings.get(name, ()))
    ]
    order = list(Verdict)
    return tuple(sorted(found, key=lambda one: order.index(one.verdict)))


def _of_question(question: Question, pairs: tuple[Pair, ...]) -> QuestionAgreement:
    steps = {value: step for step, value in enumerate(level_values(question))}
    apart = [abs(steps[one] - steps[other]) for one, other in pairs]
    total = len(pairs)
    same, near = sum(1 for one in apart if one == 0), sum(1 for one in apart if one <= 1)
    return QuestionAgreement(question, total, Fraction(same, total), Fraction(near, total))


def all_pairs(pilots: Iterable[Pilot]) -> dict[QuestionId, tuple[Pair, ...]]:
    """The pairs of all pilots together, by question."""
    found: dict[QuestionId, tuple[Pair, ...]] = {}
    for pilot in pilots:
        for name, pairs in pilot.ratings.items():
            found[name] = (*found.get(name, ()), *pairs)
    return found


def pairs_between(checklist: Checklist, assessments: Iterable[Assessment]) -> dict[QuestionId, tuple[Pair, ...]]:
    """The pairs of levels that two raters gave, by question, from their assessments: two for each subject.

    The first assessment of a subject gives the first level of its pairs. A question that only one of them rated makes
    no pair. Raises InvalidInput when a subject has not exactly two, or they are of another version.
    """
    subjects: dict[tuple[str, str, str], list[Assessment]] = {}
    problems = []
    for one in assessments:
        if one.checklist_digest != checklist.digest:
            text = f"It is of {one.checklist_id} {one.checklist_version}, not of the same text of {checklist.id}."
            problems.append(Problem(one.subject.name, text))
        subject = (one.subject.name.strip().casefold(), str(one.subject.kind), one.subject.organization.casefold())
        subjects.setdefault(subject, []).append(one)
    for same in subjects.values():
        if len(same) != 2:
            message = f"Two assessments of the same subject are compared; of this one there are {len(same)}."
            problems.append(Problem(same[0].subject.name, message))
    if problems:
        raise InvalidInput("The comparison", tuple(problems))
    found: dict[QuestionId, tuple[Pair, ...]] = {}
    for first, second in subjects.values():
        for name, question in questions_by_name(checklist).items():
            given, again = _level(first, question), _level(second, question)
            if given is not None and again is not None:
                found[name] = (*found.get(name, ()), (given, again))
    return found


def _level(assessment: Assessment, question: Question) -> int | None:
    answer = assessment.answer(question.id)
    given = question.is_rating and answer.state is AnswerState.ANSWERED and isinstance(answer.value, int)
    return answer.value if given and isinstance(answer.value, int) else None
