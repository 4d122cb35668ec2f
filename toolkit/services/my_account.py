"""One's own account: the sessions that are open, ending them, and a new password."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.errors import InvalidInput, NotFound, Problem
from toolkit.services import passwords, rates
from toolkit.services.accounts import email_key, end_sessions, set_password
from toolkit.services.links import hash_token
from toolkit.services.sign_in import begin_session
from toolkit.services.viewers import Viewer
from toolkit.storage.base import rows_changed
from toolkit.storage.db import current_config, db, reading, transaction
from toolkit.storage.people import CredentialRecord, LoginSessionRecord
from toolkit.storage.trail import append_to_accounts

LISTED = 50
_HANDLE = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class SessionLine:
    """An open session. `handle` names it for ending and opens nothing; `is_this` is the one that asks."""

    handle: str
    device: str
    begun_at: datetime
    seen_at: datetime
    is_this: bool


def open_sessions(viewer: Viewer, token: str | None, *, now: datetime) -> tuple[SessionLine, ...]:
    """The open sessions of a person: this one first, then the one last seen; the newest 50."""
    session, this = LoginSessionRecord, hash_token(token or "")
    idle = timedelta(minutes=current_config().number("SESSION_IDLE_MINUTES"))
    query = (
        sa.select(session.token_hash, session.device, session.begun_at, session.seen_at)
        .where(session.person_id == viewer.person_id, session.ends_at > now, session.seen_at > now - idle)
        .order_by((session.token_hash == this).desc(), session.seen_at.desc(), session.token_hash)
        .limit(LISTED)
    )
    with reading() as database:
        rows = database.execute(query).all()
    return tuple(
        SessionLine(row.token_hash, row.device, row.begun_at, row.seen_at, row.token_hash == this) for row in rows
    )


def end_session(handle: str, *, viewer: Viewer, now: datetime) -> None:
    """End one of one's own sessions. Raises NotFound for one that has ended, or is somebody else's."""
    session = LoginSessionRecord
    if not _HANDLE.fullmatch(handle):
        raise NotFound
    with transaction() as database:
        ended = database.execute(
            sa.delete(session).where(session.token_hash == handle, session.person_id == viewer.person_id)
        )
        if rows_changed(ended) != 1:
            raise NotFound
        append_to_accounts(db.session, "session_ended", at=now, by=viewer.person_id, about=str(viewer.person_id))


def sign_out_everywhere(viewer: Viewer, *, now: datetime) -> None:
    """End every session of a person, this one too."""
    with transaction():
        end_sessions(viewer.person_id)
        append_to_accounts(db.session, "sessions_ended", at=now, by=viewer.person_id, about=str(viewer.person_id))


def change_password(viewer: Viewer, current: str, new: str, *, address: str, device: str, now: datetime) -> str:
    """Set a new password, end every session, and begin this one anew: its token.

    Raises InvalidInput for a present password that does not fit or a new one that will not do, TooManyTries.
    """
    check_present(viewer, current, address=address, now=now)
    try:
        new = passwords.check_password(new, name=viewer.name, email=viewer.email)
    except InvalidInput as error:
        raise InvalidInput("The password", tuple(Problem("new", one.message) for one in error.problems)) from None
    with transaction():
        set_password(viewer.person_id, new, now=now)
        append_to_accounts(db.session, "password_set", at=now, by=viewer.person_id, about=str(viewer.person_id))
        return begin_session(viewer.person_id, now=now, device=device)


def check_present(viewer: Viewer, password: str, *, address: str, now: datetime) -> None:
    """Whether it is really they: their password once more. Raises InvalidInput, TooManyTries, as at sign-in."""
    by_name = (rates.SIGN_IN_BY_NAME, email_key(viewer.email))
    rates.count_try(by_name, (rates.SIGN_IN_BY_ADDRESS, address), now=now)
    if not passwords.matches(_hash_of(viewer.person_id), password):
        raise InvalidInput("Your password", (Problem("current", "This is not your present password."),))
    with transaction():
        rates.forget_tries(by_name)


def _hash_of(person_id: UUID) -> str | None:
    query = sa.select(CredentialRecord.password_hash).where(CredentialRecord.person_id == person_id)
    with reading() as session:
        return session.execute(query).scalar_one_or_none()
