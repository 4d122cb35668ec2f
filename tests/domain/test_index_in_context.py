"""What stands beside the index, worked by hand: gap, low objectives, bands, sensitivity, other choices of method."""

from fractions import Fraction

import pytest

from tests.builders import DONT_KNOW, a_checklist, a_part, a_question, a_theme, answered, not_applicable
from toolkit.domain.checklist import Band, BandNeed, Level, Method, NotApplicablePolicy, Rule, Scale, Track
from toolkit.domain.scorecard import Alternative, Gap, Sensitivity
from toolkit.domain.scoring import score

F = Fraction
NA = not_applicable()


def core(checklist, answers):
    return score(checklist, answers, track=Track.CORE)


def a_checklist_of(**objectives):
    """Objectives by name, each with themes of so many questions: a=(2, 1) has a0_0, a0_1 and a1_0."""
    parts = [
        a_part(
            name,
            *(
                a_theme(f"{name}{place}", *(a_question(f"{name}{place}_{below}") for below in range(size)))
                for place, size in enumerate(sizes)
            ),
        )
        for name, sizes in objectives.items()
    ]
    return a_checklist(*parts)


def levels(**given):
    return {name: answered(level) for name, level in given.items()}


# --- rule 8: gap and low objectives ---------------------------------------------------------------

ONE_EACH = {"a": (1,), "b": (1,), "c": (1,)}


@pytest.mark.parametrize(
    ("answers", "gap"),
    [
        (levels(a0_0=3, b0_0=1, c0_0=2), Gap(F(1, 2), lowest="b", highest="a")),
        (levels(a0_0=1, b0_0=1, c0_0=2), Gap(F(1, 4), lowest="a", highest="c")),  # of equals the first
        (levels(a0_0=2, b0_0=2, c0_0=2), Gap(F(0), lowest="a", highest="a")),
        (levels(b0_0=1, c0_0=4), Gap(F(3, 4), lowest="b", highest="c")),  # without those that have no score
        (levels(c0_0=4), None),
        ({}, None),
    ],
)
def test_the_gap_names_the_lowest_and_the_highest(answers, gap):
    assert core(a_checklist_of(**ONE_EACH), answers).gap == gap


def test_objectives_under_the_low_mark_are_named_whatever_the_overall():
    card = core(a_checklist_of(a=(1,), b=(4,), c=(4,)), levels(a0_0=4, b0_0=1, b0_1=1, b0_2=1, b0_3=0, c0_0=1))
    assert card.objective("b").share == F(3, 16)
    assert card.objective("c").share == F(1, 4)  # exactly on the mark: not under it
    assert card.low_objectives == ("b",)


# --- rule 9: bands --------------------------------------------------------------------------------

BANDS = (
    Band("high", "High", "…", (BandNeed(F(3, 4), 3),), none_at=0),
    Band("middle", "Middle", "…", (BandNeed(F(1, 2), 2), BandNeed(F(3, 4), 1))),
    Band("rest", "Rest", "…"),
)


@pytest.mark.parametrize(
    ("themes", "band"),
    [
        ((3, 3, 3, 1), "high"),  # exactly three quarters at 3 or more
        ((4, 4, 4, 0), "middle"),  # one stands at 0
        ((3, 3, 2, 2), "middle"),
        ((2, 2, 1, 0), "middle"),  # half at 2 or more, three quarters at 1 or more
        ((2, 2, 0, 0), "rest"),  # the second need fails
        ((4, 1, 1, 1), "rest"),
        ((3, 3, 3, None), "high"),  # only rated themes are counted
        ((None, None, None, None), None),
    ],
)
def test_a_band_comes_from_the_levels_of_the_themes(themes, band):
    parts = [a_part("a", *(a_theme(f"t{place}", a_question(f"q{place}")) for place in range(4)))]
    answers = {f"q{place}": answered(level) for place, level in enumerate(themes) if level is not None}
    card = core(a_checklist(*parts, bands=BANDS), answers)
    assert (card.band.id if card.band else None) == band


def test_profile_sections_and_themes_of_weight_zero_have_no_say_in_the_band():
    checklist = a_checklist(
        a_part("a", a_theme("counts", a_question("counts")), a_theme("zero", a_question("zero"), weight=0)),
        a_part("institution", a_theme("set_up", a_question("set_up")), scored=False),
        bands=BANDS,
    )
    assert core(checklist, levels(counts=4, zero=0, set_up=0)).band.id == "high"
    assert core(checklist, levels(zero=4, set_up=4)).band is None


def test_without_a_band_that_holds_there_is_none():
    assert core(a_checklist(bands=BANDS[:1]), levels(employment_theme_policy=2)).band is None
    assert core(a_checklist(), levels(employment_theme_policy=4)).band is None


# --- rule 10: sensitivity -------------------------------------------------------------------------


def test_sensitivity_is_the_exact_effect_of_one_level():
    card = core(a_checklist_of(a=(1, 2), b=(1,)), levels(a0_0=2, a1_0=4, a1_1=0, b0_0=1))
    # one level is 1/4. a0_0: 1/4 ÷ 2 themes ÷ 2 objectives = 1/16. a1_0 and a1_1: half of it. b0_0: 1/4 ÷ 2 = 1/8.
    # in order 1/32, 1/32, 1/16, 1/8: the median lies halfway between 1/32 and 1/16
    assert card.sensitivity == Sensitivity(most=F(1, 8), typical=F(3, 64), question="b0_0")


def test_questions_at_the_top_move_down_and_only_those_that_count_move():
    checklist = a_checklist(
        a_part(
            "a",
            a_theme("t", a_question("top"), a_question("open"), a_question("gone"), a_question("zero", weight=0)),
            a_theme("extra", a_question("extra"), weight=0),
        )
    )
    answers = levels(top=4, zero=1, extra=1) | {"open": DONT_KNOW, "gone": NA}
    assert core(checklist, answers).sensitivity == Sensitivity(F(1, 4), F(1, 4), "top")


