"""The voices of the filled example: what they say, and what is released of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from toolkit.domain.access import Role, voice_scope
from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.voices import VoiceKind
from toolkit.services import answering, voices
from toolkit.services.accounts import give_role, viewer_of
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import staff_union_voice
from toolkit.storage.db import transaction


def let_speak(assessment_id: UUID, about: Mapping[str, Any], *, lead: Viewer, speaker: UUID, now: datetime) -> None:
    """Let one voice of a draft say what `content/demo.yaml` has for it.

    The spokesperson of the space speaks for the voice that names them; other voices have what the lead entered, or,
    where they speak for themselves, nothing yet.
    """
    kind, began = VoiceKind(about["kind"]), now - timedelta(days=9)
    if kind is VoiceKind.STAFF_UNION:
        voice = staff_union_voice(assessment_id)
    else:
        voice = voices.add(assessment_id, kind, about["name"], viewer=lead, now=began)
    if about.get("has_speaker"):
        with transaction():
            give_role(speaker, Role.SPOKESPERSON, voice_scope(assessment_id, voice), by=lead.person_id, now=began)
        viewer = viewer_of(speaker, now=now)
    elif voice and not about.get("answers"):
        return
    else:
        viewer = lead
    said = {
        question: (Answer(AnswerState.ANSWERED, one["level"], comment=one.get("comment", "")), 0)
        for question, one in about.get("answers", {}).items()
    }
    answering.save_answers(assessment_id, said, viewer=viewer, now=now - timedelta(days=6), voice=voice)
    if "paragraph" in about:
        voices.write_paragraph(assessment_id, voice, about["paragraph"], viewer=viewer, now=now - timedelta(days=5))
    if about.get("has_speaker"):
        voices.release(assessment_id, voice, viewer=viewer, now=now - timedelta(days=5))
