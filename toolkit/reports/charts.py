"""Charts as hand-written SVG. Shapes only: every word and number of a chart is HTML beside it.

Text in an SVG would come out unjoined in Arabic and unreadable to a screen reader. Each chart opens with a title that
says in words what it shows; patterns tell levels apart without colour.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from toolkit.reports.palette import EMBER, INK, LINE, MUTED, SEA, level_colours

Path = str  # the d of an SVG path


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a profile bar: `count` questions at level `position` of the scale (0 is the lowest)."""

    count: int
    position: int


WIDTH, HEIGHT = 640, 24  # drawn 166 mm wide and so 6.225 mm high


def profile_bar(title: str, segments: Sequence[Segment], *, levels: int, open_count: int = 0) -> Markup:
    """Stacked segments, lowest level first, then a dashed one for questions without an answer.

    Widths are in proportion to the counts. An empty bar is one dashed frame.
    """
    total = sum(segment.count for segment in segments) + open_count
    parts: list[str] = []
    start = 0.0
    for segment in segments:
        if segment.count:
            width = WIDTH * segment.count / total
            parts.append(_level_box(start, 1, width, HEIGHT - 2, segment.position, levels))
            start += width
    if open_count or not total:
        parts.append(
            f'<rect x="{_n(start + 1)}" y="2" width="{_n(WIDTH - start - 2)}" height="{HEIGHT - 4}" fill="none"'
            f' stroke="{MUTED}" stroke-width="1" stroke-dasharray="4 3"/>'
        )
    return _svg(title, WIDTH, HEIGHT, "".join(parts), css="profile")


def index_bar(
    title: str,
    share: float | None,
    low: float | None,
    high: float | None,
    *,
    colour: str,
    last: float | None = None,
) -> Markup:
    """A bar from 0 to 1 with its range as a whisker and, where there is one, last round's value as a tick."""
    marks = "".join(_line(WIDTH * quarter / 4, 4, WIDTH * quarter / 4, HEIGHT - 4, LINE, 1) for quarter in range(5))
    track = f'<rect x="0" y="8" width="{WIDTH}" height="10" fill="#E9EEED"/>'
    bar = f'<rect x="0" y="8" width="{_n(WIDTH * share)}" height="10" fill="{colour}"/>' if share else ""
    parts = [track, marks, bar]
    if low is not None and high is not None and high > low:
        start, end = max(1.0, WIDTH * low), min(WIDTH - 1.0, WIDTH * high)
        parts.append(_line(start, 13, end, 13, "#FFFFFF", 5))
        parts.append(_line(start, 13, end, 13, INK, 2))
        parts.extend(_line(x, 7, x, 19, INK, 2) for x in (start, end))
    if last is not None:
        x = min(max(WIDTH * last, 3), WIDTH - 3)
        parts.append(f'<path d="M{_n(x - 5)} 0h10l-5 8z" fill="{EMBER}"/>')
    return _svg(title, WIDTH, HEIGHT, "".join(parts), css="index")


def level_steps(title: str, position: int | None, *, levels: int, colour: str = SEA) -> Markup:
    """A small stair, one step for each level, filled up to `position`; None leaves all of it dashed."""
    parts = []
    for step in range(levels):
        height = 6 + 12 * step / max(levels - 1, 1)
        filled = position is not None and step <= position
        style = f'fill="{colour}" stroke="{colour}"' if filled else f'fill="none" stroke="{MUTED}"'
        dash = ' stroke-dasharray="2 2"' if position is None else ""
        parts.append(f'<rect x="{step * 11 + 1}" y="{_n(19 - height)}" width="8" height="{_n(height)}" {style}{dash}/>')
    return _svg(title, levels * 11, 20, "".join(parts), css="steps")


def swatch(position: int, levels: int) -> str:
    """A data: address of one level's pattern, for a legend's background (decoration: the label says it)."""
    return _data(f'<svg xmlns="{SVG}" viewBox="0 0 28 14">{_level_box(0, 1, 28, 12, position, levels)}</svg>')


def open_swatch() -> str:
    """The same for questions without an answer."""
    frame = f'<rect x="1" y="2" width="26" height="10" fill="none" stroke="{MUTED}" stroke-dasharray="4 3"/>'
    return _data(f'<svg xmlns="{SVG}" viewBox="0 0 28 14">{frame}</svg>')


SVG = "http://www.w3.org/2000/svg"


def _svg(title: str, width: int, height: int, inside: str, *, css: str) -> Markup:
    return Markup(  # noqa: S704  # numbers and colours of ours; the title is escaped
        f'<svg xmlns="{SVG}" class="{css}" viewBox="0 0 {width} {height}" preserveAspectRatio="none" role="img">'
        f"<title>{escape(title)}</title>{inside}</svg>"
    )


def _level_box(x: float, y: float, width: float, height: float, position: int, levels: int) -> str:
    """One level's rectangle: its tone, its pattern, a frame, and a white gap around it."""
    colour = level_colours(levels)[position]
    x, width = x + 1, max(width - 2, 0.5)
    box = (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{colour}"'
        f' stroke="{SEA}" stroke-width="0.8"/>'
    )
    lines = _pattern(position, levels)(x, y, width, height)
    return box + (
        f'<path d="{lines}" stroke="{_pen(position, levels)}" stroke-width="0.9" fill="none"/>' if lines else ""
    )


def _pattern(position: int, levels: int) -> Callable[[float, float, float, float], Path]:
    """Nothing for the lowest level, solid for the highest, dots, slopes and rules for those between."""
    if position in (0, levels - 1):
        return _plain
    return (_dots, _slopes, _rules)[(position - 1) % 3]


def _pen(position: int, levels: int) -> str:
    return "#FFFFFF" if 2 * position >= levels else SEA


def _plain(x: float, y: float, width: float, height: float) -> Path:  # noqa: ARG001  # one shape for all patterns
    return ""


def _dots(x: float, y: float, width: float, height: float) -> Path:
    return "".join(
        f"M{_n(x + across)} {_n(y + down)}h1"
        for across in range(4, int(width) - 2, 8)
        for down in range(4, int(height) - 1, 7)
    )


def _rules(x: float, y: float, width: float, height: float) -> Path:
    return "".join(f"M{_n(x)} {_n(y + down)}h{_n(width)}" for down in range(4, int(height), 5))


def _slopes(x: float, y: float, width: float, height: float) -> Path:
    """Lines rising at 45 degrees, each cut at the rectangle by hand: clipping costs more than the arithmetic."""
    lines = []
    for start in range(-int(height), int(width), 7):
        left, right = max(start, 0), min(start + height, width)
        if right > left:
            lines.append(
                f"M{_n(x + left)} {_n(y + height - (left - start))}L{_n(x + right)} {_n(y + height - (right - start))}"
            )
    return "".join(lines)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float) -> str:
    return f'<path d="M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}" stroke="{colour}" stroke-width="{_n(width)}"/>'


def _data(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _n(number: float) -> str:
    """A coordinate with at most two decimals: the same text on every machine."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
