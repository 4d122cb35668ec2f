"""A supplement: guidance and examples for one kind of organization, on the questions of a checklist as they are.

It never changes a question, a level or the digest: whoever reads it answers the same questions on the same scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.domain.checklist import Checklist, QuestionId
from toolkit.domain.reading_beside import MAX_NOTE, question_named, read_beside
from toolkit.domain.reading_node import MAX_LABEL, SHORT_NAME, Node, hint

MAX_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Note:
    """What one question means for one kind of organization; guidance, examples or both."""

    guidance: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Supplement:
    """The notes for one kind of organization. `audience` is that kind as it stands within a sentence."""

    checklist_id: str
    version: str
    kind: str
    audience: str
    title: str
    about: str
    notes: Mapping[QuestionId, Note]


@dataclass(frozen=True, slots=True)
class NoteFor:
    """A note with those whom it is for."""

    audience: str
    note: Note


def read_supplement(
    data: Any,
    checklist: Checklist,
    kinds: Mapping[str, str],
    *,
    lines: Mapping[str, int] | None = None,
    file: str = "",
) -> Supplement:
    """The supplement of `checklist` that plain data describes; `kinds` has every kind of organization with its words.

    Raises InvalidInput with every problem: a question that the checklist does not have, an unknown key or kind.
    """

    def read(root: Node) -> Supplement:
        kind = root.matching("kind", SHORT_NAME, "the name of a kind of organization")
        if kind and kind not in kinds:
            root.add("kind", f"There is no kind of organization `{kind}`.{hint(kind, list(kinds))}")
        title = root.text("title", needed=True, max_chars=MAX_LABEL)
        about = root.text("about", max_chars=MAX_NOTE)
        notes = _notes(root, checklist)
        audience = within_a_sentence(kinds.get(kind, kind))
        return Supplement(checklist.id, checklist.version, kind, audience, title, about, notes)

    return read_beside(data, checklist, read, what="The supplement", lines=lines, file=file)


def _notes(root: Node, checklist: Checklist) -> dict[QuestionId, Note]:
    found: dict[QuestionId, Note] = {}
    entries = root.node("questions", needed=True)
    if entries is not None and not entries.data:
        root.add("questions", "There is no note here; write one for at least one question.")
    for name in entries.data if entries is not None else ():
        node = entries.node(name) if entries is not None and question_named(entries, name, name, checklist) else None
        if node is not None:
            found[name] = _note(node)
    return found


def _note(node: Node) -> Note:
    note = Note(node.text("guidance", max_chars=MAX_NOTE), _examples(node))
    if not node.has("guidance") and not node.has("examples"):
        node.add("", "`guidance` is missing, and so are `examples`; write one of them or leave the question out.")
    node.finish()
    return note


def _examples(node: Node) -> tuple[str, ...]:
    """One text, or a list of a few."""
    if not node.has("examples") or not isinstance(node.data["examples"], (list, tuple)):
        text = node.text("examples", max_chars=MAX_NOTE)
        return (text,) if text else ()
    examples = node.texts("examples", max_chars=MAX_NOTE)
    if len(examples) > MAX_EXAMPLES:
        node.add("examples", f"There are {len(examples)} examples; at most {MAX_EXAMPLES} are read.")
    return examples


def within_a_sentence(label: str) -> str:
    """`Development banks` becomes `development banks`; a name such as `United Nations …` keeps its capital."""
    _, _, rest = label.partition(" ")
    return label if rest[:1].isupper() else label[:1].lower() + label[1:]


def notes_on(supplements: tuple[Supplement, ...], question_id: QuestionId) -> tuple[NoteFor, ...]:
    """What the supplements say about one question."""
    return tuple(NoteFor(one.audience, one.notes[question_id]) for one in supplements if question_id in one.notes)
