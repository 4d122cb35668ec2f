"""The score card, worked by hand: shares, tiers, not applicable, mandate, tracks."""

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.builders import (
    DONT_KNOW,
    FIVE_LEVELS,
    a_checklist,
    a_part,
    a_question,
    a_theme,
    an_assessment,
    answered,
    not_applicable,
)
from toolkit.domain.answers import UNANSWERED, Evidence
from toolkit.domain.assessment import Mandate, ThemeScope
from toolkit.domain.checklist import (
    Compare,
    Kind,
    Level,
    Method,
    NotApplicablePolicy,
    NumberBand,
    Option,
    Rule,
    Scale,
    Source,
    Test,
    Track,
)
from toolkit.domain.errors import InvalidInput, UnknownQuestion
from toolkit.domain.scorecard import Figure, LevelCount, Standing
from toolkit.domain.scoring import score, score_assessment

F = Fraction
OUTSIDE = ThemeScope(Mandate.OUTSIDE, "Not ours.")


def core(checklist, answers, **given):
    return score(checklist, answers, track=Track.CORE, **given)


def ratings(**levels):
    return {name: answered(level) for name, level in levels.items()}


@pytest.mark.parametrize(
    ("answer", "share"),
    [
        (answered(4), 1),
        (answered(3), F(3, 4)),
        (answered(0), 0),
        (UNANSWERED, None),
        (DONT_KNOW, None),
        (not_applicable(), None),
        (not_applicable(reason=" "), None),
    ],
)
def test_share_of_a_single_question(answer, share):
    checklist = a_checklist(a_part("employment", a_theme("youth", a_question("policy"))))
    card = core(checklist, {"policy": answer})
    assert card.theme("youth").figure.share == share
    assert card.objective("employment").share == share
    assert card.overall.share == share


# --- rule 1: the share of an answer ---------------------------------------------------------------

FROM_ONE = Scale("from_one", tuple(Level(value, f"Level {value}") for value in range(1, 6)))
WITH_FLOOR = Scale("with_floor", tuple(Level(value, f"Level {value}", points=F(value)) for value in range(1, 6)))
OUT_OF_TEN = Scale("of_ten", (Level(0, "No", points=F(0)), Level(1, "Yes", points=F(8))), full=F(10))
OPTIONS = (Option("a", "A", F(1)), Option("b", "B", F(2)), Option("c", "C", F(3)))
BANDS = (NumberBand(F(10), F(1)), NumberBand(F(50), F(2)))


def a_kind(kind, **given):
    return a_question("q", kind=kind, weight=0, **given)


@pytest.mark.parametrize(
    ("question", "value", "share"),
    [
        (a_question("q", scale=FROM_ONE), 1, 0),  # (1 − 1) ÷ (5 − 1)
        (a_question("q", scale=FROM_ONE), 4, F(3, 4)),
        (a_question("q", scale=WITH_FLOOR), 1, F(1, 5)),  # 1 point of 5: the floor is not subtracted
        (a_question("q", scale=WITH_FLOOR), 5, 1),
        (a_question("q", scale=OUT_OF_TEN), 1, F(4, 5)),  # 8 of the declared 10
        (a_kind(Kind.YES_NO), True, 1),
        (a_kind(Kind.YES_NO), False, 0),
        (a_kind(Kind.CHOICE, options=OPTIONS), "b", F(2, 3)),
        (a_kind(Kind.CHOICE, options=OPTIONS, full=F(4)), "b", F(1, 2)),
        (a_kind(Kind.CHOICE, options=(Option("a", "A"), Option("b", "B"))), "b", None),  # no points declared
        (a_kind(Kind.CHOICES, options=OPTIONS), ("a", "b"), 1),  # 1 + 2, of 3
        (a_kind(Kind.CHOICES, options=OPTIONS, full=F(4)), ("b", "c"), 1),  # 5, at most 4 of 4
        (a_kind(Kind.CHOICES, options=OPTIONS, full=F(6)), ("b", "c"), F(5, 6)),
        (a_kind(Kind.NUMBER, bands=BANDS), Decimal("9.99"), 0),
        (a_kind(Kind.NUMBER, bands=BANDS), Decimal(10), F(1, 2)),
        (a_kind(Kind.NUMBER, bands=BANDS), Decimal("50.0"), 1),
        (a_kind(Kind.NUMBER, bands=BANDS, full=F(4)), Decimal(70), F(1, 2)),
        (a_kind(Kind.NUMBER), Decimal(70), None),
        (a_kind(Kind.TEXT), "Yes", None),
        (a_kind(Kind.TABLE), (("a",),), None),
    ],
)
def test_what_an_answer_earns(question, value, share):
    checklist = a_checklist(a_part("employment", a_theme("youth", question, a_question("other"))))
    (found, _) = core(checklist, {"q": answered(value)}).theme("youth").questions
    assert found.share == share


