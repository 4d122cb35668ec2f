"""No word is lost: not with the line, not with the session, not with the page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.fixtures import COOKIE
from tests.browser.journey import Somebody
from tests.browser.world import PASSWORD

pytestmark = pytest.mark.browser
THEME, QUESTION, OTHER = "care", "care_jobs", "family_duties"
WORDS = "What the survey of last year found about care work."


@pytest.fixture
def dalia(filled, somebody):
    """The focal point before a theme of a new assessment, in a session of its own."""
    assessment = filled.start()
    dalia = somebody(token=filled.fresh_token("focal_point"))
    dalia.assessment = assessment
    dalia.goes_to(f"/assessments/{assessment}/themes/{THEME}")
    return dalia


def kept(filled, dalia, question=QUESTION):
    return [answer.comment for answer in filled.history(dalia.assessment, question)]


def test_an_answer_saves_itself_and_is_there_after_a_reload(filled, dalia):
    dalia.picks(QUESTION, 2)
    dalia.comments(QUESTION, WORDS)
    dalia.is_told_it_is_saved(QUESTION)
    assert kept(filled, dalia)[0] == WORDS
    dalia.page.reload()
    assert dalia.picked(QUESTION) == "2"
    expect(dalia.comment(QUESTION)).to_have_value(WORDS)


def test_when_fast_fingers_type_the_last_words_win(filled, dalia):
    box = dalia.comment(QUESTION)
    box.click()
    dalia.page.keyboard.type("a" * 60, delay=15)
    for number in range(25):
        box.fill(f"Version {number}")
        dalia.page.wait_for_timeout(60)
    dalia.is_told_it_is_saved(QUESTION)
    expect(box).to_have_value("Version 24")
    assert kept(filled, dalia)[0] == "Version 24"


def test_what_is_typed_while_the_answer_travels_is_saved_too(filled, dalia):
    def slowly(route):
        dalia.page.wait_for_timeout(700)
        route.continue_()

    dalia.page.route(re.compile("/answers/"), slowly)
    dalia.comments(QUESTION, "The first half")
    with dalia.page.expect_request(re.compile("/answers/")):
        pass
    dalia.comments(QUESTION, "The first half, and the second.")
    dalia.is_told_it_is_saved(QUESTION)
    assert kept(filled, dalia)[0] == "The first half, and the second."


def test_a_lost_line_is_said_and_what_was_typed_is_sent_when_it_is_back(filled, dalia):
    dalia.page.context.set_offline(True)
    dalia.picks(QUESTION, 3)
    dalia.comments(QUESTION, WORDS)
    expect(dalia.status(QUESTION)).to_contain_text(re.compile("^Not saved. What you typed is kept"))
    expect(dalia.comment(QUESTION)).to_have_value(WORDS)
    expect(dalia.page.locator("#all-status")).to_contain_text("1 not saved yet")
    assert kept(filled, dalia) == []
    dalia.page.context.set_offline(False)
    dalia.is_told_it_is_saved(QUESTION)
    expect(dalia.page.locator("#all-status")).to_contain_text("All saved")
    assert kept(filled, dalia)[0] == WORDS


def test_a_failing_server_is_said_and_asked_again(filled, dalia):
    dalia.page.route(re.compile("/answers/"), lambda route: route.fulfill(status=503, json={"error": {"status": 503}}))
    dalia.comments(QUESTION, WORDS)
    expect(dalia.status(QUESTION)).to_contain_text(re.compile("^Not saved. What you typed is kept"))
    dalia.page.unroute(re.compile("/answers/"))
    dalia.is_told_it_is_saved(QUESTION)
    assert kept(filled, dalia)[0] == WORDS


def test_unsaved_words_are_offered_again_after_a_reload(filled, dalia):
    dalia.page.context.set_offline(True)
    dalia.picks(QUESTION, 1)
    dalia.comments(QUESTION, WORDS)
    expect(dalia.status(QUESTION)).to_contain_text(re.compile("^Not saved. What you typed is kept"))
    where = dalia.path
    dalia.page.close()
    dalia.page.context.set_offline(False)
    dalia.page = dalia.page.context.new_page()
    assert kept(filled, dalia) == []

    dalia.goes_to("/work")
    dalia.sees("Something you typed is not saved yet.")
    dalia.follows("Open it and save it")
    assert dalia.path == where
    expect(dalia.comment(QUESTION)).to_have_value(WORDS)
    dalia.is_told_it_is_saved(QUESTION)
    assert kept(filled, dalia)[0] == WORDS


def test_unsaved_words_of_one_person_are_not_shown_to_the_next_at_the_same_browser(filled, dalia):
    dalia.page.context.set_offline(True)
    dalia.comments(QUESTION, WORDS)
    expect(dalia.status(QUESTION)).to_contain_text(re.compile("^Not saved. What you typed is kept"))
    where = dalia.path
    dalia.page.close()
    dalia.page.context.clear_cookies()
    dalia.page.context.set_offline(False)
    esteban = filled.account("contributor")
    dalia.page = dalia.page.context.new_page()
    dalia.goes_to("/sign-in")
    dalia.signs_in(esteban.email, PASSWORD)
    expect(dalia.page.get_by_text("Something you typed is not saved yet.")).to_have_count(0)
    dalia.goes_to(where)
    expect(dalia.comment(QUESTION)).to_have_value("")
    assert kept(filled, dalia) == []


def sign_in_elsewhere(dalia, account):
    """Follow the link beside the answer to another tab, sign in there, and come back."""
    with dalia.page.context.expect_page() as opened:
        dalia.status(QUESTION).get_by_role("link", name="Sign in again").click()
    again = Somebody(opened.value)
    again.signs_in(account.email, PASSWORD)
    again.page.close()
    dalia.page.bring_to_front()
    dalia.page.evaluate("() => dispatchEvent(new Event('focus'))")


@pytest.mark.parametrize("cookie", [COOKIE, None], ids=["the session", "every cookie"])
def test_a_session_that_ends_while_somebody_types_costs_no_word(filled, dalia, cookie):
    dalia.page.context.clear_cookies(**({"name": cookie} if cookie else {}))
    dalia.comments(QUESTION, WORDS)
    expect(dalia.status(QUESTION)).to_contain_text("you are signed out")
    expect(dalia.comment(QUESTION)).to_have_value(WORDS)
    sign_in_elsewhere(dalia, filled.account("focal_point"))
    dalia.is_told_it_is_saved(QUESTION)
    assert kept(filled, dalia)[0] == WORDS


def test_what_one_person_typed_is_not_saved_in_the_name_of_the_next(filled, dalia):
    dalia.page.context.clear_cookies()
    dalia.comments(QUESTION, WORDS)
    expect(dalia.status(QUESTION)).to_contain_text("you are signed out")
    with dalia.page.expect_request("**/token.json"):
        sign_in_elsewhere(dalia, filled.account("contributor"))
    expect(dalia.status(QUESTION)).to_contain_text("you are signed out")
    expect(dalia.comment(QUESTION)).to_have_value(WORDS)
    assert kept(filled, dalia) == []


def test_leaving_at_once_takes_the_last_words_along(filled, dalia):
    dalia.comments(QUESTION, WORDS)
    dalia.goes_to("/help")
    for _ in range(30):
        if kept(filled, dalia):
            break
        dalia.page.wait_for_timeout(100)
    assert kept(filled, dalia)[0] == WORDS


def test_the_button_waits_for_what_is_not_saved_yet(filled, dalia):
    order = []

    def saved(request):
        if request.url.endswith(f"/answers/{OTHER}") and "survey" in (request.post_data or ""):
            order.append("words saved")

    def sent(request):
        if request.method == "POST" and request.url.endswith(f"/themes/{THEME}"):
            order.append("form sent")

    dalia.page.on("requestfinished", saved)
    dalia.page.on("request", sent)
    dalia.picks(QUESTION, 2)
    dalia.picks(OTHER, 3)
    dalia.comments(OTHER, WORDS)
    dalia.goes_on()
    assert order == ["words saved", "form sent"]
    assert "/themes/" in dalia.path
    assert not dalia.path.endswith(THEME)
    assert filled.history(dalia.assessment, QUESTION)[0].value == 2
    assert kept(filled, dalia, OTHER)[0] == WORDS


def test_the_button_stays_here_when_something_cannot_be_saved(filled, dalia):
    dalia.page.context.set_offline(True)
    dalia.comments(QUESTION, WORDS)
    dalia.page.get_by_role("button", name=re.compile("^Save and ")).click()
    expect(dalia.page.locator("#all-status")).to_contain_text("Not everything is saved")
    assert dalia.path.endswith(THEME)
    expect(dalia.comment(QUESTION)).to_have_value(WORDS)


@pytest.mark.parametrize("cookie", [COOKIE, None], ids=["the session", "every cookie"])
def test_without_a_script_what_was_typed_is_offered_after_the_sign_in_and_saved(filled, somebody, cookie):
    assessment, account = filled.start(), filled.account("focal_point")
    dalia = somebody(token=filled.fresh_token("focal_point"), scripted=False)
    dalia.assessment = assessment
    dalia.goes_to(f"/assessments/{assessment}/themes/{THEME}")
    dalia.picks(QUESTION, 2)
    dalia.comments(QUESTION, WORDS)
    dalia.page.context.clear_cookies(**({"name": cookie} if cookie else {}))
    dalia.presses("Save")
    level = filled.checklist.question(QUESTION).scale.levels[2]
    expect(dalia.page.get_by_label("Comment", exact=True)).to_have_value(WORDS)
    expect(dalia.page.get_by_label("Answer", exact=True)).to_have_value(f"2 {level.label}")
    dalia.signs_in(account.email, PASSWORD)
    dalia.sees_heading("You are signed in again")
    dalia.sees(filled.checklist.question(QUESTION).text)
    dalia.sees(account.name)
    expect(dalia.page.get_by_label("Comment", exact=True)).to_have_value(WORDS)
    assert kept(filled, dalia) == []
    dalia.presses("Save what you wrote")
    dalia.sees("Everything on this page is saved.")
    assert dalia.path.endswith(THEME)
    expect(dalia.comment(QUESTION)).to_have_value(WORDS)
    assert dalia.picked(QUESTION) == "2"
    assert kept(filled, dalia) == [WORDS]
