"""Which questions are asked, for every state of a gate."""

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.builders import DONT_KNOW, a_checklist, a_part, a_question, a_theme, answered, not_applicable
from toolkit.domain.answers import UNANSWERED, Answer, AnswerState
from toolkit.domain.assessment import Mandate, ThemeScope
from toolkit.domain.checklist import AllOf, AnyOf, Compare, Kind, Not, Option, Source, Test, Track
from toolkit.domain.routing import NEVER_ASKED, asked
from toolkit.domain.scorecard import Standing

NO_REASON = not_applicable(reason="")
OPTIONS = (Option("a", "A"), Option("b", "B"), Option("c", "C"))


def at_least(level, gate="gate"):
    return Compare(Source(gate), Test.AT_LEAST, (Fraction(level),))


def fact(value, test=Test.IS, name="offices"):
    return Compare(Source(name, is_fact=True), test, (value,))


def standings(condition, answers=None, *, gates=(), facts=None, track=Track.CORE, scope=None):
    """Gates in a theme of their own, then the question with the condition."""
    before = a_theme("before", *(gates or (a_question("gate"), a_question("second"))))
    after = a_theme("after", a_question("behind", ask_if=condition))
    checklist = a_checklist(a_part("employment", before, after))
    return asked(checklist, answers or {}, track=track, facts=facts, scope=scope)


def is_asked(condition, answers=None, **given):
    return standings(condition, answers, **given)["behind"] not in NEVER_ASKED


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        (answered(3), True),
        (answered(2), True),
        (answered(1), False),
        (UNANSWERED, True),
        (DONT_KNOW, True),
        (not_applicable(), False),
        (NO_REASON, True),  # without its reason it counts as unanswered
        (Answer(AnswerState.ANSWERED), True),  # without a value too
    ],
)
def test_a_gate_in_every_state(gate, expected):
    assert is_asked(at_least(2), {"gate": gate}) is expected


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        (answered(3), False),
        (answered(1), True),
        (UNANSWERED, True),
        (DONT_KNOW, True),
        (not_applicable(), False),  # neither the condition nor its opposite
    ],
)
def test_the_opposite_of_a_condition_in_every_state_of_its_gate(gate, expected):
    assert is_asked(Not(at_least(2)), {"gate": gate}) is expected
    assert is_asked(Not(Not(Not(at_least(2)))), {"gate": gate}) is expected


YES, NO, OPEN, NA = answered(4), answered(0), DONT_KNOW, not_applicable()


@pytest.mark.parametrize(
    ("first", "second", "both", "either", "not_both", "neither"),
    [
        (YES, YES, True, True, False, False),
        (YES, NO, False, True, True, False),
        (YES, OPEN, True, True, True, False),
        (YES, NA, False, True, False, False),
        (NO, NO, False, False, True, True),
        (NO, OPEN, False, True, True, True),
        (NO, NA, False, False, True, False),
        (OPEN, OPEN, True, True, True, True),
        (OPEN, NA, False, True, True, False),
        (NA, NA, False, False, False, False),
    ],
)
def test_two_gates_together(first, second, both, either, not_both, neither):
    gates = (at_least(2), at_least(2, "second"))
    for answers in ({"gate": first, "second": second}, {"gate": second, "second": first}):
        assert is_asked(AllOf(gates), answers) is both
        assert is_asked(AnyOf(gates), answers) is either
        assert is_asked(Not(AllOf(gates)), answers) is not_both
        assert is_asked(Not(AnyOf(gates)), answers) is neither


def test_a_gate_that_was_not_asked_closes_what_is_behind_it():
    gates = (a_question("first"), a_question("gate", ask_if=at_least(2, "first")))
    found = standings(at_least(2), {"first": answered(0), "gate": answered(4)}, gates=gates)
    assert found["gate"] is Standing.NOT_ASKED
    assert found["behind"] is Standing.NOT_ASKED
    found = standings(Not(at_least(2)), {"first": answered(0), "gate": answered(0)}, gates=gates)
    assert found["behind"] is Standing.NOT_ASKED


def test_a_gate_outside_the_mandate_was_not_asked():
    scope = {"before": ThemeScope(Mandate.OUTSIDE, "Not ours.")}
    assert not is_asked(at_least(2), {"gate": answered(4)}, scope=scope)


def test_a_gate_outside_the_track_leaves_the_question_open():
    gates = (a_question("gate", track=Track.FULL),)
    assert is_asked(at_least(2), {"gate": answered(0)}, gates=gates)
    assert not is_asked(at_least(2), {"gate": answered(0)}, gates=gates, track=Track.FULL)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [({"offices": True}, True), ({"offices": False}, False), ({}, True), (None, True), ({"other": False}, True)],
)
def test_a_fact_that_is_not_known_leaves_the_question_open(facts, expected):
    assert is_asked(fact(True), facts=facts) is expected


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        (fact("large", Test.IS_NOT, "size"), {"size": "small"}, True),
        (fact("large", Test.IS_NOT, "size"), {"size": "large"}, False),
        (fact(Fraction(1, 10), Test.AT_LEAST, "staff"), {"staff": Decimal("0.1")}, True),
        (fact(Fraction(1, 10), Test.AT_MOST, "staff"), {"staff": Decimal("0.11")}, False),
        (fact(Fraction(1), Test.IS, "staff"), {"staff": True}, False),  # true is not the number 1
    ],
)
def test_facts_of_every_kind(condition, facts, expected):
    assert is_asked(condition, facts=facts) is expected


