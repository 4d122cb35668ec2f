"""The gallery: every component in every state on one page, in development only."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from wtforms import Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from toolkit.services.assessments import Page
from toolkit.web.access import ANYONE, requires

bp = Blueprint("gallery", __name__)


class Sample(Form):
    """One field of each kind."""

    line = StringField("One line")
    box = TextAreaField("Several lines")
    pick = RadioField("One of two", choices=[SelectChoice("a", "The first"), SelectChoice("b", "The second")])
    country = SelectField("One of many", choices=[SelectChoice("a", "Aland"), SelectChoice("b", "Borduria")])


@dataclass
class Samples:
    """The same form, calm and with complaints."""

    calm: Sample = field(default_factory=lambda: Sample(data={"line": "Some text", "pick": "a"}))
    wrong: Sample = field(default_factory=Sample)


@bp.get("/gallery")
@requires(ANYONE)
def show() -> ResponseReturnValue:
    """Every component in every state."""
    if not (current_app.debug or current_app.testing):
        abort(404)
    samples = Samples()
    for one in samples.wrong:
        one.errors = ["Say what to do."]
        one.id = one.name = f"wrong-{one.name}"
    middle: Page[str] = Page((), 2, 3, 50)
    return render_template("gallery/gallery.html", calm=samples.calm, wrong=samples.wrong, middle=middle)
