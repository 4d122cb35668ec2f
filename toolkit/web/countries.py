"""Countries to choose from, by the names that CLDR gives them."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel import Locale

from toolkit.config import PACKAGE
from toolkit.storage.strict_yaml import parse_yaml

COUNTRIES = PACKAGE / "content" / "countries.yaml"


@cache
def countries(language: str = "en") -> tuple[tuple[str, str], ...]:
    """Code and name of every country, by name."""
    data: Any = parse_yaml(COUNTRIES.read_bytes()).data
    names = Locale.parse(language).territories
    return tuple(sorted(((code, names.get(code, code)) for code in data["countries"]), key=lambda pair: pair[1]))


def country_name(code: str, language: str = "en") -> str:
    """The name of a country; the code itself when it is none."""
    return Locale.parse(language).territories.get(code, code) or code
