from __future__ import annotations

import html5lib
import pytest

from tests.builders import a_checklist, a_part, a_theme
from tests.reports.accessible import assert_accessible
from tests.reports.samples import a_rating, the_checklist
from toolkit.domain.checklist import Compare, Source, Test, Track
from toolkit.domain.supplements import Note, Supplement
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


def test_the_notes_of_a_supplement_stand_below_the_guidance_and_are_named_on_the_cover():
    checklist = a_checklist(a_part("employment", a_theme("jobs", a_rating("a", guidance="Look."), a_rating("b"))))
    notes = {"a": Note("Look at loans.", ("One bank.", "Another.")), "b": Note(examples=("A third.",))}
    banks = Supplement(checklist.id, checklist.version, "development_bank", "development banks", "Banks", "", notes)
    form = form_context(checklist, Track.CORE, banks)
    text = words(render_form_html(form))
    assert "With notes for development banks" in text
    assert text.index("Look.") < text.index("For development banks Look at loans.") < text.index("Another.")
    assert "Example for development banks A third." in text
    plain = form_context(checklist, Track.CORE)
    assert "development banks" not in words(render_form_html(plain))
    assert [part.themes[0].questions[0].choices for part in form.parts] == [
        part.themes[0].questions[0].choices for part in plain.parts
    ]
    assert form.digest == plain.digest


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
