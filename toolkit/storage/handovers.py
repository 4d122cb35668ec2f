"""Tables of handing over: what was handed to whom, the parts, and the daily digest of each person."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from toolkit.storage.base import Base, new_id


class HandoverRecord(Base):
    """Parts of an assessment in the hands of one person, in the consolidated voice (None) or in another.

    `done_at`: the person says that it is done, with `done_note` about what cannot be answered. `returned_at`: it was
    given back with `returned_note`; only one of the two is set. The grants of its parts end at `ended_at`.
    """

    __tablename__ = "handover"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    voice_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("voice.id", ondelete="CASCADE"))
    due_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by_id: Mapped[UUID]
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_note: Mapped[str] = mapped_column(sa.Text, default="")
    returned_at: Mapped[datetime | None]
    returned_note: Mapped[str] = mapped_column(sa.Text, default="")
    returned_by: Mapped[UUID | None]
    reminded_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class HandoverPartRecord(Base):
    """One theme or question of a hand-over, with the grant that came of it."""

    __tablename__ = "handover_part"

    handover_id: Mapped[UUID] = mapped_column(sa.ForeignKey("handover.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    part_id: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    grant_id: Mapped[UUID]


class PersonalLinkRecord(Base):
    """A link by which somebody without an account answers what one hand-over has, and nothing else.

    `token_hash` is None until the message with the link is written. A fresh link takes the place of the one before.
    """

    __tablename__ = "personal_link"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handover_id: Mapped[UUID] = mapped_column(sa.ForeignKey("handover.id", ondelete="CASCADE"), unique=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    made_by: Mapped[UUID]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class DigestRecord(Base):
    """The reminders of one person: the day for which one was last wanted and sent, what it said, and whether to stop.

    `said` is a digest of what the last one listed, so that the same is not said again every day.
    """

    __tablename__ = "digest"

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    wanted_on: Mapped[date | None]
    sent_on: Mapped[date | None]
    said: Mapped[str] = mapped_column(sa.String(64), default="")
    stopped_at: Mapped[datetime | None]
