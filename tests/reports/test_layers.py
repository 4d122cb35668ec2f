"""The report of a checklist with layers, or without an overall figure: everything is there, and nothing is mixed."""

from __future__ import annotations

from dataclasses import replace

import html5lib
import pytest

from tests.builders import an_assessment
from tests.domain.test_layers import ANSWERS, LAYERS
from tests.domain.test_no_overall import ANSWERS as OTHER_ANSWERS
from tests.domain.test_no_overall import CHECKLIST as NO_OVERALL_CHECKLIST
from tests.reports.accessible import assert_accessible
from tests.reports.samples import a_context
from tests.reports.test_report_pdf import a_report, pages_of
from toolkit.domain.assessment import Edition, SubjectKind
from toolkit.domain.assessment_file import attachment_data, canonical_bytes
from toolkit.domain.assessment_reading import read_file
from toolkit.domain.checklist import Track
from toolkit.domain.printed_figures import named_figures
from toolkit.domain.scoring import NO_OVERALL, score_assessment
from toolkit.domain.verification import Outcome, verify
from toolkit.reports.blank_form import form_context
from toolkit.reports.context.answers import Said
from toolkit.reports.html import render_form_html, render_html

ASSESSMENT = an_assessment(LAYERS, ANSWERS, facts={"has_port": False}, track=Track.FULL)
NATIONAL = "National policies and outcomes"
X = "{http://www.w3.org/1999/xhtml}"
CASES = [
    (LAYERS, ASSESSMENT),
    (LAYERS, an_assessment(LAYERS)),
    (NO_OVERALL_CHECKLIST, an_assessment(NO_OVERALL_CHECKLIST, OTHER_ANSWERS)),
    (NO_OVERALL_CHECKLIST, an_assessment(NO_OVERALL_CHECKLIST)),
]


def context(edition: Edition = Edition.INTERNAL):
    return a_context(LAYERS, ASSESSMENT, edition)


