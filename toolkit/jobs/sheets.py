"""Reads sheets in a process of their own, so that no web worker carries what that takes."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import toolkit
from toolkit.domain.errors import FileRefused, InvalidInput, Problem
from toolkit.domain.sheets import Cell, CellKind, Field, Sheet, SheetRow
from toolkit.files.packed import kind_of_package

WHAT = "The sheet"
MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_UNPACKED_BYTES = 20 * 1024 * 1024
MAX_SECONDS = 20
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_WORKBOOK = (
    "This is no workbook. Choose the file that ends in .xlsx; in your program, save as “Excel workbook (.xlsx)”."
)
BROKEN = "This workbook cannot be read. Open it, save it anew as .xlsx, and choose it once more."

log = logging.getLogger(__name__)


def read_sheet(raw: bytes) -> Sheet:
    """The sheet in a workbook. Raises InvalidInput with what to do."""
    _check_file(raw)
    found = _read_apart(raw)
    if "refused" in found:
        raise refused(found["refused"])
    return Sheet(found["about"], tuple(map(_row, found["rows"])), tuple(found["strays"]))


def refused(message: str) -> InvalidInput:
    """Why a sheet is not taken."""
    return InvalidInput(WHAT, (Problem("", message),))


def _check_file(raw: bytes) -> None:
    if len(raw) > MAX_FILE_BYTES:
        raise refused(f"The file is larger than {MAX_FILE_BYTES // 2**20} MB. Choose the sheet that you took here.")
    if not raw.startswith(b"PK\x03\x04"):
        raise refused(NO_WORKBOOK)
    try:
        kind = kind_of_package(io.BytesIO(raw), max_unpacked=MAX_UNPACKED_BYTES)
    except FileRefused as error:
        raise refused(str(error)) from None
    if kind != SPREADSHEET:
        raise refused(NO_WORKBOOK)


def _read_apart(raw: bytes) -> dict[str, Any]:
    """What the reading process says; nothing of this process's settings or secrets is handed to it."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "toolkit.exports.sheet_reading"],
            input=raw,
            capture_output=True,
            check=False,
            timeout=MAX_SECONDS,
            cwd=Path(toolkit.__file__).parent.parent,
            env=kept | {"PYTHONUTF8": "1", "OPENPYXL_LXML": "False"},  # without lxml, defusedxml reads every part
        )
        found: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise refused(BROKEN) from None
    except ValueError:
        log.warning("A sheet ended the process that read it")
        raise refused(BROKEN) from None
    return found


def _row(found: dict[str, Any]) -> SheetRow:
    cells = {Field(name): Cell(text, place, CellKind(kind)) for name, (text, place, kind) in found["cells"].items()}
    for name, place in found["places"].items():
        cells.setdefault(Field(name), Cell("", place))
    revision = found["revision"]
    known = revision.isascii() and revision.isdigit() and len(revision) < 10
    return SheetRow(
        found["question"], found["line"], int(revision) if known else -1, found["digest"], cells, found["group"]
    )
