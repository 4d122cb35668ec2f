"""What voices say beside the consolidated answers, and how far they lie apart."""

from __future__ import annotations

from fractions import Fraction
from uuid import uuid4

import pytest

from tests.builders import (
    DONT_KNOW,
    a_checklist,
    a_part,
    a_question,
    a_theme,
    answered,
    not_applicable,
)
from toolkit.domain.answers import UNANSWERED, Answer
from toolkit.domain.checklist import Checklist, Kind, Track
from toolkit.domain.differences import Difference, differences
from toolkit.domain.positions import Position
from toolkit.domain.routing import asked
from toolkit.domain.voices import Voice, VoiceKind


def a_position(**answers: Answer) -> Position:
    return Position(Voice(uuid4(), VoiceKind.UNIT, "Field office"), answers)


def found(answers: dict[str, Answer], *positions: Position, checklist: Checklist | None = None) -> list[Difference]:
    checklist = checklist or a_checklist(
        a_part("employment", a_theme("jobs", a_question("policy"), a_question("budget")))
    )
    standing = asked(checklist, answers, track=Track.CORE)
    return list(differences(checklist, answers, positions, standing=standing))


def test_a_voice_that_says_another_level_differs_and_the_spread_is_what_lies_between():
    [one] = found({"policy": answered(3)}, a_position(policy=answered(1)), a_position(policy=answered(4)))
    assert [stance.differs for stance in one.stances] == [True, True]
    assert one.disagrees
    assert one.spread == Fraction(3, 4)


def test_the_consolidated_answer_takes_part_in_the_spread():
    [one] = found({"policy": answered(4)}, a_position(policy=answered(1)))
    assert one.spread == Fraction(3, 4)


def test_a_voice_that_says_the_same_does_not_differ_whatever_its_comment():
    [one] = found({"policy": answered(2)}, a_position(policy=answered(2, comment="Only in two countries.")))
    assert not one.disagrees
    assert not one.is_split
    assert one.spread == 0


@pytest.mark.parametrize("silent", [UNANSWERED, DONT_KNOW, not_applicable(reason=" ")])
def test_who_says_nothing_takes_no_part(silent):
    assert found({"policy": answered(2)}, a_position(policy=silent)) == []


def test_voices_may_be_split_before_anything_is_settled():
    [one] = found({}, a_position(policy=answered(1)), a_position(policy=answered(2)))
    assert not one.disagrees
    assert one.is_split
    assert one.spread == Fraction(1, 4)


def test_not_applicable_against_a_level_is_a_difference_without_a_spread():
    [one] = found({"policy": answered(2)}, a_position(policy=not_applicable()))
    assert one.disagrees
    assert one.spread is None


def test_a_question_that_is_not_asked_is_left_out():
    checklist = a_checklist(
        a_part("employment", a_theme("jobs", a_question("policy"), a_question("detail", track=Track.FULL)))
    )
    assert found({}, a_position(detail=answered(1)), checklist=checklist) == []


def test_facts_differ_too_and_earn_nothing():
    checklist = a_checklist(
        a_part("employment", a_theme("jobs", a_question("policy"), a_question("unit", kind=Kind.TEXT, scale=None)))
    )
    [one] = found({"unit": answered("Yes")}, a_position(unit=answered("No")), checklist=checklist)
    assert one.disagrees
    assert one.spread is None


def test_questions_stand_in_the_order_of_the_checklist():
    both = a_position(budget=answered(1), policy=answered(1))
    assert [one.question for one in found({}, both)] == ["policy", "budget"]
