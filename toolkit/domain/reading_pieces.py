"""Reading the smaller pieces of a definition: scales, options, number bands, columns, facts, method, bands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

from toolkit.domain.checklist import (
    Band,
    BandNeed,
    Column,
    Fact,
    Kind,
    Layer,
    Level,
    Method,
    NotApplicablePolicy,
    NumberBand,
    Option,
    Rule,
    Scale,
    Thresholds,
)
from toolkit.domain.reading_node import MAX_LABEL, SHORT_NAME, Node

MOST_LEVELS = 20
METHOD = "index/1"


class _Overall(StrEnum):
    """What may be written for the overall figure: a rule, or that there is none."""

    MEAN = "mean"
    SUM = "sum"
    MIN = "min"
    NONE = "none"


def read_scales(root: Node) -> dict[str, Scale]:
    """Every declared scale by its id."""
    scales: dict[str, Scale] = {}
    for node in root.nodes("scales", needed=True, least=1):
        scale = read_scale(node)
        note_repeat(node, "scale", scale.id, scales)
        scales.setdefault(scale.id, scale)
    return scales


def read_scale(node: Node) -> Scale:
    scale_id = node.name(short=True)
    entries = node.nodes("levels", needed=True, least=2)
    levels = [_level(entry) for entry in entries]
    if len(levels) > MOST_LEVELS:
        node.add("levels", f"A scale has at most {MOST_LEVELS} levels.")
    labels: dict[str, None] = {}
    for before, level, entry in zip(levels, levels[1:], entries[1:], strict=False):
        if level.value <= before.value:
            entry.add("value", f"Levels come lowest first: {level.value} cannot follow {before.value}.")
        if None not in (before.points, level.points) and (level.points or 0) < (before.points or 0):
            entry.add("points", "A higher level cannot earn fewer points than a lower one.")
    for level, entry in zip(levels, entries, strict=True):
        note_repeat(entry, "label", level.label, labels, key="label")
        labels.setdefault(level.label)
    full = read_points(node, "levels", entries, [level.points for level in levels])
    node.finish()
    return Scale(scale_id, tuple(levels), full)


def _level(node: Node) -> Level:
    value = node.whole("value", needed=True, least=-100, most=100)
    label = node.text("label", needed=True, max_chars=MAX_LABEL)
    level = Level(value, label, node.text("meaning"), node.exact("points"))
    node.finish()
    return level


def read_points(
    node: Node, key: str, entries: Sequence[Node], points: Sequence[Fraction | None], *, sums: bool = False
) -> Fraction | None:
    """Check that points are on all entries or none and not negative, and read `full`.

    `full` may lie below the highest points only where points are added up (`sums`).
    """
    given = [one for one in points if one is not None]
    full = node.exact("full")
    if not given:
        if node.has("full"):
            node.add("full", f"`full` is what points are divided by; there are no points in `{key}`.")
        return full
    for entry, one in zip(entries, points, strict=False):
        if one is None and not entry.has("points"):
            entry.add("", f"Points are on all of `{key}` or on none; here they are missing.")
        elif one is not None and one < 0:
            entry.add("points", "Points cannot be negative.")
    if max(given) <= 0:
        node.add(key, "At least one of them must earn more than 0 points.")
    if full is not None and (full <= 0 or (full < max(given) and not sums)):
        node.add("full", f"`full` must be at least the highest points, {max(given)}.")
    return full


def read_options(node: Node, *, least: int = 2) -> tuple[tuple[Option, ...], list[Node]]:
    """The options of a choice, with their nodes."""
    entries = node.nodes("options", needed=True, least=least)
    options: dict[str, Option] = {}
    labels: dict[str, None] = {}
    for entry in entries:
        option = Option(
            entry.name(short=True), entry.text("label", needed=True, max_chars=MAX_LABEL), entry.exact("points")
        )
        note_repeat(entry, "option", option.id, options)
        note_repeat(entry, "label", option.label, labels, key="label")
        options.setdefault(option.id, option)
        labels.setdefault(option.label)
        entry.finish()
    return tuple(options.values()), entries


def read_number_bands(node: Node) -> tuple[tuple[NumberBand, ...], list[Node]]:
    """The bands of a number question, lowest first, with their nodes."""
    entries = node.nodes("bands")
    bands: list[NumberBand] = []
    for entry in entries:
        at_least, points = entry.exact("at_least", needed=True), entry.exact("points", needed=True)
        entry.finish()
        if at_least is None or points is None:
            continue
        if bands and at_least <= bands[-1].at_least:
            entry.add("at_least", "Bands come lowest first, each beginning above the one before.")
        bands.append(NumberBand(at_least, points))
    return tuple(bands), entries


def read_columns(node: Node) -> tuple[Column, ...]:
    """The columns of a table question."""
    columns: dict[str, Column] = {}
    for entry in node.nodes("columns", needed=True, least=1):
        kind = entry.one_of("kind", Kind, default=Kind.TEXT, only=(Kind.TEXT, Kind.NUMBER))
        column = Column(
            entry.name(short=True), entry.text("label", needed=True, max_chars=MAX_LABEL), kind or Kind.TEXT
        )
        note_repeat(entry, "column", column.id, columns)
        columns.setdefault(column.id, column)
        entry.finish()
    return tuple(columns.values())


def read_facts(root: Node) -> dict[str, Fact]:
    """The facts about the subject, by id."""
    facts: dict[str, Fact] = {}
    for node in root.nodes("facts"):
        kind = node.one_of("kind", Kind, only=(Kind.YES_NO, Kind.CHOICE, Kind.NUMBER)) or Kind.YES_NO
        options: tuple[Option, ...] = ()
        if kind is Kind.CHOICE:
            options, entries = read_options(node)
            for entry in entries:
                entry.refuse("points", "A fact earns no points.")
        else:
            node.refuse("options", "Only a choice has options.")
        fact = Fact(node.name(short=True), node.text("text", needed=True, max_chars=MAX_LABEL), kind, options)
        note_repeat(node, "fact", fact.id, facts)
        facts.setdefault(fact.id, fact)
        node.finish()
    return facts


def read_tags(root: Node) -> tuple[tuple[str, str], ...]:
    """Tags with their labels, in the order written."""
    node = root.node("tags")
    if node is None:
        return ()
    tags = []
    for key in node.data:
        if not isinstance(key, str) or not re.fullmatch(SHORT_NAME, key, re.ASCII):
            node.add(key, f"`{key}` is not a name for a tag: small letters, digits and underscores.")
            node.known[str(key)] = None
            continue
        tags.append((key, node.text(key, needed=True, max_chars=MAX_LABEL)))
    return tuple(tags)


def read_layers(root: Node) -> dict[str, Layer]:
    """The layers by id, exactly one of them scored; none in a checklist without."""
    layers: dict[str, Layer] = {}
    nodes = root.nodes("layers", least=2)
    for node in nodes:
        layer = Layer(
            node.name(short=True),
            node.text("title", needed=True, max_chars=MAX_LABEL),
            node.text("about"),
            node.flag("scored", needed=True, default=False),
        )
        note_repeat(node, "layer", layer.id, layers)
        layers.setdefault(layer.id, layer)
        node.finish()
    scored = sum(layer.scored for layer in layers.values())
    if len(layers) == len(nodes) > 1 and scored != 1:
        root.add("layers", f"Exactly one layer is scored and carries the index; here it is {scored or 'none'}.")
    return layers


def read_method(root: Node) -> Method:
    """The method, with defaults for whatever is not written."""
    node = root.node("method")
    default = Method()
    if node is None:
        return default
    name = node.text("name", default=METHOD, max_chars=MAX_LABEL)
    if name != METHOD:
        node.add("name", f"The only method is `{METHOD}`.")
    overall = node.one_of("overall", _Overall, default=_Overall.MEAN)
    method = Method(
        METHOD,
        node.one_of("theme", Rule, default=default.theme) or default.theme,
        node.one_of("objective", Rule, default=default.objective) or default.objective,
        None if overall is _Overall.NONE else Rule(overall or _Overall.MEAN),
        node.one_of("not_applicable", NotApplicablePolicy, default=default.not_applicable) or default.not_applicable,
        _thresholds(node.node("thresholds")),
    )
    node.finish()
    return method


def _thresholds(node: Node | None) -> Thresholds:
    if node is None:
        return Thresholds()
    found = {}
    for key in ("coverage", "objective_coverage", "range_width", "set_aside", "low_objective"):
        percent = node.exact(key)
        if percent is None:
            continue
        if not 0 <= percent <= 100:
            node.add(key, "A threshold is from 0 to 100 (per cent, or points).")
        found[key] = percent / 100
    node.finish()
    return Thresholds(**found)


def read_bands(root: Node, scale: Scale | None) -> tuple[Band, ...]:
    """The bands of the profile, highest first."""
    values = {level.value for level in scale.levels} if scale else set()
    nodes = root.nodes("bands")
    bands: dict[str, Band] = {}
    for index, node in enumerate(nodes):
        band = Band(
            node.name(short=True),
            node.text("label", needed=True, max_chars=MAX_LABEL),
            node.text("meaning", needed=True),
            tuple(_band_need(need, values) for need in node.nodes("needs")),
            node.whole("none_at", least=-100, most=100) if node.has("none_at") else None,
        )
        if band.none_at is not None and values and band.none_at not in values:
            node.add("none_at", f"The profile's scale has no level {band.none_at}.")
        if not band.needs and band.none_at is None and index < len(nodes) - 1:
            node.add("", "A band without a rule always holds, so those after it are never reached; put it last.")
        note_repeat(node, "band", band.id, bands)
        bands.setdefault(band.id, band)
        node.finish()
    return tuple(bands.values())


def _band_need(node: Node, values: set[int]) -> BandNeed:
    share = node.exact("share", needed=True)
    if share is not None and not 0 < share <= 1:
        node.add("share", 'A share is above 0 and at most 1, such as "3/4".')
    level = node.whole("level", needed=True, least=-100, most=100)
    if values and level not in values:
        node.add("level", f"The profile's scale has no level {level}.")
    node.finish()
    return BandNeed(share or Fraction(1), level)


def note_repeat(node: Node, what: str, given: str, seen: Mapping[str, object], *, key: str = "id") -> None:
    """Refuse a name or label that is already there."""
    if given and given in seen:
        node.add(key, f"The {what} `{given}` is here twice.")
