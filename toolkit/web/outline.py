"""The contents page of an assessment: parts and themes, how far each is, and how many minutes are left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.assessment import Mandate, ThemeScope
from toolkit.domain.checklist import Part, Question, QuestionId, Theme
from toolkit.domain.routing import asked
from toolkit.domain.scorecard import Standing
from toolkit.services.assessments import OpenAssessment
from toolkit.web.words import colour

NOT_ON_THE_PAGE = frozenset({Standing.NOT_ASKED, Standing.OUTSIDE_TRACK})


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme in the contents. `asked` and `answered` leave the closing text out.

    `returned` counts answers that were sent back, `unfinished` those that lack something, such as a reason.
    """

    theme: Theme
    mandate: Mandate
    answered: int
    asked: int
    minutes_left: int
    returned: int
    unfinished: int = 0

    @property
    def needs_another_look(self) -> bool:
        """Whether a check found something: an answer sent back, or one that lacks what it needs."""
        return bool(self.returned or self.unfinished) and not self.is_outside

    @property
    def is_done(self) -> bool:
        """Whether nothing is open and nothing was sent back."""
        return self.answered == self.asked and not self.returned

    @property
    def is_outside(self) -> bool:
        """Whether the theme was scoped out."""
        return self.mandate is Mandate.OUTSIDE


@dataclass(frozen=True, slots=True)
class PartLines:
    """One part with its themes."""

    part: Part
    colour: str
    themes: tuple[ThemeLine, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole of it."""

    parts: tuple[PartLines, ...]
    answered: int
    asked: int
    minutes_left: int

    @property
    def themes(self) -> tuple[ThemeLine, ...]:
        """Every theme in order."""
        return tuple(line for part in self.parts for line in part.themes)

    @property
    def sent_back(self) -> tuple[ThemeLine, ...]:
        """The themes with answers that a reviewer sent back: whoever goes on looks at these first."""
        return tuple(line for line in self.themes if line.returned and not line.is_outside)

    @property
    def next(self) -> Theme | None:
        """The first theme with answers sent back, else the first with something open, else the first of all."""
        themes = [line for line in self.themes if not line.is_outside]
        first = [*self.sent_back, *(line for line in themes if not line.is_done), *themes]
        return first[0].theme if first else None

    def neighbours(self, theme_id: str) -> tuple[Theme | None, Theme | None]:
        """The themes before and after one that have something to answer."""
        themes = [line.theme for line in self.themes if not line.is_outside or line.theme.id == theme_id]
        place = [theme.id for theme in themes].index(theme_id)
        before = themes[place - 1] if place else None
        after = themes[place + 1] if place + 1 < len(themes) else None
        return before, after


def standings(opened: OpenAssessment) -> Mapping[QuestionId, Standing]:
    """What part each question plays just now."""
    one = opened.assessment
    return asked(opened.checklist, one.answers, track=one.track, scope=one.scope, facts=one.facts)


def questions_shown(
    opened: OpenAssessment, theme: Theme, standing: Mapping[QuestionId, Standing]
) -> tuple[Question, ...]:
    """The questions of a theme that are asked now and that the viewer may see."""
    return tuple(
        question
        for question in theme.questions
        if standing[question.id] not in NOT_ON_THE_PAGE and opened.visible.includes(theme.id, question.id)
    )


def outline(opened: OpenAssessment, standing: Mapping[QuestionId, Standing] | None = None) -> Outline:
    """The contents of an assessment as its viewer may see it; themes with nothing to see are left out.

    `standing` is what `standings` gave, for a page that needs it for more than this.
    """
    standing = standings(opened) if standing is None else standing
    returned = {reason.question for reason in opened.returned}
    parts = []
    for part in opened.checklist.parts:
        lines = tuple(
            _line(opened, theme, questions, returned)
            for theme in part.themes
            if (questions := questions_shown(opened, theme, standing))
        )
        if lines:
            parts.append(PartLines(part, colour(part, opened.checklist), lines))
    every = [line for part in parts for line in part.themes]
    return Outline(
        tuple(parts),
        sum(line.answered for line in every),
        sum(line.asked for line in every),
        sum(line.minutes_left for line in every),
    )


def _line(opened: OpenAssessment, theme: Theme, shown: tuple[Question, ...], returned: set[QuestionId]) -> ThemeLine:
    answers = opened.assessment.answers
    mandate = opened.assessment.scope.get(theme.id, ThemeScope(Mandate.IN)).mandate
    counted = () if mandate is Mandate.OUTSIDE else tuple(one for one in shown if not one.is_improvement)
    open_ones = [question for question in counted if _is_open(answers.get(question.id))]
    return ThemeLine(
        theme,
        mandate,
        len(counted) - len(open_ones),
        len(counted),
        sum(question.minutes for question in open_ones),
        sum(question.id in returned for question in shown),
        sum(
            answers[question.id].state is not AnswerState.UNANSWERED for question in open_ones if question.id in answers
        ),
    )


def _is_open(answer: Answer | None) -> bool:
    return answer is None or answer.counted_state is AnswerState.UNANSWERED
