"""Signing in with a second step, through the doors that people use."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from tests.web.builders import PASSWORD, a_person, a_space, an_administrator
from tests.web.conftest import make_site
from toolkit.domain.access import Role


@pytest.fixture
def person(site):
    admin = an_administrator(site)
    one = a_person(site, admin, Role.CONTRIBUTOR, a_space(site, admin))
    one.admin = admin
    return one


def set_up(client):
    """The secret and the recovery codes, as the pages show them."""
    assert client.post("/account/second-step", data={"current": PASSWORD}).status_code == 302
    page = client.get("/account/second-step").text
    secret = re.search(r"<code><bdi>([A-Z2-7 ]+)<", page)[1].replace(" ", "")
    assert "<svg" in page
    assert "style=" not in page
    shown = client.post("/account/second-step/confirm", data={"code": pyotp.TOTP(secret).now()})
    assert shown.headers["Cache-Control"] == "no-store"
    return secret, re.findall(r"<code><bdi>([a-z2-7-]{29})<", shown.text)


def next_code(secret):
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30))


def sign_in(site, email):
    client = site.test_client()
    return client, client.post("/sign-in?next=/account", data={"email": email, "password": PASSWORD})


def test_signing_in_asks_for_the_code_and_goes_on_to_the_page(site, person):
    secret, codes = set_up(person.client)
    assert len(codes) == 10
    client, page = sign_in(site, person.email)
    assert "Your code" in page.text
    assert client.get("/account").status_code == 302
    wrong = client.post("/sign-in/code?next=/account", data={"code": "000"})
    assert wrong.status_code == 422
    assert 'href="#code"' in wrong.text
    assert client.post("/sign-in/code?next=/account", data={"code": next_code(secret)}).location == "/account"
    assert "It is on" in client.get("/account").text


def test_the_code_leads_only_to_this_site(site, person):
    _, codes = set_up(person.client)
    client, _ = sign_in(site, person.email)
    answer = client.post("/sign-in/code?next=//evil.example", data={"code": codes[0]})
    assert answer.location == "/work"


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_password_there_is_no_code_to_type(client, method):
    assert getattr(client, method)("/sign-in/code").location.startswith("/sign-in")


def test_setting_it_up_wants_the_password_once_more(person):
    answer = person.client.post("/account/second-step", data={"current": "wrong"})
    assert answer.status_code == 422
    assert '<svg viewBox="0 0 45' not in answer.text


def test_it_is_turned_off_with_the_password(site, person):
    set_up(person.client)
    assert person.client.post("/account/second-step/remove", data={"current": "wrong"}).status_code == 422
    assert person.client.post("/account/second-step/remove", data={"current": PASSWORD}).status_code == 302
    assert sign_in(site, person.email)[1].status_code == 302


def test_confirming_twice_shows_no_codes_again(person):
    secret, _ = set_up(person.client)
    again = person.client.post("/account/second-step/confirm", data={"code": next_code(secret)})
    assert again.location == "/account/second-step"


def test_an_administrator_takes_it_away(site, person):
    set_up(person.client)
    assert "Take the second step away" in person.admin.client.get("/people").text
    answer = person.admin.client.post(f"/people/{person.id}/second-step/remove")
    assert answer.location == "/people"
    assert sign_in(site, person.email)[1].status_code == 302


def test_a_role_that_needs_it_comes_no_further_without(tmp_path):
    site = make_site(tmp_path / "data", second_factor_for="administrator")
    admin = an_administrator(site)
    assert admin.client.get("/people").location == "/account/second-step"
    assert admin.client.post("/people", data={}).status_code == 403
    assert admin.client.get("/status.json").status_code != 403
    assert "Your role needs a second step" in admin.client.get("/account/second-step").text
    set_up(admin.client)
    assert admin.client.get("/people").status_code == 200


def test_a_role_that_is_none_stops_the_site_from_starting(tmp_path):
    with pytest.raises(ValueError, match="bosses"):
        make_site(tmp_path / "data", second_factor_for="administrator,bosses")
