"""Side by side: what every voice says about some questions, and taking one over into the consolidated answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from toolkit.domain.access import Permission
from toolkit.domain.answers import fingerprint
from toolkit.domain.checklist import QuestionId
from toolkit.domain.differences import Difference, differences
from toolkit.domain.errors import AnswerChanged, NotAllowed, NotFound
from toolkit.domain.positions import Position
from toolkit.domain.routing import asked
from toolkit.domain.scorecard import Standing
from toolkit.services.answering import SavedAnswer, save_in
from toolkit.services.opening import OpenAssessment, load
from toolkit.services.positions import positions
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import COPIED_FROM_VOICE
from toolkit.storage.db import reading, transaction


@dataclass(frozen=True, slots=True)
class SideBySide:
    """What the voices say about some questions: every voice, and each question that some voice spoke about."""

    positions: tuple[Position, ...]
    differences: Mapping[QuestionId, Difference]


NO_VOICES = SideBySide((), {})


def side_by_side(
    opened: OpenAssessment,
    questions: Iterable[QuestionId] | None = None,
    standing: Mapping[QuestionId, Standing] | None = None,
) -> SideBySide:
    """The voices beside the consolidated answers of an assessment that is open; None: about all questions.

    Empty for whoever may not see every voice. `standing` is what part each question plays, where that is known.
    """
    if not opened.may(Permission.SEE_VOICES):
        return NO_VOICES
    one = opened.assessment
    with reading():
        found = positions(opened.id, questions)
    if not any(position.answers for position in found):
        return SideBySide(found, {})
    if standing is None:
        standing = asked(opened.checklist, one.answers, track=one.track, scope=one.scope, facts=one.facts)
    told = differences(opened.checklist, one.answers, found, standing=standing)
    return SideBySide(found, {difference.question: difference for difference in told})


def take_over(
    assessment_id: UUID,
    question_id: QuestionId,
    voice_id: UUID,
    *,
    shown: str,
    expected_revision: int,
    viewer: Viewer,
    now: datetime,
) -> SavedAnswer:
    """Make what a voice says the consolidated answer, to be worked on: value, reason, comment and evidence.

    The history says which voice it came from. `shown` is the fingerprint of what the viewer was shown; where the voice
    says something else by now, nothing is taken over.
    Raises NotFound, NotAllowed, AssessmentClosed, AnswerChanged, AnswerConflict.
    """
    with transaction():
        opened = load(assessment_id, viewer=viewer, now=now, lock=True)
        if not (opened.may(Permission.SEE_VOICES) and opened.may(Permission.ANSWER)):
            raise NotAllowed("Whoever leads this assessment settles its answers.")
        if question_id not in opened.checklist.question_index:
            raise NotFound
        position = next((one for one in positions(assessment_id, [question_id]) if one.voice.id == voice_id), None)
        if position is None:
            raise NotFound
        answer = position.answers.get(question_id)
        if answer is None or fingerprint(answer) != shown:
            raise AnswerChanged(position.voice.name)
        outcome = save_in(
            assessment_id,
            {question_id: (answer, expected_revision)},
            viewer=viewer,
            now=now,
            copied_from=f"{COPIED_FROM_VOICE} {voice_id}",
            copied_voice=voice_id,
        )
    if outcome.conflicts:
        raise outcome.conflicts[0]
    return outcome.saved[0]
