"""How people come in: the first administrator by a link from the terminal, everybody else by invitation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from toolkit.domain.access import GRANTABLE_IN_SPACE, ROLE_SCOPES, SITE, Permission, Role, Scope, ScopeKind
from toolkit.domain.errors import InvalidInput, LinkExpired, NotAllowed, NotFound, Problem
from toolkit.services.accounts import (
    add_person,
    clean_email,
    clean_name,
    email_key,
    give_role,
    set_password,
    viewer_of,
)
from toolkit.services.links import LinkKind, find_link, make_link, use_link
from toolkit.services.passwords import check_password
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import AssessmentRecord
from toolkit.storage.base import UtcTime, rows_changed
from toolkit.storage.db import db, reading, transaction
from toolkit.storage.people import AccessGrantRecord, CredentialRecord, PersonRecord
from toolkit.storage.spaces import SpaceRecord
from toolkit.storage.trail import ACCOUNTS, TrailLinkRecord, append_to_accounts

FIRST_LINK_HOURS = 24


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation and the token of its link. With `has_account`, the invited person only needs to sign in.

    The link opens the account with all that its owner may do, so only whoever brought that person in sees it.
    """

    token: str
    email: str
    name: str
    role: Role
    scope: Scope
    place: str  # the name of the space or the title of the assessment, empty for the site
    expires_at: datetime
    has_account: bool = False
    may_pass_on: bool = True  # whether the inviter made this person known to the site


def first_administrator_link(now: datetime) -> str | None:
    """The token of the one-time link that makes the first administrator; None once there is one.

    Each call makes the earlier link useless.
    """
    with transaction():
        if _has_administrator():
            return None
        token, _ = make_link(LinkKind.FIRST_ADMINISTRATOR, hours=FIRST_LINK_HOURS, now=now)
    return token


def create_first_administrator(token: str, *, name: str, email: str, password: str, now: datetime) -> Viewer:
    """Make the first administrator. Raises LinkExpired, InvalidInput."""
    with reading():
        find_link(token, LinkKind.FIRST_ADMINISTRATOR, now=now)
    name, email = clean_name(name), clean_email(email)
    password = check_password(password, name=name, email=email)
    with transaction():
        use_link(token, LinkKind.FIRST_ADMINISTRATOR, now=now)
        if _has_administrator():
            raise LinkExpired
        person_id = person_by_email(email) or add_person(name, email, now=now, joined=True)
        set_password(person_id, password, now=now)
        _join(person_id, name, now)
        append_to_accounts(db.session, "first_administrator", at=now, by=person_id, about=str(person_id))
        give_role(person_id, Role.ADMINISTRATOR, SITE, by=person_id, now=now)
    return viewer_of(person_id, now=now)


def invite(*, email: str, name: str, role: Role, scope: Scope, by: UUID, now: datetime) -> Invitation:
    """Invite somebody to a role: they hold it from now on, and the link lets them set a password.

    Somebody who has an account gets the role too, and only needs to sign in. Raises NotFound, NotAllowed, InvalidInput.
    """
    inviter = viewer_of(by, now=now)
    return _invite(inviter, clean_email(email), clean_name(name), role, scope, now)


def invite_here(*, email: str, name: str, role: Role, scope: Scope, now: datetime) -> Invitation:
    """The same from the terminal, where whoever may type is an administrator."""
    return _invite(None, clean_email(email), clean_name(name), role, scope, now)


def _invite(inviter: Viewer | None, email: str, name: str, role: Role, scope: Scope, now: datetime) -> Invitation:
    by = inviter.person_id if inviter else None
    try:
        with transaction():
            if inviter is not None:
                _may_invite(inviter, role, scope, now)
            place = _place_for(role, scope)
            person_id = person_by_email(email)
            if person_id is None:
                person_id = add_person(name, email, now=now, joined=False)
                append_to_accounts(db.session, "invited", at=now, by=by, about=str(person_id))
            else:
                _is_to_have_an_account(person_id)
            give_role(person_id, role, scope, by=by, now=now)
            has_account = _has_password(person_id)
            may_pass_on = by is None or person_id in brought_in(by, {person_id})
            token, expires_at = make_link(LinkKind.INVITATION, person_id=person_id, role=role, scope=scope, now=now)
    except IntegrityError:  # somebody else invited the same person in this moment
        return _invite(inviter, email, name, role, scope, now)
    return Invitation(token, email, name, role, scope, place, expires_at, has_account, may_pass_on)


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """Somebody who is to take part: `is_new` where they were not known to the site before."""

    person_id: UUID
    is_new: bool


def bring_in(name: str, email: str, *, space: UUID, viewer: Viewer, now: datetime) -> BroughtIn:
    """The person with an address, made where there is none, inside a unit of work; without any role yet.

    Raises NotAllowed, InvalidInput.
    """
    if viewer.is_sandbox:
        raise NotAllowed("In the demo nobody else can be invited.")
    if not viewer.may(Permission.MANAGE_PEOPLE, space=space, now=now):
        raise NotAllowed("You may not invite people here.")
    name, email = clean_name(name), clean_email(email)
    found = person_by_email(email)
    if found is not None:
        _is_to_have_an_account(found)
        return BroughtIn(found, is_new=False)
    person_id = add_person(name, email, now=now, joined=False)
    append_to_accounts(db.session, "invited", at=now, by=viewer.person_id, about=str(person_id))
    return BroughtIn(person_id, is_new=True)


