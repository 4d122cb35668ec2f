"""Scores and answers as one CSV table, in the form that `docs/assessment-file.md` describes.

UTF-8 with a byte order mark, because spreadsheet programs take the file for another encoding without it; commas;
CRLF between rows; every cell in quotes that needs them. One row each for overall, objective, profile section, theme and
question, so that every figure of the assessment is in one table; where the checklist has layers, also one for each part
and theme in an unscored layer, and a column that says which.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping

from toolkit.domain.assessment import Assessment, Edition
from toolkit.domain.checklist import Checklist
from toolkit.domain.scorecard import ScoreCard
from toolkit.exports.tables import AnswerRow, LayerRow, ScoreRow, Share, Tier, tables

COLUMNS = (
    "tier",
    "part",
    "theme",
    "id",
    "text",
    "state",
    "standing",
    "mandate",
    "level",
    "answer",
    "score_percent",
    "score_exact",
    "coverage_percent",
    "coverage_exact",
    "lowest_percent",
    "lowest_exact",
    "highest_percent",
    "highest_exact",
    "set_aside_percent",
    "set_aside_exact",
    "full_score_percent",
    "full_score_exact",
    "weight",
    "track",
    "reason",
    "comment",
    "evidence",
    "note",
)

LAYERED_COLUMNS = (*COLUMNS[:3], "layer", *COLUMNS[3:])  # of a checklist with layers

# What a spreadsheet would run as a formula, or turn into a date, or what would then be ambiguous.
_TAKEN_AMISS = re.compile(r"[=+\-@\t\r\n＝＋－＠']|[0-9]+/[0-9]+\Z")


def csv_answers(checklist: Checklist, assessment: Assessment, card: ScoreCard, edition: Edition) -> bytes:
    """The table of an edition as CSV bytes. The public edition has no rows for questions."""
    found = tables(checklist, assessment, card, edition)
    text = io.StringIO(newline="")
    columns = LAYERED_COLUMNS if found.has_layers else COLUMNS
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for row in (*map(_score, found.scores), *map(_layer, found.layers), *map(_answer, found.answers)):
        writer.writerow({name: neutral(cell) for name, cell in row.items()})
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def neutral(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would take it for a formula or a date.

    A text that starts with an apostrophe gets a second one, so taking one leading apostrophe off gives the text back.
    """
    return f"'{cell}" if _TAKEN_AMISS.match(cell) else cell


def _score(row: ScoreRow) -> dict[str, str]:
    cells = {
        "tier": str(row.tier),
        "part": row.part,
        "theme": row.title if row.tier is Tier.THEME else "",
        "id": row.id,
        "text": row.title,
        "mandate": row.mandate,
        "level": "" if row.level is None else str(row.level),
        "weight": row.weight,
        "note": row.note,
    }
    for kind, share in (*row.figure.items(), ("full_score", row.full_score)):
        cells |= dict(_share(kind, share))
    return cells


def _layer(row: LayerRow) -> Mapping[str, str]:
    return {
        "tier": str(row.tier),
        "part": row.part,
        "theme": row.theme,
        "layer": row.layer,
        "id": row.id,
        "text": row.theme or row.part,
        "level": "" if row.level is None else str(row.level),
        "answer": "" if row.level is None else f"{row.level} – {row.label}",
        "note": row.note,
    }


def _answer(row: AnswerRow) -> Mapping[str, str]:
    return {
        "tier": str(Tier.QUESTION),
        "part": row.part.title,
        "theme": row.theme.title,
        "layer": row.layer,
        "id": row.question.id,
        "text": row.question.text,
        "state": row.state,
        "standing": row.standing,
        "level": "" if row.level is None else str(row.level),
        "answer": row.answer,
        "weight": row.weight,
        "track": row.track,
        "reason": row.reason,
        "comment": row.comment,
        "evidence": "\n".join(row.evidence),
        **dict(_share("score", row.share)),
    }


def _share(kind: str, share: Share) -> Iterator[tuple[str, str]]:
    yield f"{kind}_percent", share["percent"] if share else ""
    yield f"{kind}_exact", share["exact"] if share else ""
