"""Sheets: what goes into one, what one that came back would change, and keeping it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.answers import Answer
from toolkit.domain.assessment import State
from toolkit.domain.checking import check
from toolkit.domain.checklist import Question, QuestionId, Theme, ThemeId
from toolkit.domain.errors import AnswerConflict, AssessmentClosed, InvalidInput, NotAllowed, Problem
from toolkit.domain.routing import NEVER_ASKED, asked
from toolkit.domain.scorecard import Standing
from toolkit.domain.sheet_plan import PlannedRow, SheetPlan, fitting, gates_of
from toolkit.domain.sheets import CellProblem, Sheet, SheetRow, answer_of, digest_of, note_of, says_the_same, with_notes
from toolkit.domain.voices import name_in
from toolkit.services.answering import SaveOutcome, save_in
from toolkit.services.opening import OpenAssessment, load, voice_id
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import AnswerRecord
from toolkit.storage.db import db, reading, transaction
from toolkit.storage.people import PersonRecord

WHAT = "The sheet"
MAX_GROUPS = 20
MAX_GROUP_NAME = 60
MAX_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class ThemeOnOffer:
    """A theme that may go into a sheet, with how many of its questions."""

    theme: Theme
    questions: int


@dataclass(frozen=True, slots=True)
class RowChange:
    """An answer that a sheet changes, from what stands at `revision`."""

    theme: Theme
    question: Question
    old: Answer
    new: Answer
    revision: int


@dataclass(frozen=True, slots=True)
class RowConflict:
    """An answer that a sheet changes although somebody else has since saved another."""

    theme: Theme
    question: Question
    conflict: AnswerConflict


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that says nothing certain; `place` is a cell, `question` empty where it names none of the checklist."""

    question: str
    place: str
    message: str


@dataclass(frozen=True, slots=True)
class SheetComparison:
    """What a sheet would do, answer by answer. `refused` are questions that are not the viewer's to answer."""

    opened: OpenAssessment
    changes: tuple[RowChange, ...]
    conflicts: tuple[RowConflict, ...]
    problems: tuple[RowProblem, ...]
    refused: tuple[Question, ...]
    unchanged: int


def on_offer(opened: OpenAssessment) -> tuple[ThemeOnOffer, ...]:
    """The themes of which a sheet can be made. Raises AssessmentClosed, NotAllowed."""
    found: dict[ThemeId, ThemeOnOffer] = {}
    for theme, _ in _answerable(opened):
        found[theme.id] = ThemeOnOffer(theme, found[theme.id].questions + 1 if theme.id in found else 1)
    return tuple(found.values())


def plan_sheet(
    assessment_id: UUID,
    *,
    viewer: Viewer,
    now: datetime,
    voice: UUID | None = None,
    themes: Collection[ThemeId] = (),
    groups: Iterable[str] = (),
) -> SheetPlan:
    """What a sheet for one person holds: the questions that are theirs to answer, in some themes or in all.

    With `groups` it is one for a workshop. Raises NotFound, NotAllowed, AssessmentClosed, InvalidInput.
    """
    named = _named(groups)
    with reading():
        opened = load(assessment_id, viewer=viewer, now=now, voice=voice)
    rows, left_out = fitting(
        PlannedRow(theme, question, opened.assessment.answer(question.id), opened.answer_revisions.get(question.id, 0))
        for theme, question in _answerable(opened)
        if not themes or theme.id in themes
    )
    if not rows:
        raise InvalidInput(WHAT, (Problem("themes", "Choose at least one theme that is yours to answer."),))
    if len(rows) * (1 + len(named)) > MAX_ROWS:
        message = f"This would be more than {MAX_ROWS:,} rows. Choose fewer themes, or name fewer groups."
        raise InvalidInput(WHAT, (Problem("groups", message),))
    return SheetPlan(
        checklist=opened.checklist,
        assessment=str(opened.id),
        title=opened.title,
        subject=opened.assessment.subject.name,
        voice=str(opened.voice.id) if opened.voice else "",
        voice_name=opened.voice.name if opened.voice else "",
        made_at=now.replace(microsecond=0),
        rows=rows,
        left_out=left_out,
        groups=named,
    )