# --- rule 3: themes, objectives, overall ----------------------------------------------------------


def two_objectives(**method):
    """Employment has two themes, the first counting three times; rights has one."""
    return a_checklist(
        a_part(
            "employment",
            a_theme("youth", a_question("y1", weight=2), a_question("y2"), weight=3),
            a_theme("skills", a_question("s1")),
        ),
        a_part("rights", a_theme("safety", a_question("r1"), a_question("r2"))),
        method=Method(**method),
    )


def test_weights_count_within_their_tier_and_objectives_count_alike():
    card = core(two_objectives(), ratings(y1=4, y2=1, s1=2, r1=3, r2=0))
    assert card.theme("youth").figure.share == F(3, 4)  # (2 × 1 + 1/4) ÷ 3
    assert card.objective("employment").share == F(11, 16)  # (3 × 3/4 + 1/2) ÷ 4
    assert card.objective("rights").share == F(3, 8)  # (3/4 + 0) ÷ 2
    assert card.overall.share == F(17, 32)  # (11/16 + 3/8) ÷ 2; the questions pooled would give 7/12


def test_the_order_of_the_checklist_is_kept():
    card = core(two_objectives(), {})
    assert [part.part for part in card.parts] == ["employment", "rights"]
    assert [theme.theme for theme in card.part("employment").themes] == ["youth", "skills"]
    assert [one.question for one in card.theme("youth").questions] == ["y1", "y2"]


@pytest.mark.parametrize(
    ("rule", "theme", "objective", "overall"),
    [
        # youth (2 × 1 + 1/4) ÷ 3; employment (3 × 3/4 + 1/2) ÷ 4; with rights 3/8
        (Rule.MEAN, F(3, 4), F(11, 16), F(17, 32)),
        # youth 2 × 4 + 1 = 9 of 12; employment 3 × 9 + 2 = 29 of 3 × 12 + 4 = 40; with rights 3 of 8: 32 of 48
        (Rule.SUM, F(3, 4), F(29, 40), F(2, 3)),
        # the lowest question, the lowest theme, the lowest objective: r2
        (Rule.MIN, F(1, 4), F(1, 4), F(0)),
    ],
)
def test_each_rule_on_every_tier(rule, theme, objective, overall):
    checklist = two_objectives(theme=rule, objective=rule, overall=rule)
    card = core(checklist, ratings(y1=4, y2=1, s1=2, r1=3, r2=0))
    assert card.theme("youth").figure.share == theme
    assert card.objective("employment").share == objective
    assert card.overall.share == overall


def test_a_sum_adds_points_of_scales_of_different_length():
    short = Scale("short", (Level(0, "No"), Level(1, "Yes")))
    theme = a_theme("youth", a_question("long"), a_question("short", scale=short))
    checklist = a_checklist(a_part("employment", theme), method=Method(theme=Rule.SUM))
    card = core(checklist, ratings(long=1, short=1))
    assert card.theme("youth").figure.share == F(2, 5)  # 1 + 1 points, of 4 + 1


def test_rules_may_differ_from_tier_to_tier():
    # youth 9 of 12 as a sum; the lower theme is skills with 1/2; (1/2 + 3/8) ÷ 2
    card = core(two_objectives(theme=Rule.SUM, objective=Rule.MIN), ratings(y1=4, y2=1, s1=2, r1=3, r2=0))
    assert card.objective("employment").share == F(1, 2)
    assert card.overall.share == F(7, 16)


def test_overall_needs_a_score_of_every_objective():
    card = core(two_objectives(), ratings(y1=4, s1=4))
    assert card.objective("employment").share == 1
    assert card.objective("rights").share is None
    assert card.overall.share is None
    assert card.sensitivity is None


