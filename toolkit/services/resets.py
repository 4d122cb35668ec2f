"""New passwords: asked for by anybody, sent by the job process, so that nobody learns from the answer who exists."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import Role, Scope, ScopeKind
from toolkit.domain.errors import LinkExpired
from toolkit.mail.outbox import Message
from toolkit.services import jobs, rates
from toolkit.services.accounts import email_key, set_password, viewer_of
from toolkit.services.erasing import RESET_JOB
from toolkit.services.links import HOURS_VALID, LinkKind, find_link, make_link, use_link
from toolkit.services.passwords import check_password
from toolkit.services.viewers import Viewer
from toolkit.storage.db import db, reading, transaction
from toolkit.storage.people import CredentialRecord, OneTimeLinkRecord, PersonRecord
from toolkit.storage.trail import append_to_accounts

JOB_KIND = RESET_JOB


def request_reset(email: str, *, address: str, now: datetime) -> UUID:
    """Ask for a link to set a new password: the id of the job that sends it, whoever asked.

    The same is done for a known and an unknown address; the job process finds out which it is. Raises TooManyTries.
    """
    name = email_key(email)
    rates.count_try((rates.RESET_BY_NAME, name), (rates.RESET_BY_ADDRESS, address), now=now)
    with transaction():
        return jobs.add(JOB_KIND, {"email": name}, now=now)


def reset_message(job_id: UUID, *, public_url: str, now: datetime) -> Message | None:
    """The message that a reset job sends; None when nobody has that address.

    Somebody who was invited and has no password yet gets a new invitation instead.
    """
    with transaction():
        payload = jobs.payload(job_id)
        person = db.session.execute(
            sa.select(PersonRecord.id, PersonRecord.name, PersonRecord.email, CredentialRecord.changed_at)
            .outerjoin(CredentialRecord, CredentialRecord.person_id == PersonRecord.id)
            .where(PersonRecord.email_key == payload["email"], PersonRecord.disabled_at.is_(None))
        ).one_or_none()
        if person is None:
            return None
        if person.changed_at is None:
            token = _renewed_invitation(person.id, now)
            return _invitation_again(person, f"{public_url}/invitation/{token}") if token else None
        token, _ = make_link(LinkKind.RESET, person_id=person.id, now=now)
    return Message(
        to=person.email,
        subject="Set a new password",
        text=(
            f"Hello {person.name},\n\n"
            f"somebody, probably you, asked for a new password. Set it here within {_hours()}:\n\n"
            f"{public_url}/reset/{token}\n\n"
            "If it was not you, do nothing: your password stays as it is.\n"
        ),
    )


def reset_link(person_id: UUID, *, now: datetime) -> str:
    """The token of a link to set a new password, for an administrator at the terminal. Raises NotFound."""
    viewer_of(person_id, now=now)
    with transaction():
        append_to_accounts(db.session, "reset_link_made", at=now, by=None, about=str(person_id))
        return make_link(LinkKind.RESET, person_id=person_id, now=now)[0]


def reset_password(token: str, password: str, *, now: datetime) -> Viewer:
    """Set a new password and end every session. Raises LinkExpired, InvalidInput."""
    with reading():
        owner = find_link(token, LinkKind.RESET, now=now).person_id
        if owner is None:
            raise LinkExpired
        viewer = viewer_of(owner, now=now)
    password = check_password(password, name=viewer.name, email=viewer.email)
    with transaction():
        use_link(token, LinkKind.RESET, now=now)
        set_password(owner, password, now=now)
        append_to_accounts(db.session, "password_set", at=now, by=owner, about=str(owner))
        db.session.execute(sa.update(PersonRecord).where(PersonRecord.id == owner).values(joined_at=_joined(now)))
    return viewer_of(owner, now=now)


def _joined(now: datetime) -> sa.ColumnElement[datetime]:
    return sa.func.coalesce(PersonRecord.joined_at, sa.literal(now, PersonRecord.joined_at.type))


def _renewed_invitation(person_id: UUID, now: datetime) -> str | None:
    """A fresh link in place of the last invitation, None when there was none."""
    link = OneTimeLinkRecord
    last = db.session.execute(
        sa.select(link.role, link.scope_kind, link.scope_id, link.voice)
        .where(link.person_id == person_id, link.kind == LinkKind.INVITATION)
        .order_by(link.created_at.desc(), link.token_hash)
        .limit(1)
    ).one_or_none()
    if last is None:
        return None
    scope = Scope(ScopeKind(last.scope_kind), last.scope_id, last.voice)
    return make_link(LinkKind.INVITATION, person_id=person_id, role=Role(last.role), scope=scope, now=now)[0]


def _invitation_again(person: sa.Row[UUID, str, str | None, datetime], address: str) -> Message:
    return Message(
        to=person.email or "",
        subject="Your invitation",
        text=(
            f"Hello {person.name},\n\n"
            f"here is a new link to take up your invitation. It works once, within {_hours()}:\n\n"
            f"{address}\n"
        ),
    )


def _hours() -> str:
    return "an hour" if HOURS_VALID == 1 else f"{HOURS_VALID} hours"