def invitation(token: str, *, now: datetime) -> Invitation:
    """What an invitation says. Raises LinkExpired."""
    with reading() as session:
        link = find_link(token, LinkKind.INVITATION, now=now)
        person = session.execute(
            sa.select(PersonRecord.name, PersonRecord.email).where(
                PersonRecord.id == link.person_id, PersonRecord.disabled_at.is_(None)
            )
        ).one_or_none()
        if person is None or link.person_id is None or link.role is None or link.scope is None:
            raise LinkExpired
        place = place_name(link.scope)
        has_account = _has_password(link.person_id)
    return Invitation(
        token, person.email or "", person.name, link.role, link.scope, place, link.expires_at, has_account
    )


def accept_invitation(token: str, *, name: str, password: str, now: datetime) -> Viewer:
    """Take up an invitation: the person gets a name and a password. Raises LinkExpired, InvalidInput.

    Whoever has an account keeps name and password: the link of an invitation changes neither.
    """
    found = invitation(token, now=now)
    if found.has_account:
        raise LinkExpired
    name = clean_name(name)
    password = check_password(password, name=name, email=found.email)
    with transaction():
        person_id = use_link(token, LinkKind.INVITATION, now=now).person_id
        if person_id is None or _has_password(person_id):
            raise LinkExpired
        set_password(person_id, password, now=now)
        if not _join(person_id, name, now):
            raise LinkExpired
        append_to_accounts(db.session, "joined", at=now, by=person_id, about=str(person_id))
    return viewer_of(person_id, now=now)


def place_name(scope: Scope) -> str:
    """The name of the space or the title of the assessment that a scope is in; empty for the site.

    Raises NotFound when it is not there.
    """
    if scope.kind in {ScopeKind.SITE, ScopeKind.ROUND}:
        return ""
    if scope.kind is ScopeKind.SPACE:
        found = db.session.execute(sa.select(SpaceRecord.name).where(SpaceRecord.id == _uuid(scope.id)))
    else:
        query = sa.select(AssessmentRecord.title).where(AssessmentRecord.id == _uuid(scope.assessment))
        found = db.session.execute(query)
    name = found.scalar_one_or_none()
    if name is None:
        raise NotFound
    return str(name)


def _may_invite(inviter: Viewer, role: Role, scope: Scope, now: datetime) -> None:
    """Raise NotFound or NotAllowed unless the inviter may give this role there."""
    if inviter.is_sandbox:
        raise NotAllowed("In the demo nobody else can be invited.")
    space = None
    if scope.kind is ScopeKind.SPACE:
        space = _uuid(scope.id)
    elif scope.assessment:
        query = sa.select(AssessmentRecord.space_id).where(AssessmentRecord.id == _uuid(scope.assessment))
        space = db.session.execute(query).scalar_one_or_none()
        if space is None:
            raise NotFound
    if not inviter.may(Permission.MANAGE_PEOPLE, space=space, now=now):
        seen = space is not None and inviter.may(Permission.SEE_SPACE, space=space, now=now)
        raise NotAllowed("You may not invite people here.") if seen else NotFound
    if role not in GRANTABLE_IN_SPACE and not inviter.may(Permission.ADMINISTER, now=now):
        raise NotAllowed("Only an administrator may give this role.")


def _place_for(role: Role, scope: Scope) -> str:
    """The name of the place where a role is to hold. Raises NotFound, InvalidInput when it cannot be held there."""
    if scope.kind not in ROLE_SCOPES[role]:
        raise InvalidInput("The role", (Problem("role", "This role cannot be held here."),))
    return place_name(scope)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _has_administrator() -> bool:
    grant = AccessGrantRecord
    query = (
        sa.select(grant.id)
        .join(PersonRecord, PersonRecord.id == grant.person_id)
        .where(grant.role == Role.ADMINISTRATOR, grant.ends_at.is_(None), PersonRecord.disabled_at.is_(None))
    )
    return db.session.execute(query.limit(1)).first() is not None


def person_by_email(email: str) -> UUID | None:
    query = sa.select(PersonRecord.id).where(PersonRecord.email_key == email_key(email))
    return db.session.execute(query).scalar_one_or_none()


def brought_in(by: UUID, people: set[UUID]) -> set[UUID]:
    """Those among some people whom this one made known to the site; inside a unit of work."""
    link = TrailLinkRecord
    rows = db.session.execute(
        sa.select(link.about).where(
            link.chain_id == ACCOUNTS,
            link.kind == "invited",
            link.by_id == str(by),
            link.about.in_(sorted(str(one) for one in people)),
        )
    ).scalars()
    return {UUID(found) for found in rows}


def _is_to_have_an_account(person_id: UUID) -> None:
    """Somebody who came by a personal link alone so far is invited from now on like everybody else."""
    db.session.execute(sa.update(PersonRecord).where(PersonRecord.id == person_id).values(by_link=False))


def _has_password(person_id: UUID) -> bool:
    query = sa.select(CredentialRecord.person_id).where(CredentialRecord.person_id == person_id)
    return db.session.execute(query).first() is not None


def _join(person_id: UUID, name: str, now: datetime) -> bool:
    person = PersonRecord
    joined_at = sa.func.coalesce(person.joined_at, sa.literal(now, UtcTime()))
    joined = db.session.execute(
        sa.update(person)
        .where(person.id == person_id, person.disabled_at.is_(None))
        .values(name=name, joined_at=joined_at)
    )
    return rows_changed(joined) == 1
