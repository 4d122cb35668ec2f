"""Without a script: what was typed survives the end of the session and of the form token."""

from __future__ import annotations

import html
import re

import pytest

from tests.web.builders import PASSWORD, a_person, a_space, an_administrator, an_open_assessment, hidden, sent
from tests.web.test_second_factor import set_up
from toolkit.domain.access import Role
from toolkit.domain.errors import CannotSaveNow
from toolkit.services import assessments
from toolkit.web import kept_words

WORDS = 'First "line" <b>\nand a second & last.'


@pytest.fixture
def typed(tiny_site):
    """A focal point, the address of a theme page, and what was typed there."""
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    theme = f"/assessments/{an_open_assessment(tiny_site, lead, space)}/themes/jobs"
    data = sent(lead.client.get(theme).text) | {"q_policy-pick": "2", "q_policy-comment": WORDS}
    tiny_site.config["WTF_CSRF_ENABLED"] = True
    return lead, theme, data


def shown(page):
    """The boxes to copy from, as they are labelled."""
    return [html.unescape(text) for text in re.findall(r"<textarea[^>]* readonly>\n(.*?)</textarea>", page, flags=re.S)]


def test_after_the_session_the_words_are_shown_and_saved_once_somebody_signs_in_and_says_so(tiny_site, typed):
    lead, theme, data = typed
    client = tiny_site.test_client()
    lost = client.post(theme, data=data | {"new_password": "never shown", "csrf_token": "old"})
    assert lost.status_code == 400
    assert WORDS in shown(lost.text)
    assert "How far does the policy name jobs?" in lost.text
    assert "never shown" not in lost.text
    wrong = client.post("/sign-in", data=hidden(lost.text) | {"email": lead.email, "password": "not the password"})
    assert WORDS in shown(wrong.text)
    again = client.post("/sign-in", data=hidden(wrong.text) | {"email": lead.email, "password": PASSWORD})
    assert again.status_code == 200
    assert WORDS in shown(again.text)
    assert PASSWORD not in again.text
    assert f'action="{theme}"' in again.text
    assert "second &amp; last." not in lead.client.get(theme).text, "nothing is saved by itself"
    assert client.post(theme, data=hidden(again.text)).status_code == 302
    assert "second &amp; last." in lead.client.get(theme).text


def test_the_words_wait_for_the_code_of_a_second_step_too(tiny_site, typed):
    lead, theme, data = typed
    tiny_site.config["WTF_CSRF_ENABLED"] = False
    _, codes = set_up(lead.client)
    client = tiny_site.test_client()
    code_page = client.post(
        "/sign-in",
        data={"email": lead.email, "password": PASSWORD, "kept_for": theme}
        | {f"kept:{name}": data[name] for name in data},
    )
    assert "Your code" in code_page.text
    assert WORDS in shown(code_page.text)
    wrong = client.post("/sign-in/code", data=hidden(code_page.text) | {"code": "000000"})
    assert WORDS in shown(wrong.text)
    again = client.post("/sign-in/code", data=hidden(wrong.text) | {"code": codes[0]})
    assert WORDS in shown(again.text)
    assert client.post(theme, data=hidden(again.text)).status_code == 302
    assert "second &amp; last." in lead.client.get(theme).text


def test_an_old_form_token_is_renewed_with_the_words(typed):
    lead, theme, data = typed
    page = lead.client.post(theme, data=data)
    assert page.status_code == 400
    assert lead.client.post(theme, data=hidden(page.text)).status_code == 302
    assert "second &amp; last." in lead.client.get(theme).text


