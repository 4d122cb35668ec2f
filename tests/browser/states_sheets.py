"""Pages of answering in a spreadsheet, in every state."""

from __future__ import annotations

import io
from uuid import UUID

import openpyxl

from tests.browser.journey import Somebody
from tests.browser.states import Sit, page, state
from tests.browser.world import Filled, now
from tests.builders import answered
from toolkit.exports.sheet import sheet_file
from toolkit.services import assessments, sheets

page("a sheet, many themes", "/assessments/{draft}/sheet", "focal_point")
page("slips for a workshop", "/assessments/{draft}/sheet/slips?theme=leadership", "focal_point")
page("a sheet, too many groups", "/assessments/{draft}/sheet/questions.xlsx?groups=" + "a" * 61, "focal_point")


def sent(sit: Sit, filled: Filled, cells: dict[str, dict[str, object]], *, met: bool = False) -> Somebody:
    """The focal point after sending a sheet with some cells filled in, with `met` after somebody else saved."""
    made = filled.start("tiny", "1.0.0")
    focal = filled.account("focal_point").viewer
    with filled.services():
        raw = sheet_file(sheets.plan_sheet(UUID(made), viewer=focal, now=now()))
        if met:
            theirs = answered(1, comment="Their words, with <b>marks</b> and عربي.")
            assessments.save_answer(UUID(made), "policy", theirs, expected_revision=0, viewer=focal, now=now())
    book = openpyxl.load_workbook(io.BytesIO(raw))
    sheet = book["Questions"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in sheet.iter_rows(min_row=3):
        for key, value in cells.get(str(row[0].value), {}).items():
            sheet.cell(row[0].row, columns[key]).value = value  # type: ignore[arg-type]  # what openpyxl takes
    buffer = io.BytesIO()
    book.save(buffer)
    one = sit("focal_point")
    one.goes_to(f"/assessments/{made}/sheet")
    file = {"name": "sheet.xlsx", "mimeType": "application/octet-stream", "buffer": buffer.getvalue()}
    one.page.set_input_files("#file", [file])  # type: ignore[list-item]  # the shape that playwright asks for
    one.presses("Look at it")
    return one


WORDS = {
    "policy": {
        "answer": 2,
        "comment": "We name jobs on page 4, and say who acts.",
        "evidence": "Plan | https://a.example",
    },
    "published": {"answer": True},
    "safe": {"instead": "Not applicable", "reason": "لا ينطبق علينا"},
    "budget": {"answer": "perhaps"},
}


@state("a sheet that came back")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sent(sit, filled, WORDS)
    one.sees("Look before you keep the sheet")
    return one


@state("a sheet that came back, two answers to choose from")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sent(sit, filled, WORDS, met=True)
    one.presses("Keep these answers")
    one.sees("Please look at this again")
    return one


@state("a sheet that came back, nothing new")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sent(sit, filled, {})
    one.sees("There is nothing to keep")
    return one


@state("a sheet, none chosen")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit("focal_point")
    one.goes_to(f"/assessments/{filled.start('tiny', '1.0.0')}/sheet")
    one.presses("Look at it")
    one.sees("Please look at this again")
    return one
