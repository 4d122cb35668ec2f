"""Summary, scores, answers and improvements as a workbook that can be filtered, and printed on A4."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from toolkit.domain.assessment import Assessment, Edition
from toolkit.domain.checklist import Checklist
from toolkit.domain.scorecard import ScoreCard
from toolkit.exports.summary import Line, summary_lines
from toolkit.exports.tables import AnswerRow, LayerRow, ScoreRow, Share, Tables, Tier, VoiceRow, tables

MAX_UNITS = 32_767  # UTF-16 code units that a cell of Excel holds
_PIECE = 32_000  # leaves room for the marks of continuation
_A4 = 9
_MADE = datetime(2000, 1, 1, tzinfo=UTC)  # the same assessment gives the same bytes


class Percent(float):
    """Per cent, shown with one decimal."""


Cell = str | int | Percent | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, and whether it is on the printed page."""

    title: str
    width: int
    printed: bool = True


def xlsx_answers(checklist: Checklist, assessment: Assessment, card: ScoreCard, edition: Edition) -> bytes:
    """The workbook of an edition. The public edition has no sheets for answers and improvements; a checklist with
    layers has one more, for those that are not scored, and the internal edition one for voices, where there are any.

    Text is always text: nothing becomes a formula, a link, a number or a date. What is longer than a cell holds goes on
    in marked rows below it.
    """
    found = tables(checklist, assessment, card, edition)
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    workbook.set_properties({"title": "Self-assessment on employment and decent work", "created": _MADE})
    book = _Book(workbook, str(edition))
    book.pairs("Summary", summary_lines(found))
    book.table("Scores", SCORE_COLUMNS, map(_score_cells, found.scores))
    if found.has_layers:
        book.table("Layers", LAYERS_COLUMNS, map(_layer_cells, found.layers))
    if found.edition is not Edition.PUBLIC:
        rest = (row for row in found.answers if not row.question.is_improvement)
        if found.has_layers:
            book.table("Answers", (LAYER_COLUMN, *ANSWER_COLUMNS), ((row.layer, *_answer_cells(row)) for row in rest))
        else:
            book.table("Answers", ANSWER_COLUMNS, map(_answer_cells, rest))
        book.table("Improvements", IMPROVEMENT_COLUMNS, _improvement_cells(found))
    if found.voices:
        book.table("Voices", VOICE_COLUMNS, map(_voice_cells, found.voices))
    workbook.close()
    return buffer.getvalue()


SCORE_COLUMNS: Final = (
    Column("Tier", 11),
    Column("Name", 44),
    Column("Level reached", 9),
    Column("Score (%)", 9),
    Column("Coverage (%)", 10),
    Column("If open went worst (%)", 12),
    Column("If open went best (%)", 12),
    Column("Set aside (%)", 10),
    Column("Weight", 8),
    Column("Mandate", 20),
    Column("Note", 34),
    Column("All ratings (%)", 10, printed=False),
    Column("Id", 24, printed=False),
    Column("Score (exact)", 14, printed=False),
    Column("Coverage (exact)", 14, printed=False),
    Column("Worst (exact)", 14, printed=False),
    Column("Best (exact)", 14, printed=False),
    Column("Set aside (exact)", 14, printed=False),
    Column("All ratings (exact)", 14, printed=False),
)
ANSWER_COLUMNS: Final = (
    Column("Objective or section", 18),
    Column("Theme", 20),
    Column("Question", 42),
    Column("State", 14),
    Column("Answer", 24),
    Column("Share (%)", 8),
    Column("Reason", 24),
    Column("Comment", 40),
    Column("Evidence", 32),
    Column("Share (exact)", 12, printed=False),
    Column("Weight", 8, printed=False),
    Column("Part in the score", 26, printed=False),
    Column("Track", 8, printed=False),
    Column("Id", 28, printed=False),
)
LAYER_COLUMN: Final = Column("Layer", 18)
LAYERS_COLUMNS: Final = (
    LAYER_COLUMN,
    Column("Objective or section", 24),
    Column("Theme", 34),
    Column("Level", 9),
    Column("Level in words", 24),
    Column("Questions and themes at each level", 60),
    Column("Id", 28, printed=False),
)
IMPROVEMENT_COLUMNS: Final = (
    Column("Objective or section", 24),
    Column("Theme", 30),
    Column("Level reached", 9),
    Column("Score (%)", 9),
    Column("How could this outcome be improved?", 90),
)

VOICE_COLUMNS: Final = (
    Column("Voice", 22),
    Column("Whose", 18),
    Column("Objective or section", 18),
    Column("Theme", 20),
    Column("Question", 40),
    Column("State", 14),
    Column("Answer", 34),
    Column("Reason", 24),
    Column("Comment", 40),
    Column("Evidence", 32),
    Column("Id", 28, printed=False),
)


def _score_cells(row: ScoreRow) -> tuple[Cell, ...]:
    figure = row.figure
    kinds = ("score", "coverage", "lowest", "highest", "set_aside")
    return (
        row.tier.capitalize(),
        row.title,
        row.level,
        *(_percent(figure[kind]) for kind in kinds),
        row.weight,
        row.mandate,
        row.note,
        _percent(row.full_score),
        row.id,
        *(_exact(figure[kind]) for kind in kinds),
        _exact(row.full_score),
    )


