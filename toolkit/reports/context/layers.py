"""One chapter for each unscored layer: a profile of each part and a level of each theme, and no figure over them."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from toolkit.domain.assessment import Assessment, Edition
from toolkit.domain.checklist import Checklist, Layer, Part, Scale, Theme
from toolkit.domain.layers import layer_scale, layer_words, questions_of
from toolkit.domain.printed_figures import PrintedFigure
from toolkit.domain.scorecard import LayerPart, LevelCount, ScoreCard
from toolkit.reports.charts import Segment, profile_bar
from toolkit.reports.context.answers import QuestionShown, numbered, shown
from toolkit.reports.context.chapters import ProfileCount, bar_width, tones
from toolkit.reports.context.figures import Pen
from toolkit.reports.context.words import counted, listed


@dataclass(frozen=True, slots=True)
class LayerThemeShown:
    """One theme: its level in one of the columns, and what was answered beside its ratings, such as statistics."""

    id: str
    number: str
    title: str
    level: PrintedFigure | None
    position: int | None
    facts: tuple[QuestionShown, ...]


@dataclass(frozen=True, slots=True)
class LayerPartShown:
    """One part: its bar, its counts, its themes."""

    title: str
    tone: str
    chart: Markup
    counts: tuple[ProfileCount, ...]
    open: PrintedFigure
    open_width: str
    is_empty: bool
    themes: tuple[LayerThemeShown, ...]


@dataclass(frozen=True, slots=True)
class LayerChapter:
    """One layer. `levels` are the labels of its own scale, `words` say how it is to be read."""

    id: str
    title: str
    about: str
    words: tuple[str, ...]
    levels: tuple[str, ...]
    parts: tuple[LayerPartShown, ...]


def layer_chapters(
    checklist: Checklist, assessment: Assessment, card: ScoreCard, edition: Edition, pen: Pen
) -> tuple[LayerChapter, ...]:
    """A chapter for each unscored layer, in order. The public edition holds no answers beside the levels."""
    layers = {layer.id: layer for layer in checklist.layers}
    made = []
    for profile in card.layers:
        layer = layers[profile.layer]
        scale = layer_scale(checklist, layer.id)
        if scale is None:
            continue
        parts = {part.part: part for part in profile.parts}
        made.append(
            LayerChapter(
                id=layer.id,
                title=layer.title,
                about=layer.about,
                words=layer_words(checklist, layer),
                levels=tuple(level.label for level in scale.levels),
                parts=tuple(
                    _part(checklist, assessment, card, edition, pen, layer, scale, part, parts[part.id], dict(themes))
                    for _, part, themes in numbered(checklist)
                    if part.id in parts
                ),
            )
        )
    return tuple(made)


def _part(
    checklist: Checklist,
    assessment: Assessment,
    card: ScoreCard,
    edition: Edition,
    pen: Pen,
    layer: Layer,
    scale: Scale,
    part: Part,
    found: LayerPart,
    themes: dict[str, Theme],
) -> LayerPartShown:
    place = f"layer.{layer.id}.part.{part.id}"
    levels = {one.theme: one.level for one in found.themes}
    total = sum(count.questions for count in found.profile) + found.open
    return LayerPartShown(
        title=part.title,
        tone=tones(checklist)[part.id][0],
        chart=_chart(f"{layer.title}, {part.title}", found, total),
        counts=tuple(
            ProfileCount(
                position,
                count.label,
                pen.count(place, f"questions_at_{count.level}", count.questions),
                pen.count(place, f"themes_at_{count.level}", count.themes),
                bar_width(count.questions, total),
            )
            for position, count in enumerate(found.profile)
        ),
        open=pen.count(place, "open", found.open),
        open_width=bar_width(found.open, total),
        is_empty=not total,
        themes=tuple(
            _theme(assessment, card, edition, pen, layer, scale, number, theme, levels[theme.id])
            for number, theme in themes.items()
            if theme.id in levels
        ),
    )


def _theme(
    assessment: Assessment,
    card: ScoreCard,
    edition: Edition,
    pen: Pen,
    layer: Layer,
    scale: Scale,
    number: str,
    theme: Theme,
    level: int | None,
) -> LayerThemeShown:
    facts = {question.id for question in questions_of(theme, layer.id) if not question.is_rating}
    answers = () if edition is Edition.PUBLIC else shown(assessment, card, theme, edition, number=number)
    return LayerThemeShown(
        id=theme.id,
        number=number,
        title=theme.title,
        level=None if level is None else pen.count(f"layer.{layer.id}.theme.{theme.id}", "level", level),
        position=None if level is None else [one.value for one in scale.levels].index(level),
        facts=tuple(one for one in answers if one.id in facts and one.state == "answered"),
    )


def _chart(name: str, found: LayerPart, total: int) -> Markup:
    said = [_said(count) for count in found.profile if count.questions]
    if found.open:
        said.append(f"{found.open} without an answer")
    title = f"{name}: {counted(total, 'core question', 'core questions')}" + (f"; {listed(said)}" if said else "")
    segments = [Segment(count.questions, position) for position, count in enumerate(found.profile)]
    return profile_bar(title, segments, levels=len(found.profile), open_count=found.open)


def _said(count: LevelCount) -> str:
    return f"{count.questions} at level {count.level}, {count.label}"
