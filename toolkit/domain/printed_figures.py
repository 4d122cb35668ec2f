"""The list of figures that a report prints, which it carries so that a program can check them.

A report attaches two files: `assessment.json`, the assessment file of its own edition, and `figures.json`, this list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.domain.assessment import Edition
from toolkit.domain.errors import InvalidInput
from toolkit.domain.shapes import Field, Fields, OneOf, Problems, Rows, Text
from toolkit.domain.strict_json import parse_json

ASSESSMENT_ATTACHMENT = "assessment.json"
FIGURES_ATTACHMENT = "figures.json"
FORMAT = "decent-work-figures/1"
WHAT = "The list of printed figures"

_FIELD_NAMES = ("score", "coverage", "lowest", "highest", "set_aside")


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """One figure as it stands on a page.

    `place` and `kind` name it as `named_figures` does; `text` is what is printed, in whatever language ("72 %",
    "71,9"); `exact` is the fraction behind it ("23/32").
    """

    place: str
    kind: str
    text: str
    exact: str


_SHAPE = Fields(
    {
        "format": Field(OneOf((FORMAT,)), required=True),
        "figures": Field(
            Rows(
                Fields(
                    {
                        "place": Field(Text(200, min_chars=1), required=True),
                        "kind": Field(Text(100, min_chars=1), required=True),
                        "text": Field(Text(100, min_chars=1), required=True),
                        "exact": Field(Text(400, min_chars=1), required=True),
                    }
                ),
                20_000,
            ),
            required=True,
        ),
    }
)


def figures_bytes(figures: Iterable[PrintedFigure]) -> bytes:
    """The list as a report attaches it, in the order printed: UTF-8 JSON with a line feed at the end."""
    rows = [{"place": one.place, "kind": one.kind, "text": one.text, "exact": one.exact} for one in figures]
    text = json.dumps({"format": FORMAT, "figures": rows}, ensure_ascii=False, sort_keys=True, indent=1)
    return (text + "\n").encode("utf-8")


def read_figures(data: bytes) -> tuple[PrintedFigure, ...]:
    """The list back. Raises InvalidInput with every problem found."""
    found = parse_json(data, what=WHAT)
    problems: Problems = []
    clean = _SHAPE.read(found, "", Edition.PUBLIC, problems)
    if problems:
        raise InvalidInput(WHAT, tuple(problems))
    return tuple(PrintedFigure(**row) for row in clean["figures"])


def named_figures(scores: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Every figure in the scores of an assessment file, by (place, kind), as exact text.

    Places are `overall`, `objective.<id>`, `section.<id>` (a profile section), `theme.<id>` and `alternative.<id>`; in
    an unscored layer `layer.<id>.part.<id>` and `layer.<id>.theme.<id>`.
    Kinds are score, coverage, lowest, highest and set_aside, overall and in objectives lowest_voice and highest_voice
    too; for the overall place also gap, evidence,
    sensitivity_most, sensitivity_typical, answered and asked; for a theme also full_score and level; for an objective
    or section also questions_at_<level> and themes_at_<level>; for an alternative also the ids of the objectives. In a
    layer a part has questions_at_<level>, themes_at_<level> and open, a theme has its level.
    What is null has no entry.
    """
    return {(place, kind): text for place, kind, text in _named(scores) if text is not None}


def _named(scores: Mapping[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    yield from _figure("overall", scores["overall"])
    yield "overall", "evidence", _exact(scores["evidence"])
    if scores["gap"]:
        yield "overall", "gap", _exact(scores["gap"]["share"])
    if sensitivity := scores.get("sensitivity"):
        yield "overall", "sensitivity_most", _exact(sensitivity["most"])
        yield "overall", "sensitivity_typical", _exact(sensitivity["typical"])
    if progress := scores.get("progress"):
        yield "overall", "answered", str(progress["answered"])
        yield "overall", "asked", str(progress["asked"])
    for part in scores["parts"]:
        place = f"{'objective' if part['scored'] else 'section'}.{part['id']}"
        yield from _figure(place, part["figure"])
        yield from _profile(place, part["profile"])
        for theme in part["themes"]:
            yield from _figure(f"theme.{theme['id']}", theme["figure"])
            yield f"theme.{theme['id']}", "full_score", _exact(theme["full_score"])
            if theme["level"] is not None:
                yield f"theme.{theme['id']}", "level", str(theme["level"])
    if voices := scores.get("voices"):
        yield from _voices("overall", voices["overall"])
        for objective, span in voices["objectives"].items():
            yield from _voices(f"objective.{objective}", span)
    for layer in scores.get("layers", ()):
        yield from _layer(layer)
    for other in scores.get("alternatives", ()):
        yield f"alternative.{other['id']}", "score", _exact(other["overall"])
        for objective, share in other["objectives"].items():
            yield f"alternative.{other['id']}", objective, _exact(share)


def _voices(place: str, span: Mapping[str, Any] | None) -> Iterator[tuple[str, str, str | None]]:
    if span is not None:
        yield place, "lowest_voice", _exact(span["lowest"])
        yield place, "highest_voice", _exact(span["highest"])


def _profile(place: str, profile: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for count in profile:
        yield place, f"questions_at_{count['level']}", str(count["questions"])
        yield place, f"themes_at_{count['level']}", str(count["themes"])


def _layer(layer: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for part in layer["parts"]:
        place = f"layer.{layer['id']}.part.{part['id']}"
        yield from _profile(place, part["profile"])
        yield place, "open", str(part["open"])
        for theme in part["themes"]:
            if theme["level"] is not None:
                yield f"layer.{layer['id']}.theme.{theme['id']}", "level", str(theme["level"])


def _figure(place: str, figure: Mapping[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    for kind in _FIELD_NAMES:
        yield place, kind, _exact(figure[kind])


def _exact(share: Mapping[str, str] | None) -> str | None:
    return None if share is None else share["exact"]
