"""Workers killed while people send files: no row without its whole file, and what was acknowledged is there.

A short run by default; TEST_COUNTS=full makes the full count.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa

from tests.evidence_samples import PDF
from tests.kill.test_saving import QUESTIONS, assessment  # noqa: F401  # a fixture
from tests.proof import record
from tests.running_site import Client, RunningSite
from toolkit.services import sweeping
from toolkit.storage.db import transaction
from toolkit.storage.evidence import EvidenceFileRecord

pytestmark = [pytest.mark.kill, pytest.mark.slow]

KILLS = 200 if os.environ.get("TEST_COUNTS") == "full" else 8
FILE_BYTES = 1_000_000  # long enough under way that a kill meets it


@dataclass
class Sender:
    """Somebody who sends one file after the other; `acknowledged` are the digests that the site said it had kept."""

    client: Client
    path: str
    form_token: str
    chance: random.Random
    acknowledged: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    broken_lines: int = 0

    def send(self, stop: threading.Event) -> None:
        while not stop.is_set():
            filling = self.chance.randbytes(64) * (FILE_BYTES // 64)
            self._send(PDF.replace(b"\n%%EOF", b"\n%" + filling.replace(b"/", b" ") + b"\n%%EOF"))

    def _send(self, content: bytes) -> None:
        head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        headers = {
            "Content-Type": "multipart/form-data; boundary=b",
            "X-CSRFToken": self.form_token,
            "Accept": "application/json",
        }
        try:
            said = self.client.request("POST", self.path, head + content + b"\r\n--b--\r\n", headers)
        except OSError:
            self.broken_lines += 1
            time.sleep(0.02)
            return
        if self.client.status == 200:
            self.acknowledged.append(json.loads(said)["sha256"])
            if self.acknowledged[-1] != hashlib.sha256(content).hexdigest():
                self.unexpected.append("another digest")
        elif self.client.status not in (503, 507):
            self.unexpected.append(f"{self.client.status}: {said[:300]!r}")


def kill_a_worker(site: RunningSite, chance: random.Random) -> bool:
    """Kill -9; False when they are just being started again."""
    try:
        os.kill(chance.choice(site.workers()), signal.SIGKILL)
    except (StopIteration, IndexError, ProcessLookupError):
        return False
    return True


def wait_until_files_arrive(senders: list[Sender], site: RunningSite) -> None:
    """Let two files through, so that each kill meets people at work."""
    wanted = sum(len(sender.acknowledged) for sender in senders) + 2
    deadline = time.monotonic() + 60
    while sum(len(sender.acknowledged) for sender in senders) < wanted:
        assert time.monotonic() < deadline, f"nobody could send for a minute: {site.said()}"
        time.sleep(0.01)


def look_at_all(senders: list[Sender], seen: set[str]) -> None:
    """Hold what was acknowledged since the last look to the rows, and every row to its file; then make room."""
    new = {digest for sender in senders for digest in list(sender.acknowledged)} - seen
    row = EvidenceFileRecord
    with transaction() as look:
        assert new <= set(look.execute(sa.select(row.sha256)).scalars()), "acknowledged, and no row"
    assert list(sweeping.damaged()) == [], "a row without its whole file"
    with transaction() as tidy:
        tidy.execute(sa.delete(row).where(row.sha256.in_(new)))
    sweeping.sweep_orphans()
    seen |= new


def test_no_row_is_without_its_whole_file_when_workers_are_killed(
    assessment,  # noqa: F811
    database,
    checklists,
    database_kind,
):
    assessment_id, session = assessment
    config = database.extensions["toolkit_config"]
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)  # noqa: S311  # only decides whom to kill
    settings = {"DATABASE_URL": config.text("DATABASE_URL"), "CHECKLISTS": str(checklists), "WORKERS": 3}
    killed, senders, seen = 0, [], set()
    with RunningSite(config.data, **settings) as site:
        for number, question in enumerate(QUESTIONS):
            client = site.client(session.token)
            token = client.get_json(f"/assessments/{assessment_id}/token.json")["csrf_token"]
            path = f"/assessments/{assessment_id}/answers/{question}/files.json"
            senders.append(Sender(client, path, token, random.Random(seed + number)))  # noqa: S311
        stop = threading.Event()
        threads = [threading.Thread(target=sender.send, args=(stop,), daemon=True) for sender in senders]
        for thread in threads:
            thread.start()
        while killed < KILLS:
            wait_until_files_arrive(senders, site)
            time.sleep(chance.uniform(0.0, 0.05))
            killed += kill_a_worker(site, chance)
            if killed % 10 == 0:
                look_at_all(senders, seen)
        stop.set()
        for thread in threads:
            thread.join(40)
        assert not any(thread.is_alive() for thread in threads)
        assert site.stop() == 0, site.said()

    assert [sender.unexpected for sender in senders] == [[]] * 4, f"seed {seed}"
    look_at_all(senders, seen)
    broken = sum(sender.broken_lines for sender in senders)
    assert broken > 0, "no kill met a request"
    record(
        f"Killing while four people send files ({database_kind})",
        f"{killed} kills of workers with -9, {len(seen)} acknowledged files of {FILE_BYTES:,} bytes, "
        f"{broken} requests that met a kill, 0 rows without the whole file, 0 acknowledged files lost. Seed {seed}.",
    )
