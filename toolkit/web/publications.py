"""What of an assessment may be taken away: its last submission, or the draft for those who may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from toolkit.domain.access import Permission
from toolkit.domain.assessment import Assessment, Edition, State
from toolkit.domain.checklist import Checklist
from toolkit.domain.errors import NotAllowed
from toolkit.domain.scorecard import ScoreCard
from toolkit.domain.scoring import score_assessment
from toolkit.exports.assessment_file import assessment_file
from toolkit.exports.csv_answers import csv_answers
from toolkit.exports.score_json import score_json
from toolkit.exports.xlsx_answers import xlsx_answers
from toolkit.services import submissions
from toolkit.web.clock import utc_now
from toolkit.web.opened import opened
from toolkit.web.viewers import signed_in_viewer


@dataclass(frozen=True)
class Publication:
    """An assessment to read or take away. `submission_id` is None for a draft."""

    assessment_id: UUID
    submission_id: UUID | None
    title: str
    assessment: Assessment
    checklist: Checklist
    card: ScoreCard
    editions: tuple[Edition, ...]
    superseded_by: int | None = None


def publication(assessment_id: UUID) -> Publication:
    """What there is: the newest submission while it stands, else the draft with its figures of this moment.

    Raises NotAllowed for those who see a part of the answers: figures from a part would mislead.
    """
    one, viewer, now = opened(assessment_id), signed_in_viewer(), utc_now()
    if not one.visible.everywhere:
        raise NotAllowed("Results are for those who see all answers. You were given a part of them.")
    if one.assessment.state is State.SUBMITTED and one.may(Permission.SEE_SUBMITTED):
        newest = submissions.for_assessment(assessment_id, viewer=viewer, now=now)[0]
        kept = submissions.submission(newest.id, viewer=viewer, now=now)
        return Publication(
            assessment_id, newest.id, one.title, kept.assessment, kept.checklist, kept.card, kept.editions
        )
    card = score_assessment(one.checklist, one.assessment)
    editions = submissions.editions_for(one.permissions)
    return Publication(assessment_id, None, one.title, one.assessment, one.checklist, card, editions)


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file on offer."""

    label: str
    ending: str
    mimetype: str
    make: Callable[[Publication, Edition], bytes]


FORMATS = {
    "xlsx": Format(
        "Spreadsheet (XLSX)",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda one, edition: xlsx_answers(one.checklist, one.assessment, one.card, edition),
    ),
    "csv": Format(
        "Table (CSV)",
        "csv",
        "text/csv; charset=utf-8",
        lambda one, edition: csv_answers(one.checklist, one.assessment, one.card, edition),
    ),
    "assessment.json": Format(
        "Assessment file (JSON)",
        "assessment.json",
        "application/json",
        lambda one, edition: assessment_file(one.checklist, one.assessment, one.card, edition),
    ),
    "scores.json": Format(
        "Scores (JSON)",
        "scores.json",
        "application/json",
        lambda one, edition: score_json(one.checklist, one.assessment, one.card, edition),
    ),
}
