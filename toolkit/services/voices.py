"""Voices of an assessment: adding them, what they say about the whole, releasing it, leaving one out of the report.

Texts are links of the assessment's chain; a voice names the link. Erasing a person takes their texts with the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import Permission
from toolkit.domain.assessment import State
from toolkit.domain.checking import UnsuitableText, clean_text
from toolkit.domain.errors import AssessmentClosed, InvalidInput, NotAllowed, NotFound, Problem
from toolkit.domain.positions import MAX_LEFT_OUT_REASON, MAX_PARAGRAPH, MAX_VOICE_NAME, MAX_VOICES
from toolkit.domain.voices import Voice, VoiceKind, may_speak, own_voices
from toolkit.services.accounts import clean_name
from toolkit.services.changing import record_change
from toolkit.services.opening import allowed_in, find_row, find_voice
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import AnswerRecord, AnswerRevisionRecord, VoiceRecord
from toolkit.storage.base import new_id
from toolkit.storage.db import db, transaction
from toolkit.storage.people import AccessGrantRecord

ADDED, CHANGED, REMOVED, RELEASED = "voice_added", "voice_changed", "voice_removed", "voice_released"
BLIND = "blind_set"
PARAGRAPH, LEFT_OUT, TAKEN_IN, REPLIED = "voice_paragraph", "voice_left_out", "voice_taken_in", "voice_replied"
WHILE_OPEN = frozenset({State.DRAFT})
WHILE_READ = frozenset({State.DRAFT, State.IN_REVIEW})  # texts about the whole, until somebody approves


def add(
    assessment_id: UUID, kind: VoiceKind, name: str, *, shows_names: bool = False, viewer: Viewer, now: datetime
) -> UUID:
    """Add a voice: its id. Raises NotFound, NotAllowed, AssessmentClosed, InvalidInput."""
    name = clean_name(name, path="name", max_chars=MAX_VOICE_NAME)
    with transaction() as session:
        change = _managing(assessment_id, viewer, now, WHILE_OPEN)
        if kind is VoiceKind.CONSOLIDATED:
            raise InvalidInput("The voice", (Problem("kind", "Choose whose voice it is."),))
        names = _names(assessment_id)
        if len(names) >= MAX_VOICES:
            raise InvalidInput("The voice", (Problem("name", f"An assessment has at most {MAX_VOICES} voices."),))
        _must_be_new(name, names.values())
        voice_id = new_id()
        session.execute(
            sa.insert(VoiceRecord).values(
                id=voice_id, assessment_id=assessment_id, kind=kind, name=name, shows_names=shows_names
            )
        )
        change.record(ADDED, voice_id, details={"kind": str(kind)})
    return voice_id


def change(assessment_id: UUID, voice_id: UUID, name: str, *, shows_names: bool, viewer: Viewer, now: datetime) -> None:
    """Give a voice another name, or say whether names stand by its answers.

    Names that people were told would not be shown stay hidden: once somebody answered, that is settled.
    Raises NotFound, NotAllowed, AssessmentClosed, InvalidInput.
    """
    name = clean_name(name, path="name", max_chars=MAX_VOICE_NAME)
    with transaction() as session:
        begun = _managing(assessment_id, viewer, now, WHILE_OPEN)
        voice = _voice(assessment_id, voice_id)
        names = _names(assessment_id)
        _must_be_new(name, [other for one, other in names.items() if one != voice_id])
        if shows_names and not voice.shows_names and _has_answers(assessment_id, voice_id):
            told = "People answered here without their names. That cannot be changed any more."
            raise InvalidInput("The voice", (Problem("shows_names", told),))
        values = {"name": name, "shows_names": shows_names}
        session.execute(sa.update(VoiceRecord).where(VoiceRecord.id == voice_id).values(**values))
        begun.record(CHANGED, voice_id)


def remove(assessment_id: UUID, voice_id: UUID, *, viewer: Viewer, now: datetime) -> None:
    """Remove a voice in which nobody has answered yet; the staff union's stays.

    Raises NotFound, NotAllowed, AssessmentClosed.
    """
    with transaction() as session:
        begun = _managing(assessment_id, viewer, now, WHILE_OPEN)
        voice = _voice(assessment_id, voice_id)
        if voice.kind is VoiceKind.STAFF_UNION:
            raise NotAllowed(
                "The staff union is always asked. You can leave it out of the internal report, with a reason."
            )
        if _has_answers(assessment_id, voice_id):
            raise NotAllowed(
                "Somebody answered in this voice. You can leave it out of the internal report, with a reason."
            )
        grant = AccessGrantRecord
        session.execute(
            sa.update(grant).where(grant.voice == str(voice_id), grant.ends_at.is_(None)).values(ends_at=now)
        )
        session.execute(sa.delete(VoiceRecord).where(VoiceRecord.id == voice_id))
        begun.record(REMOVED, voice_id)


def release(assessment_id: UUID, voice_id: UUID, *, viewer: Viewer, now: datetime) -> int:
    """Release what a voice says as it stands now: how many answers. What changes later waits for the next release.

    Raises NotFound, NotAllowed, AssessmentClosed.
    """
    answer = AnswerRecord
    with transaction() as session:
        begun, voice = _speaking(assessment_id, voice_id, viewer, now, WHILE_OPEN)
        if not voice.speaks_for_itself:
            raise NotAllowed("Its answers are read as they stand. There is nothing to release.")
        theirs = (answer.assessment_id == assessment_id, answer.voice_id == voice_id)
        session.execute(sa.update(answer).where(*theirs).values(released_revision=answer.revision))
        count = session.execute(sa.select(sa.func.count()).where(*theirs)).scalar_one()
        session.execute(sa.update(VoiceRecord).where(VoiceRecord.id == voice_id).values(released_at=now))
        begun.record(RELEASED, voice_id, details={"answers": str(count), "after": str(begun.row.chain_seq)})
    return count


def write_paragraph(assessment_id: UUID, voice_id: UUID, text: str, *, viewer: Viewer, now: datetime) -> None:
    """What a voice says about the whole, in its own words; empty takes it away.

    Raises NotFound, NotAllowed, AssessmentClosed, InvalidInput.
    """
    text = _clean(text, MAX_PARAGRAPH)
    with transaction():
        begun, _ = _speaking(assessment_id, voice_id, viewer, now, WHILE_READ)
        seq = begun.record(PARAGRAPH, voice_id, text=text)
        begun.set(voice_id, paragraph_seq=seq if text else None)


def leave_out(assessment_id: UUID, voice_id: UUID, reason: str, *, viewer: Viewer, now: datetime) -> None:
    """Leave a voice out of the internal report, which then prints the reason. The voice sees it and may reply.

    Raises NotFound, NotAllowed, AssessmentClosed, InvalidInput (no reason).
    """
    reason = _clean(reason, MAX_LEFT_OUT_REASON)
    if not reason:
        raise InvalidInput("The reason", (Problem("text", "Say why. The voice and the report's readers see it."),))
    with transaction():
        begun = _managing(assessment_id, viewer, now, WHILE_OPEN)
        _voice(assessment_id, voice_id)
        seq = begun.record(LEFT_OUT, voice_id, text=reason)
        begun.set(voice_id, left_out_seq=seq, reply_seq=None)


def take_in(assessment_id: UUID, voice_id: UUID, *, viewer: Viewer, now: datetime) -> None:
    """Take a voice into the internal report again. Raises NotFound, NotAllowed, AssessmentClosed."""
    with transaction():
        begun = _managing(assessment_id, viewer, now, WHILE_OPEN)
        _voice(assessment_id, voice_id)
        begun.record(TAKEN_IN, voice_id)
        begun.set(voice_id, left_out_seq=None, reply_seq=None)


def reply(assessment_id: UUID, voice_id: UUID, text: str, *, viewer: Viewer, now: datetime) -> None:
    """What a voice says to being left out; the internal report prints it below the reason.

    Raises NotFound, NotAllowed, AssessmentClosed, InvalidInput.
    """
    text = _clean(text, MAX_LEFT_OUT_REASON)
    with transaction():
        begun, _ = _speaking(assessment_id, voice_id, viewer, now, WHILE_READ)
        row = db.session.execute(sa.select(VoiceRecord.left_out_seq).where(VoiceRecord.id == voice_id)).one()
        if row.left_out_seq is None:
            raise NotAllowed("This voice is in the report. Write its paragraph instead.")
        seq = begun.record(REPLIED, voice_id, text=text)
        begun.set(voice_id, reply_seq=seq if text else None)


def set_blind(assessment_id: UUID, *, blind: bool, viewer: Viewer, now: datetime) -> None:
    """Say whether people answer without seeing what others answer. What stands already is no change.

    Whoever answered blind was told that their colleagues do not read it: then it stays so.
    Raises NotFound, NotAllowed, AssessmentClosed.
    """
    with transaction():
        begun = _managing(assessment_id, viewer, now, WHILE_OPEN)
        if begun.row.blind == blind:
            return
        if begun.row.blind and _has_answers(assessment_id):
            raise NotAllowed("People have answered without being read by their colleagues. That stays so.")
        begun.record(BLIND, None, details={"blind": "yes" if blind else "no"}, changes={"blind": blind})


# --- inside -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Change:
    """An assessment, locked, that somebody is about to change."""

    row: sa.Row[*tuple[Any, ...]]
    viewer: Viewer
    now: datetime

    def record(
        self,
        kind: str,
        voice_id: UUID | None,
        *,
        details: Mapping[str, str] | None = None,
        text: str = "",
        changes: Mapping[str, Any] | None = None,
    ) -> int:
        """Add the one link of this change: its number."""
        seq, _ = record_change(
            self.row.id,
            kind,
            state=State(self.row.state),
            chain_seq=self.row.chain_seq,
            chain_head=self.row.chain_head,
            by=self.viewer.person_id,
            at=self.now,
            about=str(voice_id or ""),
            details=details,
            text=text,
            changes=changes,
        )
        return seq

    def set(self, voice_id: UUID, **values: int | None) -> None:
        db.session.execute(sa.update(VoiceRecord).where(VoiceRecord.id == voice_id).values(**values))


def _begin(assessment_id: UUID, viewer: Viewer, now: datetime) -> tuple[_Change, frozenset[Permission]]:
    row = find_row(assessment_id, lock=True)
    allowed = allowed_in(row, viewer, now)
    if Permission.SEE_ASSESSMENT not in allowed:
        raise NotFound
    return _Change(row, viewer, now), allowed


def _must_be_in(change: _Change, states: frozenset[State]) -> None:
    if change.row.discarded_at is not None:
        raise AssessmentClosed("discarded")
    if change.row.state not in states:
        raise AssessmentClosed(change.row.state)


def _managing(assessment_id: UUID, viewer: Viewer, now: datetime, states: frozenset[State]) -> _Change:
    change, allowed = _begin(assessment_id, viewer, now)
    if Permission.MANAGE_VOICES not in allowed:
        raise NotAllowed("Whoever leads this assessment looks after its voices.")
    _must_be_in(change, states)
    return change


def _speaking(
    assessment_id: UUID, voice_id: UUID, viewer: Viewer, now: datetime, states: frozenset[State]
) -> tuple[_Change, Voice]:
    change, allowed = _begin(assessment_id, viewer, now)
    voice = _voice(assessment_id, voice_id)
    if not may_speak(viewer.grants, voice, space=change.row.space_id, assessment=assessment_id, now=now):
        own = own_voices(viewer.grants, space=change.row.space_id, assessment=assessment_id, now=now)
        knows = Permission.SEE_VOICES in allowed or voice_id in own
        raise NotAllowed(f"Only whoever speaks for {voice.name} may do this.") if knows else NotFound
    _must_be_in(change, states)
    return change, voice


def _voice(assessment_id: UUID, voice_id: UUID) -> Voice:
    found = find_voice(assessment_id, voice_id)
    if found is None:  # the consolidated one
        raise NotFound
    return found


def _names(assessment_id: UUID) -> dict[UUID, str]:
    voice = VoiceRecord
    rows = db.session.execute(
        sa.select(voice.id, voice.name).where(
            voice.assessment_id == assessment_id, voice.kind != VoiceKind.CONSOLIDATED
        )
    )
    return {row.id: row.name for row in rows}


def _must_be_new(name: str, others: Iterable[str]) -> None:
    if name.casefold() in {other.casefold() for other in others}:
        raise InvalidInput("The voice", (Problem("name", "Another voice has this name. Choose a different one."),))


def _has_answers(assessment_id: UUID, voice_id: UUID | None = None) -> bool:
    """Whether anybody answered in a voice, or (None) in any."""
    revision = AnswerRevisionRecord
    query = sa.select(revision.seq).where(revision.assessment_id == assessment_id)
    if voice_id is not None:
        query = query.where(revision.voice_id == voice_id)
    return db.session.execute(query.limit(1)).first() is not None


def _clean(text: str, max_chars: int) -> str:
    try:
        return clean_text(text, max_chars).strip()
    except UnsuitableText as error:
        raise InvalidInput("The text", (Problem("text", str(error)),)) from None
