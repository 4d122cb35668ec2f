"""What a score rests on, worked by hand: coverage, set aside, range, and what makes a result provisional."""

from fractions import Fraction

import pytest

from tests.builders import DONT_KNOW, a_checklist, a_part, a_question, a_theme, answered, not_applicable
from toolkit.domain.assessment import Mandate, ThemeScope
from toolkit.domain.checklist import (
    Compare,
    Level,
    Method,
    NotApplicablePolicy,
    Rule,
    Scale,
    Source,
    Test,
    Thresholds,
    Track,
)
from toolkit.domain.scorecard import Doubt, Figure, Provisional
from toolkit.domain.scoring import score

F = Fraction
NA = not_applicable()
OUTSIDE = ThemeScope(Mandate.OUTSIDE, "Not ours.")
FLOOR = Scale("floor", tuple(Level(value, f"Level {value}", points=F(value)) for value in range(1, 6)))


def core(checklist, answers, **given):
    return score(checklist, answers, track=Track.CORE, **given)


def themes(*sizes, weights=()):
    """Themes t0, t1 … with so many questions each: q0_0, q0_1 …"""
    weights = weights or (1,) * len(sizes)
    return [
        a_theme(f"t{place}", *(a_question(f"q{place}_{below}") for below in range(size)), weight=weight)
        for place, (size, weight) in enumerate(zip(sizes, weights, strict=True))
    ]


def one_objective(*sizes, weights=(), **method):
    return a_checklist(a_part("employment", *themes(*sizes, weights=weights)), method=Method(**method))


# --- rule 5: coverage and what is set aside -------------------------------------------------------


def test_coverage_of_a_theme_is_weight_answered_of_weight_asked_and_applicable():
    gate = Compare(Source("answered"), Test.AT_LEAST, (F(4),))
    theme = a_theme(
        "youth",
        a_question("answered", weight=2),
        a_question("open"),
        a_question("unknown"),
        a_question("gone", weight=5),  # not applicable: leaves the denominator
        a_question("behind", weight=7, ask_if=gate),  # not asked: so does this
        a_question("zero", weight=0),
        a_question("full", track=Track.FULL),
    )
    answers = {"answered": answered(1), "unknown": DONT_KNOW, "gone": NA, "full": answered(4)}
    card = core(a_checklist(a_part("employment", theme)), answers)
    assert card.theme("youth").figure.coverage == F(1, 2)  # 2 of 2 + 1 + 1
    assert card.theme("youth").figure.set_aside == F(5, 16)  # 5 of 2 + 1 + 1 + 5 + 7 in the track


def test_coverage_of_an_objective_is_the_theme_weighted_mean_over_themes_with_anything_applicable():
    checklist = one_objective(2, 1, 1, 1, weights=(3, 1, 2, 4))
    answers = {"q0_0": answered(1), "q0_1": DONT_KNOW, "q1_0": answered(4), "q3_0": NA}
    card = core(checklist, answers)
    assert card.objective("employment").coverage == F(5, 12)  # (3 × 1/2 + 1 × 1 + 2 × 0) ÷ 6, without the fourth
    assert card.objective("employment").set_aside == F(4, 10)  # 4 of 3 + 1 + 2 + 4


def test_overall_coverage_is_the_plain_mean_over_objectives():
    checklist = a_checklist(
        a_part("employment", *themes(1)), a_part("rights", a_theme("r", a_question("r0"), a_question("r1")))
    )
    card = core(checklist, {"q0_0": answered(1), "r0": answered(1)})
    assert card.overall.coverage == F(3, 4)
    card = core(checklist, {"r0": answered(1)}, scope={"t0": OUTSIDE})
    assert card.overall.coverage == F(1, 2)  # nothing is applicable in employment
    assert card.overall.set_aside == F(1, 2)


def test_coverage_of_a_scan_is_over_the_scan():
    theme = a_theme("youth", a_question("scan", track=Track.SCAN), a_question("core"))
    card = score(a_checklist(a_part("employment", theme)), {"scan": answered(1)}, track=Track.SCAN)
    assert card.overall.coverage == 1


# --- rule 6: the range ----------------------------------------------------------------------------


def test_the_range_repeats_the_calculation_with_every_open_question_at_its_ends():
    card = core(one_objective(2, 1), {"q0_0": answered(2), "q0_1": DONT_KNOW})
    assert card.theme("t0").figure == Figure(F(1, 2), F(1, 2), F(1, 4), F(3, 4), F(0))
    # the second theme was not answered at all, and takes part
    assert card.theme("t1").figure == Figure(None, F(0), F(0), F(1), F(0))
    assert card.overall == Figure(F(1, 2), F(1, 4), F(1, 8), F(7, 8), F(0))  # (1/4 + 0) ÷ 2, (3/4 + 1) ÷ 2


