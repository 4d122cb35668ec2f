"""Acting for somebody: who leads in the place of whom, from which day to which."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from toolkit.config import time_zone
from toolkit.domain.access import Permission
from toolkit.domain.errors import InvalidInput
from toolkit.domain.handovers import local_day
from toolkit.forms.acting import ActingForm, acting_form
from toolkit.forms.assessments import StepForm
from toolkit.services import acting, spaces
from toolkit.services.acting import ActingIn
from toolkit.web.access import requires
from toolkit.web.clock import utc_now
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("acting", __name__, url_prefix="/spaces/<uuid:space_id>/acting")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def in_space(space_id: UUID) -> ResponseReturnValue:
    """Who acts for whom, and letting one more person act."""
    viewer, now = signed_in_viewer(), utc_now()
    found = acting.acting_in(space_id, viewer=viewer, now=now)
    form = _form(found)
    if form.validate_on_submit() and _begin(space_id, form):
        return redirect(url_for(".in_space", space_id=space_id))
    page = render_template(
        "people/acting.html",
        space=spaces.space(space_id, viewer=viewer, now=now),
        found=found,
        form=form,
        today=local_day(now, time_zone(current_app.config["TOOLKIT"])),
        zone=current_app.config["TOOLKIT"].text("TIME_ZONE"),
    )
    return page, 422 if form.errors else 200


@bp.post("/<uuid:grant_id>/end")
@requires(Permission.MANAGE_PEOPLE)
def end(space_id: UUID, grant_id: UUID) -> ResponseReturnValue:
    """End it now."""
    if StepForm().validate_on_submit():
        acting.end(space_id, grant_id, viewer=signed_in_viewer(), now=utc_now())
        flash("It has ended. What the person did stays, under their own name.")
    return redirect(url_for(".in_space", space_id=space_id))


def _form(found: ActingIn) -> ActingForm:
    form = acting_form(
        [(str(one), name) for one, name in found.leads], [(str(one), name) for one, name in found.people]
    )
    viewer = str(signed_in_viewer().person_id)
    if not form.is_submitted() and viewer in {str(one) for one, _ in found.leads}:
        form.lead.data = viewer
    return form


def _begin(space_id: UUID, form: ActingForm) -> bool:
    viewer, now = signed_in_viewer(), utc_now()
    first, last = form.days
    try:
        person, lead = UUID(form.person.data), UUID(form.lead.data)
        acting.begin(space_id, person, for_id=lead, first=first, last=last, viewer=viewer, now=now)
    except InvalidInput as error:
        form.hang(error)
        return False
    flash("It is arranged. Both find it in My work, and it ends by itself.")
    return True
