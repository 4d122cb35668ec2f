"""Many people at once on a running site: twelve save into one assessment, twenty approve one at the same moment.

A short run by default; TEST_COUNTS=full makes the full count. What was counted is printed, and with TEST_PROOF it is
written to that file.
"""

from __future__ import annotations

import json
import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.proof import record
from tests.running_site import Client, RunningSite
from tests.services.world import PASSWORD, a_draft, a_space, answer_all, in_space, with_password
from toolkit.domain.access import Role
from toolkit.domain.assessment import SignOff, State
from toolkit.services import assessments, people
from toolkit.services.auditing import verify_trail
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import ApprovalRecord
from toolkit.storage.db import db

pytestmark = [pytest.mark.slow, pytest.mark.kill]

FULL = os.environ.get("TEST_COUNTS") == "full"
CLIENTS, SAVES = 12, 2_000 if FULL else 240
APPROVERS, ROUNDS = 20, 40 if FULL else 4
QUESTIONS = ("youth_strategy", "youth_budget", "skills_plan", "safety_policy")


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def space(database):
    return a_space()


@pytest.fixture
def site(database, checklists, space):
    """A running site on the database of the test, with three workers."""
    config = database.extensions["toolkit_config"]
    settings = {"DATABASE_URL": config.text("DATABASE_URL"), "CHECKLISTS": str(checklists), "WORKERS": 3}
    with RunningSite(config.data, **settings) as running:
        yield running


def signed_in(site: RunningSite, viewer: Viewer) -> Client:
    """A client of somebody."""
    session = people.sign_in(viewer.email, PASSWORD, address="127.0.0.1", now=now())
    db.session.remove()
    return site.client(session.token)


def all_at_once(actions: Iterable[Callable[[], None]]) -> None:
    """Run every action in a thread of its own, starting at the same moment; the first error of any is raised."""
    actions = list(actions)
    ready, errors = threading.Barrier(len(actions)), []

    def run(action: Callable[[], None]) -> None:
        ready.wait()
        try:
            action()
        except BaseException as error:  # it belongs to the test, which would not see it in a thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(action,), daemon=True) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert not any(thread.is_alive() for thread in threads), "somebody is still at it"
    if errors:
        raise errors[0]


@dataclass
class Colleague:
    """Somebody who saves words of their own into questions that others answer too, each time on what they saw last."""

    name: str
    client: Client
    address: str
    chance: random.Random
    acknowledged: list[tuple[str, int, int, str]] = field(default_factory=list)  # question, seen, kept as, words
    told: int = 0

    def work(self, saves: int) -> None:
        """Save that often, whatever it takes; whoever is told of a conflict looks and says their words once more."""
        token = self.client.get_json(f"{self.address}/token.json")["csrf_token"]
        seen = dict.fromkeys(QUESTIONS, 0)
        while len(self.acknowledged) < saves:
            question = self.chance.choice(QUESTIONS)
            words = f"{self.name}, number {len(self.acknowledged) + 1}"
            form = {f"q_{question}-pick": str(len(self.acknowledged) % 5), f"q_{question}-comment": words}
            headers = {"If-Match": f'"{seen[question]}"', "Accept": "application/json"}
            said = json.loads(
                self.client.post(f"{self.address}/answers/{question}", form | {"csrf_token": token}, headers)
            )
            if self.client.status == 412:
                assert said["conflict"]["saved_by"], "the second is told who was first"
                self.told += 1
                seen[question] = said["conflict"]["revision"]
            elif self.client.status == 200:
                self.acknowledged.append((question, seen[question], said["revision"], words))
                seen[question] = said["revision"]
            else:
                assert self.client.status == 503, said


def test_of_twelve_on_one_assessment_nobody_loses_a_word_or_is_run_over(space, site, database_kind):
    lead = in_space(space, Role.FOCAL_POINT)
    assessment = a_draft(space, lead)
    names = [f"Colleague {number}" for number in range(CLIENTS)]
    colleagues = [
        Colleague(
            name,
            signed_in(site, with_password(in_space(space, Role.CONTRIBUTOR, name))),
            f"/assessments/{assessment}",
            random.Random(name),  # noqa: S311  # only decides which question comes next
        )
        for name in names
    ]
    each = -(-SAVES // CLIENTS)
    all_at_once(lambda one=one: one.work(each) for one in colleagues)

    kept = {
        question: {
            version.revision: version.answer.comment
            for version in assessments.history(assessment, question, viewer=lead, now=now())
        }
        for question in QUESTIONS
    }
    saves = [save for one in colleagues for save in one.acknowledged]
    assert [save for save in saves if kept[save[0]].get(save[2]) != save[3]] == [], "lost"
    assert [save for save in saves if save[2] != save[1] + 1] == [], "kept on something else than was seen"
    assert max(Counter((question, revision) for question, _, revision, _ in saves).values()) == 1
    assert sum(map(len, kept.values())) == len(saves), "what is in the history was acknowledged"
    told = sum(one.told for one in colleagues)
    assert told > 0, "nobody ever met anybody: the run shows nothing"
    assert verify_trail().faults == ()
    record(
        f"Twelve people on one assessment ({database_kind})",
        f"{len(saves)} saves of {CLIENTS} clients into {len(QUESTIONS)} questions, {told} times somebody was told that "
        "another was first, 0 lost, 0 overwritten in silence.",
    )


def test_of_twenty_approvals_at_once_one_wins_each_round(space, site, database_kind):
    lead = in_space(space, Role.FOCAL_POINT)
    names = [f"Approver {number}" for number in range(APPROVERS)]
    clients = [signed_in(site, with_password(in_space(space, Role.APPROVER, name))) for name in names]
    refused: Counter[int] = Counter()
    for _ in range(ROUNDS):
        assessment = a_draft(space, lead, sign_off=SignOff.ONE)
        answer_all(assessment, lead)
        assessments.send_to_review(assessment, viewer=lead, now=now())
        db.session.remove()
        answers = approve_at_once(clients, assessment)
        assert answers[302] == 1, answers
        refused += answers
        query = sa.select(sa.func.count()).select_from(ApprovalRecord).where(ApprovalRecord.assessment_id == assessment)
        assert db.session.execute(query).scalar_one() == 1
        opened = assessments.open_assessment(assessment, viewer=lead, now=now())
        assert opened.assessment.state is State.APPROVED
    assert set(refused) <= {302, 409, 503}, refused
    assert verify_trail().faults == ()
    record(
        f"Twenty approvals at once ({database_kind})",
        f"{ROUNDS} rounds of {APPROVERS} clients: one winner in each, {refused[409]} told that somebody was "
        f"first, {refused[503]} asked to come again.",
    )


def approve_at_once(clients: list[Client], assessment: UUID) -> Counter[int]:
    """How often each status came back when every client approves at the same moment."""
    tokens = [client.get_json(f"/assessments/{assessment}/token.json")["csrf_token"] for client in clients]
    statuses: list[int] = []

    def approve(client: Client, token: str) -> None:
        client.post(f"/assessments/{assessment}/approve", {"csrf_token": token})
        statuses.append(client.status)

    all_at_once(
        lambda client=client, token=token: approve(client, token) for client, token in zip(clients, tokens, strict=True)
    )
    return Counter(statuses)