@pytest.mark.parametrize("header", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_from_another_site_is_not_offered_again(typed, header):
    lead, theme, data = typed
    page = lead.client.post(theme, data=data, headers=header)
    assert page.status_code == 400
    assert "second &amp; last." not in page.text
    assert "Save what you wrote" not in page.text


def boxes(page):
    """Label and text of each box to copy from."""
    found = re.findall(
        r"<label for=[^>]*>([^<]*)</label>\s*<textarea[^>]* readonly>\n(.*?)</textarea>", page, flags=re.S
    )
    return [(html.unescape(label), html.unescape(text)) for label, text in found]


def test_choices_are_shown_in_words(tiny_site, typed):
    _, theme, data = typed
    data |= {"q_published-pick": "yes", "q_tool-pick": "screen", "q_groups-value": ["young", "women"]}
    data |= {"q_people-pick": "-dont_know", "q_units-value-0-1": "3", "q_policy-evidence-1-title": "A file"}
    page = tiny_site.test_client().post(theme, data=data).text
    assert set(boxes(page)) == {
        ("Answer", "2 All"),
        ("Comment", WORDS),
        ("Evidence 2, title", "A file"),
        ("Answer", "Yes"),
        ("Answer", "Screen"),
        ("Answer", "Young people"),
        ("Answer", "Women"),
        ("Answer", "Don’t know"),
        ("Heads, row 1", "3"),
    }


def test_questions_are_looked_up_in_the_checklist_that_was_answered(tiny_site, tmp_path):
    """Two checklists may ask different things under one id."""
    tiny = (tiny_site.config["TOOLKIT"].checklists / "tiny" / "1.0.0.yaml").read_text(encoding="utf-8")
    for name, asks in (("tiny", "How far"), ("zebra", "Whether")):
        (tmp_path / name).mkdir()
        text = tiny.replace("id: tiny", f"id: {name}", 1).replace("How far", asks)
        (tmp_path / name / "1.0.0.yaml").write_text(text, encoding="utf-8")
    for name, asks in (("tiny", "How far"), ("zebra", "Whether")):
        (box,) = kept_words.boxes([("of_checklist", f"{name}/1.0.0"), ("q_policy-pick", "2")], tmp_path)
        assert box.question == f"{asks} does the policy name jobs?"


def test_the_mandate_and_the_start_are_shown_in_words(tiny_site, typed):
    client = tiny_site.test_client()
    scope = {"m_jobs": "outside", "r_jobs": "Others do this.", "of_checklist": "tiny/1.0.0"}
    assert boxes(client.post("/assessments/new", data=scope).text) == [
        ("Mandate", "Outside our mandate"),
        ("Reason", "Others do this."),
    ]
    start = {"name": "Fund", "track": "core", "sign_off": "one", "kind": "organization", "checklist": "tiny/1.0.0"}
    texts = [text for _, text in boxes(client.post("/assessments/new", data=start).text)]
    assert "Fund" in texts
    assert not set(texts) & {"core", "one", "organization", "tiny/1.0.0"}


def test_without_a_session_but_with_a_form_token_the_words_wait_for_the_sign_in(tiny_site, typed):
    _, theme, data = typed
    tiny_site.config["WTF_CSRF_ENABLED"] = False  # as with a token that still holds
    client = tiny_site.test_client()
    lost = client.post(theme, data=data)
    assert lost.status_code == 401
    assert "You are signed out" in lost.text
    assert WORDS in shown(lost.text)
    assert hidden(lost.text)["kept:q_policy-comment"] == WORDS
    told = client.post(theme, data=data, headers={"Accept": "application/json"})
    assert told.json["error"]["status"] == 401


def test_when_the_database_takes_nothing_the_words_can_be_sent_once_more(tiny_site, typed, monkeypatch):
    lead, theme, data = typed
    tiny_site.config["WTF_CSRF_ENABLED"] = False

    def full(*_given, **_named):
        raise CannotSaveNow

    with monkeypatch.context() as broken:
        broken.setattr(assessments, "save_answers", full)
        failed = lead.client.post(theme, data=data)
    assert failed.status_code == 503
    assert "We cannot save just now" in failed.text
    assert WORDS in shown(failed.text)
    assert lead.client.post(theme, data=hidden(failed.text)).status_code == 302
    assert "second &amp; last." in lead.client.get(theme).text
