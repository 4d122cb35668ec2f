"""Accounts: who there is, how they come in, and how they are let go. One door for the modules beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from toolkit.domain.access import Grant, Role, Scope
from toolkit.services.viewers import Viewer as Viewer


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation and the token of its link. With `has_account`, the invited person only needs to sign in."""

    token: str
    email: str
    name: str
    role: Role
    scope: Scope
    place: str  # the name of the space or the title of the assessment, empty for the site
    expires_at: datetime
    has_account: bool = False


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has begun: the token goes into the browser's cookie and is kept nowhere else."""

    token: str
    viewer: Viewer


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in a list. `state` is active, invited or disabled."""

    person_id: UUID
    name: str
    email: str
    state: str
    grants: tuple[Grant, ...]


def first_administrator_link(now: datetime) -> str | None:
    """The token of the one-time link that makes the first administrator; None once there is one.

    Each call makes the earlier link useless.
    """
    raise NotImplementedError


def create_first_administrator(token: str, *, name: str, email: str, password: str, now: datetime) -> Viewer:
    """Make the first administrator. Raises LinkExpired, InvalidInput."""
    raise NotImplementedError


def invite(*, email: str, name: str, role: Role, scope: Scope, by: UUID, now: datetime) -> Invitation:
    """Invite somebody to a role. Raises NotFound, NotAllowed, InvalidInput."""
    raise NotImplementedError


def invitation(token: str, *, now: datetime) -> Invitation:
    """What an invitation says. Raises LinkExpired."""
    raise NotImplementedError


def accept_invitation(token: str, *, name: str, password: str, now: datetime) -> Viewer:
    """Take up an invitation: the person gets a password. Raises LinkExpired, InvalidInput."""
    raise NotImplementedError


def sign_in(email: str, password: str, *, address: str, now: datetime) -> SignedIn:
    """Begin a session. Raises SignInRefused, TooManyTries."""
    raise NotImplementedError


def viewer_for(token: str, *, now: datetime) -> Viewer | None:
    """Who a session belongs to; None when it has ended."""
    raise NotImplementedError


def sign_out(token: str) -> None:
    """End a session."""
    raise NotImplementedError


def request_reset(email: str, *, address: str, now: datetime) -> UUID:
    """Ask for a link to set a new password: the id of the job that sends it, whoever asked. Raises TooManyTries."""
    raise NotImplementedError


def reset_password(token: str, password: str, *, now: datetime) -> Viewer:
    """Set a new password and end every session. Raises LinkExpired, InvalidInput."""
    raise NotImplementedError


def list_people(space: UUID | None, *, by: UUID, now: datetime) -> Sequence[PersonLine]:
    """The people of a space, or of the whole site (administrators). Raises NotFound."""
    raise NotImplementedError


def disable(person_id: UUID, *, by: UUID, now: datetime) -> None:
    """Shut an account and end its sessions. Raises NotFound, NotAllowed (the last administrator)."""
    raise NotImplementedError


def visitor(now: datetime, *, address: str) -> SignedIn:
    """A visitor with a space of their own for 24 hours. Raises SandboxFull, TooManyTries."""
    raise NotImplementedError
