"""Tables of accounts: people, their passwords, sessions, one-time links, grants, and counters of tries."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from toolkit.storage.base import Base, new_id


class PersonRecord(Base):
    """A person. Invited until `joined_at`; `email_key` is the address as it is compared, both None for visitors.

    `by_link`: somebody without an account, who comes by personal links alone.
    """

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str | None] = mapped_column(sa.String(320))
    email_key: Mapped[str | None] = mapped_column(sa.String(320), unique=True)
    is_sandbox: Mapped[bool] = mapped_column(default=False)
    by_link: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    created_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)


class CredentialRecord(Base):
    """A person's password as an argon2id hash."""

    __tablename__ = "credential"

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    changed_at: Mapped[datetime]


class IdentityRecord(Base):
    """By which name an OpenID Connect provider knows a person."""

    __tablename__ = "identity"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject", name="uq_identity"),)

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    issuer: Mapped[str] = mapped_column(sa.String(300), primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(255))
    linked_at: Mapped[datetime]


class LoginSessionRecord(Base):
    """A session on the server, found by the hash of the token that the browser holds.

    `device` says in plain words what it was begun with; empty where that is not known. `link_id` is the personal link
    that it was begun with and is limited to, None for somebody who signed in.
    """

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    device: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")
    link_id: Mapped[UUID | None]


class SecondFactorRecord(Base):
    """The second step of a person's signing in, in force from `confirmed_at`. `secret` is encrypted.

    `last_step` is the step of time of the last code that was taken: none at or before it is taken again.
    """

    __tablename__ = "second_factor"

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(sa.String(300))
    begun_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int]


class RecoveryCodeRecord(Base):
    """A code for when the second step is lost, as a hash."""

    __tablename__ = "recovery_code"

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class OneTimeLinkRecord(Base):
    """A link that works once and for a while: an invitation, a new password, or the first administrator."""

    __tablename__ = "one_time_link"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(30))
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(sa.String(30), default="")
    scope_kind: Mapped[str] = mapped_column(sa.String(20), default="")
    scope_id: Mapped[str] = mapped_column(sa.String(120), default="")
    voice: Mapped[str] = mapped_column(sa.String(36), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class AccessGrantRecord(Base):
    """A role that a person holds at a scope, from `begins_at` until just before `ends_at`.

    `voice` is the id of the voice it is about, empty for the consolidated one. `for_id` is the person in whose
    place the holder acts, None for a role of one's own.
    """

    __tablename__ = "access_grant"
    __table_args__ = (sa.Index(None, "scope_kind", "scope_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(sa.String(30))
    scope_kind: Mapped[str] = mapped_column(sa.String(20))
    scope_id: Mapped[str] = mapped_column(sa.String(120), default="")
    voice: Mapped[str] = mapped_column(sa.String(36), default="")
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    granted_by: Mapped[UUID | None]
    for_id: Mapped[UUID | None] = mapped_column(index=True)


class AttemptRecord(Base):
    """How often something was tried since `window_start`, by all workers together; `key` is a hash."""

    __tablename__ = "attempt"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int]
