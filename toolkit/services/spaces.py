"""Spaces: an organization's or a country's own area, and the organizations to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from toolkit.domain.access import Permission, Role, SpaceKind, permissions, space_scope
from toolkit.domain.assessment import Subject
from toolkit.domain.errors import InvalidInput, NotAllowed, NotFound, Problem
from toolkit.services.accounts import clean_line, clean_name, give_role, require, viewer_of
from toolkit.services.viewers import Viewer
from toolkit.storage.base import new_id
from toolkit.storage.db import db, reading, transaction
from toolkit.storage.organizations import Organization, kinds, packaged_organizations
from toolkit.storage.spaces import OrganizationRecord, SpaceRecord
from toolkit.storage.trail import append_to_accounts

MAX_NAME = 300


@dataclass(frozen=True, slots=True)
class Space:
    """A space, with what the viewer may do in it."""

    id: UUID
    name: str
    kind: SpaceKind
    country: str = ""
    organization: str = ""
    permissions: frozenset[Permission] = frozenset()


def create_space(
    name: str,
    kind: SpaceKind,
    country: str,
    organization: str,
    *,
    by: UUID,
    now: datetime,
    as_lead: bool = True,
    own_kind: str = "",
) -> UUID:
    """Make a space; with `as_lead` its maker becomes focal point (country lead in a country).

    `own_kind` says of which kind an organization is that is not in the list; it is added to those of the space.

    Raises NotAllowed, InvalidInput.
    """
    viewer = viewer_of(by, now=now)
    if not viewer.may(Permission.MANAGE_SPACES, now=now):
        raise NotAllowed("Only an administrator may make a space.")
    name = clean_name(name, max_chars=MAX_NAME)
    country = check_country(country)
    if kind is SpaceKind.COUNTRY and not country:
        raise InvalidInput("The space", (Problem("country", "Choose the country."),))
    if own_kind and own_kind not in kinds():
        raise InvalidInput("The space", (Problem("own_kind", "Choose a kind from the list."),))
    with transaction():
        space_id = add_space(name, kind, country, organization, now=now)
        if own_kind and not organization:
            add_own_organization(space_id, name, "", own_kind, now=now)
        append_to_accounts(db.session, "space_created", at=now, by=by, about=str(space_id))
        if as_lead:
            role = Role.COUNTRY_LEAD if kind is SpaceKind.COUNTRY else Role.FOCAL_POINT
            give_role(by, role, space_scope(space_id), by=by, now=now)
    return space_id


def add_space(
    name: str,
    kind: SpaceKind,
    country: str,
    organization: str,
    *,
    now: datetime,
    expires_at: datetime | None = None,
) -> UUID:
    """A new space, inside a unit of work; one that expires is a visitor's."""
    space_id = new_id()
    db.session.execute(
        sa.insert(SpaceRecord).values(
            id=space_id,
            name=name,
            kind=kind,
            country=country,
            organization=clean_line(organization, path="organization", max_chars=100),
            is_sandbox=expires_at is not None,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return space_id


def check_country(country: str) -> str:
    """An ISO 3166 alpha-2 code, or empty. Raises InvalidInput."""
    code = country.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise InvalidInput("The country", (Problem("country", "Choose a country from the list."),))
    return code


def spaces_for(viewer: Viewer, *, now: datetime) -> tuple[Space, ...]:
    """The spaces a viewer may see, by name. Administrators see all but those of visitors."""
    own = viewer.spaces_with(Permission.SEE_SPACE, now)
    wanted: sa.ColumnElement[bool] = SpaceRecord.id.in_(own)
    if viewer.may(Permission.MANAGE_SPACES, now=now):
        wanted = sa.or_(wanted, SpaceRecord.is_sandbox.is_(False))
    with reading() as session:
        rows = session.execute(_query().where(wanted).order_by(sa.func.lower(SpaceRecord.name), SpaceRecord.id)).all()
    return tuple(_space(row, viewer, now) for row in rows)


def every_space() -> tuple[Space, ...]:
    """Every space but those of visitors, by name, whoever asks: for the terminal."""
    row = SpaceRecord
    with reading() as session:
        rows = session.execute(_query().where(row.is_sandbox.is_(False)).order_by(row.name, row.id)).all()
    return tuple(Space(one.id, one.name, SpaceKind(one.kind), one.country, one.organization) for one in rows)


def space(space_id: UUID, *, viewer: Viewer, now: datetime) -> Space:
    """One space. Raises NotFound."""
    require(viewer, Permission.SEE_SPACE, space=space_id, now=now)
    with reading() as session:
        row = session.execute(_query().where(SpaceRecord.id == space_id)).one_or_none()
    if row is None:
        raise NotFound
    return _space(row, viewer, now)


def organizations(space_id: UUID | None = None) -> tuple[Organization, ...]:
    """The organizations that come with the program, then a space's own, by name."""
    packaged = packaged_organizations()
    if space_id is None:
        return packaged
    own = OrganizationRecord
    with reading() as session:
        rows = session.execute(
            sa.select(own.id, own.name, own.short, own.kind).where(own.space_id == space_id).order_by(own.name, own.id)
        ).all()
    added = (
        Organization(str(row.id), row.name, row.short, row.kind, kinds().get(row.kind, ""), True, space_id)
        for row in rows
    )
    return (*packaged, *added)


def organization_kinds() -> dict[str, str]:
    """Every kind of organization with its words."""
    return dict(kinds())


def kinds_of_subject(space: Space, subject: Subject) -> frozenset[str]:
    """Every kind of organization that a subject, or the organization it belongs to, is of.

    A space may name its organization from the list; otherwise names are compared, short or whole. Empty for an
    organization that is in no list.
    """
    names = {_plain(name) for name in (space.name, subject.name, subject.organization) if name.strip()}
    found: set[str] = set()
    for one in organizations(space.id):
        if one.id == space.organization or names & {_plain(one.name), _plain(one.short)}:
            found |= one.kinds
    return frozenset(found)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def add_organization(space_id: UUID, name: str, short: str, kind: str, *, viewer: Viewer, now: datetime) -> str:
    """Add an organization of a space's own: its id. Raises NotFound, NotAllowed, InvalidInput."""
    require(viewer, Permission.SEE_SPACE, space=space_id, now=now)
    if not viewer.may(Permission.START_ASSESSMENT, space=space_id, now=now):
        raise NotAllowed
    name = clean_name(name, max_chars=MAX_NAME)
    short = clean_line(short, path="short", max_chars=50)
    if kind not in organization_kinds():
        raise InvalidInput("The organization", (Problem("kind", "Choose a kind from the list."),))
    try:
        with transaction():
            return add_own_organization(space_id, name, short, kind, now=now)
    except IntegrityError:
        raise InvalidInput("The organization", (Problem("name", "This name is in the list already."),)) from None


def add_own_organization(space_id: UUID, name: str, short: str, kind: str, *, now: datetime) -> str:
    """An organization of a space's own, inside a unit of work: its id."""
    organization_id = new_id()
    values = {"id": organization_id, "space_id": space_id, "name": name, "short": short, "kind": kind}
    db.session.execute(sa.insert(OrganizationRecord).values(**values, created_at=now))
    return str(organization_id)


def _query() -> sa.Select[UUID, str, str, str, str]:
    row = SpaceRecord
    return sa.select(row.id, row.name, row.kind, row.country, row.organization)


def _space(row: sa.Row[UUID, str, str, str, str], viewer: Viewer, now: datetime) -> Space:
    allowed = permissions(viewer.grants, space=row.id, now=now)
    return Space(row.id, row.name, SpaceKind(row.kind), row.country, row.organization, allowed)
