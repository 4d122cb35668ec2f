"""What the country checklist promises: two layers a theme, never combined, and no judgement of a country."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.content.lint import ROOT, questions_of, read, texts, themes_of

COUNTRY = read(ROOT / "checklists" / "country" / "1.0.0.yaml")
GLOBAL = read(ROOT / "checklists" / "global" / "2.0.0.yaml")
OBJECTIVES = ("employment", "social_protection", "social_dialogue", "rights")
PARTS = {part["id"]: part for part in COUNTRY["parts"]}
THEMES = themes_of(COUNTRY)
QUESTIONS = questions_of(COUNTRY)
IN_OBJECTIVES = {theme["id"]: theme for part in OBJECTIVES for theme in PARTS[part]["themes"]}


def _of(theme: dict[str, Any], layer: str, kind: str, *tracks: str) -> list[str]:
    return [
        question["id"]
        for question in theme["questions"]
        if (question["layer"], question["kind"]) == (layer, kind) and question["track"] in tracks
    ]


def test_it_has_28_to_36_themes_and_100_to_140_questions():
    assert tuple(PARTS) == (*OBJECTIVES, "working_together")
    assert 28 <= len(THEMES) <= 36
    assert 100 <= len(QUESTIONS) <= 140
    assert all(sum(part["id"] == name for part in COUNTRY["parts"]) == 1 for name in PARTS)


def test_one_layer_carries_the_index_and_the_other_never_a_number():
    assert [(layer["id"], layer["scored"]) for layer in COUNTRY["layers"]] == [("national", False), ("joint", True)]
    for question in QUESTIONS.values():
        if question["layer"] == "national" and question["kind"] == "rating":
            assert question["scale"] == "national", question["id"]


@pytest.mark.parametrize("theme_id", IN_OBJECTIVES)
def test_a_theme_asks_in_both_layers_and_for_official_statistics(theme_id):
    theme = IN_OBJECTIVES[theme_id]
    assert len(_of(theme, "national", "rating", "core")) == 1
    assert len(_of(theme, "joint", "rating", "scan", "core")) == 1
    (statistics,) = _of(theme, "national", "table", "full")
    columns = [column["id"] for column in QUESTIONS[statistics]["columns"]]
    assert {"value", "year", "source"} <= set(columns)


@pytest.mark.parametrize("theme_id", IN_OBJECTIVES)
def test_a_theme_is_linked_with_themes_of_the_global_checklist(theme_id):
    known = {f"global/{name}" for name in themes_of(GLOBAL)}
    related = IN_OBJECTIVES[theme_id]["related"]
    assert related
    assert set(related) <= known


def test_most_themes_of_the_global_checklist_have_their_counterpart():
    linked = {name for theme in THEMES.values() for name in theme.get("related", ())}
    objectives = [part for part in GLOBAL["parts"] if part.get("scored", True)]
    missing = [theme["id"] for part in objectives for theme in part["themes"] if f"global/{theme['id']}" not in linked]
    assert len(missing) <= 4, missing


def test_no_question_judges_whether_a_country_complies():
    for name, question in QUESTIONS.items():
        if question["layer"] != "national":  # a clause in a contract may be breached, and asked about
            continue
        for text in texts({key: question[key] for key in question if key != "not_enough"}):
            assert not re.search(r"\b(?:complian\w+|compl(?:y|ies) with|violat\w+)\b", text), name


def test_cooperation_framework_and_decent_work_country_programme_are_what_joint_plans_are_called():
    joint = " ".join(text for one in QUESTIONS.values() if one["layer"] == "joint" for text in texts(one))
    assert joint.count("Cooperation Framework") >= 20
    assert joint.count("Decent Work Country Programme") >= 10


def test_every_fact_is_used_by_a_question():
    conditions = " ".join(str(question.get("ask_if", "")) for question in QUESTIONS.values())
    assert [fact["id"] for fact in COUNTRY["facts"] if f"'{fact['id']}'" not in conditions] == []
