"""Nothing that was acknowledged is lost when workers are killed while people save.

A short run by default; TEST_COUNTS=full makes the full count. What was counted is printed, and with TEST_PROOF it is
written to that file.
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.proof import record
from tests.running_site import Client, RunningSite
from toolkit.domain.access import SpaceKind
from toolkit.domain.assessment import SignOff, Subject, SubjectKind
from toolkit.domain.checklist import Track
from toolkit.services import assessments, people, spaces
from toolkit.storage.db import db, sqlite_module

pytestmark = [pytest.mark.kill, pytest.mark.slow]

KILLS = 60 if os.environ.get("TEST_COUNTS") == "full" else 6
QUESTIONS = ("youth_strategy", "youth_budget", "skills_plan", "safety_policy")
PASSWORD = "seven quiet herons by the mill"


@dataclass
class Writer:
    """Somebody who saves one answer again and again; `acknowledged` is what the site said it had kept."""

    client: Client
    path: str
    question: str
    form_token: str
    acknowledged: dict[int, str] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)
    broken_lines: int = 0

    def write(self, stop: threading.Event) -> None:
        revision = number = 0
        while not stop.is_set():
            number += 1
            comment = f"{self.question} {number}"
            answer = None
            while answer is None and not stop.is_set():
                answer = self._save(comment, number, revision)
            if answer is not None:
                revision = answer
                self.acknowledged[revision] = comment

    def _save(self, comment: str, number: int, revision: int) -> int | None:
        """The revision that the site acknowledged; None when the line broke or the site could not save just then."""
        name = f"q_{self.question}"
        form = {f"{name}-pick": str(number % 5), f"{name}-comment": comment, "csrf_token": self.form_token}
        try:
            said = self.client.post(self.path, form, {"If-Match": f'"{revision}"', "Accept": "application/json"})
        except OSError:
            self.broken_lines += 1
            time.sleep(0.02)
            return None
        if self.client.status == 200:
            return int(json.loads(said)["revision"])
        if self.client.status != 503:
            self.unexpected.append(f"{self.client.status}: {said[:300]}")
        time.sleep(0.02)
        return None


@pytest.fixture
def assessment(database, checklists):
    """An assessment, the session of its focal point, and the settings that a site needs to serve them."""
    now = datetime.now(UTC)
    token = people.first_administrator_link(now)
    assert token
    viewer = people.create_first_administrator(
        token, name="Amina", email="amina@example.org", password=PASSWORD, now=now
    )
    space = spaces.create_space("Example", SpaceKind.ORGANIZATION, "", "", by=viewer.person_id, now=now)
    assessment_id = assessments.start(
        space_id=space,
        subject=Subject("Example", SubjectKind.ORGANIZATION, "Example"),
        checklist_id="tiny",
        version="1.0.0",
        track=Track.FULL,
        sign_off=SignOff.NONE,
        title="",
        facts={},
        by=viewer.person_id,
        now=now,
    )
    session = people.sign_in("amina@example.org", PASSWORD, address="127.0.0.1", now=now)
    db.session.remove()
    return assessment_id, session


def whom_to_kill(chance: random.Random) -> list[str]:
    """Mostly web workers, and in between gunicorn itself and the job process; each at least once."""
    others = max(1, KILLS // 20)  # five deaths of gunicorn within a minute are taken for a fault that stays
    wanted = ["gunicorn"] * others + ["job process"] * others + ["worker"] * (KILLS - 2 * others)
    chance.shuffle(wanted)
    return wanted


def kill(site: RunningSite, name: str, chance: random.Random) -> bool:
    """Kill -9; False when it is just being started again."""
    try:
        victims = {"gunicorn": lambda: [site.master()], "job process": lambda: [site.job_process()]}
        os.kill(chance.choice(victims.get(name, site.workers)()), signal.SIGKILL)
    except (StopIteration, IndexError, ProcessLookupError):
        return False
    return True


def wait_until_people_save(writers: list[Writer], site: RunningSite) -> None:
    """Let every writer get ten saves through, so that each kill meets people at work."""
    wanted = [len(writer.acknowledged) + 10 for writer in writers]
    deadline = time.monotonic() + 60
    while any(len(writer.acknowledged) < count for writer, count in zip(writers, wanted, strict=True)):
        assert time.monotonic() < deadline, f"nobody could save for a minute: {site.said()}"
        time.sleep(0.05)


def test_no_acknowledged_answer_is_lost_when_workers_are_killed(assessment, database, checklists, database_kind):
    assessment_id, session = assessment
    config = database.extensions["toolkit_config"]
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)  # noqa: S311  # only decides whom to kill
    killed: list[str] = []
    settings = {"DATABASE_URL": config.text("DATABASE_URL"), "CHECKLISTS": str(checklists), "WORKERS": 3}
    with RunningSite(config.data, **settings) as site:
        writers = []
        for question in QUESTIONS:
            client = site.client(session.token)
            token = client.get_json(f"/assessments/{assessment_id}/token.json")["csrf_token"]
            writers.append(Writer(client, f"/assessments/{assessment_id}/answers/{question}", question, token))
        stop = threading.Event()
        threads = [threading.Thread(target=writer.write, args=(stop,), daemon=True) for writer in writers]
        for thread in threads:
            thread.start()
        for name in whom_to_kill(chance):
            wait_until_people_save(writers, site)
            time.sleep(chance.uniform(0.05, 0.5))
            deadline = time.monotonic() + 60
            while not kill(site, name, chance):
                assert time.monotonic() < deadline, f"no {name} to kill for a minute: {site.said()}"
                time.sleep(0.1)
            killed.append(name)
        wait_until_people_save(writers, site)
        stop.set()
        for thread in threads:
            thread.join(40)
        assert not any(thread.is_alive() for thread in threads)
        assert site.stop() == 0, site.said()

    for writer in writers:
        assert writer.unexpected == [], f"seed {seed}"
        history = assessments.history(assessment_id, writer.question, viewer=session.viewer, now=datetime.now(UTC))
        kept = {version.revision: version.answer.comment for version in history}
        lost = {revision: text for revision, text in writer.acknowledged.items() if kept.get(revision) != text}
        assert lost == {}, f"seed {seed}"
        assert sorted(kept) == list(range(1, len(kept) + 1)), "revisions have gaps"
    acknowledged = sum(len(writer.acknowledged) for writer in writers)
    broken = sum(writer.broken_lines for writer in writers)
    assert broken > 0, "no kill met a request"
    if database_kind == "sqlite":
        assert integrity(config.data / "toolkit.sqlite3") == "ok"
    counted = ", ".join(f"{killed.count(name)} × {name}" for name in ("worker", "job process", "gunicorn"))
    record(
        f"Killing while four people save ({database_kind})",
        f"{len(killed)} kills with -9 ({counted}), {acknowledged} acknowledged saves, "
        f"{broken} requests that met a kill, 0 acknowledged saves lost. Seed {seed}.",
    )


def integrity(path: Path) -> str:
    connection = sqlite_module().connect(str(path))
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()
