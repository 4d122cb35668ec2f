"""What the global checklist of today promises: how much it holds, and what decides how much."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.content.lint import CONTENT, ROOT, questions_of, read, themes_of
from tests.content.readability import reading_age
from toolkit.domain.checklist import Track
from toolkit.storage.definitions import load_checklist

PATH = ROOT / "checklists" / "global" / "2.0.0.yaml"
OBJECTIVES = ("employment", "social_protection", "social_dialogue", "rights")
GLOBAL = read(PATH)
INSTRUMENTS = read(CONTENT / "instruments.yaml")["instruments"]

PARTS = {part["id"]: part for part in GLOBAL["parts"]}
THEMES = themes_of(GLOBAL)
QUESTIONS = questions_of(GLOBAL)
RATINGS = [question for question in QUESTIONS.values() if question["kind"] == "rating"]


def _questions_of(part_id: str) -> list[dict[str, Any]]:
    return [question for theme in PARTS[part_id]["themes"] for question in theme["questions"]]


def _is_core_rating(question: dict[str, Any]) -> bool:
    weight = Fraction(question.get("weight", 1))
    return question["kind"] == "rating" and question["track"] in {"scan", "core"} and weight > 0


def test_the_four_objectives_and_the_institutional_section_are_there_in_order():
    assert tuple(PARTS) == (*OBJECTIVES, "institutional")
    assert [PARTS[part].get("scored", True) for part in PARTS] == [True, True, True, True, False]


def test_the_core_track_has_36_to_44_questions_and_8_institutional_ones():
    core = [question for part in OBJECTIVES for question in _questions_of(part) if _is_core_rating(question)]
    assert 36 <= len(core) <= 44
    assert sum(map(_is_core_rating, _questions_of("institutional"))) == 8


@pytest.mark.parametrize("part_id", OBJECTIVES)
def test_each_objective_has_at_least_6_themes_and_8_core_questions(part_id):
    assert len(PARTS[part_id]["themes"]) >= 6
    assert sum(map(_is_core_rating, _questions_of(part_id))) >= 8


def test_the_scan_has_16_questions_from_every_part():
    scans = {part: sum(question["track"] == "scan" for question in _questions_of(part)) for part in PARTS}
    assert sum(scans.values()) == 16
    assert all(scans[part] >= 3 for part in OBJECTIVES)
    assert scans["institutional"] > 0


@pytest.mark.parametrize("theme_id", THEMES)
def test_every_theme_has_a_core_rating(theme_id):
    assert any(map(_is_core_rating, THEMES[theme_id]["questions"]))


def test_no_question_decides_more_than_a_twentieth_of_the_overall():
    for part_id in OBJECTIVES:
        themes = PARTS[part_id]["themes"]
        total = sum(Fraction(theme.get("weight", 1)) for theme in themes)
        for theme in themes:
            core = [question for question in theme["questions"] if _is_core_rating(question)]
            within = sum(Fraction(question.get("weight", 1)) for question in core)
            for question in core:
                share = Fraction(question.get("weight", 1)) / within * Fraction(theme.get("weight", 1)) / total / 4
                assert share <= Fraction(1, 20), question["id"]


def test_the_scan_takes_between_one_and_a_half_and_two_hours():
    scan = [question for question in QUESTIONS.values() if question["track"] == "scan"]
    closing = [theme for theme in THEMES.values() if any(q["track"] == "scan" for q in theme["questions"])]
    assert 90 <= sum(question["minutes"] for question in scan) + 2 * len(closing) <= 120


def test_the_strict_reader_accepts_the_file_and_finds_the_same_minutes():
    checklist = load_checklist(PATH)
    assert [part.id for part in checklist.objectives] == list(OBJECTIVES)
    assert 90 <= checklist.minutes(Track.SCAN) <= 120


def test_it_has_34_to_40_themes_and_120_to_160_questions_of_several_kinds():
    assert 34 <= len(THEMES) <= 40
    assert 120 <= len(QUESTIONS) <= 160
    assert len(RATINGS) >= 100
    assert {"rating", "number", "choices", "table"} <= {question["kind"] for question in QUESTIONS.values()}


def test_every_theme_goes_deeper_in_the_full_track():
    for theme in THEMES.values():
        assert sum(question["track"] == "full" for question in theme["questions"]) >= 2, theme["id"]


def test_every_fundamental_and_governance_instrument_is_used():
    used = {ref for entry in [*THEMES.values(), *QUESTIONS.values()] for ref in entry.get("references", ())}
    assert {entry["id"] for entry in INSTRUMENTS if "class" in entry} <= used


def test_themes_are_shown_only_in_objectives_that_exist():
    assert {part for theme in THEMES.values() for part in theme.get("also_in", ())} <= set(OBJECTIVES)


def test_every_fact_is_used_by_a_question():
    conditions = " ".join(str(question.get("ask_if", "")) for question in QUESTIONS.values())
    assert [fact["id"] for fact in GLOBAL["facts"] if f"'{fact['id']}'" not in conditions] == []


def test_the_checklist_as_a_whole_can_be_read_at_fourteen():
    ages = [reading_age(theme["why"]) for theme in THEMES.values()]
    ages += [reading_age(" ".join(question["criteria"].values())) for question in RATINGS]
    assert sum(ages) / len(ages) <= 14
