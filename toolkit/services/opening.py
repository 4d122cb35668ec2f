"""Opening an assessment: what one viewer may see of it, read in a handful of queries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import EVERYWHERE, Permission, Reach, SpaceKind, permissions
from toolkit.domain.answers import Answer
from toolkit.domain.assessment import (
    Approval,
    Assessment,
    Mandate,
    SignOff,
    State,
    Subject,
    SubjectKind,
    ThemeScope,
)
from toolkit.domain.checklist import Checklist, QuestionId, ThemeId, Track
from toolkit.domain.errors import NotFound
from toolkit.domain.voices import Voice, VoiceKind, answerable_questions, visible_answers
from toolkit.domain.workflow import APPROVERS_NEEDED, Step, steps_open
from toolkit.services.acting import one_with
from toolkit.services.checklists import checklist_of
from toolkit.services.spaces import Space
from toolkit.services.viewers import Viewer
from toolkit.storage.answer_text import read_answer, read_facts
from toolkit.storage.assessments import (
    AnswerRecord,
    AnswerRevisionRecord,
    ApprovalRecord,
    AssessmentRecord,
    ThemeScopeRecord,
    VoiceRecord,
    consolidated_voice,
)
from toolkit.storage.db import db, reading
from toolkit.storage.people import PersonRecord
from toolkit.storage.spaces import SpaceRecord, SubjectRecord
from toolkit.storage.trail import TrailLinkRecord


@dataclass(frozen=True, slots=True)
class ReturnReason:
    """Why an assessment came back: about one question, or with `question` empty about the whole."""

    question: QuestionId
    reason: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class OpenAssessment:
    """An assessment as one viewer may see it, in its consolidated voice or (`voice`) in another.

    `answer_revisions` has the revision of each stored answer (0 is meant where it has none). `visible` and `answerable`
    say which questions the viewer may see and answer; answers outside `visible` are left out of `assessment`.
    `steps` are those the viewer could take now, before looking at completeness. `returned` says why consolidated
    answers came back; other voices answer to nobody.
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
    chain_seq: int = 0
    voice: Voice | None = None
    blind: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether the viewer has a permission here."""
        return permission in self.permissions

    def may_answer(self, question_id: QuestionId) -> bool:
        """Whether the viewer may answer a question now."""
        if self.assessment.state is not State.DRAFT or self.discarded_at is not None:
            return False
        _, theme, question = self.checklist.question_index[question_id]
        return self.answerable.includes(theme.id, question.id)


def open_assessment(assessment_id: UUID, *, viewer: Viewer, now: datetime, voice: UUID | None = None) -> OpenAssessment:
    """One assessment, with the answers of its consolidated voice or of another. Raises NotFound.

    Whoever may see only what was submitted sees it while it stands submitted.
    """
    with reading():
        return load(assessment_id, viewer=viewer, now=now, voice=voice)


def load(
    assessment_id: UUID, *, viewer: Viewer, now: datetime, voice: UUID | None = None, lock: bool = False
) -> OpenAssessment:
    """One assessment, inside a unit of work; with `lock` nobody else changes it until the end of that."""
    row = find_row(assessment_id, lock=lock)
    allowed = allowed_in(row, viewer, now)
    place: dict[str, Any] = {"space": row.space_id, "assessment": assessment_id, "now": now}
    speaking = find_voice(assessment_id, voice)
    visible = visible_answers(viewer.grants, speaking, blind=row.blind, **place)
    if Permission.SEE_ASSESSMENT not in allowed:
        if speaking is not None:
            raise NotFound
        visible = EVERYWHERE  # the whole of what was submitted
    if Permission.APPROVE in allowed and has_answered(row, viewer.person_id, now):
        allowed -= {Permission.APPROVE}
    checklist = checklist_of(row.definition_digest)
    answers, revisions = _answers(assessment_id, speaking, checklist, visible)
    assessment = Assessment(
        checklist_id=checklist.id,
        checklist_version=checklist.version,
        checklist_digest=checklist.digest,
        subject=Subject(row.subject_name, SubjectKind(row.subject_kind), row.subject_organization, row.subject_country),
        track=Track(row.track),
        sign_off=SignOff(row.sign_off),
        state=State(row.state),
        title=row.title,
        facts=read_facts(row.facts),
        scope=_scope(assessment_id),
        answers=answers,
        approvals=_approvals(assessment_id) if row.sign_off != SignOff.NONE else (),
        started_at=row.started_at,
        chain_head=row.chain_head,
    )
    return OpenAssessment(
        id=assessment_id,
        title=row.title,
        space=Space(
            row.space_id,
            row.space_name,
            SpaceKind(row.space_kind),
            row.space_country,
            row.space_organization,
            permissions(viewer.grants, space=row.space_id, now=now),
        ),
        assessment=assessment,
        checklist=checklist,
        permissions=allowed,
        steps=steps_open(assessment.state, assessment.sign_off, allowed, discarded=row.discarded_at is not None),
        answer_revisions=revisions,
        visible=visible,
        answerable=answerable_questions(viewer.grants, speaking, **place),
        started_at=row.started_at,
        updated_at=row.updated_at,
        next_number=row.submissions + 1,
        returned=_returned(assessment_id, row.returned_seq) if speaking is None else (),
        discarded_at=row.discarded_at,
        approvals_needed=APPROVERS_NEEDED[assessment.sign_off],
        chain_seq=row.chain_seq,
        voice=speaking,
        blind=row.blind,
    )


def find_voice(assessment_id: UUID, voice: UUID | None) -> Voice | None:
    """A voice of an assessment by its id; None for the consolidated one. Raises NotFound when it has no such voice."""
    if voice is None or voice == consolidated_voice(assessment_id):
        return None
    record = VoiceRecord
    row = db.session.execute(
        sa.select(record.id, record.kind, record.name, record.shows_names).where(
            record.id == voice, record.assessment_id == assessment_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return Voice(row.id, VoiceKind(row.kind), row.name, row.shows_names)


_COLUMNS = (
    AssessmentRecord.id,
    AssessmentRecord.space_id,
    AssessmentRecord.definition_digest,
    AssessmentRecord.title,
    AssessmentRecord.track,
    AssessmentRecord.sign_off,
    AssessmentRecord.state,
    AssessmentRecord.facts,
    AssessmentRecord.blind,
    AssessmentRecord.submissions,
    AssessmentRecord.started_at,
    AssessmentRecord.updated_at,
    AssessmentRecord.discarded_at,
    AssessmentRecord.returned_seq,
    AssessmentRecord.chain_seq,
    AssessmentRecord.chain_head,
    SpaceRecord.name.label("space_name"),
    SpaceRecord.kind.label("space_kind"),
    SpaceRecord.country.label("space_country"),
    SpaceRecord.organization.label("space_organization"),
    SubjectRecord.name.label("subject_name"),
    SubjectRecord.kind.label("subject_kind"),
    SubjectRecord.organization.label("subject_organization"),
    SubjectRecord.country.label("subject_country"),
)


def find_row(assessment_id: UUID, *, lock: bool = False) -> sa.Row[*tuple[Any, ...]]:
    """The row of an assessment with its space and subject, whoever asks. Raises NotFound."""
    query = (
        sa.select(*_COLUMNS)
        .join(SpaceRecord, SpaceRecord.id == AssessmentRecord.space_id)
        .join(SubjectRecord, SubjectRecord.id == AssessmentRecord.subject_id)
        .where(AssessmentRecord.id == assessment_id)
    )
    if lock:
        query = query.with_for_update(of=AssessmentRecord)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def allowed_in(row: sa.Row[*tuple[Any, ...]], viewer: Viewer, now: datetime) -> frozenset[Permission]:
    """What a viewer may do in an assessment that they may see as it stands. Raises NotFound."""
    allowed = permissions(viewer.grants, space=row.space_id, assessment=row.id, now=now)
    submitted = row.state == State.SUBMITTED and Permission.SEE_SUBMITTED in allowed
    if Permission.SEE_ASSESSMENT not in allowed and not submitted:
        raise NotFound
    return allowed


def has_answered(row: sa.Row[*tuple[Any, ...]], person_id: UUID, now: datetime) -> bool:
    """Whether somebody is the author of an answer, or entered one, or somebody is who acted for them, or they for."""
    revision = AnswerRevisionRecord
    others = one_with(person_id, space=row.space_id, assessment=row.id, now=now).scalar_subquery()
    theirs = sa.or_(
        revision.author_id == person_id,
        revision.entered_by_id == person_id,
        revision.author_id.in_(others),
        revision.entered_by_id.in_(others),
    )
    query = sa.select(revision.seq).where(revision.assessment_id == row.id, theirs).limit(1)
    return db.session.execute(query).first() is not None


def voice_id(assessment_id: UUID, voice: Voice | None) -> UUID:
    """The id of a voice, of the consolidated one for None."""
    return consolidated_voice(assessment_id) if voice is None else voice.id


def _answers(
    assessment_id: UUID, voice: Voice | None, checklist: Checklist, visible: Reach
) -> tuple[dict[QuestionId, Answer], dict[QuestionId, int]]:
    answer = AnswerRecord
    rows = db.session.execute(
        sa.select(answer.question_id, answer.revision, answer.content)
        .where(answer.assessment_id == assessment_id, answer.voice_id == voice_id(assessment_id, voice))
        .order_by(answer.question_id)
    ).all()
    if not visible.everywhere:
        index = checklist.question_index
        rows = [row for row in rows if visible.includes(index[row.question_id][1].id, row.question_id)]
    answers = {row.question_id: read_answer(row.content) for row in rows}
    return answers, {row.question_id: row.revision for row in rows}


def _scope(assessment_id: UUID) -> dict[ThemeId, ThemeScope]:
    scope = ThemeScopeRecord
    rows = db.session.execute(
        sa.select(scope.theme_id, scope.mandate, scope.reason)
        .where(scope.assessment_id == assessment_id)
        .order_by(scope.theme_id)
    )
    return {row.theme_id: ThemeScope(Mandate(row.mandate), row.reason) for row in rows}


def _approvals(assessment_id: UUID) -> tuple[Approval, ...]:
    approval = ApprovalRecord
    rows = db.session.execute(
        sa.select(approval.role, approval.approved_at)
        .where(approval.assessment_id == assessment_id, approval.ended_at.is_(None))
        .order_by(approval.approved_at, approval.id)
    )
    return tuple(Approval(role=row.role, approved_at=row.approved_at) for row in rows)


def _returned(assessment_id: UUID, seq: int | None) -> tuple[ReturnReason, ...]:
    if seq is None:
        return ()
    link = TrailLinkRecord
    row = db.session.execute(
        sa.select(link.text, link.at, link.by_id).where(link.chain_id == assessment_id, link.seq == seq)
    ).one_or_none()
    if row is None or row.text is None:
        return ()
    query = sa.select(PersonRecord.name).where(PersonRecord.id == UUID(row.by_id))
    name = db.session.execute(query).scalar_one_or_none() or ""
    return tuple(ReturnReason(question, reason, name, row.at) for question, reason in json.loads(row.text).items())
