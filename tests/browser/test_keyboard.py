"""By keyboard alone: every stop is marked and on view, a theme is answered, saved and left without a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessible import check
from tests.browser.fixtures import DESK_WIDTH, PHONE_WIDTH
from tests.browser.states import path_of

pytestmark = pytest.mark.browser
THEME, QUESTION = "social_partners", "partners_in_programmes"
STOPS = 250
PAGES = {
    "front": ("", "/"),
    "sign in": ("", "/sign-in"),
    "checklist": ("", "/checklists/global/2.0.0"),
    "my work": ("focal_point", "/work"),
    "start": ("focal_point", "/assessments/new"),
    "overview": ("focal_point", "/assessments/{draft}"),
    "mandate": ("focal_point", "/assessments/{draft}/scope"),
    "theme": ("focal_point", "/assessments/{draft}/themes/leadership"),
    "review": ("focal_point", "/assessments/{draft}/review"),
    "results": ("focal_point", "/assessments/{submitted}/results"),
    "downloads": ("focal_point", "/assessments/{submitted}/downloads"),
    "people": ("administrator", "/people"),
}


def press(page, key):
    """Press a key and look at where the focus is: the name of that stop, empty at the end of the page."""
    page.keyboard.press(key)
    found = check(page, "focus")
    assert found["complaints"] == []
    return "" if found["nothing"] else found["name"]


def tab_to(page, selector):
    """Press Tab until the focus is on something."""
    for _ in range(STOPS):
        press(page, "Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} was not reached by Tab")


def test_a_theme_is_answered_saved_and_left(filled, somebody):
    assessment = filled.start()
    dalia = somebody("focal_point")
    page = dalia.page
    dalia.goes_to(f"/assessments/{assessment}/themes/{THEME}")

    assert "Skip to the content" in press(page, "Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    tab_to(page, f"#q-{QUESTION} input[type=radio]")
    for _ in range(4):
        press(page, "ArrowDown")
    assert dalia.picked(QUESTION) == "3"
    tab_to(page, f"#q-{QUESTION} details:has(textarea) > summary")
    press(page, "Enter")
    tab_to(page, f"#q-{QUESTION} textarea[name$=comment]")
    page.keyboard.type("Typed without a mouse.")
    dalia.is_told_it_is_saved(QUESTION)
    tab_to(page, "button[name=next]")
    with page.expect_navigation():
        page.keyboard.press("Space")
    assert not dalia.path.endswith(THEME)
    kept = filled.history(assessment, QUESTION)[0]
    assert (kept.value, kept.comment) == (3, "Typed without a mouse.")


def test_the_choice_between_two_answers_is_made_by_keyboard(filled, somebody):
    assessment = filled.start()
    dalia = somebody("focal_point")
    dalia.goes_to(f"/assessments/{assessment}/themes/{THEME}")
    filled.save(assessment, QUESTION, 1, "Saved before.", role="contributor")
    dalia.comments(QUESTION, "Saved after.")
    dialog = dalia.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert dalia.page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
    for _ in range(10):
        if "Save mine" in press(dalia.page, "Tab"):
            break
    dalia.page.keyboard.press("Enter")
    dalia.is_told_it_is_saved(QUESTION)
    assert filled.history(assessment, QUESTION)[0].comment == "Saved after."


@pytest.mark.parametrize("width", [DESK_WIDTH, PHONE_WIDTH], ids=["desk", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_every_stop_is_marked_and_on_view(filled, somebody, name, width):
    role, path = PAGES[name]
    one = somebody(role, width=width)
    one.goes_to(path_of(path, filled))
    stops = []
    while len(stops) < STOPS and (stop := press(one.page, "Tab")):
        stops.append(stop)
    assert len(stops) >= 8
    for _ in range(min(len(stops), 40)):  # and backwards, where what sticks to the window's edge may cover other things
        press(one.page, "Shift+Tab")


def test_a_page_of_errors_takes_the_focus_and_leads_to_the_field(somebody):
    one = somebody()
    one.goes_to("/sign-in")
    one.presses("Sign in")
    assert one.page.title().startswith("Error: ")
    assert one.page.evaluate("document.activeElement.className") == "errors"
    press(one.page, "Tab")
    with one.page.expect_event("framenavigated"):
        one.page.keyboard.press("Enter")
    assert one.page.evaluate("document.activeElement.id") == "email"
    expect(one.page.get_by_label("E-mail address")).to_have_accessible_description(re.compile("Enter your e-mail"))


@pytest.mark.parametrize("width", [DESK_WIDTH, PHONE_WIDTH], ids=["desk", "phone"])
@pytest.mark.parametrize("name", ["overview", "theme", "results"])
def test_the_parts_of_a_page_are_drawn_in_the_order_of_its_stops(filled, somebody, name, width):
    role, path = PAGES[name]
    one = somebody(role, width=width)
    one.goes_to(path_of(path, filled))
    drawn = one.page.locator(".columns").first.evaluate(
        "columns => [...columns.children].map(one => one.getBoundingClientRect()).map(box => [box.top, box.left])"
    )
    assert len(drawn) == 2
    (top, left), (other_top, other_left) = drawn
    assert left < other_left if width == DESK_WIDTH else top < other_top


def test_an_added_row_of_evidence_has_a_number_of_its_own(filled, somebody):
    dalia = somebody("focal_point")
    dalia.goes_to(f"/assessments/{filled.start()}/themes/{THEME}")
    dalia.comment(QUESTION)
    section = dalia.question(QUESTION)
    section.get_by_role("button", name="Add another").click()
    for label in ("Evidence 1, title", "Evidence 1, link", "Evidence 2, title", "Evidence 2, link"):
        expect(section.get_by_label(label)).to_have_count(1)
    expect(section.get_by_label("Evidence 2, title")).to_be_focused()
