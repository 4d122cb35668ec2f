"""One assessment: its overview, its scope, and what is known about its subject."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.access import Permission
from toolkit.domain.assessment import State
from toolkit.domain.errors import InvalidInput
from toolkit.domain.words import mandate_words
from toolkit.forms.assessments import StepForm, facts_form, scope_form
from toolkit.services import assessments, discussions, handed_over, submissions, voice_desk
from toolkit.web.access import requires
from toolkit.web.beside import kit_of
from toolkit.web.clock import utc_now
from toolkit.web.opened import opened
from toolkit.web.outline import outline
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("assessments", __name__, url_prefix="/assessments/<uuid:assessment_id>")


@bp.get("")
@requires(Permission.SEE_ASSESSMENT, Permission.SEE_SUBMITTED)
def overview(assessment_id: UUID) -> ResponseReturnValue:
    """How far it is, theme by theme, and what comes next; readers go straight to what was submitted."""
    one = opened(assessment_id)
    if not one.may(Permission.SEE_ASSESSMENT):
        return redirect(url_for("results.results", assessment_id=assessment_id))
    mine = voice_desk.own_positions(one, viewer=signed_in_viewer(), now=utc_now())
    if one.voice is None and len(mine) == 1 and not one.answerable and not one.may(Permission.SEE_VOICES):
        return redirect(url_for(".overview", assessment_id=assessment_id, voice=mine[0].voice.id))
    reads = one.may(Permission.SEE_SUBMITTED)
    done = submissions.for_assessment(assessment_id, viewer=signed_in_viewer(), now=utc_now()) if reads else ()
    has_kit = one.assessment.state is State.DRAFT and bool(kit_of(one.checklist))
    return render_template(
        "assessments/overview.html",
        opened=one,
        outline=outline(one),
        submissions=done,
        form=StepForm(),
        has_kit=has_kit,
        discussions=sum(discussions.open_counts(one, viewer=signed_in_viewer()).values()),
        own_voices=mine,
        not_asked=voice_desk.not_asked_yet(one, now=utc_now()) if one.voice is None else (),
        voice_left_out=any(one.voice and own.voice.id == one.voice.id and own.left_out_because for own in mine),
        in_hand=handed_over.in_my_hands(signed_in_viewer(), now=utc_now(), assessment_id=assessment_id),
    )


@bp.route("/scope", methods=["GET", "POST"])
@requires(Permission.SCOPE_MANDATE)
def scope(assessment_id: UUID) -> ResponseReturnValue:
    """Say how each theme relates to the mandate."""
    one = opened(assessment_id)
    form = scope_form(one.checklist, one.assessment.scope, mandate_words(one.assessment.subject.kind))
    if form.validate_on_submit():
        try:
            assessments.set_scope(assessment_id, form.scope(), viewer=signed_in_viewer(), now=utc_now())
        except InvalidInput as error:
            form.hang(error, {theme: f"r_{theme}" for theme in form.themes})
        else:
            flash("The scope is saved.")
            return redirect(url_for("assessments.overview", assessment_id=assessment_id))
    return render_template("assessments/scope.html", opened=one, form=form), 422 if form.errors else 200


@bp.route("/facts", methods=["GET", "POST"])
@requires(Permission.SCOPE_MANDATE)
def facts(assessment_id: UUID) -> ResponseReturnValue:
    """Say what is known about the subject; some questions depend on it."""
    one = opened(assessment_id)
    form = facts_form(one.checklist.facts, one.assessment.facts)
    if form.validate_on_submit():
        try:
            assessments.set_facts(assessment_id, form.facts(), viewer=signed_in_viewer(), now=utc_now())
        except InvalidInput as error:
            form.hang(error, {fact.id: f"f_{fact.id}" for fact in one.checklist.facts})
        else:
            flash("Saved.")
            return redirect(url_for("assessments.overview", assessment_id=assessment_id))
    return render_template("assessments/facts.html", opened=one, form=form), 422 if form.errors else 200
