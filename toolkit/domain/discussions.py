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
    """Which readers of a report a thread is for. The focal point chooses; nobody else sees it until then."""

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
class Thread:
    """One discussion of a question, from its first message on; open until somebody resolves it."""

    id: UUID
    question: QuestionId
    messages: tuple[Message, ...]
    told: Told = Told.NOBODY
    resolved_at: datetime | None = None
    resolved_by_name: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it waits for an end."""
        return self.resolved_at is None
