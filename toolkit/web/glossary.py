"""The words we use, from their data file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from toolkit.config import packaged_folder
from toolkit.storage.strict_yaml import parse_yaml


@dataclass(frozen=True, slots=True)
class Entry:
    """One word and what it means here."""

    id: str
    word: str
    meaning: str


@cache
def glossary() -> dict[str, tuple[Entry, ...]]:
    """Every word by its group, `software` and `field`, in the order of the file."""
    data: Any = parse_yaml((packaged_folder("content") / "glossary.yaml").read_bytes()).data
    return {group: tuple(Entry(**entry) for entry in entries) for group, entries in data.items()}
