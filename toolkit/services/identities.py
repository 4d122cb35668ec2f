"""Signing in by a provider's word: which account it is for, and linking the two.

Nobody gets an account by this: the first time, the provider must vouch for the e-mail address of somebody who was
invited. From then on the provider's own name for that person counts, whatever their address becomes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.errors import NotAllowed, SignInRefused, ToolkitError
from toolkit.identity.provider import Identity
from toolkit.services import rates, second_factor
from toolkit.services.accounts import email_key, viewer_of
from toolkit.services.links import LinkKind, make_link
from toolkit.services.sign_in import STEP_HOURS, SecondStep, SignedIn, begin_session
from toolkit.services.viewers import Viewer
from toolkit.storage.base import UtcTime, insert_for, rows_changed
from toolkit.storage.db import current_config, db, reading, transaction
from toolkit.storage.people import CredentialRecord, IdentityRecord, PersonRecord
from toolkit.storage.trail import append_to_accounts


class NoAccount(SignInRefused):
    """Nobody here goes by that identity; whether the address is known is not said."""

    def __init__(self) -> None:
        ToolkitError.__init__(
            self,
            "You are known there, but there is no account for you here. Ask your organization’s focal point or the "
            "administrator of this site for an invitation to the same e-mail address.",
        )


@dataclass(frozen=True, slots=True)
class Linked:
    """That an account can be opened by the provider's word; `may_unlink` where a password opens it too."""

    linked_at: datetime
    may_unlink: bool


def sign_in_by(identity: Identity, *, address: str, device: str = "", now: datetime) -> SignedIn | SecondStep:
    """Begin a session, or ask for a code where the person has a second step of ours.

    The code is not asked where the provider says that it took a second step itself, in a way that OIDC_SECOND_STEP
    names. Raises SignInRefused, TooManyTries.
    """
    by_name = (rates.SIGN_IN_BY_NAME, f"{identity.issuer} {identity.subject}"[:300])
    rates.count_try(by_name, (rates.SIGN_IN_BY_ADDRESS, address), now=now)
    with transaction():
        person_id = _known(identity) or _link(identity, now)
        if person_id is None:
            raise NoAccount
        viewer = viewer_of(person_id, now=now)
        rates.forget_tries(by_name)
        if _asks_for_code(person_id, identity):
            return SecondStep(make_link(LinkKind.SECOND_STEP, person_id=person_id, hours=STEP_HOURS, now=now)[0])
        return SignedIn(begin_session(person_id, now=now, device=device), viewer)


def linked(viewer: Viewer) -> Linked | None:
    """Whether a person's account is linked with a provider."""
    row, credential = IdentityRecord, CredentialRecord
    with reading() as session:
        found = session.execute(
            sa.select(row.linked_at, credential.person_id.label("password"))
            .outerjoin(credential, credential.person_id == row.person_id)
            .where(row.person_id == viewer.person_id)
            .order_by(row.linked_at)
        ).first()
    return Linked(found.linked_at, found.password is not None) if found else None


def unlink(viewer: Viewer, *, now: datetime) -> None:
    """Take the link away. Raises NotAllowed where no password would open the account any more."""
    with transaction() as session:
        has_password = sa.select(CredentialRecord.person_id).where(CredentialRecord.person_id == viewer.person_id)
        if session.execute(has_password).first() is None:
            raise NotAllowed("Choose a password first: without the link nothing else would open your account.")
        gone = session.execute(sa.delete(IdentityRecord).where(IdentityRecord.person_id == viewer.person_id))
        if rows_changed(gone):
            append_to_accounts(session, "identity_unlinked", at=now, by=viewer.person_id, about=str(viewer.person_id))


def _known(identity: Identity) -> UUID | None:
    """The person whom the provider named before."""
    row, person = IdentityRecord, PersonRecord
    found: UUID | None = db.session.execute(
        sa.select(person.id)
        .join(row, row.person_id == person.id)
        .where(row.issuer == identity.issuer, row.subject == identity.subject, _is_open())
    ).scalar_one_or_none()
    return found


def _link(identity: Identity, now: datetime) -> UUID | None:
    """Link somebody for whose address the provider vouches, and who is not linked yet: their id."""
    if not identity.is_email_verified or not identity.email:
        return None
    person, row = PersonRecord, IdentityRecord
    person_id: UUID | None = db.session.execute(
        sa.select(person.id).where(person.email_key == email_key(identity.email), _is_open())
    ).scalar_one_or_none()
    if person_id is None:
        return None
    values = {"person_id": person_id, "issuer": identity.issuer, "subject": identity.subject, "linked_at": now}
    made = db.session.execute(insert_for(db.session)(row).values(**values).on_conflict_do_nothing())
    if rows_changed(made) != 1:  # the account is linked with another identity already
        return None
    joined_at = sa.func.coalesce(person.joined_at, sa.literal(now, UtcTime()))
    db.session.execute(sa.update(person).where(person.id == person_id).values(joined_at=joined_at))
    append_to_accounts(db.session, "identity_linked", at=now, by=person_id, about=str(person_id))
    return person_id


def _is_open() -> sa.ColumnElement[bool]:
    person = PersonRecord
    with_account = sa.and_(person.is_sandbox.is_(False), person.by_link.is_(False))
    return sa.and_(person.disabled_at.is_(None), person.erased_at.is_(None), with_account)


def _asks_for_code(person_id: UUID, identity: Identity) -> bool:
    accepted = {one.strip() for one in current_config().text("OIDC_SECOND_STEP").split(",") if one.strip()}
    if accepted.intersection(identity.methods):
        return False
    query = sa.select(second_factor.in_force()).select_from(PersonRecord).where(PersonRecord.id == person_id)
    return bool(db.session.execute(query).scalar_one())
