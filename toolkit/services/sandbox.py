"""The demo without an account: each visitor has a space of their own for a day, in no list and no statistic."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import Role, ScopeKind, SpaceKind, space_scope
from toolkit.domain.errors import SandboxFull
from toolkit.services import rates
from toolkit.services.accounts import viewer_of
from toolkit.services.erasing import erase_assessment_here
from toolkit.services.sign_in import SignedIn, begin_session
from toolkit.services.spaces import add_space
from toolkit.storage.assessments import AssessmentRecord
from toolkit.storage.base import new_id
from toolkit.storage.db import current_config, db, reading, transaction
from toolkit.storage.people import AccessGrantRecord, PersonRecord
from toolkit.storage.spaces import SpaceRecord

HOURS = 24
NAME = "Visitor"
SPACE_NAME = "Your demo organization"


def visitor(now: datetime, *, address: str = "") -> SignedIn:
    """A visitor with a space of their own for 24 hours, signed in. Raises SandboxFull, TooManyTries."""
    if address:
        rates.count_try((rates.VISITOR_BY_ADDRESS, address), now=now)
    ends = now + timedelta(hours=HOURS)
    with transaction() as session:
        live = sa.select(sa.func.count()).select_from(PersonRecord).where(_is_live(now))
        if session.execute(live).scalar_one() >= current_config().number("SANDBOX_LIMIT"):
            raise SandboxFull
        person_id = new_id()
        values = {"id": person_id, "name": NAME, "is_sandbox": True, "created_at": now, "joined_at": now}
        session.execute(sa.insert(PersonRecord).values(**values, expires_at=ends))
        space_id = add_space(SPACE_NAME, SpaceKind.ORGANIZATION, "", "", now=now, expires_at=ends)
        session.execute(
            sa.insert(AccessGrantRecord).values(
                id=new_id(),
                person_id=person_id,
                role=Role.FOCAL_POINT,
                scope_kind=space_scope(space_id).kind,
                scope_id=space_scope(space_id).id,
                begins_at=now,
                ends_at=ends,
            )
        )
        token = begin_session(person_id, now=now, hours=HOURS)
        viewer = viewer_of(person_id, now=now)
    return SignedIn(token, viewer)


def sweep_visitors(*, now: datetime, limit: int = 50) -> int:
    """Erase visitors whose day is over, with all they made: how many."""
    with reading() as session:
        over = sa.and_(PersonRecord.is_sandbox.is_(True), PersonRecord.expires_at <= now)
        query = sa.select(PersonRecord.id).where(over).order_by(PersonRecord.expires_at, PersonRecord.id).limit(limit)
        people = list(session.execute(query).scalars())
    for person_id in people:
        with transaction():
            _erase(person_id)
    return len(people)


def _is_live(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(PersonRecord.is_sandbox.is_(True), PersonRecord.expires_at > now)


def _erase(person_id: UUID) -> None:
    session, grant = db.session, AccessGrantRecord
    spaces = [
        UUID(found)
        for found in session.execute(
            sa.select(grant.scope_id)
            .where(grant.person_id == person_id, grant.scope_kind == ScopeKind.SPACE)
            .order_by(grant.scope_id)
        ).scalars()
    ]
    for space_id in spaces:
        assessments = sa.select(AssessmentRecord.id).where(AssessmentRecord.space_id == space_id)
        for assessment_id in session.execute(assessments.order_by(AssessmentRecord.id)).scalars().all():
            erase_assessment_here(assessment_id)
        sandbox = sa.and_(SpaceRecord.id == space_id, SpaceRecord.is_sandbox.is_(True))
        session.execute(sa.delete(SpaceRecord).where(sandbox))
    session.execute(sa.delete(PersonRecord).where(PersonRecord.id == person_id))
