"""Discussions on the pages: at the question, in the list of open ones, with what was typed kept on an error."""

from __future__ import annotations

import re

import pytest

from tests.web.builders import a_person, a_space, an_administrator, an_open_assessment
from toolkit.domain.access import Role


@pytest.fixture
def people(tiny_site):
    """A focal point and a contributor with one assessment: (focal point, contributor, address)."""
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    helper = a_person(tiny_site, admin, Role.CONTRIBUTOR, space)
    return lead, helper, f"/assessments/{an_open_assessment(tiny_site, lead, space)}"


def test_a_discussion_on_the_pages(people):
    lead, helper, address = people
    page = f"{address}/answers/policy/discussions"
    assert f'href="{page}"' in helper.client.get(f"{address}/themes/jobs").text
    assert helper.client.post(page, data={"text": "Which policy?\nThe old one?"}).status_code == 302
    theme = lead.client.get(f"{address}/themes/jobs").text
    assert "1 open discussion" in theme
    assert "Open discussions: 1" in lead.client.get(address).text
    listed = lead.client.get(f"{address}/discussions").text
    assert "How far does the policy name jobs?" in listed
    shown = lead.client.get(page).text
    assert "Which policy?\nThe old one?" in shown
    thread = re.search(rf'action="({page}/[0-9a-f-]+)"', shown)[1]
    assert lead.client.post(thread, data={"text": "The new one."}).status_code == 302
    assert lead.client.post(f"{thread}/told", data={"told": "shared"}).status_code == 302
    assert helper.client.post(f"{thread}/told", data={"told": "internal"}).status_code == 403
    assert helper.client.post(f"{thread}/resolve").status_code == 302
    done = lead.client.get(page).text
    assert "Resolved by" in done
    assert re.search(r'value="shared" checked', done)
    assert "No discussion waits for an end" in lead.client.get(f"{address}/discussions").text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"text": ""}, "Write a message first."),
        ({"text": "x" * 5_001}, "at most 5,000"),
        ({"text": "Look.", "mention": "junk"}, "not a valid"),
        ({"text": "Look.", "mention": "0" * 32}, "not a valid"),
    ],
)
def test_what_was_typed_stays_on_the_page_of_an_error(people, data, says):
    _, helper, address = people
    answer = helper.client.post(f"{address}/answers/policy/discussions", data=data)
    assert answer.status_code == 422
    assert says in answer.text
    assert data["text"] in answer.text
    assert "<title>Error: " in answer.text


def test_words_are_words_and_never_marks(people):
    lead, helper, address = people
    page = f"{address}/answers/policy/discussions"
    helper.client.post(page, data={"text": "<script>alert(1)</script> & [x](javascript:1)"})
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; [x](javascript:1)" in lead.client.get(page).text


def test_a_discussion_of_what_is_not_there(people):
    lead, _, address = people
    assert lead.client.get(f"{address}/answers/nothing/discussions").status_code == 404
    missing = f"{address}/answers/policy/discussions/00000000-0000-0000-0000-000000000000"
    assert lead.client.post(missing, data={"text": "Hello"}).status_code == 404
