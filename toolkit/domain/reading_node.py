"""One mapping of a definition, read key by key, so that every fault is found in one go.

Each reader returns a usable stand-in when something is wrong and notes a problem; what comes of it is thrown away
in the end, because a checklist with any problem is refused whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from toolkit.domain.checking import clean_text
from toolkit.domain.errors import Problem, ToolkitError

MAX_TEXT = 10_000  # characters of a guidance or criterion
MAX_LABEL = 300  # characters of a title, label or question
MAX_QUESTION = 1_000
MAX_ENTRIES = 2_000  # entries of any one list
MAX_PROBLEMS = 500

NAME = r"[a-z][a-z0-9_]{1,59}"  # of checklists, parts, themes, questions
SHORT_NAME = r"[a-z][a-z0-9_]{0,59}"  # of options, columns, scales, tags, facts, bands
_EXACT = re.compile(r"(-?[0-9]{1,9})(?:\.([0-9]{1,9})|/([0-9]{1,9}))?", re.ASCII)

E = TypeVar("E", bound=StrEnum)


class Problems:
    """The problems found so far, each with the line of its place or of the nearest place around it."""

    def __init__(self, lines: Mapping[str, int] | None = None, file: str = "") -> None:
        self.lines = lines or {}
        self.file = file
        self.found: list[Problem] = []

    def add(self, path: str, message: str) -> None:
        if len(self.found) < MAX_PROBLEMS:
            self.found.append(Problem(path or "(file)", message, self.line(path), self.file))

    def line(self, path: str) -> int | None:
        """The line of a place, else of the nearest place that holds it."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path)


def join(path: str, key: str | int) -> str:
    """The place of a key below another place."""
    return f"{path}.{key}" if path else str(key)


def hint(wrong: object, known: Sequence[str]) -> str:
    """` Did you mean …?` where something known looks like it, else nothing."""
    close = get_close_matches(str(wrong), known, n=1, cutoff=0.7)
    return f" Did you mean `{close[0]}`?" if close else ""


def kind_of(value: Any) -> str:
    """What a value is, in the words of somebody who writes definitions."""
    if isinstance(value, bool):
        return "true or false"
    names: dict[type, str] = {str: "text", int: "a number", float: "a decimal number", list: "a list"}
    return "nothing" if value is None else names.get(type(value), "a group of keys")


