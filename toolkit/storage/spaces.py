"""Tables of spaces, the organizations they add, and the subjects of their assessments."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from toolkit.storage.base import Base, new_id


class SpaceRecord(Base):
    """An organization's or a country's own area. A visitor's one is in no list or statistic and expires.

    `personal_links`: whether people without an account may be let in by such links.
    """

    __tablename__ = "space"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(sa.String(300))
    kind: Mapped[str] = mapped_column(sa.String(20))
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    organization: Mapped[str] = mapped_column(sa.String(100), default="")
    is_sandbox: Mapped[bool] = mapped_column(default=False)
    personal_links: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)


class OrganizationRecord(Base):
    """An organization that a space added to those that come with the program."""

    __tablename__ = "organization"
    __table_args__ = (sa.UniqueConstraint("space_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    space_id: Mapped[UUID] = mapped_column(sa.ForeignKey("space.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(300))
    short: Mapped[str] = mapped_column(sa.String(50), default="")
    kind: Mapped[str] = mapped_column(sa.String(50))
    created_at: Mapped[datetime]


class SubjectRecord(Base):
    """What is assessed; it belongs to a space."""

    __tablename__ = "subject"
    __table_args__ = (sa.UniqueConstraint("space_id", "kind", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    space_id: Mapped[UUID] = mapped_column(sa.ForeignKey("space.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(300))
    kind: Mapped[str] = mapped_column(sa.String(20))
    organization: Mapped[str] = mapped_column(sa.String(300), default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="")
