"""Sheets through the services: who gets what, what one that came back would do, and that all is kept or nothing."""

from __future__ import annotations

import io
from contextlib import contextmanager

import openpyxl
import pytest
import sqlalchemy as sa

from tests.builders import answered
from tests.services.world import LATER, NOW, a_draft, a_space, answer_all, in_space
from toolkit.domain.access import Role
from toolkit.domain.answers import UNANSWERED, Answer, AnswerState
from toolkit.domain.errors import AnswerConflict, AssessmentClosed, InvalidInput, NotAllowed, NotFound
from toolkit.domain.handovers import HandedPart, PartKind
from toolkit.domain.sheets import Cell, Field, Sheet, SheetRow, cells_of, digest_of
from toolkit.domain.voices import VoiceKind
from toolkit.exports.sheet import sheet_file
from toolkit.jobs.sheets import read_sheet
from toolkit.services import assessments, handing_over, sheets, voices
from toolkit.services.accounts import viewer_of
from toolkit.services.auditing import verify_trail
from toolkit.storage.db import db


@contextmanager
def counted():
    """The statements of a while."""
    sent = []

    def note(*given):
        sent.append(given[2])

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def a_sheet(plan, changes=None, notes=None, **about) -> Sheet:
    """A sheet of a plan as somebody filled it in: `changes` are answers by question."""
    rows = []
    for line, row in enumerate(plan.rows, 3):
        answer = (changes or {}).get(row.question.id, row.answer)
        texts = cells_of(row.question, answer) if isinstance(answer, Answer) else answer
        cells = {field: Cell(text, f"{field}{line}") for field, text in texts.items()}
        rows.append(SheetRow(row.question.id, line, row.revision, digest_of(row.question, row.answer), cells))
        for group, said in (notes or {}).get(row.question.id, {}).items():
            rows.append(SheetRow(row.question.id, line, 0, "", {Field.ANSWER: Cell(said)}, group))
    return Sheet(plan.about | about, tuple(rows))


@pytest.fixture
def lead(database):
    """A space and its focal point."""
    space = a_space()
    return space, in_space(space, Role.FOCAL_POINT)


@pytest.fixture
def draft(lead):
    """A draft to answer."""
    return a_draft(*lead)


def handed(draft, lead, *parts, voice=None):
    """A contributor with nothing but these parts."""
    space, focal = lead
    person = in_space(space, Role.READER)
    handing_over.hand_over(
        draft, to=[person.person_id], parts=parts, viewer=focal, now=NOW, voice=voice, due_on=None, note=""
    )
    return viewer_of(person.person_id, now=NOW)


def test_a_sheet_holds_only_what_was_handed_over(draft, lead):
    _, focal = lead
    person = handed(draft, lead, HandedPart(PartKind.QUESTION, "youth_budget"))
    plan = sheets.plan_sheet(draft, viewer=person, now=NOW)
    assert [row.question.id for row in plan.rows] == ["youth_budget"]
    everything = sheets.plan_sheet(draft, viewer=focal, now=NOW)
    assert {"youth_strategy", "set_up_unit"} <= {row.question.id for row in everything.rows}
    one = sheets.plan_sheet(draft, viewer=focal, now=NOW, themes={"skills"})
    assert {row.theme.id for row in one.rows} == {"skills"}
    with pytest.raises(InvalidInput):
        sheets.plan_sheet(draft, viewer=focal, now=NOW, themes={"nowhere"})


def test_nobody_else_gets_one(draft, lead):
    space, _ = lead
    with pytest.raises(NotAllowed):
        sheets.plan_sheet(draft, viewer=in_space(space, Role.REVIEWER), now=NOW)
    with pytest.raises(NotFound):
        sheets.plan_sheet(draft, viewer=in_space(a_space("Another"), Role.ADMINISTRATOR, "Else"), now=NOW)


def test_what_a_sheet_would_change_is_told_and_then_kept(draft, lead):
    _, focal = lead
    answer_all(draft, focal)
    plan = sheets.plan_sheet(draft, viewer=focal, now=NOW)
    new = answered(4, comment="From the train")
    sheet = a_sheet(plan, {"youth_strategy": new})
    found = sheets.compare(sheet, draft, viewer=focal, now=LATER)
    (change,) = found.changes
    assert (change.question.id, change.old, change.new) == ("youth_strategy", answered(3), new)
    assert found.unchanged == len(plan.rows) - 1
    assert (found.conflicts, found.problems, found.refused) == ((), (), ())
    before = assessments.open_assessment(draft, viewer=focal, now=LATER)
    assert before.assessment.answer("youth_strategy") == answered(3)
    sheets.enter(draft, {"youth_strategy": (new, change.revision)}, sha256="ab" * 32, viewer=focal, now=LATER)
    version, _ = assessments.history(draft, "youth_strategy", viewer=focal, now=LATER)
    assert (version.answer, version.copied_from) == (new, "sheet " + "ab" * 32)
    again = sheets.compare(sheet, draft, viewer=focal, now=LATER)
    assert again.unchanged == len(plan.rows)
    assert verify_trail().faults == ()


