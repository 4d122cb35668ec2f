"""The queue that carries jobs to the processes that do them. It carries ids; the job itself is a row of ours.

The web never loads it: the row is all that a request writes, and the job process puts its id in the queue.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from huey import Huey, RedisHuey, SqliteHuey  # type: ignore[import-untyped]  # huey ships no types
from huey.registry import Message  # type: ignore[import-untyped]
from huey.serializer import Serializer  # type: ignore[import-untyped]

from toolkit.config import Config

QUEUE_FILE = "queue.sqlite3"


class JsonMessages(Serializer):  # type: ignore[misc]  # huey ships no types
    """Messages as JSON. Huey's own way is pickle, with which whoever can write to the queue can run code here."""

    def _serialize(self, data: Any) -> bytes:
        if not isinstance(data, Message):
            raise TypeError(f"The queue carries messages only, not {type(data).__name__}.")
        return json.dumps(data._asdict()).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(**json.loads(data))


class Queue:
    """One queue. `run_job` is called with each id that arrives; without it, ids can only be put."""

    def __init__(self, queue_url: str, folder: str, run_job: Callable[[UUID], None] | None = None) -> None:
        self.huey: Huey = _huey(queue_url, folder)

        def run(job_id: str) -> None:
            if run_job is None:
                raise RuntimeError("This process only puts jobs in the queue.")
            run_job(UUID(job_id))

        self._task = self.huey.task(name="run_job")(run)

    def put(self, job_id: UUID) -> None:
        """Put one job in the queue, behind the others."""
        self._task(str(job_id))

    def close(self) -> None:
        """Close this thread's connection to the queue."""
        self.huey.storage.close()


def open_queue(config: Config, run_job: Callable[[UUID], None] | None = None) -> Queue:
    """The queue of these settings: Redis by its URL, otherwise a SQLite file in the data folder."""
    return Queue(config.text("QUEUE_URL"), str(config.data), run_job)


def _huey(queue_url: str, folder: str) -> Huey:
    common = {"results": False, "serializer": JsonMessages()}
    if queue_url:
        return RedisHuey("decent-work", url=queue_url, **common)
    # The file has a rollback journal: it is small, and safe with every release of SQLite.
    return SqliteHuey(
        "decent-work", filename=f"{folder}/{QUEUE_FILE}", journal_mode="delete", fsync=True, strict_fifo=True, **common
    )
