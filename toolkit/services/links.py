"""One-time links: a random token for a message or a terminal, of which the database keeps only a hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import Role, Scope, ScopeKind
from toolkit.domain.errors import LinkExpired
from toolkit.storage.base import rows_changed
from toolkit.storage.db import db
from toolkit.storage.people import OneTimeLinkRecord

HOURS_VALID = 1


class LinkKind(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    RESET = "reset"
    SECOND_STEP = "second_step"  # the password was right; the code is awaited
    FIRST_ADMINISTRATOR = "first_administrator"


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link that still works."""

    person_id: UUID | None
    role: Role | None
    scope: Scope | None
    expires_at: datetime


def hash_token(token: str) -> str:
    """What the database keeps of a token. Tokens are long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_token() -> str:
    """A token of 256 random bits."""
    return secrets.token_urlsafe(32)


def make_link(
    kind: LinkKind,
    *,
    person_id: UUID | None = None,
    role: Role | None = None,
    scope: Scope | None = None,
    hours: float = HOURS_VALID,
    now: datetime,
) -> tuple[str, datetime]:
    """Make a link inside a unit of work: its token and when it expires. Earlier ones of the same kind end."""
    same = sa.and_(OneTimeLinkRecord.kind == kind, OneTimeLinkRecord.used_at.is_(None))
    owner = OneTimeLinkRecord.person_id.is_(None) if person_id is None else OneTimeLinkRecord.person_id == person_id
    db.session.execute(sa.update(OneTimeLinkRecord).where(same, owner).values(used_at=now))
    token, expires_at = new_token(), now + timedelta(hours=hours)
    db.session.execute(
        sa.insert(OneTimeLinkRecord).values(
            token_hash=hash_token(token),
            kind=kind,
            person_id=person_id,
            role=role or "",
            scope_kind=scope.kind if scope else "",
            scope_id=scope.id if scope else "",
            voice=scope.voice if scope else "",
            created_at=now,
            expires_at=expires_at,
        )
    )
    return token, expires_at


def find_link(token: str, kind: LinkKind, *, now: datetime) -> FoundLink:
    """The link of a token, if it still works. Raises LinkExpired."""
    link = OneTimeLinkRecord
    row = db.session.execute(
        sa.select(link.person_id, link.role, link.scope_kind, link.scope_id, link.voice, link.expires_at).where(
            link.token_hash == hash_token(token), link.kind == kind, link.used_at.is_(None), link.expires_at > now
        )
    ).one_or_none()
    if row is None:
        raise LinkExpired
    scope = Scope(ScopeKind(row.scope_kind), row.scope_id, row.voice) if row.scope_kind else None
    return FoundLink(row.person_id, Role(row.role) if row.role else None, scope, row.expires_at)


def use_link(token: str, kind: LinkKind, *, now: datetime) -> FoundLink:
    """Use a link up, inside a unit of work: of two at once, one succeeds. Raises LinkExpired."""
    found = find_link(token, kind, now=now)
    link = OneTimeLinkRecord
    used = db.session.execute(
        sa.update(link).where(link.token_hash == hash_token(token), link.used_at.is_(None)).values(used_at=now)
    )
    if rows_changed(used) != 1:
        raise LinkExpired
    return found