def test_a_row_that_was_left_alone_changes_nothing_whatever_was_saved_since(draft, lead):
    _, focal = lead
    plan = sheets.plan_sheet(draft, viewer=focal, now=NOW)
    answer_all(draft, focal)
    found = sheets.compare(a_sheet(plan), draft, viewer=focal, now=LATER)
    assert (found.changes, found.conflicts) == ((), ())


def test_an_answer_that_somebody_saved_since_is_a_conflict_with_name_and_time(draft, lead):
    space, focal = lead
    plan = sheets.plan_sheet(draft, viewer=focal, now=NOW)
    other = in_space(space, Role.FOCAL_POINT, "Olga Other")
    assessments.save_answer(draft, "youth_strategy", answered(1), expected_revision=0, viewer=other, now=LATER)
    sheet = a_sheet(plan, {"youth_strategy": answered(4), "skills_plan": answered(2)})
    found = sheets.compare(sheet, draft, viewer=focal, now=LATER)
    (met,) = found.conflicts
    assert (met.conflict.saved_by_name, met.conflict.saved_at) == ("Olga Other", LATER)
    assert (met.conflict.current, met.conflict.yours, met.conflict.revision) == (answered(1), answered(4), 1)
    assert [one.question.id for one in found.changes] == ["skills_plan"]
    both = {"youth_strategy": (answered(4), 0), "skills_plan": (answered(2), 0)}
    with pytest.raises(AnswerConflict):
        sheets.enter(draft, both, sha256="0" * 64, viewer=focal, now=LATER)
    now = assessments.open_assessment(draft, viewer=focal, now=LATER).assessment
    assert now.answer("skills_plan") == UNANSWERED, "all of a sheet is kept or nothing"


@pytest.mark.parametrize(("shows_names", "name"), [(True, "Reader Example"), (False, "Field office")])
def test_in_a_voice_a_conflict_tells_no_name_that_the_voice_does_not_show(draft, lead, shows_names, name):
    _, focal = lead
    voice = voices.add(draft, VoiceKind.UNIT, "Field office", shows_names=shows_names, viewer=focal, now=NOW)
    person = handed(draft, lead, HandedPart(PartKind.THEME, "youth"), voice=voice)
    given = {"viewer": person, "voice": voice}
    plan = sheets.plan_sheet(draft, now=NOW, **given)
    assert (plan.voice, plan.voice_name) == (str(voice), "Field office")
    assessments.save_answer(draft, "youth_strategy", answered(1), expected_revision=0, now=NOW, **given)
    sheet = a_sheet(plan, {"youth_strategy": answered(4), "youth_budget": answered(2)})
    found = sheets.compare(sheet, draft, now=LATER, **given)
    assert [one.conflict.saved_by_name for one in found.conflicts] == [name]
    sheets.enter(draft, {"youth_budget": (answered(2), 0)}, sha256="", now=LATER, **given)
    consolidated = assessments.open_assessment(draft, viewer=focal, now=LATER)
    assert consolidated.assessment.answer("youth_budget") == UNANSWERED
    with pytest.raises(NotAllowed):
        sheets.plan_sheet(draft, viewer=person, now=NOW)
    with pytest.raises(InvalidInput):
        sheets.compare(sheet, draft, viewer=focal, now=LATER)


def test_rows_that_are_no_longer_mine_are_refused_and_named(draft, lead):
    _, focal = lead
    person = handed(draft, lead, HandedPart(PartKind.QUESTION, "youth_budget"))
    answer_all(draft, focal, youth_strategy=answered(1, comment="a canary"))
    plan = sheets.plan_sheet(draft, viewer=focal, now=NOW)
    found = sheets.compare(a_sheet(plan, {"youth_strategy": answered(4)}), draft, viewer=person, now=LATER)
    assert "youth_strategy" in {question.id for question in found.refused}
    assert found.changes == ()
    assert "canary" not in repr(found)
    with pytest.raises((NotAllowed, NotFound)):
        sheets.enter(draft, {"youth_strategy": (answered(4), 1)}, sha256="", viewer=person, now=LATER)


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"version": "2.0.0"}, "made for tiny 2.0.0"),
        ({"checklist": ""}, "made for 1.0.0"),
        ({"digest": "0" * 64}, "questions were changed"),
        ({"assessment": "00000000-0000-4000-8000-000000000000"}, "another assessment"),
        ({"voice": "00000000-0000-4000-8000-000000000000"}, "somebody else"),
    ],
)
def test_a_sheet_that_belongs_elsewhere_is_refused_with_what_to_do(draft, lead, about, said):
    _, focal = lead
    sheet = a_sheet(sheets.plan_sheet(draft, viewer=focal, now=NOW), **about)
    with pytest.raises(InvalidInput) as raised:
        sheets.compare(sheet, draft, viewer=focal, now=NOW)
    assert said in raised.value.problems[0].message


