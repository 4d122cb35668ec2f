"""A checklist in another language: texts beside the source, each knowing which source text it renders.

A text is found by a path of permanent names (`questions.youth_strategy.criteria.3`), so that moving a question
moves no translation. Where a text is missing, or its source has changed since, the source text stands in, and the
path says in which language that is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from toolkit.domain.checklist import Checklist, Layer, Option, Part, Question, Scale, Theme
from toolkit.domain.digests import text_digest
from toolkit.domain.errors import InvalidInput
from toolkit.domain.reading import LANGUAGE, VERSION
from toolkit.domain.reading_node import MAX_TEXT, NAME, Node, Problems, as_node, hint

Render = Callable[[str, str], str]  # path and source text to the text that stands there
FINGERPRINT = r"[0-9a-f]{16}"


class TextStatus(StrEnum):
    """How far a translated text can be relied on. An outdated one is not shown."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True)
class TranslatedText:
    """One text in another language. `source` is the fingerprint of the text that it renders."""

    text: str
    source: str
    status: TextStatus = TextStatus.DRAFT


@dataclass(frozen=True)
class Translation:
    """One checklist version in one language. `digest` is the SHA-256 of its content, as 64 hex digits."""

    checklist_id: str
    version: str
    language: str
    revision: int
    texts: Mapping[str, TranslatedText]
    digest: str


@dataclass(frozen=True)
class Translated:
    """A checklist with its texts in `language`. `fallbacks` gives the language of every text that is not."""

    checklist: Checklist
    language: str
    fallbacks: Mapping[str, str]

    def language_of(self, path: str) -> str:
        """The language of the text at a path, for its `lang` attribute."""
        return self.fallbacks.get(path, self.language)


def read_translation(
    data: Any, checklist: Checklist, *, lines: Mapping[str, int] | None = None, file: str = ""
) -> Translation:
    """The translation of `checklist` that plain data describes.

    A text whose fingerprint is not that of its source is read as outdated. Raises InvalidInput with every problem:
    another checklist or version, the source's own language, a path that the checklist does not have.
    """
    problems = Problems(lines, file)
    root = as_node(data, "", problems)
    translation = _read(root, checklist) if root else None
    if problems.found or translation is None:
        raise InvalidInput(file or "The translation", tuple(problems.found))
    return translation


