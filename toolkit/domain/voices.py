"""Voices: whose view an answer is. The consolidated one alone is scored; the others stand beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from toolkit.domain.access import EVERYWHERE, Grant, Permission, Reach, covers, permissions, reach


class VoiceKind(StrEnum):
    """Whose view it is."""

    CONSOLIDATED = "consolidated"
    UNIT = "unit"
    AGENCY = "agency"
    STAFF_UNION = "staff_union"
    GOVERNMENT = "government"
    EMPLOYERS = "employers"
    WORKERS = "workers"
    CIVIL_SOCIETY = "civil_society"
    OTHER = "other"


# Their answers are written by themselves alone: nobody enters them in their name.
SPEAK_FOR_THEMSELVES = frozenset(
    {VoiceKind.STAFF_UNION, VoiceKind.GOVERNMENT, VoiceKind.EMPLOYERS, VoiceKind.WORKERS, VoiceKind.CIVIL_SOCIETY}
)


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of an assessment other than the consolidated one.

    With `shows_names` its answers stand under the names of those who wrote them, else under the name of the voice.
    """

    id: UUID
    kind: VoiceKind
    name: str
    shows_names: bool = False


def visible_answers(
    grants: Iterable[Grant], voice: UUID | None, *, space: UUID, assessment: UUID, blind: bool, now: datetime
) -> Reach:
    """Where the grants let somebody read the answers of a voice (None: the consolidated one).

    Whoever leads or reviews reads every voice. Others read what they answer themselves and, unless the assessment is
    answered blind, what all others say about the same questions.
    """
    grants = tuple(grants)
    place = {"space": space, "assessment": assessment, "now": now}
    see = Permission.SEE_ASSESSMENT
    own = reach(grants, see, **place, voice=voice)  # type: ignore[arg-type]  # the keys are those of the signature
    if own.everywhere:
        return own
    if voice is not None and Permission.SEE_VOICES in permissions(grants, **place):  # type: ignore[arg-type]
        return EVERYWHERE
    if blind:
        return own
    others = {grant.scope.voice for grant in grants if covers(grant.scope, space=space, assessment=assessment)}
    for other in others:
        own = own | reach(grants, see, **place, voice=UUID(other) if other else None)  # type: ignore[arg-type]
    return own


def answerable_questions(
    grants: Iterable[Grant], voice: Voice | None, *, space: UUID, assessment: UUID, now: datetime
) -> Reach:
    """Where the grants let somebody answer in a voice (None: the consolidated one)."""
    grants = tuple(grants)
    if voice is None:
        return reach(grants, Permission.ANSWER, space=space, assessment=assessment, now=now)
    may_enter = Permission.ENTER_FOR_VOICES in permissions(grants, space=space, assessment=assessment, now=now)
    if may_enter and voice.kind not in SPEAK_FOR_THEMSELVES:
        return EVERYWHERE
    return reach(grants, Permission.ANSWER, space=space, assessment=assessment, voice=voice.id, now=now)


def own_voices(grants: Iterable[Grant], *, space: UUID, assessment: UUID, now: datetime) -> tuple[UUID, ...]:
    """The voices that the grants name, other than the consolidated one: those in which somebody speaks."""
    found = {
        UUID(grant.scope.voice)
        for grant in grants
        if grant.scope.voice and grant.holds(now) and covers(grant.scope, space=space, assessment=assessment)
    }
    return tuple(sorted(found, key=str))