def test_no_answer_is_no_score_and_never_nought():
    card = core(two_objectives(), {})
    assert {card.overall.share, card.objective("rights").share, card.theme("youth").figure.share} == {None}
    assert card.theme("youth").level is None


def test_weight_zero_is_shown_and_never_counts():
    checklist = a_checklist(
        a_part(
            "employment",
            a_theme("youth", a_question("counts"), a_question("shown", weight=0)),
            a_theme("extra", a_question("extra"), weight=0),
        )
    )
    card = core(checklist, ratings(counts=2, shown=4, extra=4))
    assert card.overall.share == F(1, 2)
    assert card.theme("youth").questions[1].standing is Standing.WEIGHT_ZERO
    assert card.theme("youth").questions[1].share == 1
    assert card.theme("extra").figure.share == 1  # its own figure is shown
    assert card.part("employment").profile[2] == LevelCount(2, "Level 2", 1, 1)
    assert card.part("employment").profile[4] == LevelCount(4, "Level 4", 0, 0)


def test_an_objective_whose_only_answered_theme_weighs_nothing_has_no_score():
    themes = (a_theme("youth", a_question("youth")), a_theme("extra", a_question("extra"), weight=0))
    card = core(a_checklist(a_part("employment", *themes)), ratings(extra=4))
    assert card.objective("employment") == Figure(None, F(0), F(0), F(1), F(0))


# --- rule 4: not applicable, outside the mandate --------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "share", "coverage", "set_aside"),
    [
        (NotApplicablePolicy.EXCLUDE, F(1, 2), F(1), F(1, 3)),  # y1 is gone: 2/4 ÷ 1; 1 of 3 in weight
        (NotApplicablePolicy.LOWEST, F(1, 3), F(1), F(0)),  # (2 × 1/2 + 0) ÷ 3
        (NotApplicablePolicy.HIGHEST, F(2, 3), F(1), F(0)),  # (2 × 1/2 + 1) ÷ 3
    ],
)
def test_each_policy_for_what_is_not_applicable(policy, share, coverage, set_aside):
    theme = a_theme("youth", a_question("y1", weight=2), a_question("y2"))
    checklist = a_checklist(a_part("employment", theme), method=Method(not_applicable=policy))
    card = core(checklist, {"y1": answered(2), "y2": not_applicable()})
    assert card.overall == Figure(share, coverage, share, share, set_aside)


def test_the_lowest_policy_counts_the_floor_of_the_scale():
    theme = a_theme("youth", a_question("q", scale=WITH_FLOOR))
    checklist = a_checklist(
        a_part("employment", theme), method=Method(not_applicable=NotApplicablePolicy.LOWEST), scale=WITH_FLOOR
    )
    assert core(checklist, {"q": not_applicable()}).overall.share == F(1, 5)


def test_not_applicable_without_a_reason_counts_as_unanswered():
    theme = a_theme("youth", a_question("y1"), a_question("y2"))
    card = core(a_checklist(a_part("employment", theme)), {"y1": answered(2), "y2": not_applicable(reason="")})
    assert card.overall == Figure(F(1, 2), F(1, 2), F(1, 4), F(3, 4), F(0))
    assert card.theme("youth").questions[1].standing is Standing.UNANSWERED


def test_a_theme_outside_the_mandate_leaves_the_calculation():
    card = core(two_objectives(), ratings(y1=4, y2=4, s1=0, r1=2, r2=2), scope={"skills": OUTSIDE})
    assert card.theme("skills").figure == Figure(None, None, None, None, F(1))
    assert card.theme("skills").mandate is Mandate.OUTSIDE
    assert card.theme("skills").level is None
    assert card.objective("employment").share == 1  # youth alone
    assert card.objective("employment").set_aside == F(1, 4)  # weight 1 of 3 + 1
    assert card.overall.set_aside == F(1, 8)  # (1/4 + 0) ÷ 2


def four_themes(*answers):
    themes = [a_theme(f"t{place}", a_question(f"q{place}")) for place in range(4)]
    checklist = a_checklist(a_part("employment", *themes))
    return core(checklist, {f"q{place}": answer for place, answer in enumerate(answers)})


