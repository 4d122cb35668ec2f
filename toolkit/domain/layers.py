"""Unscored layers: a profile of levels each, on a scale of their own, and no figure over it (DESIGN.md, section 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from toolkit.domain.answers import AnswerState
from toolkit.domain.checklist import Checklist, Layer, LayerId, Question, Scale, Theme
from toolkit.domain.scorecard import LayerPart, LayerProfile, LayerTheme, LevelCount, PartScore, QuestionScore

OPEN = frozenset({AnswerState.UNANSWERED, AnswerState.DONT_KNOW})

Scored = tuple[Question, QuestionScore]


def layer_profiles(checklist: Checklist, parts: Iterable[PartScore]) -> tuple[LayerProfile, ...]:
    """The profile of each unscored layer, from the answers of its core ratings as the parts of a score card have them.

    A theme stands at the lowest level of its answered ratings, so nothing is averaged. A theme of weight 0 has its
    level and is not counted, as everywhere.
    """
    scores = tuple(parts)
    return tuple(LayerProfile(layer.id, tuple(_parts(checklist, layer, scores))) for layer in checklist.unscored_layers)


def layer_scale(checklist: Checklist, layer: LayerId) -> Scale | None:
    """The one scale that all ratings of a layer have; None where it has no rating."""
    scales = (
        question.scale
        for _, _, question in checklist.questions()
        if question.is_rating and question.layer is not None and question.layer.id == layer
    )
    return next(scales, None)


def questions_of(theme: Theme, layer: LayerId) -> tuple[Question, ...]:
    """The questions of a theme that belong to a layer, in order; the closing question belongs to none."""
    return tuple(one for one in theme.questions if one.layer is not None and one.layer.id == layer)


def layer_words(checklist: Checklist, layer: Layer) -> tuple[str, ...]:
    """How an unscored layer is to be read, in sentences."""
    scored = next((one.title for one in checklist.layers if one.scored), "")
    found = [
        f"The layers are never combined: the index is made of “{scored}” alone.",
        "No figure stands over this one, and no country or organization is ranked by it.",
    ]
    scale = layer_scale(checklist, layer.id)
    if scale is not None:
        lowest, highest = (f"{one.value} ({one.label})" for one in (scale.levels[0], scale.levels[-1]))
        found.append(f"A theme stands at the lowest level of its answered core ratings, from {lowest} to {highest}.")
    return tuple(found)


def _parts(checklist: Checklist, layer: Layer, scores: Iterable[PartScore]) -> Iterator[LayerPart]:
    scale = layer_scale(checklist, layer.id)
    for part in scores:
        counted: list[Scored] = []
        themes: list[LayerTheme] = []
        theme_levels: Counter[int | None] = Counter()
        for score in part.themes:
            theme = checklist.theme(score.theme)
            if not questions_of(theme, layer.id):
                continue
            by_id = {one.question: one for one in score.questions}
            rated = [(one, by_id[one.id]) for one in questions_of(theme, layer.id) if one.is_layer_rating]
            level = min((one.level for _, one in rated if one.level is not None), default=None)
            themes.append(LayerTheme(theme.id, level))
            if theme.weight > 0:
                counted += rated
                theme_levels[level] += 1
        if themes:
            levels = Counter(one.level for _, one in counted)
            yield LayerPart(
                part.part,
                tuple(
                    LevelCount(one.value, one.label, levels[one.value], theme_levels[one.value])
                    for one in (scale.levels if scale else ())
                ),
                sum(one.state in OPEN for _, one in counted),
                tuple(themes),
            )
