"""The table of who is on which theme just now. It is swept; nothing else refers to it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from toolkit.storage.base import Base


class PresenceRecord(Base):
    """That somebody had a theme open, last at `seen_at`, answering in a voice (None: the consolidated one)."""

    __tablename__ = "presence"

    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    voice_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("voice.id", ondelete="CASCADE"))
    seen_at: Mapped[datetime] = mapped_column(index=True)
