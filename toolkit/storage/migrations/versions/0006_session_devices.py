"""What a session was begun with, in plain words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("login_session", sa.Column("device", sa.String(length=60), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("login_session", "device")
