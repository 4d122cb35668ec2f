"""The table of notes for the next round: what the lead of an assessment leaves to whoever leads the next one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from toolkit.storage.base import Base


class NextRoundNoteRecord(Base):
    """The note of an assessment; `revision` counts from 1, and a change names the one that it was based on."""

    __tablename__ = "next_round_note"

    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(sa.Text, default="")
    revision: Mapped[int]
    by_id: Mapped[UUID]
    at: Mapped[datetime]
