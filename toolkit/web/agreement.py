"""Do raters agree? What the pilots of a checklist version found, for everybody to read."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from toolkit.domain import agreement
from toolkit.domain.reading_beside import questions_by_name
from toolkit.storage import beside
from toolkit.web.access import ANYONE, requires
from toolkit.web.beside import folder_of
from toolkit.web.checklists import checklist_at

bp = Blueprint("agreement", __name__, url_prefix="/checklists/<checklist_id>/<version>/agreement")


@bp.get("")
@requires(ANYONE)
def table(checklist_id: str, version: str) -> ResponseReturnValue:
    """How far two raters agree, question by question; or that nobody knows yet."""
    checklist = checklist_at(checklist_id, version)
    pilots = beside.pilots(folder_of(checklist), checklist)
    return render_template(
        "checklists/agreement.html",
        checklist=checklist,
        pilots=pilots,
        found=agreement.agreement(checklist, agreement.all_pairs(pilots)),
        ratings=sum(1 for question in questions_by_name(checklist).values() if question.is_rating),
        rules=agreement,
    )
