"""Looking back and ahead: every revision of an answer, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from toolkit.domain.access import Permission
from toolkit.domain.answers import Answer
from toolkit.domain.assessment import Assessment
from toolkit.domain.checking import AnswerProblem, check
from toolkit.domain.checklist import Checklist, QuestionId
from toolkit.domain.errors import NotFound
from toolkit.domain.routing import NEVER_ASKED, asked
from toolkit.domain.voices import name_in
from toolkit.services.opening import OpenAssessment, load, voice_id
from toolkit.services.viewers import Viewer
from toolkit.storage.answer_text import read_answer
from toolkit.storage.assessments import COPIED_FROM_VOICE, AnswerRevisionRecord, VoiceRecord
from toolkit.storage.db import db, reading
from toolkit.storage.people import PersonRecord


@dataclass(frozen=True, slots=True)
class AnswerVersion:
    """One revision in the history of an answer; `answer` is None once erased.

    `taken_from` names the voice that it was taken over from, for whoever may see every voice; "another voice" for
    others.
    """

    revision: int
    answer: Answer | None
    by_name: str
    entered_by_name: str
    saved_at: datetime
    copied_from: str = ""
    taken_from: str = ""


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
        names = _voices_named([row.copied_from for row in rows], opened)
    return tuple(
        AnswerVersion(
            row.revision,
            read_answer(row.content) if row.content is not None else None,
            name_in(opened.voice, row.author_name),
            name_in(opened.voice, row.entered_name),
            row.saved_at,
            row.copied_from,
            names.get(row.copied_from, ""),
        )
        for row in rows
    )


def _voices_named(copied_from: Iterable[str], opened: OpenAssessment) -> dict[str, str]:
    """The names of the voices that answers were taken over from, by what their revisions say."""
    from_voices = {text for text in copied_from if text.startswith(f"{COPIED_FROM_VOICE} ")}
    if not from_voices:
        return {}
    if not opened.may(Permission.SEE_VOICES):
        return dict.fromkeys(from_voices, "another voice")
    ids = {text: UUID(text.partition(" ")[2]) for text in from_voices}
    voice = VoiceRecord
    rows = db.session.execute(sa.select(voice.id, voice.name).where(voice.id.in_(sorted(ids.values(), key=str))))
    named = {row.id: row.name for row in rows}
    return {text: named.get(id, "a voice that was removed") for text, id in ids.items()}


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
