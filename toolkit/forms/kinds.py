"""A builder for each kind of question: its fields, how a value is shown in them, and how it is read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import Field, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from toolkit.domain.answers import AnswerState, Value
from toolkit.domain.checking import LIMITS, UnsuitableText, clean_text
from toolkit.domain.checklist import Kind, Question

# What a person may say instead of a value. Option ids start with a letter, so none of them can be one of these.
DONT_KNOW, NOT_APPLICABLE, UNANSWERED, GIVEN = "-dont_know", "-not_applicable", "-unanswered", "-given"
STATE_FOR_PICK = {
    DONT_KNOW: AnswerState.DONT_KNOW,
    NOT_APPLICABLE: AnswerState.NOT_APPLICABLE,
    UNANSWERED: AnswerState.UNANSWERED,
}
PICK_FOR_STATE = {state: pick for pick, state in STATE_FOR_PICK.items()} | {AnswerState.NOT_ASKED: UNANSWERED}
INSTEAD = (
    SelectChoice(DONT_KNOW, "Don’t know"),
    SelectChoice(NOT_APPLICABLE, "Not applicable"),
    SelectChoice(UNANSWERED, "No answer yet"),
)
EMPTY_ROWS = 2


class WrongValue(ValueError):
    """What was typed is no value of this kind; str() says what to do."""


def cleaned(text: str | None, max_chars: int) -> str:
    """A text in the form in which it is kept. Raises WrongValue in words for the writer."""
    try:
        return clean_text(text or "", max_chars)
    except UnsuitableText as error:
        raise WrongValue(str(error)) from None


class TableField(Field):
    """Rows of cells, each in an input of its own; rows without any text are left out."""

    def __init__(self, label: str, columns: int, **given: Any) -> None:
        super().__init__(label, **given)
        self.columns = columns

    def process(self, formdata: Any, data: Any = (), extra_filters: Any = None) -> None:
        """Read every row that was sent; without a form, show what is stored."""
        self.process_errors: list[str] = []
        self.errors = ()
        self.object_data = data
        if formdata is None:
            self.data = tuple(data or ())
            return
        rows = []
        for number in range(LIMITS.table_rows + EMPTY_ROWS):
            row = tuple(formdata.get(f"{self.name}-{number}-{place}", "") for place in range(self.columns))
            if any(cell.strip() for cell in row):
                rows.append(row)
        self.data = tuple(rows)

    @property
    def shown(self) -> tuple[tuple[str, ...], ...]:
        """The rows to draw: those filled in and some to fill."""
        empty = max(EMPTY_ROWS, 3 - len(self.data)) if len(self.data) < LIMITS.table_rows else 0
        return self.data + ((("",) * self.columns,) * empty)


@dataclass(frozen=True, slots=True)
class Builder:
    """How one kind of question meets a form.

    `fields` makes the fields, `shown` turns a stored value into their data, `read` gives the value back from the form
    (None when there is none) or raises WrongValue.
    """

    fields: Callable[[Question], dict[str, Any]]
    shown: Callable[[Value], dict[str, Any]]
    read: Callable[[Any, Question], Value | None]


def _picked(choices: Callable[[Question], list[SelectChoice]]) -> Callable[[Question], dict[str, Any]]:
    def fields(question: Question) -> dict[str, Any]:
        return {"pick": RadioField(question.text, choices=[*choices(question), *INSTEAD], validate_choice=True)}

    return fields


def _typed(field: Callable[[Question], Any]) -> Callable[[Question], dict[str, Any]]:
    def fields(question: Question) -> dict[str, Any]:
        pick = RadioField("Or", choices=[SelectChoice(GIVEN, "As given above"), *INSTEAD[:2]], default=GIVEN)
        return {"value": field(question), "pick": pick}

    return fields


def _levels(question: Question) -> list[SelectChoice]:
    levels = question.scale.levels if question.scale else ()
    return [SelectChoice(str(level.value), level.label) for level in levels]


def _options(question: Question) -> list[SelectChoice]:
    return [SelectChoice(option.id, option.label) for option in question.options]


def _read_number(form: Any, _question: Question) -> Value | None:
    typed = (form.value.data or "").replace(" ", "").replace("\u00a0", "")
    if not typed:
        return None
    try:
        number = Decimal(typed)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(typed) > 30:
        raise WrongValue("Write the number in figures, such as 1250 or 12.5.")
    return number


def _read_choices(form: Any, question: Question) -> Value | None:
    chosen = set(form.value.data or ())
    return tuple(option.id for option in question.options if option.id in chosen) or None


def _read_text(form: Any, _question: Question) -> Value | None:
    text = cleaned(form.value.data, LIMITS.text)
    return text if text.strip() else None


def _read_table(form: Any, _question: Question) -> Value | None:
    return tuple(tuple(cleaned(cell, LIMITS.cell) for cell in row) for row in form.value.data) or None


YES_NO = {"yes": True, "no": False}

BUILDERS: dict[Kind, Builder] = {
    Kind.RATING: Builder(
        _picked(_levels),
        lambda value: {"pick": str(value)},
        lambda form, question: int(form.pick.data),
    ),
    Kind.YES_NO: Builder(
        _picked(lambda question: [SelectChoice("yes", "Yes"), SelectChoice("no", "No")]),
        lambda value: {"pick": "yes" if value else "no"},
        lambda form, question: YES_NO[form.pick.data],
    ),
    Kind.CHOICE: Builder(
        _picked(_options),
        lambda value: {"pick": value},
        lambda form, question: str(form.pick.data),
    ),
    Kind.CHOICES: Builder(
        _typed(lambda question: SelectMultipleField(question.text, choices=_options(question))),
        lambda value: {"value": list(value) if isinstance(value, tuple) else []},
        _read_choices,
    ),
    Kind.NUMBER: Builder(
        _typed(lambda question: StringField(question.text)),
        lambda value: {"value": f"{value:f}" if isinstance(value, Decimal) else str(value)},
        _read_number,
    ),
    Kind.TEXT: Builder(
        _typed(lambda question: TextAreaField(question.text)),
        lambda value: {"value": value},
        _read_text,
    ),
    Kind.TABLE: Builder(
        _typed(lambda question: TableField(question.text, len(question.columns))),
        lambda value: {"value": value},
        _read_table,
    ),
}
