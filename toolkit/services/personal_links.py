"""Personal links: somebody without an account answers what was handed over to them, and sees nothing else.

A link belongs to one hand-over. It works until its day, until it is taken back, or until the hand-over ends; a fresh
one takes the place of the one before. A space may do without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from toolkit.config import time_zone
from toolkit.domain.access import Permission, Role
from toolkit.domain.errors import (
    CannotSaveNow,
    Conflict,
    HandoverOver,
    InvalidInput,
    LinkExpired,
    NotAllowed,
    NotFound,
    Problem,
)
from toolkit.domain.handovers import HandedPart
from toolkit.domain.voices import Voice, VoiceKind
from toolkit.services import jobs, rates
from toolkit.services.accounts import add_person, clean_email, clean_name, require
from toolkit.services.handing_over import Begun, begin_change, hand_over_in
from toolkit.services.invitations import person_by_email
from toolkit.services.links import hash_token
from toolkit.services.opening import find_row
from toolkit.services.second_factor import roles_that_need_one
from toolkit.services.sign_in import SignedIn, begin_session
from toolkit.services.viewers import ByLink, Viewer
from toolkit.storage.assessments import AssessmentRecord, VoiceRecord
from toolkit.storage.base import UtcTime, new_id, rows_changed
from toolkit.storage.db import current_config, db, reading, transaction
from toolkit.storage.handovers import HandoverRecord, PersonalLinkRecord
from toolkit.storage.people import LoginSessionRecord, PersonRecord
from toolkit.storage.spaces import SpaceRecord
from toolkit.storage.trail import append_to_accounts

LETTER = "personal_link_letter"  # the kind of job that sends one
MAX_DAYS = 60
USUAL_DAYS = 30  # where no day is due, or it is over


@dataclass(frozen=True, slots=True)
class PersonalLink:
    """What a link says before somebody begins: who asks whom for what, and until when it works."""

    person_name: str
    by_name: str
    space_name: str
    assessment_title: str
    voice: Voice | None
    blind: bool
    expires_at: datetime


def link_end(due_on: date | None, *, now: datetime, zone: tzinfo) -> datetime:
    """When a link ends: with the due day, else after USUAL_DAYS, never later than after MAX_DAYS."""
    end = now + timedelta(days=USUAL_DAYS)
    if due_on is not None:
        due = datetime.combine(due_on + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
        end = due if due > now else end
    return min(end, now + timedelta(days=MAX_DAYS))


def hand_over_by_link(
    assessment_id: UUID,
    *,
    newcomer: tuple[str, str],
    parts: Sequence[HandedPart],
    viewer: Viewer,
    now: datetime,
    to: Sequence[UUID] = (),
    voice: UUID | None = None,
    due_on: date | None = None,
    note: str = "",
) -> tuple[UUID, ...]:
    """Hand parts to somebody without an account, who gets a personal link, and perhaps to others who have one.

    The ids of what came of it. Raises NotFound, NotAllowed, AssessmentClosed, InvalidInput, CannotSaveNow.
    """
    given: dict[str, Any] = {"parts": parts, "viewer": viewer, "now": now, "voice": voice, "due_on": due_on}
    try:
        with transaction():
            made = hand_over_in(assessment_id, to=to, note=note, **given) if to else ()
            person_id = _bring_in(newcomer, assessment_id, viewer, now)
            by_link = hand_over_in(
                assessment_id, to=(person_id,), note=note, newcomers=(person_id,), letters=False, **given
            )
            for handover_id in by_link:
                _make(handover_id, assessment_id, person_id, due_on, viewer, now)
    except IntegrityError:  # somebody else brought the same person in at this moment
        raise CannotSaveNow from None
    return (*made, *by_link)


def send_afresh(handover_id: UUID, *, viewer: Viewer, now: datetime) -> None:
    """Send a fresh link; the one before, and what was begun with it, ends.

    Raises NotFound, NotAllowed, AssessmentClosed, HandoverOver.
    """
    with transaction() as session:
        begun = begin_change(handover_id, viewer, now, lead=True)
        link_id = _link_of(begun)
        _may_send(begun.row.space_id, viewer, now)
        expires_at = link_end(begun.record.due_on, now=now, zone=time_zone(current_config()))
        values = {"token_hash": None, "revoked_at": None, "expires_at": expires_at, "made_at": now}
        session.execute(
            sa.update(PersonalLinkRecord)
            .where(PersonalLinkRecord.id == link_id)
            .values(**values, made_by=viewer.person_id)
        )
        _end_sessions([link_id])
        _sent(link_id, handover_id, begun.row.id, begun.record.person_id, expires_at, viewer, now)


def take_back(handover_id: UUID, *, viewer: Viewer, now: datetime) -> None:
    """Make a link useless at once; answers and hand-over stay. Raises NotFound, NotAllowed, HandoverOver, Conflict."""
    with transaction() as session:
        begun = begin_change(handover_id, viewer, now, lead=True, in_draft=False)
        link, link_id = PersonalLinkRecord, _link_of(begun)
        taken = session.execute(
            sa.update(link).where(link.id == link_id, link.revoked_at.is_(None)).values(revoked_at=now)
        )
        if rows_changed(taken) != 1:
            raise Conflict("This link was taken back already.")
        _end_sessions([link_id])
        details = {"link": str(link_id)}
        about = str(begun.record.person_id)
        append_to_accounts(db.session, "personal_link_ended", at=now, by=viewer.person_id, about=about, details=details)


def are_allowed(space_id: UUID) -> bool:
    """Whether a space lets people in by personal links, and the site asks no second step of those who answer."""
    with reading() as session:
        query = sa.select(SpaceRecord.personal_links).where(SpaceRecord.id == space_id)
        allowed = session.execute(query).scalar_one_or_none()
    return bool(allowed) and Role.CONTRIBUTOR not in roles_that_need_one(current_config())


def allow(space_id: UUID, allowed: bool, *, viewer: Viewer, now: datetime) -> int:
    """Let a space have personal links, or none: how many ended. What was begun with them ends at once.

    Switched on again, those that ended stay ended. Raises NotFound.
    """
    require(viewer, Permission.MANAGE_PEOPLE, space=space_id, now=now)
    space = SpaceRecord
    with transaction() as session:
        changed = session.execute(
            sa.update(space)
            .where(space.id == space_id, space.personal_links.is_(not allowed))
            .values(personal_links=allowed)
        )
        if rows_changed(changed) != 1:
            return 0  # it stands so already
        ended = () if allowed else _end_all(space_id, now)
        kind = "personal_links_allowed" if allowed else "personal_links_stopped"
        details = {"links": " ".join(map(str, ended))} if ended else None
        append_to_accounts(db.session, kind, at=now, by=viewer.person_id, about=str(space_id), details=details)
    return len(ended)


def personal_link(token: str, *, now: datetime) -> PersonalLink:
    """What a link says. Nothing is changed by looking. Raises LinkExpired."""
    with reading():
        row = _find(token, now)
    voice = None
    if row.voice_id is not None:
        voice = Voice(row.voice_id, VoiceKind(row.voice_kind), row.voice_name, row.shows_names)
    return PersonalLink(row.person_name, row.by_name or "", row.space_name, row.title, voice, row.blind, row.expires_at)


def open_link(token: str, *, device: str = "", now: datetime) -> SignedIn:
    """Begin a session that is limited to what the link is for. Raises LinkExpired, TooManyTries."""
    with reading():
        found = _find(token, now)
    rates.count_try((rates.PERSONAL_LINK, str(found.id)), now=now)
    link = PersonalLinkRecord
    with transaction() as session:
        row = _find(token, now)
        opened_at = sa.func.coalesce(link.opened_at, sa.literal(now, UtcTime()))
        session.execute(sa.update(link).where(link.id == row.id).values(opened_at=opened_at))
        begun = begin_session(row.person_id, now=now, device=device, link_id=row.id, until=row.expires_at)
    limits = ByLink(row.handover_id, row.assessment_id, row.voice_id)
    return SignedIn(begun, Viewer(row.person_id, row.person_name, row.email or "", link=limits))


def _find(token: str, now: datetime) -> sa.Row[*tuple[Any, ...]]:
    """The link of a token, if it works, inside a unit of work or a look."""
    link, handed, giver = PersonalLinkRecord, HandoverRecord, aliased(PersonRecord)
    row = db.session.execute(
        sa.select(
            link.id,
            link.handover_id,
            link.person_id,
            link.expires_at,
            handed.assessment_id,
            handed.voice_id,
            PersonRecord.name.label("person_name"),
            PersonRecord.email,
            giver.name.label("by_name"),
            AssessmentRecord.title,
            AssessmentRecord.blind,
            VoiceRecord.kind.label("voice_kind"),
            VoiceRecord.name.label("voice_name"),
            VoiceRecord.shows_names,
            SpaceRecord.name.label("space_name"),
        )
        .join(handed, handed.id == link.handover_id)
        .join(PersonRecord, PersonRecord.id == link.person_id)
        .join(AssessmentRecord, AssessmentRecord.id == handed.assessment_id)
        .join(SpaceRecord, SpaceRecord.id == AssessmentRecord.space_id)
        .outerjoin(VoiceRecord, VoiceRecord.id == handed.voice_id)
        .outerjoin(giver, giver.id == handed.by_id)
        .where(
            link.token_hash == hash_token(token),
            link.revoked_at.is_(None),
            link.expires_at > now,
            handed.ended_at.is_(None),
            PersonRecord.disabled_at.is_(None),
            AssessmentRecord.discarded_at.is_(None),
            SpaceRecord.personal_links.is_(True),
        )
    ).one_or_none()
    if row is None:
        raise LinkExpired
    return row


def _bring_in(newcomer: tuple[str, str], assessment_id: UUID, viewer: Viewer, now: datetime) -> UUID:
    """Somebody who has no account: the person with that address, made where there is none."""
    _may_send(find_row(assessment_id).space_id, viewer, now)
    name, email = clean_name(newcomer[0]), clean_email(newcomer[1])
    found = person_by_email(email)
    if found is None:
        person_id = add_person(name, email, now=now, joined=False, by_link=True)
        append_to_accounts(db.session, "invited", at=now, by=viewer.person_id, about=str(person_id))
        return person_id
    row = db.session.execute(
        sa.select(PersonRecord.by_link, PersonRecord.joined_at, PersonRecord.disabled_at).where(
            PersonRecord.id == found
        )
    ).one()
    if not row.by_link or row.joined_at is not None or row.disabled_at is not None:
        message = "With this address no personal link can be sent. Choose the person from the list, or invite them."
        raise InvalidInput("The person", (Problem("email", message),))
    return found


def _may_send(space_id: UUID, viewer: Viewer, now: datetime) -> None:
    if viewer.is_sandbox:
        raise NotAllowed("In the demo nobody else can be invited.")
    if not viewer.may(Permission.MANAGE_PEOPLE, space=space_id, now=now):
        raise NotAllowed("You may not invite people here.")
    if not are_allowed(space_id):
        raise NotAllowed("Personal links are switched off here. Invite the person instead.")


def _make(
    handover_id: UUID, assessment_id: UUID, person_id: UUID, due_on: date | None, viewer: Viewer, now: datetime
) -> None:
    link_id, expires_at = new_id(), link_end(due_on, now=now, zone=time_zone(current_config()))
    db.session.execute(
        sa.insert(PersonalLinkRecord).values(
            id=link_id,
            handover_id=handover_id,
            person_id=person_id,
            made_by=viewer.person_id,
            made_at=now,
            expires_at=expires_at,
        )
    )
    _sent(link_id, handover_id, assessment_id, person_id, expires_at, viewer, now)


def _sent(
    link_id: UUID,
    handover_id: UUID,
    assessment_id: UUID,
    person_id: UUID,
    expires_at: datetime,
    viewer: Viewer,
    now: datetime,
) -> None:
    """Note a link in the chain of accounts, and want its message."""
    details = {"link": str(link_id), "handover": str(handover_id), "expires_at": expires_at.isoformat()}
    by = viewer.person_id
    append_to_accounts(db.session, "personal_link_begun", at=now, by=by, about=str(person_id), details=details)
    jobs.add(LETTER, {"handover": str(handover_id)}, assessment_id=assessment_id, by=by, now=now)


def _link_of(begun: Begun) -> UUID:
    """The link of a hand-over. Raises NotFound for one to somebody with an account."""
    link = PersonalLinkRecord
    query = sa.select(link.id).where(link.handover_id == begun.record.id)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound
    if begun.record.ended_at is not None:
        raise HandoverOver
    return found


def _end_all(space_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """Make every link of a space useless: which."""
    link, row = PersonalLinkRecord, AssessmentRecord
    query = (
        sa.select(link.id)
        .join(HandoverRecord, HandoverRecord.id == link.handover_id)
        .join(row, row.id == HandoverRecord.assessment_id)
        .where(row.space_id == space_id, link.revoked_at.is_(None))
        .order_by(link.id)
    )
    ids = tuple(db.session.execute(query).scalars())
    if ids:
        db.session.execute(sa.update(link).where(link.id.in_(ids)).values(revoked_at=now))
        _end_sessions(ids)
    return ids


def _end_sessions(link_ids: Sequence[UUID]) -> None:
    db.session.execute(sa.delete(LoginSessionRecord).where(LoginSessionRecord.link_id.in_(link_ids)))
