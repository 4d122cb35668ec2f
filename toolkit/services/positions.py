"""Positions: what the voices of an assessment say, as whoever leads, reviews or reads a report may know it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.answers import Answer
from toolkit.domain.checklist import QuestionId
from toolkit.domain.positions import Position
from toolkit.domain.voices import SPEAK_FOR_THEMSELVES, Voice, VoiceKind
from toolkit.storage.answer_text import read_answer
from toolkit.storage.assessments import AnswerRecord, AnswerRevisionRecord, VoiceRecord
from toolkit.storage.db import db, reading
from toolkit.storage.trail import TrailLinkRecord

ERASED_REASON = "(The reason was erased with its writer.)"


def positions_told(assessment_id: UUID) -> tuple[Position, ...]:
    """What each voice says, for files that are made of a draft: those that speak for themselves come first."""
    with reading():
        return positions(assessment_id)


def positions(assessment_id: UUID, questions: Iterable[QuestionId] | None = None) -> tuple[Position, ...]:
    """The same inside a unit of work, with the answers to some questions or (None) to all: three queries at most.

    A voice that speaks for itself has what its spokesperson released, every other its answers as they stand.
    """
    rows = db.session.execute(_VOICES, {"a": assessment_id}).all()
    if not rows:
        return ()
    texts = _texts(assessment_id, rows)
    said = _answers(assessment_id, None if questions is None else tuple(questions))
    return tuple(
        Position(
            voice=Voice(row.id, VoiceKind(row.kind), row.name, row.shows_names),
            answers=said.get(row.id, {}),
            released_at=row.released_at,
            paragraph=texts.get(row.paragraph_seq) or "",
            left_out_because=(texts.get(row.left_out_seq) or ERASED_REASON) if row.left_out_seq else "",
            reply=texts.get(row.reply_seq) or "",
        )
        for row in rows
    )


def _texts(assessment_id: UUID, rows: Iterable[sa.Row[*tuple[Any, ...]]]) -> dict[int | None, str | None]:
    """The texts of voices, by the number of their link; None for one that was erased."""
    seqs = {seq for row in rows for seq in (row.paragraph_seq, row.left_out_seq, row.reply_seq) if seq is not None}
    if not seqs:
        return {}
    link = TrailLinkRecord
    found = db.session.execute(
        sa.select(link.seq, link.text).where(link.chain_id == assessment_id, link.seq.in_(sorted(seqs)))
    )
    return {row.seq: row.text for row in found}


def _answers(assessment_id: UUID, questions: tuple[QuestionId, ...] | None) -> dict[UUID, dict[QuestionId, Answer]]:
    if questions is None:
        rows = db.session.execute(_ANSWERS, {"a": assessment_id})
    else:
        rows = db.session.execute(_ANSWERS_TO, {"a": assessment_id, "questions": questions})
    found: dict[UUID, dict[QuestionId, Answer]] = {}
    for row in rows:
        if row.content is not None:
            found.setdefault(row.voice_id, {})[row.question_id] = read_answer(row.content)
    return found


# Built once: building a statement takes longer than running it.
_SPEAK = VoiceRecord.kind.in_(sorted(SPEAK_FOR_THEMSELVES))
_VOICES = (
    sa.select(
        VoiceRecord.id,
        VoiceRecord.kind,
        VoiceRecord.name,
        VoiceRecord.shows_names,
        VoiceRecord.released_at,
        VoiceRecord.paragraph_seq,
        VoiceRecord.left_out_seq,
        VoiceRecord.reply_seq,
    )
    .where(VoiceRecord.assessment_id == sa.bindparam("a"), VoiceRecord.kind != VoiceKind.CONSOLIDATED)
    .order_by(sa.case((_SPEAK, 0), else_=1), VoiceRecord.name, VoiceRecord.id)
)
_RELEASED = sa.and_(
    _SPEAK,
    AnswerRevisionRecord.assessment_id == AnswerRecord.assessment_id,
    AnswerRevisionRecord.voice_id == AnswerRecord.voice_id,
    AnswerRevisionRecord.question_id == AnswerRecord.question_id,
    AnswerRevisionRecord.revision == AnswerRecord.released_revision,
)
_ANSWERS = (
    sa.select(
        AnswerRecord.voice_id,
        AnswerRecord.question_id,
        sa.case((_SPEAK, AnswerRevisionRecord.content), else_=AnswerRecord.content).label("content"),
    )
    .join(VoiceRecord, VoiceRecord.id == AnswerRecord.voice_id)
    .outerjoin(AnswerRevisionRecord, _RELEASED)
    .where(AnswerRecord.assessment_id == sa.bindparam("a"), VoiceRecord.kind != VoiceKind.CONSOLIDATED)
    .order_by(AnswerRecord.voice_id, AnswerRecord.question_id)
)
_ANSWERS_TO = _ANSWERS.where(AnswerRecord.question_id.in_(sa.bindparam("questions", expanding=True)))
