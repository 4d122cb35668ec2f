"""What docs/security-requirements.md calls met and no other test shows: cookies, sessions, headers, logs, leaks."""

from __future__ import annotations

import io
import json
import logging
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import request

from tests.web.builders import PASSWORD, a_person, a_space, an_administrator, an_open_assessment, now
from tests.web.conftest import make_site
from toolkit.domain.access import Role, space_scope
from toolkit.domain.errors import CannotSaveNow, InvalidInput
from toolkit.services import passwords, people, rates
from toolkit.storage.db import db, transaction
from toolkit.storage.people import AccessGrantRecord, LoginSessionRecord, PersonRecord
from toolkit.web.downloads import file_name

PUBLIC = "https://assess.example.org"


def count(app, table) -> int:
    with app.app_context():
        return db.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


# --- headers and types -----------------------------------------------------------------------------


@pytest.mark.parametrize("proxies", [0, 1])
@pytest.mark.parametrize("address", ["/", "/nothing", "/health/live", "/static/app.css"])
def test_https_is_insisted_on_in_every_answer(tmp_path: Path, proxies, address):
    app = make_site(tmp_path, public_url=PUBLIC, trusted_proxies=proxies)
    with app.test_client().get(address, base_url="http://assess.example.org") as answer:
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_https_is_not_insisted_on_where_there_is_none(client):
    assert "Strict-Transport-Security" not in client.get("/").headers


@pytest.mark.parametrize("address", ["/", "/nothing", "/health/live", "/static/app.css", "/static/mark.svg"])
def test_every_answer_says_what_a_browser_may_do_with_it(client, address):
    with client.get(address) as answer:
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert {"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'"} <= set(policy)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/nothing", "text/html; charset=utf-8"),
        ("/health/live", "application/json"),
        ("/static/app.css", "text/css; charset=utf-8"),
        ("/static/app.js", "text/javascript; charset=utf-8"),
        ("/static/mark.svg", "image/svg+xml; charset=utf-8"),
    ],
)
def test_every_answer_names_its_type_and_its_characters(client, address, kind):
    with client.get(address) as answer:
        assert answer.headers["Content-Type"] == kind


def test_the_script_puts_nothing_on_a_page_as_markup(client):
    with client.get("/static/app.js") as script:
        words = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|postMessage|srcdoc"
        assert re.findall(words, script.text) == []


def test_whatever_looks_like_a_template_stays_text(client):
    assert "{{ 7 * 7 }}" in client.get("/verify/{{ 7 * 7 }}").text


# --- cookies and sessions --------------------------------------------------------------------------


def test_cookies_travel_locked_under_https(tmp_path: Path):
    app = make_site(tmp_path, public_url=PUBLIC)
    an_administrator(app)
    answer = app.test_client().post(
        "/sign-in", data={"email": "ana@example.org", "password": PASSWORD}, base_url=PUBLIC
    )
    sent = [one for one in answer.headers.getlist("Set-Cookie") if "sign_in=" in one]
    assert len(sent) == 1
    assert sent[0].startswith("__Host-")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in sent[0].split("; ")
    assert "Domain" not in sent[0]
    token = sent[0].partition("=")[2].partition(";")[0]
    assert len(token) == 43, "256 bits"
    assert token not in answer.text


@pytest.mark.parametrize("way", ["sign-in", "demo"])
def test_signing_in_anew_ends_the_session_before(site, way):
    ana = an_administrator(site)
    before = ana.client.get_cookie("decent_work_sign_in").value
    data = {"email": ana.email, "password": PASSWORD} if way == "sign-in" else {}
    assert ana.client.post(f"/{way}", data=data).status_code == 302
    assert ana.client.get_cookie("decent_work_sign_in").value != before
    with site.app_context():
        assert people.viewer_for(before, now=now()) is None
    assert count(site, LoginSessionRecord) == 1


def test_a_sign_in_that_fails_ends_nothing(site):
    ana = an_administrator(site)
    assert ana.client.post("/sign-in", data={"email": ana.email, "password": "something else"}).status_code == 422
    assert ana.client.get("/work").status_code == 200


def test_a_token_of_ones_own_making_opens_nothing(site):
    an_administrator(site)
    client = site.test_client()
    client.set_cookie("decent_work_sign_in", "A" * 43)
    assert client.get("/work").status_code == 302


def test_signing_out_ends_the_session_on_the_server(site):
    ana = an_administrator(site)
    token = ana.client.get_cookie("decent_work_sign_in").value
    assert "Sign out" in ana.client.get("/work").text
    ana.client.post("/sign-out")
    ana.client.set_cookie("decent_work_sign_in", token)
    assert ana.client.get("/work").status_code == 302


