"""The forms of a discussion: a message with people who are asked to look, and what the report tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from toolkit.domain.discussions import MAX_MESSAGE, Told
from toolkit.forms.base import CleanText, PlainForm


class MessageForm(PlainForm):
    """What somebody writes."""

    text = TextAreaField("Your message", [InputRequired("Write a message first."), CleanText(MAX_MESSAGE)])
    mention = SelectMultipleField(
        "Ask somebody to look", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), coerce=str
    )

    def asked(self) -> tuple[UUID, ...]:
        """The people who were chosen."""
        return tuple(UUID(one) for one in self.mention.data or ())


class ToldForm(PlainForm):
    """Which edition a discussion goes into."""

    told = RadioField("In the report", choices=[SelectChoice(one.value, one.value) for one in Told])


def message_form(colleagues: Sequence[tuple[UUID, str]]) -> MessageForm:
    """The form with the people who can be asked."""
    form = MessageForm()
    form.mention.choices = [SelectChoice(str(person), name) for person, name in colleagues]
    return form
