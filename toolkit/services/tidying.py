"""Forgetting what is over: ended sessions, counters of tries, expired links, who was on which theme."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from toolkit.services.links import LinkKind
from toolkit.services.presence import forget_absent
from toolkit.storage.base import rows_changed
from toolkit.storage.db import transaction
from toolkit.storage.people import AttemptRecord, LoginSessionRecord, OneTimeLinkRecord, SecondFactorRecord

KEPT = timedelta(days=1)  # longer than any counter counts


def forget_ended(*, now: datetime) -> int:
    """Remove what no longer has any use: how many rows.

    Invitations stay: when one has expired, they say what a fresh one is to be for.
    """
    link = OneTimeLinkRecord
    factor = SecondFactorRecord
    over = (
        sa.delete(factor).where(factor.confirmed_at.is_(None), factor.begun_at <= now - KEPT),
        sa.delete(LoginSessionRecord).where(LoginSessionRecord.ends_at <= now),
        sa.delete(AttemptRecord).where(AttemptRecord.window_start <= now - KEPT),
        sa.delete(link).where(link.expires_at <= now - KEPT, link.kind != LinkKind.INVITATION),
        forget_absent(now=now),
    )
    with transaction() as session:
        return sum(rows_changed(session.execute(statement)) for statement in over)
