"""For whom somebody acts by a grant."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("access_grant", sa.Column("for_id", sa.Uuid(), nullable=True))
    op.create_index("ix_access_grant_for_id", "access_grant", ["for_id"])


def downgrade() -> None:
    op.drop_index("ix_access_grant_for_id", table_name="access_grant")
    op.drop_column("access_grant", "for_id")
