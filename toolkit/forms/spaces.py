"""The form for a new space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from toolkit.domain.access import SpaceKind
from toolkit.forms.base import PlainForm, line


class SpaceForm(PlainForm):
    """An organization's or a country's own area."""

    kind = RadioField("Whose space is it?", default=SpaceKind.ORGANIZATION.value)
    name = line("Name", needed="Enter a name.", max_chars=200)
    organization = SelectField("Organization, if it is in the list")
    own_kind = SelectField("If it is not, what kind of organization is it?", default="")
    country = SelectField("Country, if it is one")
    as_lead = BooleanField("I run the assessments of this space myself", default=True)


def space_form(
    *,
    kinds: Mapping[SpaceKind, str],
    organizations: Sequence[tuple[str, str]],
    organization_kinds: Mapping[str, str],
    countries: Sequence[tuple[str, str]],
) -> SpaceForm:
    """The form with its choices."""
    form = SpaceForm()
    form.kind.choices = [SelectChoice(kind.value, text) for kind, text in kinds.items()]
    form.organization.choices = [SelectChoice("", "Not in the list"), *(SelectChoice(*pair) for pair in organizations)]
    form.own_kind.choices = [
        SelectChoice("", "Not said"),
        *(SelectChoice(*pair) for pair in organization_kinds.items()),
    ]
    form.country.choices = [SelectChoice("", "None"), *(SelectChoice(*pair) for pair in countries)]
    return form
