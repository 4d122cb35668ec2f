"""A real browser against a real server. Skips with a reason where chromium or axe-core is not there."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from tests.browser.accessible import AXE
from tests.browser.fixtures import contexts, filled, new_site, somebody
from tests.web.builders import PASSWORD, Person, a_person, a_space, an_administrator, an_open_assessment
from tests.web.conftest import make_site
from toolkit.domain.access import Role
from toolkit.domain.assessment import SignOff
from toolkit.storage.db import db

CHROMIUM = "/usr/bin/chromium"
__all__ = ["AXE", "contexts", "filled", "new_site", "somebody"]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


class Site:
    """A running site with one space, its people, and a way to make assessments in it."""

    def __init__(self, app: Flask, address: str) -> None:
        self.app, self.address = app, address
        admin = an_administrator(app)
        self.space = a_space(app, admin)
        self.people: dict[str, Person] = {"administrator": admin}
        for role in (Role.FOCAL_POINT, Role.CONTRIBUTOR, Role.APPROVER, Role.READER):
            self.people[role.value] = a_person(app, admin, role, self.space)

    def assessment(self, **given: Any) -> str:
        """The address of a new assessment of the focal point."""
        lead = self.people["focal_point"]
        return f"/assessments/{an_open_assessment(self.app, lead, self.space, **({'sign_off': SignOff.NONE} | given))}"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, served by threads of this process on a free port."""
    app = make_site(
        tmp_path_factory.mktemp("browser") / "data", checklists=str(Path(__file__).parents[1] / "web" / "checklists")
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found = Site(app, f"http://127.0.0.1:{server.server_port}")
    app.config["WTF_CSRF_ENABLED"] = True  # people in a browser send the token; the builders above do not
    yield found
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    if not shutil.which(CHROMIUM):
        pytest.skip(f"{CHROMIUM} is not installed; apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def opens(site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a window for somebody, signed in by role or not at all, and fails on any complaint of the browser."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_window(role: str = "", *, viewport: Any = None, script: bool = True, quiet: bool = True) -> Page:
        context = browser.new_context(viewport=viewport or DESK, java_script_enabled=script, base_url=site.address)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8_000)
        if quiet:
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
        if role:
            sign_in(page, site.people[role].email)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page: Page, email: str) -> None:
    """Sign in through the form."""
    page.goto("/sign-in")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/work")
