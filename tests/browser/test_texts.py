"""Whatever people write is shown as they wrote it: right to left, very long, or looking like a program."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.accessible import check

pytestmark = pytest.mark.browser
THEME, QUESTION, IMPROVE = "care", "care_jobs", "improve_care"
ARABIC = "تقرير العمل اللائق لعام 2026 (ILO)."
LONG = ("Sentence after sentence about care work. " * 250)[:10_000].strip().ljust(10_000, ".")
ENDLESS = "w" * 10_000
NASTY = """</textarea><script>document.title = 'taken'</script><img src=x onerror="document.title='taken'">'"&amp;"""
# Where the first and the last letter of a text stand on the screen.
ENDS = """([selector, words]) => {
  for (const element of document.querySelectorAll(selector)) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.data.indexOf(words);
      if (at < 0) continue;
      return [at, at + words.length - 1].map((place) => {
        const range = document.createRange();
        range.setStart(node, place);
        range.setEnd(node, place + 1);
        return range.getBoundingClientRect().left;
      });
    }
  }
  return null;
}"""


@pytest.fixture
def dalia(filled, somebody):
    """The focal point before a theme of a new assessment."""
    dalia = somebody("focal_point")
    dalia.assessment = f"/assessments/{filled.start()}"
    dalia.goes_to(f"{dalia.assessment}/themes/{THEME}")
    return dalia


def runs_from_right_to_left(page, selector, words):
    ends = page.evaluate(ENDS, [selector, words])
    assert ends, f"the page does not show {words}"
    first, last = ends
    return first > last


def test_arabic_keeps_its_direction(filled, dalia):
    dalia.picks(QUESTION, 2)
    dalia.comments(QUESTION, ARABIC)
    dalia.question(IMPROVE).locator("textarea").fill(ARABIC)
    dalia.is_told_it_is_saved(QUESTION)
    dalia.is_told_it_is_saved(IMPROVE)
    for box in (dalia.comment(QUESTION), dalia.question(IMPROVE).locator("textarea")):
        expect(box).to_have_attribute("dir", "auto")
        assert box.evaluate("one => one.matches(':dir(rtl)')")
    dalia.goes_to(f"{dalia.assessment}/answers/{QUESTION}/history")
    assert runs_from_right_to_left(dalia.page, "main", ARABIC)


def test_arabic_keeps_its_direction_where_two_answers_meet(filled, dalia):
    filled.save(dalia.assessment.rpartition("/")[2], QUESTION, 1, ARABIC, role="contributor")
    dalia.comments(QUESTION, "Something else.")
    expect(dalia.page.get_by_role("dialog")).to_contain_text(ARABIC)
    assert runs_from_right_to_left(dalia.page, "dialog", ARABIC)


@pytest.mark.parametrize("words", [LONG, ENDLESS], ids=["sentences", "one word"])
def test_ten_thousand_characters_are_kept_and_break_no_page(filled, dalia, words):
    dalia.comments(QUESTION, words)
    dalia.is_told_it_is_saved(QUESTION)
    dalia.page.reload()
    expect(dalia.comment(QUESTION)).to_have_value(words)
    assert check(dalia.page, "sideways") == []
    dalia.page.set_viewport_size({"width": 360, "height": 740})
    dalia.goes_to(f"{dalia.assessment}/answers/{QUESTION}/history")
    expect(dalia.page.locator("main")).to_contain_text(words[:200])
    assert check(dalia.page, "sideways") == []


def test_more_than_that_is_refused_and_stays_in_its_box(filled, dalia):
    box = dalia.comment(QUESTION)
    box.evaluate("(one, words) => { one.removeAttribute('maxlength'); one.value = words }", ENDLESS + "w")
    box.dispatch_event("input")
    expect(dalia.status(QUESTION)).to_contain_text("10,000")
    expect(box).to_have_value(ENDLESS + "w")
    assert filled.history(dalia.assessment.rpartition("/")[2], QUESTION) == []


def test_what_looks_like_a_program_is_shown_as_text(filled, dalia):
    assessment = dalia.assessment.rpartition("/")[2]
    dalia.comments(QUESTION, NASTY)
    dalia.question(QUESTION).get_by_label("Evidence 1, title").fill(NASTY)
    dalia.question(IMPROVE).locator("textarea").fill(NASTY)
    dalia.is_told_it_is_saved(QUESTION)
    dalia.is_told_it_is_saved(IMPROVE)
    dalia.page.reload()
    expect(dalia.comment(QUESTION)).to_have_value(NASTY)
    filled.save(assessment, QUESTION, 1, f"Other {NASTY}", role="contributor")
    dalia.comments(QUESTION, f"Mine {NASTY}")
    dialog = dalia.page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Other {NASTY}")
    expect(dialog).to_contain_text(f"Mine {NASTY}")
    assert "taken" not in dalia.page.title()
    dialog.get_by_role("button", name="Save mine instead").click()
    dalia.is_told_it_is_saved(QUESTION)
    for place in (f"/answers/{QUESTION}/history", f"/themes/{THEME}", "/results", "/review"):
        dalia.goes_to(f"{dalia.assessment}{place}")
        dalia.page.wait_for_timeout(50)
        assert "taken" not in dalia.page.title()
        assert dalia.page.locator("main img, main script").count() == 0
    dalia.goes_to(f"{dalia.assessment}/answers/{QUESTION}/history")
    expect(dalia.page.locator("main")).to_contain_text(NASTY)
