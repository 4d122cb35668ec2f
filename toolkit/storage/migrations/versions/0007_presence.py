"""Who is on which theme just now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("theme_id", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("voice_id", sa.Uuid(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_presence_assessment_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_presence_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["voice_id"], ["voice.id"], name="fk_presence_voice_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("assessment_id", "theme_id", "person_id", name="pk_presence"),
    )
    op.create_index("ix_presence_seen_at", "presence", ["seen_at"])


def downgrade() -> None:
    op.drop_index("ix_presence_seen_at", table_name="presence")
    op.drop_table("presence")
