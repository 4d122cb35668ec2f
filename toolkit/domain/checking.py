"""What is wrong with an answer, what is missing, and the one rule about text, for every way in.

*Wrong* is not stored. *Missing* is stored and stands in the way of review and submission.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from urllib.parse import urlsplit

from toolkit.domain.answers import UNANSWERED, Answer, AnswerState, Evidence, Value
from toolkit.domain.checklist import Kind, Question, QuestionId
from toolkit.domain.errors import ToolkitError


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of everything is taken. Texts are counted in characters, after cleaning."""

    text: int = 10_000
    reason: int = 2_000
    comment: int = 10_000
    evidence_title: int = 300
    url: int = 2_000
    evidence_per_answer: int = 20
    table_rows: int = 50
    cell: int = 500
    number_digits: int = 30


LIMITS = Limits()


class ProblemKind(StrEnum):
    """Whether an answer cannot be stored, or can be but is not complete."""

    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """One thing that is the matter with the answer to one question; `message` says what to do."""

    question: QuestionId
    kind: ProblemKind
    message: str


# --- text -----------------------------------------------------------------------------------------


class UnsuitableText(ToolkitError):
    """Text that could not be stored, shown or exported; str() says what to change."""


def clean_text(text: str, max_chars: int) -> str:
    """The text as it is stored: composed (NFC), with line feeds for line ends. Nothing is cut or dropped.

    Raises UnsuitableText for characters that some database, PDF or spreadsheet cannot hold (control characters other
    than tab and line feed, halves of a pair, characters that Unicode reserves for programs), and for text longer
    than `max_chars`.
    """
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _UNSUITABLE.search(clean)
    if found:
        place = f"Character {found.start() + 1} (U+{ord(found.group()):04X})"
        raise UnsuitableText(f"{place} cannot be kept. Delete it, or type the text anew.")
    clean = unicodedata.normalize("NFC", clean)
    if len(clean) > max_chars:
        raise UnsuitableText(f"This has {len(clean):,} characters; at most {max_chars:,} fit. Shorten it.")
    return clean


def _unsuitable() -> re.Pattern[str]:
    """Controls but tab and line feed, surrogates, and the 66 noncharacters."""
    planes = "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
    return re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{planes}]")


_UNSUITABLE = _unsuitable()


# --- answers --------------------------------------------------------------------------------------


def check(questions: Iterable[Question], answers: Mapping[QuestionId, Answer]) -> tuple[AnswerProblem, ...]:
    """What is wrong or missing in the answers to these questions, in their order.

    Hand over the questions that are asked (`toolkit.domain.routing`); answers to any others are not looked at. Missing
    are an answer (the closing text of a theme may stay empty), and the reason of one that is not applicable.
    """
    return tuple(problem for question in questions for problem in _checked(question, answers.get(question.id)))


def _checked(question: Question, given: Answer | None) -> Iterator[AnswerProblem]:
    answer = given or UNANSWERED
    wrong = [*_value(question, answer), *_surroundings(answer)]
    for message in wrong:
        yield AnswerProblem(question.id, ProblemKind.WRONG, message)
    if not wrong and not question.is_improvement and (message := _missing(answer)):
        yield AnswerProblem(question.id, ProblemKind.MISSING, message)


def _missing(answer: Answer) -> str:
    if answer.counted_state is not AnswerState.UNANSWERED:
        return ""
    if answer.state is AnswerState.NOT_APPLICABLE:
        return "Say why it is not applicable. Until then it counts as unanswered."
    return "There is no answer yet. If nobody knows, answer “don’t know”."


def _value(question: Question, answer: Answer) -> Iterator[str]:
    if answer.state is AnswerState.NOT_ASKED:
        yield "“Not asked” follows from other answers; it cannot be given."
    elif answer.value is not None and answer.state is not AnswerState.ANSWERED:
        yield "There is a value, and also the word that there is none. Keep one of the two."
    elif answer.value is not None:
        yield from _BY_KIND[question.kind](question, answer.value)


def _surroundings(answer: Answer) -> Iterator[str]:
    yield from _unclean("The reason", answer.reason, LIMITS.reason)
    yield from _unclean("The comment", answer.comment, LIMITS.comment)
    if len(answer.evidence) > LIMITS.evidence_per_answer:
        yield f"There are {len(answer.evidence)} pieces of evidence; at most {LIMITS.evidence_per_answer} fit."
    for number, evidence in enumerate(answer.evidence, 1):
        yield from _evidence(f"Evidence {number}", evidence)