def compare(
    sheet: Sheet, assessment_id: UUID, *, viewer: Viewer, now: datetime, voice: UUID | None = None
) -> SheetComparison:
    """What a sheet would change; nothing is kept.

    A row that was left alone changes nothing, whatever was saved since. Raises NotFound, NotAllowed, AssessmentClosed,
    and InvalidInput for a sheet of another assessment, voice or checklist version.
    """
    with reading():
        opened = load(assessment_id, viewer=viewer, now=now, voice=voice)
        _answerable(opened)
        _check_about(sheet, opened)
        found = _Found(opened)
        for own, notes in _by_question(sheet.rows, found):
            found.take(own, notes)
        who = _saved_by(opened, found.met)
    found.problems += [RowProblem("", one, "There is something in a row of no question.") for one in sheet.strays]
    return SheetComparison(
        opened,
        tuple(found.changes),
        tuple(_conflict(one, who) for one in found.met),
        tuple(found.problems),
        tuple(found.refused),
        found.unchanged,
    )


def enter(
    assessment_id: UUID,
    answers: Mapping[QuestionId, tuple[Answer, int]],
    *,
    sha256: str,
    viewer: Viewer,
    now: datetime,
    voice: UUID | None = None,
) -> SaveOutcome:
    """Keep the answers of a sheet, each with the revision that it was compared with: all of them, or none.

    Raises AnswerConflict when one was changed by somebody else since, and what saving answers raises.
    """
    with transaction():
        outcome = save_in(assessment_id, answers, viewer=viewer, now=now, voice=voice, copied_from=f"sheet {sha256}")
        if outcome.conflicts:
            raise outcome.conflicts[0]
    return outcome


# --- what may be answered -------------------------------------------------------------------------


def _answerable(opened: OpenAssessment) -> list[tuple[Theme, Question]]:
    """The questions that the viewer may answer and that are asked, or would be after other answers of the sheet."""
    if opened.discarded_at is not None:
        raise AssessmentClosed("discarded")
    if opened.assessment.state is not State.DRAFT:
        raise AssessmentClosed(opened.assessment.state)
    one = opened.assessment
    standing = asked(opened.checklist, one.answers, track=one.track, scope=one.scope, facts=one.facts)
    found: dict[QuestionId, tuple[Theme, Question]] = {}
    for _, theme, question in opened.checklist.questions():
        later = standing[question.id] is Standing.NOT_ASKED and any(it in found for it in gates_of(question.ask_if))
        if opened.may_answer(question.id) and (later or standing[question.id] not in NEVER_ASKED):
            found[question.id] = (theme, question)
    if not found:
        raise NotAllowed("There is nothing here that is yours to answer.")
    return list(found.values())


def _named(groups: Iterable[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in groups if name.strip()))
    if len(names) > MAX_GROUPS or any(len(name) > MAX_GROUP_NAME for name in names):
        message = f"Name at most {MAX_GROUPS} groups, each with at most {MAX_GROUP_NAME} characters."
        raise InvalidInput(WHAT, (Problem("groups", message),))
    return names


def _check_about(sheet: Sheet, opened: OpenAssessment) -> None:
    """Refuse a sheet that belongs elsewhere, and say what to do."""
    about, checklist = sheet.about, opened.checklist
    if (about.get("checklist"), about.get("version")) != (checklist.id, checklist.version):
        said = f"{about.get('checklist', '')} {about.get('version', '')}".strip()[:80] or "another checklist"
        message = (
            f"This sheet was made for {said}. This assessment uses {checklist.id} {checklist.version}, where questions "
            "may mean something else. Take a new sheet here, and copy into it what still fits."
        )
    elif about.get("digest") != checklist.digest:
        message = "The questions were changed since this sheet was made. Take a new sheet here, and copy your answers."
    elif about.get("assessment") != str(opened.id):
        message = (
            "This sheet belongs to another assessment. Open that one and send the sheet there. If it is gone, take a "
            "new sheet here, and copy your answers into it."
        )
    elif about.get("voice", "") != (str(opened.voice.id) if opened.voice else ""):
        message = "This sheet was made in the name of somebody else. Send it on the page where you took it."
    else:
        return
    raise InvalidInput(WHAT, (Problem("", message),))


