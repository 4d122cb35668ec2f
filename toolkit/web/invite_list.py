"""Inviting many at once: paste or choose a list, look at what each line would do, then invite. And the messages."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.access import Permission, Role
from toolkit.domain.errors import InvalidInput
from toolkit.forms.accounts import InviteListForm, invite_list_form
from toolkit.services import invite_list, letters_sent, listing, spaces
from toolkit.services.invite_list import InviteTo
from toolkit.web import words
from toolkit.web.access import SIGNED_IN, requires
from toolkit.web.clock import utc_now
from toolkit.web.people import SPACE_ROLES
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("invite_list", __name__)


@bp.get("/spaces/<uuid:space_id>/people/list")
@requires(Permission.MANAGE_PEOPLE)
def choose(space_id: UUID) -> ResponseReturnValue:
    """Paste a list or choose a file."""
    return _page(space_id, _form(space_id))


@bp.post("/spaces/<uuid:space_id>/people/list")
@requires(Permission.MANAGE_PEOPLE)
def preview(space_id: UUID) -> ResponseReturnValue:
    """Say what each line would do; nothing is kept."""
    form = _form(space_id)
    if not form.validate_on_submit():
        return _page(space_id, form, 422)
    try:
        upload = form.file.data
        raw = upload.read(invite_list.MAX_BYTES + 1) if upload else b""
        text = invite_list.decode(raw or (form.text.data or "").encode("utf-8", "replace"))
        found = invite_list.preview(text, _to(space_id, form), viewer=signed_in_viewer(), now=utc_now())
    except InvalidInput as error:
        form.hang(error, {"list": "text"})
        return _page(space_id, form, 422)
    space = spaces.space(space_id, viewer=signed_in_viewer(), now=utc_now())
    return render_template("people/list_preview.html", space=space, form=form, preview=found, text=text)


@bp.post("/spaces/<uuid:space_id>/people/list/keep")
@requires(Permission.MANAGE_PEOPLE)
def keep(space_id: UUID) -> ResponseReturnValue:
    """Invite those whose lines are good."""
    form = _form(space_id)
    if not form.validate_on_submit():
        return _page(space_id, form, 422)
    try:
        text = invite_list.decode((form.text.data or "").encode("utf-8", "replace"))
        found = invite_list.invite_all(text, _to(space_id, form), viewer=signed_in_viewer(), now=utc_now())
    except InvalidInput as error:
        form.hang(error, {"list": "text"})
        return _page(space_id, form, 422)
    flash(_said(len(found.good)))
    return redirect(url_for(".messages") if found.good else url_for("people.of_space", space_id=space_id))


@bp.get("/messages")
@requires(SIGNED_IN)
def messages() -> ResponseReturnValue:
    """The messages that I had sent; without a mail server also what they say, to pass them on."""
    has_server = bool(current_app.config["TOOLKIT"].text("SMTP_URL"))
    found = letters_sent.sent_by(signed_in_viewer())
    return render_template("people/messages.html", letters=found, has_server=has_server)


def _form(space_id: UUID) -> InviteListForm:
    viewer, now = signed_in_viewer(), utc_now()
    spaces.space(space_id, viewer=viewer, now=now)
    form = invite_list_form(
        ((role.value, words.ROLES[role]) for role in SPACE_ROLES),
        listing.titles_in(space_id, viewer=viewer, now=now),
    )
    if not form.is_submitted():
        form.role.data = Role.CONTRIBUTOR.value
        given = request.args.get("assessment", "")
        form.assessment.data = given if given in {choice.value for choice in form.assessment.choices} else ""
    return form


def _to(space_id: UUID, form: InviteListForm) -> InviteTo:
    assessment_id = UUID(form.assessment.data) if form.assessment.data else None
    return InviteTo(space_id, assessment_id, Role(form.role.data))


def _page(space_id: UUID, form: InviteListForm, status: int = 200) -> ResponseReturnValue:
    space = spaces.space(space_id, viewer=signed_in_viewer(), now=utc_now())
    roles = [words.ROLES[role].lower() for role in SPACE_ROLES]
    return render_template("people/list.html", space=space, form=form, roles=roles, limit=invite_list.MAX_LINES), status


def _said(count: int) -> str:
    if not count:
        return "Nothing was to be done."
    people = "One line is taken" if count == 1 else f"{count} lines are taken"
    return f"{people}. The messages are on their way."
