"""By keyboard alone: every stop is marked and on view, a theme is answered, saved and left without a mouse."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.browser.accessible import check
from tests.browser.fixtures import DESK_WIDTH, PHONE_WIDTH
from tests.browser.states import path_of
from tests.browser.world import now
from tests.evidence_samples import PDF
from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.voices import VoiceKind
from toolkit.services import assessments, voices

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
    "who has what": ("focal_point", "/assessments/{draft}/handovers"),
    "hand over": ("focal_point", "/assessments/{draft}/handovers/new"),
    "files": ("focal_point", "/assessments/{draft}/answers/partners_in_programmes/files"),
    "voices": ("focal_point", "/assessments/{draft}/voices"),
    "side by side": ("focal_point", "/assessments/{draft}/side-by-side/discrimination"),
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


def test_a_theme_is_handed_over_answered_and_said_to_be_done(filled, somebody):
    assessment = filled.start(title="Handed over by keyboard")
    dalia, ami = somebody("focal_point"), somebody("contributor")
    page = dalia.page
    dalia.goes_to(f"/assessments/{assessment}/handovers/new")
    tab_to(page, f"input[value='theme/{THEME}']")
    press(page, "Space")
    tab_to(page, f"input[name=to][value='{filled.account('contributor').viewer.person_id}']")
    press(page, "Space")
    tab_to(page, "textarea[name=note]")
    page.keyboard.type("Please ask the field offices.")
    tab_to(page, "main form button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    dalia.sees("Handed over to one person.")

    page = ami.page
    ami.goes_to(f"/assessments/{assessment}")
    ami.sees("Please ask the field offices.")
    tab_to(page, f"a[href*='/themes/{THEME}']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, f"#q-{QUESTION} input[type=radio]")
    press(page, "ArrowDown")
    ami.is_told_it_is_saved(QUESTION)
    ami.goes_to(f"/assessments/{assessment}")
    tab_to(page, "details:has(form[action$='/done']) > summary")
    press(page, "Enter")
    tab_to(page, "form[action$='/done'] textarea")
    page.keyboard.type("Done without a mouse.")
    tab_to(page, "form[action$='/done'] button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    ami.sees("It is marked as done")


def test_a_file_is_added_by_keyboard(filled, somebody):
    assessment = filled.start()
    dalia = somebody("focal_point")
    page = dalia.page
    dalia.goes_to(f"/assessments/{assessment}/answers/{QUESTION}/files")
    tab_to(page, "input[type=file]")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files({"name": "plan.pdf", "mimeType": "application/pdf", "buffer": PDF})
    tab_to(page, "main form:has(input[type=file]) button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    dalia.sees("plan.pdf")


def test_what_a_voice_says_is_taken_over_by_keyboard(filled, somebody):
    assessment = UUID(filled.start("tiny", "1.0.0"))
    lead = filled.account("focal_point").viewer
    with filled.services():
        voice = voices.add(assessment, VoiceKind.UNIT, "Office", viewer=lead, now=now())
        said = {"policy": (Answer(AnswerState.ANSWERED, 2), 0)}
        assessments.save_answers(assessment, said, viewer=lead, now=now(), voice=voice)
    dalia = somebody("focal_point")
    dalia.goes_to(f"/assessments/{assessment}/side-by-side/jobs")
    tab_to(dalia.page, "form[action*='side-by-side'] button")
    with dalia.page.expect_navigation():
        dalia.page.keyboard.press("Enter")
    dalia.sees("Taken over as the consolidated answer")
    assert filled.history(str(assessment), "policy")[0].value == 2


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
