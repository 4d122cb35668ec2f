"""Reminders by e-mail: stopping them by the link in one, and turning them on and off oneself."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from toolkit.forms.assessments import StepForm
from toolkit.services import digests
from toolkit.web.access import ANYONE, SIGNED_IN, requires
from toolkit.web.clock import utc_now
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("reminders", __name__, url_prefix="/reminders")


@bp.get("")
@requires(SIGNED_IN)
def mine() -> ResponseReturnValue:
    """Whether I get reminders."""
    wanted = digests.wants_reminders(signed_in_viewer())
    return render_template("reminders/mine.html", wanted=wanted)


@bp.post("")
@requires(SIGNED_IN)
def choose() -> ResponseReturnValue:
    """Turn my reminders on or off."""
    if StepForm().validate_on_submit():
        wanted = request.form.get("wanted") == "yes"
        digests.set_reminders(signed_in_viewer(), wanted, now=utc_now())
        flash("Reminders are on." if wanted else "Reminders are off.")
    return redirect(url_for(".mine"))


@bp.route("/stop/<token>", methods=["GET", "POST"])
@requires(ANYONE)
def stop(token: str) -> ResponseReturnValue:
    """Stop the reminders of the person whose link this is: looking changes nothing, the button does."""
    digests.person_of(token)
    if request.method == "POST":
        digests.stop_by_link(token, now=utc_now())
    return render_template("reminders/stop.html", stopped=request.method == "POST")
