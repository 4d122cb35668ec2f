"""Every figure explains itself: the rows and the arithmetic lead to the very figure on the card."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import DONT_KNOW, a_checklist, a_part, a_question, a_theme, answered, not_applicable
from tests.domain.test_scoring_properties import assessed
from toolkit.domain.assessment import Mandate, ThemeScope
from toolkit.domain.checklist import Band, BandNeed, Kind, Method, Rule, Track
from toolkit.domain.explain import explain_objective, explain_overall, explain_theme
from toolkit.domain.scoring import score

F = Fraction
OUTSIDE = ThemeScope(Mandate.OUTSIDE, "Not ours.")


def the_checklist(**method):
    return a_checklist(
        a_part(
            "employment",
            a_theme(
                "youth",
                a_question("plan", weight=2),
                a_question("money"),
                a_question("open"),
                a_question("gone"),
                a_question("shown", weight=0),
                a_question("note", kind=Kind.TEXT, weight=0),
            ),
            a_theme("skills", a_question("skills"), weight=3),
            a_theme("trade", a_question("trade")),
        ),
        a_part("rights", a_theme("safety", a_question("safety"))),
        a_part("institution", a_theme("set_up", a_question("set_up")), scored=False),
        method=Method(**method),
        bands=(Band("good", "Good", "…", (BandNeed(F(1, 2), 2),), none_at=0), Band("rest", "Rest", "…")),
    )


ANSWERS = {
    "plan": answered(3),
    "money": answered(1),
    "open": DONT_KNOW,
    "gone": not_applicable(),
    "shown": answered(4),
    "note": answered("Yes."),
    "skills": answered(2),
    "safety": answered(4),
    "set_up": answered(1),
}
SCOPE = {"trade": OUTSIDE}


def the_card(checklist, track=Track.CORE):
    return score(checklist, ANSWERS, track=track, scope=SCOPE)


def test_a_theme_in_words():
    checklist = the_checklist()
    found = explain_theme(checklist, the_card(checklist), "youth")
    # (2 × 3/4 + 1/4) ÷ 3 = 7/12 = 58.33 %; covered 3 of 4; with the open one at its ends 7/16 and 11/16
    assert found.sentences == (
        "The score is the weighted mean of 2 answered core ratings: (2 × 3/4 + 1 × 1/4) ÷ 3 = 7/12.",
        "7/12 prints as 58 % on pages and as 58.3 in tables: rounded once, half up, from the exact fraction.",
        "Coverage is the weight answered of the weight asked and applicable: 3 of 4, 75.0 %.",
        "1 core rating is left open: no number, but less coverage and a wider range.",
        "Left out: 1 not applicable.",
        "If the open questions went worst it would be 43.8 %, if they went best 68.8 %; this is not a margin of error.",
        "Set aside, as not applicable or outside the mandate: 1 of the weight 5 in the track, 20.0 %.",
        "It stands at level 2, Level 2: the highest level whose share, 1/2, its ratings have fully reached with 7/12.",
    )


def test_the_rows_of_a_theme_say_where_every_question_stands():
    checklist = the_checklist()
    found = explain_theme(checklist, the_card(checklist), "youth")
    assert [(row.id, row.weight, row.share, row.counts, row.note) for row in found.rows] == [
        ("plan", 2, F(3, 4), True, "level 3, Level 3"),
        ("money", 1, F(1, 4), True, "level 1, Level 1"),
        ("open", 1, None, False, "open: don’t know"),
        ("gone", 1, None, False, "not applicable"),
        ("shown", 0, 1, False, "level 4, Level 4; weight 0: shown, never counted"),
        ("note", 0, None, False, "shown, never scored"),
    ]


def test_an_objective_in_words():
    checklist = the_checklist()
    found = explain_objective(checklist, the_card(checklist), "employment")
    # (7/12 + 3 × 1/2) ÷ 4 = 25/48; coverage (3/4 + 3) ÷ 4; set aside (1/5 + 0 + 1) ÷ 5
    assert found.sentences == (
        "The score is the weighted mean of 2 scored themes: (1 × 7/12 + 3 × 1/2) ÷ 4 = 25/48.",
        "25/48 prints as 52 % on pages and as 52.1 in tables: rounded once, half up, from the exact fraction.",
        "Coverage is the weighted mean over the themes with anything applicable: "
        "(1 × 3/4 + 3 × 1) ÷ 4 = 15/16, 93.8 %.",
        "If the open questions went worst it would be 48.4 %, if they went best 54.7 %; this is not a margin of error.",
        "Set aside is the weighted mean over the themes in the track: (1 × 1/5 + 3 × 0 + 1 × 1) ÷ 5 = 6/25, 24.0 %.",
    )
    assert [(row.id, row.counts, row.note) for row in found.rows] == [
        ("youth", True, "level 2, Level 2"),
        ("skills", True, "level 2, Level 2"),
        ("trade", False, "outside the mandate"),
    ]


def test_the_whole_in_words():
    checklist = the_checklist()
    found = explain_overall(checklist, the_card(checklist))
    # (25/48 + 1) ÷ 2 = 73/96
    assert found.score[0] == "The score is the weighted mean of 2 objectives: (25/48 + 1) ÷ 2 = 73/96."
    assert found.further[:2] == (
        "The gap is 48 points: 1 for Part rights, the highest, minus 25/48 for Part employment, the lowest.",
        "The band is Good: 3 of 3 rated themes stand at level 2 or more (1, at least 1/2 is needed) "
        "and none stands at level 0 or under.",
    )
    # safety, moved down, changes 1/4 ÷ 2 = 12.5 points; plan 1/48, money 1/96, skills 3/32: (1/48 + 3/32) ÷ 2 = 5.7
    assert found.further[2].startswith(
        "One core question moved by one level changes the overall score by 5.7 points typically, and by 13 at most "
    )
    assert len(found.further) == 7  # and the four other choices


def test_the_doubts_are_among_the_reasons():
    checklist = the_checklist()
    found = explain_overall(checklist, score(checklist, {"safety": answered(4)}, track=Track.CORE))
    assert found.steps is None
    assert found.score == ("There is no overall score, because not every objective has one: Part employment.",)
    assert "Provisional: the coverage is 50.0 %, under 80 %." in found.further
    assert "Provisional: the coverage of Part employment is 0.0 %, under 60 %." in found.further
    assert "Provisional: the range is 50 points wide, more than 15." in found.further


def test_other_rules_in_words():
    def first(rule):
        checklist = the_checklist(theme=rule)
        return explain_theme(checklist, the_card(checklist), "youth").score[0]

    assert first(Rule.SUM) == (
        "The score is the points earned, of the points possible, over 2 answered core ratings: "
        "(2 × 3 + 1 × 1) ÷ 12 = 7/12."
    )
    assert first(Rule.MIN) == "The score is the lowest of 2 answered core ratings: 3/4, 1/4; the lowest is 1/4."


def test_a_single_child_needs_no_arithmetic():
    checklist = the_checklist()
    assert explain_theme(checklist, the_card(checklist), "skills").score[0] == (
        "The score is that of 1 answered core rating: 1/2."
    )


@pytest.mark.parametrize(
    ("theme", "said"),
    [("trade", "There is no score: no rating counts."), ("set_up", "This section is shown and never enters a score.")],
)
def test_without_a_score_it_says_why(theme, said):
    checklist = the_checklist()
    found = explain_theme(checklist, the_card(checklist), theme)
    assert (found.steps, found.score) == (None, (said,))


def test_a_withheld_objective_says_why():
    checklist = a_checklist(a_part("a", a_theme("t", a_question("one"), a_question("two"), a_question("three"))))
    na = not_applicable()
    card = score(checklist, {"one": answered(4), "two": na, "three": na}, track=Track.CORE)
    assert explain_objective(checklist, card, "a").score == (card.part("a").withheld,)


def test_a_scan_says_so_and_still_explains_its_levels():
    theme = a_theme("t", a_question("one", track=Track.SCAN), a_question("two", track=Track.SCAN))
    checklist = a_checklist(a_part("a", theme))
    card = score(checklist, {"one": answered(3), "two": answered(2)}, track=Track.SCAN)
    for found in (
        explain_overall(checklist, card),
        explain_objective(checklist, card, "a"),
        explain_theme(checklist, card, "t"),
    ):
        assert (found.steps, found.score) == (None, ("A scan gives levels and no score.",))
    assert explain_theme(checklist, card, "t").further == (
        "It stands at level 2, Level 2: the highest level whose share, 1/2, its ratings have fully reached with 5/8.",
    )


def test_what_the_checklist_does_not_have_cannot_be_explained():
    checklist = the_checklist()
    card = the_card(checklist)
    with pytest.raises(KeyError):
        explain_theme(checklist, card, "elsewhere")
    with pytest.raises(KeyError):
        explain_objective(checklist, card, "elsewhere")


def test_a_coverage_just_under_its_threshold_is_not_explained_as_the_threshold():
    questions = (a_question("much", weight=7996), a_question("little", weight=2004))
    checklist = a_checklist(a_part("a", a_theme("t", *questions)))
    card = score(checklist, {"much": answered(4)}, track=Track.CORE)
    assert any("1999/2500, 79.9 %" in one for one in explain_overall(checklist, card).rests_on)
    assert any("1999/2500, 80.0 %" in one for one in explain_objective(checklist, card, "a").rests_on)


@given(assessed(), st.sampled_from(Track))
def test_the_arithmetic_leads_to_the_figure_on_the_card(given, track):
    checklist, answers = given
    card = score(checklist, answers, track=track)
    explained = [(explain_overall(checklist, card), card.overall)]
    explained += [(explain_objective(checklist, card, part.part), part.figure) for part in card.parts]
    explained += [
        (explain_theme(checklist, card, theme.theme), theme.figure) for part in card.parts for theme in part.themes
    ]
    for found, figure in explained:
        assert found.score
        assert (found.steps.result if found.steps else None) == figure.share
        if found.steps:
            assert found.steps.top / found.steps.bottom == figure.share
            assert sum(row.counts for row in found.rows) == found.steps.counted
