"""Grants and links for one voice, voices that show names or not, assessments that are answered blind.

Columns are added and dropped in place: SQLite would make a new table in a batch, and dropping the old one would take
the rows with it that refer to it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("access_grant", "one_time_link"):
        op.add_column(table, sa.Column("voice", sa.String(length=36), nullable=False, server_default=""))
    op.add_column("voice", sa.Column("shows_names", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("assessment", sa.Column("blind", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("assessment", "blind")
    op.drop_column("voice", "shows_names")
    for table in ("one_time_link", "access_grant"):
        op.drop_column(table, "voice")
