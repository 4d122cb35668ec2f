"""Spaces: the organizations and countries that work on this site."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.access import Permission, SpaceKind
from toolkit.domain.errors import InvalidInput
from toolkit.forms.spaces import SpaceForm, space_form
from toolkit.services import spaces
from toolkit.web import words
from toolkit.web.access import requires
from toolkit.web.clock import utc_now
from toolkit.web.countries import countries
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("spaces", __name__, url_prefix="/spaces")


@bp.get("")
@requires(Permission.MANAGE_SPACES)
def listing() -> ResponseReturnValue:
    """Every space on the site."""
    return render_template("spaces/listing.html", spaces=spaces.spaces_for(signed_in_viewer(), now=utc_now()))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_SPACES)
def new() -> ResponseReturnValue:
    """Make a space for an organization or a country."""
    form = _form()
    if form.validate_on_submit():
        try:
            made = spaces.create_space(
                form.name.data,
                SpaceKind(form.kind.data),
                form.country.data or "",
                form.organization.data or "",
                by=signed_in_viewer().person_id,
                now=utc_now(),
                as_lead=form.as_lead.data,
                own_kind=form.own_kind.data or "",
            )
        except InvalidInput as error:
            form.hang(error)
        else:
            flash("The space is made. Now invite its people.")
            return redirect(url_for("people.of_space", space_id=made))
    return render_template("spaces/new.html", form=form), 422 if form.errors else 200


def _form() -> SpaceForm:
    known = [(one.id, f"{one.name} ({one.short})" if one.short else one.name) for one in spaces.organizations()]
    return space_form(
        kinds=words.SPACE_KINDS,
        organizations=known,
        organization_kinds=spaces.organization_kinds(),
        countries=countries(),
    )
