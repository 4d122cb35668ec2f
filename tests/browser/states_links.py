"""What somebody without an account sees who comes by a personal link."""

from __future__ import annotations

import re
import time
from uuid import UUID

from tests.browser.journey import Somebody
from tests.browser.states import Sit, state
from tests.browser.world import Filled, now
from toolkit.domain.handovers import HandedPart, PartKind
from toolkit.services import personal_links

WAIT_SECONDS = 20  # for the job process, which writes the letters


def asked(filled: Filled, email: str) -> str:
    """Ask somebody by a personal link: its path, from the letter in the mail folder."""
    made = filled.start("tiny", "1.0.0", title="For somebody outside")
    with filled.services():
        personal_links.hand_over_by_link(
            UUID(made),
            newcomer=("Lin Outside", email),
            parts=[HandedPart(PartKind.THEME, "jobs")],
            viewer=filled.account("focal_point").viewer,
            now=now(),
            note="You know the field offices best.",
        )
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        for letter in (filled.config.data / "mail").glob("*"):
            text = letter.read_text(encoding="utf-8", errors="replace")
            if email in text and (found := re.search(r"/link/[A-Za-z0-9_-]+", text)):
                return found[0]
        time.sleep(0.2)
    raise AssertionError("The letter with the link was not written.")


@state("a personal link, looked at")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit("")
    one.goes_to(asked(filled, "looks@outside.example"))
    one.sees("You need no account and no password.")
    return one


@state("what somebody was asked by a personal link")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit("", scripted=False)
    one.goes_to(asked(filled, "begins@outside.example"))
    one.page.locator("main form button").first.click()
    one.page.wait_for_url("**/asked")
    return one


@state("a theme, by a personal link")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit("")
    one.goes_to(asked(filled, "answers@outside.example"))
    one.page.locator("main form button").first.click()
    one.page.wait_for_url("**/asked")
    one.page.locator("main a[href*='/themes/jobs']").first.click()
    one.page.wait_for_url("**/themes/jobs*")
    return one
