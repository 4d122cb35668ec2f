"""What the outline of 2007 promises: its pillars and themes as agreed, in the words and frameworks of its time."""

from __future__ import annotations

import pytest

from tests.content.lint import CONTENT, ROOT, questions_of, read, texts, themes_of
from toolkit.domain.checklist import Change
from toolkit.domain.lineage import diff
from toolkit.storage.definitions import load_checklist

FOLDER = ROOT / "checklists" / "global"
OUTLINE = read(FOLDER / "1.0.0.yaml")
PARTS = {part["id"]: part for part in OUTLINE["parts"]}
QUESTIONS = questions_of(OUTLINE)
AGREED = "2007-04"  # when CEB endorsed it

# Source: the outline of the 2007 global checklist, titles only.
PILLARS = {
    "employment": (
        "A. Employment creation and enterprise development",
        "Employment-rich and pro-poor economic growth",
        "Productivity",
        "Enabling macroeconomic environment for jobs",
        "Investment",
        "Entrepreneurship and enabling environment for enterprises",
        "Trade and employment",
        "Sectoral policies",
        "Human resources development",
        "Technology and employment",
        "Local economic development",
        "Labour market policies",
        "Incomes from employment",
        "Youth employment",
        "Crisis response",
        "International migration",
    ),
    "social_protection": (
        "B. Social protection",
        "Policies and social protection",
        "Protection from risks",
        "Safety in the workplace",
        "Health and work",
        "Fair conditions at work",
        "Pension systems",
    ),
    "rights": (
        "C. Standards and rights at work",
        "Fundamental principles and rights at work",
        "Freedom of association",
        "Abolition of forced labour",
        "Elimination of child labour",
        "Non-discrimination",
        "Application of international labour standards",
    ),
    "social_dialogue": (
        "D. Governance and social dialogue",
        "Good governance: labour law and institutions",
        "Strengthening and involving social partners, promoting social dialogue",
    ),
}


@pytest.mark.parametrize("part_id", PILLARS)
def test_the_pillars_and_their_themes_are_those_of_2007(part_id):
    label, *titles = PILLARS[part_id]
    assert PARTS[part_id]["label"] == label
    assert [theme["title"] for theme in PARTS[part_id]["themes"]] == titles


def test_there_are_four_pillars_and_29_themes_of_2_to_4_questions():
    assert tuple(PARTS) == tuple(PILLARS)
    assert len(themes_of(OUTLINE)) == 29
    for theme in themes_of(OUTLINE).values():
        assert 2 <= len(theme["questions"]) <= 4, theme["id"]


def test_it_has_profiles_and_no_overall_number_and_says_on_how_little_dialogue_rests():
    assert OUTLINE["method"]["overall"] == "none"
    core = [
        question
        for theme in PARTS["social_dialogue"]["themes"]
        for question in theme["questions"]
        if question["track"] != "full" and question["kind"] == "rating"
    ]
    words = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
    about = PARTS["social_dialogue"]["about"]
    assert "two of the 29 themes" in about.lower() or "two themes of 29" in about.lower()
    assert f"{words[len(core)]} core questions" in about.lower()


def test_it_refers_only_to_what_there_was_in_2007():
    dated = {
        entry["id"]: entry.get("adopted", entry.get("from", ""))
        for entry in [
            *read(CONTENT / "instruments.yaml")["instruments"],
            *read(CONTENT / "frameworks.yaml")["frameworks"],
        ]
    }
    used = {
        name for entry in [*themes_of(OUTLINE).values(), *QUESTIONS.values()] for name in entry.get("references", ())
    }
    assert not [name for name in used if name not in dated], "goals and targets came in 2015"
    assert not [name for name in used if dated[name] > f"{AGREED}-30"]


def test_it_speaks_in_the_words_of_2007():
    later = ("Cooperation Framework", "Sustainable Development", "SDG", "platform work", "just transition", "UNSDCF")
    found = [(word, text[:60]) for text in texts(OUTLINE) for word in later if word.lower() in text.lower()]
    assert found == []


def test_what_became_of_every_question_is_told_and_agrees_with_both_versions():
    older, newer = (load_checklist(FOLDER / f"{version}.yaml") for version in ("1.0.0", "2.0.0"))
    found = diff(older, newer)
    assert found.problems == ()
    told = [change for change in found.changes if change.change is not Change.NEW]
    accounted = {name for change in told for name in (change.was or (change.question,))}
    assert accounted >= set(QUESTIONS)
    own = [change for change in told if not change.question.startswith("improve_")]  # the closing texts of themes
    silent = [change.question for change in own if change.change is not Change.SAME and not change.because]
    assert silent == []


def test_enough_questions_stayed_the_same_to_look_back():
    older, newer = (load_checklist(FOLDER / f"{version}.yaml") for version in ("1.0.0", "2.0.0"))
    alike = {Change.SAME, Change.REWORDED, Change.MOVED}
    assert sum(change.change in alike for change in diff(older, newer).changes) >= 15