@pytest.mark.parametrize("broken", ["signature", "content"])
def test_a_form_token_that_was_tampered_with_is_refused(site, broken):
    site.config["WTF_CSRF_ENABLED"] = True
    client = site.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/reset").text).group(1)
    data = {"email": "nobody@example.org", "csrf_token": token}
    assert client.post("/reset", data=data).status_code == 200
    kept = client.get_cookie("decent_work_form").value
    forged = f"{kept[:-3]}AAA" if broken == "signature" else f"eyJ4IjoxfQ{kept[kept.index('.') :]}"
    client.set_cookie("decent_work_form", forged)
    assert client.post("/reset", data=data).status_code == 400


# --- passwords and links ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "DecentWork-2031",
        "united nations 2044",
        "Decent Work Toolkit!",
        "2027 self-assessment 2027",
        "the organization 1",
    ],
)
def test_a_password_of_nothing_but_the_words_of_this_place_is_refused(password):
    with pytest.raises(InvalidInput):
        passwords.check_password(password)


def test_a_password_may_hold_such_a_word_beside_others():
    assert passwords.check_password("decent work, purple otters")


def test_a_long_password_counts_to_its_last_sign_and_to_its_case():
    kept = passwords.hash_password(passwords.check_password("Long words " * 18))
    assert passwords.matches(kept, "Long words " * 18)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.matches(kept, ("Long words " * 18)[:-1])
    assert not passwords.matches(kept, ("Long words " * 18).lower())


@pytest.mark.parametrize(("address", "filled"), [("/sign-in", "current-password"), ("/welcome/x", "new-password")])
def test_passwords_are_masked_and_can_be_filled_in_and_pasted(client, address, filled):
    field = re.search(r'<input [^>]*name="password"[^>]*>', client.get(address).text).group(0)
    assert 'type="password"' in field
    assert f'autocomplete="{filled}"' in field
    assert "maxlength" not in field
    with client.get("/static/app.js") as script:
        assert "paste" not in script.text


def test_a_new_site_has_no_account(site):
    assert count(site, PersonRecord) == 0


@pytest.mark.parametrize("address", ["/invitation/x", "/reset/x"])
def test_links_that_do_not_work_are_limited_by_address(site, address):
    client = site.test_client()
    data = {"name": "Eve", "password": PASSWORD}
    for _ in range(rates.LINK_BY_ADDRESS.tries):
        assert client.post(address, data=data).status_code == 410
    assert client.post(address, data=data).status_code == 429


# --- what is sent along ----------------------------------------------------------------------------


def test_fields_that_a_form_does_not_have_change_nothing(site):
    admin = an_administrator(site)
    space = a_space(site, admin)
    with site.app_context():
        made = people.invite(
            email="bo@example.org", name="Bo", role=Role.READER, scope=space_scope(space), by=admin.id, now=now()
        )
    data = {"name": "Bo", "password": PASSWORD, "role": "administrator", "email": "eve@example.org", "is_sandbox": "1"}
    assert site.test_client().post(f"/invitation/{made.token}", data=data).status_code == 302
    with site.app_context():
        bo = db.session.execute(
            sa.select(PersonRecord.id, PersonRecord.email, PersonRecord.is_sandbox).where(PersonRecord.name == "Bo")
        ).one()
        held = db.session.execute(sa.select(AccessGrantRecord.role).where(AccessGrantRecord.person_id == bo.id))
        assert (bo.email, bo.is_sandbox, held.scalars().all()) == ("bo@example.org", False, ["reader"])


def test_what_stands_in_the_address_is_no_form(site):
    an_administrator(site)
    answer = site.test_client().post(f"/sign-in?email=ana@example.org&password={PASSWORD}")
    assert answer.status_code == 422


def test_an_import_must_be_named_as_what_it_is(site):
    admin = an_administrator(site)
    lead = a_person(site, admin, Role.FOCAL_POINT, a_space(site, admin))
    space = re.search(r'<option value="([0-9a-f-]{36})"', lead.client.get("/import").text).group(1)
    answer = lead.client.post("/import", data={"space": space, "file": (io.BytesIO(b"{}"), "a.html")})
    assert answer.status_code == 422
    assert "ends in .json" in answer.text


@pytest.mark.parametrize("title", ['a"; filename=b.exe', "a\r\nSet-Cookie: b=c", "../../etc/passwd", "…", "x" * 900])
def test_a_file_name_is_letters_and_digits(title):
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", file_name(title))


def test_reading_changes_nothing(tiny_site):
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    made = an_open_assessment(tiny_site, lead, space)
    with tiny_site.app_context():
        engine = db.engine
    sent: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    places = {"assessment_id": made, "space_id": space, "theme_id": "jobs", "question_id": "policy"}
    seen = 0
    for rule in tiny_site.url_map.iter_rules():
        if "GET" in rule.methods and rule.arguments <= places.keys():
            with tiny_site.test_request_context():
                address = tiny_site.url_map.bind("localhost").build(rule.endpoint, places)
            with lead.client.get(address) as answer:
                seen += answer.status_code == 200
    assert seen > 20
    assert [one for one in sent if re.match(r"\s*(INSERT|UPDATE|DELETE|REPLACE)", one, re.IGNORECASE)] == []


