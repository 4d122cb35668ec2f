"""From draft to submission: what is missing, review, approval, return, submission, and the ways back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.access import Permission
from toolkit.domain.errors import Incomplete, ReasonNeeded
from toolkit.domain.scoring import score_assessment
from toolkit.forms.assessments import ReasonForm, ReturnForm, SubmitForm, return_form
from toolkit.services import assessments
from toolkit.web.access import requires
from toolkit.web.clock import utc_now
from toolkit.web.opened import opened
from toolkit.web.review_page import review_page
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("review", __name__, url_prefix="/assessments/<uuid:assessment_id>")


@bp.get("/review")
@requires(Permission.SEE_ASSESSMENT)
def missing(assessment_id: UUID) -> ResponseReturnValue:
    """What is missing, and which steps are open to me."""
    return _page(assessment_id)


def _page(assessment_id: UUID, status: int = 200, *, stopped: bool = False, **forms: Any) -> ResponseReturnValue:
    problems = assessments.missing(assessment_id, viewer=signed_in_viewer(), now=utc_now())
    page = review_page(opened(assessment_id), problems)
    given = {"submit_form": SubmitForm(), "reason_form": ReasonForm(), "return_form": return_form(page.questions)}
    return render_template("review/missing.html", page=page, stopped=stopped, **(given | forms)), status


def _step(assessment_id: UUID, take: Callable[..., object], words: str, **given: Any) -> ResponseReturnValue:
    take(assessment_id, viewer=signed_in_viewer(), now=utc_now(), **given)
    flash(words)
    return redirect(url_for("assessments.overview", assessment_id=assessment_id))


@bp.post("/send")
@requires(Permission.SEND_TO_REVIEW)
def send(assessment_id: UUID) -> ResponseReturnValue:
    """Hand the draft to review."""
    try:
        return _step(assessment_id, assessments.send_to_review, "Sent to review. Nothing changes until it comes back.")
    except Incomplete:
        return _page(assessment_id, 422, stopped=True)


@bp.post("/withdraw")
@requires(Permission.SEND_TO_REVIEW)
def withdraw(assessment_id: UUID) -> ResponseReturnValue:
    """Take it back from review."""
    return _step(assessment_id, assessments.withdraw, "Taken back. It is a draft again.")


@bp.post("/approve")
@requires(Permission.APPROVE)
def approve(assessment_id: UUID) -> ResponseReturnValue:
    """Approve it."""
    return _step(assessment_id, assessments.approve, "Your approval is recorded.")


@bp.post("/return")
@requires(Permission.REVIEW)
def send_back(assessment_id: UUID) -> ResponseReturnValue:
    """Give it back with reasons, for the whole or by question."""
    page = review_page(opened(assessment_id), ())
    form: ReturnForm = return_form(page.questions)
    if not form.validate_on_submit():
        return _page(assessment_id, 422, return_form=form)
    try:
        assessments.return_to_draft(assessment_id, form.reasons(), viewer=signed_in_viewer(), now=utc_now())
    except ReasonNeeded as error:
        form.hang(error)
        return _page(assessment_id, 422, return_form=form)
    flash("Sent back with your reasons.")
    return redirect(url_for("assessments.overview", assessment_id=assessment_id))


@bp.post("/submit")
@requires(Permission.SUBMIT)
def submit(assessment_id: UUID) -> ResponseReturnValue:
    """Submit it: from here on nothing changes any more."""
    form = SubmitForm()
    one = opened(assessment_id)
    if assessments.missing(assessment_id, viewer=signed_in_viewer(), now=utc_now()):
        return _page(assessment_id, 422, stopped=True, submit_form=form)
    if score_assessment(one.checklist, one.assessment).provisional and not (form.provisional_reason.data or "").strip():
        form.validate()
        form.provisional_reason.errors = ["The result is provisional. Say why you submit it all the same."]
        return _page(assessment_id, 422, submit_form=form)
    if not form.validate_on_submit():
        return _page(assessment_id, 422, submit_form=form)
    info = assessments.submit(
        assessment_id,
        provisional_reason=form.provisional_reason.data or "",
        viewer=signed_in_viewer(),
        now=utc_now(),
    )
    flash(f"Submitted as no. {info.number}. Below is your result.")
    return redirect(url_for("results.results", assessment_id=assessment_id))


@bp.post("/reopen")
@requires(Permission.REOPEN)
def reopen(assessment_id: UUID) -> ResponseReturnValue:
    """Go back to draft; the submission stands until the next one."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page(assessment_id, 422, reason_form=form)
    words = "Reopened. The earlier submission stands until you submit again."
    return _step(assessment_id, assessments.reopen, words, reason=form.reason.data)


@bp.post("/discard")
@requires(Permission.DISCARD)
def discard(assessment_id: UUID) -> ResponseReturnValue:
    """Set a draft aside."""
    return _step(assessment_id, assessments.discard, "Discarded. For 30 days it can be brought back from here.")


@bp.post("/undiscard")
@requires(Permission.DISCARD)
def undiscard(assessment_id: UUID) -> ResponseReturnValue:
    """Bring a discarded draft back."""
    return _step(assessment_id, assessments.undiscard, "It is back.")
