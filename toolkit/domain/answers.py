"""Answers: what somebody said about a question, in one of five states."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class AnswerState(StrEnum):
    """Where an answer stands. `not_asked` follows from routing and is never stored."""

    ANSWERED = "answered"
    DONT_KNOW = "dont_know"
    NOT_APPLICABLE = "not_applicable"
    UNANSWERED = "unanswered"
    NOT_ASKED = "not_asked"


# rating: int (the level) · yes_no: bool · choice: str (option id) · choices: tuple of option ids
# number: Decimal · text: str · table: tuple of rows, each a tuple of cell texts
Value = int | bool | str | Decimal | tuple[str, ...] | tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that shows an answer to be true: a titled link, or a titled file by its digest."""

    title: str
    url: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `reason` says why it is not applicable; without it that counts as unanswered."""

    state: AnswerState = AnswerState.UNANSWERED
    value: Value | None = None
    reason: str = ""
    comment: str = ""
    evidence: tuple[Evidence, ...] = ()

    @property
    def counted_state(self) -> AnswerState:
        """The state that scoring and coverage use."""
        if self.state is AnswerState.NOT_APPLICABLE and not self.reason.strip():
            return AnswerState.UNANSWERED
        if self.state is AnswerState.ANSWERED and self.value is None:
            return AnswerState.UNANSWERED
        return self.state


UNANSWERED = Answer()


def fingerprint(answer: Answer) -> str:
    """A short digest of an answer: tells one that is still the same from one that was changed."""
    return hashlib.sha256(repr(answer).encode("utf-8", "backslashreplace")).hexdigest()[:12]
