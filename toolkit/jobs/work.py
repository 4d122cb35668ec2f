"""One job, from its row to its end: who does which kind, and what happens when it fails."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from uuid import UUID

from toolkit.config import Config
from toolkit.domain.errors import ToolkitError
from toolkit.jobs.letters import (
    send_digest,
    send_handover_letter,
    send_invitation_letter,
    send_mention_letter,
    send_personal_link,
    send_reset_link,
)
from toolkit.jobs.limits import WorkFailed
from toolkit.jobs.reports import make_report
from toolkit.services import digests, discussions, handing_over, invitation_mail, jobs, personal_links, reports, resets

Worker = Callable[[jobs.Job, Config, datetime], None]

WORKERS: Mapping[str, Worker] = {
    reports.JOB_KIND: make_report,
    resets.JOB_KIND: send_reset_link,
    handing_over.LETTER: send_handover_letter,
    discussions.LETTER: send_mention_letter,
    digests.JOB_KIND: send_digest,
    invitation_mail.LETTER: send_invitation_letter,
    personal_links.LETTER: send_personal_link,
}
BROKE = "It broke. The log of the job process has the details."

log = logging.getLogger(__name__)


def run_job(job_id: UUID, config: Config, *, stale_after: int) -> None:
    """Do one job, unless it is done or somebody is at it. Needs the database; raises nothing.

    What cannot succeed is given up with the sentence that says why; what broke is tried again, a few times.
    """
    job = jobs.take(job_id, stale_after=stale_after, now=_now())
    if job is None:
        return
    try:
        WORKERS[job.kind](job, config, _now())
    except WorkFailed as error:
        jobs.give_up(job_id, str(error), again=False, now=_now())
    except ToolkitError as error:
        log.warning("Job %s (%s): %s", job_id, job.kind, error)
        jobs.give_up(job_id, str(error), again=True, now=_now())
    except Exception:
        log.exception("Job %s (%s) broke", job_id, job.kind)
        jobs.give_up(job_id, BROKE, again=True, now=_now())
    else:
        jobs.finish(job_id, now=_now())


def _now() -> datetime:
    return datetime.now(UTC)
