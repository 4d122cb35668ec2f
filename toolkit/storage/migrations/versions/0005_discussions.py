"""Discussions of questions: threads, and who was asked to look. Messages are links of the trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "thread",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("told", sa.String(length=10), nullable=False),
        sa.Column("begun_at", TIME, nullable=False),
        sa.Column("resolved_at", TIME, nullable=True),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_thread_assessment_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["resolved_by"], ["person.id"], name="fk_thread_resolved_by"),
        sa.PrimaryKeyConstraint("id", name="pk_thread"),
    )
    op.create_index("ix_thread_assessment_id_question_id", "thread", ["assessment_id", "question_id"])
    op.create_table(
        "mention",
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_mention_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_mention_thread_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("thread_id", "seq", "person_id", name="pk_mention"),
    )
    op.create_index("ix_mention_person_id", "mention", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_mention_person_id", table_name="mention")
    op.drop_table("mention")
    op.drop_index("ix_thread_assessment_id_question_id", table_name="thread")
    op.drop_table("thread")
