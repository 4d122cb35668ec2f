"""Bringing an assessment file in: look at it first, then make a draft of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from toolkit.domain.answers import UNANSWERED, Answer
from toolkit.domain.assessment import Assessment, Edition, Mandate
from toolkit.domain.assessment_reading import WHAT, AssessmentFile, read_file
from toolkit.domain.checking import AnswerProblem
from toolkit.domain.checklist import Checklist, QuestionId
from toolkit.domain.errors import InvalidInput, NotFound, Problem
from toolkit.domain.fitting import fits
from toolkit.services.answering import save_in
from toolkit.services.checklists import keep_definition
from toolkit.services.history import problems_of
from toolkit.services.scoping import scope_in
from toolkit.services.starting import add_assessment, may_start
from toolkit.services.viewers import Viewer
from toolkit.storage.db import current_config, transaction
from toolkit.storage.definitions import ChecklistNotFound, find_checklist


@dataclass(frozen=True)
class ImportPreview:
    """What an import would bring: the assessment as read, its checklist, and what is still missing in it."""

    assessment: Assessment
    checklist: Checklist
    edition: Edition
    answers: int
    problems: tuple[AnswerProblem, ...]


def preview(data: bytes, *, space_id: UUID, viewer: Viewer, now: datetime) -> ImportPreview:
    """Read an assessment file without keeping anything. Raises NotFound, NotAllowed, InvalidInput with every problem.

    The file must be for a checklist version of this site, of exactly the same content.
    """
    may_start(viewer, space_id, now=now)
    file = read_file(data)
    checklist = _checklist(file)
    return ImportPreview(
        assessment=file.assessment,
        checklist=checklist,
        edition=file.edition,
        answers=len(_given(file)),
        problems=problems_of(checklist, file.assessment),
    )


def import_assessment(data: bytes, *, space_id: UUID, viewer: Viewer, now: datetime, title: str = "") -> UUID:
    """Make a draft from an assessment file: its id. Raises NotFound, NotAllowed, InvalidInput.

    Answers, scope and facts come over; state, approvals, submissions and trail do not: it is a new assessment, and the
    history of each answer says that it came from a file and which.
    """
    may_start(viewer, space_id, now=now)
    file = read_file(data)
    found = _checklist(file)
    assessment = file.assessment
    with transaction():
        checklist = keep_definition(found.id, found.version, now=now)
        assessment_id = add_assessment(
            space_id,
            assessment.subject,
            checklist,
            assessment.track,
            assessment.sign_off,
            title=title or assessment.title,
            facts=assessment.facts,
            viewer=viewer,
            now=now,
            details={"imported": file.sha256},
        )
        outside = {theme: one for theme, one in assessment.scope.items() if one.mandate is not Mandate.IN or one.reason}
        if outside:
            scope_in(assessment_id, outside, viewer=viewer, now=now)
        answers = {question: (answer, 0) for question, answer in _given(file).items()}
        if answers:
            save_in(assessment_id, answers, viewer=viewer, now=now, copied_from=f"file {file.sha256}")
    return assessment_id


def _given(file: AssessmentFile) -> dict[QuestionId, Answer]:
    return {question: answer for question, answer in file.assessment.answers.items() if answer != UNANSWERED}


def _checklist(file: AssessmentFile) -> Checklist:
    """The checklist of the file, once it is clear that the two suit each other."""
    if file.edition is Edition.PUBLIC:
        message = "This is the public edition: it holds figures and no answers. Ask for the internal or shared one."
        raise InvalidInput(WHAT, (Problem("edition", message),))
    assessment = file.assessment
    try:
        checklist = find_checklist(current_config().checklists, assessment.checklist_id, assessment.checklist_version)
    except (ChecklistNotFound, NotFound):
        name = f"{assessment.checklist_id} {assessment.checklist_version}"
        raise InvalidInput(WHAT, (Problem("checklist", f"This site does not have the checklist {name}."),)) from None
    problems = fits(checklist, assessment)
    if problems:
        raise InvalidInput(WHAT, problems)
    return checklist
