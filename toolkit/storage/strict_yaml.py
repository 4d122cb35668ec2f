"""YAML read strictly: text stays text, and whatever YAML would guess at is refused with its line.

Plain YAML turns `no` into false, `1.10` into 1.1, `12:30` into 750, keeps the last of two equal keys without a
word, and expands aliases without limit. Here a plain scalar is text, a whole number, `true` or `false`; anything
else that YAML would turn into something must be put in quotes. The parser's events are read in a loop, so nesting
costs no stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from toolkit.domain.errors import Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_NODES = 200_000
MAX_PROBLEMS = 200

Plain = str | int | bool | list["Plain"] | dict[str | int, "Plain"]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\Z")
_NUMBER_LIKE = re.compile(r"[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?\Z|0[oxb][0-9a-fA-F_]+\Z")
_LONE_WORDS = {"y", "Y", "n", "N"}  # booleans of YAML 1.1 that PyYAML leaves alone and other readers do not
_BOOL, _NULL = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class ParsedYaml:
    """What a file says, the line of each place in it, and what is wrong with it as YAML.

    Where a value was refused, `data` has the text as written, so that a reader can look for more problems.
    """

    data: Plain | None
    lines: Mapping[str, int]
    problems: tuple[Problem, ...]


def parse_yaml(raw: bytes) -> ParsedYaml:
    """Read one YAML document. Never raises for what the bytes hold: every fault is a Problem with its line."""
    builder = _Builder()
    if len(raw) > MAX_BYTES:
        builder.refuse("", None, f"The file has {len(raw):,} bytes; at most {MAX_BYTES:,} are read.")
        return builder.result()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        builder.refuse("", line, "The file is not UTF-8 text from here on; save it as UTF-8.")
        return builder.result()
    try:
        for event in _events(text):
            builder.take(event)
            if builder.stopped:
                break
    except yaml.YAMLError as error:
        builder.refuse("", _line_of(error, text), f"This is not YAML: {_in_words(error)}.")
        builder.data = None
    return builder.result()


def join(path: str, key: str | int) -> str:
    """The place of a key below another place: `parts[2].title`, `criteria.0`."""
    return f"{path}.{key}" if path else str(key)


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=_LOADER)


def _line_of(error: yaml.YAMLError, text: str) -> int | None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else None


def _in_words(error: yaml.YAMLError) -> str:
    words = [getattr(error, "context", None), getattr(error, "problem", None), getattr(error, "reason", None)]
    return ", ".join(str(word) for word in words if word) or "it could not be read"


@dataclass
class _Open:
    """A sequence or mapping that is being filled. `key` waits for its value."""

    path: str
    value: list[Plain] | dict[str | int, Plain]
    key: str | int | None = None
    awaits_value: bool = False
    keeps: bool = True  # whether the value that comes next is kept: not after a repeated or impossible key
    key_lines: dict[str | int, int] = field(default_factory=dict)


class _Builder:
    """Turns parser events into plain data, noting lines and refusing what is not meant."""

    def __init__(self) -> None:
        self.data: Plain | None = None
        self.lines: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.stack: list[_Open] = []
        self.nodes = 0
        self.documents = 0
        self.stopped = False

    def result(self) -> ParsedYaml:
        if self.data is None and not self.problems:
            self.refuse("", None, "The file is empty.")
        return ParsedYaml(self.data, self.lines, tuple(self.problems))

    def refuse(self, path: str, line: int | None, message: str) -> None:
        self.problems.append(Problem(path or "(file)", message, line))
        self.stopped = self.stopped or len(self.problems) >= MAX_PROBLEMS

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._document(event, line)
        elif isinstance(event, yaml.NodeEvent):
            self._node(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()

    def _document(self, event: yaml.DocumentStartEvent, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            self.refuse("", line, "A file holds one document; take out everything from this `---` on.")
            self.stopped = True
        if event.version or event.tags:
            self.refuse("", line, "Directives (`%YAML`, `%TAG`) are not used here; take them out.")

    def _node(self, event: yaml.NodeEvent, line: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse("", line, f"The file has more than {MAX_NODES:,} values.")
            self.stopped = True
            return
        holder = self.stack[-1] if self.stack else None
        if holder is not None and isinstance(holder.value, dict) and not holder.awaits_value:
            self._key(holder, event, line)
            return
        path = self._path_of_next(holder)
        self.lines.setdefault(path, line)
        value = self._value(event, path, line)
        self._place(holder, value)
        if isinstance(value, (list, dict)) and isinstance(event, yaml.CollectionStartEvent):
            self._enter(path, value, line)

    def _enter(self, path: str, value: list[Plain] | dict[str | int, Plain], line: int) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self.refuse(path, line, f"This is nested more than {MAX_DEPTH} deep.")
            self.stopped = True
        self.stack.append(_Open(path, value))

    @staticmethod
    def _path_of_next(holder: _Open | None) -> str:
        if holder is None:
            return ""
        if isinstance(holder.value, list):
            return f"{holder.path}[{len(holder.value)}]"
        return join(holder.path, holder.key if holder.key is not None else "?")

    def _place(self, holder: _Open | None, value: Plain) -> None:
        if holder is None:
            self.data = value
        elif isinstance(holder.value, list):
            holder.value.append(value)
        else:
            if holder.keeps and holder.key is not None:
                holder.value[holder.key] = value
            holder.key, holder.awaits_value, holder.keeps = None, False, True

    def _key(self, holder: _Open, event: yaml.NodeEvent, line: int) -> None:
        holder.awaits_value = True
        if not isinstance(event, yaml.ScalarEvent):
            self.refuse(
                holder.path, line, "A key is a word or a whole number; this one is a list, a mapping or an alias."
            )
            if isinstance(event, yaml.CollectionStartEvent):
                self.stopped = True  # what follows belongs to the key, and nothing can be made of it
            holder.keeps = False
            return
        if event.value == "<<" and not event.style:
            self.refuse(holder.path, line, "Merge keys (`<<`) are not used here; write the entries out.")
            holder.keeps = False
            return
        key = self._scalar(event, join(holder.path, event.value[:60]), line)
        if isinstance(key, bool):
            self.refuse(
                join(holder.path, event.value), line, f'The key is {event.value}; put it in quotes: "{event.value}".'
            )
            key = event.value
        if key in holder.key_lines:
            first = holder.key_lines[key]
            self.refuse(join(holder.path, key), line, f"The key `{key}` is here twice (first in line {first}).")
            holder.keeps = False
        holder.key = key
        holder.key_lines.setdefault(key, line)
        self.lines.setdefault(join(holder.path, key), line)

    def _value(self, event: yaml.NodeEvent, path: str, line: int) -> Plain:
        if isinstance(event, yaml.AliasEvent):
            self.refuse(path, line, f"Aliases (`*{event.anchor}`) are not used here; write the text out.")
            return ""
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path, line)
        self._plain_node(event, path, line)
        return [] if isinstance(event, yaml.SequenceStartEvent) else {}

    def _plain_node(self, event: yaml.ScalarEvent | yaml.NodeEvent, path: str, line: int) -> None:
        if event.anchor is not None:
            self.refuse(path, line, f"Anchors (`&{event.anchor}`) are not used here; take it out.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.refuse(path, line, f"Tags (`{tag}`) are not used here; take it out.")

    def _scalar(self, event: yaml.ScalarEvent, path: str, line: int) -> str | int | bool:
        self._plain_node(event, path, line)
        value: str = event.value
        if event.style or event.tag is not None:
            return value
        if value in {"true", "false"}:
            return value == "true"
        if _WHOLE.match(value):
            return int(value)
        guess = _guess(value)
        if guess:
            self.refuse(path, line, guess)
        return value


def _guess(value: str) -> str:
    """Why a plain scalar must be put in quotes, or nothing where it is text to every YAML reader."""
    if value == "":
        return "There is no value here; write one or leave the key out."
    shown = value if len(value) <= 40 else value[:39] + "…"
    quoted = f'put it in quotes: "{shown}"'
    tag = _resolved(value)
    if tag == _NULL:
        return f"YAML reads a bare {shown} as nothing; {quoted}, or leave the key out."
    if tag == _BOOL or value in _LONE_WORDS:
        return f"YAML reads a bare {shown} as true or false; {quoted}, or write true or false if that is meant."
    if tag is not None or _NUMBER_LIKE.match(value):
        return f"YAML reads a bare {shown} as a number, a time or a date and may change it; {quoted}."
    return ""


def _resolved(value: str) -> str | None:
    """The tag that plain YAML would guess, None for text."""
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    for tag, pattern in [*resolvers.get(value[0], []), *resolvers.get(None, [])]:
        if pattern.match(value):
            return str(tag)
    return None
