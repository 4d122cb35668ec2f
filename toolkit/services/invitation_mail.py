"""The message that brings an invitation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import Role, Scope, ScopeKind
from toolkit.mail.outbox import Message
from toolkit.services import jobs
from toolkit.services.invitations import Invitation, place_name
from toolkit.services.links import LinkKind, make_link
from toolkit.storage.db import db, transaction
from toolkit.storage.jobs import JobRecord
from toolkit.storage.people import CredentialRecord, PersonRecord

LETTER = "invitation_letter"  # the kind of job that sends an invitation

ROLE_WORDS = {
    Role.ADMINISTRATOR: "administrator",
    Role.EDITOR: "editor of checklists",
    Role.COORDINATOR: "coordinator",
    Role.FOCAL_POINT: "focal point",
    Role.COUNTRY_LEAD: "country lead",
    Role.CONTRIBUTOR: "contributor",
    Role.REVIEWER: "reviewer",
    Role.APPROVER: "approver",
    Role.READER: "reader",
    Role.DEPUTY: "deputy",
    Role.OBSERVER: "observer",
    Role.SPOKESPERSON: "spokesperson",
}


def invitation_message(invitation: Invitation, *, invited_by: str, public_url: str) -> Message:
    """What an invited person reads. The link works once, for an hour; the page it leads to offers a fresh one."""
    place = f" for {invitation.place}" if invitation.place else ""
    role = ROLE_WORDS[invitation.role]
    if invitation.has_account:
        what = f"You already have an account. Sign in here:\n\n{public_url}/sign-in\n"
    else:
        what = (
            "Choose a password here. The link works once, within an hour:\n\n"
            f"{public_url}/invitation/{invitation.token}\n\n"
            f"If it has expired, ask for a fresh one with this address: {public_url}/reset\n"
        )
    return Message(
        to=invitation.email,
        subject="You are invited to a self-assessment on decent work",
        text=f"Hello {invitation.name},\n\n{invited_by} invites you as {role}{place}.\n\n{what}",
    )


def invitation_letter(job_id: UUID, *, public_url: str, now: datetime) -> Message | None:
    """The message of an invitation's job; None when the account was shut or erased meanwhile."""
    with transaction() as session:
        payload = jobs.payload(job_id)
        person = session.execute(
            sa.select(PersonRecord.id, PersonRecord.name, PersonRecord.email, CredentialRecord.changed_at)
            .outerjoin(CredentialRecord, CredentialRecord.person_id == PersonRecord.id)
            .where(PersonRecord.id == UUID(payload["person"]), PersonRecord.disabled_at.is_(None))
        ).one_or_none()
        if person is None or person.email is None:
            return None
        role, scope = Role(payload["role"]), Scope(ScopeKind(payload["kind"]), payload["id"])
        token, expires_at, place = "", now, place_name(scope)
        if person.changed_at is None:
            token, expires_at = make_link(LinkKind.INVITATION, person_id=person.id, role=role, scope=scope, now=now)
        inviter = db.session.execute(
            sa.select(PersonRecord.name)
            .join(JobRecord, JobRecord.requested_by == PersonRecord.id)
            .where(JobRecord.id == job_id)
        ).scalar_one_or_none()
    found = Invitation(token, person.email, person.name, role, scope, place, expires_at, person.changed_at is not None)
    message = invitation_message(found, invited_by=inviter or "A colleague", public_url=public_url)
    return replace(message, id=str(job_id))
