"""Sites to visit with a real browser, and people who sit in front of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.journey import Somebody
from tests.browser.world import Filled, filled_site
from tests.running_site import RunningSite

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SWITCHES = (
    *("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-first-run", "--disable-dev-shm-usage"),
)
DESK_WIDTH, PHONE_WIDTH = 1280, 360
COOKIE = "decent_work_sign_in"
PATIENCE_MS = 20_000


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each person has a profile of their own in it."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """The demo on a running site, shared by all tests: each takes an assessment of its own to change."""
    with filled_site(tmp_path_factory.mktemp("filled")) as site:
        yield site


@pytest.fixture
def new_site(tmp_path: Path) -> Iterator[RunningSite]:
    """A site that nobody has used yet."""
    with RunningSite(tmp_path / "data") as site:
        yield site


@pytest.fixture
def contexts(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser profiles that are closed at the end."""
    opened: list[BrowserContext] = []

    def make(address: str, *, width: int = DESK_WIDTH, scripted: bool = True, token: str = "") -> BrowserContext:
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": 800 if width >= DESK_WIDTH else 740},
            java_script_enabled=scripted,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        if token:
            context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def somebody(contexts: Callable[..., BrowserContext], filled: Filled) -> Callable[..., Somebody]:
    """`somebody("focal_point")`: a person of the filled site at a browser; with an empty role nobody in particular."""

    def sit_down(role: str = "", *, width: int = DESK_WIDTH, scripted: bool = True, token: str = "") -> Somebody:
        token = token or (filled.account(role).token if role else "")
        context = contexts(filled.address, width=width, scripted=scripted, token=token)
        return Somebody(context.new_page(), scripted=scripted)

    return sit_down
