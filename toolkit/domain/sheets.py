"""A contributor's sheet: one answer as the cells of a row, and the answer back from such cells.

What can be told from the cells is taken; what could mean two things is refused with the name of the cell.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from toolkit.domain.answers import UNANSWERED, Answer, AnswerState, Evidence, Value
from toolkit.domain.checking import LIMITS, UnsuitableText, check, clean_text
from toolkit.domain.checklist import Kind, Question, QuestionId
from toolkit.domain.errors import ToolkitError
from toolkit.domain.sheet_lines import read_lines, written_lines
from toolkit.domain.words import ANSWER_STATES

FORMAT = "decent-work sheet 1"  # stands in the first cell of the sheet with the questions
ABOUT = "decent-work sheet 1, about"  # and of the sheet that says what it belongs to


class Field(StrEnum):
    """The cells of a row that a person fills in."""

    ANSWER = "answer"
    INSTEAD = "instead"
    REASON = "reason"
    COMMENT = "comment"
    EVIDENCE = "evidence"


class CellKind(StrEnum):
    """What a spreadsheet program made of a cell."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "truth"
    DATE = "date"
    FORMULA = "formula"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell; `text` is a number in figures, a truth as TRUE or FALSE. `place` is its name, E7."""

    text: str
    place: str = ""
    kind: CellKind = CellKind.TEXT


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet: the question that it is about, what stood there when it was made, and what stands there.

    `digest` is that of the answer as it was written, `revision` the one that it had. `group` is empty in the row of
    the answer itself; in the notes of a workshop it names the table or group.
    """

    question: QuestionId
    line: int
    revision: int
    digest: str
    cells: Mapping[Field, Cell]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it was read. `about` says what it belongs to; `strays` are filled cells in rows of no question."""

    about: Mapping[str, str]
    rows: tuple[SheetRow, ...]
    strays: tuple[str, ...] = ()


class CellProblem(ToolkitError):
    """A cell that says nothing certain. `place` is its name; str() says what to do."""

    def __init__(self, place: str, message: str) -> None:
        self.place = place
        super().__init__(message)


# --- the choices of a question --------------------------------------------------------------------

INSTEAD = {state: ANSWER_STATES[state] for state in (AnswerState.DONT_KNOW, AnswerState.NOT_APPLICABLE)}
_TRUTHS = {"true": True, "false": False}


def choices_of(question: Question) -> tuple[tuple[Value, str], ...]:
    """What can be chosen, as value and label; labels are unlike each other. Nothing where an answer is typed."""
    if question.scale is not None:
        found: list[tuple[Value, str]] = [(one.value, f"{one.value} {one.label}") for one in question.scale.levels]
    elif question.kind is Kind.YES_NO:
        found = [(True, "Yes"), (False, "No")]
    else:
        found = [(one.id, one.label) for one in question.options]
    plain = [_plain(label) for _, label in found]
    return tuple((value, f"{label} [{value}]" if plain.count(_plain(label)) > 1 else label) for value, label in found)


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


# --- an answer as cells ---------------------------------------------------------------------------


def cells_of(question: Question, answer: Answer) -> dict[Field, str]:
    """What the cells of a row say for an answer. Files of evidence have no cell: they stay on the site."""
    value = answer.value if answer.state is AnswerState.ANSWERED else None
    return {
        Field.ANSWER: "" if value is None else _WRITERS[question.kind](question, value),
        Field.INSTEAD: INSTEAD.get(answer.state, ""),
        Field.REASON: answer.reason,
        Field.COMMENT: answer.comment,
        Field.EVIDENCE: written_lines(_evidence_line(one) for one in answer.evidence if not one.sha256),
    }


def digest_of(question: Question, answer: Answer) -> str:
    """A short digest of what the cells of an answer say: it tells a row that was left alone from one that was changed,
    also where a program wrote 1.5 for 1.50.
    """
    if isinstance(answer.value, Decimal):
        answer = replace(answer, value=Decimal(_figures(answer.value)))
    said = json.dumps([question.id, *cells_of(question, answer).values()], ensure_ascii=True)
    return hashlib.sha256(said.encode("ascii")).hexdigest()[:16]


def says_the_same(question: Question, one: Answer, other: Answer) -> bool:
    """Whether the cells of two answers say the same."""
    return digest_of(question, one) == digest_of(question, other)


def _chosen(question: Question, value: Value) -> str:
    return next((label for one, label in choices_of(question) if one == value), str(value))


def _chosen_several(question: Question, value: Value) -> str:
    several = value if isinstance(value, tuple) else (value,)
    return written_lines([_chosen(question, str(one))] for one in several)


def _number(_: Question, value: Value) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _figures(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _table(_: Question, value: Value) -> str:
    rows = value if isinstance(value, tuple) else ()
    return written_lines([str(cell) for cell in row] for row in rows)


_WRITERS: dict[Kind, Callable[[Question, Value], str]] = {
    Kind.RATING: _chosen,
    Kind.YES_NO: _chosen,
    Kind.CHOICE: _chosen,
    Kind.CHOICES: _chosen_several,
    Kind.NUMBER: _number,
    Kind.TEXT: lambda _, value: str(value),
    Kind.TABLE: _table,
}


def _evidence_line(one: Evidence) -> list[str]:
    """`title | address`; the bar stands also where only a title that holds an address is meant."""
    return [one.title, one.url] if one.url or "://" in one.title else [one.title]


# --- cells as an answer ---------------------------------------------------------------------------


def answer_of(question: Question, cells: Mapping[Field, Cell], standing: Answer = UNANSWERED) -> Answer:
    """The answer that a row gives; files of evidence come from the `standing` one. Raises CellProblem."""
    texts = {field: _text(cells.get(field), limit) for field, limit in _LIMITS.items()}
    said = cells.get(Field.ANSWER)
    value = None if said is None or not said.text.strip() else _read(question, said)
    state = _instead(cells.get(Field.INSTEAD))
    if value is not None and state is not None:
        place, other = cells[Field.ANSWER].place, cells[Field.INSTEAD].place
        raise CellProblem(place, f"There is an answer here, and {other} says that there is none. Keep one of the two.")
    answer = Answer(
        state or (AnswerState.UNANSWERED if value is None else AnswerState.ANSWERED),
        value=value,
        reason=texts[Field.REASON],
        comment=texts[Field.COMMENT],
        evidence=_evidence(cells.get(Field.EVIDENCE), texts[Field.EVIDENCE], standing.evidence),
    )
    for problem in check([question], {question.id: answer}):
        if problem.kind == "wrong":
            raise CellProblem(said.place if said else "", problem.message)
    return answer


_LIMITS = {
    Field.REASON: LIMITS.reason,
    Field.COMMENT: LIMITS.comment,
    Field.EVIDENCE: 32_767,
}
_NOT_PLAIN = {
    CellKind.FORMULA: "This is a formula. Type what it gives, as text.",
    CellKind.ERROR: "The spreadsheet shows an error here. Type the text anew.",
    CellKind.DATE: "The spreadsheet made a date of this. Format the cell as text and type it anew.",
    CellKind.TRUTH: "The spreadsheet made TRUE or FALSE of this. Format the cell as text and type it anew.",
}


def _text(cell: Cell | None, max_chars: int) -> str:
    if cell is None:
        return ""
    if cell.kind in _NOT_PLAIN:
        raise CellProblem(cell.place, _NOT_PLAIN[cell.kind])
    try:
        return clean_text(cell.text, max_chars)
    except UnsuitableText as error:
        raise CellProblem(cell.place, str(error)) from None


def _instead(cell: Cell | None) -> AnswerState | None:
    said = _plain(_text(cell, LIMITS.cell))
    if not said:
        return None
    for state, label in INSTEAD.items():
        if said == _plain(label):
            return state
    wanted = " or ".join(f"“{label}”" for label in INSTEAD.values())
    raise CellProblem(cell.place if cell else "", f"Choose {wanted} here, or leave it empty.")


def _read(question: Question, cell: Cell) -> Value | None:
    if cell.kind is CellKind.TRUTH and question.kind is Kind.YES_NO:
        return _TRUTHS[cell.text.casefold()]
    text = _text(cell, 32_767 if question.kind in _OF_LINES else LIMITS.text)
    return _READERS[question.kind](question, replace(cell, text=text))


def _choose(question: Question, cell: Cell, text: str | None = None) -> Value:
    said = _plain(cell.text if text is None else text)
    for value, label in choices_of(question):
        if said == _plain(label):
            return value
    named = [one.value for one in question.scale.levels if _plain(one.label) == said] if question.scale else []
    if len(named) == 1:
        return named[0]
    for value, _ in choices_of(question):
        if said == str(value) or (question.is_rating and re.fullmatch(rf"{value}\.0*", said)):
            return value
    offered = ", ".join(f"“{label}”" for _, label in choices_of(question))
    raise CellProblem(cell.place, f"“{cell.text.strip()[:80]}” is not on offer. Choose one of {offered}.")


def _choose_several(question: Question, cell: Cell) -> Value:
    lines = [row[0] if len(row) == 1 else " | ".join(row) for row in read_lines(cell.text)]
    chosen = [_choose(question, cell, line) for line in lines]
    return tuple(str(value) for value, _ in choices_of(question) if value in chosen)


def _read_number(_: Question, cell: Cell) -> Value:
    typed = "".join(cell.text.split())
    try:
        number = Decimal(typed)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not typed.isascii() or len(typed) > LIMITS.number_digits + 3:
        raise CellProblem(cell.place, "Write the number in figures, such as 1250 or 12.5.")
    return number


def _read_table(question: Question, cell: Cell) -> Value | None:
    width = len(question.columns)
    rows = []
    for number, row in enumerate(read_lines(cell.text), 1):
        if len(row) > width:
            names = " | ".join(column.label for column in question.columns)
            raise CellProblem(cell.place, f"Line {number} has {len(row)} parts. Write {names}, with a bar between.")
        rows.append(tuple(row) + ("",) * (width - len(row)))
    return tuple(rows) or None


_OF_LINES = frozenset({Kind.TABLE, Kind.CHOICES})
_READERS: dict[Kind, Callable[[Question, Cell], Value | None]] = {
    Kind.RATING: _choose,
    Kind.YES_NO: _choose,
    Kind.CHOICE: _choose,
    Kind.CHOICES: _choose_several,
    Kind.NUMBER: _read_number,
    Kind.TEXT: lambda _, cell: cell.text,
    Kind.TABLE: _read_table,
}


def _evidence(cell: Cell | None, text: str, standing: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The links of the cell and the files that stand; in the order that stands when the links are the same."""
    place = cell.place if cell else ""
    links = tuple(_piece(place, row) for row in read_lines(text))
    if links == tuple(one for one in standing if not one.sha256):
        return standing
    return (*links, *(one for one in standing if one.sha256))


