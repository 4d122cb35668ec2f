"""Two people on one answer: the second is told, sees both, chooses; and both stay in the history."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
THEME, QUESTION = "youth", "youth_jobs"
FIRST, SECOND = "Written first, by the focal point.", "Written meanwhile, by the contributor."
BOTH = f"{FIRST}\n\n{SECOND}"


@pytest.fixture
def two(filled, somebody):
    """The focal point and a contributor, each with the same theme of a new assessment open."""

    def sit_down(*, scripted):
        assessment = filled.start()
        pair = [somebody(role, scripted=scripted) for role in ("focal_point", "contributor")]
        for one in pair:
            one.goes_to(f"/assessments/{assessment}/themes/{THEME}")
        return assessment, *pair

    return sit_down


def write_against_each_other(dalia, esteban):
    """The one saves, then the other, who has not seen it."""
    dalia.picks(QUESTION, 1)
    dalia.comments(QUESTION, FIRST)
    dalia.is_told_it_is_saved(QUESTION)
    esteban.comments(QUESTION, SECOND)


def kept(filled, assessment):
    return [(answer.value, answer.comment) for answer in filled.history(assessment, QUESTION)]


def expect_both_with_names(shown, filled):
    expect(shown).to_contain_text(FIRST)
    expect(shown).to_contain_text(SECOND)
    expect(shown).to_contain_text(filled.account("focal_point").name)
    expect(shown).to_contain_text(re.compile(r"\d\d:\d\d"))


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ("Keep the saved one", [(1, FIRST)]),
        ("Save mine instead", [(3, SECOND), (1, FIRST)]),
        ("Mine, with both texts put together", [(3, f"{FIRST}\n\n{SECOND}"), (1, FIRST)]),
    ],
)
def test_the_second_is_told_and_chooses_in_a_dialog(filled, two, choice, left):
    assessment, dalia, esteban = two(scripted=True)
    write_against_each_other(dalia, esteban)
    dialog = esteban.page.get_by_role("dialog")
    expect_both_with_names(dialog, filled)
    expect(dialog).to_have_accessible_name(re.compile("saved this answer before you"))
    assert kept(filled, assessment)[0][1] == FIRST
    esteban.page.keyboard.press("Escape")
    expect(esteban.status(QUESTION)).to_contain_text("Not saved")
    esteban.picks(QUESTION, 3)
    esteban.status(QUESTION).get_by_role("button").click()
    esteban.page.get_by_role("dialog").get_by_role("button", name=choice).click()
    expect(esteban.status(QUESTION)).to_have_class(re.compile("good"))
    expect(esteban.comment(QUESTION)).to_have_value(left[0][1])
    found = kept(filled, assessment)
    assert [one for one in found if one in left] == left
    assert found[0] == left[0]


def test_the_dialog_shows_what_was_typed_meanwhile_and_a_choice_can_be_taken_back(filled, two):
    assessment, dalia, esteban = two(scripted=True)
    write_against_each_other(dalia, esteban)
    dialog = esteban.page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"\d{1,2} \w+ \d{4}, \d\d:\d\d UTC"))
    esteban.page.keyboard.press("Escape")
    esteban.comments(QUESTION, "And typed on.")
    esteban.status(QUESTION).get_by_role("button").click()
    expect(dialog).to_contain_text("And typed on.")
    dialog.get_by_role("button", name="Keep the saved one").click()
    expect(esteban.comment(QUESTION)).to_have_value(FIRST)
    esteban.status(QUESTION).get_by_role("button", name="Take mine after all").click()
    expect(esteban.status(QUESTION)).to_contain_text("Saved")
    expect(esteban.comment(QUESTION)).to_have_value("And typed on.")
    assert kept(filled, assessment)[0][1] == "And typed on."


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ("The saved one, by", [(1, FIRST)]),
        ("Mine The saved one stays", [(2, SECOND), (1, FIRST)]),
        ("Mine, with both texts kept together", [(2, BOTH), (1, FIRST)]),
    ],
    ids=["theirs", "mine", "both"],
)
def test_the_second_chooses_on_a_page_without_a_script(filled, two, choice, left):
    assessment, dalia, esteban = two(scripted=False)
    write_against_each_other(dalia, esteban)
    esteban.picks(QUESTION, 2)
    esteban.presses("Save")
    esteban.sees_heading("Somebody saved an answer before you")
    expect_both_with_names(esteban.page.locator(".sides"), filled)
    expect(esteban.page.locator(".sides")).to_contain_text(filled.account("contributor").name)
    expect(esteban.page.get_by_role("radio", checked=True)).to_have_count(0)
    esteban.presses("Save my choice")
    esteban.sees("Choose which answer stays.")
    assert kept(filled, assessment) == [(1, FIRST)]
    esteban.page.get_by_role("radio", name=choice).check()
    esteban.presses("Save my choice")
    expect(esteban.comment(QUESTION)).to_have_value(left[0][1])
    assert kept(filled, assessment) == left


def test_a_third_version_that_comes_while_the_second_chooses_is_not_run_over(filled, two):
    assessment, dalia, esteban = two(scripted=False)
    write_against_each_other(dalia, esteban)
    esteban.picks(QUESTION, 2)
    esteban.presses("Save")
    filled.save(assessment, QUESTION, 4, "And a third.")
    esteban.page.get_by_role("radio", name="Mine, with both").check()
    esteban.presses("Save my choice")
    esteban.sees("And a third.")
    expect(esteban.page.locator(".sides .card").last).not_to_contain_text(FIRST)
    assert kept(filled, assessment)[0] == (4, "And a third.")


def test_a_dialog_that_opens_while_somebody_types_takes_no_key_for_a_choice(filled, two):
    assessment, dalia, esteban = two(scripted=True)
    write_against_each_other(dalia, esteban)
    dialog = esteban.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for key in ("Space", "Enter", "x"):
        esteban.page.keyboard.press(key)
    expect(dialog).to_be_visible()
    expect(esteban.comment(QUESTION)).to_have_value(SECOND)
    assert kept(filled, assessment)[0] == (1, FIRST)
