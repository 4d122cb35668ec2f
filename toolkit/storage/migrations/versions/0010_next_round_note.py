"""Notes for the next round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "next_round_note",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("assessment_id", name="pk_next_round_note"),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_next_round_note_assessment_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("next_round_note")
