"""The checklist: objectives, themes and questions, as frozen nouns.

A `Checklist` that exists is a valid one: only `toolkit.domain.reading` makes them, from plain data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

# Ids are permanent names, never positions.
QuestionId = str
ThemeId = str
ObjectiveId = str
LayerId = str


class Kind(StrEnum):
    """What a question asks for."""

    RATING = "rating"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    TEXT = "text"
    TABLE = "table"


class Track(StrEnum):
    """How much of a checklist is asked: each track contains the one before."""

    SCAN = "scan"
    CORE = "core"
    FULL = "full"

    def includes(self, other: Track) -> bool:
        """Whether a question of track `other` is asked in this track."""
        order = list(Track)
        return order.index(other) <= order.index(self)


class Rule(StrEnum):
    """How a tier is computed from the one below it."""

    MEAN = "mean"
    SUM = "sum"
    MIN = "min"


class NotApplicablePolicy(StrEnum):
    """What a question that is not applicable counts as."""

    EXCLUDE = "exclude"
    LOWEST = "lowest"
    HIGHEST = "highest"


class Change(StrEnum):
    """What became of a question from one version to the next."""

    SAME = "same"
    REWORDED = "reworded"
    REVISED = "revised"
    SPLIT = "split"
    MERGED = "merged"
    MOVED = "moved"
    RETIRED = "retired"
    NEW = "new"


# --- conditions -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """What a condition looks at: an earlier question, or a fact about the subject."""

    id: str
    is_fact: bool = False


class Test(StrEnum):
    """The comparison that a condition makes."""

    __test__ = False  # not a test case, whatever its name suggests to a collector

    IS = "is"
    IS_NOT = "is_not"
    ANY_OF = "any_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Compare:
    """A source compared with a value; `values` has one entry unless the test is any_of."""

    source: Source
    test: Test
    values: tuple[str | bool | Fraction, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every condition is."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one condition is."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when the condition is not."""

    condition: Condition


Condition = Compare | AllOf | AnyOf | Not


# --- the pieces of a question ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a scale. `points` are set on every level of a scale or on none."""

    value: int
    label: str
    meaning: str = ""
    points: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """The levels of a rating, lowest first. `full` is what points are divided by."""

    id: str
    levels: tuple[Level, ...]
    full: Fraction | None = None

    def level(self, value: int) -> Level:
        """The level with that value. Raises KeyError when the scale has none."""
        for level in self.levels:
            if level.value == value:
                return level
        raise KeyError(value)

    def share(self, value: int) -> Fraction:
        """The share, 0 to 1, that a level earns (DESIGN.md, section 3, rule 1)."""
        level = self.level(value)
        if level.points is not None:
            full = self.full if self.full is not None else max(one.points or Fraction(0) for one in self.levels)
            return level.points / full
        lowest, highest = self.levels[0].value, self.levels[-1].value
        return Fraction(value - lowest, highest - lowest)


@dataclass(frozen=True, slots=True)
class Layer:
    """One of several things that a checklist asks about side by side, never combined.

    Exactly one layer of a checklist is `scored` and carries the index; each other has a profile of its own.
    """

    id: LayerId
    title: str
    about: str = ""
    scored: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One answer on offer in a choice; `points` are set on every option or on none."""

    id: str
    label: str
    points: Fraction | None = None


@dataclass(frozen=True, slots=True)
class NumberBand:
    """Numbers from `at_least` up to the next band earn `points`."""

    at_least: Fraction
    points: Fraction


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table question: kind is text or number."""

    id: str
    label: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Criterion:
    """The observable facts that place a question at one level."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What leads from `level` to the next one."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Was:
    """What this question was in the version before; `questions` are the older ids."""

    change: Change
    questions: tuple[QuestionId, ...] = ()
    because: str = ""


@dataclass(frozen=True)
class Question:
    """One question. Which fields are filled depends on `kind`; weight 0 is shown and never counts."""

    id: QuestionId
    kind: Kind
    text: str
    track: Track
    weight: Fraction = Fraction(1)
    ask_if: Condition | None = None
    guidance: str = ""
    evidence: str = ""
    not_enough: str = ""
    criteria: tuple[Criterion, ...] = ()
    advice: tuple[Advice, ...] = ()
    scale: Scale | None = None
    options: tuple[Option, ...] = ()
    full: Fraction | None = None
    bands: tuple[NumberBand, ...] = ()
    unit: str = ""
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    columns: tuple[Column, ...] = ()
    tags: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    minutes: int = 0
    was: Was | None = None
    layer: Layer | None = None  # of a checklist that declares layers; None for the closing question
    is_improvement: bool = False  # the closing "How could this outcome be improved?" of its theme

    @property
    def is_rating(self) -> bool:
        """Whether the answer is a level of a scale."""
        return self.kind is Kind.RATING

    @property
    def is_beside_the_index(self) -> bool:
        """Whether it belongs to an unscored layer: no figure ever rests on it."""
        return self.layer is not None and not self.layer.scored

    @property
    def is_core_rating(self) -> bool:
        """Whether the index may use it: a rating in the core or scan track with some weight, in no unscored layer."""
        return self.is_rating and Track.CORE.includes(self.track) and self.weight > 0 and not self.is_beside_the_index

    @property
    def is_layer_rating(self) -> bool:
        """Whether the profile of its unscored layer uses it: a rating in the core or scan track."""
        return self.is_rating and Track.CORE.includes(self.track) and self.is_beside_the_index

    def criterion(self, level: int) -> str:
        """The criterion for a level; the scale's own meaning where the question has none."""
        for criterion in self.criteria:
            if criterion.level == level:
                return criterion.text
        return self.scale.level(level).meaning if self.scale else ""