CASES = [
    (a_question("gate"), Test.IS, (Fraction(2),), answered(2), True),
    (a_question("gate"), Test.IS, (Fraction(2),), answered(3), False),
    (a_question("gate"), Test.ANY_OF, (Fraction(0), Fraction(4)), answered(4), True),
    (a_question("gate"), Test.AT_MOST, (Fraction(1),), answered(2), False),
    (a_question("gate", kind=Kind.YES_NO), Test.IS, (True,), answered(True), True),
    (a_question("gate", kind=Kind.YES_NO), Test.IS_NOT, (True,), answered(False), True),
    (a_question("gate", kind=Kind.CHOICE, options=OPTIONS), Test.ANY_OF, ("a", "b"), answered("b"), True),
    (a_question("gate", kind=Kind.CHOICE, options=OPTIONS), Test.ANY_OF, ("a", "b"), answered("c"), False),
    (a_question("gate", kind=Kind.CHOICES, options=OPTIONS), Test.IS, ("a",), answered(("c", "a")), True),
    (a_question("gate", kind=Kind.CHOICES, options=OPTIONS), Test.IS_NOT, ("a",), answered(("c", "a")), False),
    (a_question("gate", kind=Kind.CHOICES, options=OPTIONS), Test.ANY_OF, ("a", "b"), answered(("c",)), False),
    (a_question("gate", kind=Kind.NUMBER), Test.IS, (Fraction(1, 4),), answered(Decimal("0.250")), True),
    (a_question("gate", kind=Kind.NUMBER), Test.AT_LEAST, (Fraction(1, 3),), answered(Decimal("0.333")), False),
]


@pytest.mark.parametrize(("gate", "test", "values", "answer", "expected"), CASES)
def test_every_comparison_with_every_kind(gate, test, values, answer, expected):
    assert is_asked(Compare(Source("gate"), test, values), {"gate": answer}, gates=(gate,)) is expected


# --- standings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        (a_question("q"), answered(0), Standing.COUNTS),
        (a_question("q"), UNANSWERED, Standing.UNANSWERED),
        (a_question("q"), DONT_KNOW, Standing.DONT_KNOW),
        (a_question("q"), NA, Standing.NOT_APPLICABLE),
        (a_question("q"), NO_REASON, Standing.UNANSWERED),
        (a_question("q", weight=0), answered(4), Standing.WEIGHT_ZERO),
        (a_question("q", weight=0), UNANSWERED, Standing.WEIGHT_ZERO),
        (a_question("q", kind=Kind.TEXT), answered("Yes."), Standing.FACT),
        (a_question("q", kind=Kind.YES_NO, weight=0), UNANSWERED, Standing.FACT),
        (a_question("q", track=Track.FULL), answered(4), Standing.OUTSIDE_TRACK),
    ],
)
def test_what_part_a_question_plays(question, answer, expected):
    checklist = a_checklist(a_part("employment", a_theme("youth", question)))
    assert asked(checklist, {"q": answer}, track=Track.CORE) == {"q": expected}


def test_a_rating_of_the_full_track_is_shown_and_never_part_of_the_index():
    checklist = a_checklist(a_part("employment", a_theme("youth", a_question("q", track=Track.FULL))))
    assert asked(checklist, {"q": answered(4)}, track=Track.FULL) == {"q": Standing.FACT}


def test_an_answered_rating_of_a_profile_section_is_shown_and_an_open_one_is_open():
    theme = a_theme("set_up", a_question("one"), a_question("two"))
    checklist = a_checklist(a_part(), a_part("institution", theme, scored=False))
    found = asked(checklist, {"one": answered(4)}, track=Track.CORE)
    assert (found["one"], found["two"]) == (Standing.FACT, Standing.UNANSWERED)


def test_a_profile_section_cannot_be_outside_the_mandate():
    checklist = a_checklist(a_part(), a_part("institution", a_theme("set_up", a_question("one")), scored=False))
    found = asked(checklist, {}, track=Track.CORE, scope={"set_up": ThemeScope(Mandate.OUTSIDE)})
    assert found["one"] is Standing.UNANSWERED


@pytest.mark.parametrize(("track", "number"), [(Track.SCAN, 1), (Track.CORE, 2), (Track.FULL, 3)])
def test_each_track_contains_the_one_before(track, number):
    theme = a_theme("youth", *(a_question(f"in_{one}", track=one) for one in Track))
    found = asked(a_checklist(a_part("employment", theme)), {}, track=track)
    assert sum(standing not in NEVER_ASKED for standing in found.values()) == number
