"""Reads a sheet that came back: the one module that knows openpyxl, run as a process of its own.

`python -m toolkit.exports.sheet_reading` takes a workbook on its standard input and writes what it found as JSON. So
the memory that reading takes ends with it, and a workbook made to do harm meets its limits instead of the site's.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import defusedxml  # type: ignore[import-untyped]  # openpyxl reads with it where it is there, so it must be there
from openpyxl.cell.text import Text  # type: ignore[import-untyped]  # openpyxl ships no types
from openpyxl.reader.excel import ExcelReader  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from openpyxl.xml import DEFUSEDXML  # type: ignore[import-untyped]
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS  # type: ignore[import-untyped]
from openpyxl.xml.functions import iterparse  # type: ignore[import-untyped]

from toolkit.domain.sheets import ABOUT, FORMAT, CellKind, Field

MAX_ROWS = 2_000
MAX_COLUMNS = 60
MAX_SHEETS = 20
MAX_CELL = 40_000  # characters; a longer text is cut here and refused by the limit of its cell
MAX_TEXT = 3_000_000  # characters of all cells to fill in: what the caller has to carry
MAX_MEGABYTES = 1_024  # of address space
MAX_SECONDS = 15  # of computing
OPEN = frozenset(map(str, Field))
HIDDEN = (FORMAT, "revision", "digest", "group")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

NOT_OURS = "This workbook is no sheet of this site. Choose the file that you took from this page and filled in."
TOO_LARGE = f"This sheet has more than {MAX_ROWS:,} rows. Take a new one and fill that in."
TOO_MUCH = "This sheet holds more text than fits at once. Take sheets of fewer themes and send them one by one."
BROKEN = "This workbook cannot be read. Open it, save it anew as .xlsx, and choose it once more."


class _Reader(ExcelReader):  # type: ignore[misc]  # it has no types
    """Leaves `_x005F_` where it is; openpyxl drops it, and then nobody can tell what it kept apart."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            for _, node in iterparse(source):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    self.shared_strings.append(Text.from_tree(node).content)
                    node.clear()


class NoSheet(Exception):
    """There is no sheet of ours in the workbook; str() says so to a person."""


def read_workbook(raw: bytes) -> dict[str, Any]:
    """What a workbook says, as plain data. Raises NoSheet."""
    assert defusedxml is not None  # noqa: S101
    assert DEFUSEDXML  # noqa: S101  # without it, entities would be followed
    reader = _Reader(io.BytesIO(raw), read_only=True, keep_links=False)
    reader.read()
    book = reader.wb
    questions = about = None
    for sheet in book.worksheets[:MAX_SHEETS]:
        sheet.reset_dimensions()  # what a sheet says about its own size may be wrong
        first = next(sheet.iter_rows(max_row=1, max_col=MAX_COLUMNS), ())
        marks = {_told(cell)[0] for cell in first if cell.value is not None}
        if FORMAT in marks and questions is None:
            questions = sheet
        elif ABOUT in marks and about is None:
            about = sheet
    if questions is None or about is None:
        raise NoSheet(NOT_OURS)
    found = _rows(questions)
    return {"about": dict(_about(about)), **found}


def _about(sheet: Any) -> Iterator[tuple[str, str]]:
    for _, row in _filled(sheet):
        texts = {cell.column: _told(cell)[0] for cell in row}
        if texts.get(3) and texts[3] != ABOUT:
            yield texts[3], texts.get(2, "")


def _rows(sheet: Any) -> dict[str, Any]:
    """The rows with a key, and the names of filled cells in rows without one."""
    columns: dict[int, str] = {}
    rows, strays = [], []
    room = MAX_TEXT
    for number, (line, cells) in enumerate(_filled(sheet)):
        if number == 0:
            columns = {cell.column: _told(cell)[0] for cell in cells}
            continue
        if number > MAX_ROWS + 1:
            raise NoSheet(TOO_LARGE)
        told = {columns[cell.column]: (cell, *_told(cell)) for cell in cells if cell.column in columns}
        if number == 1 and FORMAT in told and " " in told[FORMAT][1]:
            continue  # the headings
        room -= sum(len(text) for _, text, _ in told.values())
        if room < 0:
            raise NoSheet(TOO_MUCH)
        given = {one: told[one] for one in sorted(OPEN) if one in told}
        hidden = {name: told[name][1].strip() if name in told else "" for name in HIDDEN}
        key = hidden[FORMAT]
        if not key:
            strays += [cell.coordinate for cell, text, _ in given.values() if text.strip()]
            continue
        rows.append(
            {
                "question": key,
                "line": line,
                "revision": hidden["revision"],
                "digest": hidden["digest"],
                "group": hidden["group"],
                "cells": {name: [text, cell.coordinate, kind] for name, (cell, text, kind) in given.items()},
                "places": {name: f"{get_column_letter(at)}{line}" for at, name in columns.items() if name in OPEN},
            }
        )
    return {"rows": rows, "strays": strays[:50]}


def _filled(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Each row that holds something, with its number and its filled cells."""
    for line, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
        cells = [cell for cell in row if cell.value is not None]
        if cells:
            yield line, cells


def _told(cell: Any) -> tuple[str, str]:
    """The text of a cell and what kind of cell it is."""
    value = cell.value
    if cell.data_type == "f" or not isinstance(value, str | int | float | bool | date | time | timedelta):
        return "", CellKind.FORMULA
    if cell.data_type == "e":
        return str(value), CellKind.ERROR
    if isinstance(value, bool):
        return str(value).upper(), CellKind.TRUTH
    if isinstance(value, datetime | date | time | timedelta):
        return str(value), CellKind.DATE
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)), CellKind.NUMBER
    if isinstance(value, int):
        return str(value), CellKind.NUMBER
    return _unescaped(value[:MAX_CELL]), CellKind.TEXT


def _unescaped(text: str) -> str:
    """What a program wrote as `_x005F_` or `_x000D_`; openpyxl leaves that to its caller."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def main() -> int:
    """Read the standard input within limits, and write what was found."""
    size = MAX_MEGABYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        found: dict[str, Any] = read_workbook(sys.stdin.buffer.read())
    except NoSheet as error:
        found = {"refused": str(error)}
    except Exception:  # whatever a damaged workbook makes a library raise
        found = {"refused": BROKEN}
    sys.stdout.buffer.write(json.dumps(found).encode("ascii"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
