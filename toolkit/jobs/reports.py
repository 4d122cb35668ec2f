"""Making reports in the background: one child process each, kept once made."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from toolkit.config import Config
from toolkit.jobs.limits import Limits, run_limited
from toolkit.reports import making
from toolkit.services import jobs, reports
from toolkit.services.reports import ReportInputs

CACHE = "cache"  # of the data folder: fonts as they are unpacked for drawing


def make_report(job: jobs.Job, config: Config, now: datetime) -> None:
    """Make a report that was asked for and keep it; done twice, the first one stays. Raises WorkFailed, NotFound."""
    inputs = reports.report_inputs(job.id, now=now)
    limits = Limits(seconds=config.number("REPORT_SECONDS"), megabytes=config.number("REPORT_MEGABYTES"))
    content = run_limited(draw, inputs, now, config.data / CACHE, limits=limits)
    reports.keep_report(job.id, inputs, content, now=datetime.now(UTC))


def draw(inputs: ReportInputs, made_at: datetime, cache_folder: Path) -> bytes:
    """The PDF; runs in the child process."""
    return making.make_report(
        inputs.checklist,
        inputs.assessment,
        inputs.card,
        edition=inputs.edition,
        language=inputs.language,
        made_at=made_at,
        superseded_by=inputs.superseded_by,
        cache_folder=cache_folder,
    )
