"""How far raters agree: exact shares, and a question is weak by the written rule and no other."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_checklist, a_part, a_question, a_theme, an_assessment, answered
from toolkit.domain.agreement import Verdict, agreement, all_pairs, pairs_between
from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.assessment import Subject, SubjectKind
from toolkit.domain.checklist import Kind, Level, Scale
from toolkit.domain.errors import InvalidInput
from toolkit.domain.pilots import Pilot

CHECKLIST = a_checklist(a_part("employment", a_theme("jobs", a_question("plan"), a_question("money"))))
SAME, NEAR, FAR = (2, 2), (2, 3), (1, 3)


def of_plan(pairs):
    (found,) = agreement(CHECKLIST, {"plan": pairs})
    return found


@pytest.mark.parametrize(
    ("pairs", "exact", "within_one", "verdict"),
    [
        ([SAME] * 5, 1, 1, Verdict.HOLDS),
        ([FAR] * 4, 0, 0, Verdict.TOO_FEW),
        ([FAR] * 5, 0, 0, Verdict.WEAK),
        ([SAME] * 4 + [FAR], Fraction(4, 5), Fraction(4, 5), Verdict.WEAK),
        ([SAME] * 9 + [FAR], Fraction(9, 10), Fraction(9, 10), Verdict.HOLDS),  # nine in ten is enough
        ([SAME] * 89 + [FAR] * 11, Fraction(89, 100), Fraction(89, 100), Verdict.WEAK),
        ([SAME] * 5 + [NEAR] * 5, Fraction(1, 2), 1, Verdict.HOLDS),  # half is enough
        ([SAME] * 2 + [NEAR] * 3, Fraction(2, 5), 1, Verdict.WEAK),
        ([(3, 2)] * 3 + [(0, 0)] * 3, Fraction(1, 2), 1, Verdict.HOLDS),  # whoever is higher
    ],
)
def test_shares_and_verdict(pairs, exact, within_one, verdict):
    found = of_plan(pairs)
    assert (found.pairs, found.exact, found.within_one, found.verdict) == (len(pairs), exact, within_one, verdict)


LEVELS = st.integers(0, 4)


@given(st.lists(st.tuples(LEVELS, LEVELS), min_size=1, max_size=40))
def test_agreement_does_not_depend_on_who_is_named_first_or_on_the_order_of_pairs(pairs):
    found = of_plan(pairs)
    assert 0 <= found.exact <= found.within_one <= 1
    turned = of_plan([(other, one) for one, other in reversed(pairs)])
    assert (found.exact, found.within_one, found.verdict) == (turned.exact, turned.within_one, turned.verdict)


def test_within_one_means_neighbours_on_the_scale_whatever_their_numbers():
    wide = Scale("wide", tuple(Level(value, f"Level {value}") for value in (1, 3, 9)))
    checklist = a_checklist(a_part("employment", a_theme("jobs", a_question("plan", scale=wide))))
    (found,) = agreement(checklist, {"plan": [(1, 3), (3, 9), (1, 9)]})
    assert found.within_one == Fraction(2, 3)


def test_weak_questions_come_first_then_the_order_of_the_checklist():
    found = agreement(CHECKLIST, {"plan": [SAME] * 5, "money": [FAR] * 5})
    assert [one.question.id for one in found] == ["money", "plan"]
    assert [one.question.id for one in agreement(CHECKLIST, {"plan": [SAME], "money": ()})] == ["plan"]


def test_pairs_of_several_pilots_are_put_together():
    pilots = [Pilot(name, name, "2027-03", "Two", {"plan": (SAME, FAR)}) for name in ("first", "second")]
    assert all_pairs(pilots) == {"plan": (SAME, FAR, SAME, FAR)}


def rated(subject, **levels):
    return an_assessment(
        CHECKLIST,
        {name: answered(level) for name, level in levels.items()},
        subject=Subject(subject, SubjectKind.ORGANIZATION),
    )


def test_two_assessments_of_each_subject_make_pairs_where_both_gave_a_level():
    files = [rated("A", plan=2, money=1), rated("B", plan=3), rated("a ", plan=4), rated("B", plan=0, money=4)]
    assert pairs_between(CHECKLIST, files) == {"plan": ((2, 4), (3, 0))}


def test_what_is_no_level_makes_no_pair():
    other = a_checklist(
        a_part("employment", a_theme("jobs", a_question("plan"), a_question("head", kind=Kind.NUMBER, scale=None)))
    )
    one = an_assessment(other, {"plan": Answer(AnswerState.DONT_KNOW), "head": answered(3)})
    assert pairs_between(other, [one, one]) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_a_subject_has_two_raters(count):
    with pytest.raises(InvalidInput) as caught:
        pairs_between(CHECKLIST, [rated("A", plan=1)] * count + [rated("B", plan=1)] * 2)
    assert [(one.path, one.message[-2:]) for one in caught.value.problems] == [("A", f"{count}.")]


def test_only_the_same_text_is_compared():
    newer = replace(CHECKLIST, version="1.0.1", digest="f" * 64)
    with pytest.raises(InvalidInput) as caught:
        pairs_between(newer, [rated("A", plan=1), rated("A", plan=1)])
    assert len(caught.value.problems) == 2
