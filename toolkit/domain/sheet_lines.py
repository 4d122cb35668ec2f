"""Several things in one cell of a sheet: one line each, its parts with a bar between.

A part that holds a bar, a line end or blanks at its ends stands in quotation marks, as in a CSV file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_QUOTED = re.compile(r'[ \t]*"((?:[^"]|"")*)"[ \t]*(?=[|\n]|\Z)')
_RAW = re.compile(r"[^|\n]*")


def written_lines(rows: Iterable[Sequence[str]]) -> str:
    """The rows as text of one cell."""
    return "\n".join(" | ".join(map(_part, row)).rstrip(" ") for row in rows)


def read_lines(text: str) -> list[list[str]]:
    """The rows back; lines without anything in them are left out."""
    rows: list[list[str]] = []
    row: list[str] = []
    place = 0
    while place <= len(text):
        found = _QUOTED.match(text, place)
        if found:
            row.append(found[1].replace('""', '"'))
        else:
            found = _RAW.match(text, place)
            assert found is not None  # noqa: S101  # it matches nothing, too
            row.append(found[0].strip())
        place = found.end() + 1
        if found.end() == len(text) or text[found.end()] == "\n":
            if any(row):
                rows.append(row)
            row = []
    return rows


def _part(text: str) -> str:
    if text != text.strip() or text.startswith('"') or "|" in text or "\n" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
