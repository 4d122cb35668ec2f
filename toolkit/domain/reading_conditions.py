"""Reading `ask_if`: when a question is asked, by earlier answers or by facts about the subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from toolkit.domain.checklist import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Fact,
    Kind,
    Layer,
    Not,
    Option,
    Question,
    Source,
    Test,
    Track,
)
from toolkit.domain.reading_node import Node, hint, kind_of, read_exact

MAX_NESTING = 8
GROUPS = ("all", "any", "not")
EQUALITY = (Test.IS, Test.IS_NOT)
ORDER = (Test.AT_LEAST, Test.AT_MOST)

# Which comparisons suit which kind of source. For several choices `is` holds when the option is among those picked.
TESTS_FOR: dict[Kind, tuple[Test, ...]] = {
    Kind.RATING: (*EQUALITY, Test.ANY_OF, *ORDER),
    Kind.YES_NO: EQUALITY,
    Kind.CHOICE: (*EQUALITY, Test.ANY_OF),
    Kind.CHOICES: (*EQUALITY, Test.ANY_OF),
    Kind.NUMBER: (*EQUALITY, *ORDER),
    Kind.TEXT: (),
    Kind.TABLE: (),
}


@dataclass(frozen=True)
class Around:
    """What a condition may look at. `earlier` has None for a question that could not be read.

    `layer` is that of the question whose condition it is: layers are never combined, not by way of a condition either.
    """

    earlier: Mapping[str, Question | None]
    everywhere: Sequence[str]
    facts: Mapping[str, Fact]
    layer: Layer | None = None


def read_condition(node: Node, around: Around, track: Track, depth: int = 1) -> Condition | None:
    """One condition of a question in `track`; None, with a problem, when it makes no sense."""
    if depth > MAX_NESTING:
        node.add("", f"Conditions are nested more than {MAX_NESTING} deep.")
        return None
    groups = [key for key in GROUPS if node.has(key)]
    sources = [key for key in ("question", "fact") if node.has(key)]
    tests = [test for test in Test if node.has(test)]
    node.finish()
    if len(groups) + len(sources) != 1:
        node.add("", "A condition has exactly one of question, fact, all, any, not.")
        return None
    if groups:
        if tests:
            node.add(tests[0], f"`{tests[0]}` compares a question or a fact; it does not go with `{groups[0]}`.")
        return _group(node, groups[0], around, track, depth)
    if len(tests) != 1:
        node.add("", f"A comparison has exactly one of {', '.join(Test)}; use `all` for more than one.")
        return None
    return _compare(node, sources[0], tests[0], around, track)


def _group(node: Node, key: str, around: Around, track: Track, depth: int) -> Condition | None:
    if key == "not":
        inner = node.node("not")
        condition = read_condition(inner, around, track, depth + 1) if inner else None
        return Not(condition) if condition else None
    read = [read_condition(inner, around, track, depth + 1) for inner in node.nodes(key, least=1)]
    conditions = tuple(condition for condition in read if condition)
    return AllOf(conditions) if key == "all" else AnyOf(conditions)


def _compare(node: Node, key: str, test: Test, around: Around, track: Track) -> Condition | None:
    name = node.text(key)
    source = _fact(node, name, around) if key == "fact" else _question(node, name, around, track)
    if source is None:
        return None
    if test not in TESTS_FOR[source.kind]:
        suited = ", ".join(TESTS_FOR[source.kind]) or "no comparison"
        node.add(test, f"`{test}` does not fit `{name}`, which is {source.kind}; what fits: {suited}.")
        return None
    values = tuple(_values(node, test, source))
    return Compare(Source(name, is_fact=key == "fact"), test, values)


def _fact(node: Node, name: str, around: Around) -> Fact | None:
    fact = around.facts.get(name)
    if fact is None and name:
        node.add("fact", f"There is no fact `{name}`.{hint(name, list(around.facts))}")
    return fact


def _question(node: Node, name: str, around: Around, track: Track) -> Question | None:
    question = around.earlier.get(name)
    if question is None:
        if name in around.everywhere and name not in around.earlier:
            node.add("question", f"`{name}` comes later or is this question itself; a condition looks only back.")
        elif name and name not in around.earlier:
            node.add("question", f"There is no question `{name}`.{hint(name, around.everywhere)}")
        return None
    if not track.includes(question.track):
        message = f"`{name}` is asked in the {question.track} track only, so a {track} question cannot depend on it."
        node.add("question", message)
    if None not in (around.layer, question.layer) and question.layer != around.layer:
        node.add("question", f"`{name}` belongs to another layer; a condition looks only at questions of its own.")
    return question


def _values(node: Node, test: Test, source: Question | Fact) -> list[str | bool | Fraction]:
    if test is Test.ANY_OF:
        entries = node.items(test, least=1)
    else:
        path = f"{node.path}.{test}"
        entries = [(path, node.data[test])]
    read = [_value(node, path, raw, source) for path, raw in entries]
    return [value for value in read if value is not None]


def _value(node: Node, path: str, raw: Any, source: Question | Fact) -> str | bool | Fraction | None:
    problems = node.problems
    if source.kind is Kind.YES_NO:
        if isinstance(raw, bool):
            return raw
        problems.add(path, f"`{source.id}` is answered yes or no: write true or false, not {kind_of(raw)}.")
        return None
    if source.kind in {Kind.CHOICE, Kind.CHOICES}:
        return _option(node, path, raw, source.options)
    if source.kind is Kind.RATING and isinstance(source, Question):
        levels = [level.value for level in source.scale.levels] if source.scale else []
        if isinstance(raw, bool) or not isinstance(raw, int) or (levels and raw not in levels):
            shown = raw if isinstance(raw, (int, str)) else kind_of(raw)
            problems.add(path, f"`{shown}` is not a level of `{source.id}`: {', '.join(map(str, levels))}.")
            return None
        return Fraction(raw)
    return read_exact(raw, path, problems)


def _option(node: Node, path: str, raw: Any, options: tuple[Option, ...]) -> str | None:
    names = [option.id for option in options]
    if isinstance(raw, str) and raw in names:
        return raw
    shown = raw if isinstance(raw, str) else kind_of(raw)
    node.problems.add(path, f"`{shown}` is none of the options {', '.join(names)}.{hint(raw, names)}")
    return None
