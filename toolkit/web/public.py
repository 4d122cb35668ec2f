"""Pages for everybody: the front page, help, glossary, accessibility."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template, send_from_directory
from flask.typing import ResponseReturnValue

from toolkit.storage.definitions import list_checklists
from toolkit.web.access import ANYONE, requires
from toolkit.web.glossary import glossary as words_explained

bp = Blueprint("public", __name__)


@bp.get("/")
@requires(ANYONE)
def front() -> ResponseReturnValue:
    """Say what this is, and for whom."""
    checklists = list_checklists(current_app.config["TOOLKIT"].checklists)
    sandbox_open = current_app.config["TOOLKIT"].number("SANDBOX_LIMIT") > 0
    newest = {checklist.id: checklist for checklist in checklists}
    return render_template("public/front.html", checklists=tuple(newest.values()), sandbox_open=sandbox_open)


@bp.get("/help")
@requires(ANYONE)
def guide() -> ResponseReturnValue:
    """How to do an assessment, step by step."""
    return render_template("public/help.html")


@bp.get("/glossary")
@requires(ANYONE)
def glossary() -> ResponseReturnValue:
    """The words we use."""
    return render_template("public/glossary.html", groups=words_explained())


@bp.get("/privacy")
@requires(ANYONE)
def privacy() -> ResponseReturnValue:
    """Who reads what."""
    return render_template("public/privacy.html")


@bp.get("/accessibility")
@requires(ANYONE)
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return render_template("public/accessibility.html")


@bp.get("/favicon.ico")
@requires(ANYONE)
def favicon() -> Response:
    """The mark, for browsers that look in the old place."""
    return send_from_directory(current_app.static_folder or "", "mark.svg", mimetype="image/svg+xml")
