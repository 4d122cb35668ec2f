from __future__ import annotations

import logging
import re
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from tests.builders import an_assessment, answered
from tests.reports.accessible import assert_accessible, attached, bookmarks, structure
from tests.reports.samples import (
    CANARIES,
    LETTER,
    MADE_AT,
    a_context,
    a_full_assessment,
    an_empty_assessment,
    the_checklist,
)
from toolkit.config import packaged_folder
from toolkit.domain.assessment import Edition
from toolkit.domain.assessment_file import attachment_data, canonical_bytes
from toolkit.domain.assessment_reading import read_file
from toolkit.domain.checklist import Track
from toolkit.domain.printed_figures import read_figures
from toolkit.domain.scoring import score_assessment
from toolkit.reports.html import render_html
from toolkit.reports.making import make_form, make_report
from toolkit.reports.pdf import render_pdf
from toolkit.storage.definitions import list_checklists

CHECKLIST = the_checklist()
CHECKLISTS = list_checklists(packaged_folder("checklists"))


def a_report(checklist, assessment, edition, cache, **given):
    card = score_assessment(checklist, assessment)
    given = {"language": "en", "made_at": MADE_AT, "cache_folder": cache} | given
    return make_report(checklist, assessment, card, edition=edition, **given)


def pages_of(pdf):
    """The page that each chapter begins on; the cover is page 0."""
    with pikepdf.open(BytesIO(pdf)) as document, document.open_outline() as outline:
        return {str(item.title): document.pages.index(pikepdf.Page(item.destination[0])) for item in outline.root}


@pytest.mark.parametrize("edition", list(Edition))
@pytest.mark.parametrize("make", [an_empty_assessment, a_full_assessment])
def test_every_report_is_accessible_and_carries_its_files(font_cache, caplog, edition, make):
    assessment = make(CHECKLIST)
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        pdf = a_report(CHECKLIST, assessment, edition, font_cache, letter=LETTER)
    assert not caplog.records
    context = a_context(CHECKLIST, assessment, edition, letter=LETTER)
    assert_accessible(pdf, title=context.title)
    files = attached(pdf)
    assert sorted(files) == ["assessment.json", "figures.json"]
    card = score_assessment(CHECKLIST, assessment)
    assert files["assessment.json"] == canonical_bytes(attachment_data(CHECKLIST, assessment, edition, card=card))
    assert read_file(files["assessment.json"]).edition is edition
    assert read_figures(files["figures.json"]) == context.figures
    for canary, editions in CANARIES.items():
        held = any(canary.encode() in data for data in files.values())
        assert held <= (edition in editions)


@pytest.mark.parametrize("checklist", CHECKLISTS, ids=lambda one: f"{one.id}-{one.version}")
def test_every_checklist_makes_accessible_reports_and_forms(font_cache, checklist):
    answers = {
        question.id: answered(place % 5, comment="Said about it.")
        for place, (_, _, question) in enumerate(checklist.questions())
        if question.is_rating
    }
    assessment = an_assessment(checklist, answers)
    pdf = a_report(checklist, assessment, Edition.INTERNAL, font_cache, letter=LETTER)
    assert_accessible(pdf, title=a_context(checklist, assessment, Edition.INTERNAL).title)
    assert pages_of(pdf)["Contents"] == 2
    assert_accessible(
        make_form(checklist, Track.SCAN, cache_folder=font_cache),
        title=f"{checklist.title} {checklist.version}: blank form, scan track",
    )


def test_long_and_many_scripted_answers_are_printed_to_the_last_word(font_cache):
    long = "\n".join(f"Paragraph {place}: " + "words and more words " * 20 for place in range(24)) + "\nTHE-LAST-WORD"
    answers = {
        "employment_0_0": answered(3, comment=long[-10_000:]),
        "employment_0_1": answered(
            1, comment="يتضمن البرنامج وحدة عن العمل اللائق (25 %).\n中文评论 😀 ✔\nwww." + "x" * 900
        ),
    }
    assessment = an_assessment(CHECKLIST, answers)
    pdf = a_report(CHECKLIST, assessment, Edition.INTERNAL, font_cache)
    assert_accessible(pdf, title=a_context(CHECKLIST, assessment, Edition.INTERNAL).title)
    html = render_html(a_context(CHECKLIST, assessment, Edition.INTERNAL))
    assert "THE-LAST-WORD" in html


def test_a_right_to_left_report_is_accessible_too(font_cache):
    context = replace(
        a_context(CHECKLIST, a_full_assessment(CHECKLIST), Edition.SHARED), language="ar", direction="rtl"
    )
    pdf = render_pdf(render_html(context), cache_folder=font_cache)
    assert_accessible(pdf, title=context.title, language="ar")


def test_the_same_arguments_give_the_same_bytes(font_cache):
    first, second = (a_report(CHECKLIST, a_full_assessment(CHECKLIST), Edition.SHARED, font_cache) for _ in range(2))
    assert first == second


def test_the_outline_names_every_chapter_with_its_themes(font_cache):
    outline = bookmarks(a_report(CHECKLIST, a_full_assessment(CHECKLIST), Edition.SHARED, font_cache))
    chapters = [title for depth, title in outline if depth == 1]
    assert chapters == [
        "Letter of results",
        "Contents",
        "Summary",
        "Mandate",
        "Part employment",
        "Part rights",
        "Part institution",
        "Every question and answer",
        "How it was computed",
        "Where this report comes from",
    ]
    assert (2, "1.1 Theme employment_0") in outline


def test_the_letter_is_one_page(font_cache):
    """The contents begin on page three, after cover and letter, whatever the letter has to say."""
    for assessment in (an_empty_assessment(CHECKLIST), a_full_assessment(CHECKLIST)):
        pdf = a_report(CHECKLIST, assessment, Edition.INTERNAL, font_cache, letter=LETTER)
        assert (pages_of(pdf)["Letter of results"], pages_of(pdf)["Contents"]) == (1, 2)


def test_every_chart_is_described_and_every_table_has_its_header_cells(font_cache):
    pdf = a_report(CHECKLIST, a_full_assessment(CHECKLIST), Edition.INTERNAL, font_cache)
    with pikepdf.open(BytesIO(pdf)) as document:
        elements = list(structure(document.Root.StructTreeRoot))
        described = [str(element.Alt) for tag, element in elements if tag == "Figure"]
        tables = [element for tag, element in elements if tag == "Table"]
        heads = [[kind for kind, _ in structure(table)].count("TH") for table in tables]
    assert any(re.match(r"Part employment: \d+ core questions; ", text) for text in described)
    assert any("Overall: " in text for text in described)
    assert all(heads)
