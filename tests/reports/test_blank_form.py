from __future__ import annotations

import html5lib
import pytest

from tests.builders import a_checklist, a_part, a_theme
from tests.reports.accessible import assert_accessible
from tests.reports.samples import a_rating, the_checklist
from toolkit.domain.checklist import Compare, Source, Test, Track
from toolkit.reports.blank_form import form_context
from toolkit.reports.html import render_form_html
from toolkit.reports.making import make_form

CHECKLIST = the_checklist()


def words(html):
    return "".join(html5lib.HTMLParser(strict=True).parse(html).itertext())


def test_a_form_shows_every_level_with_its_criterion_and_a_place_for_each_kind(font_cache):
    text = words(render_form_html(form_context(CHECKLIST, Track.CORE)))
    for present in ("Criterion of level 4.", "Yes", "Second", "offices", "Staff", "How many people work there?"):
        assert present in text
    pdf = make_form(CHECKLIST, Track.CORE, cache_folder=font_cache)
    assert_accessible(pdf, title="Sample checklist 1.0.0: blank form, core track")
    assert make_form(CHECKLIST, Track.CORE, cache_folder=font_cache) == pdf


@pytest.mark.parametrize(
    ("track", "asked"), [(Track.SCAN, ["a"]), (Track.CORE, ["a", "b"]), (Track.FULL, ["a", "b", "c"])]
)
def test_a_form_asks_what_its_track_asks(track, asked):
    questions = (a_rating("a", track=Track.SCAN), a_rating("b"), a_rating("c", track=Track.FULL))
    form = form_context(a_checklist(a_part("employment", a_theme("jobs", *questions))), track)
    texts = [question.text for part in form.parts for theme in part.themes for question in theme.questions]
    assert texts == [f"Question {name}?" for name in asked]


def test_a_question_with_a_condition_says_that_it_may_not_apply():
    gate = Compare(Source("a"), Test.AT_LEAST, (1,))
    checklist = a_checklist(a_part("employment", a_theme("jobs", a_rating("a"), a_rating("b", ask_if=gate))))
    [theme] = form_context(checklist, Track.CORE).parts[0].themes
    assert [question.only_if for question in theme.questions] == [False, True]
