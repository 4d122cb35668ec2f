"""Without a script: what was typed survives the end of the session and of the form token."""

from __future__ import annotations

import html
import re

import pytest

from tests.web.builders import PASSWORD, a_person, a_space, an_administrator, an_open_assessment, hidden, sent
from toolkit.domain.access import Role

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
