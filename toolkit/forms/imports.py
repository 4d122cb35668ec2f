"""The form for bringing an assessment file in."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from toolkit.forms.base import PlainForm


class ImportForm(PlainForm):
    """A file, and the space that it shall belong to."""

    space = SelectField("Whose assessment will it be?")
    file = FileField(
        "Assessment file",
        [
            FileRequired("Choose a file whose name ends in .assessment.json."),
            FileAllowed(["json"], "Choose a file whose name ends in .json."),
        ],
    )


def import_form(spaces: Sequence[tuple[str, str]]) -> ImportForm:
    """The form for somebody who may start assessments in these spaces."""
    form = ImportForm()
    form.space.choices = [SelectChoice(*pair) for pair in spaces]
    return form
