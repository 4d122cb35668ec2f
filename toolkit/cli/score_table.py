"""The figures of an assessment as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.domain.scoring import NO_OVERALL
from toolkit.exports.tables import Share, Tables, Tier
from toolkit.exports.words import provisional_words

NONE = "–"
HEADINGS = ("Score", "Range", "Coverage", "Set aside")
NOTE = "Range: if the open questions went worst – best; it is not a margin of error."


def score_table(found: Tables) -> str:
    """The figures of overall and each objective in per cent, then what stands beside them, as lines of text."""
    return "\n".join(_lines(found))


def _lines(found: Tables) -> Iterator[str]:
    data, scores = found.data, found.data["scores"]
    yield data["subject"]["name"]
    yield (
        f"{found.checklist.title} {found.checklist.version} · {data['track']} track · "
        f"method {data['method']} · {data['state'].replace('_', ' ')}"
    )
    yield ""
    yield from _figures(found, scores)
    yield ""
    for reason in scores["provisional"]:
        yield f"Provisional: {provisional_words(reason, found.titles)}."
    yield NOTE
    yield from _voices(found)
    if found.checklist.method.overall is None:
        yield NO_OVERALL
    for part in scores["parts"]:
        if part["withheld"]:
            yield f"{found.titles[part['id']]}: {part['withheld']}"
    for part_id in scores["low_objectives"]:
        yield f"Very low: {found.titles[part_id]}."
    if gap := scores["gap"]:
        lowest, highest = found.titles[gap["lowest"]], found.titles[gap["highest"]]
        yield f"Gap: {gap['share']['percent']} points, from {lowest} (lowest) to {highest} (highest)."
    if band := scores["band"]:
        yield f"Band: {band['label']}."
    yield from _layers(found)


def _voices(found: Tables) -> Iterator[str]:
    """Where the scores would lie with each question at its lowest, then its highest, voice."""
    voices = found.data["scores"].get("voices")
    if voices is None:
        return
    spans = [(found.titles[part], span) for part, span in voices["objectives"].items()]
    spans.append(("Overall", voices["overall"]))
    said = [f"{title} {_percent(one['lowest'])} – {_percent(one['highest'])}" for title, one in spans if one]
    yield f"With each question at its lowest – highest voice: {'; '.join(said)}."


def _layers(found: Tables) -> Iterator[str]:
    """The profile of each unscored layer, a line a part."""
    title = ""
    for row in found.layers:
        if row.layer != title:
            title = row.layer
            yield ""
            yield f"{title}: a profile, never combined with the figures above."
        if row.tier is Tier.LAYER:
            yield f"  {row.part}: {row.note}"


def _figures(found: Tables, scores: Mapping[str, Any]) -> Iterator[str]:
    rows = [(found.titles[part["id"]], part["figure"]) for part in scores["parts"] if part["scored"]]
    rows.append(("Overall", scores["overall"]))
    cells = [("Per cent", *HEADINGS)]
    for title, figure in rows:
        low, high = figure["lowest"], figure["highest"]
        span = f"{_percent(low)} – {_percent(high)}" if low and high else NONE
        cells.append(
            (title, _percent(figure["score"]), span, _percent(figure["coverage"]), _percent(figure["set_aside"]))
        )
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADINGS) + 1)]
    for number, row in enumerate(cells):
        if number == len(cells) - 1:
            yield "─" * (sum(widths) + 3 * len(HEADINGS))
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        yield "   ".join((row[0].ljust(widths[0]), *rest))
        if number == 0:
            yield "─" * (sum(widths) + 3 * len(HEADINGS))


def _percent(share: Share) -> str:
    return share["percent"] if share else NONE
