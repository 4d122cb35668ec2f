from __future__ import annotations

import html5lib
import pytest

from tests.builders import a_checklist, a_part, a_question, a_theme, an_assessment, answered
from tests.reports.samples import (
    CANARIES,
    LETTER,
    a_context,
    a_full_assessment,
    an_empty_assessment,
    an_objective,
    the_checklist,
)
from toolkit.domain.answers import Evidence
from toolkit.domain.assessment import Edition, State, Subject, SubjectKind
from toolkit.domain.assessment_file import attachment_data, canonical_bytes
from toolkit.domain.checklist import Track
from toolkit.domain.printed_figures import figures_bytes
from toolkit.domain.scoring import score_assessment
from toolkit.domain.unshown import unshown
from toolkit.reports.blank_form import form_context
from toolkit.reports.html import css_string, direction_of, render_form_html, render_html

CHECKLIST = the_checklist()
X = "{http://www.w3.org/1999/xhtml}"
HOSTILE = "</style></title><script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 7*7 }}"


def parsed(html):
    return html5lib.HTMLParser(strict=True).parse(html)


@pytest.mark.parametrize("edition", list(Edition))
@pytest.mark.parametrize("make", [an_empty_assessment, a_full_assessment])
def test_every_report_is_strict_html_whose_figures_are_those_of_its_list(edition, make):
    context = a_context(CHECKLIST, make(CHECKLIST), edition, letter=LETTER)
    tree = parsed(render_html(context))
    printed = {
        (one.get("data-place"), one.get("data-kind"), one.text)
        for one in tree.iter(f"{X}bdi")
        if one.get("class") == "fig"
    }
    assert printed == {(one.place, one.kind, one.text) for one in context.figures}


@pytest.mark.parametrize("edition", list(Edition))
def test_what_an_edition_may_not_hold_stands_neither_on_its_pages_nor_in_its_files(edition):
    assessment = a_full_assessment(CHECKLIST)
    context = a_context(CHECKLIST, assessment, edition, letter=LETTER)
    card = score_assessment(CHECKLIST, assessment)
    file = canonical_bytes(attachment_data(CHECKLIST, assessment, edition, card=card)).decode()
    page, figures = render_html(context), figures_bytes(context.figures).decode()
    for canary, editions in CANARIES.items():
        assert (canary in page) == (edition in editions), (canary, "page")
        assert (canary in file) <= (edition in editions), (canary, "file")
        assert canary not in figures


@pytest.mark.parametrize("edition", list(Edition))
def test_a_file_in_a_pdf_holds_nothing_that_its_pages_do_not_print(edition):
    """Every text in the assessment file of an edition can be read on the pages of that edition."""
    assessment = a_full_assessment(CHECKLIST)
    card = score_assessment(CHECKLIST, assessment)
    data = attachment_data(CHECKLIST, assessment, edition, card=card)
    words = "\n".join("".join(parsed(render_html(a_context(CHECKLIST, assessment, edition))).itertext()).split())
    for answer in data.get("answers", {}).values():
        for text in [answer.get("reason"), answer.get("comment"), *(one["title"] for one in answer["evidence"])]:
            assert "\n".join((text or "").split()) in words


def test_whatever_people_wrote_stays_text():
    checklist = a_checklist(
        a_part("employment", a_theme("jobs", a_question("jobs_policy", text=HOSTILE))), title=HOSTILE, about=HOSTILE
    )
    assessment = an_assessment(
        checklist,
        {"jobs_policy": answered(2, comment=HOSTILE, evidence=(Evidence(HOSTILE, "javascript:alert(1)"),))},
        subject=Subject(HOSTILE, SubjectKind.PROJECT, HOSTILE),
        title=HOSTILE,
    )
    for html in (
        render_html(a_context(checklist, assessment, Edition.INTERNAL)),
        render_form_html(form_context(checklist, Track.CORE)),
    ):
        tree = parsed(html)
        assert not list(tree.iter(f"{X}script"))
        assert not list(tree.iter(f"{X}img"))
        assert not [link for link in tree.iter(f"{X}a") if not link.get("href", "").startswith("#")]
        assert "{{ 7*7 }}" in "".join(tree.itertext())


@pytest.mark.parametrize(("state", "mark"), [(State.DRAFT, True), (State.SUBMITTED, False)])
def test_a_draft_says_so_on_every_page(state, mark):
    html = render_html(a_context(CHECKLIST, a_full_assessment(CHECKLIST, state=state), Edition.SHARED))
    assert ('content: "DRAFT"' in html) is mark


def test_parts_that_a_report_has_not_are_absent():
    html = render_html(a_context(CHECKLIST, an_empty_assessment(CHECKLIST), Edition.PUBLIC))
    for absent in ("You are asked to decide", 'id="mandate"', 'id="answers"', "Next assessment", 'class="signature"'):
        assert absent not in html


def test_the_letter_is_told_by_its_data():
    html = render_html(a_context(CHECKLIST, a_full_assessment(CHECKLIST), Edition.SHARED, letter=LETTER))
    for present in ("CANARY-ADDRESSEE", "CANARY-SIGNATURE", "The Sender", "1 October 2027"):
        assert present in html


def test_the_same_context_gives_the_same_page():
    first, second = (render_html(a_context(CHECKLIST, a_full_assessment(CHECKLIST), Edition.INTERNAL)) for _ in "ab")
    assert first == second


@pytest.mark.parametrize(
    ("text", "direction"), [("Hello مرحبا", "ltr"), ("مرحبا hello", "rtl"), ("12 %", "ltr"), ("(שלום)", "rtl")]
)
def test_a_line_reads_from_the_side_of_its_first_letter(text, direction):
    assert direction_of(text) == direction


def test_no_text_leaves_the_quotes_of_a_style_sheet():
    assert css_string('a"; } @import url(x)') == "a\\22 \\3b \\20 \\7d \\20 \\40 import\\20 url\\28 x\\29 "
    assert css_string("x" * 200).startswith("x" * 69 + "\\2026 ")


@pytest.mark.parametrize("edition", list(Edition))
def test_high_core_levels_without_evidence_are_listed_in_the_internal_edition_only(edition):
    checklist = a_checklist(an_objective("employment", themes=1, questions=3))
    answers = {f"employment_0_{place}": answered(level) for place, level in enumerate((4, 3, 2))}
    assessment = an_assessment(checklist, answers)
    names = [one.question.text for one in unshown(checklist, assessment, score_assessment(checklist, assessment))]
    assert len(names) == 2
    page = render_html(a_context(checklist, assessment, edition))
    listed = page.partition("Level 3 or more without evidence")[2].partition("</ul>")[0]
    assert listed.count("<li>") == (2 if edition is Edition.INTERNAL else 0)
    assert all(name in listed for name in names) is (edition is Edition.INTERNAL)
