"""What changed from one version to the next outside the questions: parts, themes, scales, facts, method, bands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.domain.checklist import Band, Checklist, Fact, Method, Scale
from toolkit.domain.digests import canonical_definition, definition_data, method_data
from toolkit.domain.lineage_ancestry import Bump, OtherChange

# What says where a version stands and comes from, not what it asks.
IDENTITY = ("version", "status", "follows", "retired")


def structural_changes(older: Checklist, newer: Checklist) -> Iterator[OtherChange]:
    """Every difference outside the questions, with the bump that it is worth."""
    yield from _top(older, newer)
    yield from _method(older.method, newer.method)
    yield from _scale(older.scale, newer.scale)
    yield from _facts(older, newer)
    yield from _layers(older, newer)
    yield from _bands(older, newer)
    yield from _parts(older, newer)
    yield from _themes(older, newer)


def same_content(older: Checklist, newer: Checklist) -> bool:
    """Whether two versions ask exactly the same, in the same order and the same words."""
    return _content(older) == _content(newer)


def _content(checklist: Checklist) -> bytes:
    data = {key: value for key, value in definition_data(checklist).items() if key not in IDENTITY}
    for part in data["parts"]:
        for theme in part["themes"]:
            for question in theme["questions"]:
                question.pop("was", None)
    return canonical_definition(data)


def _differ(path: str, older: Any, newer: Any, bump: Bump) -> Iterator[OtherChange]:
    if older != newer:
        yield OtherChange(path, bump)


def _top(older: Checklist, newer: Checklist) -> Iterator[OtherChange]:
    yield from _differ("language", older.language, newer.language, Bump.MAJOR)
    for name in ("title", "about", "tags"):
        yield from _differ(name, getattr(older, name), getattr(newer, name), Bump.PATCH)


def _method(older: Method, newer: Method) -> Iterator[OtherChange]:
    """Any change of rule, policy or threshold is major: it changes what the same answers come to."""
    before, after = method_data(older), method_data(newer)
    for name in before:
        if name != "thresholds":
            yield from _differ(f"method.{name}", before[name], after[name], Bump.MAJOR)
    for name, value in before["thresholds"].items():
        yield from _differ(f"method.thresholds.{name}", value, after["thresholds"][name], Bump.MAJOR)


def _scale(older: Scale, newer: Scale) -> Iterator[OtherChange]:
    """The profile's scale. Where ratings use it, they differ in meaning as well and say so themselves."""
    before = [(level.value, level.points) for level in older.levels], older.full
    after = [(level.value, level.points) for level in newer.levels], newer.full
    yield from _differ("scale", before, after, Bump.MAJOR)
    if before == after:
        words = [[(level.label, level.meaning) for level in scale.levels] for scale in (older, newer)]
        yield from _differ("scale", words[0], words[1], Bump.PATCH)


def _facts(older: Checklist, newer: Checklist) -> Iterator[OtherChange]:
    before, after = ({fact.id: fact for fact in checklist.facts} for checklist in (older, newer))
    yield from _came_and_went("facts", before, after, came=Bump.MINOR, went=Bump.MAJOR)
    for name in before.keys() & after.keys():
        yield from _differ(f"facts.{name}", _offer(before[name]), _offer(after[name]), Bump.MAJOR)
        if _offer(before[name]) == _offer(after[name]):
            yield from _differ(f"facts.{name}", before[name], after[name], Bump.PATCH)


def _offer(fact: Fact) -> Any:
    return fact.kind, frozenset(option.id for option in fact.options)


def _layers(older: Checklist, newer: Checklist) -> Iterator[OtherChange]:
    """Which layer carries the index, which stand beside it. Questions that changed layer say so themselves."""
    before, after = ({layer.id: layer for layer in checklist.layers} for checklist in (older, newer))
    yield from _came_and_went("layers", before, after, came=Bump.MINOR, went=Bump.MAJOR)
    for name in before.keys() & after.keys():
        old, new = before[name], after[name]
        yield from _differ(f"layers.{name}.scored", old.scored, new.scored, Bump.MAJOR)
        for field in ("title", "about"):
            yield from _differ(f"layers.{name}.{field}", getattr(old, field), getattr(new, field), Bump.PATCH)


def _bands(older: Checklist, newer: Checklist) -> Iterator[OtherChange]:
    def rules(bands: tuple[Band, ...]) -> Any:
        return [(band.id, band.needs, band.none_at) for band in bands]

    yield from _differ("bands", rules(older.bands), rules(newer.bands), Bump.MAJOR)
    if rules(older.bands) == rules(newer.bands):
        yield from _differ("bands", older.bands, newer.bands, Bump.PATCH)


def _parts(older: Checklist, newer: Checklist) -> Iterator[OtherChange]:
    before, after = ({part.id: part for part in checklist.parts} for checklist in (older, newer))
    scored = {part.id for part in (*older.parts, *newer.parts) if part.scored}
    for name in before.keys() ^ after.keys():  # another objective changes the overall mean
        yield OtherChange(f"parts.{name}", Bump.MAJOR if name in scored else Bump.MINOR)
    for name in before.keys() & after.keys():
        old, new = before[name], after[name]
        yield from _differ(f"parts.{name}.scored", old.scored, new.scored, Bump.MAJOR)
        for field in ("title", "label", "about"):
            yield from _differ(f"parts.{name}.{field}", getattr(old, field), getattr(new, field), Bump.PATCH)


def _themes(older: Checklist, newer: Checklist) -> Iterator[OtherChange]:
    before, after = ({theme.id: theme for _, theme in checklist.themes()} for checklist in (older, newer))
    yield from _came_and_went("themes", before, after, came=Bump.MINOR, went=Bump.MINOR)
    for name in before.keys() & after.keys():
        old, new = before[name], after[name]
        yield from _differ(f"themes.{name}.weight", old.weight, new.weight, Bump.MAJOR)
        for field in ("title", "why", "also_in", "tags", "references", "related"):
            yield from _differ(f"themes.{name}.{field}", getattr(old, field), getattr(new, field), Bump.PATCH)


def _came_and_went(
    path: str, before: Mapping[str, Any], after: Mapping[str, Any], *, came: Bump, went: Bump
) -> Iterator[OtherChange]:
    for name in after.keys() - before.keys():
        yield OtherChange(f"{path}.{name}", came)
    for name in before.keys() - after.keys():
        yield OtherChange(f"{path}.{name}", went)
