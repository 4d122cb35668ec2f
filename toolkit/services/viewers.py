"""The person on whose behalf something is done, with what they have been granted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from toolkit.domain.access import Grant, Permission, ScopeKind, permissions


@dataclass(frozen=True, slots=True)
class ByLink:
    """What somebody who came by a personal link is limited to: one hand-over, in the one voice that it is in."""

    handover_id: UUID
    assessment_id: UUID
    voice_id: UUID | None


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person as services know them. `grants` are those in force when the viewer was looked up.

    `link` is set for somebody without an account: their grants are those of one hand-over.
    """

    person_id: UUID
    name: str
    email: str
    grants: tuple[Grant, ...] = ()
    is_sandbox: bool = False
    has_second_factor: bool = False
    link: ByLink | None = None

    def may(
        self, permission: Permission, *, space: UUID | None = None, assessment: UUID | None = None, now: datetime
    ) -> bool:
        """Whether something is allowed at the site, in a space or in an assessment of it."""
        return permission in permissions(self.grants, space=space, assessment=assessment, now=now)

    def spaces_with(self, permission: Permission, now: datetime) -> frozenset[UUID]:
        """The spaces in which a grant for the whole space allows something."""
        ids = {UUID(grant.scope.id) for grant in self.grants if grant.scope.kind is ScopeKind.SPACE}
        return frozenset(id for id in ids if self.may(permission, space=id, now=now))

    def assessments_with(self, permission: Permission, now: datetime) -> frozenset[UUID]:
        """The assessments in which a grant of their own, or for a part of them, allows something."""
        ids = {UUID(grant.scope.assessment) for grant in self.grants if grant.scope.assessment}
        return frozenset(id for id in ids if self.may(permission, assessment=id, now=now))
