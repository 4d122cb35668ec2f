"""The trail: events of assessments and accounts as links of hash chains, appended one at a time."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import Mapped, mapped_column, scoped_session

from toolkit.domain.errors import CannotSaveNow
from toolkit.domain.trail import START, Link, text_digest
from toolkit.storage.base import ID_NAMESPACE, Base, derived_id, insert_for, rows_changed

ACCOUNTS = derived_id(ID_NAMESPACE, "accounts")  # the chain of accounts and settings


class ChainRecord(Base):
    """The end of a chain that belongs to no assessment; an assessment keeps its own."""

    __tablename__ = "chain"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int]
    head: Mapped[str] = mapped_column(sa.String(64), default=START)


class TrailLinkRecord(Base):
    """One event. `chain_id` is an assessment's id or ACCOUNTS; `text` and `salt` are None once erased."""

    __tablename__ = "trail_link"

    chain_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime]
    by_id: Mapped[str] = mapped_column(sa.String(36), default="")
    about: Mapped[str] = mapped_column(sa.String(200), default="")
    details: Mapped[dict[str, Any]]
    text: Mapped[str | None] = mapped_column(sa.Text)
    salt: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))
    digest: Mapped[str] = mapped_column(sa.String(64), default="")
    previous: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


def new_salt() -> bytes:
    """A salt for one text."""
    return secrets.token_bytes(16)


def event_row(
    chain_id: UUID,
    seq: int,
    previous: str,
    kind: str,
    *,
    at: datetime,
    by: UUID | None,
    about: str = "",
    details: Mapping[str, str] | None = None,
    text: str = "",
) -> dict[str, Any]:
    """The row of an event that follows link `seq` with hash `previous`; only a text that is not empty is kept."""
    salt = new_salt() if text else None
    link = Link(
        seq=seq + 1,
        previous=previous,
        kind=kind,
        at=at,
        by=str(by or ""),
        about=about,
        details=dict(details or {}),
        digest=text_digest(salt, text) if salt else "",
    )
    return {
        "chain_id": chain_id,
        "seq": link.seq,
        "kind": kind,
        "at": at,
        "by_id": link.by,
        "about": about,
        "details": dict(details or {}),
        "text": text or None,
        "salt": salt,
        "digest": link.digest,
        "previous": previous,
        "hash": link.seal(),
    }


def append_to_accounts(
    session: scoped_session[Session],
    kind: str,
    *,
    at: datetime,
    by: UUID | None,
    about: str = "",
    details: Mapping[str, str] | None = None,
) -> None:
    """Add an event to the chain of accounts and settings, inside a unit of work that writes."""
    end = sa.select(ChainRecord.seq, ChainRecord.head).where(ChainRecord.id == ACCOUNTS).with_for_update()
    row = session.execute(end).one_or_none()
    if row is None:
        session.execute(
            insert_for(session)(ChainRecord).values(id=ACCOUNTS, seq=0, head=START).on_conflict_do_nothing()
        )
        row = session.execute(end).one()
    link = event_row(ACCOUNTS, row.seq, row.head, kind, at=at, by=by, about=about, details=details)
    session.execute(sa.insert(TrailLinkRecord).values(link))
    changed = session.execute(
        sa.update(ChainRecord)
        .where(ChainRecord.id == ACCOUNTS, ChainRecord.seq == row.seq)
        .values(seq=link["seq"], head=link["hash"])
    )
    if rows_changed(changed) != 1:  # the row is locked, so this means that the lock did not hold
        raise CannotSaveNow
