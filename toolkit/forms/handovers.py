"""Forms of handing over: what to whom, until when; a new day; a note."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from wtforms import BooleanField, DateField, Field, SelectMultipleField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from toolkit.domain.handovers import MAX_NOTE, HandedPart, PartKind
from toolkit.forms.base import CleanText, PlainForm, line


class Day(DateField):
    """A day, as the browser's field for one sends it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take 2026-11-27; anything else is said to be no day."""
        try:
            self.data = date.fromisoformat(valuelist[0].strip()) if valuelist and valuelist[0].strip() else None
        except ValueError:
            self.data = None
            raise ValueError("Write the day as year-month-day, such as 2026-11-27.") from None


def note(label: str) -> TextAreaField:
    """A few words to somebody."""
    too_long = f"Write at most {MAX_NOTE:,} characters."
    return TextAreaField(label, [Optional(), Length(max=MAX_NOTE, message=too_long), CleanText(MAX_NOTE)])


class HandoverForm(PlainForm):
    """What is handed over, to whom, until when."""

    parts = SelectMultipleField("Themes and questions", [InputRequired("Choose at least one theme or question.")])
    to = SelectMultipleField("People")
    name = line("Name", max_chars=200)
    email = line("E-mail address", max_chars=320)
    by_link = BooleanField("Send a personal link instead of an account")
    due_on = Day("Until when?", [Optional()])
    note = note("A note to them")

    def validate_to(self, field: Field) -> None:
        """Somebody must be chosen, from the list or by address."""
        if not field.data and self.newcomer is None:
            raise ValidationError("Choose at least one person.")

    def chosen(self) -> tuple[HandedPart, ...]:
        """The parts that were ticked."""
        found = (value.partition("/") for value in self.parts.data or ())
        return tuple(HandedPart(PartKind(kind), name) for kind, _, name in found)

    @property
    def newcomer(self) -> tuple[str, str] | None:
        """Name and address of somebody who is not in the list."""
        typed = ((self.name.data or "").strip(), (self.email.data or "").strip())
        return typed if any(typed) else None


def handover_form(parts: Iterable[str], people: Iterable[str]) -> HandoverForm:
    """The form with what can be chosen: parts as `theme/<id>` and `question/<id>`, people by id."""
    form = HandoverForm()
    form.parts.choices = [SelectChoice(one, one) for one in parts]
    form.to.choices = [SelectChoice(one, one) for one in people]
    return form


class DueForm(PlainForm):
    """Another day, or none."""

    due_on = Day("Due on", [Optional()])


class NoteForm(PlainForm):
    """A few words."""

    note = note("Note")
