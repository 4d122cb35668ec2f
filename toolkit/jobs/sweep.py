"""The sweep: puts in the queue what is wanted, and again what the queue lost, tidies up what is over, and wants the
digests of the day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from toolkit.services import digests, erasing, evidence_rows, jobs, reports, sandbox, sweeping, tidying

AGAIN_AFTER = timedelta(seconds=60)  # a job that waits behind others is not put in the queue at every sweep
TIDY_EVERY = timedelta(hours=1)


class Sweep:
    """Remembers what it did lately, so that it can be run twice a second."""

    def __init__(self, put: Callable[[UUID], None]) -> None:
        self._put = put
        self._put_at: dict[tuple[UUID, datetime], datetime] = {}  # by job and when it was wanted
        self._tidied_at: datetime | None = None

    def run(self, *, stale_after: int, now: datetime) -> int:
        """Put in the queue what waits, jobs that somebody took and never finished included: how many."""
        waiting = jobs.waiting(stale_after=stale_after, now=now)
        lately = {wanted: put_at for wanted, put_at in self._put_at.items() if now - put_at < AGAIN_AFTER}
        due = [wanted for wanted in waiting.items() if wanted not in lately]
        for job_id, _ in due:
            self._put(job_id)
        self._put_at = lately | dict.fromkeys(due, now)
        self._tidy(now)
        return len(due)

    def _tidy(self, now: datetime) -> None:
        if self._tidied_at is None or now - self._tidied_at >= TIDY_EVERY:
            self._tidied_at = now
            sandbox.sweep_visitors(now=now)
            erasing.erase_discarded(now=now)
            reports.sweep_drafts(now=now)
            evidence_rows.forget_waiting(now=now)
            sweeping.sweep_orphans()
            tidying.forget_ended(now=now)
            jobs.tidy(now=now)
            digests.plan(now=now)
