"""A whole report in one call: context, page, PDF, and the two files that travel inside it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from toolkit.domain.assessment import Assessment, Edition
from toolkit.domain.assessment_file import attachment_data, canonical_bytes
from toolkit.domain.checklist import Checklist, Track
from toolkit.domain.printed_figures import ASSESSMENT_ATTACHMENT, FIGURES_ATTACHMENT, figures_bytes
from toolkit.domain.scorecard import ScoreCard
from toolkit.domain.supplements import Supplement
from toolkit.reports.blank_form import form_context
from toolkit.reports.context import Letter, report_context
from toolkit.reports.html import render_form_html, render_html
from toolkit.reports.pdf import render_pdf


def make_report(
    checklist: Checklist,
    assessment: Assessment,
    card: ScoreCard,
    *,
    edition: Edition,
    language: str,
    made_at: datetime,
    letter: Letter | None = None,
    superseded_by: int | None = None,
    cache_folder: Path | None = None,
) -> bytes:
    """The PDF report of an assessment, in one edition.

    It carries `assessment.json`, the assessment as far as the edition's pages print it, and `figures.json`, every
    figure on them. The same arguments give the same bytes. Raises ReportFailed.
    """
    context = report_context(
        checklist,
        assessment,
        card,
        edition=edition,
        language=language,
        made_at=made_at,
        letter=letter,
        superseded_by=superseded_by,
    )
    attachments = {
        ASSESSMENT_ATTACHMENT: canonical_bytes(attachment_data(checklist, assessment, edition, card=card)),
        FIGURES_ATTACHMENT: figures_bytes(context.figures),
    }
    return render_pdf(render_html(context), attachments=attachments, made_at=made_at, cache_folder=cache_folder)


def make_form(
    checklist: Checklist, track: Track, *, supplement: Supplement | None = None, cache_folder: Path | None = None
) -> bytes:
    """A blank checklist as a PDF form, with the notes of a supplement where one is given.

    The same arguments give the same bytes. Raises ReportFailed.
    """
    return render_pdf(render_form_html(form_context(checklist, track, supplement)), cache_folder=cache_folder)