def test_an_objective_with_more_than_half_set_aside_has_a_profile_only():
    na = not_applicable()
    half = four_themes(answered(4), answered(2), na, na)
    assert (half.objective("employment").share, half.part("employment").withheld) == (F(3, 4), "")
    more = four_themes(answered(4), na, na, na)
    assert more.objective("employment") == Figure(None, F(1), None, None, F(3, 4))
    assert more.part("employment").withheld.startswith("More than 50 % of it is not applicable or outside the mandate")
    assert more.theme("t0").figure.share == 1  # the theme keeps its own
    assert more.part("employment").profile[4] == LevelCount(4, "Level 4", 1, 1)
    assert more.overall.share is None


def test_everything_not_applicable_is_no_score():
    card = four_themes(*[not_applicable()] * 4)
    assert card.overall == Figure(None, None, None, None, F(1))


# --- routing in the score -------------------------------------------------------------------------


def test_an_answer_behind_a_false_condition_is_kept_out_and_returns_with_it():
    gate = Compare(Source("gate"), Test.AT_LEAST, (F(1),))
    theme = a_theme("youth", a_question("gate"), a_question("behind", ask_if=gate))
    checklist = a_checklist(a_part("employment", theme))
    closed = core(checklist, ratings(gate=0, behind=4))
    assert closed.overall == Figure(F(0), F(1), F(0), F(0), F(0))
    assert closed.theme("youth").questions[1].standing is Standing.NOT_ASKED
    assert (closed.theme("youth").questions[1].share, closed.theme("youth").questions[1].level) == (None, None)
    assert core(checklist, ratings(gate=2, behind=4)).overall.share == F(3, 4)


def test_a_wrong_value_behind_a_false_condition_harms_nothing():
    gate = Compare(Source("gate"), Test.AT_LEAST, (F(1),))
    theme = a_theme("youth", a_question("gate"), a_question("behind", ask_if=gate))
    assert core(a_checklist(a_part("employment", theme)), ratings(gate=0, behind=9)).overall.share == 0


# --- tracks and profile sections ------------------------------------------------------------------


def every_track():
    theme = a_theme("youth", *(a_question(str(track), track=track) for track in Track))
    return a_checklist(a_part("employment", theme))


ALL = ratings(scan=4, core=2, full=0)


def test_the_index_uses_core_ratings_in_every_track():
    assert score(every_track(), ALL, track=Track.CORE).overall.share == F(3, 4)  # (1 + 1/2) ÷ 2
    full = score(every_track(), ALL, track=Track.FULL)
    assert full.overall.share == F(3, 4)
    assert full.theme("youth").full_share == F(1, 2)  # (1 + 1/2 + 0) ÷ 3
    assert score(every_track(), ALL, track=Track.CORE).theme("youth").full_share is None


def test_a_scan_gives_levels_and_coverage_and_no_score():
    card = score(every_track(), ALL, track=Track.SCAN)
    assert card.overall == card.objective("employment") == Figure(None, F(1), None, None, F(0))
    assert card.theme("youth").figure.share is None
    assert card.theme("youth").level == 4
    assert card.part("employment").profile[4] == LevelCount(4, "Level 4", 1, 1)
    assert card.part("employment").withheld == "A scan gives levels and no score."
    assert (card.gap, card.band, card.sensitivity, card.alternatives, card.low_objectives) == (None, None, None, (), ())


def test_a_profile_section_has_levels_and_never_enters_a_score():
    checklist = a_checklist(
        a_part("employment", a_theme("youth", a_question("youth"))),
        a_part("institution", a_theme("set_up", a_question("one"), a_question("two")), scored=False),
    )
    card = core(checklist, ratings(youth=2, one=4, two=1))
    section = card.part("institution")
    assert section.figure == Figure(None, None, None, None, None)
    assert section.themes[0].figure == Figure(None, F(1), None, None, F(0))
    assert section.themes[0].level == 2  # (1 + 1/4) ÷ 2 = 5/8, past level 2 and short of level 3
    assert [count.questions for count in section.profile] == [0, 1, 0, 0, 1]
    assert [count.themes for count in section.profile] == [0, 0, 1, 0, 0]
    assert card.overall.share == F(1, 2)
    assert [part.part for part in card.objectives] == ["employment"]


