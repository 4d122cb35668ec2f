"""The shape of a data file as data: what may stand where, how large, and in which edition.

One description serves four readers: the strict reader (`read`), the editions (`keep`), the published JSON Schema
(`json_schema`) and the field table in the documentation (`fields`). So they cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from toolkit.domain.assessment import Edition
from toolkit.domain.checking import UnsuitableText, clean_text
from toolkit.domain.errors import Problem
from toolkit.domain.strict_json import join

EVERYONE = frozenset(Edition)
NOT_PUBLIC = frozenset({Edition.INTERNAL, Edition.SHARED})
INTERNAL_ONLY = frozenset({Edition.INTERNAL})

Problems = list[Problem]


class Node:
    """One kind of thing in a file. `read` gives the clean value, or adds problems and gives None."""

    def read(self, value: Any, path: str, edition: Edition, problems: Problems) -> Any:
        raise NotImplementedError

    def keep(self, value: Any, edition: Edition) -> Any:
        """The value with everything left out that the edition does not hold."""
        return value

    def json_schema(self, edition: Edition) -> dict[str, Any]:
        raise NotImplementedError

    def fields(self, path: str, editions: frozenset[Edition], about: str) -> Iterator[Row]:
        """A row for each leaf under this node."""
        yield Row(path, editions, about)


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the file: where it stands, which editions hold it, what it is."""

    path: str
    editions: frozenset[Edition]
    about: str


@dataclass(frozen=True, slots=True)
class Text(Node):
    """Text in NFC without control characters; `pattern` must match the whole of it where given."""

    max_chars: int
    min_chars: int = 0
    pattern: str = ""
    hint: str = ""

    def read(self, value: Any, path: str, edition: Edition, problems: Problems) -> Any:
        if not isinstance(value, str):
            problems.append(Problem(path, f"Text is expected here, not {_name(value)}."))
            return None
        try:
            text = clean_text(value, self.max_chars)
        except UnsuitableText as error:
            problems.append(Problem(path, str(error)))
            return None
        if len(text) < self.min_chars:
            problems.append(Problem(path, "Text is missing here."))
        elif self.pattern and not re.fullmatch(self.pattern, text):
            problems.append(Problem(path, self.hint))
        return text

    def json_schema(self, edition: Edition) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "string", "maxLength": self.max_chars}
        if self.min_chars:
            schema["minLength"] = self.min_chars
        if self.pattern:
            schema["pattern"] = f"^(?:{self.pattern})$"
        return schema


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """One of a few fixed words."""

    words: tuple[str, ...]

    def read(self, value: Any, path: str, edition: Edition, problems: Problems) -> Any:
        if isinstance(value, str) and value in self.words:
            return value
        problems.append(Problem(path, f"One of {', '.join(self.words)} is expected here."))
        return None

    def json_schema(self, edition: Edition) -> dict[str, Any]:
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Whole(Node):
    """A whole number within limits."""

    lowest: int
    highest: int

    def read(self, value: Any, path: str, edition: Edition, problems: Problems) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and self.lowest <= value <= self.highest:
            return value
        problems.append(Problem(path, f"A whole number from {self.lowest} to {self.highest} is expected here."))
        return None

    def json_schema(self, edition: Edition) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.lowest, "maximum": self.highest}


@dataclass(frozen=True, slots=True)
class Flag(Node):
    """true or false."""

    def read(self, value: Any, path: str, edition: Edition, problems: Problems) -> Any:
        if isinstance(value, bool):
            return value
        problems.append(Problem(path, "true or false is expected here."))
        return None

    def json_schema(self, edition: Edition) -> dict[str, Any]:
        return {"type": "boolean"}


TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z"


@dataclass(frozen=True, slots=True)
class Time(Node):
    """A moment in UTC, such as 2026-11-22T16:35:00Z; six further digits where there are fractions of a second."""

    def read(self, value: Any, path: str, edition: Edition, problems: Problems) -> Any:
        if isinstance(value, str) and re.fullmatch(TIME, value, re.ASCII):
            try:
                datetime.fromisoformat(value.replace("Z", "+00:00"))
            except ValueError:
                pass
            else:
                return value
        problems.append(Problem(path, "A time in UTC is expected here, such as 2026-11-22T16:35:00Z."))
        return None

    def json_schema(self, edition: Edition) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{TIME}$"}


@dataclass(frozen=True, slots=True)
class Maybe(Node):
    """A thing, or null."""

    node: Node

    def read(self, value: Any, path: str, edition: Edition, problems: Problems) -> Any:
        return None if value is None else self.node.read(value, path, edition, problems)

    def keep(self, value: Any, edition: Edition) -> Any:
        return None if value is None else self.node.keep(value, edition)

    def json_schema(self, edition: Edition) -> dict[str, Any]:
        return {"anyOf": [self.node.json_schema(edition), {"type": "null"}]}

    def fields(self, path: str, editions: frozenset[Edition], about: str) -> Iterator[Row]:
        return self.node.fields(path, editions, about)


