"""What somebody who reviews or approves reads first: every theme with its ratings, evidence, comments and scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.domain.answers import AnswerState
from toolkit.domain.assessment import Mandate, ThemeScope
from toolkit.domain.checklist import Part, Question, QuestionId, Theme
from toolkit.domain.scorecard import Standing
from toolkit.domain.unshown import HIGH_LEVEL
from toolkit.domain.words import ANSWER_STATES
from toolkit.services.assessments import OpenAssessment
from toolkit.web.outline import questions_shown


@dataclass(frozen=True, slots=True)
class RatingLine:
    """One rating: its level with its label, or in words why there is none."""

    question: Question
    level: int | None
    words: str
    evidence: int
    has_comment: bool

    @property
    def lacks_evidence(self) -> bool:
        """Whether a high level stands without anything that shows it."""
        return self.level is not None and self.level >= HIGH_LEVEL and not self.evidence


@dataclass(frozen=True, slots=True)
class ThemeReading:
    """One theme. `scope` has the reason where it is outside the mandate or only touches it."""

    theme: Theme
    scope: ThemeScope
    ratings: tuple[RatingLine, ...]
    comments: int

    @property
    def is_outside(self) -> bool:
        """Whether the theme was scoped out."""
        return self.scope.mandate is Mandate.OUTSIDE

    @property
    def with_evidence(self) -> int:
        """How many ratings name evidence."""
        return sum(bool(line.evidence) for line in self.ratings)

    @property
    def unshown(self) -> tuple[RatingLine, ...]:
        """The high levels without evidence."""
        return tuple(line for line in self.ratings if line.lacks_evidence)


@dataclass(frozen=True, slots=True)
class PartReading:
    """One objective or profile section with its themes."""

    part: Part
    themes: tuple[ThemeReading, ...]


def reading(opened: OpenAssessment, standing: Mapping[QuestionId, Standing]) -> tuple[PartReading, ...]:
    """Everything to read, in the order of the checklist, from the assessment as it was opened: no query."""
    found = []
    for part in opened.checklist.parts:
        themes = tuple(
            _theme(opened, theme, shown) for theme in part.themes if (shown := questions_shown(opened, theme, standing))
        )
        if themes:
            found.append(PartReading(part, themes))
    return tuple(found)


def _theme(opened: OpenAssessment, theme: Theme, shown: tuple[Question, ...]) -> ThemeReading:
    scope = opened.assessment.scope.get(theme.id, ThemeScope(Mandate.IN))
    rated = () if scope.mandate is Mandate.OUTSIDE else tuple(one for one in shown if one.is_rating)
    comments = sum(bool(opened.assessment.answer(one.id).comment.strip()) for one in shown)
    return ThemeReading(theme, scope, tuple(_rating(opened, one) for one in rated), comments)


def _rating(opened: OpenAssessment, question: Question) -> RatingLine:
    answer = opened.assessment.answer(question.id)
    level = answer.value if answer.counted_state is AnswerState.ANSWERED else None
    if not isinstance(level, int):
        return RatingLine(
            question, None, ANSWER_STATES[answer.counted_state], len(answer.evidence), bool(answer.comment.strip())
        )
    levels = question.scale.levels if question.scale is not None else ()
    label = next((one.label for one in levels if one.value == level), "")
    return RatingLine(question, level, label, len(answer.evidence), bool(answer.comment.strip()))
