"""Signing in and out. Sessions live on the server, and end by time, by hand, or all at once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.errors import CannotSaveNow, CodeRefused, LinkExpired, NotFound, SignInRefused
from toolkit.services import passwords, rates, second_factor
from toolkit.services.accounts import GRANT_COLUMNS, email_key, grants_of, in_force, viewer_of
from toolkit.services.links import LinkKind, find_link, hash_token, make_link, new_token, use_link
from toolkit.services.viewers import ByLink, Viewer
from toolkit.storage.base import UtcTime
from toolkit.storage.db import current_config, db, reading, transaction
from toolkit.storage.handovers import HandoverPartRecord, HandoverRecord, PersonalLinkRecord
from toolkit.storage.people import AccessGrantRecord, CredentialRecord, LoginSessionRecord, PersonRecord

STEP_HOURS = 1 / 6  # between the password and the code
TOUCH_SECONDS = 60  # how exactly the time of the last request is kept


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has begun: the token goes into the browser's cookie and is kept nowhere else."""

    token: str
    viewer: Viewer


@dataclass(frozen=True, slots=True)
class SecondStep:
    """The password was right and a code is awaited: the token, for ten minutes, is all that the browser gets."""

    token: str


def sign_in(email: str, password: str, *, address: str, device: str = "", now: datetime) -> SignedIn | SecondStep:
    """Begin a session, or ask for a code where the person has a second step.

    Raises SignInRefused, TooManyTries; a known name takes as long as an unknown one.
    """
    name = email_key(email)
    by_name = (rates.SIGN_IN_BY_NAME, name)
    rates.count_try(by_name, (rates.SIGN_IN_BY_ADDRESS, address), now=now)
    with reading() as session:
        found = session.execute(
            sa.select(PersonRecord.id, CredentialRecord.password_hash, second_factor.in_force().label("second"))
            .join(CredentialRecord, CredentialRecord.person_id == PersonRecord.id)
            .where(PersonRecord.email_key == name, PersonRecord.disabled_at.is_(None))
        ).one_or_none()
    if not passwords.matches(found.password_hash if found else None, password) or found is None:
        raise SignInRefused
    with transaction():
        try:
            viewer = viewer_of(found.id, now=now)
        except NotFound:  # disabled a moment ago
            raise SignInRefused from None
        rates.forget_tries(by_name)
        if passwords.is_outdated(found.password_hash):
            renewed = passwords.hash_password(passwords.normalized(password))
            db.session.execute(
                sa.update(CredentialRecord)
                .where(CredentialRecord.person_id == found.id, CredentialRecord.password_hash == found.password_hash)
                .values(password_hash=renewed)
            )
        if found.second:
            return SecondStep(make_link(LinkKind.SECOND_STEP, person_id=found.id, hours=STEP_HOURS, now=now)[0])
        token = begin_session(found.id, now=now, device=device)
    return SignedIn(token, viewer)


def sign_in_with_code(token: str, code: str, *, address: str, device: str = "", now: datetime) -> SignedIn:
    """Begin a session with the second step. Raises LinkExpired when the first is too long ago, SignInRefused (a code
    that does not fit, or was used), TooManyTries.
    """
    with reading():
        owner = find_link(token, LinkKind.SECOND_STEP, now=now).person_id
    if owner is None:
        raise LinkExpired
    by_name = (rates.CODE_BY_NAME, str(owner))
    rates.count_try(by_name, (rates.CODE_BY_ADDRESS, address), now=now)
    with transaction():
        viewer = viewer_of(owner, now=now)
        if not second_factor.accept(owner, code, now=now):
            raise CodeRefused
        use_link(token, LinkKind.SECOND_STEP, now=now)
        rates.forget_tries(by_name)
        return SignedIn(begin_session(owner, now=now, device=device), viewer)


def begin_session(
    person_id: UUID,
    *,
    now: datetime,
    hours: int | None = None,
    device: str = "",
    link_id: UUID | None = None,
    until: datetime | None = None,
) -> str:
    """Begin a session, inside a unit of work: its token. With `link_id` it is limited to a personal link."""
    token = new_token()
    ends_at = now + timedelta(hours=hours or current_config().number("SESSION_HOURS"))
    db.session.execute(
        sa.insert(LoginSessionRecord).values(
            token_hash=hash_token(token),
            person_id=person_id,
            begun_at=now,
            seen_at=now,
            ends_at=min(ends_at, until) if until else ends_at,
            device=device[:60],
            link_id=link_id,
        )
    )
    return token


def _whose_session() -> sa.Select[*tuple[Any, ...]]:
    session, now = LoginSessionRecord, sa.bindparam("now", type_=UtcTime())
    person, link, handed, part = PersonRecord, PersonalLinkRecord, HandoverRecord, HandoverPartRecord
    no_link = session.link_id.is_(None)
    link_works = sa.and_(link.revoked_at.is_(None), link.expires_at > now, handed.ended_at.is_(None))
    of_link = AccessGrantRecord.id.in_(sa.select(part.grant_id).where(part.handover_id == handed.id))
    return (
        sa.select(
            person.id,
            person.name,
            person.email,
            person.is_sandbox,
            session.seen_at,
            second_factor.in_force().label("second"),
            handed.id.label("handover_id"),
            handed.assessment_id,
            handed.voice_id,
            *GRANT_COLUMNS,
        )
        .select_from(session)
        .join(person, person.id == session.person_id)
        .outerjoin(link, link.id == session.link_id)
        .outerjoin(handed, handed.id == link.handover_id)
        .outerjoin(AccessGrantRecord, sa.and_(in_force(now), sa.or_(no_link, of_link)))
        .where(
            sa.or_(no_link, link_works),
            session.token_hash == sa.bindparam("token_hash"),
            session.ends_at > now,
            session.seen_at > sa.bindparam("seen_after", type_=UtcTime()),
            person.disabled_at.is_(None),
            sa.or_(person.expires_at.is_(None), person.expires_at > now),
        )
        .order_by(AccessGrantRecord.begins_at, AccessGrantRecord.id)
    )


_WHOSE_SESSION = _whose_session()  # put together once: every request asks it


def viewer_for(token: str, *, now: datetime, by_itself: bool = False) -> Viewer | None:
    """Who a session belongs to; None when it has ended. One query.

    What a page asks `by_itself`, with nobody at it, does not keep the session from ending when idle.
    """
    idle = timedelta(minutes=current_config().number("SESSION_IDLE_MINUTES"))
    with reading() as session:
        rows = session.execute(
            _WHOSE_SESSION, {"token_hash": hash_token(token), "now": now, "seen_after": now - idle}
        ).all()
    if not rows:
        return None
    first = rows[0]
    if not by_itself and now - first.seen_at >= timedelta(seconds=TOUCH_SECONDS):
        with suppress(CannotSaveNow):  # a page can be read all the same
            _touch(token, now)
    link = ByLink(first.handover_id, first.assessment_id, first.voice_id) if first.handover_id else None
    return Viewer(first.id, first.name, first.email or "", grants_of(rows), first.is_sandbox, bool(first.second), link)


def _touch(token: str, now: datetime) -> None:
    with transaction() as session:
        session.execute(
            sa.update(LoginSessionRecord)
            .where(LoginSessionRecord.token_hash == hash_token(token), LoginSessionRecord.seen_at < now)
            .values(seen_at=now)
        )


def sign_out(token: str) -> None:
    """End a session; one that has ended already is no error."""
    with transaction() as session:
        session.execute(sa.delete(LoginSessionRecord).where(LoginSessionRecord.token_hash == hash_token(token)))
