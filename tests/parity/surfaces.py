"""Reading figures back from wherever they are shown: files, pages, the report. Each reader knows only its surface."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import openpyxl

from tests.parity.figures import Key

KINDS = ("score", "coverage", "lowest", "highest", "set_aside")
Printed = dict[Key, tuple[str, str]]  # exact and printed text
Counts = dict[Key, str]


def from_scores(scores: dict[str, Any]) -> Printed:
    """What stands under `scores` in an assessment file and in the score JSON."""
    found = dict(_shares("overall", scores["overall"]))
    found |= _share("overall", "evidence", scores["evidence"])
    found |= _share("overall", "gap", scores["gap"] and scores["gap"]["share"])
    for kind in ("most", "typical"):
        sensitivity = scores.get("sensitivity")
        found |= _share("overall", f"sensitivity_{kind}", sensitivity and sensitivity[kind])
    for part in scores["parts"]:
        found |= dict(_shares(f"{'objective' if part['scored'] else 'section'}.{part['id']}", part["figure"]))
        for theme in part["themes"]:
            found |= dict(_shares(f"theme.{theme['id']}", theme["figure"]))
            found |= _share(f"theme.{theme['id']}", "full_score", theme["full_score"])
    for other in scores.get("alternatives", ()):
        found |= _share(f"alternative.{other['id']}", "score", other["overall"])
        for objective, share in other["objectives"].items():
            found |= _share(f"alternative.{other['id']}", objective, share)
    return found


def _shares(place: str, figure: dict[str, Any]) -> Iterator[tuple[Key, tuple[str, str]]]:
    for kind in KINDS:
        yield from _share(place, kind, figure[kind]).items()


def _share(place: str, kind: str, share: dict[str, str] | None) -> Printed:
    return {(place, kind): (share["exact"], share["percent"])} if share else {}


def layers_from_scores(scores: dict[str, Any]) -> Counts:
    """The counts and levels of unscored layers, as an assessment file and the score JSON have them."""
    found: Counts = {}
    for layer in scores.get("layers", ()):
        for part in layer["parts"]:
            place = f"layer.{layer['id']}.part.{part['id']}"
            found[place, "open"] = str(part["open"])
            for count in part["profile"]:
                found[place, f"questions_at_{count['level']}"] = str(count["questions"])
                found[place, f"themes_at_{count['level']}"] = str(count["themes"])
            for theme in part["themes"]:
                if theme["level"] is not None:
                    found[f"layer.{layer['id']}.theme.{theme['id']}", "level"] = str(theme["level"])
    return found


def layers_from_csv(content: bytes, layers: dict[str, str]) -> Counts:
    """The same out of the CSV; what is 0 is not said there. `layers` gives the id of each title."""
    found: Counts = {}
    for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        if row["tier"] == "layer":
            found |= _counts(f"layer.{layers[row['layer']]}.part.{row['id']}", row["note"])
        elif row["tier"] == "layer_theme" and row["level"]:
            found[f"layer.{layers[row['layer']]}.theme.{row['id']}", "level"] = row["level"]
    return found


def layers_from_xlsx(content: bytes, layers: dict[str, str]) -> Counts:
    """The same out of the sheet of layers."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    if "Layers" not in book.sheetnames:
        return {}
    head, *rows = book["Layers"].iter_rows(values_only=True)
    found: Counts = {}
    for cells in rows:
        row = dict(zip(head, cells, strict=True))
        layer = layers[row["Layer"]]
        if row["Theme"] is None:
            found |= _counts(f"layer.{layer}.part.{row['Id']}", row["Questions and themes at each level"])
        elif row["Level"] is not None:
            found[f"layer.{layer}.theme.{row['Id']}", "level"] = str(row["Level"])
    return found


def _counts(place: str, words: str) -> Counts:
    found: Counts = {}
    for level, questions, _, themes in re.findall(r"(-?[0-9]+) – [^:]*: ([0-9]+) questions?(, ([0-9]+) theme)?", words):
        found |= {(place, f"questions_at_{level}"): questions, (place, f"themes_at_{level}"): themes or "0"}
    for number in re.findall(r"open: ([0-9]+) question", words):
        found[place, "open"] = number
    return found


