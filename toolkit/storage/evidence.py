"""Table of evidence files: which file belongs to which question of which voice. The files lie in the store."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from toolkit.storage.base import Base, new_id


class EvidenceFileRecord(Base):
    """A file that was sent for a question, whole in the store before this row is written.

    `attached_at` is when an answer first named it; until then it waits. The row stays for as long as any version of the
    answer, or a submission, names it.
    """

    __tablename__ = "evidence_file"
    __table_args__ = (
        sa.UniqueConstraint("assessment_id", "voice_id", "question_id", "sha256", name="uq_evidence_file"),
        sa.Index(None, "attached_at", "uploaded_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assessment.id", ondelete="CASCADE"))
    voice_id: Mapped[UUID] = mapped_column(sa.ForeignKey("voice.id", ondelete="CASCADE"), index=True)
    question_id: Mapped[str] = mapped_column(sa.String(60))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))
    uploaded_by: Mapped[UUID]
    uploaded_at: Mapped[datetime]
    attached_at: Mapped[datetime | None]
