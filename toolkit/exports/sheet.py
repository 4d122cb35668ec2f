"""A contributor's sheet as a workbook: a row a question, with cells to fill in and all else locked.

Cells are found again by the hidden keys of their row and column, never by where they stand.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from toolkit.domain.answers import UNANSWERED
from toolkit.domain.checklist import Kind, Question
from toolkit.domain.sheet_plan import PlannedRow, SheetPlan
from toolkit.domain.sheets import ABOUT, FORMAT, INSTEAD, Field, cells_of, choices_of, digest_of

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_A4 = 9


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: the key by which it is found again, its heading, its width in characters; width 0 hides it."""

    key: str
    title: str
    width: int


COLUMNS: Final = (
    SheetColumn(FORMAT, "Key of the question", 0),
    SheetColumn("revision", "Version of the answer", 0),
    SheetColumn("digest", "Digest of the answer", 0),
    SheetColumn("theme", "Theme", 18),
    SheetColumn("group", "Key of the group", 0),
    SheetColumn("question", "Question", 40),
    SheetColumn("who", "Who says it", 16),
    SheetColumn("choices", "What to answer, and when", 58),
    SheetColumn(Field.ANSWER, "Answer", 30),
    SheetColumn(Field.INSTEAD, "Or: don’t know, not applicable", 18),
    SheetColumn(Field.REASON, "Why not applicable", 26),
    SheetColumn(Field.COMMENT, "Comment", 40),
    SheetColumn(Field.EVIDENCE, "Evidence: one line a piece, title | link", 40),
    SheetColumn("files", "Files that are on the site", 24),
)
AGREED = "Agreed by all: this is the answer"
HOW_TO = (
    "Fill in the light cells. Everything else is locked, so that the sheet finds its way back.",
    "Choose an answer from the list of its cell, or type it. Leave a row as it is if you have nothing to say.",
    "If nobody knows, or it does not apply, say so in the column after the answer. Say why it is not applicable.",
    "Evidence: one line for each piece. Write its title, a bar (|) and its link: Annual report | https://example.org",
    "Files are sent on the page of the question, not in a sheet. Those that are there stay.",
    "Keep the file as .xlsx. Send it back on the page where you took it. You see each change before it is kept.",
)
HOW_TO_NOTES = (
    "This sheet is for a workshop: a row for each group, and above them one for what all agreed.",
    "The answer is what stands in the row of all. What the groups say is added to its comment, with the group’s name.",
    "Nothing is counted or averaged.",
)
HOW_TO_TYPE = {
    Kind.CHOICES: "Choose one or more. Write one a line:",
    Kind.NUMBER: "Write a number in figures.",
    Kind.TEXT: "Write your answer in your own words.",
    Kind.TABLE: "Write one row a line, with a bar (|) between its parts:",
}


