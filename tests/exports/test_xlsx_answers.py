"""The workbook: what it holds, that text stays text, and that nothing is cut."""

from __future__ import annotations

import io
import time
import zipfile

import openpyxl
import pytest

from tests.builders import a_checklist, a_part, a_question, a_theme, an_assessment, answered, not_applicable
from tests.canaries import CANARIES, allowed, canaries_in, canary_assessment, canary_checklist
from toolkit.domain.assessment import Edition
from toolkit.domain.checklist import Checklist, Column, Kind
from toolkit.domain.scoring import score_assessment
from toolkit.exports.xlsx_answers import MAX_UNITS, pieces, xlsx_answers

CHECKLIST = a_checklist(
    a_part(
        "employment",
        a_theme(
            "jobs",
            a_question("one"),
            a_question("two"),
            a_question("told", kind=Kind.TEXT, weight=0),
            a_question("listed", kind=Kind.TABLE, columns=(Column("a", "Unit"), Column("b", "People")), weight=0),
            a_question("improve_jobs", kind=Kind.TEXT, weight=0, is_improvement=True),
        ),
    ),
    a_part("rights", a_theme("unions", a_question("three"), weight=2)),
)


def made(answers, edition=Edition.INTERNAL, checklist: Checklist = CHECKLIST) -> bytes:
    assessment = an_assessment(checklist, answers)
    return xlsx_answers(checklist, assessment, score_assessment(checklist, assessment), edition)


def opened(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data))


