"""The words that come with the program: what the checklist holds, what it refers to, and how plainly it speaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.content.readability import reading_age, syllables
from toolkit.domain.checklist import Track
from toolkit.storage.definitions import load_checklist

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "toolkit" / "content"
OBJECTIVES = ("employment", "social_protection", "social_dialogue", "rights")
LEVELS = {0, 1, 2, 3, 4}


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


GLOBAL = _read(ROOT / "checklists" / "global" / "2.0.0.yaml")
INSTRUMENTS = _read(CONTENT / "instruments.yaml")["instruments"]
SDG = _read(CONTENT / "sdg.yaml")
FRAMEWORKS = _read(CONTENT / "frameworks.yaml")

PARTS = {part["id"]: part for part in GLOBAL["parts"]}
THEMES = {theme["id"]: theme for part in GLOBAL["parts"] for theme in part["themes"]}
QUESTIONS = {question["id"]: question for theme in THEMES.values() for question in theme["questions"]}


def _questions_of(part_id: str) -> list[dict[str, Any]]:
    return [question for theme in PARTS[part_id]["themes"] for question in theme["questions"]]


def _is_core_rating(question: dict[str, Any]) -> bool:
    weight = Fraction(question.get("weight", 1))
    return question["kind"] == "rating" and question["track"] in {"scan", "core"} and weight > 0


def _ids(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["id"] for entry in entries]


def _texts(node: object) -> Iterator[str]:
    """Every text of a checklist that a person reads."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in {"id", "references", "tags", "also_in", "kind", "track", "ask_if", "scale", "method"}:
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
    elif isinstance(node, str):
        yield node


# --- the counts that were promised ----------------------------------------------------------------


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
    checklist = load_checklist(ROOT / "checklists" / "global" / "2.0.0.yaml")
    assert [part.id for part in checklist.objectives] == list(OBJECTIVES)
    assert 90 <= checklist.minutes(Track.SCAN) <= 120


# --- ids and references ---------------------------------------------------------------------------


def test_ids_are_permanent_names_and_unique():
    for ids in (
        _ids(GLOBAL["parts"]),
        [theme["id"] for part in GLOBAL["parts"] for theme in part["themes"]],
        [question["id"] for theme in THEMES.values() for question in theme["questions"]],
    ):
        assert [name for name, count in Counter(ids).items() if count > 1] == []
        assert [name for name in ids if not re.fullmatch(r"[a-z][a-z0-9_]{1,59}", name)] == []


def _known_references() -> set[str]:
    return {
        *_ids(INSTRUMENTS),
        *_ids(SDG["targets"]),
        *_ids(SDG["indicators"]),
        *_ids(FRAMEWORKS["frameworks"]),
    }


def test_every_reference_is_known():
    known = _known_references()
    used = [(owner, ref) for owner, entry in [*THEMES.items(), *QUESTIONS.items()] for ref in entry["references"]]
    assert [(owner, ref) for owner, ref in used if ref not in known] == []


def test_every_theme_and_rating_has_a_reference():
    assert [name for name, entry in [*THEMES.items(), *QUESTIONS.items()] if not entry["references"]] == []


def test_every_fundamental_and_governance_instrument_is_used():
    used = {ref for entry in [*THEMES.values(), *QUESTIONS.values()] for ref in entry["references"]}
    assert {entry["id"] for entry in INSTRUMENTS if "class" in entry} <= used


def test_tags_objectives_and_facts_named_elsewhere_are_declared():
    facts = {fact["id"] for fact in GLOBAL["facts"]}
    for entry in [*THEMES.values(), *QUESTIONS.values()]:
        assert set(entry.get("tags", [])) <= set(GLOBAL["tags"])
        assert set(entry.get("also_in", [])) <= set(OBJECTIVES)
        assert set(re.findall(r"'fact': '(\w+)'", str(entry.get("ask_if", "")))) <= facts


def test_every_fact_is_used_by_a_question():
    conditions = " ".join(str(question.get("ask_if", "")) for question in QUESTIONS.values())
    assert [fact["id"] for fact in GLOBAL["facts"] if f"'{fact['id']}'" not in conditions] == []


# --- the questions --------------------------------------------------------------------------------


@pytest.mark.parametrize("question_id", QUESTIONS)
def test_a_core_rating_is_complete(question_id):
    question = QUESTIONS[question_id]
    assert set(question["criteria"]) == LEVELS
    assert set(question["advice"]) == LEVELS - {4}
    assert 1 <= question["minutes"] <= 10
    for field in ("guidance", "evidence", "not_enough"):
        assert question[field].endswith((".", "?", "”"))


