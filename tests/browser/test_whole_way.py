"""The whole way by hand: from the first administrator to the opened PDF, at a desk and on a phone, with and without
JavaScript.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import expect

from tests.browser.fixtures import DESK_WIDTH, PHONE_WIDTH
from tests.browser.journey import DONT_KNOW, NOT_APPLICABLE, Somebody
from tests.browser.world import first_link

pytestmark = pytest.mark.browser
EMAIL, PASSWORD = "ana@example.org", "several plain words"
NAME = "Harbour and Coast Agency"
REASON = "Other agencies have this mandate."


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
@pytest.mark.parametrize("width", [DESK_WIDTH, PHONE_WIDTH], ids=["desk", "phone"])
def test_from_the_first_administrator_to_the_opened_report(new_site, contexts, tmp_path, width, scripted):
    context = contexts(f"http://127.0.0.1:{new_site.port}", width=width, scripted=scripted)
    ana = Somebody(context.new_page(), scripted=scripted)
    whole = scripted and width == DESK_WIDTH  # one of the four knows every answer; the others submit a provisional one

    ana.creates_the_first_account(first_link(new_site), name="Ana Ríos", email=EMAIL, password=PASSWORD)
    ana.signs_in(EMAIL, PASSWORD)
    ana.makes_a_space(NAME)
    overview = ana.starts_an_assessment(NAME, title="Baseline 2026")
    ana.says_what_is_in_the_mandate({"child_labour": REASON, "crisis": REASON})
    assert ana.path == overview
    ana.sees("0 of ")

    ana.follows(re.compile("^Begin"))
    first = ana.path
    (question, *_) = ana.questions()
    ana.picks(question, NOT_APPLICABLE)
    ana.comments(question, "We asked three departments.")
    ana.is_told_it_is_saved(question)
    ana.page.reload()
    assert ana.picked(question) == NOT_APPLICABLE
    expect(ana.comment(question)).to_have_value("We asked three departments.")

    ana.goes_to(f"{overview}/review")
    line = ana.page.locator(f"#missing a[href$='#q-{question}']")
    ana.sees("Say why it is not applicable")
    expect(ana.page.get_by_role("button", name="Submit")).to_have_accessible_description(re.compile("Not possible yet"))
    line.click()
    ana.says_why_not_applicable(question, "We run no programmes of this kind.")
    ana.is_told_it_is_saved(question)
    ana.goes_to(f"{overview}/review")
    expect(line).to_have_count(0)

    ana.goes_to(first)
    ana.answers_what_is_open(lambda _: 3, at_most=5)
    ana.answers_what_is_open(lambda _: 3 if whole else DONT_KNOW)
    assert ana.path == f"{overview}/review"
    ana.sees("Nothing is missing.")
    if not whole:
        ana.submits()
        ana.sees("The result is provisional. Say why you submit it all the same.")
    ana.submits(why_provisional="" if whole else "The board meets tomorrow.")

    ana.sees_heading("Results")
    ana.sees("Submitted as no. 1.")
    figure = ana.page.locator(".headline").inner_text()
    assert (figure == "75 %") is whole
    if not whole:
        ana.sees("The board meets tomorrow.")
    report = ana.downloads_the_report("Internal", tmp_path)
    with pikepdf.open(report) as pdf:
        assert len(pdf.pages) >= 8
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.MarkInfo.Marked
    words = text_of(report)
    assert NAME in words
    assert "Baseline 2026" in words
    assert REASON in words
    assert figure in words
    assert ("The board meets tomorrow." in words) is not whole


def text_of(report: Path) -> str:
    """The text of a PDF, line breaks as blanks."""
    done = subprocess.run(["pdftotext", "-enc", "UTF-8", str(report), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().replace("\u00a0", " ").split())
