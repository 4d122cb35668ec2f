"""People: who takes part where, inviting them, and shutting an account."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.access import GRANTABLE_IN_SPACE, SITE, Permission, Role, Scope, assessment_scope, space_scope
from toolkit.domain.errors import InvalidInput
from toolkit.forms.accounts import InviteForm, invite_form
from toolkit.services import people, personal_links, second_factor, spaces
from toolkit.services.listing import titles_in
from toolkit.web import words
from toolkit.web.access import requires
from toolkit.web.clock import utc_now
from toolkit.web.invitations import send_invitation
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("people", __name__)
SITE_ROLES = (Role.ADMINISTRATOR, Role.EDITOR, Role.COORDINATOR)
SPACE_ROLES = tuple(role for role in Role if role in GRANTABLE_IN_SPACE and role is not Role.SPOKESPERSON)


@bp.get("/people")
@requires(Permission.MANAGE_PEOPLE)
def listing() -> ResponseReturnValue:
    """The spaces whose people I look after; administrators also see everybody."""
    viewer, now = signed_in_viewer(), utc_now()
    everybody = people.list_people(None, by=viewer.person_id, now=now) if _administers() else ()
    mine = [one for one in spaces.spaces_for(viewer, now=now) if Permission.MANAGE_PEOPLE in one.permissions]
    form = invite_form((role.value, words.ROLES[role]) for role in SITE_ROLES)
    return render_template("people/listing.html", people=everybody, spaces=mine, administers=_administers(), form=form)


@bp.get("/spaces/<uuid:space_id>/people")
@requires(Permission.MANAGE_PEOPLE)
def of_space(space_id: UUID) -> ResponseReturnValue:
    """The people of one space, and a form to invite one more."""
    return _space_page(space_id, _space_form(space_id))


@bp.post("/spaces/<uuid:space_id>/people")
@requires(Permission.MANAGE_PEOPLE)
def invite(space_id: UUID) -> ResponseReturnValue:
    """Invite somebody to a role in a space."""
    spaces.space(space_id, viewer=signed_in_viewer(), now=utc_now())
    form = _space_form(space_id)
    if form.validate_on_submit() and _invite(form, _scope_of(form, space_id)):
        return redirect(url_for("people.of_space", space_id=space_id))
    return _space_page(space_id, form, 422)


@bp.post("/people")
@requires(Permission.ADMINISTER)
def invite_to_site() -> ResponseReturnValue:
    """Invite somebody to a role at the site."""
    form = invite_form((role.value, words.ROLES[role]) for role in SITE_ROLES)
    if form.validate_on_submit() and _invite(form, SITE):
        return redirect(url_for("people.listing"))
    everybody = people.list_people(None, by=signed_in_viewer().person_id, now=utc_now())
    return render_template("people/listing.html", people=everybody, spaces=[], administers=True, form=form), 422


@bp.post("/people/<uuid:person_id>/disable")
@requires(Permission.ADMINISTER)
def disable(person_id: UUID) -> ResponseReturnValue:
    """Shut an account; its sessions end at once."""
    people.disable(person_id, by=signed_in_viewer().person_id, now=utc_now())
    flash("The account is shut.")
    return redirect(url_for("people.listing"))


@bp.post("/people/<uuid:person_id>/second-step/remove")
@requires(Permission.ADMINISTER)
def remove_second_step(person_id: UUID) -> ResponseReturnValue:
    """Take the second step of somebody who lost it; they sign in with the password and set it up anew."""
    second_factor.remove(person_id, by=signed_in_viewer().person_id, now=utc_now())
    flash("The second step is gone. The person signs in with the password and can set it up anew.")
    return redirect(url_for("people.listing"))


def _administers() -> bool:
    return signed_in_viewer().may(Permission.ADMINISTER, now=utc_now())


def _space_form(space_id: UUID) -> InviteForm:
    titles = titles_in(space_id, viewer=signed_in_viewer(), now=utc_now())
    return invite_form(((role.value, words.ROLES[role]) for role in SPACE_ROLES), titles)


def _scope_of(form: InviteForm, space_id: UUID) -> Scope:
    return assessment_scope(UUID(form.assessment.data)) if form.assessment.data else space_scope(space_id)


def _invite(form: InviteForm, scope: Scope) -> bool:
    try:
        made = people.invite(
            email=form.email.data,
            name=form.name.data,
            role=Role(form.role.data),
            scope=scope,
            by=signed_in_viewer().person_id,
            now=utc_now(),
        )
    except InvalidInput as error:
        form.hang(error)
        return False
    flash(send_invitation(current_app.config["TOOLKIT"], made, invited_by=signed_in_viewer().name))
    return True


def _space_page(space_id: UUID, form: InviteForm, status: int = 200) -> ResponseReturnValue:
    viewer, now = signed_in_viewer(), utc_now()
    space = spaces.space(space_id, viewer=viewer, now=now)
    found = people.list_people(space_id, by=viewer.person_id, now=now)
    meanings = [(words.ROLES[role], words.ROLE_MEANINGS[role]) for role in SPACE_ROLES]
    page = render_template(
        "people/of_space.html",
        space=space,
        people=found,
        form=form,
        meanings=meanings,
        personal_links=personal_links.are_allowed(space_id),
    )
    return page, status
