"""What was typed into a form, in the words of its page: texts of questions, labels of choices, no raw values.

Only published checklists are asked, which anybody may read; no assessment is looked up for somebody who may not be
signed in. Which checklist it was, the form says itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from toolkit.domain.checklist import Checklist, Kind, Question
from toolkit.domain.words import MANDATES, SIGN_OFFS, SUBJECT_KINDS, TRACKS
from toolkit.forms.kinds import GIVEN, INSTEAD, UNANSWERED
from toolkit.storage.definitions import list_checklists
from toolkit.web.words import EDITIONS, ROLES, SPACE_KINDS

WHICH = "of_checklist"  # the field that says which checklist and version a form belongs to
UNSEEN_PARTS = frozenset({"revision", "was", "met", "keep", "sha256", "off"})
UNSEEN = frozenset({WHICH, "space", "next", "sent"})
PARTS = {"reason": "Why it is not applicable", "comment": "Comment", "title": "title", "url": "link"}
WORDS: dict[str, Mapping[str, str]] = {
    "kind": {one.value: text for one, text in (*SUBJECT_KINDS.items(), *SPACE_KINDS.items())},
    "track": {one.value: text for one, text in TRACKS.items()},
    "sign_off": {one.value: text for one, text in SIGN_OFFS.items()},
    "edition": {one.value: text for one, text in EDITIONS.items()},
    "role": {one.value: text for one, text in ROLES.items()},
}
MANDATE_WORDS = {one.value: text for one, text in MANDATES.items()}
INSTEAD_WORDS = {str(one.value): str(one.label) for one in INSTEAD}


@dataclass(frozen=True, slots=True)
class Box:
    """One text to read and to copy; `question` is empty outside the pages of a theme and of the mandate."""

    question: str
    label: str
    text: str


def boxes(fields: Iterable[tuple[str, str]], folder: Path) -> tuple[Box, ...]:
    """What a person typed or chose, in order, without what the form says to itself."""
    sent = [(name, text) for name, text in fields if text.strip()]
    checklists = _by_likelihood(dict(sent).get(WHICH, ""), folder)
    found = (_box(name, text, checklists) for name, text in sent)
    return tuple(one for one in found if one is not None)


def _by_likelihood(which: str, folder: Path) -> tuple[Checklist, ...]:
    """The checklist that the form names, before all others, the newest first."""
    every = tuple(reversed(list_checklists(folder)))
    return tuple(sorted(every, key=lambda one: _address(one) != which))


def _address(one: Checklist) -> str:
    return f"{one.id}/{one.version}"


def _box(name: str, text: str, checklists: tuple[Checklist, ...]) -> Box | None:
    answer = re.fullmatch(r"q_([a-z0-9_]+)-([a-z0-9_-]+)", name)
    if answer is not None:
        return _of_answer(answer[1], answer[2].split("-"), text, checklists)
    scope = re.fullmatch(r"([mr])_([a-z0-9_]+)", name)
    if scope is not None:
        return _of_theme(scope[2], scope[1] == "m", text, checklists)
    if name in UNSEEN:
        return None
    if name == "checklist":
        text = next((f"{one.title}, version {one.version}" for one in checklists if _address(one) == text), text)
    label = re.sub(r"^[a-z]_(?=[a-z])", "", name).replace("_", " ").strip().capitalize()
    return Box("", label, WORDS.get(name, {}).get(text, "Yes" if text == "y" else text))


def _of_theme(name: str, is_mandate: bool, text: str, checklists: tuple[Checklist, ...]) -> Box:
    title = next((one.theme_index[name][1].title for one in checklists if name in one.theme_index), name)
    return Box(title, "Mandate", MANDATE_WORDS.get(text, text)) if is_mandate else Box(title, "Reason", text)


def _of_answer(name: str, parts: list[str], text: str, checklists: tuple[Checklist, ...]) -> Box | None:
    if parts[-1] in UNSEEN_PARTS or text in (GIVEN, UNANSWERED):
        return None
    question = next((one.question(name) for one in checklists if name in one.question_index), None)
    heading = question.text if question else name.replace("_", " ").capitalize()
    numbers = [int(one) for one in parts if one.isdecimal() and len(one) < 6]
    if parts[0] == "evidence" and numbers:
        return Box(heading, f"Evidence {numbers[0] + 1}, {PARTS.get(parts[-1], parts[-1])}", text)
    if parts[0] in ("pick", "value"):
        return Box(heading, _cell(question, numbers), _said(question, text))
    return Box(heading, PARTS.get(parts[0], parts[0].capitalize()), text)


def _cell(question: Question | None, numbers: list[int]) -> str:
    if question is None or len(numbers) != 2 or numbers[1] >= len(question.columns):
        return "Answer"
    return f"{question.columns[numbers[1]].label}, row {numbers[0] + 1}"


def _said(question: Question | None, text: str) -> str:
    """A level or an option by its label; what was typed stays as it is."""
    labels = dict(INSTEAD_WORDS)
    if question is not None and question.scale is not None:
        labels |= {str(level.value): f"{level.value} {level.label}" for level in question.scale.levels}
    if question is not None and question.options:
        labels |= {option.id: option.label for option in question.options}
    elif question is not None and question.kind is Kind.YES_NO:
        labels |= {"yes": "Yes", "no": "No"}
    return labels.get(text, text)
