"""The words that reports use for what the domain names, and how dates are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime

from toolkit.domain.assessment import Edition
from toolkit.domain.checklist import NotApplicablePolicy, Rule


@dataclass(frozen=True, slots=True)
class EditionWords:
    """How an edition is named on the cover: its label, who may read it and what it leaves out."""

    id: str
    label: str
    holds: str


EDITIONS = {
    Edition.INTERNAL: EditionWords(
        "internal",
        "Internal edition",
        "For our own use. Holds every answer with its comment and evidence.",
    ),
    Edition.SHARED: EditionWords(
        "shared",
        "Shared edition",
        "For those we share it with. Holds the consolidated answers, reasons and titles of evidence; "
        "no comments, no addresses of evidence, no persons.",
    ),
    Edition.PUBLIC: EditionWords(
        "public",
        "Public edition",
        "For everybody. Holds the levels and scores of themes and objectives; no single answer.",
    ),
}

RULES = {
    Rule.MEAN: "the weighted mean of",
    Rule.SUM: "the weighted sum of points, divided by the sum that was possible, over",
    Rule.MIN: "the lowest of",
}

NOT_APPLICABLE = {
    NotApplicablePolicy.EXCLUDE: "What is not applicable, or outside the mandate, leaves the calculation.",
    NotApplicablePolicy.LOWEST: "What is not applicable counts as the lowest level.",
    NotApplicablePolicy.HIGHEST: "What is not applicable counts as the highest level.",
}

ALTERNATIVES = {
    "every_question_equal": "Every core question counts the same",
    "every_theme_equal": "Every theme counts the same",
    "lowest_objective": "The lowest objective stands for the whole",
    "not_applicable_lowest": "Not applicable counts as the lowest level",
}

LANGUAGES = ("en",)  # those that reports have words in

RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def direction(language: str) -> str:
    """`rtl` or `ltr`, for a language tag."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def date_text(moment: datetime, language: str) -> str:
    """The day, in words: 22 November 2026."""
    return format_datetime(moment.astimezone(UTC), "d MMMM y", locale=_locale(language))


def time_text(moment: datetime, language: str) -> str:
    """The minute, in words: 22 November 2026, 16:05 UTC."""
    return format_datetime(moment.astimezone(UTC), "d MMMM y, HH:mm 'UTC'", locale=_locale(language))


def country_text(code: str, language: str) -> str:
    """The name of a country by its ISO code; the code itself where the language has no name for it."""
    return str(_locale(language).territories.get(code, code)) if code else ""


def listed(names: list[str]) -> str:
    """Several names as one phrase: a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: 1 question, 2 questions."""
    return f"{number} {one if number == 1 else many}"


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