# --- levels ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "two", "level"),
    [(4, 4, 4), (4, 3, 3), (3, 3, 3), (4, 2, 3), (3, 2, 2), (1, 0, 0), (0, 0, 0)],
)
def test_the_level_of_a_theme_is_the_highest_that_its_share_has_fully_reached(one, two, level):
    theme = a_theme("youth", a_question("one"), a_question("two"))
    card = core(a_checklist(a_part("employment", theme)), ratings(one=one, two=two))
    assert card.theme("youth").level == level


def test_a_question_on_another_scale_stands_in_the_profile_by_its_share():
    yes_no = Scale("yes_no", (Level(1, "No"), Level(2, "Yes")))
    theme = a_theme("youth", a_question("one", scale=yes_no), a_question("two", scale=yes_no), a_question("three"))
    card = core(a_checklist(a_part("employment", theme)), ratings(one=2, two=1, three=1))
    assert [count.questions for count in card.part("employment").profile] == [1, 1, 0, 0, 1]
    assert card.theme("youth").questions[0].level == 2  # on its own scale


def test_a_share_under_the_floor_of_the_profile_stands_at_its_lowest_level():
    theme = a_theme("youth", a_question("q", scale=FIVE_LEVELS))
    card = core(a_checklist(a_part("employment", theme), scale=WITH_FLOOR), ratings(q=0))
    assert card.theme("youth").level == 1


# --- progress, evidence, refusal ------------------------------------------------------------------


def test_progress_counts_questions_of_every_kind_but_the_closing_text():
    theme = a_theme(
        "youth",
        *(a_question(name) for name in ("rated", "unknown", "gone", "reasonless", "open")),
        a_question("note", kind=Kind.TEXT, weight=0),
        a_question("deeper", track=Track.FULL),
        a_question("improve_youth", kind=Kind.TEXT, weight=0, is_improvement=True),
    )
    checklist = a_checklist(a_part("employment", theme, a_theme("skills")))
    answers = {
        "rated": answered(3),
        "unknown": DONT_KNOW,
        "gone": not_applicable(),
        "reasonless": not_applicable(reason=""),
        "note": answered("Yes."),
        "deeper": answered(1),
        "improve_youth": answered("More."),
    }
    progress = core(checklist, answers, scope={"skills": OUTSIDE}).progress
    assert (progress.answered, progress.asked) == (4, 6)
    assert progress.by_theme == (("youth", 4, 6), ("skills", 0, 0))


def test_evidence_is_counted_over_the_answered_core_ratings():
    shown = (Evidence("A policy", "https://example.org"),)
    theme = a_theme("youth", *(a_question(name) for name in ("one", "two", "three")), a_question("zero", weight=0))
    extra = a_theme("extra", a_question("extra"), weight=0)
    answers = {
        "one": answered(3, evidence=shown),
        "two": answered(1),
        "zero": answered(1, evidence=shown),
        "extra": answered(1, evidence=shown),
    }
    checklist = a_checklist(a_part("employment", theme, extra))
    assert core(checklist, answers).evidence_share == F(1, 2)
    assert core(checklist, {}).evidence_share is None


def test_an_answer_to_an_unknown_question_is_refused():
    with pytest.raises(UnknownQuestion, match="no question elsewhere"):
        core(two_objectives(), {"elsewhere": answered(1)})


def test_every_value_that_is_no_answer_is_named():
    with pytest.raises(InvalidInput) as raised:
        core(two_objectives(), {"y1": answered(9), "y2": answered(True), "s1": answered(1)})
    assert [problem.path for problem in raised.value.problems] == ["answers.y1", "answers.y2"]


def test_an_assessment_is_scored_with_its_own_track_mandate_and_facts():
    gate = Compare(Source("offices", is_fact=True), Test.IS, (True,))
    theme = a_theme("youth", a_question("one"), a_question("two", ask_if=gate), a_question("deep", track=Track.FULL))
    checklist = a_checklist(a_part("employment", theme, a_theme("skills", a_question("three"))))
    given = {"track": Track.FULL, "facts": {"offices": False}, "scope": {"skills": OUTSIDE}}
    answers = ratings(one=4, two=0, deep=0, three=0)
    card = score_assessment(checklist, an_assessment(checklist, answers, **given))
    assert card == score(checklist, answers, **given)
    assert (card.overall.share, card.theme("youth").full_share) == (1, F(1, 2))
