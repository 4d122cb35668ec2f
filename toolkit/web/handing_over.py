"""Handing over: who has what, giving more, and what the person and the focal point do with it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from toolkit.config import time_zone
from toolkit.domain.access import Permission
from toolkit.domain.errors import InvalidInput
from toolkit.domain.handovers import local_day
from toolkit.forms.assessments import StepForm
from toolkit.forms.handovers import DueForm, HandoverForm, NoteForm, handover_form
from toolkit.services import handed_over, handing_over, personal_links
from toolkit.services.handed_over import Offer
from toolkit.web.access import requires
from toolkit.web.clock import utc_now
from toolkit.web.kept_note import KeptNote, kept_note
from toolkit.web.opened import voice_in_address
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("handing_over", __name__, url_prefix="/assessments/<uuid:assessment_id>/handovers")


@bp.get("")
@requires(Permission.HAND_OVER)
def board(assessment_id: UUID) -> ResponseReturnValue:
    """Who has what, how far they are, what is late, what is nobody's yet."""
    return _board_page(assessment_id)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.HAND_OVER)
def new(assessment_id: UUID) -> ResponseReturnValue:
    """Hand themes and questions to people."""
    viewer, now, voice = signed_in_viewer(), utc_now(), voice_in_address()
    offer = handed_over.offer(assessment_id, viewer=viewer, now=now, voice=voice)
    form = _form(offer)
    if form.validate_on_submit():
        try:
            given: dict[str, Any] = {"viewer": viewer, "now": now, "voice": voice, "due_on": form.due_on.data}
            given |= {"to": [UUID(one) for one in form.to.data or ()], "note": form.note.data or ""}
            if form.by_link.data and form.newcomer is not None:
                made = personal_links.hand_over_by_link(
                    assessment_id, newcomer=form.newcomer, parts=form.chosen(), **given
                )
            else:
                made = handing_over.hand_over(assessment_id, parts=form.chosen(), newcomer=form.newcomer, **given)
        except InvalidInput as error:
            form.hang(error)
        else:
            flash(_handed(len(made)))
            return redirect(url_for(".board", assessment_id=assessment_id))
    page = render_template(
        "handovers/new.html",
        offer=offer,
        opened=offer.opened,
        form=form,
        today=_today(),
        zone=_zone_name(),
        by_link=personal_links.are_allowed(offer.opened.space.id),
    )
    return page, 422 if form.errors else 200


@bp.post("/<uuid:handover_id>/due")
@requires(Permission.HAND_OVER)
def due(assessment_id: UUID, handover_id: UUID) -> ResponseReturnValue:
    """Set another day."""
    form = DueForm()
    if not form.validate_on_submit():
        return _board_page(assessment_id, kept_note(handover_id, "due_on", form))
    try:
        handing_over.set_due(handover_id, form.due_on.data, viewer=signed_in_viewer(), now=utc_now())
    except InvalidInput as error:
        form.hang(error)
        return _board_page(assessment_id, kept_note(handover_id, "due_on", form))
    flash("The day is changed.")
    return redirect(url_for(".board", assessment_id=assessment_id))


@bp.post("/<uuid:handover_id>/remind")
@requires(Permission.HAND_OVER)
def remind(assessment_id: UUID, handover_id: UUID) -> ResponseReturnValue:
    """Send a reminder."""
    if StepForm().validate_on_submit():
        handing_over.remind(handover_id, viewer=signed_in_viewer(), now=utc_now())
        flash("A reminder is on its way.")
    return redirect(url_for(".board", assessment_id=assessment_id))


@bp.post("/<uuid:handover_id>/end")
@requires(Permission.HAND_OVER)
def end(assessment_id: UUID, handover_id: UUID) -> ResponseReturnValue:
    """End it: the person can no longer answer these parts by it."""
    if StepForm().validate_on_submit():
        handing_over.end(handover_id, viewer=signed_in_viewer(), now=utc_now())
        flash("It has ended. The answers stay.")
    return redirect(url_for(".board", assessment_id=assessment_id))


@bp.post("/<uuid:handover_id>/give-back")
@requires(Permission.HAND_OVER)
def give_back(assessment_id: UUID, handover_id: UUID) -> ResponseReturnValue:
    """Give it back to the person with a note."""
    form = NoteForm()
    if form.validate_on_submit():
        try:
            handing_over.give_back(handover_id, note=form.note.data or "", viewer=signed_in_viewer(), now=utc_now())
        except InvalidInput as error:
            form.hang(error)
        else:
            flash("It went back, with your note.")
            return redirect(url_for(".board", assessment_id=assessment_id))
    return _board_page(assessment_id, kept_note(handover_id, "note", form))


@bp.post("/<uuid:handover_id>/done")
@requires(Permission.ANSWER, by_link=True)
def done(assessment_id: UUID, handover_id: UUID) -> ResponseReturnValue:
    """The person says that it is done."""
    form = NoteForm()
    if form.validate_on_submit():
        try:
            handing_over.say_done(handover_id, note=form.note.data or "", viewer=signed_in_viewer(), now=utc_now())
        except InvalidInput as error:
            form.hang(error)
        else:
            flash("Thank you. It is marked as done; you can still change your answers.")
            return redirect(url_for("personal_links.mine" if signed_in_viewer().link else "work.mine"))
    lines = handed_over.in_my_hands(signed_in_viewer(), now=utc_now(), assessment_id=assessment_id)
    kept = kept_note(handover_id, "note", form)
    return render_template("handovers/done.html", lines=lines, kept=kept, assessment_id=assessment_id), 422


def _board_page(assessment_id: UUID, kept: KeptNote | None = None) -> ResponseReturnValue:
    found = handed_over.board(assessment_id, viewer=signed_in_viewer(), now=utc_now())
    page = render_template(
        "handovers/board.html", board=found, opened=found.opened, kept=kept, today=_today(), zone=_zone_name()
    )
    return page, 422 if kept else 200


def _form(offer: Offer) -> HandoverForm:
    parts = []
    for theme, _, _ in offer.themes:
        parts += [f"theme/{theme.id}", *(f"question/{one.id}" for one in theme.questions)]
    form = handover_form(parts, [str(one.person_id) for one in offer.people])
    if not form.is_submitted():
        form.parts.data = [f"theme/{one}" for one in request.args.getlist("theme")]
    form.parts.data, form.to.data = form.parts.data or [], form.to.data or []
    return form


def _handed(count: int) -> str:
    if not count:
        return "They have all of this already. Nothing was changed."
    people = "one person" if count == 1 else f"{count} people"
    message = f"Handed over to {people}."
    if not current_app.config["TOOLKIT"].text("SMTP_URL") and not signed_in_viewer().is_sandbox:
        return (
            f"{message} No mail server is set up here: find the messages under “Messages”, and pass them on yourself."
        )
    return message


def _today() -> date:
    return local_day(utc_now(), time_zone(current_app.config["TOOLKIT"]))


def _zone_name() -> str:
    return str(current_app.config["TOOLKIT"].text("TIME_ZONE"))
