"""Voices in the browser: adding one, speaking in it, reading all side by side, being left out and replying."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from tests.web.builders import a_person, a_space, an_administrator, an_open_assessment, now, sent
from toolkit.domain.access import Role, theme_scope, voice_scope
from toolkit.domain.voices import VoiceKind
from toolkit.services import voices
from toolkit.storage.assessments import AssessmentRecord, staff_union_voice
from toolkit.storage.db import db, transaction


@pytest.fixture
def world(tiny_site):
    """A focal point, the staff union's spokesperson, a reviewer, and a draft."""
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    focal = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    reviewer = a_person(tiny_site, admin, Role.REVIEWER, space)
    draft = an_open_assessment(tiny_site, focal, space)
    union = a_person(tiny_site, admin, Role.SPOKESPERSON, voice_scope(draft, staff_union_voice(draft)))
    return tiny_site, focal, union, reviewer, draft


def say(person, draft, voice, level, comment=""):
    address = f"/assessments/{draft}/themes/jobs?voice={voice}"
    fields = sent(person.client.get(address).text) | {"q_policy-pick": str(level), "q_policy-comment": comment}
    assert person.client.post(address, data=fields).status_code == 302


def take_over(person, draft, page):
    """Press the first button of the page that takes an answer over."""
    found = re.search(r'action="([^"]+side-by-side[^"]+)">.*?(<input type="hidden" name="voice".*?)\n', page, re.S)
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', found.group(2)))
    return person.client.post(found.group(1), data=fields, follow_redirects=True).text


def test_from_the_first_word_of_the_staff_union_to_the_consolidated_answer(world):
    _, focal, union, reviewer, draft = world
    voice = staff_union_voice(draft)
    landed = union.client.get(f"/assessments/{draft}", follow_redirects=True)
    assert "You answer in the name of" in landed.text
    assert landed.request.args["voice"] == str(voice)
    say(union, draft, voice, 2, "Canary: the field was not asked.")
    for reader in (focal, reviewer):
        page = reader.client.get(f"/assessments/{draft}/side-by-side/jobs").text
        assert "Canary" not in page
        assert "No voice has said anything about this yet" in page
    assert "1 answer changed since the start" in union.client.get(f"/assessments/{draft}/voices/{voice}").text
    released = union.client.post(f"/assessments/{draft}/voices/{voice}/release", follow_redirects=True).text
    assert "Released: 1 answer." in released
    page = focal.client.get(f"/assessments/{draft}/side-by-side/jobs").text
    assert "Canary: the field was not asked." in page
    assert "The spokesperson" not in page  # it speaks as a voice, not by name
    assert "1 voice on this question" in focal.client.get(f"/assessments/{draft}/themes/jobs").text
    assert "Taken over as the consolidated answer" in take_over(focal, draft, page)
    history = focal.client.get(f"/assessments/{draft}/answers/policy/history").text
    assert "taken over from <bdi>Staff union</bdi>" in history
    again = focal.client.get(f"/assessments/{draft}/side-by-side/jobs").text
    assert "all say the same" in again
    assert "Use as a draft" not in again
    assert "Use as a draft" not in reviewer.client.get(f"/assessments/{draft}/side-by-side/jobs").text


def test_what_changed_meanwhile_is_not_taken_over(world):
    _, focal, union, _, draft = world
    voice = staff_union_voice(draft)
    say(union, draft, voice, 2)
    union.client.post(f"/assessments/{draft}/voices/{voice}/release")
    page = focal.client.get(f"/assessments/{draft}/side-by-side/jobs").text
    say(union, draft, voice, 1)
    union.client.post(f"/assessments/{draft}/voices/{voice}/release")
    assert "says something else by now" in take_over(focal, draft, page)


@pytest.mark.parametrize("fields", [{}, {"voice": "x"}, {"voice": "0" * 32, "revision": "9" * 40, "shown": "\x00"}])
def test_what_no_page_sends_is_refused_without_a_fault(world, fields):
    _, focal, _, _, draft = world
    answer = focal.client.post(f"/assessments/{draft}/side-by-side/jobs/policy", data=fields)
    assert answer.status_code == 404


