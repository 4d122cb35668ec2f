"""Whether a page can be used by everybody: axe-core, and what axe-core does not see."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
AXE = Path(os.environ.get("AXE_CORE", ROOT / ".cache/browser/node_modules/axe-core/axe.min.js"))
CHECKS = (Path(__file__).parent / "checks.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, NARROWEST = 360, 320


@cache
def axe_core() -> str:
    """The source of axe-core. `./test --all` fetches it; without it these tests fail rather than pass unseen."""
    if not AXE.exists():
        pytest.fail(f"axe-core is not at {AXE}. Run ./test --all, which fetches it.")
    return AXE.read_text(encoding="utf-8")


def check(page: Page, name: str) -> Any:
    """What one of our own checks finds on the page."""
    return page.evaluate(f"{CHECKS}.{name}()")


def by_axe(page: Page) -> list[str]:
    """What axe-core finds on the page, one line for each rule and element."""
    page.evaluate(axe_core())
    run = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
    found = page.evaluate(run, TAGS)
    return [
        f"{rule['id']}: {rule['help']}\n      {node['html'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def copy_with_scripts(page: Page) -> Page:
    """The same page in a browser that runs scripts; in one that does not, axe-core waits for its timers for ever."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(viewport=page.viewport_size, reduced_motion="reduce")
    content = page.content()
    context.route(page.url, lambda route: route.fulfill(body=content, content_type="text/html; charset=utf-8"))
    copy = context.new_page()
    copy.goto(page.url)
    return copy


def complaints(page: Page) -> list[str]:
    """What is wrong with the page as it stands: at its width, on a phone, at 320 px and with text doubled."""
    return list(_complaints(page))


def _complaints(page: Page) -> Iterator[str]:
    window = page.viewport_size
    assert window is not None
    yield from by_axe(page)
    yield from check(page, "broken")
    yield from (f"too small a target: {one}" for one in check(page, "tooSmall"))
    yield from _with_text_doubled(page, window["width"])
    page.set_viewport_size({"width": PHONE, "height": 740})
    yield from (f"on a phone: {one}" for one in by_axe(page))
    yield from (f"too small a target on a phone: {one}" for one in check(page, "tooSmall"))
    yield from (f"on a phone: {one}" for one in check(page, "sideways"))
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    yield from (f"at {NARROWEST} px: {one}" for one in check(page, "sideways"))
    page.set_viewport_size(window)


def _with_text_doubled(page: Page, width: int) -> Iterator[str]:
    page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
    yield from (f"with text at 200 % and {width} px: {one}" for one in check(page, "sideways"))
    page.evaluate("() => { document.documentElement.style.fontSize = '' }")
