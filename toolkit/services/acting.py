"""Acting for somebody: a deputy's grant with a first and a last day, which says for whom, and ends by itself.

Whoever acts does all in their own name. The two count as one person where nobody may approve their own work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from toolkit.config import time_zone
from toolkit.domain.access import Permission, Role, ScopeKind, space_scope
from toolkit.domain.acting import LEADS, MAX_ACTING, Period, acting_period, last_day
from toolkit.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, Problem
from toolkit.domain.handovers import local_day
from toolkit.services.accounts import require
from toolkit.services.viewers import Viewer
from toolkit.storage.base import new_id, rows_changed
from toolkit.storage.db import current_config, db, reading, transaction
from toolkit.storage.people import AccessGrantRecord, PersonRecord
from toolkit.storage.spaces import SpaceRecord
from toolkit.storage.trail import append_to_accounts


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody who acts for somebody in a space, or will, from one day to another."""

    grant_id: UUID
    person_id: UUID
    person_name: str
    for_id: UUID
    for_name: str
    space_name: str
    first_day: date
    last_day: date
    has_begun: bool


@dataclass(frozen=True, slots=True)
class ActingIn:
    """Who acts in a space, and who could: `leads` are those for whom, `people` those by whom, as (id, name)."""

    acting: tuple[Acting, ...]
    leads: tuple[tuple[UUID, str], ...]
    people: tuple[tuple[UUID, str], ...]


def acting_in(space_id: UUID, *, viewer: Viewer, now: datetime) -> ActingIn:
    """Who acts in a space now or later, and who could. Raises NotFound."""
    require(viewer, Permission.MANAGE_PEOPLE, space=space_id, now=now)
    with reading():
        found = _read(_in_space(space_id), now)
        people = _people(space_id, now)
    leads = tuple((one, name) for one, (name, roles) in people.items() if roles & LEADS)
    return ActingIn(found, leads, tuple((one, name) for one, (name, _) in people.items()))


def of_person(viewer: Viewer, *, now: datetime) -> tuple[Acting, ...]:
    """For whom somebody acts, and who acts for them, now or later."""
    grant = AccessGrantRecord
    with reading():
        return _read(sa.or_(grant.person_id == viewer.person_id, grant.for_id == viewer.person_id), now)


def begin(
    space_id: UUID, person_id: UUID, *, for_id: UUID, first: date, last: date, viewer: Viewer, now: datetime
) -> UUID:
    """Let somebody act for a lead of a space from a day to a day: the id of the grant.

    Raises NotFound, NotAllowed, InvalidInput.
    """
    if viewer.is_sandbox:
        raise NotAllowed("In the demo nobody else can act for you.")
    require(viewer, Permission.MANAGE_PEOPLE, space=space_id, now=now)
    period = acting_period(first, last, now=now, zone=time_zone(current_config()))
    with transaction() as session:
        # of two at once the second sees what the first did
        session.execute(sa.select(PersonRecord.id).where(PersonRecord.id == for_id).with_for_update())
        _check_people(space_id, person_id, for_id, now)
        _check_period(space_id, person_id, for_id, period, now)
        grant_id, scope = new_id(), space_scope(space_id)
        session.execute(
            sa.insert(AccessGrantRecord).values(
                id=grant_id,
                person_id=person_id,
                role=Role.DEPUTY,
                scope_kind=scope.kind,
                scope_id=scope.id,
                begins_at=period.begins_at,
                ends_at=period.ends_at,
                granted_by=viewer.person_id,
                for_id=for_id,
            )
        )
        details = {
            "grant": str(grant_id),
            "role": str(Role.DEPUTY),
            "scope": f"{scope.kind} {scope.id}",
            "for": str(for_id),
            "begins_at": period.begins_at.isoformat(),
            "ends_at": period.ends_at.isoformat(),
        }
        by = viewer.person_id
        append_to_accounts(db.session, "acting_begun", at=now, by=by, about=str(person_id), details=details)
    return grant_id


