"""What the page of review and next steps shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.domain.checking import AnswerProblem
from toolkit.domain.checklist import Question, Theme
from toolkit.domain.differences import levels_apart
from toolkit.domain.scorecard import ScoreCard
from toolkit.domain.scoring import score_assessment
from toolkit.services.assessments import OpenAssessment
from toolkit.services.side_by_side import SideBySide, side_by_side
from toolkit.web.answer_words import said
from toolkit.web.outline import Outline, outline, questions_shown, standings
from toolkit.web.result_words import provisional_words
from toolkit.web.review_reading import PartReading, ThemeReading, reading


@dataclass(frozen=True, slots=True)
class MissingTheme:
    """One theme with the questions in it that need the same thing."""

    theme: Theme
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to do, said once, with all questions that need it, theme by theme."""

    message: str
    themes: tuple[MissingTheme, ...]

    @property
    def count(self) -> int:
        """How many questions need it."""
        return sum(len(theme.questions) for theme in self.themes)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A question on which a voice differs: what is said, by whom, and how many levels lie between."""

    theme: Theme
    question: Question
    said: str
    voices: tuple[tuple[str, str], ...]
    levels: int | None


@dataclass(frozen=True)
class ReviewPage:
    """All that the page shows; `questions` are those asked, for returning them one by one."""

    opened: OpenAssessment
    outline: Outline
    card: ScoreCard
    missing: tuple[Missing, ...]
    doubts: tuple[str, ...]
    questions: tuple[Question, ...]
    reading: tuple[PartReading, ...]
    disagreements: tuple[Disagreement, ...] = ()
    has_voices: bool = False

    @property
    def unshown(self) -> tuple[ThemeReading, ...]:
        """The themes with high levels that no evidence shows."""
        return tuple(theme for part in self.reading for theme in part.themes if theme.unshown)

    @property
    def count(self) -> int:
        """How many things are missing."""
        return sum(one.count for one in self.missing)


def review_page(opened: OpenAssessment, problems: Sequence[AnswerProblem]) -> ReviewPage:
    """The page for an assessment with these problems."""
    card = score_assessment(opened.checklist, opened.assessment)
    standing = standings(opened)
    questions = tuple(
        question
        for _, theme in opened.checklist.themes()
        for question in questions_shown(opened, theme, standing)
        if not question.is_improvement
    )
    told = side_by_side(opened, standing=standing)
    doubts = tuple(provisional_words(opened.checklist, doubt) for doubt in card.provisional)
    return ReviewPage(
        opened,
        outline(opened, standing),
        card,
        _missing(opened, problems),
        doubts,
        questions,
        reading(opened, standing),
        tuple(_disagreements(opened, told)),
        any(position.is_told for position in told.positions),
    )


def _disagreements(opened: OpenAssessment, told: SideBySide) -> list[Disagreement]:
    """Where voices differ from the consolidated answer: core ratings first, the widest apart before the others."""
    found = []
    for difference in told.differences.values():
        if not difference.disagrees:
            continue
        _, theme, question = opened.checklist.question_index[difference.question]
        voices = tuple((one.voice.name, said(question, one.answer)) for one in difference.stances if one.differs)
        levels = levels_apart(question, difference)
        found.append(Disagreement(theme, question, said(question, difference.answer), voices, levels))
    return sorted(found, key=lambda one: (not one.question.is_core_rating, -(one.levels or 0)))


def _missing(opened: OpenAssessment, problems: Sequence[AnswerProblem]) -> tuple[Missing, ...]:
    found: dict[str, dict[str, list[Question]]] = {}
    for problem in problems:
        _, theme, question = opened.checklist.question_index[problem.question]
        found.setdefault(problem.message, {}).setdefault(theme.id, []).append(question)
    themes = [theme for _, theme in opened.checklist.themes()]
    return tuple(
        Missing(message, tuple(MissingTheme(one, tuple(inside[one.id])) for one in themes if one.id in inside))
        for message, inside in found.items()
    )
