"""Handing over: themes and questions go to people with a day and a note, come back done, or are given back.

Each hand-over gives its person grants for its parts, and ends them when it ends. Every change is a link of the
assessment's chain; what somebody wrote stands beside it and goes when they are erased.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from toolkit.config import time_zone
from toolkit.domain.access import Permission, Reach, Role, covers
from toolkit.domain.assessment import State
from toolkit.domain.checking import UnsuitableText, clean_text
from toolkit.domain.errors import (
    AssessmentClosed,
    CannotSaveNow,
    Conflict,
    HandoverOver,
    InvalidInput,
    NotAllowed,
    NotFound,
    Problem,
)
from toolkit.domain.handovers import (
    MAX_DUE_DAYS,
    MAX_NOTE,
    MAX_PEOPLE,
    HandedPart,
    PartKind,
    clean_parts,
    covers_part,
    local_day,
    part_scope,
    parts_reach,
)
from toolkit.services import jobs
from toolkit.services.changing import record_change
from toolkit.services.invitations import bring_in
from toolkit.services.opening import OpenAssessment, allowed_in, find_row, load
from toolkit.services.roster import PersonLine, everybody
from toolkit.services.viewers import Viewer
from toolkit.storage.base import new_id
from toolkit.storage.db import current_config, db, transaction
from toolkit.storage.handovers import DigestRecord, HandoverPartRecord, HandoverRecord
from toolkit.storage.people import AccessGrantRecord
from toolkit.storage.trail import append_to_accounts

LETTER = "handover_letter"  # the kind of job that sends a message about a hand-over
REMIND_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Begun:
    """A hand-over that is about to change, with its assessment locked."""

    record: sa.Row[*tuple[Any, ...]]
    row: sa.Row[*tuple[Any, ...]]


def hand_over(
    assessment_id: UUID,
    *,
    to: Sequence[UUID],
    parts: Sequence[HandedPart],
    viewer: Viewer,
    now: datetime,
    voice: UUID | None = None,
    due_on: date | None = None,
    note: str = "",
    newcomer: tuple[str, str] | None = None,
) -> tuple[UUID, ...]:
    """Hand parts to one or several people who take part in the space: the ids of what came of it.

    `newcomer` is the name and address of one more who is not in the list; whoever manages people may bring one in.
    Somebody who has all of it already gets nothing new and is left out. Each person gets a message.
    Raises NotFound, NotAllowed, AssessmentClosed, InvalidInput.
    """
    try:
        with transaction():
            brought: tuple[UUID, ...] = ()
            if newcomer is not None:
                space = find_row(assessment_id).space_id
                brought = (bring_in(*newcomer, space=space, viewer=viewer, now=now).person_id,)
            return hand_over_in(
                assessment_id,
                to=(*to, *brought),
                parts=parts,
                viewer=viewer,
                now=now,
                voice=voice,
                due_on=due_on,
                note=note,
                newcomers=brought,
            )
    except IntegrityError:  # somebody else brought the same person in at this moment
        raise CannotSaveNow from None


def hand_over_in(
    assessment_id: UUID,
    *,
    to: Sequence[UUID],
    parts: Sequence[HandedPart],
    viewer: Viewer,
    now: datetime,
    voice: UUID | None = None,
    due_on: date | None = None,
    note: str = "",
    newcomers: Collection[UUID] = (),
    letters: bool = True,
) -> tuple[UUID, ...]:
    """The same inside a unit of work; `newcomers` were invited in it and need not take part yet."""
    opened = load(assessment_id, viewer=viewer, now=now, voice=voice, lock=True)
    _may_hand_over(opened)
    wanted = clean_parts(opened.checklist, parts)
    note, due_on = clean_note(note), check_due(due_on, now)
    people = tuple(dict.fromkeys(to))
    _check_people(opened, people, newcomers, now)
    has = _in_hand(assessment_id, opened.voice.id if opened.voice else None)
    made: dict[UUID, UUID] = {}
    for person_id in people:
        already = has.get(person_id, Reach(everywhere=False))
        new = tuple(part for part in wanted if not covers_part(already, part, opened.checklist))
        if new:
            made[_make(opened, person_id, new, viewer, now, due_on, note)] = person_id
    if not made:
        return ()
    details = {
        "handovers": _list(made),
        "to": _list(made.values()),
        "parts": " ".join(f"{part.kind}/{part.id}" for part in wanted),
        "due_on": due_on.isoformat() if due_on else "",
        "voice": str(opened.voice.id) if opened.voice else "",
    }
    record_change(
        assessment_id,
        "handed_over",
        state=opened.assessment.state,
        chain_seq=opened.chain_seq,
        chain_head=opened.assessment.chain_head,
        by=viewer.person_id,
        at=now,
        details={name: said for name, said in details.items() if said},
        text=note,
    )
    for handover_id, person_id in made.items():
        if letters and person_id != viewer.person_id:
            _letter(handover_id, "new", assessment_id, viewer, now)
    return tuple(made)


def set_due(handover_id: UUID, due_on: date | None, *, viewer: Viewer, now: datetime) -> None:
    """Change the day by which it is due, or leave it open. Raises what `end` does, and InvalidInput."""
    with transaction():
        begun = begin_change(handover_id, viewer, now, lead=True)
        due_on = check_due(due_on, now, stands=begun.record.due_on)
        if due_on != begun.record.due_on:
            said = {"due_on": due_on.isoformat() if due_on else "none"}
            _change(begun, "handover_due", viewer, now, {"due_on": due_on}, said)


def end(handover_id: UUID, *, viewer: Viewer, now: datetime) -> None:
    """End a hand-over and the grants that came of it. Raises NotFound, NotAllowed, AssessmentClosed, HandoverOver."""
    with transaction():
        begun = begin_change(handover_id, viewer, now, lead=True, in_draft=False)
        _change(begun, "handover_ended", viewer, now, {"ended_at": now})
        _end_grants(begun, viewer, now)


def remind(handover_id: UUID, *, viewer: Viewer, now: datetime) -> None:
    """Send the person a reminder: at most one a day, and none to somebody who wants none.

    Raises Conflict, and what `end` does.
    """
    with transaction():
        begun = begin_change(handover_id, viewer, now, lead=True)
        record = begun.record
        if record.done_at is not None:
            raise Conflict("The person says that this is done. Give it back if something is missing.")
        if record.reminded_at is not None and now - record.reminded_at < REMIND_EVERY:
            raise Conflict("A reminder was sent within the last day. One a day is enough.")
        stopped = sa.select(DigestRecord.person_id).where(
            DigestRecord.person_id == record.person_id, DigestRecord.stopped_at.is_not(None)
        )
        if db.session.execute(stopped).first() is not None:
            raise Conflict("This person asked for no reminders. Speak with them yourself.")
        db.session.execute(sa.update(HandoverRecord).where(HandoverRecord.id == handover_id).values(reminded_at=now))
        _letter(handover_id, "reminder", record.assessment_id, viewer, now)


def say_done(handover_id: UUID, *, note: str = "", viewer: Viewer, now: datetime) -> None:
    """The person says that it is done; the note says what cannot be answered, and why.

    Raises NotFound, AssessmentClosed, HandoverOver, InvalidInput.
    """
    with transaction():
        begun = begin_change(handover_id, viewer, now, lead=False)
        note = clean_note(note)
        changes = {"done_at": now, "done_note": note, "returned_at": None, "returned_note": "", "returned_by": None}
        _change(begun, "handover_done", viewer, now, changes, text=note)


def give_back(handover_id: UUID, *, note: str, viewer: Viewer, now: datetime) -> None:
    """Give it back to the person with a note that says what is missing. Raises what `end` does, and InvalidInput."""
    with transaction():
        begun = begin_change(handover_id, viewer, now, lead=True)
        note = clean_note(note)
        if not note.strip():
            raise InvalidInput("The note", (Problem("note", "Say what should be looked at again."),))
        changes = {
            "done_at": None,
            "done_note": "",
            "returned_at": now,
            "returned_note": note,
            "returned_by": viewer.person_id,
        }
        _change(begun, "handover_returned", viewer, now, changes, text=note)
        if begun.record.person_id != viewer.person_id:
            _letter(handover_id, "returned", begun.record.assessment_id, viewer, now)


def clean_note(note: str) -> str:
    """A note as it is kept. Raises InvalidInput."""
    try:
        return clean_text(note, MAX_NOTE).strip()
    except UnsuitableText as error:
        raise InvalidInput("The note", (Problem("note", str(error)),)) from None


def check_due(due_on: date | None, now: datetime, *, stands: date | None = None) -> date | None:
    """A day that is not over and not too far; the one that stands may stay. Raises InvalidInput."""
    if due_on is None or due_on == stands:
        return due_on
    today = local_day(now, time_zone(current_config()))
    if not today <= due_on <= today + timedelta(days=MAX_DUE_DAYS):
        message = "Choose today or a later day." if due_on < today else "Choose a day within two years."
        raise InvalidInput("The day", (Problem("due_on", message),))
    return due_on


def _may_hand_over(opened: OpenAssessment) -> None:
    if not opened.may(Permission.HAND_OVER):
        raise NotAllowed
    if opened.discarded_at is not None:
        raise AssessmentClosed("discarded")
    if opened.assessment.state is not State.DRAFT:
        raise AssessmentClosed(opened.assessment.state)


def people_here(opened: OpenAssessment, now: datetime) -> tuple[PersonLine, ...]:
    """Those to whom something of this assessment can be handed, inside a unit of work or a look.

    For a voice that speaks for itself these are only the people who speak in it already.
    """
    found = [one for one in everybody(opened.space.id, now=now) if one.state not in {"disabled", "link"}]
    voice = opened.voice
    if voice is not None and voice.speaks_for_itself:
        found = [one for one in found if any(_speaks(grant, opened, now) for grant in one.grants)]
    return tuple(found)


def _speaks(grant: Any, opened: OpenAssessment, now: datetime) -> bool:
    here = covers(grant.scope, space=opened.space.id, assessment=opened.id)
    return here and opened.voice is not None and grant.scope.voice == str(opened.voice.id) and grant.holds(now)


def _check_people(opened: OpenAssessment, people: Sequence[UUID], newcomers: Collection[UUID], now: datetime) -> None:
    if not people:
        raise InvalidInput("The people", (Problem("to", "Choose at least one person."),))
    if len(people) > MAX_PEOPLE:
        raise InvalidInput("The people", (Problem("to", f"Choose at most {MAX_PEOPLE} people at a time."),))
    known = {one.person_id for one in people_here(opened, now)}
    if opened.voice is None or not opened.voice.speaks_for_itself:  # nobody is let into one from outside
        known |= set(newcomers)
    if not known.issuperset(people):
        raise InvalidInput("The people", (Problem("to", "Choose people from the list."),))


def _in_hand(assessment_id: UUID, voice: UUID | None) -> Mapping[UUID, Reach]:
    """What each person has in hand already, in one voice."""
    record, part = HandoverRecord, HandoverPartRecord
    same_voice = record.voice_id.is_(None) if voice is None else record.voice_id == voice
    rows = db.session.execute(
        sa.select(record.person_id, part.kind, part.part_id)
        .join(part, part.handover_id == record.id)
        .where(record.assessment_id == assessment_id, same_voice, record.ended_at.is_(None))
        .order_by(record.at, record.id, part.kind, part.part_id)
    )
    found: dict[UUID, list[HandedPart]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(HandedPart(PartKind(row.kind), row.part_id))
    return {person_id: parts_reach(parts) for person_id, parts in found.items()}


def _make(
    opened: OpenAssessment,
    person_id: UUID,
    parts: Sequence[HandedPart],
    viewer: Viewer,
    now: datetime,
    due_on: date | None,
    note: str,
) -> UUID:
    """One hand-over with its parts and its grants."""
    voice = opened.voice.id if opened.voice else None
    handover_id = new_id()
    db.session.execute(
        sa.insert(HandoverRecord).values(
            id=handover_id,
            assessment_id=opened.id,
            person_id=person_id,
            voice_id=voice,
            due_on=due_on,
            note=note,
            by_id=viewer.person_id,
            at=now,
        )
    )
    grants = [(new_id(), part, part_scope(opened.id, part, voice)) for part in parts]
    db.session.execute(
        sa.insert(AccessGrantRecord),
        [
            {
                "id": grant_id,
                "person_id": person_id,
                "role": Role.CONTRIBUTOR,
                "scope_kind": scope.kind,
                "scope_id": scope.id,
                "voice": scope.voice,
                "begins_at": now,
                "granted_by": viewer.person_id,
            }
            for grant_id, _, scope in grants
        ],
    )
    db.session.execute(
        sa.insert(HandoverPartRecord),
        [
            {"handover_id": handover_id, "kind": part.kind, "part_id": part.id, "grant_id": grant_id}
            for grant_id, part, _ in grants
        ],
    )
    details = {
        "grants": _list(grant_id for grant_id, _, _ in grants),
        "role": str(Role.CONTRIBUTOR),
        "scopes": "; ".join(f"{scope.kind} {scope.id}" for _, _, scope in grants),
    }
    if voice:
        details["voice"] = str(voice)
    append_to_accounts(db.session, "grants_begun", at=now, by=viewer.person_id, about=str(person_id), details=details)
    return handover_id


def begin_change(handover_id: UUID, viewer: Viewer, now: datetime, *, lead: bool, in_draft: bool = True) -> Begun:
    """A hand-over that its lead, or else its person, may change, with the assessment locked.

    Raises NotFound, NotAllowed, AssessmentClosed, HandoverOver.
    """
    of = db.session.execute(
        sa.select(HandoverRecord.assessment_id).where(HandoverRecord.id == handover_id)
    ).scalar_one_or_none()
    if of is None:
        raise NotFound
    row = find_row(of, lock=True)
    allowed = allowed_in(row, viewer, now)
    # read after the lock, so that of two at once the second sees what the first did
    record = db.session.execute(sa.select(*HandoverRecord.__table__.c).where(HandoverRecord.id == handover_id)).one()
    if viewer.link is not None and viewer.link.handover_id != handover_id:
        raise NotFound
    if lead and Permission.HAND_OVER not in allowed:
        raise NotAllowed if record.person_id == viewer.person_id else NotFound
    if not lead and record.person_id != viewer.person_id:
        raise NotAllowed if Permission.HAND_OVER in allowed else NotFound
    if record.ended_at is not None:
        raise HandoverOver
    if in_draft and row.discarded_at is not None:
        raise AssessmentClosed("discarded")
    if in_draft and row.state != State.DRAFT:
        raise AssessmentClosed(row.state)
    return Begun(record, row)


def _change(
    begun: Begun,
    kind: str,
    viewer: Viewer,
    now: datetime,
    changes: Mapping[str, Any],
    details: Mapping[str, str] | None = None,
    text: str = "",
) -> None:
    """Change a hand-over, with its link in the assessment's chain."""
    handover_id = begun.record.id
    db.session.execute(sa.update(HandoverRecord).where(HandoverRecord.id == handover_id).values(**changes))
    record_change(
        begun.row.id,
        kind,
        state=State(begun.row.state),
        chain_seq=begun.row.chain_seq,
        chain_head=begun.row.chain_head,
        by=viewer.person_id,
        at=now,
        about=str(handover_id),
        details=details,
        text=text,
    )


def _end_grants(begun: Begun, viewer: Viewer, now: datetime) -> None:
    grant = AccessGrantRecord
    part = HandoverPartRecord
    of = sa.select(part.grant_id).where(part.handover_id == begun.record.id)
    open_now = sa.and_(grant.id.in_(of), sa.or_(grant.ends_at.is_(None), grant.ends_at > now))
    ids = db.session.execute(sa.select(grant.id).where(open_now).order_by(grant.id)).scalars().all()
    if ids:
        db.session.execute(sa.update(grant).where(grant.id.in_(ids)).values(ends_at=now))
        about = str(begun.record.person_id)
        details = {"grants": _list(ids)}
        append_to_accounts(db.session, "grants_ended", at=now, by=viewer.person_id, about=about, details=details)


def _letter(handover_id: UUID, what: str, assessment_id: UUID, viewer: Viewer, now: datetime) -> None:
    """Want a message about a hand-over; a visitor's demo sends none."""
    if not viewer.is_sandbox:
        payload = {"handover": str(handover_id), "what": what}
        jobs.add(LETTER, payload, assessment_id=assessment_id, by=viewer.person_id, now=now)


def _list(ids: Any) -> str:
    return " ".join(str(one) for one in ids)
