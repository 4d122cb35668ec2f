"""Strict JSON: bytes to plain data, or every reason why not. Nothing is guessed and nothing is dropped.

Python's own reader keeps the last of two equal keys, takes NaN, rounds numbers and gives up on deep nesting with an
error of its own. Here a repeated key is a problem with its place, a number is a whole number, and size, depth and
count have limits.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NoReturn

from toolkit.domain.errors import InvalidInput, Problem

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 16
MAX_CONTAINERS = 200_000  # objects and arrays together: bounds memory, since an empty one costs 30 times its text
MAX_DIGITS = 15  # a whole number that every reader of JSON holds exactly

# Possessive, and content with a string that never ends: hostile text cannot make it look twice at any byte.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")


class JsonObject(dict[str, Any]):
    """An object as it was read; `repeated` names the keys that stood in it more than once."""

    repeated: tuple[str, ...] = ()


class _Refused(ValueError):
    """A literal that JSON allows or Python adds, and that we do not take."""


def parse_json(data: bytes, *, what: str, max_bytes: int = MAX_BYTES) -> Any:
    """Plain data: JsonObject, list, str, int, bool, None.

    Raises InvalidInput, naming `what`, for more than `max_bytes`, text that is not UTF-8, half a character pair, broken
    JSON, a number with a decimal point or of more than 15 digits, NaN and Infinity, repeated keys (all of them, each
    with its path), nesting deeper than 16 and more than 200,000 objects and arrays.
    """

    def refuse(message: str, line: int | None = None) -> NoReturn:
        raise InvalidInput(what, (Problem("$", message, line),)) from None

    if len(data) > max_bytes:
        refuse(f"The file is larger than {max_bytes // (1024 * 1024)} MB.")
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    depth, containers = _shape(data)
    if depth > MAX_DEPTH:
        refuse(f"The file is nested more than {MAX_DEPTH} levels deep.")
    if containers > MAX_CONTAINERS:
        refuse(f"The file has more than {MAX_CONTAINERS:,} objects and lists.")
    try:
        text = data.decode("utf-8")
        found = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_no_float,
            parse_constant=_no_constant,
        )
    except UnicodeDecodeError as error:
        refuse(f"The file is not UTF-8 text (byte {error.start}).")
    except json.JSONDecodeError as error:
        refuse(f"The file is not valid JSON: {error.msg}.", error.lineno)
    except _Refused as error:
        refuse(str(error))
    problems = tuple(_repeated(found, ""))
    if problems:
        raise InvalidInput(what, problems)
    return found


def _shape(data: bytes) -> tuple[int, int]:
    """How deep and how many the objects and arrays are, without building any."""
    depth = deepest = containers = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", data)):
        if bracket.group() in b"[{":
            depth += 1
            containers += 1
            deepest = max(deepest, depth)
            if containers > MAX_CONTAINERS or deepest > MAX_DEPTH:
                break
        else:
            depth -= 1
    return deepest, containers


def _object(pairs: list[tuple[str, Any]]) -> JsonObject:
    found = JsonObject(pairs)
    if len(found) != len(pairs):
        found.repeated = tuple(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
    return found


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise _Refused(f"A whole number has more than {MAX_DIGITS} digits.")
    return int(digits)


def _no_float(digits: str) -> NoReturn:
    raise _Refused(f'The number {digits[:30]} has a decimal point or exponent; write it as text, such as "0.5".')


def _no_constant(name: str) -> NoReturn:
    raise _Refused(f"{name} is not a number that can be stored.")


def _repeated(value: Any, path: str) -> Iterator[Problem]:
    if isinstance(value, JsonObject):
        for name in value.repeated:
            yield Problem(join(path, name), "The key is there more than once.")
        for name, child in value.items():
            yield from _repeated(child, join(path, name))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _repeated(child, f"{path}[{index}]")


def join(path: str, name: str) -> str:
    """The path of a key inside the thing at `path`, short and printable whatever the key is."""
    shown = name if len(name) <= 60 else f"{name[:60]}…"
    shown = shown if shown.isprintable() and shown else repr(shown)
    shown = shown.encode("utf-8", "backslashreplace").decode("utf-8")
    return f"{path}.{shown}" if path else shown
