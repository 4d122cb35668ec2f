"""Positions: what each voice says beside the consolidated answers, as others may read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from toolkit.domain.answers import UNANSWERED, Answer
from toolkit.domain.checklist import QuestionId
from toolkit.domain.voices import Voice

MAX_VOICES = 60  # of one assessment, beside the consolidated one
MAX_VOICE_NAME = 120
MAX_PARAGRAPH = 3_000  # what a voice says in its own words about the whole
MAX_LEFT_OUT_REASON = 1_000


@dataclass(frozen=True, slots=True)
class Position:
    """What a voice says, never an average.

    `answers` holds what its spokesperson released; a voice that does not speak for itself has its answers as they
    stand. `paragraph` is what it says about the whole, printed with its name. With `left_out_because` the internal
    report prints that reason and the `reply` of the voice in place of what it says.
    """

    voice: Voice
    answers: Mapping[QuestionId, Answer] = field(default_factory=dict)
    released_at: datetime | None = None
    paragraph: str = ""
    left_out_because: str = ""
    reply: str = ""

    @property
    def is_told(self) -> bool:
        """Whether reports tell what it says."""
        return not self.left_out_because and bool(self.said or self.paragraph)

    @property
    def said(self) -> Mapping[QuestionId, Answer]:
        """Its answers without those that say nothing, not even in a comment; nothing where it is left out."""
        if self.left_out_because:
            return {}
        return {question: answer for question, answer in self.answers.items() if answer != UNANSWERED}
