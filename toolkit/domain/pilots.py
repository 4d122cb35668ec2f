"""Pilots: what came out when two raters answered the same questions about the same subject, each for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.domain.checklist import Checklist, Question, QuestionId
from toolkit.domain.reading_beside import level_values, rating_named, read_beside
from toolkit.domain.reading_node import MAX_LABEL, Node, kind_of
from toolkit.domain.reading_pieces import note_repeat

MONTH = r"[12][0-9]{3}-(?:0[1-9]|1[0-2])"

Pair = tuple[int, int]


@dataclass(frozen=True)
class Pilot:
    """One pilot. `when` is its month; `ratings` has the pairs of levels that two raters gave, by question."""

    id: str
    title: str
    when: str
    who: str
    ratings: Mapping[QuestionId, tuple[Pair, ...]]


def read_pilots(
    data: Any, checklist: Checklist, *, lines: Mapping[str, int] | None = None, file: str = ""
) -> tuple[Pilot, ...]:
    """The pilots of `checklist` that plain data describes; `pilots: []` says that there are none.

    Raises InvalidInput with every problem: a question that is no rating, a pair that is none, a level that the scale
    of its question does not have, a name that is given twice.
    """

    def read(root: Node) -> tuple[Pilot, ...]:
        if root.has("pilots") and root.data["pilots"] == []:
            return ()
        found: dict[str, Pilot] = {}
        for node in root.nodes("pilots", needed=True):
            pilot = _pilot(node, checklist)
            note_repeat(node, "pilot", pilot.id, found)
            found.setdefault(pilot.id, pilot)
        return tuple(found.values())

    return read_beside(data, checklist, read, what="The pilots", lines=lines, file=file)


def _pilot(node: Node, checklist: Checklist) -> Pilot:
    ratings: dict[QuestionId, tuple[Pair, ...]] = {}
    pilot_id = node.name()
    entries = node.node("ratings", needed=True)
    if entries is not None and not entries.data:
        node.add("ratings", "There are no pairs here; a pilot has at least one.")
    for name in entries.data if entries is not None else ():
        question = rating_named(entries, name, name, checklist) if entries is not None else None
        if entries is not None and question is not None:
            ratings[name] = _pairs(entries, name, question)
    pilot = Pilot(
        pilot_id,
        node.text("title", needed=True, max_chars=MAX_LABEL),
        node.matching("when", MONTH, 'a month such as "2027-03"'),
        node.text("who", needed=True, max_chars=MAX_LABEL),
        ratings,
    )
    node.finish()
    return pilot


def _pairs(entries: Node, name: str, question: Question) -> tuple[Pair, ...]:
    values = level_values(question)
    found: list[Pair] = []
    for path, raw in entries.items(name):
        if not isinstance(raw, (list, tuple)) or len(raw) != 2:
            told = f"this is a list of {len(raw)}" if isinstance(raw, (list, tuple)) else f"this is {kind_of(raw)}"
            entries.problems.add(path, f"Two levels are wanted, [3, 2]; {told}.")
            continue
        wrong = [one for one in raw if isinstance(one, bool) or not isinstance(one, int) or one not in values]
        for one in wrong:
            shown = one if isinstance(one, (int, str)) and not isinstance(one, bool) else kind_of(one)
            levels = ", ".join(map(str, values))
            entries.problems.add(path, f"`{shown}` is not a level of `{name}`: {levels}.")
        if not wrong:
            found.append((raw[0], raw[1]))
    return tuple(found)
