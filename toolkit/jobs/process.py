"""The job process: puts in the queue what is wanted, and takes jobs from it one after the other."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Flask
from huey.consumer import Consumer  # type: ignore[import-untyped]  # huey ships no types

from toolkit.config import Config
from toolkit.jobs.queue import Queue, open_queue
from toolkit.jobs.sweep import Sweep
from toolkit.jobs.work import run_job
from toolkit.storage.db import database_app, db

LOCK_FILE = "jobs.lock"
SWEEP_SECONDS = 0.5  # how long a job may wait before the queue hears of it
AFTER_TROUBLE_SECONDS = 5  # when the database or the queue is away
SLACK_SECONDS = 60  # how much longer than its limit a job may take before another process may take it
FINISH_SECONDS = 10  # how long a job at hand may go on after SIGTERM; it is done anew after the next start

log = logging.getLogger(__name__)


class AnotherIsAtWork(Exception):
    """The data folder has a job process already."""


class JobProcess:
    """The job process of these settings. `started_at` decides what an earlier one left behind."""

    def __init__(self, config: Config, *, started_at: datetime) -> None:
        self.config = config
        self.started_at = started_at
        self.app: Flask = database_app(config)
        self.queue: Queue = open_queue(config, self.run_job)
        self.sweep = Sweep(self.queue.put)
        self._stop = threading.Event()

    def run_forever(self) -> None:
        """Work until SIGTERM or SIGINT."""
        consumer = Consumer(
            self.queue.huey,
            workers=1,
            periodic=False,
            initial_delay=0.05,
            max_delay=0.5,
            shutdown_timeout=FINISH_SECONDS,
            graceful_signal="TERM",
        )
        threading.Thread(target=self._sweep_on, daemon=True).start()
        try:
            consumer.run()
        finally:
            self._stop.set()

    def run_once(self) -> int:
        """Do what waits, and stop: how many messages that was."""
        self.sweep_once()
        count = 0
        while (task := self.queue.huey.dequeue()) is not None:
            self.queue.huey.execute(task)
            count += 1
        return count

    def run_job(self, job_id: UUID) -> None:
        """Do one job."""
        with self.app.app_context():
            run_job(job_id, self.config, stale_after=self.stale_after())

    def sweep_once(self) -> bool:
        """Sweep, and log what went wrong: a database that is away comes back. Whether all went well."""
        try:
            with self.app.app_context():
                self.sweep.run(stale_after=self.stale_after(), now=datetime.now(UTC))
        except Exception:
            log.exception("The sweep did not get through; the next one may")
            return False
        return True

    def stale_after(self) -> int:
        """After how many seconds a job that somebody took counts as abandoned.

        With the embedded queue this process is the only one, so whatever was taken before it started is abandoned.
        With a shared queue another process may be at it, for as long as a report may take.
        """
        longest = self.config.number("REPORT_SECONDS") + SLACK_SECONDS
        if self.config.text("QUEUE_URL"):
            return longest
        return min(longest, (datetime.now(UTC) - self.started_at) // timedelta(seconds=1))

    def close(self) -> None:
        """Close the connections to the database and the queue."""
        self.queue.close()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def _sweep_on(self) -> None:
        went_well = self.sweep_once()
        while not self._stop.wait(SWEEP_SECONDS if went_well else AFTER_TROUBLE_SECONDS):
            went_well = self.sweep_once()


@contextmanager
def job_process(config: Config) -> Iterator[JobProcess]:
    """The job process of these settings, alone with its data folder unless the queue is shared.

    Raises AnotherIsAtWork.
    """
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(config.data / LOCK_FILE, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        if not config.text("QUEUE_URL"):
            _lock(handle)
        with closing(JobProcess(config, started_at=datetime.now(UTC))) as process:
            yield process
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise AnotherIsAtWork("A job process is at work with this data folder already.") from None