def sheet_file(plan: SheetPlan) -> bytes:
    """The workbook of a plan. Text stays text: nothing becomes a formula, a link, a number or a date."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    workbook.set_properties({"title": f"Questions to answer: {plan.title}"[:250], "created": plan.made_at})
    _Book(workbook, plan).write()
    workbook.close()
    return buffer.getvalue()


@dataclass
class _Book:
    """A workbook while it is written; `lists` has the place of each list of choices."""

    workbook: Any
    plan: SheetPlan
    lists: dict[tuple[str, ...], str] = field(default_factory=dict)

    def write(self) -> None:
        base = {"font_name": "Arial", "font_size": 10, "valign": "top", "text_wrap": True}
        line = {"border": 1, "border_color": "#9DB3BF"}
        add = self.workbook.add_format
        self.fixed = add(base | {"bg_color": "#F2F5F7"} | line)
        self.head = add(base | {"bold": True, "bg_color": "#E3ECF2"} | line)
        self.open = add(base | {"locked": False, "num_format": "@", "bg_color": "#FFFDF0"} | line)
        # The apostrophe that a program would show before text: what begins with = + - @ is never computed.
        self.quoted = add(
            base | {"locked": False, "num_format": "@", "bg_color": "#FFFDF0", "quote_prefix": True} | line
        )
        self.plain, self.bold = add(base), add(base | {"bold": True})
        self.title = add(base | {"bold": True, "font_size": 16})
        questions, about = self._sheet("Questions"), self._sheet("About this sheet")
        self.choices = self.workbook.add_worksheet("Lists")
        self.choices.very_hidden()
        self._questions(questions)
        self._about(about)
        questions.activate()

    def _sheet(self, name: str) -> Any:
        sheet = self.workbook.add_worksheet(name)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        if self.plan.checklist.language.split("-")[0] in RIGHT_TO_LEFT:
            sheet.right_to_left()
        sheet.protect("", {"format_columns": True, "format_rows": True})
        return sheet

    def _questions(self, sheet: Any) -> None:
        sheet.set_row(0, None, None, {"hidden": True})
        for place, column in enumerate(COLUMNS):
            width = column.width
            if column.key in (FORMAT, "who"):  # a workshop's slips bear the keys
                width = 16 if self.plan.groups else 0
            sheet.set_column(place, place, width or None, None, {"hidden": not width})
            sheet.write_string(0, place, column.key, self.plain)
            sheet.write_string(1, place, column.title, self.head)
        groups = ("", *self.plan.groups)
        for number, row in enumerate(self.plan.rows):
            for place, group in enumerate(groups):
                self._row(sheet, 2 + number * len(groups) + place, row, group)
        sheet.freeze_panes(2, 6)
        sheet.repeat_rows(1)

    def _row(self, sheet: Any, line: int, row: PlannedRow, group: str) -> None:
        """One row; that of a group has nothing in its open cells."""
        question = row.question
        answer = UNANSWERED if group else row.answer
        fixed = {
            FORMAT: question.id,
            "revision": str(row.revision),
            "digest": digest_of(question, answer),
            "group": group,
            "who": group or (AGREED if self.plan.groups else ""),
            "theme": row.theme.title,
            "question": _asked(question),
            "choices": _explained(question),
            "files": "\n".join(one.title for one in answer.evidence if one.sha256),
        }
        cells = cells_of(question, answer)
        for place, column in enumerate(COLUMNS):
            if column.key in fixed:
                sheet.write_string(line, place, fixed[column.key][:32_000], self.fixed)
            else:
                self._open_cell(sheet, line, place, cells[Field(column.key)])
            if column.key == Field.ANSWER and question.kind is not Kind.CHOICES:
                self._offer(sheet, line, place, [label for _, label in choices_of(question)])
            elif column.key == Field.INSTEAD:
                self._offer(sheet, line, place, INSTEAD.values())

    def _open_cell(self, sheet: Any, line: int, place: int, text: str) -> None:
        if text:
            sheet.write_string(line, place, text, self.quoted if text[0] in "=+-@" else self.open)
        else:
            sheet.write_blank(line, place, None, self.open)

    def _offer(self, sheet: Any, line: int, place: int, labels: Iterable[str]) -> None:
        labels = tuple(labels)
        if not labels:
            return
        if labels not in self.lists:
            across = len(self.lists)
            for down, label in enumerate(labels):
                self.choices.write_string(down, across, label)
            letters = xlsxwriter.utility.xl_col_to_name(across, True)
            self.lists[labels] = f"=Lists!{letters}$1:{letters}${len(labels)}"
        sheet.data_validation(
            line,
            place,
            line,
            place,
            {
                "validate": "list",
                "source": self.lists[labels],
                "error_title": "Not on the list",
                "error_message": "Choose one of the answers of the list, or leave the cell empty.",
            },
        )

    def _about(self, sheet: Any) -> None:
        plan = self.plan
        how_to = (*HOW_TO_NOTES, *HOW_TO) if plan.groups else HOW_TO
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 90)
        sheet.set_column(2, 2, None, None, {"hidden": True})
        sheet.write_string(0, 0, "About this sheet", self.title)
        sheet.write_string(0, 2, ABOUT)
        lines = [
            ("Assessment", plan.title),
            ("Subject", plan.subject),
            ("Checklist", f"{plan.checklist.title}, version {plan.checklist.version}"),
            ("In the name of", plan.voice_name or "everybody: the consolidated answers"),
            ("Made at", f"{plan.made_at:%Y-%m-%d %H:%M} UTC"),
            ("Questions", str(len(plan.rows))),
            *(("How to use it" if not number else "", text) for number, text in enumerate(how_to)),
            *(("Too long for a cell" if not n else "", one.text) for n, one in enumerate(plan.left_out)),
        ]
        for line, (name, text) in enumerate(lines, 1):
            sheet.write_string(line, 0, name, self.bold)
            sheet.write_string(line, 1, text[:32_000], self.plain)
        for line, (key, text) in enumerate(plan.about.items(), len(lines) + 2):
            sheet.write_string(line, 0, key, self.plain)
            sheet.write_string(line, 1, text, self.plain)
            sheet.write_string(line, 2, key)


def _asked(question: Question) -> str:
    """The question with its guidance, in one cell."""
    parts = [question.text, question.guidance]
    if question.evidence:
        parts.append(f"What counts as evidence: {question.evidence}")
    if question.ask_if is not None:
        parts.append("This is asked in some cases only. Leave it empty where it does not follow from your answers.")
    return "\n\n".join(part for part in parts if part)


def _explained(question: Question) -> str:
    """Each level with its criterion, the options, or how to type it."""
    if question.scale is not None:
        levels = question.scale.levels
        return "\n".join(
            f"{one.value} {one.label}: {question.criterion(one.value)}".removesuffix(": ") for one in levels
        )
    how = HOW_TO_TYPE.get(question.kind, "Choose one:")
    if question.kind is Kind.NUMBER and question.unit:
        how = f"Write a number in figures, in {question.unit}."
    if question.kind is Kind.TABLE:
        return f"{how}\n{' | '.join(column.label for column in question.columns)}"
    return "\n".join([how, *(label for _, label in choices_of(question))])
