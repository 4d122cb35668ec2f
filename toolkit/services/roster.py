"""Who there is: lists of people, roles that end, accounts that are shut and opened again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import Grant, Permission, Role, Scope, ScopeKind
from toolkit.domain.acting import LEADS
from toolkit.domain.errors import NotAllowed, NotFound
from toolkit.services import acting, second_factor
from toolkit.services.accounts import GRANT_COLUMNS, end_sessions, require, viewer_of
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import AssessmentRecord
from toolkit.storage.base import rows_changed
from toolkit.storage.db import db, reading, transaction
from toolkit.storage.people import AccessGrantRecord, CredentialRecord, OneTimeLinkRecord, PersonRecord
from toolkit.storage.trail import append_to_accounts


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """A grant with its id, by which it can be ended."""

    id: UUID
    grant: Grant


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in a list. `state` is active, invited, link (no account) or disabled.

    `grants` are those of the list's space, or all.
    """

    person_id: UUID
    name: str
    email: str
    state: str
    held: tuple[HeldGrant, ...]
    has_second_factor: bool = False

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The grants without their ids."""
        return tuple(one.grant for one in self.held)


def list_people(space: UUID | None, *, by: UUID, now: datetime) -> tuple[PersonLine, ...]:
    """The people with a role in a space, or everybody (administrators), by name. Visitors are never listed.

    Raises NotFound.
    """
    viewer = viewer_of(by, now=now)
    if space is None:
        require(viewer, Permission.ADMINISTER, now=now)
    else:
        require(viewer, Permission.SEE_SPACE, space=space, now=now)
    return everybody(space, now=now)


def everybody(space: UUID | None = None, *, now: datetime) -> tuple[PersonLine, ...]:
    """The same, whoever asks: for the terminal."""
    grant = AccessGrantRecord
    held = sa.and_(grant.person_id == PersonRecord.id, sa.or_(grant.ends_at.is_(None), grant.ends_at > now))
    if space is not None:
        held = sa.and_(held, within_space(space))
    query = (
        sa.select(
            PersonRecord.id,
            PersonRecord.name,
            PersonRecord.email,
            PersonRecord.joined_at,
            PersonRecord.disabled_at,
            PersonRecord.by_link,
            second_factor.in_force().label("second"),
            grant.id.label("grant_id"),
            *GRANT_COLUMNS,
        )
        .join(grant, held, isouter=space is None)
        .where(PersonRecord.is_sandbox.is_(False), PersonRecord.erased_at.is_(None))
        .order_by(sa.func.lower(PersonRecord.name), PersonRecord.id, grant.begins_at, grant.id)
    )
    with reading() as session:
        rows = session.execute(query).all()
    lines: dict[UUID, list[sa.Row[*tuple[Any, ...]]]] = {}
    for row in rows:
        lines.setdefault(row.id, []).append(row)
    return tuple(_line(rows) for rows in lines.values())


def end_grant(grant_id: UUID, *, by: UUID, now: datetime) -> None:
    """End a role that somebody holds. Raises NotFound, NotAllowed (the last administrator)."""
    viewer = viewer_of(by, now=now)
    with transaction() as session:
        row = session.execute(
            sa.select(AccessGrantRecord.person_id, *GRANT_COLUMNS).where(
                AccessGrantRecord.id == grant_id,
                sa.or_(AccessGrantRecord.ends_at.is_(None), AccessGrantRecord.ends_at > now),
            )
        ).one_or_none()
        if row is None or not viewer.may(
            Permission.MANAGE_PEOPLE, space=_space_of(Scope(ScopeKind(row.scope_kind), row.scope_id)), now=now
        ):
            raise NotFound
        if row.role == Role.ADMINISTRATOR:
            keep_an_administrator(row.person_id, now)
        ended = session.execute(
            sa.update(AccessGrantRecord).where(AccessGrantRecord.id == grant_id).values(ends_at=now)
        )
        if rows_changed(ended) != 1:
            raise NotFound
        details = {"grant": str(grant_id)}
        append_to_accounts(db.session, "grant_ended", at=now, by=by, about=str(row.person_id), details=details)
        if row.role in LEADS and row.scope_kind == ScopeKind.SPACE:
            acting.end_for_former_lead(row.person_id, UUID(row.scope_id), by=by, now=now)


def disable(person_id: UUID, *, by: UUID, now: datetime) -> None:
    """Shut an account; its sessions end, and nobody acts for it any more.

    Raises NotFound, NotAllowed (the last administrator).
    """
    _administrator(by, now)
    disable_here(person_id, by=by, now=now)


def disable_here(person_id: UUID, *, by: UUID | None, now: datetime) -> None:
    """The same from the terminal, where whoever may type is an administrator."""
    with transaction() as session:
        keep_an_administrator(person_id, now)
        shut = session.execute(
            sa.update(PersonRecord)
            .where(PersonRecord.id == person_id, PersonRecord.disabled_at.is_(None))
            .values(disabled_at=now)
        )
        if rows_changed(shut) != 1:
            raise NotFound
        end_sessions(person_id)
        session.execute(
            sa.update(OneTimeLinkRecord)
            .where(OneTimeLinkRecord.person_id == person_id, OneTimeLinkRecord.used_at.is_(None))
            .values(used_at=now)
        )
        acting.end_for(person_id, by=by, now=now)
        append_to_accounts(db.session, "disabled", at=now, by=by, about=str(person_id))


def enable(person_id: UUID, *, by: UUID, now: datetime) -> None:
    """Open a shut account again. Raises NotFound."""
    _administrator(by, now)
    enable_here(person_id, by=by, now=now)


def enable_here(person_id: UUID, *, by: UUID | None, now: datetime) -> None:
    """The same from the terminal."""
    with transaction() as session:
        opened = session.execute(
            sa.update(PersonRecord)
            .where(
                PersonRecord.id == person_id, PersonRecord.disabled_at.is_not(None), PersonRecord.erased_at.is_(None)
            )
            .values(disabled_at=None)
        )
        if rows_changed(opened) != 1:
            raise NotFound
        append_to_accounts(db.session, "enabled", at=now, by=by, about=str(person_id))


def person_by_email(email_key: str) -> UUID:
    """The person with an address, as it is compared. Raises NotFound."""
    with reading() as session:
        query = sa.select(PersonRecord.id).where(PersonRecord.email_key == email_key)
        found = session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("Nobody has this e-mail address.")
    return found


def _administrator(by: UUID, now: datetime) -> Viewer:
    viewer = viewer_of(by, now=now)
    require(viewer, Permission.ADMINISTER, now=now)
    return viewer


def keep_an_administrator(person_id: UUID, now: datetime) -> None:
    """Raise NotAllowed when nobody else who can sign in would be an administrator."""
    grant = AccessGrantRecord
    administrators = set(
        db.session.execute(
            sa.select(grant.person_id)
            .join(PersonRecord, PersonRecord.id == grant.person_id)
            .join(CredentialRecord, CredentialRecord.person_id == grant.person_id)
            .where(
                grant.role == Role.ADMINISTRATOR,
                sa.or_(grant.ends_at.is_(None), grant.ends_at > now),
                PersonRecord.disabled_at.is_(None),
            )
            .order_by(grant.person_id)
            .with_for_update(of=PersonRecord)
        ).scalars()
    )
    if administrators == {person_id}:
        raise NotAllowed("This is the last administrator. Make somebody else administrator first.")


def within_space(space: UUID) -> sa.ColumnElement[bool]:
    """Grants for a space, or for an assessment or a part of one in it."""
    grant = AccessGrantRecord
    within = sa.select(AssessmentRecord.id).where(AssessmentRecord.space_id == space)
    whole = sa.and_(grant.scope_kind == ScopeKind.SPACE, grant.scope_id == str(space))
    ids = [str(found) for found in db.session.execute(within.order_by(AssessmentRecord.id)).scalars()]
    parts = sa.and_(
        grant.scope_kind.in_([ScopeKind.ASSESSMENT, ScopeKind.THEME, ScopeKind.QUESTION, ScopeKind.VOICE]),
        sa.func.substr(grant.scope_id, 1, 36).in_(ids),
    )
    return sa.or_(whole, parts)


def _space_of(scope: Scope) -> UUID | None:
    if scope.kind is ScopeKind.SPACE:
        return UUID(scope.id)
    if not scope.assessment:
        return None
    query = sa.select(AssessmentRecord.space_id).where(AssessmentRecord.id == UUID(scope.assessment))
    return db.session.execute(query).scalar_one_or_none()


def _line(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> PersonLine:
    first = rows[0]
    state = "disabled" if first.disabled_at else "active" if first.joined_at else "invited"
    if first.by_link and state == "invited":
        state = "link"
    held = tuple(
        HeldGrant(
            row.grant_id,
            Grant(
                Role(row.role), Scope(ScopeKind(row.scope_kind), row.scope_id, row.voice), row.begins_at, row.ends_at
            ),
        )
        for row in rows
        if row.grant_id is not None
    )
    return PersonLine(first.id, first.name, first.email or "", state, held, bool(first.second))