# --- what a sheet would do ------------------------------------------------------------------------


class _Found:
    """What was found so far, row by row."""

    def __init__(self, opened: OpenAssessment) -> None:
        self.opened = opened
        self.changes: list[RowChange] = []
        self.met: list[RowChange] = []
        self.problems: list[RowProblem] = []
        self.refused: list[Question] = []
        self.unchanged = 0

    def take(self, own: SheetRow, notes: list[SheetRow]) -> None:
        """Find out what one question's rows would do."""
        _, theme, question = self.opened.checklist.question_index[own.question]
        if not self.opened.may_answer(question.id):
            self.refused.append(question)
            return
        old = self.opened.assessment.answer(question.id)
        revision = self.opened.answer_revisions.get(question.id, 0)
        try:
            new = answer_of(question, own.cells, old)
            is_touched = digest_of(question, new) != own.digest
            noted = with_notes(new if is_touched else old, [note_of(question, one) for one in notes])
            _check_whole(question, noted, own)
        except CellProblem as problem:
            self.problems.append(RowProblem(question.text, problem.place, str(problem)))
            return
        if says_the_same(question, noted, old):
            self.unchanged += 1
            return
        change = RowChange(theme, question, old, noted, revision)
        (self.changes if own.revision == revision or not is_touched else self.met).append(change)


def _check_whole(question: Question, answer: Answer, own: SheetRow) -> None:
    """Hold an answer with the notes of its groups to the rules. Raises CellProblem."""
    for problem in check([question], {question.id: answer}):
        if problem.kind == "wrong":
            raise CellProblem(f"row {own.line}", problem.message)


def _by_question(rows: Iterable[SheetRow], found: _Found) -> list[tuple[SheetRow, list[SheetRow]]]:
    """The row of each question with those of its groups; what fits nowhere becomes a problem."""
    own: dict[QuestionId, tuple[SheetRow, list[SheetRow]]] = {}
    waiting: list[SheetRow] = []
    for row in rows:
        if row.question not in found.opened.checklist.question_index:
            found.problems.append(RowProblem("", f"row {row.line}", "This row names no question of the checklist."))
        elif row.group:
            waiting.append(row)
        elif row.question in own:
            text = found.opened.checklist.question(row.question).text
            message = "This question is in the sheet twice. Only its first row was looked at."
            found.problems.append(RowProblem(text, f"row {row.line}", message))
        else:
            own[row.question] = (row, [])
    for row in waiting:
        if row.question in own:
            own[row.question][1].append(row)
        else:
            text = found.opened.checklist.question(row.question).text
            message = "The row of what all agreed is missing. Take a new sheet and copy the notes into it."
            found.problems.append(RowProblem(text, f"row {row.line}", message))
    return list(own.values())


def _saved_by(opened: OpenAssessment, met: Collection[RowChange]) -> dict[QuestionId, tuple[str, datetime]]:
    """Who saved the answers that were met, and when: one query."""
    if not met:
        return {}
    answer = AnswerRecord
    rows: Any = db.session.execute(
        sa.select(answer.question_id, PersonRecord.name, answer.saved_at)
        .join(PersonRecord, PersonRecord.id == answer.author_id)
        .where(
            answer.assessment_id == opened.id,
            answer.voice_id == voice_id(opened.id, opened.voice),
            answer.question_id.in_([one.question.id for one in met]),
        )
        .order_by(answer.question_id)
    )
    return {row.question_id: (name_in(opened.voice, row.name), row.saved_at) for row in rows}


def _conflict(one: RowChange, who: Mapping[QuestionId, tuple[str, datetime]]) -> RowConflict:
    name, saved_at = who.get(one.question.id, ("", None))
    conflict = AnswerConflict(
        one.question.id,
        current=one.old,
        revision=one.revision,
        saved_by_name=name,
        saved_at=saved_at,
        yours=one.new,
    )
    return RowConflict(one.theme, one.question, conflict)