def end(space_id: UUID, grant_id: UUID, *, viewer: Viewer, now: datetime) -> None:
    """End it before its day. Raises NotFound, Conflict (it has ended)."""
    require(viewer, Permission.MANAGE_PEOPLE, space=space_id, now=now)
    grant = AccessGrantRecord
    with transaction() as session:
        this = sa.and_(grant.id == grant_id, _in_space(space_id), grant.for_id.is_not(None))
        if session.execute(sa.select(grant.id).where(this)).first() is None:
            raise NotFound
        if not _end(this, viewer.person_id, now):
            raise Conflict("This has ended already.")


def end_for(for_id: UUID, *, by: UUID | None, now: datetime, space_id: UUID | None = None) -> None:
    """Nobody acts any more for somebody whose own role, or account, has ended; inside a unit of work."""
    wanted = AccessGrantRecord.for_id == for_id
    _end(wanted if space_id is None else sa.and_(wanted, _in_space(space_id)), by, now)


def end_for_former_lead(person_id: UUID, space_id: UUID, *, by: UUID, now: datetime) -> None:
    """The same in one space, unless the person still leads it by another role; inside a unit of work."""
    if not _lead_grants(space_id, person_id, now):
        end_for(person_id, by=by, now=now, space_id=space_id)


def one_with(person_id: UUID, *, space: UUID, assessment: UUID, now: datetime) -> sa.Select[UUID]:
    """The ids of those who have acted for a person at a place, and of those for whom that person has.

    What has ended counts too: who answered does not change by that.
    """
    grant = AccessGrantRecord
    here = sa.or_(
        sa.and_(grant.scope_kind == ScopeKind.SPACE, grant.scope_id == str(space)),
        sa.and_(grant.scope_kind == ScopeKind.ASSESSMENT, grant.scope_id == str(assessment)),
    )
    began = sa.and_(grant.begins_at <= now, sa.or_(grant.ends_at.is_(None), grant.ends_at > grant.begins_at))
    other = sa.case((grant.person_id == person_id, grant.for_id), else_=grant.person_id)
    return sa.select(other).where(
        sa.or_(sa.and_(grant.person_id == person_id, grant.for_id.is_not(None)), grant.for_id == person_id), here, began
    )


def _end(wanted: sa.ColumnElement[bool], by: UUID | None, now: datetime) -> int:
    """End what acts and fits, with a link for each: how many."""
    grant = AccessGrantRecord
    open_now = sa.and_(wanted, grant.for_id.is_not(None), grant.ends_at > now)
    rows = db.session.execute(sa.select(grant.id, grant.person_id).where(open_now).order_by(grant.id)).all()
    ended = 0
    for row in rows:
        done = db.session.execute(sa.update(grant).where(grant.id == row.id, grant.ends_at > now).values(ends_at=now))
        if rows_changed(done) == 1:
            details = {"grant": str(row.id)}
            append_to_accounts(db.session, "acting_ended", at=now, by=by, about=str(row.person_id), details=details)
            ended += 1
    return ended


def _in_space(space_id: UUID) -> sa.ColumnElement[bool]:
    grant = AccessGrantRecord
    return sa.and_(grant.scope_kind == ScopeKind.SPACE, grant.scope_id == str(space_id))


def _people(space_id: UUID, now: datetime) -> dict[UUID, tuple[str, set[str]]]:
    """Those who have a role for the whole space now and whose account is open, with their roles, by name."""
    grant = AccessGrantRecord
    rows = db.session.execute(
        sa.select(PersonRecord.id, PersonRecord.name, grant.role)
        .join(grant, grant.person_id == PersonRecord.id)
        .where(
            _in_space(space_id),
            grant.begins_at <= now,
            sa.or_(grant.ends_at.is_(None), grant.ends_at > now),
            PersonRecord.disabled_at.is_(None),
            PersonRecord.is_sandbox.is_(False),
        )
        .order_by(sa.func.lower(PersonRecord.name), PersonRecord.id, grant.role)
    )
    found: dict[UUID, tuple[str, set[str]]] = {}
    for row in rows:
        found.setdefault(row.id, (row.name, set()))[1].add(row.role)
    return found