def test_open_questions_go_to_the_ends_of_their_own_scale():
    theme = a_theme("youth", a_question("one", scale=FLOOR), a_question("two", scale=FLOOR))
    card = core(a_checklist(a_part("employment", theme)), {"one": answered(3)})
    assert (card.overall.low, card.overall.high) == (F(2, 5), F(4, 5))  # (3 + 1) ÷ 10, (3 + 5) ÷ 10


def test_routing_is_not_run_again_for_the_range():
    gate = Compare(Source("gate"), Test.AT_LEAST, (F(1),))
    theme = a_theme("youth", a_question("gate"), a_question("behind", ask_if=gate))
    card = core(a_checklist(a_part("employment", theme)), {"gate": DONT_KNOW, "behind": answered(4)})
    # with the gate at its lowest the question behind it would not be asked; it stays all the same
    assert (card.overall.share, card.overall.low, card.overall.high) == (1, F(1, 2), 1)


def test_what_is_set_aside_is_not_open():
    card = core(one_objective(2), {"q0_0": answered(2), "q0_1": NA})
    assert (card.overall.low, card.overall.high) == (F(1, 2), F(1, 2))


def test_unanswered_children_of_a_minimum_enter_the_range_only():
    checklist = one_objective(2, 1, theme=Rule.MIN, objective=Rule.MIN, overall=Rule.MIN)
    card = core(checklist, {"q0_0": answered(3)})
    assert card.overall == Figure(F(3, 4), F(1, 4), F(0), F(3, 4), F(0))


def test_the_range_is_there_where_nothing_has_a_score_yet():
    card = core(one_objective(1), {})
    assert card.overall == Figure(None, F(0), F(0), F(1), F(0))
    assert card.overall.width == 1


def test_a_withheld_objective_has_no_range_and_so_has_the_whole():
    card = core(one_objective(1, 1, 1), {"q0_0": NA, "q1_0": NA})
    assert (card.overall.low, card.overall.high, card.overall.width) == (None, None, None)


def test_under_a_policy_that_counts_it_what_is_not_applicable_is_not_open_either():
    checklist = one_objective(2, not_applicable=NotApplicablePolicy.LOWEST)
    card = core(checklist, {"q0_0": answered(4), "q0_1": NA})
    assert card.overall == Figure(F(1, 2), F(1), F(1, 2), F(1, 2), F(0))


# --- rule 7: provisional --------------------------------------------------------------------------


def test_a_complete_assessment_is_not_provisional():
    assert core(one_objective(2), {"q0_0": answered(2), "q0_1": answered(2)}).provisional == ()


def test_nothing_answered_is_doubtful_in_every_way():
    assert core(one_objective(1), {}).provisional == (
        Provisional(Doubt.COVERAGE, F(0), F(4, 5)),
        Provisional(Doubt.OBJECTIVE_COVERAGE, F(0), F(3, 5), "employment"),
        Provisional(Doubt.RANGE, F(1), F(3, 20)),
    )


@pytest.mark.parametrize(
    ("answered_of_twenty", "doubts"),
    [
        (20, []),
        (17, []),  # coverage 85 %, range exactly 15 points: not wider
        (16, ["range"]),  # coverage exactly 80 %: not under; range 20 points
        (15, ["coverage", "range"]),
        (12, ["coverage", "range"]),  # exactly 60 %
        (11, ["coverage", "objective_coverage", "range"]),
    ],
)
def test_thresholds_are_met_exactly(answered_of_twenty, doubts):
    answers = {f"q0_{place}": answered(2) for place in range(answered_of_twenty)}
    card = core(one_objective(20), answers)
    assert [str(one.doubt) for one in card.provisional] == doubts


def test_the_thresholds_are_the_checklists():
    lenient = Thresholds(coverage=F(1, 2), objective_coverage=F(1, 2), range_width=F(1, 2))
    answers = {"q0_0": answered(2)}
    assert core(one_objective(2, thresholds=lenient), answers).provisional == ()
    strict = Thresholds(coverage=F(1), objective_coverage=F(1), range_width=F(0))
    assert len(core(one_objective(2, thresholds=strict), answers).provisional) == 3


def test_the_threshold_for_what_is_set_aside_is_the_checklists():
    strict = Thresholds(set_aside=F(1, 4))
    card = core(one_objective(3, thresholds=strict), {"q0_0": answered(2), "q0_1": answered(2), "q0_2": NA})
    assert card.part("employment").withheld.startswith("More than 25 % of it")


def test_each_objective_is_doubted_by_its_name():
    checklist = a_checklist(a_part("employment", *themes(1)), a_part("rights", a_theme("r", a_question("r0"))))
    card = core(checklist, {"q0_0": answered(1)})
    assert [one.part for one in card.provisional] == [None, "rights", None]
