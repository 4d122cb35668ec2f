"""Tables of background work: what is wanted, written together with its cause, and the reports that came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from toolkit.storage.base import Base, new_id


class JobRecord(Base):
    """One piece of work. `key` says what it makes, so that the same is not wanted twice at a time."""

    __tablename__ = "job"
    __table_args__ = (sa.Index(None, "state", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(sa.String(30))
    key: Mapped[str | None] = mapped_column(sa.String(250), unique=True)
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(sa.String(10))
    progress: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(sa.Text, default="")
    assessment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    requested_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class ReportFileRecord(Base):
    """A report that was made and is kept; `source` names the submission, or the draft and its chain head."""

    __tablename__ = "report_file"
    __table_args__ = (sa.UniqueConstraint("source", "edition", "language"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    source: Mapped[str] = mapped_column(sa.String(120))
    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    edition: Mapped[str] = mapped_column(sa.String(10))
    language: Mapped[str] = mapped_column(sa.String(20))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(index=True)


class SettingRecord(Base):
    """A setting of the site that administrators change while it runs."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    value: Mapped[str] = mapped_column(sa.Text)
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]
