"""Forms of leading an assessment: the note for the next round, and handing the lead on."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from toolkit.domain.handovers import MAX_NEXT_NOTE
from toolkit.forms.base import CleanText, PlainForm, line
from toolkit.forms.handovers import note


class NextRoundForm(PlainForm):
    """What the next one should know; `revision` is the one that the writer saw."""

    text = TextAreaField(
        "A note for the next round",
        [
            Optional(),
            Length(max=MAX_NEXT_NOTE, message=f"Write at most {MAX_NEXT_NOTE:,} characters."),
            CleanText(MAX_NEXT_NOTE),
        ],
    )
    revision = HiddenField()

    @property
    def expected_revision(self) -> int:
        """The revision that the writer saw; 0 when what was sent is no number."""
        sent = self.revision.data or ""
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0


class HandOnForm(PlainForm):
    """To whom the lead goes, what they should know, and what becomes of the one before."""

    to = SelectField("To whom?", default="")
    name = line("Name", max_chars=200)
    email = line("E-mail address", max_chars=320)
    whole = BooleanField("Hand on the whole space, with all its assessments")
    note = note("What should they know?")
    stays = RadioField("And you?", choices=[SelectChoice("yes", "I keep reading"), SelectChoice("no", "I leave")])

    def validate_to(self, field: Field) -> None:
        """Somebody must be chosen, from the list or by address."""
        if not field.data and self.newcomer is None:
            raise ValidationError("Choose somebody.")

    @property
    def newcomer(self) -> tuple[str, str] | None:
        """Name and address of somebody who is not in the list."""
        typed = ((self.name.data or "").strip(), (self.email.data or "").strip())
        return typed if any(typed) else None


def hand_on_form(people: Iterable[tuple[str, str]]) -> HandOnForm:
    """The form with those to whom the lead can go, as (id, name)."""
    form = HandOnForm()
    form.to.choices = [SelectChoice("", "Choose"), *(SelectChoice(*pair) for pair in people)]
    if not form.is_submitted():
        form.stays.data = "yes"
    return form
