"""The queue: what is put in one process arrives in another."""

import json
import sqlite3
from contextlib import closing
from uuid import UUID, uuid4

import pytest

from toolkit.config import read_config
from toolkit.jobs.queue import QUEUE_FILE, JsonMessages, open_queue


@pytest.fixture
def config(tmp_path):
    return read_config({}, data=str(tmp_path))


def put(config, *job_ids: UUID) -> None:
    with closing(open_queue(config)) as queue:
        for job_id in job_ids:
            queue.put(job_id)


def waiting(config) -> list[UUID]:
    """The ids in the queue, in order, taken out the way the job process does."""
    arrived: list[UUID] = []
    with closing(open_queue(config, arrived.append)) as queue:
        while (task := queue.huey.dequeue()) is not None:
            queue.huey.execute(task)
    return arrived


def test_ids_arrive_in_the_order_they_were_put(config):
    ids = [uuid4() for _ in range(3)]
    put(config, *ids)
    assert waiting(config) == ids
    assert waiting(config) == []


def test_messages_are_json_and_never_pickle(config, tmp_path):
    job_id = uuid4()
    put(config, job_id)
    with closing(sqlite3.connect(tmp_path / QUEUE_FILE)) as connection:
        (data,) = connection.execute("SELECT data FROM task").fetchone()
    assert json.loads(data)["args"] == [str(job_id)]
    with pytest.raises(ValueError):
        JsonMessages().deserialize(b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00K\x01.")


def test_the_queue_file_keeps_a_rollback_journal(config, tmp_path):
    put(config, uuid4())
    with closing(sqlite3.connect(tmp_path / QUEUE_FILE)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
