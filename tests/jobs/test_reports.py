"""Reports, the whole way: asked for, drawn in a process of their own, kept, fetched. On SQLite and PostgreSQL."""

from io import BytesIO
from uuid import UUID

import pikepdf
import pytest

from tests.services.world import NOW, a_draft, a_space, answer_all, in_space
from toolkit.domain.access import Role
from toolkit.domain.assessment import Edition
from toolkit.jobs.process import JobProcess, job_process
from toolkit.services import assessments, reports
from toolkit.services.jobs import JobState
from toolkit.storage.db import current_config


@pytest.fixture
def focal(database):
    return in_space(a_space(), Role.FOCAL_POINT)


@pytest.fixture
def submission(focal):
    made = a_draft(UUID(focal.grants[0].scope.id), focal)
    answer_all(made, focal)
    return assessments.submit(made, viewer=focal, now=NOW)


def ask(viewer, submission, edition=Edition.INTERNAL):
    return reports.request_report(submission_id=submission.id, edition=edition, language="en", viewer=viewer, now=NOW)


def test_reports_are_drawn_elsewhere_and_come_back_as_tagged_pdf_one_for_each_edition(focal, submission):
    job, *others = (ask(focal, submission, edition) for edition in Edition)
    with job_process(current_config()) as process:
        assert process.run_once() >= 3
    state = reports.report_state(job.id, viewer=focal, now=NOW)
    assert (state.state, state.problem) == (JobState.DONE, "")
    content = reports.report_bytes(job.id, viewer=focal, now=NOW)
    with pikepdf.open(BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.pages) > 1
        assert set(pdf.attachments) == {"assessment.json", "figures.json"}
    assert content not in {reports.report_bytes(other.id, viewer=focal, now=NOW) for other in others}
    assert ask(focal, submission).state is JobState.DONE
    assert reports.report_bytes(job.id, viewer=focal, now=NOW) == content


def test_a_report_beyond_its_memory_fails_with_a_sentence_and_can_be_asked_for_again(focal, submission):
    config = current_config()
    job = ask(focal, submission)
    small = type(config)({**config.values, "REPORT_MEGABYTES": 1})
    process = JobProcess(small, started_at=NOW)
    process.run_once()
    process.close()
    state = reports.report_state(job.id, viewer=focal, now=NOW)
    assert state.state is JobState.FAILED
    assert "memory" in state.problem

    again = ask(focal, submission)
    assert again.state is JobState.QUEUED
    with job_process(config) as process:
        process.run_once()
    assert reports.report_state(again.id, viewer=focal, now=NOW).state is JobState.DONE
