"""A report's context to one HTML page, style sheet included: nothing outside of it is needed to read it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from toolkit.config import packaged_folder
from toolkit.reports import palette
from toolkit.reports.blank_form import FormContext
from toolkit.reports.charts import open_swatch, swatch
from toolkit.reports.context import ReportContext

DRAFT_MARKS = {"draft": "DRAFT", "superseded": "SUPERSEDED", "final": ""}
MARGIN_MAX_CHARS = 70  # what fits beside the chapter's title in the running head


def render_html(report: ReportContext) -> str:
    """The whole report as one page. Everything a person or a checklist wrote is escaped."""
    style = _style(report.direction, len(report.levels), report.tones) | {
        "layer_swatches": _swatches({len(layer.levels) for layer in report.layers}),
        "draft_mark": DRAFT_MARKS[report.record.id],
        "running": (report.cover.subject, f"{report.edition.label} · {report.cover.running}"),
    }
    return _tight(_environment().get_template("report.html").render(report=report, **style))


def render_form_html(form: FormContext) -> str:
    """A blank checklist as a readable form."""
    style = _style(form.direction, len(form.levels), form.tones) | {
        "layer_swatches": _swatches({len(layer.levels) for layer in form.layers if layer.levels}),
        "draft_mark": "DRAFT VERSION" if form.is_draft else "",
        "running": (form.title, form.running),
    }
    return _tight(_environment().get_template("form.html").render(form=form, **style))


def direction_of(text: str) -> str:
    """`rtl` or `ltr`, as the first letter with a direction says."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


def css_string(text: str, at_most: int = MARGIN_MAX_CHARS) -> str:
    """Text as it may stand between quotes in a style sheet: everything but plain letters and digits is escaped."""
    short = text if len(text) <= at_most else text[: at_most - 1].rstrip() + "…"
    return "".join(one if one.isascii() and one.isalnum() else f"\\{ord(one):x} " for one in short)


def _tight(html: str) -> str:
    """Without the line breaks and indents between tags: each would be laid out as a text of its own."""
    return re.sub(r">\s*\n\s*<", "><", html)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _style(direction: str, levels: int, tones: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """What the style sheet is told: colours, patterns, and which side the language starts at."""
    start, end = ("right", "left") if direction == "rtl" else ("left", "right")
    colours = {
        "ink": palette.INK,
        "sea": palette.SEA,
        "sand": palette.SAND,
        "ember": palette.EMBER,
        "muted": palette.MUTED,
        "line": palette.LINE,
    }
    return {
        "start": start,
        "end": end,
        "c": colours,
        "tones": tones,
        "swatches": [swatch(position, levels) for position in range(levels)],
        "open_swatch": open_swatch(),
        "level_colours": palette.level_colours(levels),
    }


def _swatches(counts: set[int]) -> list[tuple[int, list[str]]]:
    """The patterns of scales of so many levels, for layers that have a scale of their own."""
    return [(count, [swatch(position, count) for position in range(count)]) for count in sorted(counts)]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(packaged_folder("templates") / "reports"),
        autoescape=select_autoescape(enabled_extensions=("html", "css")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(lines=_lines, direction=direction_of, css_string=css_string)
    return environment
