"""The note for the next round: whom to ask, where papers lie, what to do otherwise. It is in no report and no file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import Permission
from toolkit.domain.checking import UnsuitableText, clean_text
from toolkit.domain.errors import AssessmentClosed, Conflict, InvalidInput, NotAllowed, Problem
from toolkit.domain.handovers import MAX_NEXT_NOTE
from toolkit.services.changing import record_change
from toolkit.services.opening import OpenAssessment, load
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import AssessmentRecord, DefinitionRecord
from toolkit.storage.db import db, reading, transaction
from toolkit.storage.next_round import NextRoundNoteRecord
from toolkit.storage.people import PersonRecord
from toolkit.storage.spaces import SubjectRecord

SHOWN = 20  # notes of earlier rounds on a page


@dataclass(frozen=True, slots=True)
class NextRoundNote:
    """A note with who wrote it last, and of which assessment it is. `revision` is 0 where there is none yet."""

    assessment_id: UUID
    title: str
    subject: str
    checklist: str
    text: str
    revision: int
    by_name: str
    at: datetime | None


def note_of(opened: OpenAssessment) -> NextRoundNote:
    """The note of an assessment, an empty one where there is none. Raises NotAllowed."""
    _may_lead(opened)
    with reading():
        found = _read(NextRoundNoteRecord.assessment_id == opened.id)
    if found:
        return found[0]
    subject, checklist = opened.assessment.subject.name, opened.checklist.title
    return NextRoundNote(opened.id, opened.title, subject, checklist, "", 0, "", None)


def earlier_notes(opened: OpenAssessment) -> tuple[NextRoundNote, ...]:
    """What was left in earlier assessments of the same subject on the same checklist, the newest first.

    Raises NotAllowed.
    """
    _may_lead(opened)
    row, this = AssessmentRecord, sa.select(AssessmentRecord.subject_id).where(AssessmentRecord.id == opened.id)
    with reading():
        return _read(
            _SAYS_SOMETHING,
            row.id != opened.id,
            row.subject_id == this.scalar_subquery(),
            DefinitionRecord.checklist_id == opened.checklist.id,
        )


def notes_before_starting(viewer: Viewer, *, now: datetime) -> tuple[NextRoundNote, ...]:
    """What was left in the spaces where somebody may start an assessment, the newest first."""
    with reading():
        spaces = viewer.spaces_with(Permission.START_ASSESSMENT, now)
        return _read(_SAYS_SOMETHING, AssessmentRecord.space_id.in_(spaces)) if spaces else ()


def save_note(assessment_id: UUID, text: str, *, expected_revision: int, viewer: Viewer, now: datetime) -> None:
    """Keep the note, in whatever state the assessment is.

    Raises NotFound, NotAllowed, AssessmentClosed (discarded), InvalidInput, Conflict (somebody else changed it).
    """
    with transaction() as session:
        opened = load(assessment_id, viewer=viewer, now=now, lock=True)
        _may_lead(opened)
        if opened.discarded_at is not None:
            raise AssessmentClosed("discarded")
        text = _clean(text)
        table = NextRoundNoteRecord  # the lock on its assessment lets one writer at a time come here
        stands = session.execute(sa.select(table.revision).where(table.assessment_id == assessment_id)).scalar()
        if (stands or 0) != expected_revision:
            raise Conflict("Somebody else changed this note in the meantime. Read theirs, then save yours again.")
        values = {"text": text, "by_id": viewer.person_id, "at": now, "revision": expected_revision + 1}
        if stands is None:
            session.execute(sa.insert(table).values(assessment_id=assessment_id, **values))
        else:
            session.execute(sa.update(table).where(table.assessment_id == assessment_id).values(**values))
        record_change(
            assessment_id,
            "next_round_note",
            state=opened.assessment.state,
            chain_seq=opened.chain_seq,
            chain_head=opened.assessment.chain_head,
            by=viewer.person_id,
            at=now,
            text=text,
        )


_SAYS_SOMETHING = sa.and_(AssessmentRecord.discarded_at.is_(None), NextRoundNoteRecord.text != "")


def _may_lead(opened: OpenAssessment) -> None:
    if not opened.may(Permission.HAND_OVER):
        raise NotAllowed


def _clean(text: str) -> str:
    try:
        return clean_text(text, MAX_NEXT_NOTE).strip()
    except UnsuitableText as error:
        raise InvalidInput("The note", (Problem("text", str(error)),)) from None


def _read(*wanted: sa.ColumnElement[bool]) -> tuple[NextRoundNote, ...]:
    note, row = NextRoundNoteRecord, AssessmentRecord
    rows = db.session.execute(
        sa.select(
            note.assessment_id,
            note.text,
            note.revision,
            note.at,
            row.title,
            SubjectRecord.name.label("subject"),
            DefinitionRecord.title.label("checklist"),
            PersonRecord.name.label("by_name"),
        )
        .join(row, row.id == note.assessment_id)
        .join(SubjectRecord, SubjectRecord.id == row.subject_id)
        .join(DefinitionRecord, DefinitionRecord.digest == row.definition_digest)
        .outerjoin(PersonRecord, PersonRecord.id == note.by_id)
        .where(*wanted)
        .order_by(note.at.desc(), note.assessment_id)
        .limit(SHOWN)
    )
    return tuple(_note(found) for found in rows)


def _note(row: Any) -> NextRoundNote:
    return NextRoundNote(
        row.assessment_id, row.title, row.subject, row.checklist, row.text, row.revision, row.by_name or "", row.at
    )