def test_one_level_is_what_the_scale_says_it_is():
    steep = Scale("steep", tuple(Level(place, str(place), points=F(earned)) for place, earned in enumerate((0, 1, 9))))
    checklist = a_checklist(a_part("a", a_theme("t", a_question("q", scale=steep))))
    moves = [core(checklist, levels(q=level)).sensitivity.most for level in (0, 1, 2)]
    assert moves == [F(1, 9), F(8, 9), F(8, 9)]  # 0 → 1, 1 → 2, and down from the top 2 → 1


def test_the_first_of_equals_is_named():
    card = core(a_checklist_of(a=(1,), b=(1,)), levels(a0_0=1, b0_0=3))
    assert card.sensitivity.question == "a0_0"


def test_under_a_minimum_most_questions_change_nothing():
    theme = a_theme("t", a_question("low"), a_question("high"), a_question("higher"))
    checklist = a_checklist(a_part("a", theme), method=Method(theme=Rule.MIN))
    card = core(checklist, levels(low=1, high=3, higher=4))
    assert card.sensitivity == Sensitivity(most=F(1, 4), typical=F(0), question="low")


# --- rule 10: other choices of method -------------------------------------------------------------


def alternatives(checklist, answers):
    return {one.id: one for one in core(checklist, answers).alternatives}


def test_the_four_other_choices():
    checklist = a_checklist(
        a_part(
            "a",
            a_theme("a0", a_question("a0_0", weight=3), a_question("a0_1"), weight=3),
            a_theme("a1", a_question("a1_0"), a_question("a1_1"), a_question("a1_2")),
        ),
        a_part("b", a_theme("b0", a_question("b0_0"), a_question("b0_1"))),
    )
    answers = levels(a0_0=4, a0_1=0, a1_0=1, a1_1=1, b0_0=2) | {"a1_2": NA, "b0_1": NA}
    # as declared: a0 3/4, a1 1/4, a (3 × 3/4 + 1/4) ÷ 4 = 5/8; b 1/2; overall 9/16
    found = alternatives(checklist, answers)
    assert found == {
        # a: (1 + 0 + 1/4 + 1/4) ÷ 4 = 3/8; b 1/2
        "every_question_equal": Alternative(
            "every_question_equal", F(7, 16), (("a", F(3, 8)), ("b", F(1, 2))), order_differs=True
        ),
        # a: (3/4 + 1/4) ÷ 2 = 1/2; overall over the three themes (3/4 + 1/4 + 1/2) ÷ 3; now both are equal
        "every_theme_equal": Alternative(
            "every_theme_equal", F(1, 2), (("a", F(1, 2)), ("b", F(1, 2))), order_differs=False
        ),
        "lowest_objective": Alternative(
            "lowest_objective", F(1, 2), (("a", F(5, 8)), ("b", F(1, 2))), order_differs=False
        ),
        # a1: (1/4 + 1/4 + 0) ÷ 3 = 1/6, a (9/4 + 1/6) ÷ 4 = 29/48; b 1/4; overall 41/96
        "not_applicable_lowest": Alternative(
            "not_applicable_lowest", F(41, 96), (("a", F(29, 48)), ("b", F(1, 4))), order_differs=False
        ),
    }
    assert core(checklist, answers).order_differs


def test_weight_zero_counts_under_no_choice():
    themes = (
        a_theme("t", a_question("q"), a_question("zero", weight=0)),
        a_theme("extra", a_question("extra"), weight=0),
    )
    found = alternatives(a_checklist(a_part("a", *themes)), levels(q=2, zero=4, extra=4))
    assert {one.overall for one in found.values()} == {F(1, 2)}


def test_what_is_not_applicable_no_longer_withholds_once_it_counts():
    checklist = a_checklist_of(a=(3,), b=(1,))
    answers = levels(a0_0=4, b0_0=2) | {"a0_1": NA, "a0_2": NA}
    assert core(checklist, answers).objective("a").share is None
    found = alternatives(checklist, answers)
    assert found["not_applicable_lowest"].objectives == (("a", F(1, 3)), ("b", F(1, 2)))
    assert found["not_applicable_lowest"].overall == F(5, 12)
    for name in ("every_question_equal", "every_theme_equal", "lowest_objective"):
        assert found[name].objectives == (("a", None), ("b", F(1, 2)))
        assert found[name].overall is None


def test_without_anything_not_applicable_that_choice_changes_nothing():
    checklist = a_checklist_of(a=(2, 1), b=(1,))
    answers = levels(a0_0=4, a0_1=1, a1_0=3, b0_0=0)
    card = core(checklist, answers)
    (same,) = [one for one in card.alternatives if one.id == "not_applicable_lowest"]
    assert (same.overall, same.order_differs) == (card.overall.share, False)


def test_where_it_counts_highest_the_other_choice_still_counts_it_lowest():
    checklist = a_checklist(
        a_part("a", a_theme("t", a_question("one"), a_question("two"))),
        method=Method(not_applicable=NotApplicablePolicy.HIGHEST),
    )
    answers = levels(one=2) | {"two": NA}
    assert core(checklist, answers).overall.share == F(3, 4)
    assert alternatives(checklist, answers)["not_applicable_lowest"].overall == F(1, 4)


def test_open_questions_are_no_number_under_any_choice():
    found = alternatives(a_checklist_of(a=(2,), b=(1,)), levels(a0_0=2) | {"a0_1": DONT_KNOW})
    assert {one.objectives for one in found.values()} == {(("a", F(1, 2)), ("b", None))}
