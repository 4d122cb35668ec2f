"""What the results page shows of unscored layers: a profile of each part, a level of each theme, and no figure."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.domain.answers import AnswerState
from toolkit.domain.assessment import Assessment
from toolkit.domain.checklist import Layer, Part, Question, Scale, Theme
from toolkit.domain.layers import layer_scale, layer_words, questions_of
from toolkit.domain.scorecard import LayerPart, ScoreCard
from toolkit.web.answer_words import AnswerWords, answer_words
from toolkit.web.publications import Publication
from toolkit.web.results_page import WITHOUT_LEVEL, Segment, key, segments, tone
from toolkit.web.words import colour


@dataclass(frozen=True, slots=True)
class LayerFact:
    """What was answered beside the ratings, such as a table of statistics."""

    question: Question
    words: AnswerWords


@dataclass(frozen=True, slots=True)
class LayerThemeResult:
    """One theme: its level in words, empty where it has none."""

    theme: Theme
    level: str
    tone: str
    facts: tuple[LayerFact, ...]


@dataclass(frozen=True, slots=True)
class LayerPartResult:
    """One part with its bar."""

    part: Part
    colour: str
    profile: tuple[Segment, ...]
    themes: tuple[LayerThemeResult, ...]


@dataclass(frozen=True, slots=True)
class LayerResult:
    """One layer; `words` say how it is to be read, `key` what the colours of its own scale mean."""

    layer: Layer
    words: tuple[str, ...]
    key: tuple[tuple[str, str], ...]
    parts: tuple[LayerPartResult, ...]


def layer_results(published: Publication) -> tuple[LayerResult, ...]:
    """Every unscored layer, in the checklist's order."""
    checklist, card = published.checklist, published.card
    profiles = {profile.layer: profile for profile in card.layers}
    return tuple(
        LayerResult(
            layer,
            layer_words(checklist, layer),
            key(scale),
            tuple(_part(published, layer, scale, part) for part in profiles[layer.id].parts),
        )
        for layer in checklist.unscored_layers
        if layer.id in profiles and (scale := layer_scale(checklist, layer.id)) is not None
    )


def _part(published: Publication, layer: Layer, scale: Scale, found: LayerPart) -> LayerPartResult:
    checklist = published.checklist
    part = next(one for one in checklist.parts if one.id == found.part)
    counts = [(tone(place, len(found.profile)), one.label, one.questions) for place, one in enumerate(found.profile)]
    counts.append(("lx", WITHOUT_LEVEL, found.open))
    return LayerPartResult(
        part,
        colour(part, checklist),
        segments(counts),
        tuple(_theme(published, layer, scale, checklist.theme(one.theme), one.level) for one in found.themes),
    )


def _theme(published: Publication, layer: Layer, scale: Scale, theme: Theme, level: int | None) -> LayerThemeResult:
    values = [one.value for one in scale.levels]
    return LayerThemeResult(
        theme,
        "" if level is None else f"{level} {scale.level(level).label}",
        "lx" if level is None else tone(values.index(level), len(values)),
        tuple(_facts(published.card, published.assessment, layer, theme)),
    )


def _facts(card: ScoreCard, assessment: Assessment, layer: Layer, theme: Theme) -> list[LayerFact]:
    answered = {one.question for one in card.theme(theme.id).questions if one.state is AnswerState.ANSWERED}
    return [
        LayerFact(question, answer_words(question, assessment.answer(question.id)))
        for question in questions_of(theme, layer.id)
        if not question.is_rating and question.id in answered
    ]
