"""The page “My account”, through the doors that people use."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from tests.web.builders import PASSWORD, a_person, a_space, an_administrator, signed_in
from toolkit.domain.access import Role
from toolkit.web.devices import device_words

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def person(site):
    admin = an_administrator(site)
    return a_person(site, admin, Role.CONTRIBUTOR, a_space(site, admin))


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
            "Safari on an iPhone",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140",
            "Edge on Linux",
        ),
        ("curl/8.0", ""),
        ("<script>", ""),
    ],
)
def test_a_browser_is_told_in_plain_words(agent, words):
    assert device_words(agent) == words


def test_the_page_shows_who_i_am_and_where_i_am_signed_in(site, person):
    other = site.test_client()
    other.post("/sign-in", data={"email": person.email, "password": PASSWORD}, headers={"User-Agent": FIREFOX})
    page = person.client.get("/account").text
    assert person.email in page
    assert "Firefox on Windows" in page
    assert page.count("this one") == 1
    handle = re.findall(r'name="session" value="([^"]+)"', page)
    assert person.client.post("/account/sessions/end", data={"session": handle[0]}).status_code == 302
    assert other.get("/account").location.startswith("/sign-in")
    assert person.client.get("/account").status_code == 200


def test_signing_out_everywhere_signs_out_here_too(site, person):
    other = signed_in(site, person.email)
    answer = person.client.post("/account/sessions/end-all")
    assert answer.location == "/"
    for client in (other, person.client):
        assert client.get("/account").location.startswith("/sign-in")


def test_a_new_password_keeps_me_signed_in_here_only(site, person):
    other = signed_in(site, person.email)
    answer = person.client.post("/account/password", data={"current": PASSWORD, "new": "nine loud mountains"})
    assert answer.location == "/account"
    assert "Your new password is set" in person.client.get("/account").text
    assert other.get("/account").location.startswith("/sign-in")


def test_a_wrong_present_password_is_told_beside_its_box(person):
    answer = person.client.post("/account/password", data={"current": "wrong", "new": "nine loud mountains"})
    assert answer.status_code == 422
    assert 'href="#current"' in answer.text


@pytest.mark.parametrize("handle", ["", "x", "0" * 64, "é" * 100, "\x00"])
def test_no_made_up_session_breaks_anything(person, handle):
    assert person.client.post("/account/sessions/end", data={"session": handle}).status_code == 404


def test_everything_about_me_comes_as_one_file(person):
    answer = person.client.post("/account/export")
    assert answer.headers["Content-Disposition"] == "attachment; filename=what-is-kept-about-me.zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert person.email in archive.read("account.json").decode()


def test_a_visitor_of_the_demo_has_no_account_page(site):
    client = site.test_client()
    client.post("/demo")
    assert client.get("/account").status_code == 404
    assert client.post("/account/export").status_code == 404