def test_adding_and_inviting_and_what_is_wrong_stays_on_the_page(world):
    _, focal, _, _, draft = world
    at = f"/assessments/{draft}/voices"
    assert focal.client.post(at, data={"kind": "unit", "name": ""}).status_code == 422
    assert focal.client.post(at, data={"kind": "consolidated", "name": "Mine"}).status_code == 422
    twice = focal.client.post(at, data={"kind": "unit", "name": "staff union"})
    assert twice.status_code == 422
    assert "Another voice has this name" in twice.text
    assert 'value="staff union"' in twice.text
    added = focal.client.post(at, data={"kind": "unit", "name": "مكتب عمّان"})
    assert added.status_code == 302
    page = focal.client.get(added.location).text
    assert "مكتب عمّان" in page
    wrong = focal.client.post(f"{added.location}/people", data={"email": "x", "person": "Nadia", "role": "contributor"})
    assert wrong.status_code == 422
    assert 'value="Nadia"' in wrong.text
    invited = {"email": "nadia@example.org", "person": "Nadia", "role": "contributor"}
    assert focal.client.post(f"{added.location}/people", data=invited).status_code == 302
    assert "Nadia" in focal.client.get(added.location).text
    assert focal.client.post(f"{added.location}/remove").status_code == 302
    assert focal.client.get(added.location).status_code == 404


def test_left_out_with_a_reason_that_the_voice_sees_where_it_lands(world):
    _, focal, union, _, draft = world
    at = f"/assessments/{draft}/voices/{staff_union_voice(draft)}"
    assert focal.client.post(f"{at}/leave-out", data={"reason": " "}).status_code == 422
    assert focal.client.post(f"{at}/leave-out", data={"reason": "It answered late."}).status_code == 302
    landed = union.client.get(f"/assessments/{draft}", follow_redirects=True).text
    assert "left out of the internal report" in landed
    assert "It answered late." in union.client.get(at).text
    assert union.client.post(f"{at}/reply", data={"reply": "We were asked late."}).status_code == 302
    assert "We were asked late." in focal.client.get(at).text
    assert focal.client.post(f"{at}/take-in").status_code == 302
    assert "It answered late." not in focal.client.get(at).text


def test_its_paragraph_is_nobody_else_s(world):
    _, focal, union, _, draft = world
    at = f"/assessments/{draft}/voices/{staff_union_voice(draft)}"
    assert focal.client.post(f"{at}/paragraph", data={"paragraph": "All is well."}).status_code == 403
    too_long = union.client.post(f"{at}/paragraph", data={"paragraph": "x" * 3_001})
    assert too_long.status_code == 422
    assert "x" * 3_001 in too_long.text
    assert union.client.post(f"{at}/paragraph", data={"paragraph": "<b>We</b> were asked."}).status_code == 302
    assert "&lt;b&gt;We&lt;/b&gt; were asked." in focal.client.get(at).text


def test_beside_the_boxes_stands_who_reads_them_and_under_what_name(world):
    app, focal, union, _, draft = world
    theme = f"/assessments/{draft}/themes/jobs"
    assert "the history shows them your name" in focal.client.get(theme).text
    mine = union.client.get(f"{theme}?voice={staff_union_voice(draft)}").text
    assert "those who speak in this voice alone; once released" in mine
    assert "Who wrote them is not shown to anybody." in mine
    with app.app_context(), transaction() as session:
        session.execute(sa.update(AssessmentRecord).values(blind=True))
    assert "by colleagues who were given the same questions" in focal.client.get(theme).text


def test_somebody_in_a_voice_who_answers_blind_is_told_nothing_of_the_others(world):
    app, focal, _, _, draft = world
    with app.app_context():
        office = voices.add(draft, VoiceKind.UNIT, "Field office", viewer=focal.viewer, now=now())
    with app.app_context(), transaction() as session:
        session.execute(sa.update(AssessmentRecord).values(blind=True))
    say(focal, draft, "", 2, "Canary of the focal point")
    member = a_person(app, focal, Role.CONTRIBUTOR, theme_scope(draft, "jobs", office))
    for address in (f"/assessments/{draft}", "/work", f"/assessments/{draft}/themes/jobs?voice={office}"):
        page = member.client.get(address, follow_redirects=True).text
        assert "Canary" not in page
        assert "1 of" not in page
    assert member.client.get(f"/assessments/{draft}/side-by-side/jobs").status_code == 403


def queries(app, person, address):
    """How many queries a page makes, and the page."""
    seen = []
    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    page = person.client.get(address).text
    return len(seen), page


def test_side_by_side_makes_no_query_for_each_voice(world):
    app, focal, _, _, draft = world
    at = f"/assessments/{draft}/side-by-side/jobs"
    with app.app_context():
        first = voices.add(draft, VoiceKind.UNIT, "Office 0", viewer=focal.viewer, now=now())
    say(focal, draft, first, 1)
    few, _ = queries(app, focal, at)
    for number in range(1, 20):
        with app.app_context():
            voice = voices.add(draft, VoiceKind.UNIT, f"Office {number}", viewer=focal.viewer, now=now())
        say(focal, draft, voice, number % 3)
    many, page = queries(app, focal, at)
    assert page.count("<article") > 20
    assert many == few <= 12
