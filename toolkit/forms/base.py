"""What every form here shares: bounded text, plain messages, problems from the services hung on their fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from toolkit.domain.checking import clean_text
from toolkit.domain.errors import InvalidInput, ToolkitError


class CleanText:
    """Hold a text to the one rule about characters, and give it back in its normal form."""

    def __init__(self, max_chars: int) -> None:
        self.max_chars = max_chars

    def __call__(self, form: Any, field: Field) -> None:
        if field.data:
            try:
                field.data = clean_text(field.data, self.max_chars)
            except ToolkitError as error:
                raise ValidationError(problem_words(error)) from None


def problem_words(error: Exception) -> str:
    """What an error says, without its count of problems where it has just one."""
    if isinstance(error, InvalidInput) and error.problems:
        return " ".join(problem.message for problem in error.problems)
    return str(error)


def line(label: str, *, max_chars: int = 300, needed: str = "") -> StringField:
    """One line of text; `needed` is what to say when it is left out, empty when it may be."""
    checks: list[Any] = [InputRequired(needed)] if needed else []
    return StringField(
        label, [*checks, Length(max=max_chars, message=f"Write at most {max_chars} characters."), CleanText(max_chars)]
    )


class PlainForm(FlaskForm):
    """A form that knows which of its fields need a second look."""

    def problems(self) -> list[tuple[str, str]]:
        """Field id and message, in the order of the page, for the summary on top."""
        return list(_problems(self))

    def hang(self, error: ToolkitError, names: dict[str, str] | None = None) -> None:
        """Put what a service refused beside the fields it names; what fits none goes to the first field."""
        names = names or {}
        fields = list(self)
        if isinstance(error, InvalidInput):
            for problem in error.problems:
                name = names.get(problem.path, problem.path)
                target = self[name] if name in self else fields[0]
                target.errors = [*target.errors, problem.message]
        else:
            fields[0].errors = [*fields[0].errors, str(error)]


def _problems(form: Any) -> Iterator[tuple[str, str]]:
    for field in form:
        for error in field.errors:
            if isinstance(error, str):
                yield field.id, error
