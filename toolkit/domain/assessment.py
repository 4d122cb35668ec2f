"""An assessment as a value: one subject, one checklist version, one track, and what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from toolkit.domain.answers import UNANSWERED, Answer
from toolkit.domain.checklist import QuestionId, ThemeId, Track
from toolkit.domain.discussions import ToldThread
from toolkit.domain.positions import Position


class Mandate(StrEnum):
    """How a theme relates to what the subject is there to do."""

    IN = "in"
    TOUCHES = "touches"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class ThemeScope:
    """The mandate scoping of one theme, with its one reason."""

    mandate: Mandate
    reason: str = ""


class State(StrEnum):
    """The one state of an assessment."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SUBMITTED = "submitted"


class SignOff(StrEnum):
    """How many approvers an assessment needs before submission, fixed at the start."""

    NONE = "none"
    ONE = "one"
    TWO = "two"


class Edition(StrEnum):
    """Who a report or file is for; each holds no more than its readers may see."""

    INTERNAL = "internal"
    SHARED = "shared"
    PUBLIC = "public"


class SubjectKind(StrEnum):
    """What is being assessed."""

    ORGANIZATION = "organization"
    UNIT = "unit"
    COUNTRY_TEAM = "country_team"
    NATIONAL_PLAN = "national_plan"
    PROGRAMME = "programme"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing assessed. `country` is an ISO 3166 alpha-2 code, or empty."""

    name: str
    kind: SubjectKind
    organization: str = ""  # the name of the organization or space it belongs to
    country: str = ""


FactValue = str | bool | Decimal


@dataclass(frozen=True, slots=True)
class Approval:
    """That somebody approved, by role and unit; a name only with that person's consent."""

    role: str
    approved_at: datetime
    name: str = ""


@dataclass(frozen=True)
class Assessment:
    """Everything that scoring, reports and the assessment file need, and nothing of accounts.

    `answers` holds the consolidated voice, `positions` what the other voices say, `discussions` those that the focal
    point chose for a report. Times are UTC. `number` is that of the submission (1, 2 …), None for a draft.
    `chain_head` is the head of the assessment's hash chain as hex, empty where it comes from a file.
    """

    checklist_id: str
    checklist_version: str
    checklist_digest: str
    subject: Subject
    track: Track
    sign_off: SignOff = SignOff.NONE
    state: State = State.DRAFT
    title: str = ""
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    scope: Mapping[ThemeId, ThemeScope] = field(default_factory=dict)
    answers: Mapping[QuestionId, Answer] = field(default_factory=dict)
    discussions: Mapping[QuestionId, tuple[ToldThread, ...]] = field(default_factory=dict)
    positions: tuple[Position, ...] = ()
    approvals: tuple[Approval, ...] = ()
    started_at: datetime | None = None
    submitted_at: datetime | None = None
    number: int | None = None
    provisional_reason: str = ""
    verification_code: str = ""
    chain_head: str = ""

    def answer(self, question_id: QuestionId) -> Answer:
        """The consolidated answer, unanswered where there is none."""
        return self.answers.get(question_id, UNANSWERED)
