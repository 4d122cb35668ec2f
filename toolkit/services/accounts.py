"""What the modules about people share: looking a person up, making one, giving a role, setting a password."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import Grant, Permission, Role, Scope, ScopeKind
from toolkit.domain.errors import InvalidInput, NotFound, Problem
from toolkit.services.links import LinkKind
from toolkit.services.passwords import hash_password
from toolkit.services.viewers import Viewer
from toolkit.storage.base import insert_for, new_id
from toolkit.storage.db import db, reading
from toolkit.storage.people import (
    AccessGrantRecord,
    CredentialRecord,
    LoginSessionRecord,
    OneTimeLinkRecord,
    PersonRecord,
)
from toolkit.storage.trail import append_to_accounts

MAX_NAME = 200
MAX_EMAIL = 320
_EMAIL = re.compile(r"[^\s@<>\"',;:()\[\]\\]{1,64}@[^\s@<>\"',;:()\[\]\\]{1,255}\Z")


def clean_name(name: str, *, path: str = "name", max_chars: int = MAX_NAME) -> str:
    """A name on one line. Raises InvalidInput."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name:
        raise InvalidInput("The name", (Problem(path, "Write a name."),))
    if len(name) > max_chars:
        raise InvalidInput("The name", (Problem(path, f"Use at most {max_chars} characters."),))
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        raise InvalidInput("The name", (Problem(path, "Leave out characters that cannot be seen."),))
    return name


def clean_line(text: str, *, path: str, max_chars: int) -> str:
    """A text on one line that may be empty. Raises InvalidInput."""
    return clean_name(text, path=path, max_chars=max_chars) if text.strip() else ""


def clean_email(email: str) -> str:
    """An address as it is kept. Raises InvalidInput."""
    email = unicodedata.normalize("NFC", email.strip())
    if len(email) > MAX_EMAIL or not _EMAIL.match(email) or _has_unseen(email):
        raise InvalidInput(
            "The e-mail address", (Problem("email", "Write an e-mail address such as name@example.org."),)
        )
    return email


def email_key(email: str) -> str:
    """An address as it is compared."""
    key = unicodedata.normalize("NFC", email.strip()).casefold()[:MAX_EMAIL]
    return key.encode("utf-8", "replace").decode().replace("\x00", "")  # whatever is typed can be looked up


def viewer_of(person_id: UUID, *, now: datetime) -> Viewer:
    """A person with the grants in force. Raises NotFound for nobody and for a disabled account."""
    with reading() as session:
        rows = session.execute(
            sa.select(PersonRecord.name, PersonRecord.email, PersonRecord.is_sandbox, *GRANT_COLUMNS)
            .outerjoin(AccessGrantRecord, in_force(now))
            .where(PersonRecord.id == person_id, PersonRecord.disabled_at.is_(None))
            .where(sa.or_(PersonRecord.expires_at.is_(None), PersonRecord.expires_at > now))
            .order_by(AccessGrantRecord.begins_at, AccessGrantRecord.id)
        ).all()
    if not rows:
        raise NotFound
    first = rows[0]
    return Viewer(person_id, first.name, first.email or "", grants_of(rows), first.is_sandbox)


GRANT_COLUMNS = (
    AccessGrantRecord.role,
    AccessGrantRecord.scope_kind,
    AccessGrantRecord.scope_id,
    AccessGrantRecord.voice,
    AccessGrantRecord.begins_at,
    AccessGrantRecord.ends_at,
)


def in_force(now: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """The condition that joins people with the grants they hold now."""
    grant = AccessGrantRecord
    return sa.and_(
        grant.person_id == PersonRecord.id,
        grant.begins_at <= now,
        sa.or_(grant.ends_at.is_(None), grant.ends_at > now),
    )


def grants_of(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> tuple[Grant, ...]:
    """The grants in rows that were read with GRANT_COLUMNS."""
    return tuple(
        Grant(Role(row.role), Scope(ScopeKind(row.scope_kind), row.scope_id, row.voice), row.begins_at, row.ends_at)
        for row in rows
        if row.role is not None
    )


def require(viewer: Viewer, permission: Permission, *, space: UUID | None = None, now: datetime) -> None:
    """Raise NotFound unless something is allowed at the site or in a space."""
    if not viewer.may(permission, space=space, now=now):
        raise NotFound


def add_person(name: str, email: str | None, *, now: datetime, joined: bool, by_link: bool = False) -> UUID:
    """A new person, inside a unit of work."""
    person_id = new_id()
    db.session.execute(
        sa.insert(PersonRecord).values(
            id=person_id,
            name=name,
            email=email,
            email_key=email_key(email) if email else None,
            created_at=now,
            joined_at=now if joined else None,
            is_sandbox=False,
            by_link=by_link,
        )
    )
    return person_id


def set_password(person_id: UUID, password: str, *, now: datetime) -> None:
    """Keep a checked password, end every session and what was begun with the old one, inside a unit of work."""
    values = {"password_hash": hash_password(password), "changed_at": now}
    insert = insert_for(db.session)(CredentialRecord).values(person_id=person_id, **values)
    db.session.execute(insert.on_conflict_do_update(index_elements=[CredentialRecord.person_id], set_=values))
    end_sessions(person_id)
    link = OneTimeLinkRecord
    begun = sa.and_(link.person_id == person_id, link.kind == LinkKind.SECOND_STEP, link.used_at.is_(None))
    db.session.execute(sa.update(link).where(begun).values(used_at=now))


def end_sessions(person_id: UUID) -> None:
    """End every session of a person, inside a unit of work."""
    db.session.execute(sa.delete(LoginSessionRecord).where(LoginSessionRecord.person_id == person_id))


def give_role(
    person_id: UUID, role: Role, scope: Scope, *, by: UUID | None, now: datetime, ends_at: datetime | None = None
) -> None:
    """Give somebody a role, inside a unit of work; one that they hold already is left as it is."""
    grant = AccessGrantRecord
    held = sa.select(grant.id).where(
        grant.person_id == person_id,
        grant.role == role,
        grant.scope_kind == scope.kind,
        grant.scope_id == scope.id,
        grant.voice == scope.voice,
        sa.or_(grant.ends_at.is_(None), grant.ends_at > now),
    )
    if db.session.execute(held.limit(1)).first() is not None:
        return
    grant_id = new_id()
    db.session.execute(
        sa.insert(grant).values(
            id=grant_id,
            person_id=person_id,
            role=role,
            scope_kind=scope.kind,
            scope_id=scope.id,
            voice=scope.voice,
            begins_at=now,
            ends_at=ends_at,
            granted_by=by,
        )
    )
    details = {"grant": str(grant_id), "role": str(role), "scope": f"{scope.kind} {scope.id}".strip()}
    if scope.voice:
        details["voice"] = scope.voice
    append_to_accounts(db.session, "grant_begun", at=now, by=by, about=str(person_id), details=details)


def _has_unseen(text: str) -> bool:
    return any(unicodedata.category(character) in {"Cc", "Cs", "Cf"} for character in text)
