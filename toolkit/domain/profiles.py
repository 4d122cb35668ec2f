"""The profile: how many questions and themes stand at each level of the checklist's scale. It comes before scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from toolkit.domain.checklist import Checklist, Question, Scale
from toolkit.domain.scorecard import LevelCount, QuestionScore, Standing, ThemeScore


def level_reached(scale: Scale, share: Fraction) -> int:
    """The highest level whose own share has been fully reached; the lowest level below all of them."""
    reached = [level.value for level in scale.levels if scale.share(level.value) <= share]
    return reached[-1] if reached else scale.levels[0].value


def question_level(scale: Scale, question: Question, score: QuestionScore) -> int | None:
    """Where an answered core rating stands on the profile's scale: at its own level, or by its share where its scale is
    another one. None for everything else.
    """
    if score.level is None or score.share is None or not question.is_core_rating:
        return None
    if score.standing not in (Standing.COUNTS, Standing.FACT):
        return None
    return score.level if question.scale == scale else level_reached(scale, score.share)


def profile(checklist: Checklist, themes: Iterable[ThemeScore]) -> tuple[LevelCount, ...]:
    """The counts for the themes of one part, lowest level first. Themes and questions of weight 0 are not counted."""
    counted = [theme for theme in themes if theme.weight > 0]
    scale = checklist.scale
    questions = Counter(
        question_level(scale, checklist.question(score.question), score)
        for theme in counted
        for score in theme.questions
    )
    levels = Counter(theme.level for theme in counted)
    return tuple(
        LevelCount(level.value, level.label, questions[level.value], levels[level.value]) for level in scale.levels
    )
