"""What the files beside a checklist version have in common: format, checklist and version first, the rest below.

Supplements, cases and pilots are read as strictly as the checklist itself, and never change it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from toolkit.domain.checklist import Checklist, Question, QuestionId
from toolkit.domain.errors import InvalidInput
from toolkit.domain.reading import FORMAT, VERSION
from toolkit.domain.reading_node import NAME, Node, Problems, as_node, hint

MAX_NOTE = 3_000  # characters of a note, of the text of a case and of its reason

T = TypeVar("T")


def read_beside(
    data: Any,
    checklist: Checklist,
    read: Callable[[Node], T],
    *,
    what: str,
    lines: Mapping[str, int] | None = None,
    file: str = "",
) -> T:
    """What `read` makes of a file beside `checklist`; it need not look at the three keys on top.

    Raises InvalidInput with every problem found, in the order of the file.
    """
    problems = Problems(lines, file)
    root = as_node(data, "", problems)
    if root is not None:
        _heading(root, checklist)
        found = read(root)
        root.finish()
        if not problems.found:
            return found
    raise InvalidInput(file or what, tuple(sorted(problems.found, key=lambda problem: problem.line or 0)))


def _heading(root: Node, checklist: Checklist) -> None:
    if root.whole("format", default=FORMAT, needed=True) != FORMAT:
        root.add("format", f"This program reads format {FORMAT}.")
    checklist_id = root.matching("checklist", NAME, "the name of a checklist")
    version = root.matching("version", VERSION, 'a version of three numbers such as "2.0.0"')
    if checklist_id and version and (checklist_id, version) != (checklist.id, checklist.version):
        message = f"This belongs to {checklist_id} {version} and lies beside {checklist.id} {checklist.version}."
        root.add("checklist" if checklist_id != checklist.id else "version", message)


def question_named(node: Node, key: str, name: str, checklist: Checklist) -> Question | None:
    """The question of that name, closing questions aside; a problem at `key` and None where there is none."""
    own = questions_by_name(checklist)
    if name not in own:
        node.add(key, f"The checklist has no question `{name}`.{hint(name, list(own))}")
    return own.get(name)


def rating_named(node: Node, key: str, name: str, checklist: Checklist) -> Question | None:
    """The same for a question that is answered with a level."""
    question = question_named(node, key, name, checklist)
    if question is not None and not question.is_rating:
        node.add(key, f"`{name}` is no rating, so it has no levels.")
        return None
    return question


def questions_by_name(checklist: Checklist) -> dict[QuestionId, Question]:
    """The questions that the file of a checklist holds; the closing ones are added to it."""
    return {one.id: one for _, _, one in checklist.questions() if not one.is_improvement}


def level_values(question: Question) -> tuple[int, ...]:
    """The levels of a rating, lowest first."""
    return tuple(level.value for level in question.scale.levels) if question.scale else ()