def _read(root: Node, checklist: Checklist) -> Translation:
    if root.whole("format", default=1, needed=True) != 1:
        root.add("format", "This program reads format 1.")
    checklist_id = root.matching("checklist", NAME, "the name of a checklist")
    version = root.matching("version", VERSION, 'a version of three numbers such as "2.0.0"')
    language = root.matching("language", LANGUAGE, "a language code such as fr or zh-Hans")
    if (checklist_id, version) != (checklist.id, checklist.version):
        root.add("checklist", f"This translates {checklist_id} {version}, not {checklist.id} {checklist.version}.")
    if language == checklist.language:
        root.add("language", f"The checklist itself is in {language}.")
    revision = root.whole("revision", default=1, least=1, most=100_000, needed=True)
    sources = texts(checklist)
    found: dict[str, TranslatedText] = {}
    entries = root.node("texts", needed=True)
    for path in entries.data if entries else ():
        text = _text(entries, path, sources) if entries else None
        if text is not None:
            found[path] = text
    root.finish()
    content = {path: [one.text, one.source, str(one.status)] for path, one in found.items()}
    whole = json.dumps([checklist_id, version, language, revision, content], ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(whole.encode("utf-8")).hexdigest()
    return Translation(checklist_id, version, language, revision, found, digest)


def _text(entries: Node, path: Any, sources: Mapping[str, str]) -> TranslatedText | None:
    if path not in sources:
        entries.add(path, f"The checklist has no text `{path}`.{hint(path, list(sources))}")
        return None
    node = entries.node(path)
    if node is None:
        return None
    text = node.text("text", needed=True, max_chars=MAX_TEXT)
    source = node.matching("source", FINGERPRINT, "a fingerprint of 16 hex digits")
    status = node.one_of("status", TextStatus) or TextStatus.DRAFT
    node.finish()
    if re.fullmatch(FINGERPRINT, source) and source != text_digest(sources[path]):
        status = TextStatus.OUTDATED
    return TranslatedText(text, source, status)


def translated(checklist: Checklist, translation: Translation) -> Translated:
    """The checklist in the translation's language, and which texts fell back to the source.

    Structure, names and digest stay those of the source: what is scored does not depend on the language.
    """
    fallbacks: dict[str, str] = {}

    def render(path: str, source: str) -> str:
        found = translation.texts.get(path)
        if found is not None and found.status is not TextStatus.OUTDATED and found.source == text_digest(source):
            return found.text
        fallbacks[path] = checklist.language
        return source

    rendered = replace(map_texts(checklist, render), language=translation.language)
    return Translated(rendered, translation.language, fallbacks)


def texts(checklist: Checklist) -> dict[str, str]:
    """Every text that a translation may render, by its path, in the order of the checklist."""
    found: dict[str, str] = {}

    def note(path: str, text: str) -> str:
        found[path] = text
        return text

    map_texts(checklist, note)
    return found


def map_texts(checklist: Checklist, render: Render) -> Checklist:
    """The checklist with every text put through `render`. Empty texts are not translated."""

    def put(path: str, text: str) -> str:
        return render(path, text) if text else text

    scales: dict[str, Scale] = {}

    def scale_of(scale: Scale) -> Scale:
        if scale.id not in scales:
            scales[scale.id] = _scale(scale, put)
        return scales[scale.id]

    layers = {layer.id: _layer(layer, put) for layer in checklist.layers}

    def layer_of(layer: Layer) -> Layer:
        return layers[layer.id]

    return replace(
        checklist,
        title=put("title", checklist.title),
        about=put("about", checklist.about),
        improvement=put("improvement", checklist.improvement),
        scale=scale_of(checklist.scale),
        facts=tuple(
            replace(
                fact,
                text=put(f"facts.{fact.id}.text", fact.text),
                options=_options(f"facts.{fact.id}", fact.options, put),
            )
            for fact in checklist.facts
        ),
        tags=tuple((name, put(f"tags.{name}", label)) for name, label in checklist.tags),
        bands=tuple(
            replace(
                band,
                label=put(f"bands.{band.id}.label", band.label),
                meaning=put(f"bands.{band.id}.meaning", band.meaning),
            )
            for band in checklist.bands
        ),
        layers=tuple(layers.values()),
        parts=tuple(_part(part, put, scale_of, layer_of) for part in checklist.parts),
    )


def _scale(scale: Scale, put: Render) -> Scale:
    def at(value: int) -> str:
        return f"scales.{scale.id}.{value}"

    return replace(
        scale,
        levels=tuple(
            replace(
                level,
                label=put(f"{at(level.value)}.label", level.label),
                meaning=put(f"{at(level.value)}.meaning", level.meaning),
            )
            for level in scale.levels
        ),
    )


def _options(path: str, options: tuple[Option, ...], put: Render) -> tuple[Option, ...]:
    return tuple(replace(option, label=put(f"{path}.options.{option.id}", option.label)) for option in options)


def _layer(layer: Layer, put: Render) -> Layer:
    path = f"layers.{layer.id}"
    return replace(layer, title=put(f"{path}.title", layer.title), about=put(f"{path}.about", layer.about))


def _part(part: Part, put: Render, scale_of: Callable[[Scale], Scale], layer_of: Callable[[Layer], Layer]) -> Part:
    path = f"parts.{part.id}"
    return replace(
        part,
        title=put(f"{path}.title", part.title),
        label=put(f"{path}.label", part.label),
        about=put(f"{path}.about", part.about),
        themes=tuple(_theme(theme, put, scale_of, layer_of) for theme in part.themes),
    )


def _theme(theme: Theme, put: Render, scale_of: Callable[[Scale], Scale], layer_of: Callable[[Layer], Layer]) -> Theme:
    path = f"themes.{theme.id}"
    return replace(
        theme,
        title=put(f"{path}.title", theme.title),
        why=put(f"{path}.why", theme.why),
        questions=tuple(_question(question, put, scale_of, layer_of) for question in theme.questions),
    )


def _question(
    question: Question, put: Render, scale_of: Callable[[Scale], Scale], layer_of: Callable[[Layer], Layer]
) -> Question:
    """A question; a closing question has no text of its own but that of `improvement`."""
    if question.is_improvement:
        return replace(question, text=put("improvement", question.text))
    path = f"questions.{question.id}"
    return replace(
        question,
        text=put(f"{path}.text", question.text),
        guidance=put(f"{path}.guidance", question.guidance),
        evidence=put(f"{path}.evidence", question.evidence),
        not_enough=put(f"{path}.not_enough", question.not_enough),
        unit=put(f"{path}.unit", question.unit),
        criteria=tuple(replace(one, text=put(f"{path}.criteria.{one.level}", one.text)) for one in question.criteria),
        advice=tuple(replace(one, text=put(f"{path}.advice.{one.level}", one.text)) for one in question.advice),
        options=_options(path, question.options, put),
        columns=tuple(replace(one, label=put(f"{path}.columns.{one.id}", one.label)) for one in question.columns),
        scale=scale_of(question.scale) if question.scale is not None else None,
        layer=layer_of(question.layer) if question.layer is not None else None,
    )
