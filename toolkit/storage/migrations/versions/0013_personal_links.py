"""Personal links for people without an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "personal_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_personal_link"),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handover.id"], name="fk_personal_link_handover_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_personal_link_person_id", ondelete="CASCADE"),
        sa.UniqueConstraint("handover_id", name="uq_personal_link_handover_id"),
        sa.UniqueConstraint("token_hash", name="uq_personal_link_token_hash"),
    )
    op.create_index("ix_personal_link_person_id", "personal_link", ["person_id"])
    op.add_column("person", sa.Column("by_link", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("login_session", sa.Column("link_id", sa.Uuid(), nullable=True))
    op.add_column("space", sa.Column("personal_links", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column("space", "personal_links")
    op.drop_column("login_session", "link_id")
    op.drop_column("person", "by_link")
    op.drop_table("personal_link")
