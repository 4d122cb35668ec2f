"""Reading one question of a definition: its kind decides which keys it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from toolkit.domain.checklist import (
    Advice,
    Change,
    Criterion,
    Kind,
    Layer,
    Option,
    Question,
    Scale,
    Track,
    Was,
    usual_weight,
)
from toolkit.domain.reading_conditions import Around, read_condition
from toolkit.domain.reading_node import MAX_LABEL, MAX_QUESTION, NAME, Node, hint, join, read_text
from toolkit.domain.reading_pieces import read_columns, read_number_bands, read_options, read_points

IMPROVE = "improve_"  # begins the name of each theme's closing question
REFERENCE = r"[A-Za-z0-9][A-Za-z0-9 .:/+()-]{0,79}"
MOST_MINUTES = 240

# The keys that belong to some kinds only.
KINDS_OF: dict[str, tuple[Kind, ...]] = {
    "scale": (Kind.RATING,),
    "criteria": (Kind.RATING,),
    "advice": (Kind.RATING,),
    "options": (Kind.CHOICE, Kind.CHOICES),
    "full": (Kind.CHOICE, Kind.CHOICES, Kind.NUMBER),
    "unit": (Kind.NUMBER,),
    "minimum": (Kind.NUMBER,),
    "maximum": (Kind.NUMBER,),
    "bands": (Kind.NUMBER,),
    "columns": (Kind.TABLE,),
}
CLAIMS = (Change.SAME, Change.REWORDED, Change.REVISED, Change.SPLIT, Change.MERGED, Change.MOVED)


@dataclass(frozen=True)
class Declared:
    """What the top of the definition declares, for questions to refer to."""

    scales: Mapping[str, Scale]
    scale: Scale | None
    tags: Mapping[str, str]
    layers: Mapping[str, Layer]
    around: Around
    published: bool


def read_question(node: Node, declared: Declared) -> tuple[Question, bool]:
    """One question, and whether its kind and track could be read (otherwise nothing can be said about it)."""
    kind = node.one_of("kind", Kind)
    given_track = node.one_of("track", Track)
    track = given_track or Track.FULL
    question_id = node.name()
    if question_id.startswith(IMPROVE):
        node.add(
            "id", f"Names beginning with `{IMPROVE}` belong to the closing questions, which are added by themselves."
        )
    layer = _layer(node, declared.layers)
    around = replace(declared.around, layer=layer)
    condition_node = node.node("ask_if")
    shared: dict[str, Any] = {
        "id": question_id,
        "kind": kind or Kind.TEXT,
        "text": node.text("text", needed=True, max_chars=MAX_QUESTION),
        "track": track,
        "ask_if": read_condition(condition_node, around, track) if condition_node else None,
        "guidance": node.text("guidance"),
        "evidence": node.text("evidence"),
        "not_enough": node.text("not_enough"),
        "tags": read_tag_names(node, declared.tags),
        "references": read_references(node),
        "minutes": node.whole("minutes", most=MOST_MINUTES),
        "was": _was(node, question_id),
        "layer": layer,
    }
    own: dict[str, Any] = {}
    if kind is Kind.RATING:
        own = _rating(node, declared, track)
    elif kind is not None:
        own = _OWN[kind](node)
    weight = _weight(node, kind, layer)
    _refuse_foreign(node, kind)
    node.finish()
    return Question(**shared, **own, weight=weight), kind is not None and given_track is not None


def read_references(node: Node) -> tuple[str, ...]:
    """Instruments and targets, such as C122 or SDG-8.6."""
    return node.texts("references", pattern=REFERENCE, wanted="a reference such as C122 or SDG-8.6")


def read_related(node: Node, checklist: str) -> tuple[str, ...]:
    """Themes of other checklists. Whether they exist is not asked: those are files of their own."""
    wanted = "a theme of another checklist, such as global/youth"
    related = node.texts("related", pattern=f"{NAME}/{NAME}", wanted=wanted)
    for index, name in enumerate(related):
        if name.startswith(f"{checklist}/"):
            message = f"`{name}` is in this checklist; `related` names themes of others."
            node.problems.add(f"{join(node.path, 'related')}[{index}]", message)
    return related


def read_tag_names(node: Node, tags: Mapping[str, str]) -> tuple[str, ...]:
    """Tags, each of them declared at the top of the file."""
    names = node.texts("tags")
    for index, name in enumerate(names):
        if name not in tags:
            message = f"The tag `{name}` is not declared at the top under `tags`.{hint(name, list(tags))}"
            node.problems.add(f"{join(node.path, 'tags')}[{index}]", message)
    return names


def _layer(node: Node, layers: Mapping[str, Layer]) -> Layer | None:
    if not layers:
        node.refuse("layer", "There are no layers at the top under `layers`.")
        return None
    name = node.text("layer", needed=True, max_chars=MAX_LABEL)
    if name and name not in layers:
        node.add("layer", f"There is no layer `{name}` under `layers`.{hint(name, list(layers))}")
    return layers.get(name)


def _weight(node: Node, kind: Kind | None, layer: Layer | None) -> Fraction:
    """A rating weighs 1 unless told otherwise, anything else 0: it is a fact or evidence, or in an unscored layer."""
    weight = node.weight(usual_weight(kind or Kind.TEXT, layer))
    if weight > 0 and kind is not None and kind is not Kind.RATING:
        node.add("weight", f"Only a rating counts in a score; leave the weight of a {kind} question out, or write 0.")
    elif weight > 0 and layer is not None and not layer.scored:
        node.add("weight", "Nothing in an unscored layer counts in a score; leave the weight out, or write 0.")
    return weight


def _refuse_foreign(node: Node, kind: Kind | None) -> None:
    for key, kinds in KINDS_OF.items():
        if kind is None:
            node.has(key)
        elif kind not in kinds:
            owners = " or ".join(str(one) for one in kinds)
            node.refuse(key, f"A {kind} question has no `{key}`; it belongs to {owners}.")


def _rating(node: Node, declared: Declared, track: Track) -> dict[str, Any]:
    scale = declared.scale
    if node.has("scale"):
        name = node.text("scale", max_chars=MAX_LABEL)
        scale = declared.scales.get(name)
        if scale is None and name:
            node.add("scale", f"There is no scale `{name}` under `scales`.{hint(name, list(declared.scales))}")
    criteria = _by_level(node, "criteria", scale)
    advice = _by_level(node, "advice", scale)
    if scale is not None:
        top = scale.levels[-1].value if scale.levels else None
        if top in advice:
            node.problems.add(join(join(node.path, "advice"), top or 0), "Nothing leads on from the highest level.")
        _check_criteria(node, criteria, scale, track, published=declared.published)
    return {
        "scale": scale,
        "criteria": tuple(Criterion(level, text) for level, text in sorted(criteria.items())),
        "advice": tuple(Advice(level, text) for level, text in sorted(advice.items())),
    }


def _by_level(node: Node, key: str, scale: Scale | None) -> dict[int, str]:
    """Texts by level. A level is written as a whole number; text digits are taken too, since JSON has no other keys."""
    inner = node.node(key)
    if inner is None:
        return {}
    values = [level.value for level in scale.levels] if scale else []
    found: dict[int, str] = {}
    for raw in inner.data:
        level = _level_key(raw)
        path = join(inner.path, raw)
        if level is None or (scale is not None and level not in values):
            node.problems.add(
                path, f"`{raw}` is not a level of the scale: {', '.join(map(str, values)) or 'a whole number'}."
            )
        elif level in found:
            node.problems.add(path, f"Level {level} is here twice.")
        else:
            found[level] = read_text(inner.data[raw], path, node.problems)
    if not inner.data:
        node.add(key, "There is nothing here; write it or leave the key out.")
    return found


def _level_key(raw: object) -> int | None:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.removeprefix("-").isdecimal() and raw.isascii() and len(raw) <= 4:
        return int(raw)
    return None


def _check_criteria(node: Node, criteria: Mapping[int, str], scale: Scale, track: Track, *, published: bool) -> None:
    """Every level of a core rating says what places it there; in a published checklist in the question's own words."""
    if not Track.CORE.includes(track):
        return
    lacking = [level for level in scale.levels if level.value not in criteria and (published or not level.meaning)]
    if lacking:
        levels = ", ".join(str(level.value) for level in lacking)
        why = "a published checklist has its own for every level" if published else "nor has the scale a meaning for it"
        node.add("criteria", f"A {track} rating needs a criterion for each level; missing: {levels} ({why}).")


