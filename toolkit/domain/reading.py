"""Plain data to a Checklist, or every problem at once. The only maker of checklists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from toolkit.domain.checklist import Checklist, Kind, Layer, Part, Question, Retired, Scale, Status, Theme, Track
from toolkit.domain.digests import checklist_digest
from toolkit.domain.errors import InvalidInput
from toolkit.domain.reading_conditions import Around
from toolkit.domain.reading_node import MAX_LABEL, MAX_QUESTION, NAME, Node, Problems, as_node, hint, join
from toolkit.domain.reading_pieces import (
    note_repeat,
    read_bands,
    read_facts,
    read_layers,
    read_method,
    read_scales,
    read_tags,
)
from toolkit.domain.reading_questions import (
    IMPROVE,
    Declared,
    read_question,
    read_references,
    read_related,
    read_tag_names,
)

FORMAT = 1
VERSION = r"(?:0|[1-9][0-9]{0,5})(?:\.(?:0|[1-9][0-9]{0,5})){2}"
LANGUAGE = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
IMPROVEMENT = "How could this outcome be improved?"
IMPROVEMENT_MINUTES = 2
LONGEST_THEME = 60 - len(IMPROVE)


def read_checklist(data: Any, *, lines: Mapping[str, int] | None = None, file: str = "") -> Checklist:
    """The checklist that plain data describes. `lines` gives the line of each path, `file` the name for problems.

    Each theme gets its closing question, `improve_<theme>`. Raises InvalidInput with every problem found, in the
    order of the file.
    """
    problems = Problems(lines, file)
    checklist = _read(data, problems)
    if problems.found or checklist is None:
        found = sorted(problems.found, key=lambda problem: problem.line or 0)
        raise InvalidInput(file or "The checklist", tuple(found))
    return replace(checklist, digest=checklist_digest(checklist))


def version_key(version: str) -> tuple[int, ...]:
    """A version as numbers, to sort by: 1.10.0 comes after 1.9.0."""
    return tuple(int(part) for part in version.split("."))


def _read(data: Any, problems: Problems) -> Checklist | None:
    root = as_node(data, "", problems)
    if root is None:
        return None
    if root.whole("format", default=FORMAT, needed=True) != FORMAT:
        root.add("format", f"This program reads format {FORMAT}.")
    version = root.matching("version", VERSION, 'a version of three numbers such as "2.0.0"')
    status = root.one_of("status", Status) or Status.DRAFT
    scales = read_scales(root)
    scale = _profile_scale(root, scales)
    facts = read_facts(root)
    tags = read_tags(root)
    layers = read_layers(root)
    improvement = root.text("improvement", default=IMPROVEMENT, max_chars=MAX_QUESTION)
    reader = _Parts(root, scales, scale, dict(tags), layers, facts, improvement, published=status is Status.PUBLISHED)
    parts = reader.read()
    checklist = Checklist(
        id=root.name(),
        version=version,
        title=root.text("title", needed=True, max_chars=MAX_LABEL),
        language=root.matching("language", LANGUAGE, "a language code such as en, fr or zh-Hans"),
        status=status,
        parts=parts,
        scale=scale or Scale("none", ()),
        digest="",
        about=root.text("about"),
        follows=_follows(root, version),
        facts=tuple(facts.values()),
        method=read_method(root),
        bands=read_bands(root, scale),
        tags=tags,
        retired=_retired(root, set(reader.question_ids)),
        improvement=improvement,
        layers=tuple(layers.values()),
    )
    _check_layers(root, checklist, reader.places)
    _check_history(root, checklist, reader.places)
    root.finish()
    return checklist


def _profile_scale(root: Node, scales: Mapping[str, Scale]) -> Scale | None:
    name = root.text("scale", needed=True, max_chars=MAX_LABEL)
    if name and name not in scales:
        root.add("scale", f"There is no scale `{name}` under `scales`.{hint(name, list(scales))}")
    return scales.get(name)


def _follows(root: Node, version: str) -> str | None:
    if not root.has("follows"):
        return None
    follows = root.matching("follows", VERSION, 'a version of three numbers such as "1.0.0"')
    if is_version(follows) and is_version(version) and version_key(follows) >= version_key(version):
        root.add("follows", f"A version follows an earlier one; {follows} is not earlier than {version}.")
    return follows or None


def is_version(text: str) -> bool:
    """Whether a text is a version of three numbers."""
    return re.fullmatch(VERSION, text, re.ASCII) is not None


def _retired(root: Node, present: set[str]) -> tuple[Retired, ...]:
    retired: dict[str, Retired] = {}
    for node in root.nodes("retired"):
        one = Retired(node.name(), node.text("because", needed=True))
        if one.id in present:
            node.add("id", f"`{one.id}` is still asked, so it is not retired.")
        note_repeat(node, "retired question", one.id, retired)
        retired.setdefault(one.id, one)
        node.finish()
    return tuple(retired.values())


def _check_layers(root: Node, checklist: Checklist, places: Mapping[str, str]) -> None:
    """Each unscored layer has a profile: core ratings, and one scale for all its ratings."""
    for index, layer in enumerate(checklist.layers):
        if layer.scored:
            continue
        rated = [one for _, _, one in checklist.questions() if one.layer == layer and one.is_rating]
        if not any(one.is_layer_rating for one in rated):
            message = f"No rating in the core or scan track belongs to `{layer.id}`, so it would have no profile."
            root.problems.add(f"layers[{index}].id", message)
        for question in rated:
            if question.scale != rated[0].scale:
                message = f"All ratings of the layer `{layer.id}` have one scale; that of `{rated[0].id}` is another."
                root.problems.add(join(places[question.id], "layer"), message)


def _check_history(root: Node, checklist: Checklist, places: Mapping[str, str]) -> None:
    """`was` and `retired` speak of the version before, so there must be one; nothing is both."""
    gone = {one.id for one in checklist.retired}
    if checklist.follows is None and gone:
        root.add("retired", "`retired` speaks of the version before; name it in `follows`.")
    for _, _, question in checklist.questions():
        if question.was is None:
            continue
        path = join(places[question.id], "was")
        if checklist.follows is None:
            root.problems.add(path, "`was` speaks of the version before; name it in `follows`.")
        for name in question.was.questions:
            if name in gone:
                root.problems.add(path, f"`{name}` is retired below, so nothing can have come from it.")


class _Parts:
    """Reads parts, themes and questions, and checks that names are never used twice."""

    def __init__(
        self,
        root: Node,
        scales: Mapping[str, Scale],
        scale: Scale | None,
        tags: Mapping[str, str],
        layers: Mapping[str, Layer],
        facts: Mapping[str, Any],
        improvement: str,
        *,
        published: bool,
    ) -> None:
        self.root = root
        self.earlier: dict[str, Question | None] = {}
        self.part_ids = list(_names(root.data, "parts"))
        self.question_ids = list(_question_names(root.data))
        self.theme_ids: dict[str, None] = {}
        self.places: dict[str, str] = {}
        self.improvement = improvement
        self.can_score = not layers or any(layer.scored for layer in layers.values())  # else that is told already
        self.declared = Declared(scales, scale, tags, layers, Around(self.earlier, self.question_ids, facts), published)

    def read(self) -> tuple[Part, ...]:
        parts: dict[str, Part] = {}
        for node in self.root.nodes("parts", needed=True, least=1):
            part = self._part(node)
            note_repeat(node, "part", part.id, parts)
            parts.setdefault(part.id, part)
        if parts and not any(part.scored for part in parts.values()):
            self.root.add("parts", "At least one part must be scored.")
        return tuple(parts.values())

    def _part(self, node: Node) -> Part:
        part_id = node.name()
        scored = node.flag("scored", default=True)
        themes = tuple(self._theme(inner, part_id, scored=scored) for inner in node.nodes("themes", needed=True))
        if scored and themes and all(theme.weight == 0 for theme in themes):
            node.add("themes", "At least one theme of a scored part must have a weight above 0.")
        asked = [one for theme in themes for one in theme.questions if not one.is_improvement]
        if not scored and asked and self.can_score and all(one.is_beside_the_index for one in asked):
            node.add("themes", "A profile section needs questions of the scored layer; it may hold others beside them.")
        part = Part(
            part_id,
            node.text("title", needed=True, max_chars=MAX_LABEL),
            themes,
            scored,
            node.text("label", max_chars=MAX_LABEL),
            node.text("about"),
        )
        node.finish()
        return part

    def _theme(self, node: Node, part_id: str, *, scored: bool) -> Theme:
        theme_id = node.name()
        if len(theme_id) > LONGEST_THEME:
            node.add("id", f"The name of a theme has at most {LONGEST_THEME} characters.")
        note_repeat(node, "theme", theme_id, self.theme_ids)
        self.theme_ids.setdefault(theme_id)
        entries = node.nodes("questions", needed=True)
        questions = [self._question(inner) for inner in entries]
        unclear = not self.can_score or any(self.earlier.get(question.id) is None for question in questions)
        if scored and entries and not unclear and not any(question.is_core_rating for question in questions):
            where = " and in the scored layer" if self.declared.layers else ""
            message = f"A theme of a scored part needs a rating in the core or scan track with a weight above 0{where}."
            node.add("questions", message)
        theme = Theme(
            theme_id,
            node.text("title", needed=True, max_chars=MAX_LABEL),
            (*questions, self._closing(theme_id, questions)),
            node.text("why"),
            node.weight(Fraction(1)),
            self._also_in(node, part_id),
            read_tag_names(node, self.declared.tags),
            read_references(node),
            read_related(node, str(self.root.data.get("id", ""))),
        )
        node.finish()
        return theme

    def _question(self, node: Node) -> Question:
        question, usable = read_question(node, self.declared)
        note_repeat(node, "question", question.id, self.earlier)
        self.earlier.setdefault(question.id, question if usable else None)
        self.places.setdefault(question.id, node.path)
        return question

    def _closing(self, theme_id: str, questions: list[Question]) -> Question:
        """The question about improvement: never scored, asked whenever the theme is."""
        tracks = list(Track)
        lowest = min((question.track for question in questions), key=tracks.index, default=Track.FULL)
        return Question(
            id=f"{IMPROVE}{theme_id}",
            kind=Kind.TEXT,
            text=self.improvement,
            track=lowest,
            weight=Fraction(0),
            minutes=IMPROVEMENT_MINUTES,
            is_improvement=True,
        )

    def _also_in(self, node: Node, part_id: str) -> tuple[str, ...]:
        also_in = node.texts("also_in", pattern=NAME, wanted="the name of a part")
        for index, name in enumerate(also_in):
            path = f"{join(node.path, 'also_in')}[{index}]"
            if name == part_id:
                self.root.problems.add(path, f"The theme already stands in `{name}`.")
            elif name not in self.part_ids:
                self.root.problems.add(path, f"There is no part `{name}`.{hint(name, self.part_ids)}")
        return also_in


def _names(data: Any, key: str) -> Iterator[str]:
    for entry in _entries(data, key):
        if isinstance(entry.get("id"), str):
            yield entry["id"]


def _question_names(data: Any) -> Iterator[str]:
    for part in _entries(data, "parts"):
        for theme in _entries(part, "themes"):
            yield from _names(theme, "questions")


def _entries(data: Any, key: str) -> Iterator[Mapping[str, Any]]:
    entries = data.get(key) if isinstance(data, Mapping) else None
    if isinstance(entries, (list, tuple)):
        yield from (entry for entry in entries if isinstance(entry, Mapping))
