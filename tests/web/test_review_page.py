"""The page of review and next steps, and what the overview and my work say about whose turn it is."""

from __future__ import annotations

import re

import pytest

from tests.web.builders import a_person, a_space, an_administrator, an_open_assessment
from tests.web.test_main_path import answer_everything
from toolkit.domain.access import Role
from toolkit.domain.assessment import SignOff
from toolkit.domain.checklist import Kind, Level, Question, Scale, Track
from toolkit.web.review_reading import RatingLine


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


def test_an_approver_reads_levels_evidence_comments_and_scope_before_approving(tiny_site, people):
    lead, approver, _ = people
    address = begun(tiny_site, people)
    answer_everything(lead.client, address)
    scope = {"m_jobs": "in", "m_skills": "touches", "r_skills": "Others train.", "m_safety": "outside"}
    lead.client.post(f"{address}/scope", data=scope | {"r_safety": "We have no place."})
    assert lead.client.post(f"{address}/send").status_code == 302
    page = approver.client.get(f"{address}/review").text
    assert page.index("To read first") < page.index("<h2>Approve</h2>")
    assert "Others train." in page
    assert "We have no place." in page
    assert re.search(r"How far does the policy name jobs\? <b>1, A little</b>\s+<span[^>]*>no evidence", page)
    assert "Evidence for 0 of 2 ratings · 0 comments" in page
    assert "How far is the place safe? <b>" not in page, "a theme outside the mandate has no levels to read"
    assert f'href="{address}/themes/jobs"' in page
    assert "<textarea" not in approver.client.get(f"{address}/themes/jobs").text


def a_question(name):
    levels = tuple(Level(value, f"Level {value}", "") for value in range(5))
    return Question(id=name, kind=Kind.RATING, text=f"{name}?", track=Track.CORE, scale=Scale("five", levels))


@pytest.mark.parametrize(
    ("level", "evidence", "listed"), [(2, 0, False), (3, 0, True), (4, 0, True), (3, 1, False), (4, 2, False)]
)
def test_a_high_level_without_evidence_is_listed(level, evidence, listed):
    assert RatingLine(a_question("one"), level, "", evidence, False).lacks_evidence is listed


def test_an_open_question_is_not_listed_as_lacking_evidence():
    assert not RatingLine(a_question("one"), None, "Don’t know", 0, False).lacks_evidence


@pytest.fixture
def sent_back(tiny_site, people):
    """Address of a complete draft that came back because of one answer in the last theme."""
    lead, approver, _ = people
    address = begun(tiny_site, people)
    answer_everything(lead.client, address)
    lead.client.post(f"{address}/send")
    back = approver.client.post(f"{address}/return", data={"about": "safe", "reason": "Show it."})
    assert back.status_code == 302
    return address


def test_what_was_sent_back_is_named_first_and_not_called_done(people, sent_back):
    page = people[0].client.get(sent_back).text
    line = re.search(rf'<li>\s*<span><a href="{sent_back}/themes/safety">.*?</li>', page, re.S).group()
    assert "1 answer sent back" in line
    assert "Look again" in line
    assert "Done" not in line
    assert re.search(rf'class="button" href="{sent_back}/themes/safety">Go on', page)
    assert "Finish: send to review" in page, "whoever has looked again can send it"
    assert page.index("Look again at what was sent back") < page.index("How far")


def test_how_far_comes_before_the_themes(people, sent_back):
    page = people[0].client.get(sent_back).text
    assert page.index("How far") < page.index('<ul class="list">')


def test_a_submitted_assessment_says_that_it_cannot_be_changed_and_what_can_be_done(tiny_site, people):
    address = begun(tiny_site, people, SignOff.NONE)
    client = people[0].client
    assert "Answer theme by theme" in client.get(address).text
    answer_everything(client, address)
    assert client.post(f"{address}/submit", data={"sure": "y", "provisional_reason": "A trial."}).status_code == 302
    page = client.get(address).text
    assert "Answer theme by theme" not in page
    assert "submitted and cannot be changed" in page
    for words in ("see the results", "download the report", "reopen it"):
        assert words in page


def my_work(person):
    return person.client.get("/work").text


def test_my_work_says_whose_turn_it_is(tiny_site, people):
    lead, approver, _ = people
    address = begun(tiny_site, people)
    assert re.search(r"Go on: \d+ questions? left\.", my_work(lead))
    assert "Go on" not in my_work(approver)
    answer_everything(lead.client, address)
    assert "Nothing is open: look it through and finish it." in my_work(lead)
    lead.client.post(f"{address}/send")
    assert "With the reviewers." in my_work(lead)
    assert "Your turn: read it, then approve it or send it back." in my_work(approver)
    approver.client.post(f"{address}/return", data={"about": "safe", "reason": "Show it."})
    assert "Your turn: it was sent back with reasons." in my_work(lead)
    lead.client.post(f"{address}/send")
    approver.client.post(f"{address}/approve", data={"sure": "y"})
    assert "Your turn: submit it." in my_work(lead)
    assert "Approved; to be submitted." in my_work(approver)
    lead.client.post(f"{address}/submit", data={"sure": "y", "provisional_reason": "A trial."})
    assert "Results and report are ready." in my_work(lead)
    lead.client.post(f"{address}/reopen", data={"sure": "y", "reason": "A figure was wrong."})
    assert "Reopened: correct it, then finish it again." in my_work(lead)
