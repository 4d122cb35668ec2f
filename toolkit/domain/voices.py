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


# Their answers are written by themselves alone, and read by nobody else before their spokesperson releases them.
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

    @property
    def speaks_for_itself(self) -> bool:
        """Whether nobody else enters its answers, or reads them before they are released."""
        return self.kind in SPEAK_FOR_THEMSELVES


def name_in(voice: Voice | None, name: str) -> str:
    """Under which name an answer stands that somebody of that name saved in a voice (None: the consolidated one)."""
    return name if voice is None or voice.shows_names else voice.name


def visible_answers(
    grants: Iterable[Grant], voice: Voice | None, *, space: UUID, assessment: UUID, blind: bool, now: datetime
) -> Reach:
    """Where the grants let somebody read the answers of a voice (None: the consolidated one) as they stand now.

    A voice that speaks for itself is read by its own people alone: all others see what its spokesperson released.
    Otherwise whoever leads or reviews reads every voice; others read what they answer themselves and, unless the
    assessment is answered blind, what all others say about the same questions.
    """
    grants = tuple(grants)
    place = {"space": space, "assessment": assessment, "now": now}
    see = Permission.SEE_ASSESSMENT
    key = voice.id if voice else None
    own = reach(grants, see, **place, voice=key)  # type: ignore[arg-type]  # the keys are those of the signature
    if own.everywhere or (voice is not None and voice.speaks_for_itself):
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
    if may_enter and not voice.speaks_for_itself:
        return EVERYWHERE
    return reach(grants, Permission.ANSWER, space=space, assessment=assessment, voice=voice.id, now=now)


def may_speak(grants: Iterable[Grant], voice: Voice, *, space: UUID, assessment: UUID, now: datetime) -> bool:
    """Whether the grants let somebody speak for a voice as a whole: release it, write its paragraph, reply.

    Its spokesperson may; where it does not speak for itself, whoever enters answers for voices may, too.
    """
    grants = tuple(grants)
    if reach(grants, Permission.SPEAK, space=space, assessment=assessment, voice=voice.id, now=now).everywhere:
        return True
    may_enter = Permission.ENTER_FOR_VOICES in permissions(grants, space=space, assessment=assessment, now=now)
    return may_enter and not voice.speaks_for_itself


def own_voices(grants: Iterable[Grant], *, space: UUID, assessment: UUID, now: datetime) -> tuple[UUID, ...]:
    """The voices that the grants name, other than the consolidated one: those in which somebody speaks."""
    found = {
        UUID(grant.scope.voice)
        for grant in grants
        if grant.scope.voice and grant.holds(now) and covers(grant.scope, space=space, assessment=assessment)
    }
    return tuple(sorted(found, key=str))
