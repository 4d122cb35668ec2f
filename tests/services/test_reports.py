"""Reports asked for, made by the job process, kept, and fetched by those who may."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from tests.builders import answered
from tests.services.world import COMPLETE, LATER, NOW, a_draft, a_space, answer_all, in_space
from toolkit.domain.access import Role
from toolkit.domain.assessment import Edition, State
from toolkit.domain.errors import InvalidInput, NotAllowed, NotFound
from toolkit.files.store import file_store
from toolkit.services import assessments, jobs, reports, sweeping
from toolkit.services.jobs import JobState
from toolkit.storage.db import current_config, db
from toolkit.storage.jobs import JobRecord, ReportFileRecord

PDF = b"%PDF-1.7 a report"


@pytest.fixture
def focal(database):
    """The focal point of a space."""
    return in_space(a_space(), Role.FOCAL_POINT)


@pytest.fixture
def assessment(focal):
    """A complete draft."""
    made = a_draft(UUID(focal.grants[0].scope.id), focal)
    answer_all(made, focal)
    return made


def ask(viewer, *, edition=Edition.INTERNAL, now=NOW, **what):
    return reports.request_report(edition=edition, language="en", viewer=viewer, now=now, **what)


def make(job_id, content=PDF, now=NOW):
    assert jobs.take(job_id, stale_after=60, now=now).kind == reports.JOB_KIND
    inputs = reports.report_inputs(job_id, now=now)
    reports.keep_report(job_id, inputs, content, now=now)
    return inputs


def rows(table):
    with db.engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_a_report_of_a_submission_is_made_once_and_kept(focal, assessment):
    info = assessments.submit(assessment, viewer=focal, now=NOW)
    job = ask(focal, submission_id=info.id)
    assert job.state is JobState.QUEUED
    assert ask(focal, submission_id=info.id) == job
    assert tuple(jobs.waiting(stale_after=60, now=NOW)) == (job.id,)
    inputs = make(job.id)
    assert inputs.assessment.answers == COMPLETE
    assert inputs.assessment.state is State.SUBMITTED
    assert inputs.superseded_by is None
    again = ask(focal, submission_id=info.id, now=LATER)
    assert (again.id, again.state, again.progress) == (job.id, JobState.DONE, 100)
    assert reports.report_bytes(job.id, viewer=focal, now=NOW) == PDF
    assert tuple(jobs.waiting(stale_after=60, now=NOW)) == ()
    assert rows(JobRecord) == rows(ReportFileRecord) == 1


def test_editions_are_reports_of_their_own(focal, assessment):
    info = assessments.submit(assessment, viewer=focal, now=NOW)
    found = {ask(focal, submission_id=info.id, edition=edition).id for edition in Edition}
    assert len(found) == 3


def test_a_kept_report_outlives_its_job(focal, assessment):
    info = assessments.submit(assessment, viewer=focal, now=NOW)
    make(ask(focal, submission_id=info.id).id)
    assert jobs.tidy(now=NOW + timedelta(days=8)) == 1
    again = ask(focal, submission_id=info.id, now=NOW + timedelta(days=8))
    assert again.state is JobState.DONE
    assert reports.report_bytes(again.id, viewer=focal, now=NOW) == PDF


def test_a_superseded_submission_says_so_in_its_next_report(focal, assessment):
    first = assessments.submit(assessment, viewer=focal, now=NOW)
    assessments.reopen(assessment, reason="A figure was wrong.", viewer=focal, now=NOW)
    answer_all(assessment, focal, youth_budget=answered(4))
    assessments.submit(assessment, viewer=focal, now=LATER)
    inputs = make(ask(focal, submission_id=first.id).id)
    assert inputs.superseded_by == 2
    assert inputs.assessment.answers == COMPLETE


def test_a_draft_has_a_report_of_each_of_its_states(focal, assessment):
    job = ask(focal, assessment_id=assessment)
    assert ask(focal, assessment_id=assessment).id == job.id
    answer_all(assessment, focal, youth_budget=answered(0))
    assert ask(focal, assessment_id=assessment).id != job.id


def test_a_report_is_filed_under_what_was_drawn_not_under_what_was_asked_for(focal, assessment):
    job = ask(focal, assessment_id=assessment)
    answer_all(assessment, focal, youth_budget=answered(0))
    inputs = make(job.id)
    assert inputs.assessment.answers["youth_budget"] == answered(0)
    assert ask(focal, assessment_id=assessment).state is JobState.DONE
    assert reports.report_bytes(job.id, viewer=focal, now=NOW) == PDF


def test_reports_of_drafts_are_forgotten_those_of_submissions_stay(focal, assessment):
    make(ask(focal, assessment_id=assessment).id, b"%PDF draft")
    info = assessments.submit(assessment, viewer=focal, now=NOW)
    kept = ask(focal, submission_id=info.id)
    make(kept.id)
    late = NOW + timedelta(days=3)
    assert reports.sweep_drafts(now=late) == 1
    assert sweeping.sweep_orphans(min_age_seconds=0) == 1
    assert sweeping.sweep_orphans(min_age_seconds=0) == 0
    assert reports.report_bytes(kept.id, viewer=focal, now=late) == PDF


def test_a_file_that_no_row_names_yet_is_left_alone_for_an_hour(focal):
    sha256 = file_store(current_config()).put(b"about to be named")
    assert sweeping.sweep_orphans() == 0
    assert file_store(current_config()).get(sha256) == b"about to be named"


def test_who_gets_which_edition(focal, assessment):
    space = UUID(focal.grants[0].scope.id)
    info = assessments.submit(assessment, viewer=focal, now=NOW)
    reader = in_space(space, Role.READER)
    with pytest.raises(NotAllowed):
        ask(reader, submission_id=info.id)
    shared = ask(reader, submission_id=info.id, edition=Edition.SHARED)
    make(shared.id)
    assert reports.report_bytes(shared.id, viewer=reader, now=NOW) == PDF
    internal = ask(focal, submission_id=info.id)
    make(internal.id, b"%PDF internal")
    for attempt in (reports.report_state, reports.report_bytes):
        with pytest.raises(NotFound):
            attempt(internal.id, viewer=reader, now=NOW)


def test_a_stranger_finds_no_report(focal, assessment):
    info = assessments.submit(assessment, viewer=focal, now=NOW)
    job = ask(focal, submission_id=info.id)
    make(job.id)
    stranger = in_space(a_space("Elsewhere"), Role.FOCAL_POINT, "Sam Stranger")
    for attempt in (
        lambda: ask(stranger, submission_id=info.id),
        lambda: ask(stranger, assessment_id=assessment),
        lambda: reports.report_state(job.id, viewer=stranger, now=NOW),
        lambda: reports.report_bytes(job.id, viewer=stranger, now=NOW),
        lambda: reports.report_state(uuid4(), viewer=stranger, now=NOW),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_a_report_that_is_not_made_yet_is_not_there(focal, assessment):
    job = ask(focal, assessment_id=assessment)
    with pytest.raises(NotFound):
        reports.report_bytes(job.id, viewer=focal, now=NOW)


def test_a_language_without_reports_is_refused(focal, assessment):
    with pytest.raises(InvalidInput):
        reports.request_report(assessment_id=assessment, edition=Edition.SHARED, language="xx", viewer=focal, now=NOW)