@dataclass(frozen=True, slots=True)
class Named(Node):
    """A thing that stands in many places and is the same in every edition: the JSON Schema writes it once."""

    name: str
    node: Node

    def read(self, value: Any, path: str, edition: Edition, problems: Problems) -> Any:
        return self.node.read(value, path, edition, problems)

    def keep(self, value: Any, edition: Edition) -> Any:
        return self.node.keep(value, edition)

    def json_schema(self, edition: Edition) -> dict[str, Any]:
        return {"$ref": f"#/$defs/{self.name}"}

    def fields(self, path: str, editions: frozenset[Edition], about: str) -> Iterator[Row]:
        return self.node.fields(path, editions, about)


@dataclass(frozen=True, slots=True)
class Rows(Node):
    """A list of like things."""

    node: Node
    most: int

    def read(self, value: Any, path: str, edition: Edition, problems: Problems) -> Any:
        if not isinstance(value, list):
            problems.append(Problem(path, f"A list is expected here, not {_name(value)}."))
            return None
        if len(value) > self.most:
            problems.append(Problem(path, f"There are {len(value):,} entries here; at most {self.most:,} are taken."))
            return None
        return [self.node.read(child, f"{path}[{i}]", edition, problems) for i, child in enumerate(value)]

    def keep(self, value: Any, edition: Edition) -> Any:
        return [self.node.keep(child, edition) for child in value]

    def json_schema(self, edition: Edition) -> dict[str, Any]:
        return {"type": "array", "items": self.node.json_schema(edition), "maxItems": self.most}

    def fields(self, path: str, editions: frozenset[Edition], about: str) -> Iterator[Row]:
        return self.node.fields(f"{path}[]", editions, about)


ID = r"[a-z][a-z0-9_]{0,59}"


@dataclass(frozen=True, slots=True)
class ById(Node):
    """An object whose keys are ids of the checklist and whose values are alike."""

    node: Node
    most: int

    def read(self, value: Any, path: str, edition: Edition, problems: Problems) -> Any:
        if not isinstance(value, dict):
            problems.append(Problem(path, f"An object is expected here, not {_name(value)}."))
            return None
        if len(value) > self.most:
            problems.append(Problem(path, f"There are {len(value):,} entries here; at most {self.most:,} are taken."))
            return None
        found = {}
        for key, child in value.items():
            place = join(path, key)
            if not re.fullmatch(ID, key, re.ASCII):
                problems.append(Problem(place, "This is not a name that a checklist can have."))
            else:
                found[key] = self.node.read(child, place, edition, problems)
        return found

    def keep(self, value: Any, edition: Edition) -> Any:
        return {key: self.node.keep(child, edition) for key, child in value.items()}

    def json_schema(self, edition: Edition) -> dict[str, Any]:
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^{ID}$"},
            "additionalProperties": self.node.json_schema(edition),
            "maxProperties": self.most,
        }

    def fields(self, path: str, editions: frozenset[Edition], about: str) -> Iterator[Row]:
        return self.node.fields(f"{path}.*", editions, about)


@dataclass(frozen=True, slots=True)
class Field:
    """One key of an object. `editions` hold it; a file without it reads as if it were empty unless `required`."""

    node: Node
    about: str = ""
    editions: frozenset[Edition] = EVERYONE
    required: bool = False


@dataclass(frozen=True, slots=True)
class Fields(Node):
    """An object with named keys; any other key is refused."""

    of: Mapping[str, Field]

    def read(self, value: Any, path: str, edition: Edition, problems: Problems) -> Any:
        if not isinstance(value, dict):
            problems.append(Problem(path or "$", f"An object is expected here, not {_name(value)}."))
            return None
        found = {}
        for key, child in value.items():
            field = self.of.get(key)
            if field is None:
                problems.append(Problem(join(path, key), "This key is not known."))
            elif edition not in field.editions:
                problems.append(Problem(join(path, key), f"A file of the {edition} edition does not hold this."))
            else:
                found[key] = field.node.read(child, join(path, key), edition, problems)
        for key, field in self.of.items():
            if field.required and edition in field.editions and key not in value:
                problems.append(Problem(join(path, key), "This is missing."))
        return found

    def keep(self, value: Any, edition: Edition) -> Any:
        return {
            key: self.of[key].node.keep(child, edition)
            for key, child in value.items()
            if edition in self.of[key].editions
        }

    def json_schema(self, edition: Edition) -> dict[str, Any]:
        held = {key: field for key, field in self.of.items() if edition in field.editions}
        properties = {}
        for key, field in held.items():
            properties[key] = field.node.json_schema(edition)
            if field.about:
                properties[key]["description"] = field.about
        schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
        required = [key for key, field in held.items() if field.required]
        return schema | {"required": required} if required else schema

    def fields(self, path: str, editions: frozenset[Edition], about: str) -> Iterator[Row]:
        for key, field in self.of.items():
            place = f"{path}.{key}" if path else key
            yield from field.node.fields(place, editions & field.editions, field.about or about)


def time_text(moment: datetime) -> str:
    """A moment as the file writes it. Raises ValueError for one without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("A time needs its time zone.")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _name(value: Any) -> str:
    names = {type(None): "null", bool: "true or false", int: "a number", str: "text", list: "a list"}
    return names.get(type(value), "an object")
