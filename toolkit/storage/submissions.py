"""Table of submissions: the bytes that were submitted. Rows are never changed, save to name their successor."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from toolkit.storage.base import Base, new_id


class SubmissionRecord(Base):
    """A submission. `content` is the canonical assessment file, `score_card` the whole card as JSON text.

    `attachments` are the digests of the files that its reports carry, by edition.
    """

    __tablename__ = "submission"
    __table_args__ = (sa.UniqueConstraint("assessment_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assessment.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    score_card: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    attachments: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    method: Mapped[str] = mapped_column(sa.String(30))
    definition_digest: Mapped[str] = mapped_column(sa.ForeignKey("definition.digest"))
    verification_code: Mapped[str] = mapped_column(sa.String(30), unique=True)
    provisional_reason: Mapped[str] = mapped_column(sa.Text, default="")
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    chain_seq: Mapped[int]
    chain_head: Mapped[str] = mapped_column(sa.String(64))
    superseded_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("submission.id", ondelete="SET NULL"))
