"""A score card as the text that is stored with a submission, and back, exact to the last digit."""

from __future__ import annotations

import json
import types
import typing
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

from toolkit.domain.scorecard import ScoreCard


def card_text(card: ScoreCard) -> str:
    """The whole card as JSON; a fraction is the text `23/32`."""
    return json.dumps(_write(card), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_card(text: str) -> ScoreCard:
    """The card that was stored. A field that came later has its default."""
    card: ScoreCard = _read(json.loads(text), ScoreCard)
    return card


def _write(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {field.name: _write(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_write(one) for one in value]
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _read(data: Any, kind: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in {typing.Union, types.UnionType}:
        if data is None:
            return None
        (kind,) = (one for one in typing.get_args(kind) if one is not types.NoneType)
        return _read(data, kind)
    if origin is tuple:
        inner = typing.get_args(kind)
        if inner[-1] is Ellipsis:
            return tuple(_read(one, inner[0]) for one in data)
        return tuple(_read(one, each) for one, each in zip(data, inner, strict=True))
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{name: _read(value, hints[name]) for name, value in data.items() if name in hints})
    if kind is Fraction or (isinstance(kind, type) and issubclass(kind, Enum)):
        return kind(data)
    return data
