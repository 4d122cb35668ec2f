"""Handing over: themes and questions of an assessment in the hands of one person, and how far that person is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from uuid import UUID

from toolkit.domain.access import Reach, Scope, question_scope, theme_scope
from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.checklist import Checklist, Question, QuestionId, Theme, ThemeId
from toolkit.domain.errors import InvalidInput, Problem
from toolkit.domain.routing import NEVER_ASKED
from toolkit.domain.scorecard import Standing

SOON_DAYS = 3  # due within so many days: worth a reminder
STUCK_DAYS = 7  # nothing saved for so long, and something open
MAX_PARTS = 200
MAX_PEOPLE = 20
MAX_NOTE = 2_000
MAX_DUE_DAYS = 730
MAX_NEXT_NOTE = 5_000  # the note for the next round


class PartKind(StrEnum):
    """What a part of an assessment is."""

    THEME = "theme"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class HandedPart:
    """One theme or question that is handed over."""

    kind: PartKind
    id: ThemeId | QuestionId


class HandoverState(StrEnum):
    """Where a hand-over stands: with the person, said to be done, given back to the person, or over."""

    OPEN = "open"
    DONE = "done"
    RETURNED = "returned"
    ENDED = "ended"


class Urgency(StrEnum):
    """How a due day stands to today."""

    LATE = "late"
    SOON = "soon"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class HandoverProgress:
    """How far the questions of a hand-over are. `saved_at` is the last save of one of them, None before the first."""

    answered: int
    asked: int
    minutes_left: int
    saved_at: datetime | None = None

    @property
    def is_complete(self) -> bool:
        """Whether nothing is open."""
        return self.answered == self.asked


def local_day(now: datetime, zone: tzinfo) -> date:
    """The day that it is now, in a time zone."""
    return now.astimezone(zone).date()


def urgency(due_on: date | None, today: date) -> Urgency:
    """A due day ends at midnight: on the day itself something is due soon, on the next it is late."""
    if due_on is None:
        return Urgency.NONE
    if due_on < today:
        return Urgency.LATE
    return Urgency.SOON if due_on <= today + timedelta(days=SOON_DAYS) else Urgency.NONE


def is_stuck(progress: HandoverProgress, handed_over_at: datetime, now: datetime) -> bool:
    """Whether something is open and nothing was saved for STUCK_DAYS."""
    last = max(handed_over_at, progress.saved_at or handed_over_at)
    return not progress.is_complete and now - last >= timedelta(days=STUCK_DAYS)


def clean_parts(checklist: Checklist, parts: Iterable[HandedPart]) -> tuple[HandedPart, ...]:
    """The parts in the checklist's order, without the questions of themes that are handed over whole.

    Raises InvalidInput for none, too many, and those that the checklist does not have.
    """
    wanted = set(parts)
    themes = {part.id for part in wanted if part.kind is PartKind.THEME}
    questions = {part.id for part in wanted if part.kind is PartKind.QUESTION}
    if not themes <= checklist.theme_index.keys() or not questions <= checklist.question_index.keys():
        raise InvalidInput("The parts", (Problem("parts", "Choose themes and questions of this checklist."),))
    found = []
    for _, theme in checklist.themes():
        if theme.id in themes:
            found.append(HandedPart(PartKind.THEME, theme.id))
        else:
            found += [HandedPart(PartKind.QUESTION, one.id) for one in theme.questions if one.id in questions]
    if not found:
        raise InvalidInput("The parts", (Problem("parts", "Choose at least one theme or question."),))
    if len(found) > MAX_PARTS:
        raise InvalidInput("The parts", (Problem("parts", f"Hand over at most {MAX_PARTS} parts at a time."),))
    return tuple(found)


def part_scope(assessment: UUID, part: HandedPart, voice: UUID | None) -> Scope:
    """The scope of the grant that a part gives."""
    if part.kind is PartKind.THEME:
        return theme_scope(assessment, part.id, voice)
    return question_scope(assessment, part.id, voice)


def parts_reach(parts: Iterable[HandedPart]) -> Reach:
    """The questions that some parts are."""
    parts = tuple(parts)
    return Reach(
        everywhere=False,
        themes=frozenset(part.id for part in parts if part.kind is PartKind.THEME),
        questions=frozenset(part.id for part in parts if part.kind is PartKind.QUESTION),
    )


def covers_part(reach: Reach, part: HandedPart, checklist: Checklist) -> bool:
    """Whether a part lies wholly within reach."""
    if part.kind is PartKind.THEME:
        return part.id in reach.themes
    _, theme, _ = checklist.question_index[part.id]
    return reach.includes(theme.id, part.id)


def questions_of(theme: Theme, reach: Reach, standing: Mapping[QuestionId, Standing]) -> tuple[Question, ...]:
    """The questions of a theme that are within reach and asked now; the closing text is left out."""
    return tuple(
        one
        for one in theme.questions
        if reach.includes(theme.id, one.id) and standing[one.id] not in NEVER_ASKED and not one.is_improvement
    )


def is_open(answer: Answer | None) -> bool:
    """Whether a question still waits for its answer."""
    return answer is None or answer.counted_state is AnswerState.UNANSWERED


def handover_progress(
    checklist: Checklist,
    reach: Reach,
    *,
    standing: Mapping[QuestionId, Standing],
    answers: Mapping[QuestionId, Answer],
    saved_at: Mapping[QuestionId, datetime],
) -> HandoverProgress:
    """How far the questions within reach are, with the answers of their voice."""
    wanted = [one for _, theme in checklist.themes() for one in questions_of(theme, reach, standing)]
    left = [one for one in wanted if is_open(answers.get(one.id))]
    times = [saved_at[one.id] for one in wanted if one.id in saved_at]
    return HandoverProgress(
        len(wanted) - len(left), len(wanted), sum(one.minutes for one in left), max(times, default=None)
    )
