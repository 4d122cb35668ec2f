"""Discussions of questions: who reads them, what is written, who is asked to look, and when one is resolved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import EVERYWHERE, Grant, Permission, Reach, Role, Scope, ScopeKind, permissions
from toolkit.domain.assessment import State
from toolkit.domain.checking import UnsuitableText, clean_text
from toolkit.domain.checklist import QuestionId
from toolkit.domain.discussions import (
    MAX_MENTIONS,
    MAX_MESSAGE,
    MAX_MESSAGES,
    MAX_THREADS,
    Message,
    Thread,
    Told,
    ToldThread,
)
from toolkit.domain.errors import AssessmentClosed, InvalidInput, NotAllowed, NotFound, Problem
from toolkit.domain.voices import visible_answers
from toolkit.services import jobs
from toolkit.services.accounts import GRANT_COLUMNS, in_force
from toolkit.services.changing import record_change
from toolkit.services.checklists import checklist_of
from toolkit.services.opening import OpenAssessment, allowed_in, find_row
from toolkit.services.viewers import Viewer
from toolkit.storage.base import new_id
from toolkit.storage.db import db, reading, transaction
from toolkit.storage.discussions import MentionRecord, ThreadRecord
from toolkit.storage.people import AccessGrantRecord, PersonRecord
from toolkit.storage.trail import TrailLinkRecord

BEGUN, WROTE, RESOLVED, TAKEN_UP, TOLD = "thread_begun", "thread_wrote", "thread_resolved", "thread_taken_up", "told"
LETTER = "mention_letter"
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may read the discussions of an assessment, and what they may do in them.

    `everything`: whoever leads or reviews reads all of them; others, where the assessment is answered blind, only those
    in which they take part.
    """

    person_id: UUID
    visible: Reach
    everything: bool
    may_write: bool
    may_choose: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can be asked to look at a discussion."""

    id: UUID
    name: str


def threads_about(
    assessment_id: UUID, questions: Iterable[QuestionId], *, viewer: Viewer, now: datetime
) -> tuple[Thread, ...]:
    """The discussions of some questions, oldest first. Raises NotFound."""
    with reading():
        row = find_row(assessment_id)
        return _threads(row, ThreadRecord.question_id.in_(tuple(questions)), _reader(row, viewer, now))


def open_threads(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> tuple[Thread, ...]:
    """The discussions that wait for an end, those begun last first; at most PAGE_SIZE. Raises NotFound."""
    with reading():
        row = find_row(assessment_id)
        found = _threads(row, ThreadRecord.resolved_at.is_(None), _reader(row, viewer, now))
    return tuple(reversed(found))[:PAGE_SIZE]


def told(assessment_id: UUID) -> dict[QuestionId, tuple[ToldThread, ...]]:
    """The discussions that the focal point chose for the report, by question; inside a unit of work."""
    wanted = ThreadRecord.told != Told.NOBODY
    everybody = Reader(UUID(int=0), EVERYWHERE, everything=True, may_write=False, may_choose=False)
    found: dict[QuestionId, tuple[ToldThread, ...]] = {}
    for thread in _threads(find_row(assessment_id), wanted, everybody):
        found[thread.question] = (*found.get(thread.question, ()), thread.told_in_report())
    return found


def chosen(assessment_id: UUID) -> dict[QuestionId, tuple[ToldThread, ...]]:
    """The same, for files that are made of a draft."""
    with reading():
        return told(assessment_id)


def reader_of(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> Reader:
    """What a viewer may do in the discussions of an assessment. Raises NotFound."""
    with reading():
        return _reader(find_row(assessment_id), viewer, now)


def begin(
    assessment_id: UUID,
    question_id: QuestionId,
    text: str,
    *,
    mention: Sequence[UUID] = (),
    viewer: Viewer,
    now: datetime,
) -> UUID:
    """Begin a discussion of a question with a first message: its id.

    Raises NotFound, NotAllowed, AssessmentClosed, InvalidInput.
    """
    text = _clean(text)
    with transaction() as session:
        row, _ = _writing(assessment_id, question_id, viewer, now)
        count = sa.select(sa.func.count()).where(
            ThreadRecord.assessment_id == assessment_id, ThreadRecord.question_id == question_id
        )
        if session.execute(count).scalar_one() >= MAX_THREADS:
            raise NotAllowed(f"There are {MAX_THREADS} discussions of this question already. Write in one of them.")
        thread_id = new_id()
        session.execute(
            sa.insert(ThreadRecord).values(
                id=thread_id, assessment_id=assessment_id, question_id=question_id, told=Told.NOBODY, begun_at=now
            )
        )
        _say(row, thread_id, question_id, BEGUN, text, mention, viewer, now)
    return thread_id


def reply(
    assessment_id: UUID, thread_id: UUID, text: str, *, mention: Sequence[UUID] = (), viewer: Viewer, now: datetime
) -> None:
    """Write in a discussion; one that was resolved is open again. Raises what `begin` does."""
    text = _clean(text)
    with transaction() as session:
        thread = _thread_row(assessment_id, thread_id)
        row, reader = _writing(assessment_id, thread.question_id, viewer, now)
        _must_read(row, thread_id, reader)
        written = sa.select(sa.func.count()).where(*_messages_of([thread_id], assessment_id))
        if session.execute(written).scalar_one() >= MAX_MESSAGES:
            raise NotAllowed(f"There are {MAX_MESSAGES} messages here already. Begin another discussion.")
        session.execute(
            sa.update(ThreadRecord).where(ThreadRecord.id == thread_id).values(resolved_at=None, resolved_by=None)
        )
        _say(row, thread_id, thread.question_id, WROTE, text, mention, viewer, now)


def resolve(assessment_id: UUID, thread_id: UUID, *, viewer: Viewer, now: datetime, again: bool = False) -> None:
    """Say that a discussion is over, or with `again` that it is not. Raises NotFound, NotAllowed, AssessmentClosed."""
    values: dict[str, Any] = {"resolved_at": None, "resolved_by": None}
    if not again:
        values = {"resolved_at": now, "resolved_by": viewer.person_id}
    _change(assessment_id, thread_id, TAKEN_UP if again else RESOLVED, values, {}, viewer, now)


def tell(assessment_id: UUID, thread_id: UUID, told: Told, *, viewer: Viewer, now: datetime) -> None:
    """Choose which edition of the report a discussion goes into. Raises NotFound, NotAllowed, AssessmentClosed."""
    _change(assessment_id, thread_id, TOLD, {"told": told}, {"told": str(told)}, viewer, now, choosing=True)


def _change(
    assessment_id: UUID,
    thread_id: UUID,
    kind: str,
    values: dict[str, Any],
    details: dict[str, str],
    viewer: Viewer,
    now: datetime,
    *,
    choosing: bool = False,
) -> None:
    with transaction() as session:
        thread = _thread_row(assessment_id, thread_id)
        row, reader = _writing(assessment_id, thread.question_id, viewer, now)
        _must_read(row, thread_id, reader)
        if choosing and not reader.may_choose:
            raise NotAllowed("The focal point chooses what goes into the report.")
        session.execute(sa.update(ThreadRecord).where(ThreadRecord.id == thread_id).values(values))
        _record(row, kind, thread_id, viewer, now, details=details | {"question": thread.question_id})


def colleagues(assessment_id: UUID, question_id: QuestionId, *, viewer: Viewer, now: datetime) -> tuple[Colleague, ...]:
    """Who can be asked to look at a discussion of a question: everybody who may read it, by name, without the viewer.

    Where the assessment is answered blind, somebody who answers is told only of those who lead and review.
    Raises NotFound.
    """
    with reading():
        row = find_row(assessment_id)
        return _colleagues(row, question_id, _reader(row, viewer, now), now)


def open_counts(opened: OpenAssessment, *, viewer: Viewer) -> dict[QuestionId, int]:
    """How many discussions of each question wait for an end, as far as the viewer takes part: one query, or two."""
    thread, link = ThreadRecord, TrailLinkRecord
    wanted = [thread.assessment_id == opened.id, thread.resolved_at.is_(None)]
    with reading() as session:
        if opened.blind and not opened.may(Permission.SEE_VOICES):
            mine = (link.chain_id == opened.id, link.by_id == str(viewer.person_id), link.kind.in_((BEGUN, WROTE)))
            wrote = session.execute(sa.select(link.about).where(*mine)).scalars()
            asked = sa.select(MentionRecord.thread_id).where(MentionRecord.person_id == viewer.person_id)
            wanted.append(sa.or_(thread.id.in_([UUID(one) for one in wrote]), thread.id.in_(asked)))
        rows = session.execute(
            sa.select(thread.question_id, sa.func.count().label("open")).where(*wanted).group_by(thread.question_id)
        )
        return {row.question_id: row.open for row in rows}


# --- who reads ------------------------------------------------------------------------------------


def _reader(row: sa.Row[*tuple[Any, ...]], viewer: Viewer, now: datetime) -> Reader:
    allowed = allowed_in(row, viewer, now)
    if Permission.SEE_ASSESSMENT not in allowed:
        raise NotFound  # whoever sees only what was submitted sees no discussion
    place: dict[str, Any] = {"space": row.space_id, "assessment": row.id, "now": now}
    leads = bool(allowed & {Permission.SEE_VOICES})
    return Reader(
        viewer.person_id,
        visible_answers(viewer.grants, None, blind=False, **place),
        everything=leads or not row.blind,
        may_write=bool(allowed & {Permission.ANSWER, Permission.REVIEW}) and _is_open(row),
        may_choose=Permission.SCOPE_MANDATE in allowed and _is_open(row),
    )


def _is_open(row: sa.Row[*tuple[Any, ...]]) -> bool:
    return row.state != State.SUBMITTED and row.discarded_at is None


def _theme_of(row: sa.Row[*tuple[Any, ...]], question_id: QuestionId) -> str:
    found = checklist_of(row.definition_digest).question_index.get(question_id)
    if found is None:
        raise NotFound
    return found[1].id


def _writing(
    assessment_id: UUID, question_id: QuestionId, viewer: Viewer, now: datetime
) -> tuple[sa.Row[*tuple[Any, ...]], Reader]:
    """The assessment, locked, for somebody who may write about the question."""
    row = find_row(assessment_id, lock=True)
    reader = _reader(row, viewer, now)
    if not reader.visible.includes(_theme_of(row, question_id), question_id):
        raise NotFound
    if not _is_open(row):
        raise AssessmentClosed("discarded" if row.discarded_at else row.state)
    if not reader.may_write:
        raise NotAllowed("You may read this discussion, but not write in it.")
    return row, reader


def _thread_row(assessment_id: UUID, thread_id: UUID) -> sa.Row[*tuple[Any, ...]]:
    thread = ThreadRecord
    query = sa.select(thread.id, thread.question_id).where(
        thread.id == thread_id, thread.assessment_id == assessment_id
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def _must_read(row: sa.Row[*tuple[Any, ...]], thread_id: UUID, reader: Reader) -> None:
    if not _threads(row, ThreadRecord.id == thread_id, reader):
        raise NotFound


# --- reading and writing --------------------------------------------------------------------------


def _messages_of(threads: Sequence[UUID], assessment_id: UUID) -> tuple[sa.ColumnElement[bool], ...]:
    link = TrailLinkRecord
    return (
        link.chain_id == assessment_id,
        link.kind.in_((BEGUN, WROTE)),
        link.about.in_([str(one) for one in threads]),
    )


def _threads(row: sa.Row[*tuple[Any, ...]], wanted: sa.ColumnElement[bool], reader: Reader) -> tuple[Thread, ...]:
    """Some threads of an assessment as a reader may see them, oldest first: three queries."""
    thread, person, link = ThreadRecord, PersonRecord, TrailLinkRecord
    found = db.session.execute(
        sa.select(thread.id, thread.question_id, thread.told, thread.resolved_at, person.name.label("resolved_by_name"))
        .outerjoin(person, person.id == thread.resolved_by)
        .where(thread.assessment_id == row.id, wanted)
        .order_by(thread.begun_at, thread.id)
    ).all()
    seen = [one for one in found if reader.visible.includes(_theme_of(row, one.question_id), one.question_id)]
    if not seen:
        return ()
    ids = [one.id for one in seen]
    written = db.session.execute(
        sa.select(link.seq, link.about, link.by_id, link.text, link.at)
        .where(*_messages_of(ids, row.id))
        .order_by(link.seq)
    ).all()
    mentions = db.session.execute(
        sa.select(MentionRecord.thread_id, MentionRecord.seq, MentionRecord.person_id, person.name)
        .join(person, person.id == MentionRecord.person_id)
        .where(MentionRecord.thread_id.in_(ids))
        .order_by(MentionRecord.seq, person.name, person.id)
    ).all()
    names = _names({UUID(one.by_id) for one in written})
    threads = []
    for one in seen:
        mine = [line for line in written if line.about == str(one.id)]
        asked = [line for line in mentions if line.thread_id == one.id]
        takes_part = {UUID(line.by_id) for line in mine} | {line.person_id for line in asked}
        if not reader.everything and reader.person_id not in takes_part:
            continue
        messages = tuple(
            Message(
                UUID(line.by_id),
                names.get(UUID(line.by_id), ""),
                line.text,
                line.at,
                tuple(mention.name for mention in asked if mention.seq == line.seq),
            )
            for line in mine
        )
        threads.append(
            Thread(one.id, one.question_id, messages, Told(one.told), one.resolved_at, one.resolved_by_name or "")
        )
    return tuple(threads)


def _names(people: set[UUID]) -> dict[UUID, str]:
    rows = db.session.execute(sa.select(PersonRecord.id, PersonRecord.name).where(PersonRecord.id.in_(people)))
    return {row.id: row.name for row in rows}


def _say(
    row: sa.Row[*tuple[Any, ...]],
    thread_id: UUID,
    question_id: QuestionId,
    kind: str,
    text: str,
    mention: Sequence[UUID],
    viewer: Viewer,
    now: datetime,
) -> None:
    """Add a message, and a letter for each person who was asked to look."""
    asked = sorted(set(mention), key=str)
    if len(asked) > MAX_MENTIONS:
        raise InvalidInput("The message", (Problem("mention", f"Ask at most {MAX_MENTIONS} people at a time."),))
    if asked:
        known = {one.id for one in _colleagues(row, question_id, _reader(row, viewer, now), now)}
        if not known.issuperset(asked):
            raise InvalidInput("The message", (Problem("mention", "Choose people from the list."),))
    seq = _record(row, kind, thread_id, viewer, now, details={"question": question_id}, text=text)
    for person in asked:
        db.session.execute(sa.insert(MentionRecord).values(thread_id=thread_id, seq=seq, person_id=person))
        ids = {"assessment": row.id, "question": question_id, "person": person, "by": viewer.person_id}
        payload = {name: str(one) for name, one in ids.items()}
        jobs.add(LETTER, payload, assessment_id=row.id, by=viewer.person_id, now=now)


def _record(
    row: sa.Row[*tuple[Any, ...]],
    kind: str,
    thread_id: UUID,
    viewer: Viewer,
    now: datetime,
    *,
    details: dict[str, str],
    text: str = "",
) -> int:
    seq, _ = record_change(
        row.id,
        kind,
        state=State(row.state),
        chain_seq=row.chain_seq,
        chain_head=row.chain_head,
        by=viewer.person_id,
        at=now,
        about=str(thread_id),
        details=details,
        text=text,
    )
    return seq


def _clean(text: str) -> str:
    try:
        text = clean_text(text, MAX_MESSAGE).strip()
    except UnsuitableText as error:
        raise InvalidInput("The message", (Problem("text", str(error)),)) from None
    if not text:
        raise InvalidInput("The message", (Problem("text", "Write a message first."),))
    return text


def _colleagues(
    row: sa.Row[*tuple[Any, ...]], question_id: QuestionId, reader: Reader, now: datetime
) -> tuple[Colleague, ...]:
    grant, person = AccessGrantRecord, PersonRecord
    here = sa.or_(
        sa.and_(grant.scope_kind == ScopeKind.SPACE, grant.scope_id == str(row.space_id)),
        sa.func.substr(grant.scope_id, 1, 36) == str(row.id),
    )
    rows = db.session.execute(
        sa.select(person.id, person.name, *GRANT_COLUMNS)
        .join(grant, in_force(now))
        .where(here, person.disabled_at.is_(None), person.erased_at.is_(None), person.id != reader.person_id)
        .where(person.by_link.is_(False))
        .order_by(person.name, person.id, grant.id)
    ).all()
    held: dict[Colleague, list[Grant]] = {}
    for one in rows:
        scope = Scope(ScopeKind(one.scope_kind), one.scope_id, one.voice)
        found = Grant(Role(one.role), scope, one.begins_at, one.ends_at)
        held.setdefault(Colleague(one.id, one.name), []).append(found)
    theme_id = _theme_of(row, question_id)
    place: dict[str, Any] = {"space": row.space_id, "assessment": row.id, "now": now}
    return tuple(
        one
        for one, grants in held.items()
        if visible_answers(grants, None, blind=False, **place).includes(theme_id, question_id)
        and (reader.everything or Permission.SEE_VOICES in permissions(grants, **place))
    )
