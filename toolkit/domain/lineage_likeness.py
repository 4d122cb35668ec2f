"""Comparing two assessments over time, like for like (DESIGN.md, section 4).

Compared are the questions that are the same, reworded or moved, core in both versions and scored in both
assessments. Both sides are computed with the newer version's weights, themes and rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from toolkit.domain.answers import Answer
from toolkit.domain.assessment import Assessment
from toolkit.domain.checklist import Change, Checklist, ObjectiveId, QuestionId, ThemeId, Track
from toolkit.domain.lineage_ancestry import Ancestry
from toolkit.domain.scorecard import Figure, QuestionScore, ScoreCard, Standing
from toolkit.domain.scoring import score, score_assessment

COMPARABLE = frozenset({Change.SAME, Change.REWORDED, Change.MOVED})
ENOUGH = Fraction(1, 2)
ASKED = frozenset({Standing.COUNTS, Standing.UNANSWERED, Standing.DONT_KNOW, Standing.NOT_APPLICABLE})
Place = tuple[ObjectiveId, ThemeId]


class Undrawn(StrEnum):
    """Why no line is drawn between two figures."""

    TOO_LITTLE = "too_little"  # less than half of what was asked can be compared
    NO_SCORE = "no_score"  # enough is compared, yet the figure has no score on one of the sides


@dataclass(frozen=True, slots=True)
class Pair:
    """One question in two versions."""

    older: QuestionId
    newer: QuestionId
    change: Change


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """One figure on both sides. Both shares are None where no line is drawn, and `undrawn` says why.

    `share_compared` is the smaller of the two versions' shares of asked weight; None where one of them asked nothing.
    """

    older: Fraction | None
    newer: Fraction | None
    share_compared: Fraction | None
    undrawn: Undrawn | None

    @property
    def change(self) -> Fraction | None:
        """How much the newer lies above the older, taken exactly."""
        return None if self.older is None or self.newer is None else self.newer - self.older


@dataclass(frozen=True)
class LikeForLike:
    """Every figure of the newer version compared. `pairs` are the questions scored on both sides, in its order."""

    pairs: tuple[Pair, ...]
    overall: ComparedFigure
    objectives: Mapping[ObjectiveId, ComparedFigure]
    themes: Mapping[ThemeId, ComparedFigure]


def comparable(older: Checklist, newer: Checklist, between: Sequence[Checklist] = ()) -> tuple[Pair, ...]:
    """The questions that mean the same in two versions, in the order of the newer.

    `between` are the versions that lie between them, oldest first: what was the same in each step is the same.
    A version compared with itself pairs every question.
    """
    if older.digest == newer.digest and not between:
        return tuple(Pair(question.id, question.id, Change.SAME) for _, _, question in newer.questions())
    steps = [older, *between, newer]
    back: dict[QuestionId, tuple[QuestionId, Change]] = {
        question.id: (question.id, Change.SAME) for _, _, question in older.questions()
    }
    for before, after in pairwise(steps):
        back = dict(_step(before, after, back))
    return tuple(Pair(name, question, change) for question, (name, change) in back.items())


def _step(
    before: Checklist, after: Checklist, back: Mapping[QuestionId, tuple[QuestionId, Change]]
) -> Iterable[tuple[QuestionId, tuple[QuestionId, Change]]]:
    ancestry = Ancestry(before, after)
    for _, _, question in after.questions():
        change = ancestry.change(question)
        if change.change in COMPARABLE and len(change.was) == 1 and len(ancestry.successors[change.was[0]]) == 1:
            if change.was[0] not in back:
                continue
            name, earlier = back[change.was[0]]
            yield question.id, (name, earlier if change.change is Change.SAME else change.change)


def like_for_like(
    older: Checklist,
    older_assessment: Assessment,
    newer: Checklist,
    newer_assessment: Assessment,
    between: Sequence[Checklist] = (),
) -> LikeForLike:
    """Compare two assessments, each answered on its own version, figure by figure.

    A question counts when both sides scored it; the newer version's weights, themes, levels and rules compute both.
    """
    cards = score_assessment(older, older_assessment), score_assessment(newer, newer_assessment)
    scores = [_core_scores(checklist, card) for checklist, card in zip((older, newer), cards, strict=True)]
    all_pairs = comparable(older, newer, between)
    pairs = tuple(
        pair for pair in all_pairs if _counts(scores[0].get(pair.older)) and _counts(scores[1].get(pair.newer))
    )
    shared = _shared(newer, {pair.newer for pair in pairs})
    track = Track.SCAN if Track.SCAN in (older_assessment.track, newer_assessment.track) else Track.CORE
    before = {pair.newer: older_assessment.answer(pair.older) for pair in pairs}
    after = {pair.newer: newer_assessment.answer(pair.newer) for pair in pairs}
    figures = _figures(shared, before, track), _figures(shared, after, track)

    homes = {pair.older: newer.question_index[pair.newer] for pair in all_pairs}
    places = {name: (part.id, theme.id) for name, (part, theme, _) in homes.items()}
    shares = [
        _compared(older, newer, scores[0], {pair.older for pair in pairs}, places),
        _compared(newer, newer, scores[1], {pair.newer for pair in pairs}, {}),
    ]

    def figure(name: str) -> ComparedFigure:
        return _compare(figures[0][name], figures[1][name], shares[0].get(name), shares[1].get(name))

    return LikeForLike(
        pairs,
        figure(""),
        {part.id: figure(f"part {part.id}") for part in newer.objectives},
        {theme.id: figure(f"theme {theme.id}") for part in newer.objectives for theme in part.themes},
    )


def _compare(
    older: Fraction | None, newer: Fraction | None, older_share: Fraction | None, newer_share: Fraction | None
) -> ComparedFigure:
    share = None if older_share is None or newer_share is None else min(older_share, newer_share)
    if share is None or share < ENOUGH:
        return ComparedFigure(None, None, share, Undrawn.TOO_LITTLE)
    if older is None or newer is None:
        return ComparedFigure(None, None, share, Undrawn.NO_SCORE)
    return ComparedFigure(older, newer, share, None)


def _core_scores(checklist: Checklist, card: ScoreCard) -> dict[QuestionId, QuestionScore]:
    """The scores of the core ratings that stand in objectives."""
    return {
        one.question: one
        for part in card.objectives
        for theme in part.themes
        for one in theme.questions
        if checklist.question(one.question).is_core_rating
    }


def _counts(one: QuestionScore | None) -> bool:
    return one is not None and one.standing is Standing.COUNTS and one.share is not None


def _shared(newer: Checklist, kept: set[QuestionId]) -> Checklist:
    """The newer checklist with nothing but the questions compared, each asked without a condition."""
    parts = tuple(
        replace(
            part,
            themes=tuple(
                replace(
                    theme,
                    questions=tuple(
                        replace(question, ask_if=None) for question in theme.questions if question.id in kept
                    ),
                )
                for theme in part.themes
            ),
        )
        for part in newer.parts
    )
    return replace(newer, parts=parts, facts=())


def _figures(checklist: Checklist, answers: Mapping[QuestionId, Answer], track: Track) -> dict[str, Fraction | None]:
    card = score(checklist, answers, track=track)
    found = {"": _share(card.overall)}
    for part in card.objectives:
        found[f"part {part.part}"] = _share(part.figure)
        for theme in part.themes:
            found[f"theme {theme.theme}"] = _share(theme.figure)
    return found


def _share(figure: Figure) -> Fraction | None:
    return figure.share


def _compared(
    checklist: Checklist,
    newer: Checklist,
    scores: Mapping[QuestionId, QuestionScore],
    compared: set[QuestionId],
    places: Mapping[QuestionId, Place],
) -> dict[str, Fraction]:
    """For each figure, the share of the asked core weight that is compared, carried up as coverage is (rule 5).

    A question stands where the newer version has it (`places`); one without a counterpart where it stood.
    """
    asked: dict[Place, list[Fraction]] = {}
    weights: dict[Place, Fraction] = {}
    for name, one in scores.items():
        if one.standing not in ASKED:
            continue
        place = places.get(name) or _place(checklist, newer, name)
        known = newer.theme_index.get(place[1]) or checklist.theme_index[place[1]]
        weights[place] = known[1].weight
        weight = checklist.question(name).weight
        sums = asked.setdefault(place, [Fraction(0), Fraction(0)])
        sums[0] += weight
        sums[1] += weight if name in compared else 0
    themes = {place: sums[1] / sums[0] for place, sums in asked.items()}
    found = {f"theme {place[1]}": share for place, share in themes.items()}
    parts: list[Fraction] = []
    for part in dict.fromkeys(place[0] for place in themes):
        inside = {place: share for place, share in themes.items() if place[0] == part}
        total = sum((weights[place] for place in inside), Fraction(0))
        if total > 0:
            mean = sum((weights[place] * share for place, share in inside.items()), Fraction(0)) / total
            found[f"part {part}"] = mean
            parts.append(mean)
    if parts:
        found[""] = sum(parts, Fraction(0)) / len(parts)
    return found


def _place(checklist: Checklist, newer: Checklist, name: QuestionId) -> Place:
    """Where a question without counterpart is counted: in its own theme, wherever that now stands."""
    part, theme, _ = checklist.question_index[name]
    now = newer.theme_index.get(theme.id)
    return (now[0].id, theme.id) if now else (part.id, theme.id)
