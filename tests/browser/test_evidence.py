"""Files as evidence beside the saving of what is typed, with and without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.evidence_samples import CSV, PDF

pytestmark = pytest.mark.browser
THEME, QUESTION = "care", "care_jobs"
WORDS = "What the survey of last year found about care work."


def a_file(name="Survey 2026.pdf", content=PDF):
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


@pytest.fixture
def sit(filled, somebody):
    """The focal point before a theme of a new assessment."""

    def sit(**given):
        assessment = filled.start()
        dalia = somebody(token=filled.fresh_token("focal_point"), **given)
        dalia.assessment = assessment
        dalia.goes_to(f"/assessments/{assessment}/themes/{THEME}")
        return dalia

    return sit


def test_a_file_goes_beside_the_typing_and_the_answer_names_it(filled, sit):
    dalia = sit()
    dalia.picks(QUESTION, 3)
    dalia.comments(QUESTION, WORDS)
    dalia.page.route(re.compile(r"/files\.json"), lambda route: (dalia.page.wait_for_timeout(600), route.continue_()))
    section = dalia.question(QUESTION)
    with dalia.page.expect_file_chooser() as chooser:
        section.get_by_role("button", name="Add a file").click()
    chooser.value.set_files(a_file())
    dalia.comments(QUESTION, WORDS + " Typed while the file travels.")
    title = section.get_by_label(re.compile("Evidence 1, title"))
    expect(title).to_have_value("Survey 2026.pdf")
    expect(title).to_be_focused()
    dalia.page.keyboard.type("The survey")
    dalia.is_told_it_is_saved(QUESTION)
    answer = filled.history(dalia.assessment, QUESTION)[0]
    assert (answer.value, answer.comment) == (3, WORDS + " Typed while the file travels.")
    assert [one.title for one in answer.evidence] == ["The survey"]
    assert len(answer.evidence[0].sha256) == 64
    dalia.page.reload()
    with dalia.page.expect_download() as download:
        section.get_by_role("link", name="Survey 2026.pdf").click()
    assert download.value.path().read_bytes() == PDF
    assert download.value.suggested_filename == "Survey 2026.pdf"


def test_several_files_and_links_and_one_taken_off(filled, sit):
    dalia = sit()
    dalia.adds_a_file(QUESTION, a_file())
    dalia.adds_a_file(QUESTION, a_file("Jobs.csv", CSV))
    section = dalia.question(QUESTION)
    section.get_by_label(re.compile("Evidence 3, title")).fill("A link")
    section.get_by_label(re.compile("Evidence 3, link")).fill("https://example.org")
    section.get_by_label(re.compile("Take it off the answer: evidence 1")).check()
    dalia.is_told_it_is_saved(QUESTION)
    answer = filled.history(dalia.assessment, QUESTION)[0]
    assert [one.title for one in answer.evidence] == ["Jobs.csv", "A link"]
    dalia.page.reload()
    expect(section.get_by_role("link", name="Jobs.csv")).to_be_visible()
    expect(section.get_by_text("Survey 2026.pdf")).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.html", b"<!doctype html>", "This kind of file is not taken"),
        ("large.pdf", PDF + bytes(10 * 2**20), "at most 10 MB fit"),
    ],
)
def test_a_file_that_is_refused_says_why_and_what_is_typed_goes_on_being_saved(filled, sit, name, content, words):
    dalia = sit()
    dalia.adds_a_file(QUESTION, a_file(name, content))
    expect(dalia.status(QUESTION)).to_contain_text(words)
    dalia.comments(QUESTION, WORDS)
    dalia.is_told_it_is_saved(QUESTION)
    assert filled.history(dalia.assessment, QUESTION)[0].evidence == ()


def test_a_lost_line_is_said_and_the_text_waits_for_it(filled, sit):
    dalia = sit()
    dalia.comments(QUESTION, WORDS)
    dalia.is_told_it_is_saved(QUESTION)
    dalia.page.context.set_offline(True)
    dalia.adds_a_file(QUESTION, a_file())
    expect(dalia.status(QUESTION)).to_contain_text("the line is down")
    dalia.page.context.set_offline(False)
    dalia.adds_a_file(QUESTION, a_file())
    dalia.is_told_it_is_saved(QUESTION)
    assert len(filled.history(dalia.assessment, QUESTION)[0].evidence) == 1


def test_an_unsaved_file_row_comes_back_with_the_draft(filled, sit, somebody):
    dalia = sit()
    dalia.comment(QUESTION)
    dalia.page.route(re.compile(rf"/answers/{QUESTION}$"), lambda route: route.abort())
    dalia.adds_a_file(QUESTION, a_file())
    expect(dalia.status(QUESTION)).to_contain_text("Not saved")
    drafts = dalia.page.evaluate("Object.entries(localStorage)")
    assert filled.history(dalia.assessment, QUESTION) == []
    later = somebody(token=filled.fresh_token("focal_point"))
    later.goes_to("/help")
    later.page.evaluate("drafts => drafts.forEach(([name, draft]) => localStorage.setItem(name, draft))", drafts)
    later.goes_to(f"/assessments/{dalia.assessment}/themes/{THEME}")
    later.is_told_it_is_saved(QUESTION)
    assert [one.title for one in filled.history(dalia.assessment, QUESTION)[0].evidence] == ["Survey 2026.pdf"]


def test_when_two_people_meet_the_files_of_the_saved_answer_stay_with_it(filled, sit, somebody):
    dalia = sit()
    other = somebody(token=filled.fresh_token("focal_point"))
    other.goes_to(f"/assessments/{dalia.assessment}/themes/{THEME}")
    dalia.picks(QUESTION, 3)
    dalia.adds_a_file(QUESTION, a_file())
    dalia.is_told_it_is_saved(QUESTION)
    other.comments(QUESTION, "Something else")
    dialog = other.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Survey 2026.pdf (file)")
    dialog.get_by_role("button", name="Keep the saved one").click()
    other.comments(QUESTION, "And a word of mine")
    other.is_told_it_is_saved(QUESTION)
    answer = filled.history(dalia.assessment, QUESTION)[0]
    assert (answer.comment, len(answer.evidence[0].sha256)) == ("And a word of mine", 64)


def test_without_a_script_nothing_typed_is_lost_on_the_way(filled, sit):
    dalia = sit(scripted=False)
    dalia.picks(QUESTION, 2)
    dalia.comments(QUESTION, WORDS)
    dalia.presses("Add a file", within=dalia.question(QUESTION))
    dalia.sees_heading("Add a file as evidence")
    dalia.page.get_by_label("Title").fill("The survey")
    dalia.page.get_by_label("File").set_input_files(a_file())
    dalia.presses("Add this file")
    expect(dalia.question(QUESTION).get_by_role("link", name="Survey 2026.pdf")).to_be_visible()
    answer = filled.history(dalia.assessment, QUESTION)[0]
    assert (answer.value, answer.comment, answer.evidence[0].title) == (2, WORDS, "The survey")
