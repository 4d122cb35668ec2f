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
from toolkit.mail.outbox import sent_here
from toolkit.services import acting
from toolkit.services.changing import record_change
from toolkit.services.evidence_rows import forget_unnamed_in
from toolkit.services.roster import keep_an_administrator
from toolkit.storage.answer_text import answer_text, read_answer
from toolkit.storage.assessments import AnswerRecord, AnswerRevisionRecord, AssessmentRecord
from toolkit.storage.db import current_config, db, reading, transaction
from toolkit.storage.jobs import JobRecord
from toolkit.storage.people import PersonRecord
from toolkit.storage.personal import HOLDINGS, NOW, Holding
from toolkit.storage.trail import TrailLinkRecord, append_to_accounts

RESET_JOB = "reset_link"  # the kind of job whose row holds an address
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


def erase_person(person_id: UUID, *, now: datetime, by: UUID | None = None) -> int:
    """Erase a person: name, address and account, and the words they wrote in drafts and in the history of answers.

    The register in `storage/personal.py` says what becomes of each table. What was submitted stays as it was
    submitted; it names nobody. The level or choice of a current answer stays, since it is the organization's; comment
    and reason go. Gives the number of revisions whose text was blanked. Each assessment's chain gets a link that says
    so, and still verifies. Messages to them in the mail folder go too.
    Raises NotFound, NotAllowed (the last administrator).
    """
    with transaction() as session:
        account = sa.select(PersonRecord.email, PersonRecord.email_key).where(
            PersonRecord.id == person_id, PersonRecord.erased_at.is_(None)
        )
        person = session.execute(account.with_for_update()).one_or_none()
        if person is None:
            raise NotFound
        keep_an_administrator(person_id, now)
        for holding in HOLDINGS:
            _erase_rows(holding, person_id, now)
        acting.end_for(person_id, by=by, now=now)
        _forget_jobs(person.email_key)
        append_to_accounts(db.session, "person_erased", at=now, by=by, about=str(person_id))
        revision = AnswerRevisionRecord
        theirs = sa.or_(revision.author_id == person_id, revision.entered_by_id == person_id)
        links = TrailLinkRecord
        wrote = sa.select(links.chain_id).where(links.by_id == str(person_id), links.text.is_not(None))
        touched = sa.select(revision.assessment_id).where(theirs).union(wrote)
        found = sorted(session.execute(touched).scalars(), key=str)
        blanked = sum(_blank_in(assessment_id, person_id, now) for assessment_id in found)
    if person.email:
        sent_here(current_config()).forget(person.email)
    return blanked


def _erase_rows(holding: Holding, person_id: UUID, now: datetime) -> None:
    """Do to the rows of a table what the register says."""
    told = holding.on_erasing
    if not told.deletes and not told.values:
        return
    columns = holding.table.__table__.columns
    theirs = sa.or_(*(columns[name] == person_id for name in holding.person))
    if told.deletes:
        db.session.execute(sa.delete(holding.table).where(theirs))
        return
    values = {
        name: sa.func.coalesce(columns[name], sa.literal(now, columns[name].type)) if value is NOW else value
        for name, value in told.values.items()
    }
    db.session.execute(sa.update(holding.table).where(theirs).values(**values))


def _forget_jobs(email_key: str | None) -> None:
    """Remove the jobs that hold an address; there are those of a week at most."""
    rows = db.session.execute(sa.select(JobRecord.id, JobRecord.payload).where(JobRecord.kind == RESET_JOB)).all()
    theirs = [row.id for row in rows if email_key and row.payload.get("email") == email_key]
    if theirs:
        db.session.execute(sa.delete(JobRecord).where(JobRecord.id.in_(theirs)))


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
