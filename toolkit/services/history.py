"""Looking back and ahead: every revision of an answer, who took part, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from toolkit.domain.answers import Answer
from toolkit.domain.assessment import Assessment
from toolkit.domain.checking import AnswerProblem, check
from toolkit.domain.checklist import Checklist, QuestionId
from toolkit.domain.errors import NotFound
from toolkit.domain.routing import NEVER_ASKED, asked
from toolkit.services.opening import OpenAssessment, load, voice_id
from toolkit.services.viewers import Viewer
from toolkit.storage.answer_text import read_answer
from toolkit.storage.assessments import AnswerRecord, AnswerRevisionRecord
from toolkit.storage.db import reading
from toolkit.storage.people import PersonRecord


@dataclass(frozen=True, slots=True)
class AnswerVersion:
    """One revision in the history of an answer; `answer` is None once erased."""

    revision: int
    answer: Answer | None
    by_name: str
    entered_by_name: str
    saved_at: datetime
    copied_from: str = ""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who answers: how many of the current answers are theirs."""

    name: str
    answers: int


def history(
    assessment_id: UUID,
    question_id: QuestionId,
    *,
    viewer: Viewer,
    now: datetime,
    voice: UUID | None = None,
    before: int | None = None,
    limit: int | None = None,
) -> tuple[AnswerVersion, ...]:
    """The revisions of an answer of the consolidated voice or another, newest first. Raises NotFound.

    With `before` only revisions older than that number, with `limit` at most so many.
    """
    revision, author, entered = AnswerRevisionRecord, aliased(PersonRecord), aliased(PersonRecord)
    with reading() as session:
        opened = load(assessment_id, viewer=viewer, now=now, voice=voice)
        found = opened.checklist.question_index.get(question_id)
        if found is None or not opened.visible.includes(found[1].id, question_id):
            raise NotFound
        rows = session.execute(
            sa.select(
                revision.revision,
                revision.content,
                revision.saved_at,
                revision.copied_from,
                author.name.label("author_name"),
                entered.name.label("entered_name"),
            )
            .join(author, author.id == revision.author_id)
            .join(entered, entered.id == revision.entered_by_id)
            .where(
                revision.assessment_id == assessment_id,
                revision.voice_id == voice_id(assessment_id, opened.voice),
                revision.question_id == question_id,
                revision.revision < before if before is not None else sa.true(),
            )
            .order_by(revision.revision.desc())
            .limit(limit)
        ).all()
    return tuple(
        AnswerVersion(
            row.revision,
            read_answer(row.content) if row.content is not None else None,
            row.author_name,
            row.entered_name,
            row.saved_at,
            row.copied_from,
        )
        for row in rows
    )


def participants(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> tuple[Participant, ...]:
    """Who answered, with the most answers first. Raises NotFound."""
    answer = AnswerRecord
    with reading() as session:
        load(assessment_id, viewer=viewer, now=now)
        count = sa.func.count()
        rows = session.execute(
            sa.select(PersonRecord.name, count.label("answers"))
            .join(answer, answer.author_id == PersonRecord.id)
            .where(answer.assessment_id == assessment_id)
            .group_by(PersonRecord.id, PersonRecord.name)
            .order_by(count.desc(), PersonRecord.name, PersonRecord.id)
        ).all()
    return tuple(Participant(row.name, row.answers) for row in rows)


def missing(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> tuple[AnswerProblem, ...]:
    """What stands in the way of review and submission, in the checklist's order. Raises NotFound."""
    with reading():
        return missing_in(load(assessment_id, viewer=viewer, now=now))


def missing_in(opened: OpenAssessment) -> tuple[AnswerProblem, ...]:
    """The same for an assessment that is open."""
    return problems_of(opened.checklist, opened.assessment)


def problems_of(checklist: Checklist, assessment: Assessment) -> tuple[AnswerProblem, ...]:
    """What is wrong or missing among the questions that are asked."""
    standing = asked(
        checklist, assessment.answers, track=assessment.track, scope=assessment.scope, facts=assessment.facts
    )
    questions = tuple(question for _, _, question in checklist.questions() if standing[question.id] not in NEVER_ASKED)
    return check(questions, assessment.answers)