def _answer_cells(row: AnswerRow) -> tuple[Cell, ...]:
    return (
        row.part.title,
        row.theme.title,
        row.question.text,
        row.state,
        row.answer,
        _percent(row.share),
        row.reason,
        row.comment,
        "\n".join(row.evidence),
        _exact(row.share),
        row.weight,
        row.standing,
        row.track,
        row.question.id,
    )


def _layer_cells(row: LayerRow) -> tuple[Cell, ...]:
    return row.layer, row.part, row.theme, row.level, row.label, row.note, row.id


def _voice_cells(row: VoiceRow) -> tuple[Cell, ...]:
    asked = (row.part, row.theme, row.question)
    return (
        row.voice,
        row.kind,
        *asked,
        row.state,
        row.answer,
        row.reason,
        row.comment,
        "\n".join(row.evidence),
        row.id,
    )


def _improvement_cells(found: Tables) -> Iterable[tuple[Cell, ...]]:
    themes = {row.id: row for row in found.scores if row.tier is Tier.THEME}
    for row in found.improvements:
        theme = themes[row.theme.id]
        yield row.part.title, row.theme.title, theme.level, _percent(theme.figure["score"]), row.answer


def _percent(share: Share) -> Percent | None:
    return Percent(share["percent"]) if share else None


def _exact(share: Share) -> str | None:
    return share["exact"] if share else None


def pieces(text: str) -> tuple[str, ...]:
    """The text in pieces that fit a cell, each marked where it goes on; one piece when it fits as it is."""
    if _units(text) <= MAX_UNITS:
        return (text,)
    cut: list[str] = []
    start = size = 0
    for index, character in enumerate(text):
        width = 2 if ord(character) > 0xFFFF else 1
        if size + width > _PIECE:
            cut.append(text[start:index])
            start, size = index, 0
        size += width
    cut.append(text[start:])
    last = len(cut)
    return tuple(
        (f"[continued, {number} of {last}] " if number > 1 else "")
        + piece
        + (f" [continues below, {number} of {last}]" if number < last else "")
        for number, piece in enumerate(cut, 1)
    )


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


class _Book:
    """A workbook with the formats and page set-up that all its sheets share."""

    def __init__(self, workbook: Any, edition: str) -> None:
        self.workbook = workbook
        self.edition = edition
        base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
        self.text = workbook.add_format(base | {"text_wrap": True})
        self.number = workbook.add_format(base | {"num_format": "0"})
        self.percent = workbook.add_format(base | {"num_format": "0.0"})
        self.label = workbook.add_format(base | {"text_wrap": True, "bold": True})
        self.head = workbook.add_format(
            base | {"text_wrap": True, "bold": True, "bg_color": "#E3ECF2", "bottom": 1, "bottom_color": "#2F5D73"}
        )
        self.title = workbook.add_format(base | {"font_size": 16, "bold": True, "font_color": "#173F53"})

    def table(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
        """A sheet with a frozen, repeated heading and filters."""
        sheet = self._sheet(name)
        sheet.set_landscape()
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
            sheet.write_string(0, index, column.title, self.head)
        line = 1
        for row in rows:
            line = self._row(sheet, line, row)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(line - 1, 1), len(columns) - 1)
        printed = sum(1 for column in columns if column.printed)
        sheet.print_area(0, 0, max(line - 1, 1), printed - 1)

    def pairs(self, name: str, lines: Iterable[Line]) -> None:
        """A sheet of names and values, for reading."""
        sheet = self._sheet(name)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 62)
        sheet.set_column(2, 2, 16)
        line = 0
        for one in lines:
            if one.is_heading:
                line += line > 0
                sheet.write_string(line, 0, one.name, self.title if line == 0 else self.head)
                if line:
                    sheet.write_string(line, 1, "", self.head)
                    sheet.write_string(line, 2, one.exact, self.head)
                line += 1
                continue
            for number, piece in enumerate(pieces(one.value)):
                sheet.write_string(line, 0, "" if number else one.name, self.label)
                sheet.write_string(line, 1, piece, self.text)
                if one.exact and not number:
                    sheet.write_string(line, 2, one.exact, self.text)
                line += 1

    def _row(self, sheet: Any, line: int, row: Sequence[Cell]) -> int:
        """One row, and as many marked rows below as its longest text needs. Gives the next free line."""
        cells = [pieces(cell) if isinstance(cell, str) else (cell,) for cell in row]
        for number in range(max(map(len, cells))):
            for index, parts in enumerate(cells):
                if number < len(parts):
                    self._cell(sheet, line, index, parts[number])
                elif len(parts) == 1 and isinstance(parts[0], str) and len(parts[0]) < 1_000:
                    self._cell(sheet, line, index, parts[0])  # a row that goes on still says what it is about
            line += 1
        return line

    def _cell(self, sheet: Any, line: int, index: int, cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, str):
            sheet.write_string(line, index, cell, self.text)
        else:
            sheet.write_number(line, index, cell, self.percent if isinstance(cell, Percent) else self.number)

    def _sheet(self, name: str) -> Any:
        sheet = self.workbook.add_worksheet(name)
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        sheet.set_header(f"&L&9Self-assessment on employment and decent work&R&9{name}, {self.edition} edition")
        sheet.set_footer("&R&9Page &P of &N")
        return sheet
