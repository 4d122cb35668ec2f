"""Handing on the lead of an assessment, or of a whole space: the successor gets the role, with a note.

What was handed over to people stays theirs. The one who leaves keeps reading, or goes altogether.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from toolkit.domain.access import Permission, Role, Scope, ScopeKind, assessment_scope, covers, space_scope
from toolkit.domain.acting import LEADS
from toolkit.domain.errors import AssessmentClosed, CannotSaveNow, Conflict, InvalidInput, NotAllowed, Problem
from toolkit.services import acting, jobs
from toolkit.services.accounts import give_role
from toolkit.services.changing import record_change
from toolkit.services.handing_over import clean_note, people_here
from toolkit.services.invitation_mail import LETTER
from toolkit.services.invitations import bring_in
from toolkit.services.opening import OpenAssessment, load
from toolkit.services.roster import PersonLine, within_space
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import AssessmentRecord
from toolkit.storage.base import rows_changed
from toolkit.storage.db import db, reading, transaction
from toolkit.storage.handovers import HandoverRecord
from toolkit.storage.people import AccessGrantRecord, PersonRecord
from toolkit.storage.trail import TrailLinkRecord, append_to_accounts

HANDED_ON = "lead_handed_on"  # the kind of link
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Succession:
    """One time that the lead went on, with the note, which is empty once its writer is erased."""

    from_name: str
    to_name: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Heir:
    """What a lead can hand on: to whom, and whether they lead the whole space or this assessment alone."""

    people: tuple[PersonLine, ...]
    leads: bool
    leads_space: bool


def heirs(opened: OpenAssessment, *, viewer: Viewer, now: datetime) -> Heir:
    """To whom the lead of an assessment can go. Raises NotAllowed."""
    if not opened.may(Permission.HAND_OVER):
        raise NotAllowed
    with reading():
        people = tuple(one for one in people_here(opened, now) if one.person_id != viewer.person_id)
        own = _own_leads(opened, viewer, now)
    return Heir(people, bool(own), any(row.scope_kind == ScopeKind.SPACE for row in own))


def successions(opened: OpenAssessment) -> tuple[Succession, ...]:
    """How the lead of an assessment went on so far, the last time first. Raises NotAllowed."""
    if not opened.may(Permission.HAND_OVER):
        raise NotAllowed
    link = TrailLinkRecord
    with reading() as session:
        rows = session.execute(
            sa.select(link.by_id, link.about, link.text, link.at)
            .where(link.chain_id == opened.id, link.kind == HANDED_ON)
            .order_by(link.seq.desc())
            .limit(SHOWN)
        ).all()
        ids = {UUID(one) for row in rows for one in (row.by_id, row.about)}
        query = sa.select(PersonRecord.id, PersonRecord.name).where(PersonRecord.id.in_(ids))
        names = {str(row.id): row.name for row in session.execute(query.order_by(PersonRecord.id))} if ids else {}
    return tuple(Succession(names.get(row.by_id, ""), names.get(row.about, ""), row.text or "", row.at) for row in rows)


def hand_on(
    assessment_id: UUID,
    to: UUID | None,
    *,
    viewer: Viewer,
    now: datetime,
    newcomer: tuple[str, str] | None = None,
    note: str = "",
    stays: bool = True,
    whole_space: bool = False,
) -> UUID:
    """Hand the lead on to somebody of the space, or to a `newcomer` (name and address): their id.

    Without `whole_space` the successor leads this assessment; somebody who leads the space goes on to lead all of it.
    `stays`: the one before keeps reading; otherwise their grants here end. The successor gets a message.
    Raises NotFound, NotAllowed, AssessmentClosed, InvalidInput, Conflict (it went on already), CannotSaveNow.
    """
    if viewer.is_sandbox:
        raise NotAllowed("In the demo there is nobody to hand it on to.")
    try:
        with transaction():
            opened = load(assessment_id, viewer=viewer, now=now, lock=True)
            own = _begin(opened, viewer, now, whole_space=whole_space)
            note = clean_note(note)
            heir = _heir(opened, to, newcomer, viewer, now)
            scope = space_scope(opened.space.id) if whole_space else assessment_scope(assessment_id)
            role, until = Role(own[0].role), _until(own)
            give_role(heir, role, scope, by=viewer.person_id, now=now, ends_at=until)
            ended = _step_back(opened, own, scope, viewer, now, stays=stays)
            details = {"role": str(role), "scope": str(scope.kind), "stays": "yes" if stays else "no"}
            record_change(
                assessment_id,
                HANDED_ON,
                state=opened.assessment.state,
                chain_seq=opened.chain_seq,
                chain_head=opened.assessment.chain_head,
                by=viewer.person_id,
                at=now,
                about=str(heir),
                details=details | ({"ended": " ".join(map(str, ended))} if ended else {}),
                text=note,
            )
            payload = {"person": str(heir), "role": str(role), "kind": str(scope.kind), "id": scope.id}
            jobs.add(LETTER, payload, assessment_id=assessment_id, by=viewer.person_id, now=now)
    except IntegrityError:  # somebody else brought the same person in at this moment
        raise CannotSaveNow from None
    return heir


def _own_leads(opened: OpenAssessment, viewer: Viewer, now: datetime) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """The grants by which somebody leads here now, the widest first."""
    grant = AccessGrantRecord
    here = sa.or_(
        sa.and_(grant.scope_kind == ScopeKind.SPACE, grant.scope_id == str(opened.space.id)),
        sa.and_(grant.scope_kind == ScopeKind.ASSESSMENT, grant.scope_id == str(opened.id)),
    )
    return db.session.execute(
        sa.select(grant.id, grant.role, grant.scope_kind, grant.ends_at)
        .where(grant.person_id == viewer.person_id, grant.role.in_(sorted(LEADS)), here, _open(now))
        .order_by(grant.scope_kind.desc(), grant.id)  # `space` before `assessment`
    ).all()


def _open(now: datetime) -> sa.ColumnElement[bool]:
    grant = AccessGrantRecord
    return sa.and_(grant.begins_at <= now, sa.or_(grant.ends_at.is_(None), grant.ends_at > now))


def _begin(
    opened: OpenAssessment, viewer: Viewer, now: datetime, *, whole_space: bool
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """The roles that somebody hands on. Raises NotAllowed, AssessmentClosed, Conflict, InvalidInput."""
    if not opened.may(Permission.HAND_OVER):
        raise NotAllowed
    if opened.discarded_at is not None:
        raise AssessmentClosed("discarded")
    own = _own_leads(opened, viewer, now)
    if not own:
        place = {"space": opened.space.id, "assessment": opened.id}
        led = any(grant.role in LEADS and covers(grant.scope, **place) for grant in viewer.grants)
        raise (
            Conflict("You have handed this on already.")
            if led
            else NotAllowed("A deputy does not hand the lead on. The focal point does, or an administrator.")
        )
    if whole_space and all(row.scope_kind != ScopeKind.SPACE for row in own):
        raise InvalidInput("What you hand on", (Problem("whole", "You lead this assessment alone."),))
    return own


def _heir(
    opened: OpenAssessment, to: UUID | None, newcomer: tuple[str, str] | None, viewer: Viewer, now: datetime
) -> UUID:
    if newcomer is not None:
        heir = bring_in(*newcomer, space=opened.space.id, viewer=viewer, now=now).person_id
    elif to is None or to not in {one.person_id for one in people_here(opened, now)}:
        raise InvalidInput("The person", (Problem("to", "Choose somebody from the list."),))
    else:
        heir = to
    if heir == viewer.person_id:
        raise InvalidInput("The person", (Problem("to", "Choose somebody else than yourself."),))
    return heir


def _until(own: Sequence[sa.Row[*tuple[Any, ...]]]) -> datetime | None:
    """Nobody gives more than they have: the role ends when that of the one before would have."""
    ends = [row.ends_at for row in own]
    return None if None in ends else max(ends)


def _step_back(
    opened: OpenAssessment,
    own: Sequence[sa.Row[*tuple[Any, ...]]],
    scope: Scope,
    viewer: Viewer,
    now: datetime,
    *,
    stays: bool,
) -> list[UUID]:
    """End what the one before had, and let them read where they stay: the ids of the grants that ended."""
    whole = scope.kind is ScopeKind.SPACE
    if not whole and any(row.scope_kind == ScopeKind.SPACE for row in own):
        return []  # whoever leads the space goes on to
    grant, me = AccessGrantRecord, viewer.person_id
    wanted: sa.ColumnElement[bool] = grant.id.in_([row.id for row in own])
    if not stays:
        part = sa.func.substr(grant.scope_id, 1, 36) == str(opened.id)
        wanted = within_space(opened.space.id) if whole else sa.and_(part, grant.scope_kind != ScopeKind.SPACE)
        _end_what_they_have(opened, viewer, now, whole=whole)
    ids = list(
        db.session.execute(
            sa.select(grant.id)
            .where(grant.person_id == me, wanted, sa.or_(grant.ends_at.is_(None), grant.ends_at > now))
            .order_by(grant.id)
        ).scalars()
    )
    open_now = sa.and_(grant.id.in_(ids), sa.or_(grant.ends_at.is_(None), grant.ends_at > now))
    if rows_changed(db.session.execute(sa.update(grant).where(open_now).values(ends_at=now))) != len(ids):
        raise Conflict("You have handed this on already.")
    details = {"grants": " ".join(map(str, ids))}
    append_to_accounts(db.session, "grants_ended", at=now, by=me, about=str(me), details=details)
    if stays:
        give_role(me, Role.OBSERVER, scope, by=me, now=now)
    if whole:
        acting.end_for_former_lead(me, opened.space.id, by=me, now=now)
    return ids


def _end_what_they_have(opened: OpenAssessment, viewer: Viewer, now: datetime, *, whole: bool) -> None:
    """End the hand-overs to somebody who goes altogether; their grants end with all the others."""
    handed, row = HandoverRecord, AssessmentRecord
    here = handed.assessment_id == opened.id
    if whole:
        here = handed.assessment_id.in_(sa.select(row.id).where(row.space_id == opened.space.id))
    open_now = sa.and_(here, handed.person_id == viewer.person_id, handed.ended_at.is_(None))
    db.session.execute(sa.update(handed).where(open_now).values(ended_at=now))
