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
    voice = VoiceRecord
    rows = db.session.execute(
        sa.select(*VOICE_COLUMNS)
        .where(voice.assessment_id == assessment_id, voice.kind != VoiceKind.CONSOLIDATED)
        .order_by(sa.case((voice.kind.in_(sorted(SPEAK_FOR_THEMSELVES)), 0), else_=1), voice.name, voice.id)
    ).all()
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


VOICE_COLUMNS = (
    VoiceRecord.id,
    VoiceRecord.kind,
    VoiceRecord.name,
    VoiceRecord.shows_names,
    VoiceRecord.released_at,
    VoiceRecord.paragraph_seq,
    VoiceRecord.left_out_seq,
    VoiceRecord.reply_seq,
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
    answer, revision, voice = AnswerRecord, AnswerRevisionRecord, VoiceRecord
    speaks = voice.kind.in_(sorted(SPEAK_FOR_THEMSELVES))
    same = sa.and_(
        speaks,
        revision.assessment_id == answer.assessment_id,
        revision.voice_id == answer.voice_id,
        revision.question_id == answer.question_id,
        revision.revision == answer.released_revision,
    )
    wanted = [answer.assessment_id == assessment_id, voice.kind != VoiceKind.CONSOLIDATED]
    if questions is not None:
        wanted.append(answer.question_id.in_(questions))
    rows = db.session.execute(
        sa.select(
            answer.voice_id,
            answer.question_id,
            sa.case((speaks, revision.content), else_=answer.content).label("content"),
        )
        .join(voice, voice.id == answer.voice_id)
        .outerjoin(revision, same)
        .where(*wanted)
        .order_by(answer.voice_id, answer.question_id)
    )
    found: dict[UUID, dict[QuestionId, Answer]] = {}
    for row in rows:
        if row.content is not None:
            found.setdefault(row.voice_id, {})[row.question_id] = read_answer(row.content)
    return found
