"""What of an assessment may be taken away: its last submission, or the draft for those who may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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
from toolkit.services import discussions, submissions
from toolkit.services.positions import positions_told
from toolkit.web.clock import utc_now
from toolkit.web.opened import opened
from toolkit.web.viewers import signed_in_viewer
from toolkit.web.words import EDITION_READERS


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody may take away, and in which editions. `submission_id` is None for a draft."""

    assessment_id: UUID
    submission_id: UUID | None
    title: str
    editions: tuple[Edition, ...]


# What tells the editions apart, in one order on every card: what it is, and the editions that hold it.
CONTENTS = {
    "Levels and scores of themes": frozenset(Edition),
    "Every answer, with its reasons": frozenset({Edition.INTERNAL, Edition.SHARED}),
    "Titles of evidence": frozenset({Edition.INTERNAL, Edition.SHARED}),
    "Comments, links and names": frozenset({Edition.INTERNAL}),
}


@dataclass(frozen=True, slots=True)
class EditionCard:
    """One edition as it is offered: who may read it, what it holds and what it leaves out."""

    edition: Edition
    readers: str
    holds: tuple[str, ...]
    leaves_out: tuple[str, ...]
    is_recommended: bool


def cards(editions: tuple[Edition, ...], *, is_draft: bool) -> tuple[EditionCard, ...]:
    """The editions, the recommended one first: a draft stays with its people, a submission is made to be passed on."""
    best = Edition.INTERNAL if is_draft and Edition.INTERNAL in editions else Edition.SHARED
    return tuple(
        EditionCard(
            one,
            EDITION_READERS[one],
            tuple(label for label, holders in CONTENTS.items() if one in holders),
            tuple(label for label, holders in CONTENTS.items() if one not in holders),
            one is best,
        )
        for one in sorted(editions, key=lambda one: one is not best)
    )


@dataclass(frozen=True, slots=True)
class Publication:
    """An assessment to read or take away."""

    offer: Offer
    assessment: Assessment
    checklist: Checklist
    card: ScoreCard


def offer(assessment_id: UUID) -> Offer:
    """What there is: the newest submission while it stands, else the draft.

    Raises NotAllowed for those who see a part of the answers: figures from a part would mislead.
    """
    one = opened(assessment_id)
    if not one.visible.everywhere:
        raise NotAllowed("Results are for those who see all answers. You were given a part of them.")
    newest = None
    if one.assessment.state is State.SUBMITTED and one.may(Permission.SEE_SUBMITTED):
        newest = submissions.for_assessment(assessment_id, viewer=signed_in_viewer(), now=utc_now())[0].id
    return Offer(assessment_id, newest, one.title, submissions.editions_for(one.permissions))


def publication(assessment_id: UUID) -> Publication:
    """What `offer` names, opened: a submission's own figures, or a draft's of this moment. Raises as `offer` does."""
    offered = offer(assessment_id)
    if offered.submission_id is not None:
        kept = submissions.submission(offered.submission_id, viewer=signed_in_viewer(), now=utc_now())
        return Publication(offered, kept.assessment, kept.checklist, kept.card)
    one = opened(assessment_id)
    voices = positions_told(assessment_id) if one.may(Permission.SEE_VOICES) else ()
    assessment = replace(one.assessment, discussions=discussions.chosen(assessment_id), positions=voices)
    return Publication(offered, assessment, one.checklist, score_assessment(one.checklist, assessment))


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
