"""The form of acting for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from toolkit.forms.base import PlainForm
from toolkit.forms.handovers import Day


class ActingForm(PlainForm):
    """Who acts for whom, and on which days."""

    lead = SelectField("For whom?")
    person = SelectField("Who acts?")
    first_day = Day("First day", [InputRequired("Choose the first day.")])
    last_day = Day("Last day", [InputRequired("Choose the last day.")])

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of a form that was found valid."""
        return self.first_day.data or date.min, self.last_day.data or date.min


def acting_form(leads: Iterable[tuple[str, str]], people: Iterable[tuple[str, str]]) -> ActingForm:
    """The form with those for whom somebody can act, and those who can, as (id, name)."""
    form = ActingForm()
    form.lead.choices = [SelectChoice(*pair) for pair in leads]
    form.person.choices = [SelectChoice(*pair) for pair in people]
    return form
