"""Signing in with an OpenID Connect provider, there and back, and what is refused on the way."""

from __future__ import annotations

import http.client
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, local_provider
from tests.web.builders import PASSWORD, a_person, a_space, an_administrator, now
from tests.web.conftest import make_site
from tests.web.test_second_factor import next_code, set_up
from toolkit.domain.access import Role, space_scope
from toolkit.services import people
from toolkit.services.auditing import verify_trail
from toolkit.storage.db import db, transaction
from toolkit.storage.people import IdentityRecord, PersonRecord


@pytest.fixture(scope="module")
def provider():
    with local_provider() as found:
        yield found


@pytest.fixture
def world(tmp_path, provider):
    """A site that knows the provider, and Noor, who has an account with a password."""
    provider.twist, provider.claims = "", {"sub": "u-1", "email": "Noor@Example.org", "email_verified": True}
    app = site_with(tmp_path, provider)
    admin = an_administrator(app)
    space = a_space(app, admin)
    noor = a_person(app, admin, Role.CONTRIBUTOR, space, email="noor@example.org")
    yield app, admin, space, noor
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def site_with(folder, provider, **more):
    settings = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET}
    return make_site(folder / "data", **(settings | {"oidc_label": "Example ID"} | more))


def sent_to(client, onward=""):
    """Where the browser is sent: the provider's address."""
    page = client.post("/sign-in/provider", data={"next": onward})
    assert page.status_code == 200, page.text
    address = unescape(re.search(r'<a class="button fit" href="([^"]+)"', page.text)[1])
    assert page.headers["Refresh"] == f"0; url={address}"
    return address


def come_back(address):
    """What the provider answers: the address on the site that the browser goes back to."""
    there = urlsplit(address)
    connection = http.client.HTTPConnection(there.hostname, there.port)
    connection.request("GET", f"{there.path}?{there.query}")
    location = urlsplit(connection.getresponse().headers["Location"])
    connection.close()
    return f"{location.path}?{location.query}"


def round_trip(client, onward=""):
    return client.get(come_back(sent_to(client, onward)))


def identities(app):
    with app.app_context():
        return db.session.execute(sa.select(IdentityRecord.subject)).scalars().all()


def test_somebody_who_was_invited_comes_in_and_stays_known_when_the_address_changes(world, provider):
    app, _, _, noor = world
    client = app.test_client()
    assert "Sign in with Example ID" in client.get("/sign-in").text
    answer = round_trip(client, "/checklists")
    assert (answer.status_code, answer.location) == (302, "/checklists")
    assert noor.email in client.get("/account").text
    assert identities(app) == ["u-1"]
    provider.claims = {"sub": "u-1", "email": "married@example.org", "email_verified": False}
    assert round_trip(app.test_client()).status_code == 302
    with app.app_context():
        assert verify_trail().faults == ()


def test_what_is_asked_of_the_provider_is_a_code_with_pkce_state_and_nonce(world, provider):
    app = world[0]
    client = app.test_client()
    first, second = (parse_qs(urlsplit(sent_to(client)).query) for _ in range(2))
    assert first["response_type"] == ["code"]
    assert first["code_challenge_method"] == ["S256"]
    assert first["redirect_uri"] == ["http://localhost/sign-in/provider/back"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 40
        assert first[name] != second[name]
    assert CLIENT_SECRET not in str(first)


@pytest.mark.parametrize(
    "twist",
    [
        "forged state",
        "another iss",
        "denied",
        "wrong issuer",
        "wrong audience",
        "two audiences",
        "another party",
        "wrong nonce",
        "no nonce",
        "expired",
        "empty subject",
        "not signed",
        "signed with the secret",
        "another key",
    ],
)
def test_an_answer_that_does_not_fit_signs_nobody_in(world, provider, twist):
    app = world[0]
    client = app.test_client()
    provider.twist = twist
    answer = round_trip(client)
    assert answer.status_code == 403
    assert "Begin again from here." in answer.text
    assert client.get("/account").status_code == 302
    assert identities(app) == []


@pytest.mark.parametrize("twist", ["another issuer", "unsafe endpoint", "redirects", "huge", "no JSON", "broken"])
def test_a_provider_that_does_not_answer_well_leaves_the_password(tmp_path, provider, twist):
    provider.twist = twist
    app = site_with(tmp_path, provider)
    client = app.test_client()
    page = client.post("/sign-in/provider")
    if twist == "unsafe endpoint":  # it is not needed before somebody comes back
        page = client.get(come_back(re.search(r'fit" href="([^"]+)"', unescape(page.text))[1]))
    assert page.status_code == 503
    assert "does not answer just now" in page.text
    assert 'name="password"' in page.text


def test_an_answer_counts_once_and_only_in_the_browser_that_was_sent(world, provider):
    app = world[0]
    provider.twist = "codes count twice"  # so that it is not the provider who refuses
    first, other = app.test_client(), app.test_client()
    answer = come_back(sent_to(first))
    assert other.get(answer).status_code == 403
    assert first.get(answer).status_code == 302
    assert first.get(answer).status_code == 403


def test_an_answer_that_was_refused_is_not_taken_up_later(world, provider):
    client = world[0].test_client()
    provider.twist = "codes count twice"
    answer = come_back(sent_to(client))
    assert client.get(f"{answer}&iss=https://evil.example").status_code == 403
    assert client.get(answer).status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "u-2", "email": "stranger@example.org", "email_verified": True},
        {"sub": "u-2", "email": "noor@example.org", "email_verified": False},
        {"sub": "u-2", "email": "noor@example.org"},
        {"sub": "u-2", "email": "noor@example.org", "email_verified": "true"},
        {"sub": "u-2"},
    ],
)
def test_nobody_gets_an_account_by_it_and_the_answer_tells_nothing(world, provider, claims):
    app = world[0]
    provider.claims = claims
    answer = round_trip(app.test_client())
    assert answer.status_code == 403
    assert "there is no account for you here" in answer.text
    assert identities(app) == []