def _piece(place: str, row: list[str]) -> Evidence:
    if len(row) > 2:
        raise CellProblem(place, "Write one piece of evidence a line: its title, a bar (|), its link.")
    title, url = (row[0], row[1]) if len(row) == 2 else _title_and_link(row[0])
    return Evidence(title or url, url)


def _title_and_link(line: str) -> tuple[str, str]:
    """A line without a bar: a link, a title, or a title and the link after it."""
    words = line.split()
    if words and re.match(r"https?://", words[-1]):
        title = line.rstrip()[: -len(words[-1])].rstrip(" \t–—-:")
        return title or words[-1], words[-1]
    return line, ""


# --- the notes of a workshop ----------------------------------------------------------------------


def note_of(question: Question, row: SheetRow) -> str:
    """What one group of a workshop said, in one paragraph of a comment; empty where it said nothing.

    Raises CellProblem. The level of a group is told in words and never counted: the answer is what the room agreed.
    """
    given = answer_of(question, row.cells)
    words = cells_of(question, given)
    said = [words[Field.ANSWER] or words[Field.INSTEAD], *(words[one] for one in (Field.REASON, Field.COMMENT))]
    said += [words[Field.EVIDENCE]]
    texts = [text for text in said if text]
    return f"{row.group}: {'. '.join(texts)}" if texts else ""


def with_notes(answer: Answer, notes: Iterable[str]) -> Answer:
    """An answer with the notes of groups below its comment; those that stand in it already are not repeated."""
    new = [note for note in notes if note and note not in answer.comment]
    return replace(answer, comment="\n\n".join(text for text in (answer.comment, *new) if text)) if new else answer
