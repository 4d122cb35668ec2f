"""What a result says in words: one sentence, up to three strengths and three gaps, all chosen by written rule.

A strength is a theme whose level earns at least three quarters, a gap one whose level earns at most a half (levels 3
and 4, and 0 to 2, on a scale from 0 to 4). Strengths come highest share first, gaps lowest first; of equals, and in a
scan of equal levels, the earlier in the checklist. Themes of profile sections and themes of weight 0 are neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from toolkit.domain.checklist import Checklist, ObjectiveId, Part, Question, QuestionId, Theme, ThemeId
from toolkit.domain.explain import listed
from toolkit.domain.rounding import marks, whole_percent
from toolkit.domain.scorecard import ScoreCard, Standing, ThemeScore
from toolkit.domain.scoring import SCAN_HAS_NO_SCORE

MOST = 3
STRONG = Fraction(3, 4)
WEAK = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One strength or gap. `theme` and `objective` are titles; `label` and `meaning` are those of the level.

    `question` is the highest rated question of a strength, the lowest rated of a gap (the first of equals), `criterion`
    what places it at its own level, and `next_step` the advice that leads one level up. These three speak of a single
    answer, so they belong into editions that hold answers; everything else fits every edition.
    """

    theme_id: ThemeId
    theme: str
    objective: str
    level: int
    label: str
    meaning: str
    share: Fraction | None
    question: QuestionId
    criterion: str
    next_step: str

    @property
    def text(self) -> str:
        """The level in words, without the theme."""
        return f"{self.label} (level {self.level}). {self.meaning}".strip()

    def __str__(self) -> str:
        return f"{self.theme} ({self.objective}): level {self.level}, {self.label}."


def strengths(checklist: Checklist, card: ScoreCard) -> tuple[Finding, ...]:
    """Up to three themes that stand highest."""
    found = [one for one in _rated(checklist, card) if one.earns >= STRONG]
    found.sort(key=lambda one: one.share, reverse=True)  # a stable sort: equals stay in the checklist's order
    return tuple(_finding(checklist, one, max) for one in found[:MOST])


def gaps(checklist: Checklist, card: ScoreCard) -> tuple[Finding, ...]:
    """Up to three themes that stand lowest."""
    found = [one for one in _rated(checklist, card) if one.earns <= WEAK]
    found.sort(key=lambda one: one.share)
    return tuple(_finding(checklist, one, min) for one in found[:MOST])


def finding(checklist: Checklist, card: ScoreCard) -> str:
    """The result in one sentence. Objectives under the low mark come first, whatever the overall; what is provisional
    is called so.
    """
    rated = list(_rated(checklist, card))
    if not rated:
        return "Nothing that counts has been rated yet, so there is no result."
    if all(part.withheld == SCAN_HAS_NO_SCORE for part in card.objectives):
        said = _scan(checklist, rated)
    else:
        said = _scores(checklist, card)
    provisional = "; this is provisional, because too many questions are open" if card.provisional else ""
    return f"{said}{provisional}."


# --- which themes -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rated:
    """A rated theme that counts. `earns` is the share of its level; `share` is its own, that of its level in a scan."""

    part: Part
    theme: Theme
    score: ThemeScore
    level: int
    earns: Fraction
    share: Fraction


def _rated(checklist: Checklist, card: ScoreCard) -> Iterator[_Rated]:
    for part in checklist.objectives:
        for theme, score in zip(part.themes, card.part(part.id).themes, strict=True):
            if score.level is None or theme.weight == 0:
                continue
            earns = checklist.scale.share(score.level)
            share = earns if score.figure.share is None else score.figure.share
            yield _Rated(part, theme, score, score.level, earns, share)


