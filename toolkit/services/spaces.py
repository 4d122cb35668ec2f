"""Spaces: an organization's or a country's own area, and the organizations to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from toolkit.domain.access import Permission, SpaceKind
from toolkit.services.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Space:
    """A space, with what the viewer may do in it."""

    id: UUID
    name: str
    kind: SpaceKind
    country: str = ""
    organization: str = ""
    permissions: frozenset[Permission] = frozenset()


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization to choose: one that comes with the program, or one that a space added (`space_id` set)."""

    id: str
    name: str
    short: str
    kind: str
    kind_label: str
    current: bool = True
    space_id: UUID | None = None


def create_space(
    name: str,
    kind: SpaceKind,
    country: str,
    organization: str,
    *,
    by: UUID,
    now: datetime,
    as_lead: bool = True,
) -> UUID:
    """Make a space; with `as_lead` its maker becomes focal point (country lead in a country).

    Raises NotAllowed, InvalidInput.
    """
    raise NotImplementedError


def spaces_for(viewer: Viewer, *, now: datetime) -> tuple[Space, ...]:
    """The spaces a viewer may see, by name."""
    raise NotImplementedError


def space(space_id: UUID, *, viewer: Viewer, now: datetime) -> Space:
    """One space. Raises NotFound."""
    raise NotImplementedError


def organizations(space_id: UUID | None = None) -> tuple[Organization, ...]:
    """The organizations that come with the program, then a space's own."""
    raise NotImplementedError


def add_organization(space_id: UUID, name: str, short: str, kind: str, *, viewer: Viewer, now: datetime) -> str:
    """Add an organization of a space's own: its id. Raises NotFound, NotAllowed, InvalidInput."""
    raise NotImplementedError
