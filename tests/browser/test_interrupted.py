"""A tab that slept, a line lost for a minute, the back button, and who else is on the page."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from toolkit.domain.voices import VoiceKind
from toolkit.storage.assessments import VoiceRecord
from toolkit.storage.db import transaction

pytestmark = pytest.mark.browser
THEME, NEXT, QUESTION, OTHER = "care", "crisis", "care_jobs", "family_duties"
WORDS = "What the survey of last year found about care work."


@pytest.fixture
def dalia(filled, somebody):
    """The focal point before a theme of a new assessment, in a session of its own."""
    dalia = somebody(token=filled.fresh_token("focal_point"))
    dalia.assessment = filled.start()
    dalia.goes_to(f"/assessments/{dalia.assessment}/themes/{THEME}")
    return dalia


def kept(filled, dalia, question=QUESTION):
    return [answer.comment for answer in filled.history(dalia.assessment, question)]


def test_a_tab_that_slept_while_somebody_else_answered_is_told_and_runs_nobody_over(filled, dalia):
    devices = dalia.page.context.new_cdp_session(dalia.page)
    dalia.comments(QUESTION, "Begun before lunch")
    dalia.is_told_it_is_saved(QUESTION)
    devices.send("Page.setWebLifecycleState", {"state": "frozen"})
    filled.save(dalia.assessment, QUESTION, 1, "Written during lunch", role="contributor")
    devices.send("Page.setWebLifecycleState", {"state": "active"})
    dalia.comments(QUESTION, "Begun before lunch, ended after it")
    dialog = dalia.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Written during lunch")
    expect(dialog).to_contain_text("Begun before lunch, ended after it")
    assert kept(filled, dalia) == ["Written during lunch", "Begun before lunch"]
    dialog.get_by_role("button", name="Mine, with both texts put together").click()
    dalia.is_told_it_is_saved(QUESTION)
    assert kept(filled, dalia)[0] == "Written during lunch\n\nBegun before lunch, ended after it"


def test_what_waited_in_a_tab_that_slept_is_saved_when_it_wakes(filled, dalia):
    devices = dalia.page.context.new_cdp_session(dalia.page)
    dalia.comment(QUESTION).fill(WORDS)
    devices.send("Page.setWebLifecycleState", {"state": "frozen"})
    devices.send("Page.setWebLifecycleState", {"state": "active"})
    dalia.is_told_it_is_saved(QUESTION)
    assert kept(filled, dalia)[0] == WORDS


def test_a_line_that_is_lost_for_a_minute_costs_no_word(filled, dalia):
    dalia.page.clock.install()
    dalia.page.reload()
    dalia.page.context.set_offline(True)
    dalia.picks(QUESTION, 3)
    dalia.comments(QUESTION, WORDS)
    for _ in range(14):  # what is typed meanwhile, and every try in between
        dalia.page.clock.run_for(5_000)
    expect(dalia.status(QUESTION)).to_contain_text(re.compile("^Not saved. What you typed is kept"))
    dalia.comments(OTHER, "Typed in the tunnel")
    dalia.page.clock.run_for(5_000)
    assert kept(filled, dalia) == []
    dalia.page.context.set_offline(False)
    dalia.page.clock.run_for(31_000)
    dalia.is_told_it_is_saved(QUESTION)
    dalia.is_told_it_is_saved(OTHER)
    assert kept(filled, dalia)[0] == WORDS
    assert kept(filled, dalia, OTHER)[0] == "Typed in the tunnel"


def test_going_back_shows_what_was_saved_and_goes_on_from_there(filled, dalia):
    dalia.picks(QUESTION, 2)
    dalia.comments(QUESTION, "First")
    dalia.is_told_it_is_saved(QUESTION)
    dalia.goes_to(f"/assessments/{dalia.assessment}/themes/{NEXT}")
    dalia.page.go_back()
    expect(dalia.comment(QUESTION)).to_have_value("First")
    assert dalia.picked(QUESTION) == "2"
    dalia.comments(QUESTION, "First, and second")
    dalia.is_told_it_is_saved(QUESTION)
    expect(dalia.page.get_by_role("dialog")).to_have_count(0)
    assert kept(filled, dalia) == ["First, and second", "First"] or kept(filled, dalia)[0] == "First, and second"


def test_without_a_script_going_back_after_saving_loses_nothing(filled, somebody):
    dalia = somebody("focal_point", scripted=False)
    dalia.assessment = filled.start()
    dalia.goes_to(f"/assessments/{dalia.assessment}/themes/{THEME}")
    dalia.comments(QUESTION, "First")
    dalia.page.get_by_role("button", name="Save", exact=True).click()
    dalia.goes_to(f"/assessments/{dalia.assessment}/themes/{NEXT}")
    dalia.page.go_back()
    expect(dalia.comment(QUESTION)).to_have_value("First")
    dalia.comments(QUESTION, "First, and second")
    dalia.page.get_by_role("button", name="Save", exact=True).click()
    dalia.sees("Everything on this page is saved.")
    assert kept(filled, dalia) == ["First, and second", "First"]


def test_who_else_is_on_the_page_is_named(filled, dalia, somebody):
    esteban = somebody("contributor")
    esteban.goes_to(f"/assessments/{dalia.assessment}/themes/{THEME}")
    expect(esteban.page.locator("#others")).to_have_text(f"Also on this page: {filled.account('focal_point').name}")
    esteban.goes_to(f"/assessments/{dalia.assessment}/themes/{NEXT}")
    expect(esteban.page.locator("#others")).to_have_text("")


def test_what_is_typed_in_a_voice_is_saved_in_that_voice_and_nowhere_else(filled, dalia):
    assessment, voice = UUID(dalia.assessment), uuid4()
    with filled.services(), transaction() as session:
        unit = {"id": voice, "assessment_id": assessment, "kind": VoiceKind.UNIT, "name": "Field office East"}
        session.execute(sa.insert(VoiceRecord).values(unit))
    dalia.goes_to(f"/assessments/{assessment}/themes/{THEME}?voice={voice}")
    dalia.sees("Field office East")
    dalia.comments(QUESTION, WORDS)
    dalia.is_told_it_is_saved(QUESTION)
    dalia.page.get_by_role("button", name="Save", exact=True).click()
    dalia.sees("Everything on this page is saved.")
    assert f"voice={voice}" in dalia.page.url
    expect(dalia.comment(QUESTION)).to_have_value(WORDS)
    assert kept(filled, dalia) == [], "the consolidated answer is as it was"