def rows(data: bytes, sheet: str) -> list[dict]:
    head, *body = opened(data)[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


ANSWERS = {
    "one": answered(1, comment="A comment"),
    "two": not_applicable("No such work."),
    "three": answered(3),
    "improve_jobs": answered("Do more."),
}


def test_there_are_four_sheets_and_two_in_the_public_edition():
    assert opened(made(ANSWERS)).sheetnames == ["Summary", "Scores", "Answers", "Improvements"]
    assert opened(made(ANSWERS, Edition.PUBLIC)).sheetnames == ["Summary", "Scores"]


def test_scores_stand_with_one_decimal_and_exactly():
    found = {row["Id"]: row for row in rows(made(ANSWERS), "Scores")}
    assert list(found) == ["overall", "employment", "jobs", "rights", "unions"]
    assert (found["rights"]["Score (%)"], found["rights"]["Score (exact)"]) == (75.0, "3/4")
    assert (found["overall"]["Score (%)"], found["overall"]["Score (exact)"]) == (50.0, "1/2")
    assert (found["unions"]["Weight"], found["unions"]["Level reached"]) == ("2", 3)
    assert found["overall"]["Coverage (%)"] == 100.0


def test_a_score_that_is_not_there_is_an_empty_cell():
    found = {row["Id"]: row for row in rows(made({"one": answered(1)}), "Scores")}
    assert found["rights"]["Score (%)"] is None
    assert found["overall"]["Score (%)"] is None


def test_answers_stand_in_words_with_their_part_in_the_score():
    found = {row["Id"]: row for row in rows(made(ANSWERS), "Answers")}
    assert list(found) == ["one", "two", "told", "listed", "three"]
    assert (found["one"]["Answer"], found["one"]["Share (exact)"]) == ("1 – Level 1", "1/4")
    assert (found["one"]["Comment"], found["two"]["Reason"]) == ("A comment", "No such work.")
    assert (found["two"]["State"], found["told"]["State"]) == ("Not applicable", "No answer yet")
    (improvement,) = rows(made(ANSWERS), "Improvements")
    assert improvement["How could this outcome be improved?"] == "Do more."


def test_a_table_is_a_line_for_each_row():
    found = rows(made({"listed": answered((("Roads", "12"), ("Ports", "3")))}), "Answers")
    assert found[3]["Answer"] == "Unit: Roads; People: 12\nUnit: Ports; People: 3"


HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://x.example/","y")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "{=1}",
    "http://x.example/",
    "mailto:a@b.example",
    "007",
    "1/2",
    "1E5",
    "2026-01-01",
    "TRUE",
    "_x0041_",
    "'quoted",
    "<b>&amp;</b>",
    "سلام 😀",
    "#N/A",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text_whatever_it_looks_like(text):
    book = opened(made({"told": answered(text), "one": answered(1, comment=text)}))
    sheet = book["Answers"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert len(cells) == 2
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)


def test_no_formula_and_no_link_is_anywhere_in_the_file():
    data = made({"told": answered("=1+1"), "one": answered(1, comment="http://x.example/")})
    for name in zipfile.ZipFile(io.BytesIO(data)).namelist():
        text = zipfile.ZipFile(io.BytesIO(data)).read(name).decode()
        assert "<f>" not in text
        assert "<hyperlink " not in text


def test_text_longer_than_a_cell_goes_on_in_marked_rows_and_nothing_is_lost():
    cell = "0123456789" * 50
    table = tuple((cell, cell) for _ in range(50))
    found = rows(made({"listed": answered(table), "three": answered(3)}), "Answers")
    parts = [row for row in found if row["Id"] == "listed"]
    assert len(parts) == 2
    assert all(len(row["Answer"]) <= MAX_UNITS and row["Question"] == "Question listed?" for row in parts)
    assert parts[0]["Answer"].endswith(" [continues below, 1 of 2]")
    assert parts[1]["Answer"].startswith("[continued, 2 of 2] ")
    whole = parts[0]["Answer"].removesuffix(" [continues below, 1 of 2]")
    whole += parts[1]["Answer"].removeprefix("[continued, 2 of 2] ")
    assert whole == "\n".join(f"Unit: {cell}; People: {cell}" for _ in range(50))
    assert found[-1]["Id"] == "three"


@pytest.mark.parametrize("text", ["", "a", "é" * MAX_UNITS, "😀" * (MAX_UNITS // 2)])
def test_what_fits_a_cell_stays_in_one_piece(text):
    assert pieces(text) == (text,)


def test_a_character_outside_the_basic_plane_counts_twice_and_is_never_cut():
    found = pieces("😀" * (MAX_UNITS // 2 + 1))
    assert len(found) == 2
    assert all(len(piece.encode("utf-16-le")) // 2 <= MAX_UNITS for piece in found)
    assert sum(piece.count("😀") for piece in found) == MAX_UNITS // 2 + 1


@pytest.mark.parametrize("edition", list(Edition))
def test_the_workbook_holds_the_canaries_of_its_edition_and_no_other(edition):
    checklist, assessment = canary_checklist(), canary_assessment()
    data = xlsx_answers(checklist, assessment, score_assessment(checklist, assessment), edition)
    archive = zipfile.ZipFile(io.BytesIO(data))
    text = "".join(archive.read(name).decode() for name in archive.namelist())
    facts_and_scope = {"canary-fact", "canary-scope-reason", "canary-scope-touches-reason"}
    discussions = {canary for canary in CANARIES if canary.startswith("canary-discussion")}
    assert canaries_in(text) == allowed(str(edition)) - facts_and_scope - discussions


def test_each_table_has_a_frozen_repeated_heading_filters_and_an_a4_page():
    book = opened(made(ANSWERS))
    for name in ("Scores", "Answers", "Improvements"):
        sheet = book[name]
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
        assert sheet.auto_filter.ref
        assert sheet.print_area
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_the_summary_names_subject_checklist_result_and_edition():
    found = {row[0]: row[1:] for row in opened(made(ANSWERS))["Summary"].iter_rows(values_only=True) if row[0]}
    assert found["Subject"][0] == "Example Organization"
    assert found["Overall score"] == ("50.0 %", "1/2")
    assert found["Checklist"][0] == "A tiny checklist, version 1.0.0, draft of the checklist"
    assert found["Edition"][0].startswith("Internal edition")
    assert found["Gap between objectives"][0] == "50.0 points; lowest: Part employment, highest: Part rights"


def test_the_same_assessment_gives_the_same_bytes():
    first = made(ANSWERS)
    time.sleep(1.1)  # a clock in the file would show
    assert made(ANSWERS) == first