# --- proxies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("proxies", "believed"), [(0, "192.0.2.9"), (1, "198.51.100.7"), (2, "203.0.113.5")])
def test_an_address_is_believed_from_as_many_proxies_as_there_are(tmp_path: Path, proxies, believed):
    app = make_site(tmp_path, trusted_proxies=proxies)
    app.view_functions["health.live"] = lambda: {"address": request.remote_addr}
    answer = app.test_client().get(
        "/health/live",
        headers={"X-Forwarded-For": "203.0.113.5, 198.51.100.7"},
        environ_base={"REMOTE_ADDR": "192.0.2.9"},
    )
    assert answer.json == {"address": believed}


# --- what leaks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["/.git/config", "/static/", "/static/../app.py", "/static/%2e%2e/app.py", "/data/secret.key", "/console"],
)
def test_nothing_but_pages_and_static_files_is_served(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT"])
def test_methods_that_no_page_has_are_refused(client, method):
    assert client.open("/", method=method).status_code == 405


def test_what_breaks_says_nothing_of_how(site, caplog):
    site.testing = False

    def broken():
        raise RuntimeError("the key is 12345")

    site.view_functions["public.front"] = broken
    answer = site.test_client().get("/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert "12345" not in answer.text
    assert "Traceback" not in answer.text
    assert "RuntimeError" in caplog.text


def test_what_the_database_refuses_is_logged_without_what_people_wrote(site, caplog):
    words = "a private answer"  # by name below: a traceback shows the line
    with site.app_context(), caplog.at_level(logging.WARNING), pytest.raises(CannotSaveNow), transaction() as session:
        session.execute(sa.text("INSERT INTO nowhere VALUES (:words)"), {"words": words})
    assert "nowhere" in caplog.text
    assert words not in caplog.text


class Lines(logging.Handler):
    """The security log of a test."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict] = []

    def emit(self, record: logging.LogRecord) -> None:
        assert "\n" not in record.getMessage()
        self.found.append(json.loads(record.getMessage()))


@pytest.fixture
def lines():
    handler = Lines()
    logger = logging.getLogger("toolkit.security")
    logger.addHandler(handler)
    yield handler.found
    logger.removeHandler(handler)


def test_every_signing_in_and_out_is_logged(site, lines):
    ana = an_administrator(site)
    assert [(one["event"], one["person"]) for one in lines] == [("signed_in", str(ana.id))]
    assert lines[0]["at"].endswith("+00:00")
    assert lines[0]["from"] == "127.0.0.1"
    assert lines[0]["route"] == "POST /sign-in"
    ana.client.post("/sign-out")
    site.test_client().post("/sign-in", data={"email": "Ana@example.org\n", "password": "a wrong password"})
    site.test_client().post("/reset", data={"email": "ana@example.org"})
    site.test_client().post("/demo")
    assert [one["event"] for one in lines[1:]] == ["signed_out", "sign_in_refused", "password_asked_for", "demo_begun"]
    assert lines[2]["name"] == lines[3]["name"], "the same name, as a hash"
    assert not any(word in json.dumps(lines) for word in ("ana@", "Ana", "wrong", PASSWORD))


def test_refused_access_is_logged_with_who_and_what(site, lines):
    admin = an_administrator(site)
    space = a_space(site, admin)
    reader = a_person(site, admin, Role.READER, space)
    lines.clear()
    reader.client.get(f"/spaces/{space}/people")
    site.test_client().get(f"/spaces/{space}/people")
    assert [(one["event"], one["person"]) for one in lines] == [("refused", str(reader.id)), ("not_signed_in", None)]
    assert {one["about"]["space_id"] for one in lines} == {str(space)}
    assert {one["route"] for one in lines} == {"GET /spaces/<uuid:space_id>/people"}


def test_attempts_to_get_around_are_logged_without_their_tokens(site, lines):
    client = site.test_client()
    client.post("/invitation/a-secret-token", data={"name": "Eve", "password": PASSWORD})
    client.post("/sign-in", data={"email": "x" * 9_000_000})
    client.open("/", method="PUT")
    site.config["WTF_CSRF_ENABLED"] = True
    client.post("/demo")
    assert [one["event"] for one in lines] == ["dead_link", "too_large", "bad_method", "forged_or_old_form"]
    assert "a-secret-token" not in json.dumps(lines)


def test_the_data_folder_is_its_owners_alone(tmp_path: Path):
    folder = tmp_path / "fresh"
    make_site(folder, secret_key="")
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "secret.key").stat().st_mode & 0o077 == 0
    assert len((folder / "secret.key").read_text()) == 64
