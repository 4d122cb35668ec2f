"""The score card: every figure of one assessment, exact, with what it rests on.

Shares run from 0 to 1 as exact fractions; None means that nothing could be scored, never zero. Rounding
happens once, at the edge (`toolkit.domain.rounding`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from toolkit.domain.answers import AnswerState
from toolkit.domain.assessment import Mandate
from toolkit.domain.checklist import Band, LayerId, ObjectiveId, QuestionId, ThemeId


@dataclass(frozen=True, slots=True)
class Figure:
    """A score with what it rests on.

    `low` and `high` are the score if every open question went worst or best (rule 6). `set_aside` is the part
    of the weight that is not applicable or outside the mandate (rule 5).
    """

    share: Fraction | None
    coverage: Fraction | None
    low: Fraction | None
    high: Fraction | None
    set_aside: Fraction | None

    @property
    def width(self) -> Fraction | None:
        """How wide the range is."""
        return None if self.low is None or self.high is None else self.high - self.low


class Standing(StrEnum):
    """What part a question plays in the score, and if none, why."""

    COUNTS = "counts"
    FACT = "fact"  # not a core rating, or in an unscored layer: shown, never scored
    WEIGHT_ZERO = "weight_zero"
    UNANSWERED = "unanswered"
    DONT_KNOW = "dont_know"
    NOT_APPLICABLE = "not_applicable"
    OUTSIDE_MANDATE = "outside_mandate"
    NOT_ASKED = "not_asked"  # its ask_if is false
    OUTSIDE_TRACK = "outside_track"


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """One question's part in its theme's score. `level` is set for an answered rating."""

    question: QuestionId
    state: AnswerState
    standing: Standing
    share: Fraction | None
    weight: Fraction
    level: int | None = None


@dataclass(frozen=True, slots=True)
class LevelCount:
    """How many questions and themes stand at one level of the profile's scale."""

    level: int
    label: str
    questions: int
    themes: int


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """One theme. `level` is the highest level whose share the theme's share has fully reached.

    `full_share` is the mean over all answered ratings of a full track, None in other tracks.
    """

    theme: ThemeId
    figure: Figure
    weight: Fraction
    mandate: Mandate
    level: int | None
    questions: tuple[QuestionScore, ...]
    full_share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class PartScore:
    """One objective, or one profile section (whose `figure` is always empty: shown, never scored).

    `withheld` says in words why an objective has a profile only; empty where it has a score or no answer.
    """

    part: ObjectiveId
    scored: bool
    figure: Figure
    profile: tuple[LevelCount, ...]
    themes: tuple[ThemeScore, ...]
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class LayerTheme:
    """One theme in an unscored layer: the lowest level of its answered core ratings, None where there is none."""

    theme: ThemeId
    level: int | None


@dataclass(frozen=True, slots=True)
class LayerPart:
    """One part in an unscored layer, on the layer's own scale; `open` core ratings have no answer or don't know."""

    part: ObjectiveId
    profile: tuple[LevelCount, ...]
    open: int
    themes: tuple[LayerTheme, ...]


@dataclass(frozen=True, slots=True)
class LayerProfile:
    """An unscored layer: counts and levels, and no figure over them. Parts without its questions are left out."""

    layer: LayerId
    parts: tuple[LayerPart, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Highest minus lowest objective; both are named. Share of 1, so 0.25 is 25 points."""

    share: Fraction
    lowest: ObjectiveId
    highest: ObjectiveId


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What one core question, moved by one level, changes in the overall share; without one, in its objective's.

    `most` is the largest such change and `question` where it happens; `typical` is the median over all core
    questions that count. Differences smaller than `most` are not called change.
    """

    most: Fraction
    typical: Fraction
    question: QuestionId


@dataclass(frozen=True, slots=True)
class Alternative:
    """The overall result under another choice of method."""

    id: str  # every_question_equal, every_theme_equal, lowest_objective, not_applicable_lowest
    overall: Fraction | None
    objectives: tuple[tuple[ObjectiveId, Fraction | None], ...]
    order_differs: bool


class Doubt(StrEnum):
    """Why a result is provisional."""

    COVERAGE = "coverage"
    OBJECTIVE_COVERAGE = "objective_coverage"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Provisional:
    """One reason why a result is provisional; `part` is set where the reason is one objective's."""

    doubt: Doubt
    value: Fraction
    threshold: Fraction
    part: ObjectiveId | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the questions asked, of every kind but the closing text, have been dealt with."""

    answered: int
    asked: int
    by_theme: tuple[tuple[ThemeId, int, int], ...]  # theme, answered, asked


@dataclass(frozen=True)
class ScoreCard:
    """Every figure of one assessment, in the checklist's order.

    `overall` has no share in the scan track, nor unless every objective has a score, nor where the checklist has no
    overall figure. `evidence_share` is the share of answered core ratings that carry at least one piece of evidence.
    `layers` has the unscored ones.
    """

    method: str
    overall: Figure
    parts: tuple[PartScore, ...]
    provisional: tuple[Provisional, ...]
    gap: Gap | None
    low_objectives: tuple[ObjectiveId, ...]
    band: Band | None
    sensitivity: Sensitivity | None
    alternatives: tuple[Alternative, ...]
    progress: Progress
    evidence_share: Fraction | None
    layers: tuple[LayerProfile, ...] = ()

    @property
    def objectives(self) -> tuple[PartScore, ...]:
        """The scored parts."""
        return tuple(part for part in self.parts if part.scored)

    @property
    def order_differs(self) -> bool:
        """Whether another choice of method would change the order of the objectives."""
        return any(alternative.order_differs for alternative in self.alternatives)

    def part(self, part_id: ObjectiveId) -> PartScore:
        """The part of that name. Raises KeyError."""
        for part in self.parts:
            if part.part == part_id:
                return part
        raise KeyError(part_id)

    def objective(self, part_id: ObjectiveId) -> Figure:
        """The figure of one objective. Raises KeyError."""
        return self.part(part_id).figure

    def theme(self, theme_id: ThemeId) -> ThemeScore:
        """The score of one theme. Raises KeyError."""
        for part in self.parts:
            for theme in part.themes:
                if theme.theme == theme_id:
                    return theme
        raise KeyError(theme_id)
