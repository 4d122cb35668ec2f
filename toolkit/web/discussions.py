"""Discussions: those of one question, those that are open, and what is written in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.access import Permission
from toolkit.domain.discussions import Told
from toolkit.domain.errors import InvalidInput, NotAllowed, NotFound
from toolkit.forms.discussions import ToldForm, message_form
from toolkit.services import discussions
from toolkit.web.access import requires
from toolkit.web.answer_pages import question_of
from toolkit.web.answer_words import answer_words
from toolkit.web.clock import utc_now
from toolkit.web.opened import opened
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("discussions", __name__, url_prefix="/assessments/<uuid:assessment_id>")


@bp.get("/discussions")
@requires(Permission.SEE_ASSESSMENT)
def waiting(assessment_id: UUID) -> ResponseReturnValue:
    """The discussions that wait for an end."""
    one = opened(assessment_id)
    threads = discussions.open_threads(assessment_id, viewer=signed_in_viewer(), now=utc_now())
    shown = [(thread, *one.checklist.question_index[thread.question][1:]) for thread in threads]
    return render_template("discussions/open.html", opened=one, threads=shown, most=discussions.PAGE_SIZE)


@bp.get("/answers/<question_id>/discussions")
@requires(Permission.SEE_ASSESSMENT)
def about(assessment_id: UUID, question_id: str) -> ResponseReturnValue:
    """The discussions of one question."""
    return _page(assessment_id, question_id)


@bp.post("/answers/<question_id>/discussions")
@requires(Permission.ANSWER, Permission.REVIEW)
def begin(assessment_id: UUID, question_id: str) -> ResponseReturnValue:
    """Begin another one."""

    def keep(text: str, mention: tuple[UUID, ...]) -> None:
        discussions.begin(assessment_id, question_id, text, mention=mention, viewer=signed_in_viewer(), now=utc_now())

    return _written(assessment_id, question_id, None, keep)


@bp.post("/answers/<question_id>/discussions/<uuid:thread_id>")
@requires(Permission.ANSWER, Permission.REVIEW)
def reply(assessment_id: UUID, question_id: str, thread_id: UUID) -> ResponseReturnValue:
    """Write in one."""

    def keep(text: str, mention: tuple[UUID, ...]) -> None:
        discussions.reply(assessment_id, thread_id, text, mention=mention, viewer=signed_in_viewer(), now=utc_now())

    return _written(assessment_id, question_id, thread_id, keep)


@bp.post("/answers/<question_id>/discussions/<uuid:thread_id>/resolve")
@requires(Permission.ANSWER, Permission.REVIEW)
def resolve(assessment_id: UUID, question_id: str, thread_id: UUID) -> ResponseReturnValue:
    """Say that it is over, or with `again` that it is not."""
    again = "again" in request.form
    discussions.resolve(assessment_id, thread_id, viewer=signed_in_viewer(), now=utc_now(), again=again)
    flash("The discussion is open again." if again else "The discussion is resolved.")
    return redirect(_address(assessment_id, question_id))


@bp.post("/answers/<question_id>/discussions/<uuid:thread_id>/told")
@requires(Permission.SCOPE_MANDATE)
def tell(assessment_id: UUID, question_id: str, thread_id: UUID) -> ResponseReturnValue:
    """Choose which edition of the report it goes into."""
    form = ToldForm()
    if form.validate_on_submit():
        told = Told(form.told.data)
        discussions.tell(assessment_id, thread_id, told, viewer=signed_in_viewer(), now=utc_now())
        flash("Your choice is kept.")
    return redirect(_address(assessment_id, question_id))


def _address(assessment_id: UUID, question_id: str) -> str:
    return url_for("discussions.about", assessment_id=assessment_id, question_id=question_id)


def _written(
    assessment_id: UUID, question_id: str, thread_id: UUID | None, keep: Callable[[str, tuple[UUID, ...]], None]
) -> ResponseReturnValue:
    """Keep a message, or show the page again with what was typed and what is the matter with it."""
    form = _form(assessment_id, question_id)
    if not form.validate_on_submit():
        return _page(assessment_id, question_id, 422, form=form, answering=thread_id)
    try:
        keep(form.text.data or "", form.asked())
    except (InvalidInput, NotAllowed) as error:
        form.hang(error)
        return _page(assessment_id, question_id, 422, form=form, answering=thread_id)
    flash("Your message is kept.")
    return redirect(_address(assessment_id, question_id))


def _form(assessment_id: UUID, question_id: str) -> Any:
    found = discussions.colleagues(assessment_id, question_id, viewer=signed_in_viewer(), now=utc_now())
    return message_form([(one.id, one.name) for one in found])


def _page(
    assessment_id: UUID, question_id: str, status: int = 200, *, form: Any = None, answering: UUID | None = None
) -> ResponseReturnValue:
    viewer, now, one = signed_in_viewer(), utc_now(), opened(assessment_id)
    question = question_of(assessment_id, question_id)
    theme = one.checklist.question_index[question_id][1]
    reader = discussions.reader_of(assessment_id, viewer=viewer, now=now)
    if not reader.visible.includes(theme.id, question_id):
        raise NotFound
    threads = discussions.threads_about(assessment_id, [question_id], viewer=viewer, now=now)
    shown = one.visible.includes(theme.id, question_id) and answer_words(question, one.assessment.answer(question_id))
    page = {"opened": one, "question": question, "theme": theme, "words": shown, "reader": reader, "threads": threads}
    page["told_choices"] = list(Told)
    forms = {"form": form or (_form(assessment_id, question_id) if reader.may_write else None), "answering": answering}
    return render_template("discussions/about.html", **page, **forms), status