def _nothing(_: Node) -> dict[str, Any]:
    """Yes or no, and text, need no more than the question itself."""
    return {}


def _choice(node: Node) -> dict[str, Any]:
    return _options(node, sums=False)


def _choices(node: Node) -> dict[str, Any]:
    return _options(node, sums=True)


def _options(node: Node, *, sums: bool) -> dict[str, Any]:
    options: tuple[Option, ...]
    options, entries = read_options(node)
    full = read_points(node, "options", entries, [entry.exact("points") for entry in entries], sums=sums)
    return {"options": options, "full": full}


def _number(node: Node) -> dict[str, Any]:
    bands, entries = read_number_bands(node)
    minimum, maximum = node.exact("minimum"), node.exact("maximum")
    if minimum is not None and maximum is not None and minimum >= maximum:
        node.add("maximum", f"The maximum must be above the minimum, {minimum}.")
    full = read_points(node, "bands", entries, [band.points for band in bands])
    unit = node.text("unit", max_chars=60)
    return {"bands": bands, "full": full, "minimum": minimum, "maximum": maximum, "unit": unit}


def _table(node: Node) -> dict[str, Any]:
    return {"columns": read_columns(node)}


_OWN: dict[Kind, Callable[[Node], dict[str, Any]]] = {
    Kind.YES_NO: _nothing,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.NUMBER: _number,
    Kind.TEXT: _nothing,
    Kind.TABLE: _table,
}


def _was(node: Node, question_id: str) -> Was | None:
    inner = node.node("was")
    if inner is None:
        return None
    change = inner.one_of("change", Change, only=CLAIMS)
    questions = inner.texts("questions", pattern=NAME, wanted="the name of a question")
    because = inner.text("because")
    inner.finish()
    if change is None:
        return None
    questions = questions or (question_id,)
    if change is Change.MERGED and len(questions) < 2:
        inner.add("questions", "A merged question names two or more questions of the version before.")
    if change is not Change.MERGED and len(questions) > 1:
        inner.add("questions", f"Only a merged question was several; a question that is {change} was one.")
    return Was(change, questions, because)
