"""Verifying the trail: every chain from its first link to its end, and each submission against its chain."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.trail import START, ChainFault, Link, StoredLink, verify_chain
from toolkit.services.answering import revision_link
from toolkit.services.erasing import ASSESSMENT_ERASED
from toolkit.services.starting import STARTED
from toolkit.storage.assessments import AnswerRecord, AnswerRevisionRecord, AssessmentRecord
from toolkit.storage.db import db, reading
from toolkit.storage.submissions import SubmissionRecord
from toolkit.storage.trail import ACCOUNTS, ChainRecord, TrailLinkRecord

REWRITTEN = "the head of the chain that it prints is in no chain: a chain was written anew, or it is of another site"


@dataclass(frozen=True, slots=True)
class TrailFault:
    """Something wrong in one chain: `chain` is an assessment's id, "accounts", or the name of a report."""

    chain: str
    message: str

    def __str__(self) -> str:
        return f"{self.chain}: {self.message}"


@dataclass(frozen=True, slots=True)
class TrailReport:
    """What verifying found: how many chains and links were looked at, and every fault."""

    chains: int
    links: int
    faults: tuple[TrailFault, ...]


def verify_trail(printed: Mapping[str, str] | None = None) -> TrailReport:
    """Verify every chain of the database.

    A chain that was written anew from some link on is sound in itself. What gives it away is a report that left the
    house before: `printed` has the head of the chain that each of some reports prints, by the report's name, and each
    must still be a link.
    """
    chains = links = 0
    faults: list[TrailFault] = []
    with reading():
        for name, chain_faults, length in _each_chain():
            chains, links = chains + 1, links + length
            faults += [TrailFault(name, fault) for fault in chain_faults]
        faults += _lost_assessments()
        faults += [TrailFault(name, REWRITTEN) for name, head in (printed or {}).items() if not _is_link(head)]
    return TrailReport(chains, links, tuple(faults))


def _each_chain() -> Iterator[tuple[str, list[str], int]]:
    end = db.session.execute(
        sa.select(ChainRecord.seq, ChainRecord.head).where(ChainRecord.id == ACCOUNTS)
    ).one_or_none()
    length, head = (end.seq, end.head) if end else (0, START)
    events = _events(ACCOUNTS)
    yield "accounts", _words(verify_chain(events, length=length, head=head)), len(events)
    row = AssessmentRecord
    ends = sa.select(row.id, row.chain_seq, row.chain_head).order_by(row.started_at, row.id)
    for one in db.session.execute(ends).all():
        stored = links_of(one.id)
        found = _words(verify_chain(stored, length=one.chain_seq, head=one.chain_head))
        found += _submission_faults(one.id, {link.link.seq: link for link in stored})
        found += _answer_faults(one.id)
        yield str(one.id), found, len(stored)


def _is_link(head: str) -> bool:
    tables = (TrailLinkRecord, AnswerRevisionRecord)
    return any(db.session.execute(sa.select(one.seq).where(one.hash == head).limit(1)).first() for one in tables)


def _words(faults: tuple[ChainFault, ...]) -> list[str]:
    return [str(fault) for fault in faults]


def links_of(assessment_id: UUID) -> list[StoredLink]:
    """Every link of an assessment's chain, events and answers, as they are stored; inside a unit of work."""
    return [*_events(assessment_id), *_revisions(assessment_id)]


def _events(chain_id: UUID) -> list[StoredLink]:
    link = TrailLinkRecord
    rows = db.session.execute(sa.select(link).where(link.chain_id == chain_id).order_by(link.seq)).scalars()
    return [
        StoredLink(
            Link(
                seq=row.seq,
                previous=row.previous,
                kind=row.kind,
                at=row.at,
                by=row.by_id,
                about=row.about,
                details=row.details,
                digest=row.digest,
            ),
            row.hash,
            row.text,
            row.salt,
        )
        for row in rows
    ]


def _revisions(assessment_id: UUID) -> list[StoredLink]:
    revision = AnswerRevisionRecord
    query = sa.select(revision).where(revision.assessment_id == assessment_id).order_by(revision.seq)
    return [
        StoredLink(
            revision_link(
                seq=row.seq,
                previous=row.previous,
                question_id=row.question_id,
                voice=row.voice_id,
                revision=row.revision,
                author=row.author_id,
                entered_by=row.entered_by_id,
                copied_from=row.copied_from,
                at=row.saved_at,
                digest=row.digest,
            ),
            row.hash,
            row.content,
            row.salt,
        )
        for row in db.session.execute(query).scalars()
    ]


def _submission_faults(assessment_id: UUID, links: dict[int, StoredLink]) -> list[str]:
    """A submission must be what its link sealed, and its link must still stand where it stood."""
    row = SubmissionRecord
    found = []
    query = sa.select(row.number, row.sha256, row.content, row.score_card, row.chain_seq, row.chain_head).where(
        row.assessment_id == assessment_id
    )
    for one in db.session.execute(query.order_by(row.number)):
        link = links.get(one.chain_seq)
        sealed = dict(link.link.details or {}) if link else {}
        if link is None or link.hash != one.chain_head:
            found.append(f"submission {one.number} does not hang on the link that sealed it")
            continue
        content, card = (hashlib.sha256(kept).hexdigest() for kept in (one.content, one.score_card.encode()))
        if {one.sha256, content} != {sealed.get("sha256")} or card != sealed.get("score_card"):
            found.append(f"submission {one.number} was changed after it was sealed")
    sealed_count = sum(1 for link in links.values() if link.link.kind == "submitted")
    kept = sa.select(sa.func.count()).select_from(row).where(row.assessment_id == assessment_id)
    if db.session.execute(kept).scalar_one() != sealed_count:
        found.append("a submission is missing, or one was never sealed")
    return found


def _answer_faults(assessment_id: UUID) -> list[str]:
    """A current answer must be what its last revision says, unless that was erased."""
    answer, revision = AnswerRecord, AnswerRevisionRecord
    same = sa.and_(
        revision.assessment_id == answer.assessment_id,
        revision.voice_id == answer.voice_id,
        revision.question_id == answer.question_id,
        revision.revision == answer.revision,
    )
    rows = db.session.execute(
        sa.select(answer.question_id)
        .outerjoin(revision, same)
        .where(
            answer.assessment_id == assessment_id,
            sa.or_(revision.seq.is_(None), sa.and_(revision.content.is_not(None), revision.content != answer.content)),
        )
        .order_by(answer.question_id)
    ).scalars()
    return [f"the answer to {question_id} is not what was saved last" for question_id in rows]


def _lost_assessments() -> list[TrailFault]:
    """Assessments that were started, never erased, and are not there."""
    link = TrailLinkRecord
    events = db.session.execute(
        sa.select(link.kind, link.about)
        .where(link.chain_id == ACCOUNTS, link.kind.in_([STARTED, ASSESSMENT_ERASED]))
        .order_by(link.seq)
    ).all()
    erased = {event.about for event in events if event.kind == ASSESSMENT_ERASED}
    there = {str(found) for found in db.session.execute(sa.select(AssessmentRecord.id)).scalars()}
    return [
        TrailFault(event.about, "the whole assessment is missing without an erasure on record")
        for event in events
        if event.kind == STARTED and event.about not in there | erased
    ]
