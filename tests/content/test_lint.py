"""Every checklist that comes with the program is written plainly; and the lint finds what it says it finds."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.content.lint import CONTENT, ROOT, Definition, faults, questions_of, read, themes_of
from tests.content.readability import reading_age, syllables

FILES = sorted((ROOT / "checklists").glob("*/*.yaml"))
SOUND = read(ROOT / "checklists" / "global" / "2.0.0.yaml")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_checklist_that_comes_with_the_program_has_no_fault(path):
    assert faults(read(path)) == []


def _question(definition: Definition) -> dict[str, Any]:
    found: dict[str, Any] = questions_of(definition)["youth_jobs"]
    return found


def _theme(definition: Definition) -> dict[str, Any]:
    found: dict[str, Any] = themes_of(definition)["youth"]
    return found


def _of_question(**values: Any) -> Callable[[Definition], None]:
    return lambda definition: _question(definition).update(values)


def _of_criterion(level: int, text: str) -> Callable[[Definition], None]:
    return lambda definition: _question(definition)["criteria"].update({level: text})


BREAKS: dict[str, Callable[[Definition], None]] = {
    "this id stands 2 times": _of_question(id="crisis_jobs"),
    "not a permanent name": _of_question(id="Youth-Jobs"),
    "is not in the dated data": _of_question(references=["C999"]),
    "the tag": _of_question(tags=["unheard_of"]),
    "the fact": _of_question(ask_if={"fact": "unheard_of", "is": True}),
    "a theme names what it rests on": lambda definition: _theme(definition).update(references=[]),
    "not 50 to 90": lambda definition: _theme(definition).update(why="Too short."),
    "why reads at": lambda definition: _theme(definition).update(
        why="Institutional accountability necessitates comprehensive organizational responsibilities for all. " * 9
    ),
    "the question has 31 words": _of_question(text="so " + "a b " * 14 + "c d?"),
    "ends with a question mark": _of_question(text="Help the young."),
    "the question reads at": _of_question(
        text="Institutional accountability necessitates organizational responsibility?"
    ),
    "minutes are missing": _of_question(minutes=0),
    "criteria for 0 to 4": lambda definition: _question(definition)["criteria"].pop(3),
    "a rating names what it rests on": _of_question(references=[]),
    "guidance is missing": _of_question(guidance=""),
    "criteria 4 has 41 words": _of_criterion(4, "a " * 40 + "b."),
    "youth_jobs: reads at": _of_question(guidance="Institutional accountability necessitates comprehensiveness. " * 20),
    "not higher than the one before": _of_criterion(3, "At least a quarter of the programmes do it with the young."),
    "is vague: adequate": _of_criterion(3, "There is adequate help for the young."),
    "ratification is rewarded": _of_criterion(3, "The ratification of C138 was achieved."),
    "evidence stands 2 times": lambda definition: _question(definition).update(
        evidence=questions_of(definition)["crisis_jobs"]["evidence"]
    ),
    "criteria stand 2 times": lambda definition: _question(definition)["criteria"].update(
        questions_of(definition)["crisis_jobs"]["criteria"]
    ),
    "banned: stakeholder": _of_question(guidance="Ask the stakeholders."),
    "spaces in": _of_question(guidance="Two  spaces."),
    "“the the” in": _of_question(guidance="Ask the the young."),
}


@pytest.mark.parametrize("fault", BREAKS)
def test_the_lint_finds(fault):
    definition = deepcopy(SOUND)
    BREAKS[fault](definition)
    assert any(fault in found for found in faults(definition)), faults(definition)


def test_syllables_of_words_that_are_known():
    known = {"work": 1, "worker": 2, "jobs": 1, "employment": 3, "people": 2, "used": 1, "agreed": 2, "organization": 5}
    assert {word: syllables(word) for word in known} == known


def test_long_sentences_read_older_than_short_ones():
    short = "The firm pays well. The work is safe."
    long = (
        "Considering organizational responsibilities, institutional accountability necessitates comprehensive policies."
    )
    assert reading_age(short) < 8 < 18 < reading_age(long)


def test_the_dated_data_is_where_the_lint_looks():
    assert (CONTENT / "instruments.yaml").is_file()
