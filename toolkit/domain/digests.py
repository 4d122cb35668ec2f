"""The digest of a checklist: a fingerprint of its structure and source text.

A checklist is written back as the plain data of its definition, without whatever is empty or left at its default,
and hashed. So layout, comments and order of keys do not matter, nor does the status: a draft and its published twin
have the same digest, and a field added to the format later changes no digest of a checklist that does not use it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from toolkit.domain.checklist import (
    AllOf,
    AnyOf,
    Band,
    Checklist,
    Compare,
    Condition,
    Fact,
    Layer,
    Method,
    Option,
    Part,
    Question,
    Scale,
    Theme,
    usual_weight,
)

Plain = dict[str, Any]
NO_OVERALL = "none"  # what a definition writes for no overall figure


def checklist_digest(checklist: Checklist) -> str:
    """The SHA-256 of structure and source text, as 64 hex digits."""
    data = definition_data(checklist)
    del data["status"]
    return hashlib.sha256(canonical_definition(data)).hexdigest()


def canonical_definition(data: Plain) -> bytes:
    """Plain data as JSON with sorted keys, without spaces, in UTF-8: the same bytes for the same content."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def text_digest(text: str) -> str:
    """The fingerprint of one text, by which a translation knows its source: 16 hex digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def definition_data(checklist: Checklist) -> Plain:
    """The checklist as the plain data that `read_checklist` makes it from, JSON all through.

    Closing questions are left out: they follow from `improvement`. Scales come in the order of first use, the
    profile's first.
    """
    scales = {checklist.scale.id: checklist.scale}
    for _, _, question in checklist.questions():
        if question.scale is not None:
            scales.setdefault(question.scale.id, question.scale)
    return _without_empty(
        {
            "format": 1,
            "id": checklist.id,
            "version": checklist.version,
            "status": str(checklist.status),
            "language": checklist.language,
            "title": checklist.title,
            "about": checklist.about,
            "follows": checklist.follows,
            "scale": checklist.scale.id,
            "scales": [scale_data(scale) for scale in scales.values()],
            "facts": [_fact(fact) for fact in checklist.facts],
            "tags": dict(checklist.tags),
            "layers": [_layer(layer) for layer in checklist.layers],
            "method": method_data(checklist.method),
            "bands": [band_data(band) for band in checklist.bands],
            "improvement": checklist.improvement,
            "parts": [_part(part, checklist) for part in checklist.parts],
            "retired": [{"id": one.id, "because": one.because} for one in checklist.retired],
        }
    )


def exact_text(number: Fraction | None) -> int | str | None:
    """An exact number as a definition writes it: 3, "3/4"."""
    if number is None:
        return None
    return number.numerator if number.denominator == 1 else f"{number.numerator}/{number.denominator}"


def _without_empty(data: Plain) -> Plain:
    """Without what is empty; 0 and false stay, since they are said on purpose."""
    return {key: value for key, value in data.items() if value is not None and value not in ("", [], {}, ())}


def scale_data(scale: Scale) -> Plain:
    """A scale with its levels."""
    levels = [
        _without_empty(
            {
                "value": level.value,
                "label": level.label,
                "meaning": level.meaning,
                "points": exact_text(level.points),
            }
        )
        for level in scale.levels
    ]
    return _without_empty({"id": scale.id, "levels": levels, "full": exact_text(scale.full)})


def options_data(options: Sequence[Option]) -> list[Plain]:
    """Options with their points."""
    return [
        _without_empty({"id": option.id, "label": option.label, "points": exact_text(option.points)})
        for option in options
    ]


def _fact(fact: Fact) -> Plain:
    return _without_empty(
        {"id": fact.id, "kind": str(fact.kind), "text": fact.text, "options": options_data(fact.options)}
    )


def _layer(layer: Layer) -> Plain:
    return _without_empty({"id": layer.id, "title": layer.title, "about": layer.about, "scored": layer.scored})


def method_data(method: Method) -> Plain:
    """The method in full: its defaults are part of what a version promises."""
    thresholds = method.thresholds
    return {
        "name": method.name,
        "theme": str(method.theme),
        "objective": str(method.objective),
        "overall": str(method.overall or NO_OVERALL),
        "not_applicable": str(method.not_applicable),
        "thresholds": {
            "coverage": exact_text(thresholds.coverage * 100),
            "objective_coverage": exact_text(thresholds.objective_coverage * 100),
            "range_width": exact_text(thresholds.range_width * 100),
            "set_aside": exact_text(thresholds.set_aside * 100),
            "low_objective": exact_text(thresholds.low_objective * 100),
        },
    }


def band_data(band: Band) -> Plain:
    """A band with its rule."""
    needs = [{"share": exact_text(need.share), "level": need.level} for need in band.needs]
    return _without_empty(
        {"id": band.id, "label": band.label, "meaning": band.meaning, "needs": needs, "none_at": band.none_at}
    )


def _part(part: Part, checklist: Checklist) -> Plain:
    return _without_empty(
        {
            "id": part.id,
            "scored": None if part.scored else False,
            "label": part.label,
            "title": part.title,
            "about": part.about,
            "themes": [_theme(theme, checklist) for theme in part.themes],
        }
    )


def _theme(theme: Theme, checklist: Checklist) -> Plain:
    return _without_empty(
        {
            "id": theme.id,
            "title": theme.title,
            "why": theme.why,
            "weight": _unless(theme.weight, Fraction(1)),
            "also_in": list(theme.also_in),
            "tags": list(theme.tags),
            "references": list(theme.references),
            "related": list(theme.related),
            "questions": [
                question_data(question, checklist.scale) for question in theme.questions if not question.is_improvement
            ],
        }
    )


def question_data(question: Question, profile_scale: Scale | None = None) -> Plain:
    """One question; its scale is named only where it is not the profile's."""
    usual = usual_weight(question.kind, question.layer)
    scale = question.scale.id if question.scale is not None and question.scale != profile_scale else None
    return _without_empty(
        {
            "id": question.id,
            "kind": str(question.kind),
            "text": question.text,
            "layer": question.layer.id if question.layer is not None else None,
            "track": str(question.track),
            "weight": _unless(question.weight, usual),
            "minutes": question.minutes or None,
            "ask_if": condition_data(question.ask_if) if question.ask_if is not None else None,
            "guidance": question.guidance,
            "evidence": question.evidence,
            "not_enough": question.not_enough,
            "scale": scale,
            "criteria": {str(one.level): one.text for one in question.criteria},
            "advice": {str(one.level): one.text for one in question.advice},
            "options": options_data(question.options),
            "full": exact_text(question.full),
            "bands": [
                {"at_least": exact_text(band.at_least), "points": exact_text(band.points)} for band in question.bands
            ],
            "unit": question.unit,
            "minimum": exact_text(question.minimum),
            "maximum": exact_text(question.maximum),
            "columns": [
                {"id": column.id, "label": column.label, "kind": str(column.kind)} for column in question.columns
            ],
            "tags": list(question.tags),
            "references": list(question.references),
            "was": _was(question),
        }
    )


def _unless(number: Fraction, usual: Fraction) -> int | str | None:
    return None if number == usual else exact_text(number)


def _was(question: Question) -> Plain | None:
    if question.was is None:
        return None
    was = question.was
    return _without_empty({"change": str(was.change), "questions": list(was.questions), "because": was.because})


def condition_data(condition: Condition) -> Plain:
    """A condition as a definition writes it."""
    if isinstance(condition, Compare):
        values = [exact_text(value) if isinstance(value, Fraction) else value for value in condition.values]
        key = "fact" if condition.source.is_fact else "question"
        return {key: condition.source.id, str(condition.test): values if condition.test == "any_of" else values[0]}
    if isinstance(condition, AllOf):
        return {"all": [condition_data(inner) for inner in condition.conditions]}
    if isinstance(condition, AnyOf):
        return {"any": [condition_data(inner) for inner in condition.conditions]}
    return {"not": condition_data(condition.condition)}
