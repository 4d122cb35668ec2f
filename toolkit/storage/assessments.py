"""Tables of assessments: their state and settings, scope, voices, answers and approvals."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from toolkit.domain.trail import START
from toolkit.storage.base import Base, derived_id, new_id


class DefinitionRecord(Base):
    """A checklist version in use, kept by its digest; `source` is the text of its file."""

    __tablename__ = "definition"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    checklist_id: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[str] = mapped_column(sa.String(30))
    title: Mapped[str] = mapped_column(sa.Text)
    source: Mapped[str] = mapped_column(sa.Text)
    kept_at: Mapped[datetime]


class AssessmentRecord(Base):
    """One subject on one checklist version. `chain_seq` and `chain_head` are the end of its hash chain.

    `submissions` counts what was submitted so far. `returned_seq` is the link that says why it came back last, None
    unless it came back and was not sent again. With `blind`, whoever answers in one voice does not see the others.
    """

    __tablename__ = "assessment"
    __table_args__ = (sa.Index(None, "space_id", "updated_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    space_id: Mapped[UUID] = mapped_column(sa.ForeignKey("space.id"))
    subject_id: Mapped[UUID] = mapped_column(sa.ForeignKey("subject.id"), index=True)
    definition_digest: Mapped[str] = mapped_column(sa.ForeignKey("definition.digest"), index=True)
    title: Mapped[str] = mapped_column(sa.String(300))
    track: Mapped[str] = mapped_column(sa.String(10))
    sign_off: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[str] = mapped_column(sa.String(20))
    facts: Mapped[dict[str, Any]]
    blind: Mapped[bool] = mapped_column(default=False)
    submissions: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    started_by: Mapped[UUID]
    updated_at: Mapped[datetime]
    discarded_at: Mapped[datetime | None] = mapped_column(index=True)
    returned_seq: Mapped[int | None]
    chain_seq: Mapped[int] = mapped_column(default=0)
    chain_head: Mapped[str] = mapped_column(sa.String(64), default=START)


class ThemeScopeRecord(Base):
    """How a theme relates to the mandate, with its one reason."""

    __tablename__ = "theme_scope"

    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    mandate: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.Text, default="")


class VoiceRecord(Base):
    """Whose view answers are. Every assessment has its consolidated voice from the start.

    `shows_names`: its answers stand under the names of their writers, else under its own. `paragraph_seq`,
    `left_out_seq` and `reply_seq` are the links of the assessment's chain with what it says about the whole, why it is
    left out of the internal report, and what it says to that.
    """

    __tablename__ = "voice"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(30))
    name: Mapped[str] = mapped_column(sa.String(300), default="")
    parent_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("voice.id", ondelete="CASCADE"))
    shows_names: Mapped[bool] = mapped_column(default=False)
    released_at: Mapped[datetime | None]
    paragraph_seq: Mapped[int | None]
    left_out_seq: Mapped[int | None]
    reply_seq: Mapped[int | None]


CONSOLIDATED = "consolidated"


STAFF_UNION = "staff_union"
COPIED_FROM_VOICE = "voice"  # how `copied_from` begins where an answer was taken over from a voice: its id follows


def consolidated_voice(assessment_id: UUID) -> UUID:
    """The id of an assessment's consolidated voice: it follows from the assessment's, so saving need not ask."""
    return derived_id(assessment_id, CONSOLIDATED)


def staff_union_voice(assessment_id: UUID) -> UUID:
    """The id of the staff union's voice in the assessment of an organization."""
    return derived_id(assessment_id, STAFF_UNION)


class AnswerRecord(Base):
    """The current answer of a voice to a question. `content` is the whole answer as canonical JSON text.

    `released_revision` is the one that the spokesperson of the voice released, None before.
    """

    __tablename__ = "answer"

    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    voice_id: Mapped[UUID] = mapped_column(sa.ForeignKey("voice.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    revision: Mapped[int]
    content: Mapped[str] = mapped_column(sa.Text)
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    saved_at: Mapped[datetime]
    released_revision: Mapped[int | None]


class AnswerRevisionRecord(Base):
    """One save of an answer, and at the same time its link in the assessment's chain.

    `content` and `salt` are None once erased; `digest` stays, so the chain still verifies.
    """

    __tablename__ = "answer_revision"
    __table_args__ = (sa.UniqueConstraint("assessment_id", "voice_id", "question_id", "revision", name="uq_revision"),)

    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    voice_id: Mapped[UUID] = mapped_column(sa.ForeignKey("voice.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(sa.String(60))
    revision: Mapped[int]
    content: Mapped[str | None] = mapped_column(sa.Text)
    salt: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))
    digest: Mapped[str] = mapped_column(sa.String(64))
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    entered_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    copied_from: Mapped[str] = mapped_column(sa.String(200), default="")
    saved_at: Mapped[datetime]
    previous: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class ApprovalRecord(Base):
    """That somebody approved. `ended_at` is set when the assessment went back to draft."""

    __tablename__ = "approval"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(sa.String(30))
    approved_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
