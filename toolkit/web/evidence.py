"""Files of evidence: sent for a question, with a page of their own or by the page's script, and fetched again."""

from __future__ import annotations

from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.access import Permission
from toolkit.domain.errors import FileRefused, FileTooLarge, InvalidInput, StorageFull
from toolkit.files.kinds import TAKEN
from toolkit.forms.base import problem_words
from toolkit.forms.evidence import EvidenceForm
from toolkit.services import evidence
from toolkit.web.access import requires
from toolkit.web.answer_pages import question_of
from toolkit.web.clock import utc_now
from toolkit.web.errors import answered
from toolkit.web.opened import opened, voice_in_address
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("evidence", __name__, url_prefix="/assessments/<uuid:assessment_id>/answers/<question_id>")
# A file of another site's making stays inert, whatever a browser makes of it.
INERT = "default-src 'none'; sandbox; frame-ancestors 'none'"


@bp.get("/files")
@requires(Permission.ANSWER, by_link=True)
def choose(assessment_id: UUID, question_id: str) -> ResponseReturnValue:
    """Choose a file for an answer."""
    return _page(assessment_id, question_id, EvidenceForm(formdata=None))


@bp.post("/files")
@requires(Permission.ANSWER, by_link=True)
def attach(assessment_id: UUID, question_id: str) -> ResponseReturnValue:
    """Keep a file and add it to the answer, without a script."""
    question_of(assessment_id, question_id)
    form = EvidenceForm()
    if not form.validate():
        return _page(assessment_id, question_id, form), 422
    sent = form.file.data
    given: dict[str, Any] = {"viewer": signed_in_viewer(), "now": utc_now(), "voice": voice_in_address()}
    try:
        evidence.attach_file(
            assessment_id, question_id, cast(BinaryIO, sent.stream), sent.filename, form.title.data or "", **given
        )
    except (FileRefused, FileTooLarge, StorageFull, InvalidInput) as error:
        form.file.errors = [problem_words(error)]
        return _page(assessment_id, question_id, form), answered(error).status
    flash("The file is kept with your answer.")
    return redirect(_back(assessment_id, question_id))


@bp.post("/files.json")
@requires(Permission.ANSWER, by_link=True)
def keep(assessment_id: UUID, question_id: str) -> ResponseReturnValue:
    """Keep a file that the answer will name at its next save, as the page's script does."""
    question_of(assessment_id, question_id)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return {"error": {"status": 422, "message": "Choose a file first."}}, 422
    given: dict[str, Any] = {"viewer": signed_in_viewer(), "now": utc_now(), "voice": voice_in_address()}
    kept = evidence.keep_file(assessment_id, question_id, cast(BinaryIO, sent.stream), sent.filename, **given)
    return {"sha256": kept.sha256, "name": kept.name, "label": kept.label, "size": kept.size}


@bp.get("/files/<sha256>")
@requires(Permission.SEE_ASSESSMENT, by_link=True)
def download(assessment_id: UUID, question_id: str, sha256: str) -> ResponseReturnValue:
    """A file, as a download that no browser shows or runs."""
    found, file = evidence.open_file(
        assessment_id, question_id, sha256, viewer=signed_in_viewer(), now=utc_now(), voice=voice_in_address()
    )
    response: Response = send_file(
        file, mimetype=found.media_type, as_attachment=True, download_name=found.name, etag=False, max_age=None
    )
    response.content_length = found.size
    response.headers["Content-Security-Policy"] = INERT
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(assessment_id: UUID, question_id: str, form: EvidenceForm) -> str:
    question = question_of(assessment_id, question_id)
    one = opened(assessment_id)
    return render_template(
        "evidence/choose.html",
        opened=one,
        theme=one.checklist.question_index[question_id][1],
        question=question,
        form=form,
        back=_back(assessment_id, question_id),
        stands=one.assessment.answer(question_id).evidence,
        taken=TAKEN,
    )


def _back(assessment_id: UUID, question_id: str) -> str:
    theme = opened(assessment_id).checklist.question_index[question_id][1]
    voice = voice_in_address()
    place = url_for("answers.theme", assessment_id=assessment_id, theme_id=theme.id, voice=voice)
    return f"{place}#q-{question_id}"