def _finding(checklist: Checklist, one: _Rated, best: Callable[..., tuple[Question, int, Fraction]]) -> Finding:
    level = checklist.scale.level(one.level)
    rated = [
        (question, score.level, score.share)
        for question, score in zip(one.theme.questions, one.score.questions, strict=True)
        if score.standing is Standing.COUNTS and score.level is not None and score.share is not None
    ]
    question, at, _ = best(rated, key=lambda each: each[2]) if rated else (None, 0, None)
    return Finding(
        theme_id=one.theme.id,
        theme=one.theme.title,
        objective=one.part.title,
        level=one.level,
        label=level.label,
        meaning=level.meaning,
        share=one.score.figure.share,
        question=question.id if question else "",
        criterion=question.criterion(at) if question else "",
        next_step=next((advice.text for advice in question.advice if advice.level == at), "") if question else "",
    )


# --- the sentence -----------------------------------------------------------------------------------


def _scan(checklist: Checklist, rated: list[_Rated]) -> str:
    levels = [(level.label, checklist.scale.share(level.value)) for level in checklist.scale.levels]
    high = next((label for label, share in levels if share >= STRONG), levels[-1][0])
    low = next((label for label, share in reversed(levels) if share <= WEAK), levels[0][0])
    strong = sum(one.earns >= STRONG for one in rated) or "none"
    weak = sum(one.earns <= WEAK for one in rated) or "none"
    themes = "1 theme was" if len(rated) == 1 else f"{len(rated)} themes were"
    return f"In this scan {themes} rated: {strong} at “{high}” or higher, {weak} at “{low}” or lower"


def _scores(checklist: Checklist, card: ScoreCard) -> str:
    shown = _Shown(checklist, card)
    low = [shown.named(part) for part in card.low_objectives]
    overall = card.overall.share
    if checklist.method.overall is None:
        return f"{_objectives(card, shown, low)}; this checklist has no overall figure"
    if overall is None:
        missing = [shown.titles[part.part] for part in card.objectives if part.figure.share is None]
        tail = f"; little or nothing of what the checklist asks for is in place on {listed(low)}" if low else ""
        return f"There is no overall result, because there is no score for {listed(missing)}{tail}"
    if low:
        return f"Little or nothing of what the checklist asks for is in place on {listed(low)}{_besides(card, shown)}"
    start = f"Overall, {whole_percent(overall)} of what the checklist asks for is in place"
    if card.gap is None:
        return start
    if card.gap.share == 0:
        return f"{start}, and as much on each objective"
    return f"{start}: most on {shown.named(card.gap.highest)}, least on {shown.named(card.gap.lowest)}"


def _objectives(card: ScoreCard, shown: _Shown, low: list[str]) -> str:
    """What objectives say by themselves, where there is no overall figure."""
    missing = [shown.titles[part.part] for part in card.objectives if part.figure.share is None]
    tail = f"; there is no score for {listed(missing)}" if missing else ""
    if low:
        rest = card.gap is not None and card.gap.highest not in card.low_objectives
        best = f"; most is in place on {shown.named(card.gap.highest)}" if card.gap is not None and rest else ""
        return f"Little or nothing of what the checklist asks for is in place on {listed(low)}{best}{tail}"
    scored = [shown.named(part.part) for part in card.objectives if part.figure.share is not None]
    if card.gap is None or card.gap.share == 0:
        return (
            f"Of what the checklist asks for, this is in place: {listed(scored)}{tail}"
            if scored
            else tail[2:].capitalize()
        )
    high, least = shown.named(card.gap.highest), shown.named(card.gap.lowest)
    return f"Of what the checklist asks for, most is in place on {high}, least on {least}{tail}"


def _besides(card: ScoreCard, shown: _Shown) -> str:
    if card.gap is None or card.gap.highest in card.low_objectives:
        return f"; overall it is {whole_percent(card.overall.share)}" if card.gap else ""
    return f"; overall it is {whole_percent(card.overall.share)}, most on {shown.named(card.gap.highest)}"


class _Shown:
    """Objectives by title and score."""

    def __init__(self, checklist: Checklist, card: ScoreCard) -> None:
        self.titles = {part.id: part.title for part in checklist.parts}
        self.card = card
        self.marks = marks(checklist.method.thresholds, "objective", "score")

    def named(self, part: ObjectiveId) -> str:
        """The title with the score: Employment (72 %)."""
        return f"{self.titles[part]} ({whole_percent(self.card.objective(part).share, *self.marks)})"
