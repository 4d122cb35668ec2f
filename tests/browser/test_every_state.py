"""Every page in every state: no complaint of axe-core, targets large enough, nothing that scrolls sideways, nothing
from elsewhere, and no complaint of the browser.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser import states_handovers, states_links, states_sheets, states_voices  # noqa: F401 - they add theirs
from tests.browser.accessible import complaints, copy_with_scripts
from tests.browser.journey import Somebody
from tests.browser.states import STATES
from tests.browser.world import first_link

pytestmark = pytest.mark.browser
# A browser notes each answer that is no success, and each request that a test cut off.
EXPECTED = re.compile(r"Failed to load resource: (the server responded with a status of (4\d\d)|net::ERR_FAILED)")


@pytest.mark.parametrize("name", STATES)
def test_everybody_can_use(name, somebody, filled):
    people, said, asked = [], [], []

    def sit(role="", **given):
        one = somebody(role, **given)
        listen(one.page, said, asked)
        people.append(one)
        return one

    one = STATES[name](sit, filled)
    page = one.page if one.scripted else copy_with_scripts(one.page)
    assert complaints(page) == []
    assert [address for address in asked if not address.startswith((filled.address, "data:", "blob:"))] == []
    assert [words for words in said if not EXPECTED.match(words)] == []


def test_everybody_can_use_the_form_of_the_first_administrator(new_site, contexts):
    said, asked = [], []
    address = f"http://127.0.0.1:{new_site.port}"
    one = Somebody(contexts(address).new_page())
    listen(one.page, said, asked)
    one.goes_to(first_link(new_site))
    assert complaints(one.page) == []
    one.presses("Create the account")
    one.sees("Please look at this again")
    assert complaints(one.page) == []
    assert [there for there in asked if not there.startswith((address, "data:", "blob:"))] == []
    assert [words for words in said if not EXPECTED.match(words)] == []


def listen(page: Page, said: list[str], asked: list[str]) -> None:
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