@pytest.mark.parametrize("question_id", QUESTIONS)
def test_a_question_is_short_and_reads_easily(question_id):
    question = QUESTIONS[question_id]
    assert len(question["text"].split()) <= 30
    assert question["text"].endswith("?")
    assert max(len(text.split()) for text in question["criteria"].values()) <= 40
    assert max(len(text.split()) for text in question["advice"].values()) <= 30
    body = [question["text"], question["guidance"], *question["criteria"].values(), *question["advice"].values()]
    assert reading_age(" ".join(body)) <= 14.5
    assert reading_age(question["text"]) <= 16


@pytest.mark.parametrize("theme_id", THEMES)
def test_a_theme_says_why_it_matters_in_one_plain_paragraph(theme_id):
    why = THEMES[theme_id]["why"]
    assert 50 <= len(why.split()) <= 90
    assert reading_age(why) <= 14.5


def test_the_checklist_as_a_whole_can_be_read_at_fourteen():
    ages = [reading_age(theme["why"]) for theme in THEMES.values()]
    ages += [reading_age(" ".join(question["criteria"].values())) for question in QUESTIONS.values()]
    assert sum(ages) / len(ages) <= 14


@pytest.mark.parametrize("field", ["criteria", "advice"])
def test_no_two_criteria_or_pieces_of_advice_are_the_same(field):
    texts = Counter(text for question in QUESTIONS.values() for text in question[field].values())
    assert [text for text, count in texts.items() if count > 1] == []


def test_no_two_questions_or_evidence_notes_are_the_same():
    for field in ("text", "guidance", "evidence", "not_enough"):
        assert len({question[field] for question in QUESTIONS.values()}) == len(QUESTIONS)


@pytest.mark.parametrize("question_id", QUESTIONS)
def test_shares_rise_from_level_to_level(question_id):
    size = {"a quarter": 1, "half": 2, "three quarters": 3}
    named = [
        max((rank for words, rank in size.items() if words in text), default=0)
        for _, text in sorted(QUESTIONS[question_id]["criteria"].items())
    ]
    stated = [rank for rank in named if rank]
    assert stated == sorted(set(stated)), "each share is higher than the one before"


BANNED = (
    r"e\.g\.|i\.e\.|etc\.|and/or|inter alia|leverag\w+|utili[sz]\w+|facilitat\w+|stakeholders?|holistic\w*|synerg\w+|"
    r"robust\w*|paradigm\w*|modalit\w+|operationali[sz]\w+|impactful|going forward|best practices?|beneficiar\w+|"
    r"empower\w*|capacity[- ]building|enhanc\w+|ensur\w+|framework conditions|human capital|low-hanging|buy-in"
)
# Words that two honest people would judge differently; a criterion states facts instead.
VAGUE = (
    r"adequate\w*|appropriate\w*|significant\w*|effective\w*|sufficient\w*|relevant|strong\w*|good|regular\w*|"
    r"systematic\w*|where possible|as needed|substantial\w*|meaningful\w*|often|usually|(?<!how )many|some"
)


def test_no_banned_word_is_used():
    found = [(m.group(0), text[:60]) for text in _texts(GLOBAL) if (m := re.search(rf"\b(?:{BANNED})", text, re.I))]
    assert found == []


def test_no_criterion_uses_a_vague_word():
    found = [
        (question["id"], level, match.group(0))
        for question in QUESTIONS.values()
        for level, text in question["criteria"].items()
        if (match := re.search(rf"\b(?:{VAGUE})\b", text, re.I))
    ]
    assert found == []


def test_ratification_is_never_rewarded():
    for question in QUESTIONS.values():
        rewarded = " ".join([question["text"], question["evidence"], *question["criteria"].values()])
        assert "ratif" not in rewarded.lower()


def test_texts_are_typed_cleanly():
    for text in _texts(GLOBAL):
        assert text == text.strip()
        assert "  " not in text
        assert not re.search(r"\b(\w+) \1\b", text, re.I), text


def test_the_checklist_is_a_draft_until_it_is_complete():
    assert GLOBAL["status"] == "draft"


# --- the measure itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "count"),
    [("work", 1), ("makes", 1), ("changed", 1), ("started", 2), ("wages", 2), ("programme", 2), ("families", 3)],
)
def test_syllables_are_counted(word, count):
    assert syllables(word) == count


def test_long_sentences_read_older_than_short_ones():
    short = "The firm pays well. The work is safe."
    long = (
        "Considering organizational responsibilities, institutional accountability necessitates comprehensive policies."
    )
    assert reading_age(short) < 8 < 18 < reading_age(long)
