"""Assessments: start, find, open, answer, submit. One door for the modules beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID

from toolkit.domain.access import Permission, Reach
from toolkit.domain.answers import Answer
from toolkit.domain.assessment import Assessment, FactValue, SignOff, State, Subject, ThemeScope
from toolkit.domain.checklist import Checklist, QuestionId, ThemeId, Track
from toolkit.domain.errors import AnswerConflict
from toolkit.domain.scorecard import Progress
from toolkit.domain.workflow import Step
from toolkit.services.spaces import Space
from toolkit.services.submissions import SubmissionInfo
from toolkit.services.viewers import Viewer

if TYPE_CHECKING:
    from toolkit.domain.checking import AnswerProblem

T = TypeVar("T")
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: `number` counts from 1, `total` counts items."""

    items: tuple[T, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """An assessment in a list. `number` is that of its last submission, None before the first."""

    id: UUID
    title: str
    subject: Subject
    space: str
    checklist_id: str
    checklist_version: str
    checklist_title: str
    track: Track
    state: State
    progress: Progress
    updated_at: datetime
    number: int | None = None
    discarded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReturnReason:
    """Why an assessment came back: about one question, or with `question` empty about the whole."""

    question: QuestionId
    reason: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who has answered, reviewed or approved."""

    name: str
    answered: int


@dataclass(frozen=True)
class OpenAssessment:
    """An assessment as one viewer may see it.

    `answer_revisions` has the revision of each stored answer (0 is meant where it has none). `visible` and `answerable`
    say which questions the viewer may see and answer; answers outside `visible` are left out of `assessment`.
    """

    id: UUID
    title: str
    space: Space
    assessment: Assessment
    checklist: Checklist
    permissions: frozenset[Permission]
    steps: tuple[Step, ...]
    answer_revisions: Mapping[QuestionId, int]
    visible: Reach
    answerable: Reach
    started_at: datetime
    updated_at: datetime
    next_number: int
    returned: tuple[ReturnReason, ...] = ()
    discarded_at: datetime | None = None
    approvals_needed: int = 0

    def may(self, permission: Permission) -> bool:
        """Whether the viewer has a permission here."""
        return permission in self.permissions


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An answer that is on disk."""

    question_id: QuestionId
    revision: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class SaveOutcome:
    """What became of several answers saved at once: kept, or changed by somebody else since."""

    saved: tuple[SavedAnswer, ...]
    conflicts: tuple[AnswerConflict, ...]


@dataclass(frozen=True, slots=True)
class AnswerVersion:
    """One revision in the history of an answer; `answer` is None once erased."""

    revision: int
    answer: Answer | None
    by_name: str
    entered_by_name: str
    saved_at: datetime
    copied_from: str = ""


def start(
    *,
    space_id: UUID,
    subject: Subject,
    checklist_id: str,
    version: str,
    track: Track,
    sign_off: SignOff,
    title: str,
    facts: Mapping[str, FactValue],
    by: UUID,
    now: datetime,
) -> UUID:
    """Start an assessment: its id. Raises NotFound (space, checklist), NotAllowed, InvalidInput."""
    raise NotImplementedError


def mine(viewer: Viewer, *, page: int = 1, now: datetime) -> Page[AssessmentLine]:
    """The assessments a viewer may see, those changed last first."""
    raise NotImplementedError


def open_assessment(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> OpenAssessment:
    """One assessment. Raises NotFound."""
    raise NotImplementedError


def set_scope(assessment_id: UUID, scope: Mapping[ThemeId, ThemeScope], *, viewer: Viewer, now: datetime) -> None:
    """Say how themes relate to the mandate. Raises NotFound, NotAllowed, AssessmentClosed, InvalidInput."""
    raise NotImplementedError


def set_facts(assessment_id: UUID, facts: Mapping[str, FactValue], *, viewer: Viewer, now: datetime) -> None:
    """Say what is known about the subject. Raises NotFound, NotAllowed, AssessmentClosed, InvalidInput."""
    raise NotImplementedError


def save_answer(
    assessment_id: UUID,
    question_id: QuestionId,
    answer: Answer,
    *,
    expected_revision: int,
    viewer: Viewer,
    now: datetime,
) -> SavedAnswer:
    """Keep one answer. The same content again changes nothing and gives the revision that stands.

    Raises NotFound, NotAllowed, AssessmentClosed, AnswerConflict, InvalidInput, CannotSaveNow.
    """
    raise NotImplementedError


def save_answers(
    assessment_id: UUID,
    answers: Mapping[QuestionId, tuple[Answer, int]],
    *,
    viewer: Viewer,
    now: datetime,
) -> SaveOutcome:
    """Keep several answers, each with the revision it was based on; those changed since come back as conflicts."""
    raise NotImplementedError


def history(
    assessment_id: UUID, question_id: QuestionId, *, viewer: Viewer, now: datetime
) -> tuple[AnswerVersion, ...]:
    """Every revision of an answer, newest first. Raises NotFound."""
    raise NotImplementedError


def missing(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> tuple[AnswerProblem, ...]:
    """What stands in the way of review and submission. Raises NotFound."""
    raise NotImplementedError


def send_to_review(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> None:
    """Hand a draft to review. Raises NotFound, NotAllowed, StateChanged, Incomplete."""
    raise NotImplementedError


def return_to_draft(assessment_id: UUID, reasons: Mapping[QuestionId, str], *, viewer: Viewer, now: datetime) -> None:
    """Give it back with reasons, by question; the empty question id is the whole. Raises also ReasonNeeded."""
    raise NotImplementedError


def withdraw(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> None:
    """Take it back from review."""
    raise NotImplementedError


def approve(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> State:
    """Approve: the state that follows (in review until enough have approved). Raises also OwnWork."""
    raise NotImplementedError


def submit(assessment_id: UUID, *, provisional_reason: str = "", viewer: Viewer, now: datetime) -> SubmissionInfo:
    """Make the next submission. Raises also Incomplete, ReasonNeeded (a provisional result)."""
    raise NotImplementedError


def reopen(assessment_id: UUID, *, reason: str, viewer: Viewer, now: datetime) -> None:
    """Go back to draft after submission; the submission stands until the next one."""
    raise NotImplementedError


def discard(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> None:
    """Set a draft aside; it is erased after 30 days."""
    raise NotImplementedError


def undiscard(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> None:
    """Bring a discarded draft back."""
    raise NotImplementedError
