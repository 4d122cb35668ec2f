"""How much travels: counted in bytes, as they go over the line."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.browser.states import path_of

pytestmark = pytest.mark.browser
KB = 1_000


class Line:
    """Counts what a page receives, headers and all, by kind of thing."""

    def __init__(self, page) -> None:
        self.received: Counter[str] = Counter()
        self._kinds: dict[str, str] = {}
        self._session = page.context.new_cdp_session(page)
        self._session.on("Network.responseReceived", self._begun)
        self._session.on("Network.loadingFinished", self._ended)
        self._session.send("Network.enable")

    def _begun(self, event) -> None:
        self._kinds[event["requestId"]] = event["type"]

    def _ended(self, event) -> None:
        self.received[self._kinds.get(event["requestId"], "Other")] += round(event["encodedDataLength"])

    def of(self, one, path) -> Counter[str]:
        """What opening a page receives."""
        self.received.clear()
        one.goes_to(path)
        one.page.wait_for_load_state("networkidle")
        return Counter(self.received)


VISITS = [
    ("", "/"),
    ("", "/checklists/global/2.0.0"),
    ("focal_point", "/work"),
    ("focal_point", "/assessments/{draft}"),
    ("focal_point", "/assessments/{draft}/scope"),
    ("focal_point", "/assessments/{draft}/themes/leadership"),
    ("focal_point", "/assessments/{draft}/review"),
    ("focal_point", "/assessments/{submitted}/results"),
]


# A whole checklist is a document to read, not a page to work on.
LATER = {"/checklists/global/2.0.0": 40 * KB}


@pytest.mark.parametrize(("role", "path"), VISITS, ids=[path for _, path in VISITS])
def test_a_first_visit_and_a_later_one(filled, somebody, role, path):
    one = somebody(role)
    line = Line(one.page)
    first = line.of(one, path_of(path, filled))
    assert first["Document"] > 1 * KB
    assert first["Stylesheet"] > 1 * KB
    assert first["Script"] > 1 * KB
    assert first["Stylesheet"] + first["Script"] <= 40 * KB
    assert first["Font"] == 0
    assert first.total() <= 60 * KB
    later = line.of(one, path_of(path, filled))
    assert later["Stylesheet"] + later["Script"] == 0  # kept by the browser
    assert later.total() <= LATER.get(path, 20 * KB)


def test_a_page_of_ten_questions(filled, somebody):
    made = filled.start("ten", "1.0.0")
    one = somebody("focal_point")
    line = Line(one.page)
    received = line.of(one, f"/assessments/{made}/themes/ten_of_them")
    assert len(one.questions()) == 10
    assert received["Document"] <= 15 * KB
