"""A blank checklist as a form on paper: to read, to discuss in a meeting, to fill in by hand."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.domain.checklist import Checklist, Kind, Layer, Question, Scale, Status, Theme, Track
from toolkit.domain.layers import layer_scale, layer_words
from toolkit.domain.supplements import NoteFor, Supplement, notes_on
from toolkit.domain.words import TRACKS
from toolkit.reports.context.answers import numbered
from toolkit.reports.context.chapters import tones
from toolkit.reports.context.words import counted, direction


@dataclass(frozen=True, slots=True)
class Choice:
    """One box to tick. `criterion` says what must be true for it."""

    label: str
    criterion: str = ""


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One question with its boxes or lines. `lines` is how many lines to write on, `columns` those of a table."""

    number: str
    text: str
    layer: str
    guidance: str
    notes: tuple[NoteFor, ...]
    evidence: str
    not_enough: str
    references: str
    only_if: bool
    choices: tuple[Choice, ...]
    many: bool
    lines: int
    columns: tuple[str, ...]
    unit: str
    is_rating: bool


@dataclass(frozen=True, slots=True)
class FormTheme:
    """A theme with its questions in the track."""

    id: str
    number: str
    title: str
    why: str
    references: str
    questions: tuple[FormQuestion, ...]


@dataclass(frozen=True, slots=True)
class FormPart:
    """An objective or profile section."""

    id: str
    number: str
    title: str
    label: str
    about: str
    tone: str
    scored: bool
    themes: tuple[FormTheme, ...]


@dataclass(frozen=True, slots=True)
class FormLayer:
    """A layer. One that is not scored says how it is to be read, and has its own levels."""

    title: str
    about: str
    words: tuple[str, ...]
    levels: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class FormContext:
    """Everything on the pages of a blank form."""

    language: str
    direction: str
    title: str
    checklist: str
    version: str
    about: str
    is_draft: bool
    supplement: Supplement | None
    track: str
    running: str
    size: str
    levels: tuple[str, ...]
    level_meanings: tuple[tuple[str, str, str], ...]
    layers: tuple[FormLayer, ...]
    facts: tuple[FormQuestion, ...]
    tones: tuple[tuple[str, str], ...]
    parts: tuple[FormPart, ...]
    digest: str


def form_context(checklist: Checklist, track: Track, supplement: Supplement | None = None) -> FormContext:
    """The form of one track, with the notes of a supplement where one is given.

    Questions with a condition are printed and say that they may not apply.
    """
    supplements = (supplement,) if supplement else ()
    colours = tones(checklist)
    parts = tuple(
        FormPart(
            id=part.id,
            number=number,
            title=part.title,
            label=part.label,
            about=part.about,
            tone=colours[part.id][0],
            scored=part.scored,
            themes=tuple(_theme(below, theme, track, supplements) for below, theme in themes if theme.asked_in(track)),
        )
        for number, part, themes in numbered(checklist)
    )
    kept = tuple(part for part in parts if part.themes)
    questions = sum(len(theme.questions) for part in kept for theme in part.themes)
    return FormContext(
        language=checklist.language,
        direction=direction(checklist.language),
        title=f"{checklist.title} {checklist.version}: blank form, {TRACKS[track].lower()} track",
        checklist=checklist.title,
        version=checklist.version,
        about=checklist.about,
        is_draft=checklist.status is Status.DRAFT,
        supplement=supplement,
        track=TRACKS[track],
        running=f"{checklist.title} {checklist.version} · {TRACKS[track]} track",
        size=f"{counted(questions, 'question', 'questions')}, about {checklist.minutes(track)} minutes",
        levels=tuple(level.label for level in checklist.scale.levels),
        level_meanings=_meanings(checklist.scale),
        layers=tuple(_layer(checklist, layer) for layer in checklist.layers),
        facts=tuple(
            _question(str(place), Question(fact.id, fact.kind, fact.text, Track.SCAN, options=fact.options))
            for place, fact in enumerate(checklist.facts, 1)
        ),
        tones=tuple(sorted(set(colours.values()))),
        parts=kept,
        digest=checklist.digest,
    )


def _layer(checklist: Checklist, layer: Layer) -> FormLayer:
    if layer.scored:
        return FormLayer(layer.title, layer.about, (), ())
    scale = layer_scale(checklist, layer.id)
    words = layer_words(checklist, layer)
    return FormLayer(layer.title, layer.about, words, _meanings(scale) if scale else ())


def _meanings(scale: Scale) -> tuple[tuple[str, str, str], ...]:
    return tuple((str(level.value), level.label, level.meaning) for level in scale.levels)


def _theme(number: str, theme: Theme, track: Track, supplements: tuple[Supplement, ...]) -> FormTheme:
    return FormTheme(
        id=theme.id,
        number=number,
        title=theme.title,
        why=theme.why,
        references=" · ".join(theme.references),
        questions=tuple(
            _question(f"{number}.{place}", question, notes_on(supplements, question.id))
            for place, question in enumerate(theme.asked_in(track), 1)
        ),
    )


def _question(number: str, question: Question, notes: tuple[NoteFor, ...] = ()) -> FormQuestion:
    return FormQuestion(
        number=number,
        text=question.text,
        layer=question.layer.title if question.layer else "",
        guidance=question.guidance,
        notes=notes,
        evidence=question.evidence,
        not_enough=question.not_enough,
        references=" · ".join(question.references),
        only_if=question.ask_if is not None,
        choices=tuple(_choices(question)),
        many=question.kind is Kind.CHOICES,
        lines={Kind.TEXT: 5, Kind.NUMBER: 1}.get(question.kind, 0),
        columns=tuple(column.label for column in question.columns),
        unit=question.unit,
        is_rating=question.is_rating,
    )


def _choices(question: Question) -> list[Choice]:
    if question.kind is Kind.YES_NO:
        return [Choice("Yes"), Choice("No")]
    if question.scale is not None and question.is_rating:
        return [Choice(f"{one.value} {one.label}", question.criterion(one.value)) for one in question.scale.levels]
    return [Choice(option.label) for option in question.options]