def test_another_identity_of_the_same_address_does_not_open_an_account_that_is_linked(world, provider):
    app = world[0]
    assert round_trip(app.test_client()).status_code == 302
    provider.claims = {"sub": "u-2", "email": "noor@example.org", "email_verified": True}
    assert round_trip(app.test_client()).status_code == 403
    assert identities(app) == ["u-1"]


def test_who_was_invited_and_never_chose_a_password_joins_by_it(world, provider):
    app, admin, space, _ = world
    with app.app_context():
        people.invite(
            email="ben@example.org", name="Ben", role=Role.READER, scope=space_scope(space), by=admin.id, now=now()
        )
    provider.claims = {"sub": "u-3", "email": "ben@example.org", "email_verified": True}
    client = app.test_client()
    assert round_trip(client).status_code == 302
    page = client.get("/account").text
    assert "choose a password first" in page
    assert client.post("/account/identity/remove").status_code == 403
    with app.app_context():
        joined = sa.select(PersonRecord.joined_at).where(PersonRecord.email_key == "ben@example.org")
        assert db.session.execute(joined).scalar_one() is not None


def test_somebody_who_comes_by_a_personal_link_alone_gets_no_account_by_it(world, provider):
    app, _, _, noor = world
    with app.app_context(), transaction() as session:
        session.execute(sa.update(PersonRecord).where(PersonRecord.id == noor.id).values(by_link=True))
    assert round_trip(app.test_client()).status_code == 403
    assert identities(app) == []


def test_a_shut_account_stays_shut(world):
    app, admin, _, noor = world
    assert round_trip(app.test_client()).status_code == 302
    with app.app_context():
        people.disable(noor.id, by=admin.id, now=now())
    assert round_trip(app.test_client()).status_code == 403


def test_the_link_is_taken_away_where_a_password_is_left(world):
    app, _, _, noor = world
    client = app.test_client()
    round_trip(client)
    assert "Take the link away" in client.get("/account").text
    assert client.post("/account/identity/remove").status_code == 302
    assert identities(app) == []
    assert app.test_client().post("/sign-in", data={"email": noor.email, "password": PASSWORD}).status_code == 302


def test_our_second_step_is_asked_all_the_same(world):
    app, _, _, noor = world
    secret, _ = set_up(noor.client)
    client = app.test_client()
    answer = round_trip(client)
    assert answer.status_code == 200
    assert "Code" in answer.text
    assert client.get("/account").status_code == 302
    assert client.post("/sign-in/code", data={"code": next_code(secret)}).status_code == 302
    assert client.get("/account").status_code == 200


def test_a_second_step_at_the_provider_counts_where_the_site_says_so(tmp_path, provider):
    provider.twist, provider.claims = "", {"sub": "u-1", "email": "noor@example.org", "email_verified": True}
    app = site_with(tmp_path, provider, oidc_second_step="mfa, hwk")
    admin = an_administrator(app)
    noor = a_person(app, admin, Role.CONTRIBUTOR, a_space(app, admin), email="noor@example.org")
    set_up(noor.client)
    assert round_trip(app.test_client()).status_code == 200
    provider.claims["amr"] = ["pwd", "hwk"]
    assert round_trip(app.test_client()).status_code == 302


@pytest.mark.parametrize("onward", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_elsewhere_afterwards(world, onward):
    assert round_trip(world[0].test_client(), onward).location == "/work"


def test_without_a_provider_there_is_no_such_door(site):
    client = site.test_client()
    assert client.post("/sign-in/provider").status_code == 404
    assert client.get("/sign-in/provider/back?code=1&state=2").status_code == 404
    assert "Sign in with" not in client.get("/sign-in").text


@pytest.mark.parametrize(
    "settings",
    [
        {"oidc_issuer": "http://id.example.org", "oidc_client_id": "x", "oidc_client_secret": "y"},
        {"oidc_issuer": "https://id.example.org"},
        {"oidc_issuer": "id.example.org", "oidc_client_id": "x", "oidc_client_secret": "y"},
    ],
)
def test_settings_that_cannot_be_stop_the_start(tmp_path, settings):
    with pytest.raises(ValueError, match="OIDC_"):
        make_site(tmp_path / "data", **settings)


def test_the_public_address_decides_where_people_come_back_to(tmp_path, provider):
    provider.twist = ""
    app = site_with(tmp_path, provider, public_url="https://assess.example.org")
    client = app.test_client()
    page = client.post(
        "/sign-in/provider", base_url="https://assess.example.org", headers={"Host": "assess.example.org"}
    )
    address = unescape(re.search(r'fit" href="([^"]+)"', page.text)[1])
    assert parse_qs(urlsplit(address).query)["redirect_uri"] == ["https://assess.example.org/sign-in/provider/back"]
