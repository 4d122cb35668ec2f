"""Leading an assessment: the note for the next round, and handing the lead on."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.access import Permission
from toolkit.domain.errors import Conflict, InvalidInput, StateChanged
from toolkit.forms.leading import HandOnForm, NextRoundForm, hand_on_form
from toolkit.services import next_round, succession
from toolkit.web.access import requires
from toolkit.web.clock import utc_now
from toolkit.web.opened import opened
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("leading", __name__, url_prefix="/assessments/<uuid:assessment_id>/lead")


@bp.get("")
@requires(Permission.HAND_OVER)
def page(assessment_id: UUID) -> ResponseReturnValue:
    """What was left for whoever leads, and what they leave."""
    return _page(assessment_id)


@bp.post("/note")
@requires(Permission.HAND_OVER)
def note(assessment_id: UUID) -> ResponseReturnValue:
    """Keep the note for the next round."""
    form = NextRoundForm()
    if not form.validate_on_submit():
        return _page(assessment_id, note_form=form)
    viewer, seen = signed_in_viewer(), form.expected_revision
    try:
        next_round.save_note(assessment_id, form.text.data or "", expected_revision=seen, viewer=viewer, now=utc_now())
    except InvalidInput as error:
        form.hang(error)
        return _page(assessment_id, note_form=form)
    except StateChanged:
        raise
    except Conflict as error:  # theirs is shown beside; saving again then goes over it knowingly
        form.hang(error)
        return _page(assessment_id, note_form=form, status=409)
    flash("The note is kept. Whoever leads the next round finds it.")
    return redirect(url_for(".page", assessment_id=assessment_id))


@bp.post("/hand-on")
@requires(Permission.HAND_OVER)
def hand_on(assessment_id: UUID) -> ResponseReturnValue:
    """Hand the lead on."""
    form = _form(assessment_id)
    if form.validate_on_submit():
        try:
            succession.hand_on(
                assessment_id,
                UUID(form.to.data) if form.to.data else None,
                viewer=signed_in_viewer(),
                now=utc_now(),
                newcomer=form.newcomer,
                note=form.note.data or "",
                stays=form.stays.data != "no",
                whole_space=bool(form.whole.data),
            )
        except InvalidInput as error:
            form.hang(error)
        else:
            flash("The lead is handed on. They get a message; what you handed over to people stays with them.")
            return redirect(url_for("work.mine"))
    return _page(assessment_id, hand_form=form)


def _form(assessment_id: UUID) -> HandOnForm:
    heirs = succession.heirs(opened(assessment_id), viewer=signed_in_viewer(), now=utc_now())
    return hand_on_form((str(one.person_id), one.name) for one in heirs.people)


def _page(
    assessment_id: UUID,
    note_form: NextRoundForm | None = None,
    hand_form: HandOnForm | None = None,
    status: int = 422,
) -> ResponseReturnValue:
    one, viewer, now = opened(assessment_id), signed_in_viewer(), utc_now()
    kept = next_round.note_of(one)
    shown = note_form
    if shown is None:
        shown = NextRoundForm(formdata=None, text=kept.text)
    shown.revision.data = str(kept.revision)
    found = render_template(
        "leading/page.html",
        opened=one,
        kept=kept,
        theirs=kept if note_form is not None and status == 409 else None,
        note_form=shown,
        hand_form=hand_form or _form(assessment_id),
        heirs=succession.heirs(one, viewer=viewer, now=now),
        successions=succession.successions(one),
        earlier=next_round.earlier_notes(one),
    )
    return found, status if note_form or hand_form else 200
