"""What the page of review and next steps shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.domain.checking import AnswerProblem
from toolkit.domain.checklist import Question, Theme
from toolkit.domain.scorecard import ScoreCard
from toolkit.domain.scoring import score_assessment
from toolkit.services.assessments import OpenAssessment
from toolkit.web.outline import Outline, outline, questions_shown, standings
from toolkit.web.result_words import provisional_words


@dataclass(frozen=True, slots=True)
class MissingTheme:
    """One theme with what is missing in it."""

    theme: Theme
    problems: tuple[tuple[Question, str], ...]


@dataclass(frozen=True)
class ReviewPage:
    """All that the page shows; `questions` are those asked, for returning them one by one."""

    opened: OpenAssessment
    outline: Outline
    card: ScoreCard
    missing: tuple[MissingTheme, ...]
    doubts: tuple[str, ...]
    questions: tuple[Question, ...]

    @property
    def count(self) -> int:
        """How many things are missing."""
        return sum(len(theme.problems) for theme in self.missing)


def review_page(opened: OpenAssessment, problems: Sequence[AnswerProblem]) -> ReviewPage:
    """The page for an assessment with these problems."""
    card = score_assessment(opened.checklist, opened.assessment)
    standing = standings(opened)
    by_theme: dict[str, list[tuple[Question, str]]] = {}
    for problem in problems:
        _, theme, question = opened.checklist.question_index[problem.question]
        by_theme.setdefault(theme.id, []).append((question, problem.message))
    missing = tuple(
        MissingTheme(theme, tuple(by_theme[theme.id])) for _, theme in opened.checklist.themes() if theme.id in by_theme
    )
    questions = tuple(
        question
        for _, theme in opened.checklist.themes()
        for question in questions_shown(opened, theme, standing)
        if not question.is_improvement
    )
    doubts = tuple(provisional_words(opened.checklist, doubt) for doubt in card.provisional)
    return ReviewPage(opened, outline(opened, standing), card, missing, doubts, questions)