class Node:
    """One mapping. Keys that nobody asked for are unknown and refused by `finish`."""

    def __init__(self, data: Mapping[Any, Any], path: str, problems: Problems) -> None:
        self.data = data
        self.path = path
        self.problems = problems
        self.known: dict[str, None] = {}

    def add(self, key: str | int, message: str) -> None:
        """Note a problem with one key, or with the mapping itself where the key is empty."""
        self.problems.add(join(self.path, key) if key != "" else self.path, message)

    def has(self, key: str) -> bool:
        self.known[key] = None
        return key in self.data

    def refuse(self, key: str, message: str) -> None:
        """Note a key that has no place here, if it is here."""
        if self.has(key):
            self.add(key, message)

    def finish(self) -> None:
        """Refuse every key that was not asked for."""
        for key in self.data:
            if key not in self.known:
                self.add(key, f"The key `{key}` is not known here.{hint(key, list(self.known))}")

    def _raw(self, key: str, *, needed: bool) -> Any:
        if self.has(key):
            if self.data[key] is None:
                self.add(key, "There is no value here; write one or leave the key out.")
            return self.data[key]
        if needed:
            self.add("", f"`{key}` is missing.")
        return None

    def text(self, key: str, *, needed: bool = False, default: str = "", max_chars: int = MAX_TEXT) -> str:
        """A cleaned text, not empty."""
        raw = self._raw(key, needed=needed)
        return default if raw is None else read_text(raw, join(self.path, key), self.problems, max_chars=max_chars)

    def matching(self, key: str, pattern: str, wanted: str, *, needed: bool = True) -> str:
        """A text that matches a pattern as a whole."""
        if self.has(key) and isinstance(self.data[key], int) and not isinstance(self.data[key], bool):
            self.add(key, f'Write {self.data[key]} in quotes: "{self.data[key]}".')
            return ""
        text = self.text(key, needed=needed, max_chars=MAX_LABEL)
        if text and not re.fullmatch(pattern, text, re.ASCII):
            self.add(key, f"`{text}` is not {wanted}.")
        return text

    def name(self, key: str = "id", *, short: bool = False, needed: bool = True) -> str:
        """A permanent name."""
        least = "one" if short else "two"
        wanted = f"a name: {least} to 60 small letters, digits and underscores, beginning with a letter"
        return self.matching(key, SHORT_NAME if short else NAME, wanted, needed=needed)

    def whole(self, key: str, *, default: int = 0, least: int = 0, most: int = 1000, needed: bool = False) -> int:
        """A whole number within limits."""
        raw = self._raw(key, needed=needed)
        if raw is None:
            return default
        if isinstance(raw, bool) or not isinstance(raw, int):
            self.add(key, f"A whole number is wanted, without quotes; this is {kind_of(raw)}.")
            return default
        if not least <= raw <= most:
            self.add(key, f"{raw} is out of bounds; {least} to {most} is allowed.")
            return default
        return raw

    def exact(self, key: str, *, default: Fraction | None = None, needed: bool = False) -> Fraction | None:
        """A number kept exactly: a whole number, or text such as "1/2" or "0.5"."""
        raw = self._raw(key, needed=needed)
        return default if raw is None else read_exact(raw, join(self.path, key), self.problems)

    def weight(self, default: Fraction) -> Fraction:
        """A weight from 0 to 1000."""
        weight = self.exact("weight", default=default)
        if weight is not None and not 0 <= weight <= 1000:
            self.add("weight", "A weight is from 0 to 1000; 0 is shown and never counts.")
        return default if weight is None else weight

    def flag(self, key: str, *, default: bool, needed: bool = False) -> bool:
        raw = self._raw(key, needed=needed)
        if raw is None:
            return default
        if not isinstance(raw, bool):
            self.add(key, f"Write true or false, without quotes; this is {kind_of(raw)}.")
            return default
        return raw

    def one_of(self, key: str, words: type[E], *, default: E | None = None, only: Sequence[E] = ()) -> E | None:
        """One word of an enumeration; `only` narrows what is allowed. None when it is missing or wrong."""
        raw = self._raw(key, needed=default is None)
        if raw is None:
            return default
        allowed = [str(word) for word in (only or list(words))]
        if not isinstance(raw, str) or raw not in allowed:
            shown = raw if isinstance(raw, str) else kind_of(raw)
            self.add(key, f"`{shown}` is none of {', '.join(allowed)}.{hint(raw, allowed)}")
            return None
        return words(raw)

    def items(self, key: str, *, needed: bool = False, least: int = 0) -> list[tuple[str, Any]]:
        """The entries of a list, each with its path."""
        raw = self._raw(key, needed=needed)
        if raw is None:
            return []
        path = join(self.path, key)
        if not isinstance(raw, (list, tuple)):
            self.add(key, f"A list is wanted (lines beginning with `- `); this is {kind_of(raw)}.")
            return []
        if len(raw) > MAX_ENTRIES:
            self.add(key, f"There are {len(raw):,} entries; at most {MAX_ENTRIES:,} are read.")
            return []
        if len(raw) < max(least, 1):
            self.add(
                key,
                f"At least {max(least, 1)} entries are wanted here, or leave the key out."
                if least < 2
                else f"At least {least} entries are wanted here; there are {len(raw)}.",
            )
        return [(f"{path}[{index}]", entry) for index, entry in enumerate(raw)]

    def texts(self, key: str, *, max_chars: int = MAX_LABEL, pattern: str = "", wanted: str = "") -> tuple[str, ...]:
        """A list of texts, none of them twice."""
        found: list[str] = []
        for path, raw in self.items(key):
            text = read_text(raw, path, self.problems, max_chars=max_chars)
            if text and pattern and not re.fullmatch(pattern, text, re.ASCII):
                self.problems.add(path, f"`{text}` is not {wanted}.")
            if text in found:
                self.problems.add(path, f"`{text}` is here twice.")
            elif text:
                found.append(text)
        return tuple(found)

    def nodes(self, key: str, *, needed: bool = False, least: int = 0) -> list[Node]:
        """The mappings of a list."""
        found = []
        for path, raw in self.items(key, needed=needed, least=least):
            node = as_node(raw, path, self.problems)
            if node is not None:
                found.append(node)
        return found

    def node(self, key: str, *, needed: bool = False) -> Node | None:
        """The mapping below a key."""
        raw = self._raw(key, needed=needed)
        return None if raw is None else as_node(raw, join(self.path, key), self.problems)


def as_node(raw: Any, path: str, problems: Problems) -> Node | None:
    """A mapping as a Node; a problem and None for anything else."""
    if isinstance(raw, Mapping):
        return Node(raw, path, problems)
    problems.add(path, f"A group of keys is wanted (`key: value`); this is {kind_of(raw)}.")
    return None


def read_text(raw: Any, path: str, problems: Problems, *, max_chars: int = MAX_TEXT) -> str:
    """A cleaned text; empty, with a problem, when it is none."""
    if not isinstance(raw, str):
        quote = f': "{raw}"' if isinstance(raw, int) and not isinstance(raw, bool) else ""
        problems.add(path, f"Text is wanted; this is {kind_of(raw)}." + (f" Put it in quotes{quote}." if quote else ""))
        return ""
    try:
        text = clean_text(raw, max_chars).strip()
    except (ToolkitError, ValueError) as error:
        problems.add(path, str(error))
        return ""
    if not text:
        problems.add(path, "The text is empty; write it or leave the key out.")
    return text


def read_exact(raw: Any, path: str, problems: Problems) -> Fraction | None:
    """A whole number, or a fraction or decimal written as text; a problem and None otherwise."""
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 10**9:
        return Fraction(raw)
    match = _EXACT.fullmatch(raw) if isinstance(raw, str) else None
    if match is None or (match.group(3) and not int(match.group(3))):
        shown = f"`{raw[:40]}`" if isinstance(raw, str) else kind_of(raw)
        problems.add(path, f'{shown} is not a number; write a whole number, or text such as "3/4" or "0.75".')
        return None
    return Fraction(match.group())
