"""The organizations and kinds of organizations that come with the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from toolkit.config import packaged_folder
from toolkit.storage.strict_yaml import parse_yaml


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization to choose: one that comes with the program, or one that a space added (`space_id` set).

    `also` has further kinds that it is of.
    """

    id: str
    name: str
    short: str
    kind: str
    kind_label: str
    current: bool = True
    space_id: UUID | None = None
    also: tuple[str, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind that it is of."""
        return frozenset({self.kind, *self.also})


def kinds() -> Mapping[str, str]:
    """Every kind of organization with its words."""
    found: dict[str, str] = _file()["kinds"]
    return found


@lru_cache(maxsize=1)
def packaged_organizations() -> tuple[Organization, ...]:
    """Every organization that comes with the program, in the order of the file."""
    return tuple(_organization(one) for one in _file()["organizations"])


@lru_cache(maxsize=1)  # the file comes with the program; its test reads it whole
def _file() -> dict[str, Any]:
    path = packaged_folder("content") / "organizations.yaml"
    data = parse_yaml(path.read_bytes()).data
    if not isinstance(data, dict):
        raise TypeError(f"{path} is not a list of organizations.")
    return {str(key): value for key, value in data.items()}


def _organization(one: dict[str, Any]) -> Organization:
    latest = next((name for name in reversed(one["names"]) if "until" not in name), one["names"][-1])
    return Organization(
        id=one["id"],
        name=latest["name"],
        short=latest.get("short", ""),
        kind=one["kind"],
        kind_label=kinds()[one["kind"]],
        current=one["status"] == "current",
        also=tuple(one.get("also", ())),
    )
