"""Pages for everybody: they stand, they are strict HTML, and they say what they must."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import make_site

PAGES = (
    "/",
    "/help",
    "/glossary",
    "/privacy",
    "/accessibility",
    "/checklists",
    "/sign-in",
    "/reset",
    "/verify",
    "/gallery",
    "/status",
)


@pytest.mark.parametrize("address", PAGES)
def test_page_stands_without_an_account(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert "<h1>" in response.text or "<h1 " in response.text


def test_front_page_says_it_is_independent(client):
    text = " ".join(client.get("/").text.split())
    assert (
        "not endorsed by the United Nations, the Chief Executives Board (CEB) or the International Labour Organization"
        in text
    )


def test_checklist_is_read_printed_and_narrowed_to_a_track(client):
    book = client.get("/checklists/global/2.0.0")
    scan = client.get("/checklists/global/2.0.0?track=scan")
    form = client.get("/checklists/global/2.0.0/print?track=scan")
    assert book.status_code == scan.status_code == form.status_code == 200
    whole = client.get("/checklists/global/2.0.0?track=full")
    counts = [page.text.count("<details id=") for page in (scan, book, whole)]
    assert 0 < counts[0] < counts[1] < counts[2], "the core is shown where no track is named"
    assert form.text.count('class="q"') > 10


def test_what_changed_is_told_with_its_reason_and_in_plain_words(client):
    page = client.get("/checklists/global/1.0.0/compare/2.0.0").text
    assert page.index("Enterprises and productivity became one theme.") < page.rindex("Differs in: ")
    assert "what is not enough" in page
    assert "not_enough" not in page
    assert "ask_if" not in page
    assert "How could this outcome be improved?" not in page, "each theme has that question"


@pytest.mark.parametrize(
    "address",
    [
        "/nothing",
        "/checklists/global/9.9.9",
        "/checklists/none/1.0.0",
        "/checklists/global/2.0.0/compare/9.9.9",
        "/a%00b",
        "/verify/%ED%A0%80",
        "/?q=%00",
        "/assessments/no-uuid",
    ],
)
def test_what_is_not_there_is_a_page_with_404(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "This page is not here" in response.text or "Unknown" in response.text


def test_no_page_asks_another_site_for_anything_or_runs_inline_code(client):
    for address in PAGES:
        text = client.get(address).text
        assert not re.search(r'(?:src|action)="(?!/)', text.replace('action=""', "")), address
        assert "<style" not in text
        assert " style=" not in text
        assert not re.search(r"<script(?! src=)", text)
        assert not re.search(r"\son[a-z]+=", text)


def test_gallery_is_for_development_only(site):
    site.testing = False
    assert site.test_client().get("/gallery").status_code == 404


def test_health(client):
    assert client.get("/health/live").json == {"status": "live"}
    assert client.get("/health/ready").json == {"status": "ready"}
    status = client.get("/status", headers={"Accept": "application/json"}).json
    assert {"version", "kind", "journal", "synchronous"} <= set(status)
    assert status["synchronous"] == "full"


def test_an_error_is_json_for_a_program(client):
    response = client.get("/nothing", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert response.json["error"]["status"] == 404


def test_a_full_demo_says_so_and_that_it_passes(tmp_path):
    client = make_site(tmp_path / "data", sandbox_limit="0").test_client()
    full = client.post("/demo")
    assert full.status_code == 503
    assert "The demo is full just now" in full.text
    assert "All places in the demo are taken just now. Please try again later." in full.text
    assert "E-mail" not in full.text, "there is nothing to sign in for"