def _evidence(name: str, evidence: Evidence) -> Iterator[str]:
    if not evidence.title.strip():
        yield f"{name}: Give it a title."
    yield from _unclean(f"{name}: The title", evidence.title, LIMITS.evidence_title)
    yield from _unclean(f"{name}: The address", evidence.url, LIMITS.url)
    if evidence.url and not _is_web_address(evidence.url):
        yield f"{name}: An address begins with https:// or http:// and has no spaces."
    if evidence.sha256 and not re.fullmatch(r"[0-9a-f]{64}", evidence.sha256):
        yield f"{name}: The digest of a file is 64 digits 0-9 and a-f."


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", url)
    except ValueError:
        return False


def _unclean(name: str, text: str, max_chars: int) -> Iterator[str]:
    try:
        clean_text(text, max_chars)
    except UnsuitableText as error:
        yield f"{name}: {error}"


# --- one checker for each kind --------------------------------------------------------------------


def _rating(question: Question, value: Value) -> Iterator[str]:
    levels = [level.value for level in question.scale.levels] if question.scale else []
    if not isinstance(value, int) or isinstance(value, bool) or value not in levels:
        yield f"Choose one of the levels {', '.join(map(str, levels))}."


def _yes_no(_: Question, value: Value) -> Iterator[str]:
    if not isinstance(value, bool):
        yield "Choose yes or no."


def _choice(question: Question, value: Value) -> Iterator[str]:
    if not isinstance(value, str) or value not in _option_ids(question):
        yield "Choose one of the answers on offer."


def _choices(question: Question, value: Value) -> Iterator[str]:
    if not isinstance(value, tuple) or not value or any(one not in _option_ids(question) for one in value):
        yield "Choose one or more of the answers on offer."
    elif len(set(value)) != len(value):
        yield "Choose each answer once."


def _number(question: Question, value: Value) -> Iterator[str]:
    if not isinstance(value, Decimal) or not _is_plain(value):
        yield "Write the number in figures, such as 1250 or 12.5."
        return
    number = Fraction(value)
    unit = f" {question.unit}" if question.unit else ""
    if question.minimum is not None and number < question.minimum:
        yield f"The number is at least {_shown(question.minimum)}{unit}."
    if question.maximum is not None and number > question.maximum:
        yield f"The number is at most {_shown(question.maximum)}{unit}."


def _text(_: Question, value: Value) -> Iterator[str]:
    if not isinstance(value, str) or not value.strip():
        yield "Write your answer as text."
    else:
        yield from _unclean("The answer", value, LIMITS.text)


def _table(question: Question, value: Value) -> Iterator[str]:
    if not isinstance(value, tuple) or not value:
        yield "Fill in at least one row."
        return
    if len(value) > LIMITS.table_rows:
        yield f"There are {len(value)} rows; at most {LIMITS.table_rows} fit."
        return
    for number, row in enumerate(value, 1):
        yield from _row(question, number, row)


def _row(question: Question, number: int, row: object) -> Iterator[str]:
    if not isinstance(row, tuple) or len(row) != len(question.columns) or not all(isinstance(one, str) for one in row):
        yield f"Row {number}: There are {len(question.columns)} columns, each with a text."
        return
    if not any(cell.strip() for cell in row):
        yield f"Row {number}: The row is empty; fill it in or leave it out."
    for column, cell in zip(question.columns, row, strict=True):
        yield from _unclean(f"Row {number}, {column.label}", cell, LIMITS.cell)
        if column.kind is Kind.NUMBER and cell.strip() and not _is_number(cell):
            yield f"Row {number}, {column.label}: Write the number in figures, such as 1250 or 12.5."


_BY_KIND: dict[Kind, Callable[[Question, Value], Iterator[str]]] = {
    Kind.RATING: _rating,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.NUMBER: _number,
    Kind.TEXT: _text,
    Kind.TABLE: _table,
}


def _option_ids(question: Question) -> set[object]:
    return {option.id for option in question.options}


def _is_plain(number: Decimal) -> bool:
    """Finite, and short enough to write out: 1E+999999 is small to send and huge to print."""
    if not number.is_finite():
        return False
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # noqa: S101  # it is a letter only for what is not finite
    return max(len(digits) + max(exponent, 0), -exponent) <= LIMITS.number_digits


def _is_number(text: str) -> bool:
    try:
        return _is_plain(Decimal(text.strip()))
    except InvalidOperation:
        return False


def _shown(number: Fraction) -> str:
    """A bound as people write it: 12.5 where it is a decimal, 1/3 where it is none."""
    if number.denominator == 1:
        return str(number)
    decimal = Decimal(number.numerator) / Decimal(number.denominator)
    return f"{decimal.normalize():f}" if Fraction(decimal) == number else str(number)
