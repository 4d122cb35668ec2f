"""Personal links in a browser: looking, beginning, answering, leaving, and what the holder never finds."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests.web.builders import a_person, a_space, an_administrator, an_open_assessment, link_token, sent
from toolkit.domain.access import Role
from toolkit.domain.voices import VoiceKind
from toolkit.storage.assessments import VoiceRecord
from toolkit.storage.base import new_id
from toolkit.storage.db import transaction


@pytest.fixture
def world(tiny_site):
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    return tiny_site, lead, space, an_open_assessment(tiny_site, lead, space)


def give(world, **more):
    _, lead, _, draft = world
    data = {"parts": ["theme/jobs"], "name": "Lin <b>", "email": "lin@example.org", "by_link": "y"} | more
    answer = lead.client.post(f"/assessments/{draft}/handovers/new", data=data)
    assert answer.status_code == 302, answer.text
    return link_token(world[0])


def holder(world, token=None):
    client = world[0].test_client()
    assert client.post(f"/link/{token or give(world)}").status_code == 302
    return client


def test_the_page_of_a_link_says_who_asks_and_looking_begins_nothing(world):
    app, *_ = world
    token = give(world)
    client = app.test_client()
    for _ in range(3):  # a program that looks at the links of a mail
        page = client.get(f"/link/{token}")
        assert page.status_code == 200
        assert client.head(f"/link/{token}").status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "Lin &lt;b&gt;" in page.text
    assert "The focal point" in page.text
    assert "the history shows them your name" in page.text
    assert client.get("/asked").status_code == 302  # to sign-in: nothing has begun
    assert token not in page.text


def test_the_holder_answers_and_says_that_it_is_done(world):
    _, lead, _, draft = world
    client = holder(world)
    page = client.get("/asked").text
    assert "Baseline 2026" in page
    (theme,) = set(re.findall(r'href="(/assessments/[^"]+/themes/[^"]+)"', page))
    page = client.get(theme).text
    for word in ("/history", "/discussions", "/here", "My work", "My account", "/review"):
        assert word not in page
    saved = client.post(f"/assessments/{draft}/answers/policy", data={"q_policy-pick": "2", "q_policy-revision": "0"})
    assert saved.status_code == 200, saved.text
    answer = client.post(theme, data=sent(client.get(theme).text) | {"next": "1"})
    assert answer.status_code == 302
    page = client.get("/asked").text
    (done,) = re.findall(r'action="(/assessments/[^"]+/done)"', page)
    assert client.post(done, data={"note": "x" * 2001}).status_code == 422
    assert client.post(done, data={"note": ""}).headers["Location"] == "/asked"
    board = lead.client.get(f"/assessments/{draft}/handovers").text
    assert "Said to be done" in board


def test_the_holder_finds_no_other_theme_assessment_or_voice(world):
    app, lead, space, draft = world
    other = an_open_assessment(app, lead, space)
    client = holder(world)
    themes = set(re.findall(r"themes/(\w+)", lead.client.get(f"/assessments/{draft}").text)) - {"jobs"}
    assert themes
    strange = "00000000-0000-4000-8000-000000000000"
    for path in (
        *(f"/assessments/{draft}/themes/{theme}" for theme in themes),
        f"/assessments/{other}/themes/jobs",
        f"/assessments/{draft}/themes/jobs?voice={strange}",
        f"/assessments/{draft}/themes/jobs?voice=x",
        f"/assessments/{draft}",
        "/work",
        "/account",
        "/people",
        f"/spaces/{space}/people",
    ):
        assert client.get(path).status_code == 404, path


def test_the_holder_reads_no_other_voice_about_the_same_questions(world):
    app, lead, _, draft = world
    voice = new_id()
    with app.app_context(), transaction() as session:
        values = {"kind": VoiceKind.UNIT, "name": "Field office", "shows_names": False}
        session.execute(sa.insert(VoiceRecord).values(id=voice, assessment_id=draft, **values))
    client = holder(world)
    assert lead.client.get(f"/assessments/{draft}/themes/jobs?voice={voice}").status_code == 200
    assert client.get(f"/assessments/{draft}/themes/jobs?voice={voice}").status_code == 404
    data = {"q_policy-pick": "2", "q_policy-revision": "0"}
    assert client.post(f"/assessments/{draft}/answers/policy?voice={voice}", data=data).status_code == 404


def test_public_pages_and_leaving_work_as_for_everybody(world):
    client = holder(world)
    for path in ("/", "/glossary", "/help", "/checklists", "/sign-in", "/nothing-here"):
        page = client.get(path)
        assert page.status_code in {200, 404}, path
        assert 'href="/work"' not in page.text
    assert client.post("/sign-out").status_code == 302
    assert client.get("/asked").status_code == 302


def test_a_link_is_sent_afresh_and_taken_back_from_the_board(world):
    app, lead, _, draft = world
    token = give(world)
    client = holder(world, token)
    board = lead.client.get(f"/assessments/{draft}/handovers").text
    assert "By personal link" in board
    (afresh,) = re.findall(r'action="([^"]+/link/afresh)"', board)
    (back,) = re.findall(r'action="([^"]+/link/take-back)"', board)
    assert lead.client.post(afresh).status_code == 302
    assert client.get("/asked").status_code == 302
    assert app.test_client().get(f"/link/{token}").status_code == 410
    client = holder(world, link_token(app))
    assert lead.client.post(back).status_code == 302
    assert client.get("/asked").status_code == 302
    assert "The personal link has ended" in lead.client.get(f"/assessments/{draft}/handovers").text


def test_switching_them_off_ends_all_and_takes_the_choice_away(world):
    _, lead, space, draft = world
    client = holder(world)
    answer = lead.client.post(f"/spaces/{space}/personal-links", data={"allow": "no"}, follow_redirects=True)
    assert "1 ended at once" in answer.text
    assert client.get("/asked").status_code == 302
    assert 'name="by_link"' not in lead.client.get(f"/assessments/{draft}/handovers/new").text
    data = {"parts": ["theme/jobs"], "name": "Lou", "email": "lou@example.org", "by_link": "y"}
    assert lead.client.post(f"/assessments/{draft}/handovers/new", data=data).status_code == 403


def test_an_address_with_an_account_is_refused_beside_its_field_and_kept(world):
    _, lead, _, draft = world
    data = {"parts": ["theme/jobs"], "name": "Me", "email": lead.email, "by_link": "y"}
    answer = lead.client.post(f"/assessments/{draft}/handovers/new", data=data)
    assert answer.status_code == 422
    assert "no personal link can be sent" in answer.text
    assert f'value="{lead.email}"' in answer.text


def test_many_dead_links_from_one_address_have_to_wait(world):
    client = world[0].test_client()
    statuses = {client.get(f"/link/guess-{number}").status_code for number in range(35)}
    assert statuses == {410, 429}


def test_the_token_is_in_no_log_and_no_other_page(world, caplog, capsys):
    caplog.set_level("DEBUG")
    token = give(world)
    client = holder(world, token)
    client.get(f"/link/{token}")
    client.get("/asked")
    client.get(f"/link/{token}x")
    told = caplog.text + "".join(capsys.readouterr())
    assert "link_opened" in told
    assert token not in told
    assert "Lin" not in told


def test_without_a_mail_server_whoever_sent_the_link_finds_the_message(world):
    _, lead, _, _ = world
    give(world)
    page = html.unescape(lead.client.get("/messages").text)
    assert "Lin <b>" in page


def test_where_contributors_need_a_second_step_no_link_is_offered(world):
    app, lead, _, draft = world
    client = holder(world)
    config = app.config["TOOLKIT"]
    changed = replace(config, values=config.values | {"SECOND_FACTOR_FOR": "contributor"})
    app.config["TOOLKIT"] = app.extensions["toolkit_config"] = changed
    assert 'name="by_link"' not in lead.client.get(f"/assessments/{draft}/handovers/new").text
    assert client.get("/asked").status_code in {302, 404}
