"""The page of review and next steps, and what the overview and my work say about whose turn it is."""

from __future__ import annotations

import re

import pytest

from tests.web.builders import a_person, a_space, an_administrator, an_open_assessment
from tests.web.test_main_path import answer_everything
from toolkit.domain.access import Role
from toolkit.domain.assessment import SignOff


@pytest.fixture
def people(tiny_site):
    """Focal point, approver and their space."""
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    return lead, a_person(tiny_site, admin, Role.APPROVER, space), space


def begun(site, people, sign_off=SignOff.ONE):
    lead, _, space = people
    return f"/assessments/{an_open_assessment(site, lead, space, sign_off=sign_off)}"


def test_what_is_missing_is_said_once_and_every_question_is_a_link(tiny_site, people):
    address = begun(tiny_site, people)
    page = people[0].client.get(f"{address}/review").text
    assert page.count("There is no answer yet.") == 1
    assert f'href="{address}/themes/jobs#q-policy"' in page
    assert f'href="{address}/themes/skills#q-training"' in page
    assert "may stay open" not in page
    assert "A question left without an answer stops review." in page
    assert "lowers the coverage" in page


@pytest.mark.parametrize(("sign_off", "step"), [(SignOff.ONE, "send"), (SignOff.NONE, "submit")])
def test_a_step_taken_too_early_is_answered_with_what_is_missing(tiny_site, people, sign_off, step):
    address = begun(tiny_site, people, sign_off)
    client = people[0].client
    page = client.get(f"{address}/review").text
    button = re.search(rf'action="{address}/{step}".*?(<button[^>]*>)', page, re.S).group(1)
    assert "disabled" not in button
    assert 'aria-describedby="why-not"' in button
    assert 'id="why-not"' in page
    early = client.post(f"{address}/{step}", data={"sure": "y", "provisional_reason": "A trial."})
    assert early.status_code == 422
    assert re.search(r'class="errors".*?href="#missing".*?answers need something first', early.text, re.S)
    assert "Draft" in client.get(address).text


def test_a_complete_draft_has_nothing_in_the_way(tiny_site, people):
    address = begun(tiny_site, people)
    answer_everything(people[0].client, address)
    page = people[0].client.get(f"{address}/review").text
    assert "Nothing is missing." in page
    assert "why-not" not in page
