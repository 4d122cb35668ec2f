"""The daily digest in the job process: from the sweep to a file in the folder, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP

import sqlalchemy as sa

from tests.services.world import a_draft, a_space, in_space
from toolkit.domain.access import Role
from toolkit.domain.handovers import HandedPart, PartKind
from toolkit.jobs.letters import send_digest
from toolkit.jobs.sweep import Sweep
from toolkit.jobs.work import WORKERS, run_job
from toolkit.services import digests, handing_over, jobs
from toolkit.storage.db import current_config, db
from toolkit.storage.jobs import JobRecord

MORNING = datetime.now(UTC).replace(hour=9, minute=0)


def handed(due_in=1):
    space = a_space()
    focal, noor = in_space(space, Role.FOCAL_POINT), in_space(space, Role.READER, "Noor Example")
    parts = [HandedPart(PartKind.THEME, "youth")]
    due_on = (MORNING + timedelta(days=due_in)).date()
    draft = a_draft(space, focal)
    handing_over.hand_over(draft, to=[noor.person_id], parts=parts, viewer=focal, now=MORNING, due_on=due_on)


def messages():
    folder = current_config().data / "mail"
    return [message_from_bytes(path.read_bytes(), policy=SMTP) for path in sorted(folder.glob("*.eml"))]


def test_the_sweep_wants_a_digest_once_and_its_job_writes_one_message(database):
    handed()
    put = []
    for _ in range(3):
        Sweep(put.append).run(stale_after=60, now=MORNING)
    wanted = db.session.execute(sa.select(JobRecord.id).where(JobRecord.kind == digests.JOB_KIND)).scalars().all()
    assert len(wanted) == 1
    for _ in range(2):
        run_job(wanted[0], current_config(), stale_after=60)
    (message,) = messages()
    assert message["Subject"] == "Your questions: 1 due soon"
    assert message["List-Unsubscribe"].startswith("<http")
    assert "/reminders/stop/" in message["List-Unsubscribe"]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].strip("<>") in message.get_content()


def test_a_mail_server_that_is_away_is_tried_again_the_same_day(database):
    handed()
    digests.plan(now=MORNING)
    job = db.session.execute(sa.select(JobRecord.id).where(JobRecord.kind == digests.JOB_KIND)).scalar_one()
    current_config().values["SMTP_URL"] = "smtp://127.0.0.1:9"
    run_job(job, current_config(), stale_after=60)
    assert db.session.execute(sa.select(JobRecord.state).where(JobRecord.id == job)).scalar_one() == "queued"
    current_config().values["SMTP_URL"] = ""
    run_job(job, current_config(), stale_after=60)
    assert len(messages()) == 1


def test_a_letter_about_a_hand_over_has_its_jobs_name(database):
    handed()
    job = db.session.execute(sa.select(JobRecord.id).where(JobRecord.kind == handing_over.LETTER)).scalar_one()
    run_job(job, current_config(), stale_after=60)
    (path,) = (current_config().data / "mail").glob("*.eml")
    assert path.stem.endswith(str(job))
    assert WORKERS[digests.JOB_KIND] is send_digest
    assert jobs.payload(job)["what"] == "new"
