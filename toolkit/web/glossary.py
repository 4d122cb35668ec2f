"""The words we use, from their data file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from toolkit.storage.strict_yaml import parse_yaml


@dataclass(frozen=True, slots=True)
class Entry:
    """One word and what it means here."""

    id: str
    word: str
    meaning: str


@cache
def entries() -> tuple[Entry, ...]:
    """Every word, in the order of the file."""
    data: Any = parse_yaml(Path(__file__).with_name("glossary.yaml").read_bytes()).data
    return tuple(Entry(**entry) for entry in data)
