"""High levels that nothing shows: what a reviewer asks about first."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.domain.assessment import Assessment
from toolkit.domain.checklist import Checklist, Question, Theme, Track
from toolkit.domain.routing import NEVER_ASKED
from toolkit.domain.scorecard import ScoreCard

HIGH_LEVEL = 3  # from here on a level should be shown by evidence, a link or a file


@dataclass(frozen=True, slots=True)
class Unshown:
    """A core question at a high level whose answer names no evidence."""

    theme: Theme
    question: Question
    level: int


def unshown(checklist: Checklist, assessment: Assessment, card: ScoreCard) -> tuple[Unshown, ...]:
    """Every such question among those that were asked, in the order of the checklist."""
    found = []
    for part in card.parts:
        for theme in part.themes:
            for score in theme.questions:
                _, its_theme, question = checklist.question_index[score.question]
                if score.level is None or score.standing in NEVER_ASKED or not Track.CORE.includes(question.track):
                    continue
                if score.level >= HIGH_LEVEL and not assessment.answer(question.id).evidence:
                    found.append(Unshown(its_theme, question, score.level))
    return tuple(found)