def usual_weight(kind: Kind, layer: Layer | None) -> Fraction:
    """What a question weighs where nothing is said: a rating 1, but in an unscored layer 0 like every other kind."""
    return Fraction(1 if kind is Kind.RATING and (layer is None or layer.scored) else 0)


@dataclass(frozen=True)
class Theme:
    """A group of questions on one subject. It counts in its own part, and may be shown in others."""

    id: ThemeId
    title: str
    questions: tuple[Question, ...]
    why: str = ""
    weight: Fraction = Fraction(1)
    also_in: tuple[ObjectiveId, ...] = ()
    tags: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    related: tuple[str, ...] = ()  # themes of other checklists, `<checklist>/<theme>`

    def asked_in(self, track: Track) -> tuple[Question, ...]:
        """The questions of a track, before any routing."""
        return tuple(question for question in self.questions if track.includes(question.track))

    def core_ratings(self) -> tuple[Question, ...]:
        """The ratings that the index uses."""
        return tuple(question for question in self.questions if question.is_core_rating)

    def minutes(self, track: Track) -> int:
        """How long the questions of a track take, in minutes."""
        return sum(question.minutes for question in self.asked_in(track))


@dataclass(frozen=True)
class Part:
    """The top tier: an objective (`scored`), or a profile section that never enters a score."""

    id: ObjectiveId
    title: str
    themes: tuple[Theme, ...]
    scored: bool = True
    label: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known about the subject before any question is asked; options for a choice."""

    id: str
    text: str
    kind: Kind  # yes_no, choice or number
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a result is called provisional, and where a score is withheld. Shares are 0 to 1."""

    coverage: Fraction = Fraction(80, 100)
    objective_coverage: Fraction = Fraction(60, 100)
    range_width: Fraction = Fraction(15, 100)
    set_aside: Fraction = Fraction(50, 100)
    low_objective: Fraction = Fraction(25, 100)


@dataclass(frozen=True, slots=True)
class Method:
    """How scores are computed: a rule for each tier and the policy for not applicable.

    Without a rule for the overall there is no overall figure: the profile and the objectives stand for themselves.
    """

    name: str = "index/1"
    theme: Rule = Rule.MEAN
    objective: Rule = Rule.MEAN
    overall: Rule | None = Rule.MEAN
    not_applicable: NotApplicablePolicy = NotApplicablePolicy.EXCLUDE
    thresholds: Thresholds = Thresholds()


@dataclass(frozen=True, slots=True)
class BandNeed:
    """At least `share` of the rated core themes stand at `level` or more."""

    share: Fraction
    level: int


@dataclass(frozen=True, slots=True)
class Band:
    """A name for a profile, given by written rule: every need is met and no theme is at or under `none_at`."""

    id: str
    label: str
    meaning: str
    needs: tuple[BandNeed, ...] = ()
    none_at: int | None = None


@dataclass(frozen=True, slots=True)
class Retired:
    """A question of the version before that has no successor, and why."""

    id: QuestionId
    because: str


class Status(StrEnum):
    """A published version never changes; a draft may."""

    DRAFT = "draft"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Checklist:
    """One version of a checklist.

    `parts` come in order, objectives and profile sections. `bands` run from the highest to the
    lowest; the first whose rule holds is the band. `digest` is the SHA-256 of structure and source
    text, as 64 hex digits.
    """

    id: str
    version: str
    title: str
    language: str
    status: Status
    parts: tuple[Part, ...]
    scale: Scale  # the profile's scale, and that of every rating that names no other
    digest: str
    about: str = ""
    follows: str | None = None
    facts: tuple[Fact, ...] = ()
    method: Method = Method()
    bands: tuple[Band, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    retired: tuple[Retired, ...] = ()
    improvement: str = "How could this outcome be improved?"
    layers: tuple[Layer, ...] = ()  # exactly one of them is scored; none where everything is

    @property
    def unscored_layers(self) -> tuple[Layer, ...]:
        """The layers that are shown beside the index and never enter it."""
        return tuple(layer for layer in self.layers if not layer.scored)

    @cached_property
    def objectives(self) -> tuple[Part, ...]:
        """The scored parts."""
        return tuple(part for part in self.parts if part.scored)

    @cached_property
    def profile_sections(self) -> tuple[Part, ...]:
        """The parts that are shown and never enter a score."""
        return tuple(part for part in self.parts if not part.scored)

    def themes(self) -> Iterator[tuple[Part, Theme]]:
        """Every theme with the part it counts in, in order."""
        for part in self.parts:
            for theme in part.themes:
                yield part, theme

    def questions(self) -> Iterator[tuple[Part, Theme, Question]]:
        """Every question with its theme and part, in order."""
        for part, theme in self.themes():
            for question in theme.questions:
                yield part, theme, question

    @cached_property
    def question_index(self) -> dict[QuestionId, tuple[Part, Theme, Question]]:
        """Question id to (part, theme, question)."""
        return {question.id: (part, theme, question) for part, theme, question in self.questions()}

    @cached_property
    def theme_index(self) -> dict[ThemeId, tuple[Part, Theme]]:
        """Theme id to (part, theme)."""
        return {theme.id: (part, theme) for part, theme in self.themes()}

    def question(self, question_id: QuestionId) -> Question:
        """The question of that name. Raises KeyError."""
        return self.question_index[question_id][2]

    def theme(self, theme_id: ThemeId) -> Theme:
        """The theme of that name. Raises KeyError."""
        return self.theme_index[theme_id][1]

    def minutes(self, track: Track) -> int:
        """How long a track takes, in minutes."""
        return sum(theme.minutes(track) for _, theme in self.themes())
