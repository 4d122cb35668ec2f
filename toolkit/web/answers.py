"""Answering: the page of one theme, saving one answer or all of it, and the history of an answer."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from toolkit.domain.access import Permission
from toolkit.domain.answers import fingerprint
from toolkit.domain.errors import AnswerConflict
from toolkit.forms.questionnaire import ThemeForm, filled
from toolkit.services import assessments, presence
from toolkit.web.access import requires
from toolkit.web.answer_changes import versions_shown
from toolkit.web.answer_pages import ThemePage, conflict_data, conflict_page, question_of, sent_revision, theme_page
from toolkit.web.clock import utc_now
from toolkit.web.opened import check_permission, opened, voice_in_address
from toolkit.web.viewers import name_in_browser, signed_in_viewer

VERSIONS_SHOWN = 30
MAX_DIGITS = 10

bp = Blueprint("answers", __name__, url_prefix="/assessments/<uuid:assessment_id>")


@bp.get("/themes/<theme_id>")
@requires(Permission.SEE_ASSESSMENT, by_link=True)
def theme(assessment_id: UUID, theme_id: str) -> ResponseReturnValue:
    """The questions of one theme, with what was said so far."""
    page = theme_page(opened(assessment_id), theme_id)
    return render_template("answers/theme.html", page=page)


@bp.post("/themes/<theme_id>")
@requires(Permission.ANSWER, by_link=True)
def save_theme(assessment_id: UUID, theme_id: str) -> ResponseReturnValue:
    """Keep what was filled in, all at once; what is not well formed stays on the page."""
    page = theme_page(opened(assessment_id), theme_id)
    form = ThemeForm.sent(page.answerable, request.form, page.opened.assessment.answers)
    voice = voice_in_address()
    outcome = assessments.save_answers(
        assessment_id, form.answers(), viewer=signed_in_viewer(), now=utc_now(), voice=voice
    )
    if outcome.conflicts:
        return conflict_page(page, form, outcome, request.form), 422 if form.undecided else 409
    if form.problems():
        return render_template("answers/theme.html", page=page.with_sent(form, outcome)), 422
    flash("Everything on this page is saved.")
    return redirect(_onward(page))


@bp.post("/answers/<question_id>")
@requires(Permission.ANSWER, by_service=True, by_link=True)
def save_answer(assessment_id: UUID, question_id: str) -> ResponseReturnValue:
    """Keep one answer, as the page's script does while somebody works."""
    question = question_of(assessment_id, question_id)
    one = filled(question, request.form)
    if one.answer is None:
        check_permission(Permission.ANSWER)  # somebody else's assessment does not show by its complaints
        return {"problem": one.problem}, 422
    viewer, now = signed_in_viewer(), utc_now()
    expected = sent_revision(request, one.form.expected_revision)
    try:
        saved = assessments.save_answer(
            assessment_id,
            question_id,
            one.answer,
            expected_revision=expected,
            viewer=viewer,
            now=now,
            voice=voice_in_address(),
        )
    except AnswerConflict as conflict:
        return conflict_data(question, conflict), 412 if "If-Match" in request.headers else 409
    data = {"revision": saved.revision, "saved_at": saved.saved_at.isoformat(), "was": fingerprint(one.answer)}
    return data, {"ETag": f'"{saved.revision}"'}


@bp.get("/answers/<question_id>/history")
@requires(Permission.SEE_ASSESSMENT)
def history(assessment_id: UUID, question_id: str) -> ResponseReturnValue:
    """The versions of an answer, newest first, each with what it changed; `?before=` goes on to older ones."""
    question = question_of(assessment_id, question_id)
    versions = assessments.history(
        assessment_id,
        question_id,
        viewer=signed_in_viewer(),
        now=utc_now(),
        voice=voice_in_address(),
        before=_older_than(),
        limit=VERSIONS_SHOWN + 1,
    )
    theme = opened(assessment_id).checklist.question_index[question_id][1]
    return render_template(
        "answers/history.html",
        opened=opened(assessment_id),
        theme=theme,
        question=question,
        versions=versions_shown(question, versions)[:VERSIONS_SHOWN],
        more=len(versions) > VERSIONS_SHOWN,
    )


@bp.post("/themes/<theme_id>/here")
@requires(Permission.SEE_ASSESSMENT, by_service=True)
def here(assessment_id: UUID, theme_id: str) -> ResponseReturnValue:
    """Say that I have a theme open, and be told who else has."""
    viewer, now = signed_in_viewer(), utc_now()
    return {"others": presence.here(assessment_id, theme_id, viewer=viewer, now=now, voice=voice_in_address())}


def _older_than() -> int | None:
    sent = request.args.get("before", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < MAX_DIGITS else None


@bp.get("/token.json")
@requires(Permission.SEE_ASSESSMENT, by_link=True)
def token(assessment_id: UUID) -> ResponseReturnValue:
    """The form token for a page that stayed open while its reader signed in again elsewhere, and whose it is: what one
    person typed is not saved in the name of the next at the same browser.
    """
    me = name_in_browser(signed_in_viewer())
    return {"csrf_token": generate_csrf(), "assessment": str(assessment_id), "me": me}


def _onward(page: ThemePage) -> str:
    """Where to go after saving: to the next theme when that button was pressed, else back to this one."""
    wanted = request.form.get("file_for", "")
    if any(question.id == wanted for question in page.answerable):
        return url_for("evidence.choose", assessment_id=page.opened.id, question_id=wanted, voice=page.voice_id)
    place = page.after if "next" in request.form else page.theme
    if place is None and signed_in_viewer().link is not None:
        return url_for("personal_links.mine")
    if place is None:
        if page.voice_id:
            return url_for("voices.one", assessment_id=page.opened.id, voice_id=page.voice_id)
        return url_for("review.missing", assessment_id=page.opened.id)
    return url_for("answers.theme", assessment_id=page.opened.id, theme_id=place.id, voice=page.voice_id)