def text_of(element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def section(html: str, anchor: str):
    tree = html5lib.HTMLParser(strict=True).parse(html)
    return next(one for one in tree.iter(f"{X}section") if one.get("id") == anchor)


@pytest.mark.parametrize("edition", list(Edition))
@pytest.mark.parametrize(("checklist", "assessment"), CASES)
def test_every_figure_of_the_file_is_printed_and_no_other(checklist, assessment, edition):
    made = a_context(checklist, assessment, edition)
    card = score_assessment(checklist, assessment)
    held = named_figures(attachment_data(checklist, assessment, edition, card=card)["scores"])
    assert {(one.place, one.kind): one.exact for one in made.figures} == held
    tree = html5lib.HTMLParser(strict=True).parse(render_html(made))
    on_pages = {
        (one.get("data-place"), one.get("data-kind")) for one in tree.iter(f"{X}bdi") if one.get("class") == "fig"
    }
    assert on_pages == set(held)


@pytest.mark.parametrize("edition", list(Edition))
@pytest.mark.parametrize(("checklist", "assessment"), CASES)
def test_the_report_is_consistent_with_the_file_that_it_carries(checklist, assessment, edition):
    made = a_context(checklist, assessment, edition)
    data = attachment_data(checklist, assessment, edition, card=score_assessment(checklist, assessment))
    found = verify(read_file(canonical_bytes(data)), made.figures, checklist)
    assert (found.outcome, found.problems) == (Outcome.CONSISTENT, ())


class TestTheLayer:
    def test_is_a_chapter_of_its_own_named_in_the_contents(self):
        lines = [(line.anchor, line.title) for line in context().contents.lines if line.depth == 1]
        assert lines.index(("layer-national", NATIONAL)) == lines.index(("part-working", "Working together")) + 1
        assert [layer.id for layer in context().layers] == ["national"]

    def test_shows_each_theme_in_the_column_of_its_level(self):
        (table, _, other) = section(render_html(context()), "layer-national").iter(f"{X}table")
        rows = [[text_of(cell) for cell in row] for row in table.iter(f"{X}tr")]
        assert rows == [
            ["Theme", "Nothing found", "Adopted", "Carried out", "Known and used", "No level"],
            ["1.1 Young people", "", "1", "", "", ""],
            ["1.2 Skills", "", "", "", "", "none"],
            ["Themes", "0", "1", "0", "0", ""],
            ["Core questions, and how many are open", "0", "1", "0", "1", "1"],
        ]
        assert "Safety" in text_of(other)

    def test_shows_statistics_beside_it_but_not_in_the_public_edition(self):
        chapter = text_of(section(render_html(context()), "layer-national"))
        assert "What do official statistics say about young people?" in chapter
        assert "Employment rate 41.2 2025 Labour force survey" in chapter
        assert "41.2" not in render_html(context(Edition.PUBLIC))
        assert "Nothing of this layer was asked here." in chapter

    def test_says_that_layers_are_never_combined_and_nobody_is_ranked(self):
        chapter = text_of(section(render_html(context()), "layer-national"))
        assert "The layers are never combined: the index is made of “Joint work” alone." in chapter
        assert "no country or organization is ranked by it" in chapter
        assert "%" not in chapter
        assert f"“{NATIONAL}” stands in a chapter of its own" in context().letter.what
        assert any(rule.startswith(f"{NATIONAL}: The layers are never combined") for rule in context().method.rules)

    def test_heads_the_questions_of_each_theme(self):
        html = render_html(context())
        heads = [text_of(one) for one in section(html, "theme-youth").iter(f"{X}p") if one.get("class") == "layer"]
        assert heads == [NATIONAL, "Joint work"]
        assert '<p class="layer">' in html[html.index('id="answers"') :]

    def test_is_headed_on_the_blank_form_too(self):
        html = render_form_html(form_context(LAYERS, Track.FULL))
        assert html.count(f'<p class="layer">{NATIONAL}</p>') == 3
        assert "What the country has decided and measured." in html
        assert "The layers are never combined" in html

    @pytest.mark.parametrize("edition", [Edition.INTERNAL, Edition.PUBLIC])
    def test_makes_an_accessible_pdf(self, font_cache, edition):
        pdf = a_report(LAYERS, ASSESSMENT, edition, font_cache)
        assert_accessible(pdf, title=context(edition).title)
        assert NATIONAL in pages_of(pdf)
        assert pages_of(pdf)["Contents"] == 2


class TestNoOverall:
    made = a_context(NO_OVERALL_CHECKLIST, CASES[2][1], Edition.INTERNAL)

    def test_the_summary_says_so_in_one_sentence_and_shows_no_empty_place(self):
        summary = text_of(section(render_html(self.made), "summary"))
        assert summary.count(NO_OVERALL) == 1
        assert "Overall" not in summary
        assert "no score" not in summary
        assert "moved by one level changes the index of its objective by" in summary

    def test_the_annex_has_no_column_for_it(self):
        annex = section(render_html(self.made), "method")
        heads = [text_of(one) for one in annex.iter(f"{X}th")]
        assert "Overall" not in heads
        assert NO_OVERALL in text_of(annex)

    def test_what_a_part_says_of_itself_stands_beside_its_figure(self):
        chapter = section(render_html(self.made), "part-protection")
        words = text_of(chapter)
        assert words.index("This objective rests on one question.") < words.index("100 %") < words.index("Theme")

    def test_a_checklist_with_an_overall_and_without_layers_says_nothing_of_this(self):
        html = render_html(a_context(LAYERS, ASSESSMENT, Edition.INTERNAL))
        assert NO_OVERALL not in html


class TestTablesOfALayer:
    """Statistics are printed once, in the chapter of their layer, each column as wide as what stands in it."""

    html = render_html(a_context(LAYERS, ASSESSMENT, Edition.INTERNAL))
    tables = tuple(
        fact for layer in context().layers for part in layer.parts for theme in part.themes for fact in theme.facts
    )

    def test_the_annex_names_the_chapter_instead_of_repeating_the_table(self):
        annex = text_of(section(self.html, "answers"))
        filled = [one for one in self.tables if one.said.rows]
        assert filled
        assert annex.count(f"The table stands in the chapter “{NATIONAL}”.") == len(filled)
        for fact in filled:
            assert self.html.count(fact.said.rows[0][0]) == 1, fact.text

    def test_a_year_takes_less_room_than_a_source_and_all_fit_on_the_page(self):
        rows = (("Unemployment rate of women", "5.1", "2024", "National Institute of Statistics"),)
        widths = Said(columns=("Indicator", "Value", "Year", "Source"), rows=rows).widths
        assert len(widths) == 3
        assert widths[0] > widths[1] == widths[2] > 0
        assert sum(widths) < 80


def test_the_letter_of_a_country_team_speaks_of_its_work_as_a_team():
    team = replace(ASSESSMENT, subject=replace(ASSESSMENT.subject, kind=SubjectKind.COUNTRY_TEAM))
    assert a_context(LAYERS, team, Edition.INTERNAL).letter.what.startswith("How our work as a country team takes")
    assert context().letter.what.startswith("How our own policies and work take")
