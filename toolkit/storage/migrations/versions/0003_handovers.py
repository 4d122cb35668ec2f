"""Handing over: what is in whose hands, its parts, and the daily digest of each person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("voice_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("done_note", sa.Text(), nullable=False),
        sa.Column("returned_at", TIME, nullable=True),
        sa.Column("returned_note", sa.Text(), nullable=False),
        sa.Column("returned_by", sa.Uuid(), nullable=True),
        sa.Column("reminded_at", TIME, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_handover_assessment_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_handover_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["voice_id"], ["voice.id"], name="fk_handover_voice_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
    )
    op.create_index("ix_handover_assessment_id", "handover", ["assessment_id"])
    op.create_index("ix_handover_person_id", "handover", ["person_id"])
    op.create_table(
        "handover_part",
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("part_id", sa.String(length=60), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handover.id"], name="fk_handover_part_handover_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("handover_id", "kind", "part_id", name="pk_handover_part"),
    )
    op.create_table(
        "digest",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("said", sa.String(length=64), nullable=False),
        sa.Column("stopped_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_digest_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name="pk_digest"),
    )


def downgrade() -> None:
    op.drop_table("digest")
    op.drop_table("handover_part")
    op.drop_index("ix_handover_person_id", "handover")
    op.drop_index("ix_handover_assessment_id", "handover")
    op.drop_table("handover")