def _lead_grants(space_id: UUID, person_id: UUID, now: datetime) -> list[datetime | None]:
    """When the roles end by which somebody leads a space; None for one without an end."""
    grant = AccessGrantRecord
    query = sa.select(grant.ends_at).where(
        _in_space(space_id),
        grant.person_id == person_id,
        grant.role.in_(sorted(LEADS)),
        grant.begins_at <= now,
        sa.or_(grant.ends_at.is_(None), grant.ends_at > now),
    )
    return list(db.session.execute(query.order_by(grant.id)).scalars())


def _check_people(space_id: UUID, person_id: UUID, for_id: UUID, now: datetime) -> None:
    people = _people(space_id, now)
    problems = []
    if for_id not in people or not people[for_id][1] & LEADS:
        problems.append(Problem("lead", "Choose somebody who leads here."))
    if person_id not in people:
        problems.append(Problem("person", "Choose somebody from the list."))
    elif person_id == for_id:
        problems.append(Problem("person", "Nobody acts for themselves. Choose somebody else."))
    if problems:
        raise InvalidInput("The people", tuple(problems))


def _check_period(space_id: UUID, person_id: UUID, for_id: UUID, period: Period, now: datetime) -> None:
    """Nobody gives more than they have, nobody acts twice for the same person on a day, and not too many do."""
    own = _lead_grants(space_id, for_id, now)
    if not any(ends_at is None or ends_at >= period.ends_at for ends_at in own):
        raise InvalidInput("The days", (Problem("last_day", "The role of that person ends before this day."),))
    grant = AccessGrantRecord
    query = sa.select(grant.person_id, grant.begins_at, grant.ends_at).where(
        _in_space(space_id), grant.for_id == for_id, grant.ends_at > now
    )
    rows = db.session.execute(query.order_by(grant.begins_at, grant.id)).all()
    if len(rows) >= MAX_ACTING:
        message = f"At most {MAX_ACTING} are planned for one person at a time. End one of them first."
        raise InvalidInput("The people", (Problem("person", message),))
    overlaps = (row.begins_at < period.ends_at and row.ends_at > period.begins_at for row in rows)
    if any(here and row.person_id == person_id for here, row in zip(overlaps, rows, strict=True)):
        message = "This person acts on some of these days already. End that first, or choose other days."
        raise InvalidInput("The days", (Problem("first_day", message),))


def _read(wanted: sa.ColumnElement[bool], now: datetime) -> tuple[Acting, ...]:
    """Those who act and fit, now or later, by their first day: two queries at most."""
    grant, lead = AccessGrantRecord, aliased(PersonRecord)
    rows = db.session.execute(
        sa.select(
            grant.id,
            grant.person_id,
            PersonRecord.name.label("person_name"),
            grant.for_id,
            lead.name.label("for_name"),
            grant.scope_id,
            grant.begins_at,
            grant.ends_at,
        )
        .join(PersonRecord, PersonRecord.id == grant.person_id)
        .join(lead, lead.id == grant.for_id)
        .where(wanted, grant.ends_at > now)
        .order_by(grant.begins_at, grant.id)
    ).all()
    if not rows:
        return ()
    space = sa.select(SpaceRecord.id, SpaceRecord.name).where(SpaceRecord.id.in_({UUID(row.scope_id) for row in rows}))
    names = {one.id: one.name for one in db.session.execute(space.order_by(SpaceRecord.id))}
    zone = time_zone(current_config())
    return tuple(_acting(row, names[UUID(row.scope_id)], now, zone) for row in rows)


def _acting(row: Any, space_name: str, now: datetime, zone: tzinfo) -> Acting:
    return Acting(
        row.id,
        row.person_id,
        row.person_name,
        row.for_id,
        row.for_name,
        space_name,
        local_day(row.begins_at, zone),
        last_day(row.ends_at, zone),
        row.begins_at <= now,
    )
