"""Who else is on a theme. A page that is open says so every few seconds, and is told who else did lately."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import Permission
from toolkit.domain.checklist import ThemeId
from toolkit.domain.errors import NotFound
from toolkit.domain.voices import visible_answers
from toolkit.services.checklists import checklist_of
from toolkit.services.opening import allowed_in, find_row, find_voice
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import VoiceRecord
from toolkit.storage.base import insert_for
from toolkit.storage.db import transaction
from toolkit.storage.people import PersonRecord
from toolkit.storage.presence import PresenceRecord

HERE = timedelta(seconds=60)  # who was heard of within this time is here
MAX_NAMED = 12
FORGOTTEN = timedelta(hours=1)


def here(
    assessment_id: UUID, theme_id: ThemeId, *, viewer: Viewer, now: datetime, voice: UUID | None = None
) -> tuple[str, ...]:
    """Say that the viewer is on a theme, and give the names of the others, those heard of last first.

    A voice that does not show names stands under its own. Where the assessment is answered blind, whoever answers is
    told of nobody. Raises NotFound.
    """
    presence, person = PresenceRecord, PersonRecord
    with transaction() as session:
        row = find_row(assessment_id)
        allowed = allowed_in(row, viewer, now)
        _may_see(row, theme_id, viewer, now)
        speaking = find_voice(assessment_id, voice)
        values = {"seen_at": now, "voice_id": speaking.id if speaking else None}
        insert = insert_for(session)(presence).values(
            assessment_id=assessment_id, theme_id=theme_id, person_id=viewer.person_id, **values
        )
        key = [presence.assessment_id, presence.theme_id, presence.person_id]
        session.execute(insert.on_conflict_do_update(index_elements=key, set_=values))
        if row.blind and Permission.SEE_VOICES not in allowed:
            return ()
        others = session.execute(
            sa.select(person.name, VoiceRecord.name.label("voice_name"), VoiceRecord.shows_names)
            .join(presence, presence.person_id == person.id)
            .outerjoin(VoiceRecord, VoiceRecord.id == presence.voice_id)
            .where(
                presence.assessment_id == assessment_id,
                presence.theme_id == theme_id,
                presence.person_id != viewer.person_id,
                presence.seen_at > now - HERE,
            )
            .order_by(presence.seen_at.desc(), person.name, person.id)
            .limit(MAX_NAMED)
        ).all()
    names = (one.voice_name if one.voice_name and not one.shows_names else one.name for one in others)
    return tuple(dict.fromkeys(names))


def forget_absent(*, now: datetime) -> sa.Delete:
    """What removes those who left long ago."""
    return sa.delete(PresenceRecord).where(PresenceRecord.seen_at <= now - FORGOTTEN)


def _may_see(row: sa.Row[*tuple[Any, ...]], theme_id: ThemeId, viewer: Viewer, now: datetime) -> None:
    """Raise NotFound unless the viewer sees a question of the theme, in whatever voice."""
    found = checklist_of(row.definition_digest).theme_index.get(theme_id)
    reach = visible_answers(viewer.grants, None, blind=False, space=row.space_id, assessment=row.id, now=now)
    if found is None or not any(reach.includes(theme_id, question.id) for question in found[1].questions):
        raise NotFound
