"""Erasing: discarded drafts after their time, and people who ask for it. The trail goes on to verify."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.answers import UNANSWERED
from toolkit.domain.assessment import State
from toolkit.domain.errors import NotFound
from toolkit.domain.trail import ERASED
from toolkit.domain.workflow import DISCARDED_DAYS
from toolkit.services.accounts import end_sessions
from toolkit.services.changing import record_change
from toolkit.services.evidence_rows import forget_unnamed_in
from toolkit.storage.answer_text import answer_text, read_answer
from toolkit.storage.assessments import AnswerRecord, AnswerRevisionRecord, AssessmentRecord
from toolkit.storage.base import rows_changed
from toolkit.storage.db import db, reading, transaction
from toolkit.storage.handovers import DigestRecord, HandoverRecord
from toolkit.storage.people import AccessGrantRecord, CredentialRecord, OneTimeLinkRecord, PersonRecord
from toolkit.storage.trail import TrailLinkRecord, append_to_accounts

ERASED_NAME = "Erased person"
ASSESSMENT_ERASED = "assessment_erased"


def erase_discarded(*, now: datetime, limit: int = 50) -> int:
    """Erase drafts that were discarded 30 days ago: how many."""
    row = AssessmentRecord
    with reading() as session:
        old = row.discarded_at <= now - timedelta(days=DISCARDED_DAYS)
        query = sa.select(row.id).where(old).order_by(row.discarded_at, row.id).limit(limit)
        found = list(session.execute(query).scalars())
    for assessment_id in found:
        with transaction():
            append_to_accounts(db.session, ASSESSMENT_ERASED, at=now, by=None, about=str(assessment_id))
            erase_assessment_here(assessment_id)
    return len(found)


def erase_assessment_here(assessment_id: UUID) -> None:
    """Remove an assessment with everything that hangs on it, inside a unit of work."""
    db.session.execute(sa.delete(TrailLinkRecord).where(TrailLinkRecord.chain_id == assessment_id))
    db.session.execute(sa.delete(AssessmentRecord).where(AssessmentRecord.id == assessment_id))


def erase_person(person_id: UUID, *, now: datetime) -> int:
    """Erase a person: name, address and account, and the words they wrote in drafts and in the history of answers.

    What was submitted stays as it was submitted; it names nobody. The level or choice of a current answer stays, since
    it is the organization's; comment and reason go. Gives the number of revisions whose text was blanked. Each
    assessment's chain gets a link that says so, and still verifies. Raises NotFound.
    """
    with transaction() as session:
        erased = session.execute(
            sa.update(PersonRecord)
            .where(PersonRecord.id == person_id, PersonRecord.erased_at.is_(None))
            .values(
                name=ERASED_NAME,
                email=None,
                email_key=None,
                erased_at=now,
                disabled_at=sa.func.coalesce(PersonRecord.disabled_at, sa.literal(now, PersonRecord.disabled_at.type)),
            )
        )
        if rows_changed(erased) != 1:
            raise NotFound
        end_sessions(person_id)
        for table in (CredentialRecord, OneTimeLinkRecord, AccessGrantRecord, DigestRecord):
            session.execute(sa.delete(table).where(table.person_id == person_id))
        _blank_handovers(person_id, now)
        append_to_accounts(db.session, "person_erased", at=now, by=None, about=str(person_id))
        revision = AnswerRevisionRecord
        theirs = sa.or_(revision.author_id == person_id, revision.entered_by_id == person_id)
        links = TrailLinkRecord
        wrote = sa.select(links.chain_id).where(links.by_id == str(person_id), links.text.is_not(None))
        touched = sa.select(revision.assessment_id).where(theirs).union(wrote)
        found = sorted(session.execute(touched).scalars(), key=str)
        return sum(_blank_in(assessment_id, person_id, now) for assessment_id in found)


def _blank_handovers(person_id: UUID, now: datetime) -> None:
    """Take a person's words out of hand-overs, and end those that the person has."""
    record = HandoverRecord
    has_open = sa.and_(record.person_id == person_id, record.ended_at.is_(None))
    for theirs, blank in (
        (record.by_id == person_id, {"note": ""}),
        (record.person_id == person_id, {"done_note": ""}),
        (record.returned_by == person_id, {"returned_note": ""}),
        (has_open, {"ended_at": now}),
    ):
        db.session.execute(sa.update(record).where(theirs).values(**blank))


def _blank_in(assessment_id: UUID, person_id: UUID, now: datetime) -> int:
    """Blank a person's words in one assessment."""
    session, row, revision, link = db.session, AssessmentRecord, AnswerRevisionRecord, TrailLinkRecord
    stands = session.execute(
        sa.select(row.state, row.chain_seq, row.chain_head).where(row.id == assessment_id).with_for_update()
    ).one_or_none()
    if stands is None:
        return 0
    theirs = sa.and_(
        revision.assessment_id == assessment_id,
        sa.or_(revision.author_id == person_id, revision.entered_by_id == person_id),
        revision.content.is_not(None),
    )
    revisions = session.execute(sa.select(revision.seq).where(theirs).order_by(revision.seq)).scalars().all()
    written = sa.and_(link.chain_id == assessment_id, link.by_id == str(person_id), link.text.is_not(None))
    events = session.execute(sa.select(link.seq).where(written).order_by(link.seq)).scalars().all()
    if not revisions and not events:
        return 0
    session.execute(sa.update(revision).where(theirs).values(content=None, salt=None))
    session.execute(sa.update(link).where(written).values(text=None, salt=None))
    _blank_current(assessment_id, person_id)
    forget_unnamed_in(assessment_id)
    record_change(
        assessment_id,
        ERASED,
        state=State(stands.state),
        chain_seq=stands.chain_seq,
        chain_head=stands.chain_head,
        by=None,
        at=now,
        details={"links": _numbers([*revisions, *events])},
    )
    return len(revisions)


def _blank_current(assessment_id: UUID, person_id: UUID) -> None:
    """Leave the value of a person's current answers and take their words."""
    session, answer = db.session, AnswerRecord
    rows = session.execute(
        sa.select(answer.voice_id, answer.question_id, answer.content)
        .where(answer.assessment_id == assessment_id, answer.author_id == person_id)
        .order_by(answer.question_id)
    ).all()
    for row in rows:
        said = read_answer(row.content)
        value = None if isinstance(said.value, str | tuple) else said.value
        kept = UNANSWERED if said.value is not None and value is None else type(said)(said.state, value)
        session.execute(
            sa.update(answer)
            .where(
                answer.assessment_id == assessment_id,
                answer.voice_id == row.voice_id,
                answer.question_id == row.question_id,
            )
            .values(content=answer_text(kept))
        )


def _numbers(seqs: Sequence[int]) -> str:
    return " ".join(str(seq) for seq in sorted(seqs))
