"""Headers, cookies, forged requests, and the size of what a browser loads."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.web.conftest import make_site
from toolkit.config import PACKAGE

SOME_ID = "00000000-0000-4000-8000-000000000000"
STATIC = PACKAGE / "web" / "static"


def test_policy_starts_from_nothing_and_allows_nothing_inline(client):
    response = client.get("/")
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


def test_error_pages_carry_the_same_headers(client):
    assert "Content-Security-Policy" in client.get("/nothing").headers


def test_static_files_are_kept_for_good_under_an_address_with_their_digest(client):
    page = client.get("/").text
    address = re.search(r'href="(/static/app\.css\?v=[0-9a-f]+)"', page).group(1)
    with client.get(address) as response:
        assert "immutable" in response.headers["Cache-Control"]


def test_pages_travel_compressed(client):
    response = client.get("/help", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert b"<h1>Help" in gzip.decompress(response.data)


def test_style_and_script_together_stay_small():
    size = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in ("app.css", "app.js"))
    assert size <= 40_000


def test_style_sheet_names_no_side_that_would_be_wrong_from_right_to_left():
    css = (STATIC / "app.css").read_text(encoding="utf-8")
    side = r"(?:margin|padding|border)-(?:left|right)|(?<![-\w])(?:left|right)\s*:|float:(?! inline-)"
    sides = re.findall(side, css)
    assert sides == []


def test_cookies_are_locked_to_the_host_under_https(tmp_path: Path):
    app = make_site(tmp_path, public_url="https://assess.example.org")
    assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert app.config["SIGN_IN_COOKIE"].startswith("__Host-")
    assert app.config["SESSION_COOKIE_SECURE"] is True


def test_cookies_are_plain_on_this_machine(site):
    assert not site.config["SIGN_IN_COOKIE"].startswith("__")


def test_plain_http_for_others_is_refused_unless_asked_for(tmp_path: Path):
    with pytest.raises(ValueError, match="unprotected"):
        make_site(tmp_path, public_url="http://assess.example.org")
    assert make_site(tmp_path / "b", public_url="http://assess.example.org", allow_http=True)


def test_a_form_without_its_token_is_refused(tmp_path: Path):
    app = make_site(tmp_path)
    app.config["WTF_CSRF_ENABLED"] = True
    response = app.test_client().post("/sign-in", data={"email": "a@example.org", "password": "x"})
    assert response.status_code == 400
    assert "open too long" in response.text


def test_every_unsafe_route_is_guarded_against_forged_requests(site):
    site.config["WTF_CSRF_ENABLED"] = True
    client = site.test_client()
    for rule in site.url_map.iter_rules():
        if "POST" in rule.methods:
            given = {
                name: "00000000-0000-4000-8000-000000000000" if "uuid" in str(rule) else "x" for name in rule.arguments
            }
            with site.test_request_context():
                address = site.url_map.bind("localhost").build(rule.endpoint, given, method="POST")
            # the stop link is pressed by mail programs, which have no form token; its address is signed instead
            assert client.post(address).status_code == (410 if rule.endpoint == "reminders.stop" else 400), rule


def test_too_much_at_once_is_refused(client):
    response = client.post("/sign-in", data={"email": "x" * 9_000_000})
    assert response.status_code == 413


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_only_to_this_site(site, onward):
    from toolkit.web.accounts import safe_next

    with site.test_request_context():
        assert safe_next(onward) == "/work"
        assert safe_next("/checklists") == "/checklists"
