"""Lists of assessments: a page at a time, with a constant number of queries."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import Permission
from toolkit.domain.answers import Answer
from toolkit.domain.assessment import Mandate, State, Subject, SubjectKind, ThemeScope
from toolkit.domain.checklist import QuestionId, ThemeId, Track
from toolkit.domain.scorecard import Progress
from toolkit.domain.scoring import score
from toolkit.domain.voices import visible_answers
from toolkit.services.checklists import checklist_of
from toolkit.services.viewers import Viewer
from toolkit.storage.answer_text import read_answer, read_facts
from toolkit.storage.assessments import (
    AnswerRecord,
    AssessmentRecord,
    DefinitionRecord,
    ThemeScopeRecord,
    consolidated_voice,
)
from toolkit.storage.db import db, reading
from toolkit.storage.spaces import SpaceRecord, SubjectRecord

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
    """An assessment in a list. `number` is that of its last submission, None before the first.

    `is_returned`: a reviewer sent it back, and it has not been sent on since. `progress` is that of the consolidated
    answers, None for whoever does not read any of them: somebody who answers blind in another voice.
    """

    id: UUID
    space_id: UUID
    title: str
    subject: Subject
    space: str
    checklist_id: str
    checklist_version: str
    checklist_title: str
    track: Track
    state: State
    progress: Progress | None
    updated_at: datetime
    number: int | None = None
    discarded_at: datetime | None = None
    is_returned: bool = False


def mine(viewer: Viewer, *, page: int = 1, now: datetime, discarded: bool = False) -> Page[AssessmentLine]:
    """The assessments a viewer may see, those changed last first; with `discarded` those set aside instead.

    A page beyond the last one is the last one.
    """
    wanted = sa.and_(visible_to(viewer, now), _is_discarded(discarded))
    with reading() as session:
        number = max(1, page)
        query = _lines().add_columns(sa.func.count().over().label("total")).where(wanted).limit(PAGE_SIZE)
        rows = session.execute(query.offset((number - 1) * PAGE_SIZE)).all()
        if not rows and number > 1:
            count = sa.select(sa.func.count()).select_from(AssessmentRecord).where(wanted)
            number = max(1, -(-session.execute(count).scalar_one() // PAGE_SIZE))
            rows = session.execute(query.offset((number - 1) * PAGE_SIZE)).all()
        total = rows[0].total if rows else 0
        pages = max(1, -(-total // PAGE_SIZE))
        progress = _progress(rows)
    lines = (_line(row, progress[row.id] if _reads_answers(row, viewer, now) else None) for row in rows)
    return Page(tuple(lines), number, pages, total)


def _reads_answers(row: sa.Row[*tuple[Any, ...]], viewer: Viewer, now: datetime) -> bool:
    """Whether a viewer reads any consolidated answer of an assessment that they see."""
    if row.state == State.SUBMITTED and viewer.may(
        Permission.SEE_SUBMITTED, space=row.space_id, assessment=row.id, now=now
    ):
        return True
    place: dict[str, Any] = {"space": row.space_id, "assessment": row.id, "now": now}
    return bool(visible_answers(viewer.grants, None, blind=row.blind, **place))


TITLES = 200  # as many as a field to choose from has


def titles_in(space_id: UUID, *, viewer: Viewer, now: datetime) -> tuple[tuple[str, str], ...]:
    """The assessments of a space that a viewer may see and that are not submitted: id and title, newest first."""
    row = AssessmentRecord
    wanted = sa.and_(row.space_id == space_id, visible_to(viewer, now), _is_discarded(False))
    with reading() as session:
        rows = session.execute(
            sa.select(row.id, row.title)
            .where(wanted, row.state != State.SUBMITTED)
            .order_by(row.updated_at.desc(), row.id)
            .limit(TITLES)
        )
        return tuple((str(found.id), found.title) for found in rows)


def visible_to(viewer: Viewer, now: datetime) -> sa.ColumnElement[bool]:
    """The condition that every list of assessments starts from."""
    row = AssessmentRecord
    drafts, submitted = Permission.SEE_ASSESSMENT, Permission.SEE_SUBMITTED
    return sa.or_(
        row.space_id.in_(viewer.spaces_with(drafts, now)),
        row.id.in_(viewer.assessments_with(drafts, now)),
        sa.and_(
            row.state == State.SUBMITTED,
            sa.or_(
                row.space_id.in_(viewer.spaces_with(submitted, now)),
                row.id.in_(viewer.assessments_with(submitted, now)),
            ),
        ),
    )


def _is_discarded(discarded: bool) -> sa.ColumnElement[bool]:
    at = AssessmentRecord.discarded_at
    return at.is_not(None) if discarded else at.is_(None)


def _lines() -> sa.Select[*tuple[Any, ...]]:
    row = AssessmentRecord
    return (
        sa.select(
            row.id,
            row.space_id,
            row.returned_seq,
            row.title,
            row.track,
            row.state,
            row.blind,
            row.facts,
            row.updated_at,
            row.submissions,
            row.discarded_at,
            row.chain_head,
            row.definition_digest,
            SpaceRecord.name.label("space_name"),
            SubjectRecord.name.label("subject_name"),
            SubjectRecord.kind.label("subject_kind"),
            SubjectRecord.organization.label("subject_organization"),
            SubjectRecord.country.label("subject_country"),
            DefinitionRecord.checklist_id,
            DefinitionRecord.version,
            DefinitionRecord.title.label("checklist_title"),
        )
        .join(SpaceRecord, SpaceRecord.id == row.space_id)
        .join(SubjectRecord, SubjectRecord.id == row.subject_id)
        .join(DefinitionRecord, DefinitionRecord.digest == row.definition_digest)
        .order_by(row.updated_at.desc(), row.id)
    )


def _line(row: sa.Row[*tuple[Any, ...]], progress: Progress | None) -> AssessmentLine:
    subject = Subject(row.subject_name, SubjectKind(row.subject_kind), row.subject_organization, row.subject_country)
    return AssessmentLine(
        id=row.id,
        space_id=row.space_id,
        title=row.title,
        subject=subject,
        space=row.space_name,
        checklist_id=row.checklist_id,
        checklist_version=row.version,
        checklist_title=row.checklist_title,
        track=Track(row.track),
        state=State(row.state),
        progress=progress,
        updated_at=row.updated_at,
        number=row.submissions or None,
        discarded_at=row.discarded_at,
        is_returned=row.returned_seq is not None,
    )


# Progress follows from what the chain seals, so the end of the chain says whether it is still the same.
_known: OrderedDict[str, Progress] = OrderedDict()
_KNOWN_LIMIT = 5_000


def _progress(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> dict[UUID, Progress]:
    """How far each assessment is: two queries for those that changed since this process looked last."""
    changed = [row for row in rows if row.chain_head not in _known]
    if changed:
        answers, scopes = _answers(changed), _scopes(changed)
        for row in changed:
            card = score(
                checklist_of(row.definition_digest),
                answers.get(row.id, {}),
                track=Track(row.track),
                scope=scopes.get(row.id, {}),
                facts=read_facts(row.facts),
            )
            _known[row.chain_head] = card.progress
    found = {row.id: _known[row.chain_head] for row in rows}
    while len(_known) > _KNOWN_LIMIT:
        _known.popitem(last=False)
    return found


def _answers(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> dict[UUID, dict[QuestionId, Answer]]:
    answer = AnswerRecord
    found: dict[UUID, dict[QuestionId, Answer]] = {}
    voices = [consolidated_voice(row.id) for row in rows]
    for one in db.session.execute(
        sa.select(answer.assessment_id, answer.question_id, answer.content)
        .where(answer.assessment_id.in_([row.id for row in rows]), answer.voice_id.in_(voices))
        .order_by(answer.assessment_id, answer.question_id)
    ):
        found.setdefault(one.assessment_id, {})[one.question_id] = read_answer(one.content)
    return found


def _scopes(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> dict[UUID, dict[ThemeId, ThemeScope]]:
    scope = ThemeScopeRecord
    found: dict[UUID, dict[ThemeId, ThemeScope]] = {}
    for one in db.session.execute(
        sa.select(scope.assessment_id, scope.theme_id, scope.mandate, scope.reason)
        .where(scope.assessment_id.in_([row.id for row in rows]))
        .order_by(scope.assessment_id, scope.theme_id)
    ):
        found.setdefault(one.assessment_id, {})[one.theme_id] = ThemeScope(Mandate(one.mandate), one.reason)
    return found
