"""What one version of an answer changed against the one before it, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from toolkit.domain.answers import UNANSWERED, Answer
from toolkit.domain.checklist import Question
from toolkit.services.assessments import AnswerVersion
from toolkit.web.answer_words import AnswerWords, answer_words, as_text

_WORDS = re.compile(r"\s+|[^\s]+")
# Comparing takes time with the square of the length; beyond this many words a text is shown as wholly replaced.
MAX_WORDS = 1_500


class Piece(StrEnum):
    """What became of some words."""

    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Change:
    """One part of an answer that changed: its label and its text in pieces, in the order in which they read."""

    label: str
    pieces: tuple[tuple[Piece, str], ...]


@dataclass(frozen=True, slots=True)
class VersionShown:
    """A version in the history: the whole answer in words, and what it changed; both empty where its text was erased.

    `is_first` says that it changed nothing because there was nothing before.
    """

    version: AnswerVersion
    words: AnswerWords | None
    changes: tuple[Change, ...]
    is_first: bool


def versions_shown(question: Question, versions: Sequence[AnswerVersion]) -> tuple[VersionShown, ...]:
    """Versions as the history shows them; `versions` run from the newest to the oldest without a gap."""
    older = [*versions[1:], None][: len(versions)]
    return tuple(_shown(question, one, before) for one, before in zip(versions, older, strict=True))


def _shown(question: Question, one: AnswerVersion, before: AnswerVersion | None) -> VersionShown:
    if one.answer is None:
        return VersionShown(one, None, (), one.revision == 1)
    words = answer_words(question, one.answer)
    known = before is not None and before.answer is not None
    return VersionShown(
        one, words, changes(question, before.answer, one.answer) if known and before else (), one.revision == 1
    )


def changes(
    question: Question, older: Answer | None, newer: Answer, *, max_words: int = MAX_WORDS
) -> tuple[Change, ...]:
    """What differs between two versions; `older` is None for the first one. Nothing for equal answers.

    A text of more than `max_words` words, both versions counted, is shown as wholly replaced.
    """
    was = dict(as_text(question, older or UNANSWERED))
    now = dict(as_text(question, newer))
    labels = [*now, *(label for label in was if label not in now)]
    return tuple(
        Change(label, _pieces(label, was.get(label, ""), now.get(label, ""), max_words))
        for label in labels
        if was.get(label, "") != now.get(label, "")
    )


def _pieces(label: str, was: str, now: str, max_words: int) -> tuple[tuple[Piece, str], ...]:
    old, new = _WORDS.findall(was), _WORDS.findall(now)
    if label == "Answer" or len(old) + len(new) > max_words:  # a level is one thing, whatever words its label shares
        return _filled((Piece.OUT, was), (Piece.IN, now))
    found: list[tuple[Piece, str]] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append((Piece.SAME, "".join(old[i:j])))
        else:
            found += [(Piece.OUT, "".join(old[i:j])), (Piece.IN, "".join(new[k:m]))]
    return _filled(*found)


def _filled(*pieces: tuple[Piece, str]) -> tuple[tuple[Piece, str], ...]:
    return tuple((piece, text) for piece, text in pieces if text)
