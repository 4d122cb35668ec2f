"""Bringing an assessment file in: choose it, look at what it would bring, then make a draft of it."""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.access import Permission
from toolkit.domain.errors import InvalidInput
from toolkit.forms.imports import ImportForm, import_form
from toolkit.services import imports, spaces
from toolkit.web.access import requires
from toolkit.web.clock import utc_now
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("imports", __name__, url_prefix="/import")
MAX_FILE_BYTES = 2 * 1024 * 1024


def _form() -> ImportForm:
    found = spaces.spaces_for(signed_in_viewer(), now=utc_now())
    return import_form([(str(one.id), one.name) for one in found if Permission.START_ASSESSMENT in one.permissions])


@bp.get("")
@requires(Permission.START_ASSESSMENT)
def choose() -> ResponseReturnValue:
    """Choose a file."""
    return render_template("imports/choose.html", form=_form())


@bp.post("")
@requires(Permission.START_ASSESSMENT)
def preview() -> ResponseReturnValue:
    """Show what a file would bring, without keeping anything."""
    form = _form()
    if not form.validate_on_submit():
        return render_template("imports/choose.html", form=form), 422
    raw = form.file.data.read(MAX_FILE_BYTES + 1)
    try:
        found = imports.preview(raw, space_id=UUID(form.space.data), viewer=signed_in_viewer(), now=utc_now())
    except InvalidInput as error:
        return render_template("imports/choose.html", form=form, refused=error), 422
    sent = base64.b64encode(raw).decode("ascii")
    return render_template("imports/preview.html", form=form, preview=found, sent=sent)


@bp.post("/keep")
@requires(Permission.START_ASSESSMENT)
def keep() -> ResponseReturnValue:
    """Make a draft of the file that was looked at."""
    try:
        raw = base64.b64decode(request.form.get("sent", ""), validate=True)
        space_id = UUID(request.form.get("space", ""))
    except (binascii.Error, ValueError):
        abort(400)
    made = imports.import_assessment(raw, space_id=space_id, viewer=signed_in_viewer(), now=utc_now())
    flash("Imported as a draft. Look it over before you go on.")
    return redirect(url_for("assessments.overview", assessment_id=made))
