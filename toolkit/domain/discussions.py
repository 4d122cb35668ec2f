"""Discussions: threads about a question, apart from its answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from toolkit.domain.checklist import QuestionId

MAX_MESSAGE = 5_000  # characters
MAX_THREADS = 50  # about one question
MAX_MESSAGES = 200  # in one thread
MAX_MENTIONS = 20  # in one message


class Told(StrEnum):
    """Which readers of a report a thread is for. The focal point chooses; no report holds it until then."""

    NOBODY = "nobody"
    INTERNAL = "internal"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote. `text` is None once erased; `mentioned` are the names of those who were asked to look."""

    by: UUID
    by_name: str
    text: str | None
    at: datetime
    mentioned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldMessage:
    """A message as a report tells it: `person` numbers those who took part, 1 for who wrote first."""

    person: int
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class ToldThread:
    """A discussion as a report tells it, in the internal edition and, with `is_shared`, in the shared one too."""

    messages: tuple[ToldMessage, ...]
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """One discussion of a question, from its first message on; open until somebody resolves it."""

    id: UUID
    question: QuestionId
    messages: tuple[Message, ...]
    told: Told = Told.NOBODY
    resolved_at: datetime | None = None
    resolved_by_name: str = ""

    def told_in_report(self) -> ToldThread:
        """The thread as a report tells it: people by number, and no text that was erased."""
        numbers = {by: place for place, by in enumerate(dict.fromkeys(one.by for one in self.messages), 1)}
        messages = tuple(ToldMessage(numbers[one.by], one.at, one.text) for one in self.messages if one.text)
        return ToldThread(messages, is_shared=self.told is Told.SHARED)

    @property
    def is_open(self) -> bool:
        """Whether it waits for an end."""
        return self.resolved_at is None
