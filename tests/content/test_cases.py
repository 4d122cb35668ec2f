"""The cases of every published checklist: enough of them, spread over levels and parts, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolkit.config import packaged_folder
from toolkit.domain.cases import Case
from toolkit.domain.checklist import Checklist, Status
from toolkit.storage.beside import beside_file, cases, problems_beside
from toolkit.storage.definitions import checklist_files, load_checklist

FILES = checklist_files(packaged_folder("checklists"))


def faults(checklist: Checklist, found: tuple[Case, ...]) -> Iterator[str]:
    """All that is wrong with the cases of a checklist, in words; nothing when nothing is."""
    if len(found) != 12:
        yield f"there are {len(found)} cases, not 12"
    unused = {0, 1, 2, 3, 4} - {case.level for case in found}
    if unused:
        yield f"no case stands at level {', '.join(map(str, sorted(unused)))}"
    parts = {checklist.question_index[case.question][0].id for case in found}
    if len(parts) < 3:
        yield f"the cases are of {len(parts)} parts, not of 3 or more"
    for case in found:
        count = len(case.text.split())
        if not 60 <= count <= 170:
            yield f"{case.id}: the text has {count} words, not 60 to 170"
        levels = [level.value for level in checklist.question(case.question).scale.levels]
        for level in (case.level + 1, case.level - 1):
            if level in levels and not names(case.reason, level):
                yield f"{case.id}: the reason does not say why it is not level {level}"


def names(reason: str, level: int) -> bool:
    """Whether a reason speaks of another level: `Not 3, because …`, `It is not at 1: …`, `Level 3 would need …`."""
    return re.search(rf"\b(?:not\s+(?:\w+\s+){{0,4}}?|level\s+){level}\b", reason, re.IGNORECASE) is not None


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_whatever_lies_beside_a_shipped_checklist_is_valid(path: Path):
    assert [str(problem) for problem in problems_beside(path)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_published_checklist_has_twelve_cases_for_raters(path: Path):
    checklist = load_checklist(path)
    found = cases(beside_file(path), checklist)
    if checklist.status is Status.PUBLISHED or found:
        assert list(faults(checklist, found)) == []


def a_case(number: int, level: int, question: str, reason: str = "", words: int = 60) -> Case:
    reason = reason or f"Not {level + 1}, because more is wanted. Not {level - 1}, because this much is there."
    return Case(f"case_{number}", question, "A case", " ".join(["word"] * words), level, reason)


def twelve(checklist: Checklist) -> list[Case]:
    """Cases as they should be, over all parts of a checklist."""
    firsts = [next(q.id for theme in part.themes for q in theme.questions if q.is_rating) for part in checklist.parts]
    return [a_case(number, number % 5, firsts[number % len(firsts)]) for number in range(12)]


@pytest.fixture(scope="module")
def checklist() -> Checklist:
    return load_checklist(packaged_folder("checklists") / "global" / "2.0.0.yaml")


def test_good_cases_have_no_faults(checklist):
    assert list(faults(checklist, tuple(twelve(checklist)))) == []


def test_each_fault_is_found(checklist):
    good = twelve(checklist)
    question = good[0].question
    assert list(faults(checklist, tuple(good[:11]))) == ["there are 11 cases, not 12"]
    flat = tuple(a_case(number, 2, one.question) for number, one in enumerate(good))
    assert list(faults(checklist, flat)) == ["no case stands at level 0, 1, 3, 4"]
    narrow = tuple(a_case(number, number % 5, question) for number in range(12))
    assert list(faults(checklist, narrow)) == ["the cases are of 1 parts, not of 3 or more"]
    for words in (59, 171):
        told = list(faults(checklist, (a_case(0, 0, question, words=words), *good[1:])))
        assert told == [f"case_0: the text has {words} words, not 60 to 170"]
    for reason, level in [("Not 3, it is short.", 1), ("It is not level 1.", 3), ("2 it is, neither 3 nor 1.", 3)]:
        told = list(faults(checklist, (good[0], good[1], a_case(2, 2, good[2].question, reason), *good[3:])))
        assert told[0] == f"case_2: the reason does not say why it is not level {level}"


@pytest.mark.parametrize(
    ("reason", "level", "found"),
    [
        ("Not 3, because", 3, True),
        ("Not level 3: because", 3, True),
        ("It is not yet at level 3, since", 3, True),
        ("Level 3 wants more", 3, True),
        ("There are 3 of them", 3, False),
        ("Not 30", 3, False),
    ],
)
def test_a_reason_names_the_level_that_it_is_not(reason, level, found):
    assert names(reason, level) is found
