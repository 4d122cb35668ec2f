"""The results of an assessment: profile, index, how sure, and how each number came about."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from toolkit.domain.access import Permission
from toolkit.web.access import requires
from toolkit.web.layer_results import layer_results
from toolkit.web.opened import opened
from toolkit.web.publications import publication
from toolkit.web.result_words import voices_spans
from toolkit.web.results_page import results_page

bp = Blueprint("results", __name__, url_prefix="/assessments/<uuid:assessment_id>")


@bp.get("/results")
@requires(Permission.SEE_ASSESSMENT, Permission.SEE_SUBMITTED)
def results(assessment_id: UUID) -> ResponseReturnValue:
    """The figures as they were submitted; of a draft, as they stand now."""
    published = publication(assessment_id)
    sees_voices = opened(assessment_id).may(Permission.SEE_VOICES)
    return render_template(
        "results/results.html",
        page=results_page(published),
        layers=layer_results(published),
        voices=voices_spans(published.checklist, published.assessment) if sees_voices else (),
    )