def layers_from_results(html: str, titles: dict[str, str]) -> dict[str, dict[str, str]]:
    """For each layer on the results page: what its bars say by part, and the level of each theme, by title."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    found: dict[str, dict[str, str]] = {}
    for name in titles:
        for section in page.iter("section"):
            if section.get("aria-labelledby") != f"layer-{name}":
                continue
            chart = next(one for one in section.iter("div") if one.get("class") == "chart")
            cells = [one for one in chart if one.tag == "div"]
            bars = {_text(one): _text(under) for one, under in zip(cells[0::3], cells[2::3], strict=True)}
            rows = [row for table in section.iter("table") if table.get("class") == "stack" for row in table.iter("tr")]
            levels = {_text(row[0]): _text(row[1]) for row in rows if row[0].get("scope") == "row"}
            found[name] = bars | levels
    return found


def from_csv(content: bytes) -> Printed:
    """The rows of the CSV but those of questions."""
    found: Printed = {}
    for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        if row["tier"] == "question":
            continue
        place = row["tier"] if row["tier"] == "overall" else f"{row['tier']}.{row['id']}"
        for kind in (*KINDS, "full_score"):
            if row[f"{kind}_exact"] or row[f"{kind}_percent"]:
                found[place, kind] = (row[f"{kind}_exact"].removeprefix("'"), row[f"{kind}_percent"])
    return found


XLSX_COLUMNS = {
    "score": ("Score (%)", "Score (exact)"),
    "coverage": ("Coverage (%)", "Coverage (exact)"),
    "lowest": ("If open went worst (%)", "Worst (exact)"),
    "highest": ("If open went best (%)", "Best (exact)"),
    "set_aside": ("Set aside (%)", "Set aside (exact)"),
    "full_score": ("All ratings (%)", "All ratings (exact)"),
}


def from_xlsx(content: bytes) -> Printed:
    """The sheet of scores, as the number format of each cell shows it."""
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True)["Scores"]
    rows = sheet.iter_rows()
    head = [cell.value for cell in next(rows)]
    found: Printed = {}
    for row in rows:
        cells = dict(zip(head, row, strict=True))
        tier = str(cells["Tier"].value).lower()
        place = tier if tier == "overall" else f"{tier}.{cells['Id'].value}"
        for kind, (percent, exact) in XLSX_COLUMNS.items():
            if cells[percent].value is not None or cells[exact].value is not None:
                assert cells[percent].number_format == "0.0", (place, kind)
                found[place, kind] = (str(cells[exact].value), f"{cells[percent].value:.1f}")
    return found


def from_report(html: str) -> list[tuple[Key, str]]:
    """Every figure on the pages of a report, in order, as printed."""
    marked = re.findall(r'<bdi class="fig" data-place="([^"]*)" data-kind="([^"]*)">([^<]*)</bdi>', html)
    return [((place, kind), unescape(text)) for place, kind, text in marked]


def from_results(html: str) -> dict[Key, str]:
    """The figures on the results page, in whole per cent."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    index = next(one for one in page.iter("section") if one.get("aria-labelledby") == "index")
    card = next(one for one in index.iter("div") if one.get("class") == "card")
    headline = [_text(one) for one in card.iter("p") if "headline" in one.get("class", "")]
    found = {("overall", "score"): headline[0]} if headline else {}
    found |= _rests_on("overall", _text(next(one for one in card.iter("p") if one.get("class") == "small")))
    chart = list(next(one for one in index.iter("div") if one.get("class") == "chart"))
    for name, share, under in zip(chart[0::4], chart[2::4], chart[3::4], strict=True):
        place = "objective." + next(name.iter("a")).get("href", "").removeprefix("#part-")
        found[place, "score"] = _text(share)
        found |= _rests_on(place, _text(under))
    for link in page.iter("a"):
        if link.get("href", "").startswith("#why-") and link.get("href") != "#why-overall":
            found |= _theme_row(page, link)
    return {key: text for key, text in found.items() if text not in {"–", ""}}


def heads_of_parts(html: str) -> dict[str, str]:
    """The figure beside each objective's title above its table of themes."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    heads = [one for one in page.iter("h3") if one.get("id", "").startswith("h-")]
    spans = [(one.get("id", "")[2:], span) for one in heads for span in one.iter("span")]
    return {part: _text(span) for part, span in spans if span.get("class") == "figure"}


def other_rules(html: str) -> list[list[str]]:
    """The table of results under other rules, as texts: a row each, the one as used first."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    for table in page.iter("table"):
        if "Results under other rules" in _text(table):
            return [[_text(cell) for cell in row] for row in table.iter("tr")][1:]
    return []


def _theme_row(page: Element, link: Element) -> dict[Key, str]:
    place = "theme." + link.get("href", "").removeprefix("#why-")
    row = next(row for row in page.iter("tr") if link in row.iter())
    cells = {cell.get("data-label"): _text(cell) for cell in row.iter("td")}
    found = {(place, "score"): cells.get("Index", ""), (place, "coverage"): cells["Covered"]}
    ends = cells.get("If open questions went worst or best", "–").split(" to ")
    if len(ends) == 2:
        found |= {(place, "lowest"): ends[0], (place, "highest"): ends[1]}
    return found


def _rests_on(place: str, words: str) -> dict[Key, str]:
    """Coverage, range and what is set aside, out of the line below a figure."""
    found: dict[Key, str] = {}
    for kind, pattern in (("coverage", r"([0-9]+ %) covered"), ("set_aside", r"([0-9]+ %) set aside")):
        if shown := re.search(pattern, words):
            found[place, kind] = shown[1]
    if shown := re.search(r"([0-9]+ %) to ([0-9]+ %) if the open questions", words):
        found |= {(place, "lowest"): shown[1], (place, "highest"): shown[2]}
    return found


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
