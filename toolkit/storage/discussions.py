"""Tables of discussions. What was written stands in the assessment's trail: a message is its own link."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from toolkit.storage.base import Base, new_id


class ThreadRecord(Base):
    """A discussion of a question. Its messages are the links of the assessment's chain that are `about` its id."""

    __tablename__ = "thread"
    __table_args__ = (sa.Index(None, "assessment_id", "question_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assessment.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(sa.String(60))
    told: Mapped[str] = mapped_column(sa.String(10))
    begun_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))


class MentionRecord(Base):
    """That a message asked somebody to look; `seq` is the message's link."""

    __tablename__ = "mention"

    thread_id: Mapped[UUID] = mapped_column(sa.ForeignKey("thread.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
