"""Taking results away: the report as PDF, figures as spreadsheet, the whole as an assessment file."""

from __future__ import annotations

import re
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.access import Permission
from toolkit.domain.assessment import Edition
from toolkit.services import reports
from toolkit.services.jobs import JobState
from toolkit.web.access import SIGNED_IN, requires
from toolkit.web.clock import utc_now
from toolkit.web.publications import FORMATS, cards, offer, publication
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("downloads", __name__)


@bp.get("/assessments/<uuid:assessment_id>/downloads")
@requires(Permission.DOWNLOAD_SHARED)
def choose(assessment_id: UUID) -> ResponseReturnValue:
    """Every format in every edition that I may have."""
    published = publication(assessment_id)
    offered = cards(published.offer.editions, is_draft=published.offer.submission_id is None)
    return render_template("downloads/choose.html", published=published, cards=offered, formats=FORMATS)


@bp.get("/assessments/<uuid:assessment_id>/downloads/<edition>/<file_format>")
@requires(Permission.DOWNLOAD_SHARED)
def download(assessment_id: UUID, edition: str, file_format: str) -> ResponseReturnValue:
    """One file in one edition."""
    published = publication(assessment_id)
    if file_format not in FORMATS or edition not in published.offer.editions:
        abort(404)
    made = FORMATS[file_format]
    name = f"{file_name(published.offer.title)}-{edition}.{made.ending}"
    return attachment(made.make(published, Edition(edition)), name, made.mimetype)


@bp.post("/assessments/<uuid:assessment_id>/reports")
@requires(Permission.DOWNLOAD_SHARED)
def ask(assessment_id: UUID) -> ResponseReturnValue:
    """Ask for the PDF report; it is made in the background."""
    offered = offer(assessment_id)
    edition = request.form.get("edition", "")
    if edition not in offered.editions:
        abort(404)
    of = {"submission_id": offered.submission_id} if offered.submission_id else {"assessment_id": assessment_id}
    job = reports.request_report(
        **of, edition=Edition(edition), language="en", viewer=signed_in_viewer(), now=utc_now()
    )
    name = f"{file_name(offered.title)}-{edition}"
    return redirect(url_for("downloads.wait", job_id=job.id, of=assessment_id, name=name))


@bp.get("/reports/<uuid:job_id>")
@requires(SIGNED_IN)
def wait(job_id: UUID) -> ResponseReturnValue:
    """How far a report is, and its link once it is made."""
    job = reports.report_state(job_id, viewer=signed_in_viewer(), now=utc_now())
    return render_template("downloads/wait.html", job=job, name=file_name(request.args.get("name", "")), back=_back())


@bp.get("/reports/<uuid:job_id>.json")
@requires(SIGNED_IN)
def state(job_id: UUID) -> ResponseReturnValue:
    """The same for the page's script."""
    job = reports.report_state(job_id, viewer=signed_in_viewer(), now=utc_now())
    return {"state": job.state.value, "progress": job.progress, "problem": job.problem}


@bp.get("/reports/<uuid:job_id>.pdf")
@requires(SIGNED_IN)
def pdf(job_id: UUID) -> ResponseReturnValue:
    """The report itself."""
    job = reports.report_state(job_id, viewer=signed_in_viewer(), now=utc_now())
    if job.state is not JobState.DONE:
        abort(404)
    content = reports.report_bytes(job_id, viewer=signed_in_viewer(), now=utc_now())
    return attachment(content, f"{file_name(request.args.get('name', ''))}.pdf", "application/pdf")


def attachment(content: bytes, name: str, mimetype: str) -> Response:
    """A file to keep, never shown inside the site."""
    response = Response(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def file_name(title: str) -> str:
    """A title as a file name that every system takes."""
    return re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-")[:60].lower() or "assessment"


def _back() -> str:
    try:
        return url_for("downloads.choose", assessment_id=UUID(request.args.get("of", "")))
    except ValueError:
        return url_for("work.mine")