def test_what_cannot_be_read_is_named_by_its_cell_and_the_rest_goes_on(draft, lead):
    _, focal = lead
    plan = sheets.plan_sheet(draft, viewer=focal, now=NOW)
    wrong = {Field.ANSWER: "7 Sublime"}
    sheet = a_sheet(plan, {"youth_strategy": wrong, "skills_plan": answered(2)})
    extra = (*sheet.rows, sheet.rows[0], SheetRow("nowhere", 90, 0, "", {}), SheetRow("x\0", 91, 0, "", {}, "Table"))
    found = sheets.compare(Sheet(sheet.about, extra, ("Z9",)), draft, viewer=focal, now=NOW)
    assert {one.place for one in found.problems} == {"row 3", "row 90", "row 91", "answer3", "Z9"}
    assert [one.question.id for one in found.changes] == ["skills_plan"]


def test_nothing_goes_into_what_is_closed(draft, lead):
    _, focal = lead
    plan = sheets.plan_sheet(draft, viewer=focal, now=NOW)
    assessments.discard(draft, viewer=focal, now=NOW)
    for attempt in (
        lambda: sheets.plan_sheet(draft, viewer=focal, now=NOW),
        lambda: sheets.compare(a_sheet(plan), draft, viewer=focal, now=NOW),
    ):
        with pytest.raises(AssessmentClosed):
            attempt()


def test_what_groups_said_goes_below_the_comment_and_is_never_counted(draft, lead):
    _, focal = lead
    plan = sheets.plan_sheet(draft, viewer=focal, now=NOW, groups=["Table 1", " Table 2", "", "Table 1"])
    assert plan.groups == ("Table 1", "Table 2")
    notes = {"youth_strategy": {"Table 1": "4", "Table 2": "don't know"}, "skills_plan": {"Table 1": "1 Some"}}
    sheet = a_sheet(plan, {"youth_strategy": answered(2, comment="Agreed.")}, notes)
    found = sheets.compare(sheet, draft, viewer=focal, now=NOW)
    assert {one.question.id for one in found.changes} == {"skills_plan"}, "don't know stands in the wrong column"
    notes["youth_strategy"]["Table 2"] = "0"
    found = sheets.compare(
        a_sheet(plan, {"youth_strategy": answered(2, comment="Agreed.")}, notes), draft, viewer=focal, now=NOW
    )
    new = {one.question.id: one.new for one in found.changes}
    assert new["youth_strategy"] == answered(2, comment="Agreed.\n\nTable 1: 4 Beyond\n\nTable 2: 0 None")
    assert new["skills_plan"] == Answer(AnswerState.UNANSWERED, comment="Table 1: 1 Some")


def test_notes_that_do_not_fit_below_the_comment_are_told_and_nothing_is_cut(draft, lead):
    _, focal = lead
    plan = sheets.plan_sheet(draft, viewer=focal, now=NOW, groups=["Table 1", "Table 2"])
    sheet = a_sheet(plan)
    long = {Field.COMMENT: Cell("x" * 6_000, "L4")}
    notes = [SheetRow("youth_strategy", 4, 0, "", long, group) for group in plan.groups]
    found = sheets.compare(Sheet(sheet.about, (*sheet.rows, *notes)), draft, viewer=focal, now=NOW)
    assert [one.place for one in found.problems] == ["row 3"]
    assert found.changes == ()


def test_too_many_groups_are_refused_in_words(draft, lead):
    _, focal = lead
    for groups in (map(str, range(21)), ["x" * 61]):
        with pytest.raises(InvalidInput) as raised:
            sheets.plan_sheet(draft, viewer=focal, now=NOW, groups=groups)
        assert [one.path for one in raised.value.problems] == ["groups"]


def test_the_whole_way_through_a_workbook(draft, lead):
    _, focal = lead
    answer_all(draft, focal)
    plan = sheets.plan_sheet(draft, viewer=focal, now=NOW)
    book = openpyxl.load_workbook(io.BytesIO(sheet_file(plan)))
    sheet = book["Questions"]
    line = next(row[0].row for row in sheet.iter_rows() if row[0].value == "skills_plan")
    column = next(cell.column for cell in sheet[1] if cell.value == Field.COMMENT)
    sheet.cell(line, column).value = "=written by hand"
    sheet.cell(line, column).data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    found = sheets.compare(read_sheet(buffer.getvalue()), draft, viewer=focal, now=LATER)
    (change,) = found.changes
    assert change.new == answered(4, comment="=written by hand")


def test_comparing_takes_the_same_queries_for_one_row_and_for_all(draft, lead):
    _, focal = lead
    plan = sheets.plan_sheet(draft, viewer=focal, now=NOW)
    answer_all(draft, focal)
    one = a_sheet(plan, {"youth_strategy": answered(1)})
    every = a_sheet(plan, {row.question.id: answered(0) for row in plan.rows if row.question.is_rating})
    with counted() as few:
        sheets.compare(one, draft, viewer=focal, now=LATER)
    with counted() as many:
        sheets.compare(every, draft, viewer=focal, now=LATER)
    assert len(many) == len(few) <= 10
