"""The voices of an assessment as somebody may know of them: whose they are, how far, what they say about the whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import Permission, Role
from toolkit.domain.assessment import State
from toolkit.domain.errors import NotAllowed, NotFound
from toolkit.domain.positions import Position
from toolkit.domain.voices import Voice, may_speak, own_voices
from toolkit.services.accounts import in_force
from toolkit.services.opening import OpenAssessment, load
from toolkit.services.positions import positions
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import AnswerRecord
from toolkit.storage.db import db, reading
from toolkit.storage.people import AccessGrantRecord, PersonRecord


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who takes part in a voice; `has_joined` once they signed in for the first time."""

    name: str
    is_spokesperson: bool
    has_joined: bool


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """A voice in the list."""

    position: Position
    speakers: tuple[Speaker, ...]

    @property
    def has_spokesperson(self) -> bool:
        """Whether anybody speaks for it as a whole."""
        return any(one.is_spokesperson for one in self.speakers)


@dataclass(frozen=True, slots=True)
class VoicePage:
    """One voice for somebody who leads, reviews or speaks in it.

    `is_own`: the viewer speaks in it. `unreleased` counts answers that changed since the last release, for its own
    people alone; 0 for everybody else.
    """

    opened: OpenAssessment
    line: VoiceLine
    is_own: bool
    may_manage: bool
    may_speak: bool
    may_invite: bool
    unreleased: int

    @property
    def position(self) -> Position:
        """What the voice says."""
        return self.line.position

    @property
    def may_release(self) -> bool:
        """Whether the viewer may release it now."""
        return self.may_speak and self.position.voice.speaks_for_itself and self._is_draft

    @property
    def may_write(self) -> bool:
        """Whether its words about the whole can be changed now."""
        open_states = {State.DRAFT, State.IN_REVIEW}
        return self.may_speak and self.opened.assessment.state in open_states and self.opened.discarded_at is None

    @property
    def may_change(self) -> bool:
        """Whether whoever leads can change it now."""
        return self.may_manage and self._is_draft

    @property
    def _is_draft(self) -> bool:
        return self.opened.assessment.state is State.DRAFT and self.opened.discarded_at is None


def voices_of(opened: OpenAssessment, *, now: datetime) -> tuple[VoiceLine, ...]:
    """Every voice but the consolidated one. Raises NotAllowed for whoever may not see all of them."""
    if not opened.may(Permission.SEE_VOICES):
        raise NotAllowed("Whoever leads or reviews this assessment sees its voices.")
    with reading():
        return _lines(opened.id, now)


def not_asked_yet(opened: OpenAssessment, *, now: datetime) -> tuple[Voice, ...]:
    """The voices that speak for themselves and in which nobody was invited to speak, for whoever looks after voices."""
    if not opened.may(Permission.MANAGE_VOICES) or opened.assessment.state is not State.DRAFT:
        return ()
    with reading():
        found = [one.voice for one in positions(opened.id, ()) if one.voice.speaks_for_itself]
        speakers = _speakers(opened.id, now) if found else {}
    return tuple(voice for voice in found if voice.id not in speakers)


def own_positions(opened: OpenAssessment, *, viewer: Viewer, now: datetime) -> tuple[Position, ...]:
    """The voices in which the viewer speaks, without their answers."""
    mine = own_voices(viewer.grants, space=opened.space.id, assessment=opened.id, now=now)
    if not mine:
        return ()
    with reading():
        return tuple(one for one in positions(opened.id, ()) if one.voice.id in mine)


def voice_page(assessment_id: UUID, voice_id: UUID, *, viewer: Viewer, now: datetime) -> VoicePage:
    """One voice. Raises NotFound, also for whoever neither leads, reviews nor speaks in it."""
    with reading():
        opened = load(assessment_id, viewer=viewer, now=now, voice=voice_id)
        place = {"space": opened.space.id, "assessment": assessment_id, "now": now}
        is_own = voice_id in own_voices(viewer.grants, **place)  # type: ignore[arg-type]  # the keys are those of the signature
        voice = opened.voice
        if voice is None or not (is_own or opened.may(Permission.SEE_VOICES)):
            raise NotFound
        line = next(one for one in _lines(assessment_id, now) if one.position.voice.id == voice_id)
        return VoicePage(
            opened=opened,
            line=line,
            is_own=is_own,
            may_manage=opened.may(Permission.MANAGE_VOICES),
            may_speak=may_speak(viewer.grants, voice, **place),  # type: ignore[arg-type]
            may_invite=Permission.MANAGE_PEOPLE in opened.space.permissions and not viewer.is_sandbox,
            unreleased=_unreleased(assessment_id, voice_id) if is_own and voice.speaks_for_itself else 0,
        )


def _lines(assessment_id: UUID, now: datetime) -> tuple[VoiceLine, ...]:
    speakers = _speakers(assessment_id, now)
    return tuple(VoiceLine(one, speakers.get(one.voice.id, ())) for one in positions(assessment_id))


def _speakers(assessment_id: UUID, now: datetime) -> dict[UUID, tuple[Speaker, ...]]:
    grant, person = AccessGrantRecord, PersonRecord
    rows = db.session.execute(
        sa.select(grant.voice, person.id, person.name, grant.role, person.joined_at)
        .join(person, in_force(now))
        .where(
            grant.voice != "",
            sa.func.substr(grant.scope_id, 1, 36) == str(assessment_id),
            person.disabled_at.is_(None),
            person.erased_at.is_(None),
        )
        .order_by(person.name, person.id, grant.id)
    )
    found: dict[UUID, dict[UUID, Speaker]] = {}
    for row in rows:
        here = found.setdefault(UUID(row.voice), {})
        leads = row.role == Role.SPOKESPERSON or (row.id in here and here[row.id].is_spokesperson)
        here[row.id] = Speaker(row.name, leads, row.joined_at is not None)
    return {voice: tuple(sorted(people.values(), key=_spokesperson_first)) for voice, people in found.items()}


def _spokesperson_first(one: Speaker) -> tuple[bool, str]:
    return not one.is_spokesperson, one.name


def _unreleased(assessment_id: UUID, voice_id: UUID) -> int:
    answer = AnswerRecord
    changed = sa.or_(answer.released_revision.is_(None), answer.released_revision != answer.revision)
    query = sa.select(sa.func.count()).where(
        answer.assessment_id == assessment_id, answer.voice_id == voice_id, changed
    )
    return db.session.execute(query).scalar_one()
