"""Reports asked for: a row that says what is wanted, and the file once it is made.

The job process takes the row (`toolkit.services.jobs`), draws from `report_inputs`, and gives the file to
`keep_report`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from toolkit.domain.access import Permission, permissions
from toolkit.domain.assessment import Assessment, Edition
from toolkit.domain.assessment_reading import read_assessment
from toolkit.domain.checklist import Checklist
from toolkit.domain.errors import InvalidInput, NotAllowed, NotFound, Problem
from toolkit.domain.scorecard import ScoreCard
from toolkit.domain.scoring import score_assessment
from toolkit.files.store import file_store
from toolkit.services import jobs
from toolkit.services.accounts import viewer_of
from toolkit.services.checklists import checklist_of
from toolkit.services.discussions import told
from toolkit.services.jobs import JobState
from toolkit.services.opening import OpenAssessment, load
from toolkit.services.positions import positions
from toolkit.services.submissions import editions_for, editions_of
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import AssessmentRecord
from toolkit.storage.base import insert_for, new_id
from toolkit.storage.card_text import read_card
from toolkit.storage.db import current_config, db, reading, transaction
from toolkit.storage.jobs import JobRecord, ReportFileRecord
from toolkit.storage.submissions import SubmissionRecord

JOB_KIND = "report"
LANGUAGES = ("en",)
DRAFTS_KEPT_DAYS = 2  # reports of drafts; those of submissions are kept


@dataclass(frozen=True, slots=True)
class ReportJob:
    """A report on its way. `progress` is per cent, `problem` a sentence when it failed."""

    id: UUID
    state: JobState
    progress: int
    problem: str = ""


@dataclass(frozen=True)
class ReportInputs:
    """All that drawing a report needs. `superseded_by` is the number of the later submission, None for a draft.

    `source` names what was read: a draft may have moved on since its report was asked for.
    """

    source: str
    checklist: Checklist
    assessment: Assessment
    card: ScoreCard
    edition: Edition
    language: str
    superseded_by: int | None = None


def request_report(
    *,
    submission_id: UUID | None = None,
    assessment_id: UUID | None = None,
    edition: Edition,
    language: str,
    viewer: Viewer,
    now: datetime,
) -> ReportJob:
    """Ask for the report of a submission, or of an assessment as it stands now. Raises NotFound, NotAllowed.

    The same report asked for twice is one job, and a report that is kept is done at once.
    """
    if (submission_id is None) == (assessment_id is None):
        raise ValueError("A report is of a submission or of an assessment.")
    if language not in LANGUAGES:
        raise InvalidInput("The report", (Problem("language", "There are no reports in this language yet."),))
    of: UUID
    if submission_id is not None:
        info, editions = editions_of(submission_id, viewer=viewer, now=now)
        of, source = info.assessment_id, f"submission:{submission_id}"
    elif assessment_id is not None:
        of = assessment_id
        source, editions = _draft_source(assessment_id, viewer, now)
    if edition not in editions:
        raise NotAllowed("You may not have this edition of the report.")
    with transaction() as session:
        key = f"{source}|{edition}|{language}"
        is_kept = _kept_file(source, edition, language) is not None
        known = session.execute(sa.select(JobRecord.id, JobRecord.state).where(JobRecord.key == key)).one_or_none()
        if is_kept and known is not None and known.state == JobState.DONE:
            return ReportJob(known.id, JobState.DONE, 100)
        payload = {"source": source, "edition": str(edition), "language": language}
        job_id = jobs.add(JOB_KIND, payload, key=key, assessment_id=of, by=viewer.person_id, now=now)
        if is_kept:  # its job was tidied away; the file is as good as ever
            jobs.finish_here(job_id, now=now)
        return _state(job_id)


def report_state(job_id: UUID, *, viewer: Viewer, now: datetime) -> ReportJob:
    """How far a report is. Raises NotFound."""
    with reading():
        _check_access(_job(job_id), viewer, now)
        return _state(job_id)


def report_bytes(job_id: UUID, *, viewer: Viewer, now: datetime) -> bytes:
    """The PDF. Raises NotFound, also while it is not made yet, and FileMissing when it was damaged."""
    with reading():
        payload = _job(job_id).payload
        _check_access(_job(job_id), viewer, now)
        sha256 = _kept_file(payload["source"], Edition(payload["edition"]), payload["language"])
    if sha256 is None:
        raise NotFound
    return file_store(current_config()).get(sha256)


def report_inputs(job_id: UUID, *, now: datetime) -> ReportInputs:
    """What the job process draws from: a submission's own bytes, or the assessment as it stands. Raises NotFound.

    For the job process only: whether the report may be had was looked at when it was asked for, and is again when it
    is fetched.
    """
    with reading() as session:
        job = _job(job_id)
        kind, _, rest = str(job.payload["source"]).partition(":")
        edition, language = Edition(job.payload["edition"]), str(job.payload["language"])
        if kind == "draft":
            opened = load(job.assessment_id, viewer=viewer_of(job.requested_by, now=now), now=now)
            source = _source_of_draft(opened)
            card = score_assessment(opened.checklist, opened.assessment)
            assessment = replace(opened.assessment, discussions=told(opened.id), positions=positions(opened.id))
            return ReportInputs(source, opened.checklist, assessment, card, edition, language)
        row, later = SubmissionRecord, aliased(SubmissionRecord)
        found = session.execute(
            sa.select(row.content, row.score_card, row.definition_digest, later.number.label("later_number"))
            .outerjoin(later, later.id == row.superseded_by_id)
            .where(row.id == UUID(rest))
        ).one_or_none()
        if found is None:
            raise NotFound
        checklist = checklist_of(found.definition_digest)
    assessment, card = read_assessment(found.content), read_card(found.score_card)
    return ReportInputs(f"submission:{rest}", checklist, assessment, card, edition, language, found.later_number)


def keep_report(job_id: UUID, inputs: ReportInputs, content: bytes, *, now: datetime) -> None:
    """Keep a report that was made, and say that its job is done. The first one made of its kind stays."""
    sha256 = file_store(current_config()).put(content)  # on disk before the row that names it
    with transaction() as session:
        job = _job(job_id)
        row = ReportFileRecord
        insert = insert_for(session)(row).values(
            id=new_id(),
            source=inputs.source,
            assessment_id=job.assessment_id,
            edition=inputs.edition,
            language=inputs.language,
            sha256=sha256,
            size=len(content),
            made_at=now,
        )
        session.execute(insert.on_conflict_do_nothing(index_elements=[row.source, row.edition, row.language]))
        payload = dict(job.payload) | {"source": inputs.source}
        session.execute(sa.update(JobRecord).where(JobRecord.id == job_id).values(payload=payload))
        jobs.finish_here(job_id, now=now)


def sweep_drafts(*, now: datetime) -> int:
    """Forget the reports of drafts that were made some days ago: how many."""
    row = ReportFileRecord
    old = sa.and_(row.source.startswith("draft:"), row.made_at <= now - timedelta(days=DRAFTS_KEPT_DAYS))
    with transaction() as session:
        return len(session.execute(sa.delete(row).where(old).returning(row.id)).all())


def _draft_source(assessment_id: UUID, viewer: Viewer, now: datetime) -> tuple[str, tuple[Edition, ...]]:
    with reading():
        opened = load(assessment_id, viewer=viewer, now=now)
    return _source_of_draft(opened), editions_for(opened.permissions)


def _source_of_draft(opened: OpenAssessment) -> str:
    return f"draft:{opened.id}:{opened.assessment.chain_head[:32]}"


def _job(job_id: UUID) -> sa.Row[*tuple[Any, ...]]:
    row = JobRecord
    found = db.session.execute(
        sa.select(row.id, row.payload, row.assessment_id, row.requested_by).where(
            row.id == job_id, row.kind == JOB_KIND
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _state(job_id: UUID) -> ReportJob:
    row = JobRecord
    found = db.session.execute(sa.select(row.id, row.state, row.progress, row.problem).where(row.id == job_id)).one()
    return ReportJob(found.id, JobState(found.state), found.progress, found.problem)


def _check_access(job: sa.Row[*tuple[Any, ...]], viewer: Viewer, now: datetime) -> None:
    """Raise NotFound unless the viewer may have this edition of this assessment now."""
    query = sa.select(AssessmentRecord.space_id).where(AssessmentRecord.id == job.assessment_id)
    space_id = db.session.execute(query).scalar_one()
    allowed = permissions(viewer.grants, space=space_id, assessment=job.assessment_id, now=now)
    draft = str(job.payload["source"]).startswith("draft:")
    seen = Permission.SEE_ASSESSMENT if draft else Permission.SEE_SUBMITTED
    if seen not in allowed or Edition(job.payload["edition"]) not in editions_for(allowed):
        raise NotFound


def _kept_file(source: str, edition: Edition, language: str) -> str | None:
    row = ReportFileRecord
    query = sa.select(row.sha256).where(row.source == source, row.edition == edition, row.language == language)
    return db.session.execute(query).scalar_one_or_none()
