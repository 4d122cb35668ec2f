"""A checklist without an overall figure: the objectives stand for themselves; totals worked by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from hypothesis import given

from tests.builders import DONT_KNOW, an_assessment, answered, not_applicable
from tests.domain.test_scoring_properties import assessed
from toolkit.domain.answers import Answer
from toolkit.domain.assessment import Edition
from toolkit.domain.assessment_file import canonical_bytes, to_data
from toolkit.domain.assessment_reading import read_file
from toolkit.domain.checklist import Track
from toolkit.domain.digests import definition_data
from toolkit.domain.explain import explain_overall
from toolkit.domain.findings import finding
from toolkit.domain.lineage import Bump, diff
from toolkit.domain.reading import read_checklist
from toolkit.domain.scorecard import Doubt, Provisional, ScoreCard
from toolkit.domain.scoring import NO_OVERALL, score
from toolkit.domain.verification import Outcome, verify
from toolkit.storage.definitions import load_checklist

CHECKLIST = load_checklist(Path(__file__).parents[1] / "definitions" / "no_overall.yaml")
ANSWERS = {"jobs_plan": answered(3), "jobs_money": answered(2), "youth_plan": answered(1), "safety_plan": answered(4)}


def card(track: Track = Track.CORE, **other: Answer) -> ScoreCard:
    return score(CHECKLIST, ANSWERS | other, track=track)


def test_there_is_no_overall_score_and_no_range_of_one_and_the_objectives_stand():
    found = card()
    assert (found.overall.share, found.overall.low, found.overall.high) == (None, None, None)
    assert found.overall.coverage == 1
    assert found.objective("employment").share == Fraction(7, 16)  # (5/8 + 1/4) ÷ 2
    assert found.objective("protection").share == 1
    assert found.gap.share == Fraction(9, 16)


def test_the_range_of_each_objective_is_asked_about():
    found = card(jobs_money=DONT_KNOW)  # jobs 3/8 to 7/8, employment 5/16 to 9/16
    assert Provisional(Doubt.RANGE, Fraction(1, 4), Fraction(15, 100), "employment") in found.provisional
    assert {one.part for one in found.provisional} == {"employment"}
    assert "the range of Employment is 25 points wide" in " ".join(explain_overall(CHECKLIST, found).further)


def test_sensitivity_is_what_one_question_changes_in_its_objective():
    found = card().sensitivity
    assert (found.most, found.question) == (Fraction(1, 4), "safety_plan")  # youth: 1/8, jobs: 1/16 each
    assert found.typical == Fraction(3, 32)
    assert "changes the score of its objective by 9.4 points" in " ".join(explain_overall(CHECKLIST, card()).further)


def test_an_objective_without_score_takes_no_part_in_it():
    assert card(safety_plan=not_applicable()).sensitivity.question == "youth_plan"
    assert score(CHECKLIST, {}, track=Track.CORE).sensitivity is None


def test_other_choices_are_those_that_are_not_about_the_overall():
    found = card().alternatives
    assert [one.id for one in found] == ["every_question_equal", "every_theme_equal", "not_applicable_lowest"]
    assert {one.overall for one in found} == {None}
    assert dict(found[0].objectives) == {"employment": Fraction(1, 2), "protection": 1}


def test_the_explanation_says_it_in_one_sentence():
    assert explain_overall(CHECKLIST, card()).score == (NO_OVERALL,)
    assert explain_overall(CHECKLIST, card(Track.SCAN)).score == (NO_OVERALL,)


def test_the_first_sentence_says_it():
    assert finding(CHECKLIST, card()) == (
        "Of what the checklist asks for, most is in place on Protection (100 %), least on Employment (44 %); this "
        "checklist has no overall figure."
    )
    assert finding(CHECKLIST, card(safety_plan=not_applicable())) == (
        "Of what the checklist asks for, this is in place: Employment (44 %); there is no score for Protection; this "
        "checklist has no overall figure."
    )
    low = {"jobs_plan": answered(0), "jobs_money": answered(0)}
    assert finding(CHECKLIST, card(**low)) == (
        "Little or nothing of what the checklist asks for is in place on Employment (13 %); most is in place on "
        "Protection (100 %); this checklist has no overall figure."
    )
    aside = dict.fromkeys(ANSWERS, not_applicable())
    assert finding(CHECKLIST, card(**aside)) == "Nothing that counts has been rated yet, so there is no result."


def test_taking_the_overall_away_is_a_major_change():
    data = definition_data(CHECKLIST) | {"version": "2.0.0", "follows": "1.0.0"}
    data["method"]["overall"] = "mean"
    changes = diff(CHECKLIST, read_checklist(data))
    assert [(one.path, one.bump) for one in changes.others] == [("method.overall", Bump.MAJOR)]


def test_a_public_file_that_states_an_overall_score_is_not_consistent():
    assessment = an_assessment(CHECKLIST, ANSWERS)
    data = to_data(CHECKLIST, assessment, Edition.PUBLIC, card=card())
    assert verify(read_file(canonical_bytes(data)), (), CHECKLIST).outcome is Outcome.CONSISTENT
    data["scores"]["overall"]["score"] = {"exact": "1/2", "percent": "50.0"}
    assert verify(read_file(canonical_bytes(data)), (), CHECKLIST).outcome is Outcome.NOT_CONSISTENT


@given(assessed())
def test_nothing_but_the_overall_goes(given):
    checklist, answers = given
    without = replace(checklist, method=replace(checklist.method, overall=None))
    one, other = (score(each, answers, track=Track.CORE) for each in (checklist, without))
    assert other.overall == replace(one.overall, share=None, low=None, high=None)
    assert (other.parts, other.gap, other.band, other.low_objectives) == (
        one.parts,
        one.gap,
        one.band,
        one.low_objectives,
    )
    kept = [replace(each, overall=None) for each in one.alternatives if each.id != "lowest_objective"]
    assert list(other.alternatives) == kept
