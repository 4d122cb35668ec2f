"""The kit of a checklist version: texts for the team, as pages that print well, and as Markdown to take away."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from toolkit.domain.checklist import Checklist
from toolkit.domain.kit import KitText
from toolkit.storage import beside
from toolkit.web.access import ANYONE, requires
from toolkit.web.beside import folder_of, kit_of
from toolkit.web.checklists import checklist_at
from toolkit.web.downloads import attachment
from toolkit.web.markdown import body

bp = Blueprint("kit", __name__, url_prefix="/checklists/<checklist_id>/<version>/kit")


@bp.get("")
@requires(ANYONE)
def listing(checklist_id: str, version: str) -> ResponseReturnValue:
    """Every text of the kit."""
    checklist = checklist_at(checklist_id, version)
    return render_template("checklists/kit.html", checklist=checklist, kit=kit_of(checklist) or abort(404))


@bp.get("/<name>")
@requires(ANYONE)
def text(checklist_id: str, version: str, name: str) -> ResponseReturnValue:
    """One text of the kit, to read and to print."""
    checklist = checklist_at(checklist_id, version)
    found = _text(checklist, name)
    return render_template("checklists/kit_text.html", checklist=checklist, text=found, body=body(found.text))


@bp.get("/<name>.md")
@requires(ANYONE)
def source(checklist_id: str, version: str, name: str) -> ResponseReturnValue:
    """The same as Markdown, to change for one's own use."""
    checklist = checklist_at(checklist_id, version)
    found = _text(checklist, name)
    data = beside.kit_source(folder_of(checklist), found.name)
    return attachment(data, f"{found.name}.md", "text/markdown; charset=utf-8")


def _text(checklist: Checklist, name: str) -> KitText:
    return next((one for one in kit_of(checklist) if one.name == name), None) or abort(404)
