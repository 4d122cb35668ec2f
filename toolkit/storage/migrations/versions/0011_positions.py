"""What voices say: the revision that is released, the paragraph, why one is left out, and the reply.

Columns are added and dropped in place: SQLite would make a new table in a batch, and dropping the old one would take
the rows with it that refer to it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("voice", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
    for name in ("paragraph_seq", "left_out_seq", "reply_seq"):
        op.add_column("voice", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("answer", sa.Column("released_revision", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("answer", "released_revision")
    for name in ("reply_seq", "left_out_seq", "paragraph_seq", "released_at"):
        op.drop_column("voice", name)
