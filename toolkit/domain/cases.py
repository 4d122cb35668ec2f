"""Cases: short written cases with the level that is right for them and why, to try out whether raters agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.domain.checklist import Checklist, QuestionId
from toolkit.domain.reading_beside import MAX_NOTE, level_values, rating_named, read_beside
from toolkit.domain.reading_node import MAX_LABEL, NAME, Node
from toolkit.domain.reading_pieces import note_repeat


@dataclass(frozen=True, slots=True)
class Case:
    """One case about one rating. `level` is a value of the question's scale; `reason` says why it is that level."""

    id: str
    question: QuestionId
    title: str
    text: str
    level: int
    reason: str


def read_cases(
    data: Any, checklist: Checklist, *, lines: Mapping[str, int] | None = None, file: str = ""
) -> tuple[Case, ...]:
    """The cases of `checklist` that plain data describes, in their order.

    Raises InvalidInput with every problem: a question that is no rating, a level that its scale does not have, a name
    that is given twice.
    """

    def read(root: Node) -> tuple[Case, ...]:
        found: dict[str, Case] = {}
        for node in root.nodes("cases", needed=True):
            case = _case(node, checklist)
            note_repeat(node, "case", case.id, found)
            found.setdefault(case.id, case)
        return tuple(found.values())

    return read_beside(data, checklist, read, what="The cases", lines=lines, file=file)


def _case(node: Node, checklist: Checklist) -> Case:
    case_id = node.name()
    name = node.matching("question", NAME, "the name of a question")
    question = rating_named(node, "question", name, checklist) if name else None
    level = node.whole("level", least=-1000, needed=True)
    if question is not None and node.data.get("level") == level and level not in level_values(question):
        levels = ", ".join(map(str, level_values(question)))
        node.add("level", f"{level} is not a level of `{name}`: {levels}.")
    case = Case(
        case_id,
        name,
        node.text("title", needed=True, max_chars=MAX_LABEL),
        node.text("text", needed=True, max_chars=MAX_NOTE),
        level,
        node.text("reason", needed=True, max_chars=MAX_NOTE),
    )
    node.finish()
    return case
