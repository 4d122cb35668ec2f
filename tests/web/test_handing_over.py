"""Handing over in the browser: the focal point gives, the person answers and says done, it may come back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.web.builders import a_person, a_space, an_administrator, an_open_assessment, now
from toolkit.domain.access import Role
from toolkit.storage.db import db
from toolkit.storage.handovers import HandoverRecord


@pytest.fixture
def world(tiny_site):
    """A focal point, a colleague who may only read what was submitted, and a draft."""
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    focal = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    noor = a_person(tiny_site, admin, Role.READER, space, email="noor@example.org")
    return tiny_site, focal, noor, an_open_assessment(tiny_site, focal, space)


def hand(world, **more):
    _, focal, noor, draft = world
    data = {"parts": ["theme/jobs"], "to": [str(noor.id)]} | more
    return focal.client.post(f"/assessments/{draft}/handovers/new", data=data)


def handover_id(app):
    with app.app_context():
        return db.session.execute(sa.select(HandoverRecord.id)).scalar_one()


def test_from_handing_over_to_done_and_back(world):
    app, focal, noor, draft = world
    assert "Nothing here yet" in noor.client.get("/work").text
    due = (now() + timedelta(days=2)).date().isoformat()
    assert hand(world, due_on=due, note="Ask the archive.").status_code == 302
    board = focal.client.get(f"/assessments/{draft}/handovers").text
    assert "The reader" in board
    assert "Due soon" in board
    work = noor.client.get("/work").text
    assert "Handed over to me" in work
    assert "Due soon" in work
    overview = noor.client.get(f"/assessments/{draft}").text
    assert "Ask the archive." in overview
    one = handover_id(app)
    done = noor.client.post(f"/assessments/{draft}/handovers/{one}/done", data={"note": "No figures exist."})
    assert done.status_code == 302
    assert "No figures exist." in focal.client.get(f"/assessments/{draft}/handovers").text
    assert "0 to do" in noor.client.get("/work").text
    back = focal.client.post(f"/assessments/{draft}/handovers/{one}/give-back", data={"note": "Estimate, please."})
    assert back.status_code == 302
    assert "Came back" in noor.client.get("/work").text
    assert "Estimate, please." in noor.client.get(f"/assessments/{draft}").text
    assert focal.client.post(f"/assessments/{draft}/handovers/{one}/remind").status_code == 302
    assert focal.client.post(f"/assessments/{draft}/handovers/{one}/remind").status_code == 409
    assert focal.client.post(f"/assessments/{draft}/handovers/{one}/end").status_code == 302
    assert noor.client.get(f"/assessments/{draft}").status_code == 404
    assert "Ended (1)" in focal.client.get(f"/assessments/{draft}/handovers").text


def test_whoever_has_one_theme_sees_nothing_of_the_others(world):
    _, focal, noor, draft = world
    hand(world)
    whole = focal.client.get(f"/assessments/{draft}").text
    themes = set(re.findall(rf"/assessments/{draft}/themes/(\w+)", whole))
    assert len(themes) > 1
    mine = noor.client.get(f"/assessments/{draft}").text
    assert set(re.findall(rf"/assessments/{draft}/themes/(\w+)", mine)) == {"jobs"}
    for theme in themes - {"jobs"}:
        assert noor.client.get(f"/assessments/{draft}/themes/{theme}").status_code == 404
    for page in ("results", "handovers", "handovers/new", "scope", "facts", "downloads"):
        assert noor.client.get(f"/assessments/{draft}/{page}").status_code in {403, 404}


def test_what_is_wrong_is_said_and_what_was_typed_stays(world):
    app, focal, noor, draft = world
    kept = hand(world, parts=[], note="A long thought", due_on="2001-01-01")
    assert kept.status_code == 422
    assert "Choose at least one theme or question." in kept.text
    assert "A long thought" in kept.text
    past = hand(world, due_on="2001-01-01")
    assert "Choose today or a later day." in past.text
    assert 'value="2001-01-01"' in past.text
    for wrong in ({"due_on": "tomorrow"}, {"parts": ["theme/none"]}, {"parts": ["x"]}, {"to": ["x"]}, {"to": []}):
        assert hand(world, **wrong).status_code == 422
    assert hand(world, note="x" * 2_001).status_code == 422
    hand(world)
    one = handover_id(app)
    long = "word " * 500
    done = noor.client.post(f"/assessments/{draft}/handovers/{one}/done", data={"note": long})
    assert done.status_code == 422
    assert long.strip() in done.text
    empty = focal.client.post(f"/assessments/{draft}/handovers/{one}/give-back", data={"note": ""})
    assert "Say what should be looked at again." in empty.text or empty.status_code == 422
    day = focal.client.post(f"/assessments/{draft}/handovers/{one}/due", data={"due_on": "2001-01-01"})
    assert day.status_code == 422
    assert 'value="2001-01-01"' in day.text
    assert focal.client.post(f"/assessments/{draft}/handovers/{one}/due", data={"due_on": ""}).status_code == 302


def test_somebody_new_is_brought_in_with_the_hand_over(world):
    _, focal, _, draft = world
    answer = hand(world, to=[], name="Vera New", email="vera@example.org")
    assert answer.status_code == 302
    board = focal.client.get(f"/assessments/{draft}/handovers").text
    assert "Vera New" in board
    assert "Has not signed in yet" in board
    assert hand(world, to=[], name="Vera", email="no address").status_code == 422


def test_a_hand_over_cannot_be_reached_by_guessing(world):
    _, focal, noor, draft = world
    strange = "00000000-0000-4000-8000-000000000000"
    for step in ("due", "remind", "end", "give-back"):
        answer = focal.client.post(f"/assessments/{draft}/handovers/{strange}/{step}", data={"note": "x"})
        assert answer.status_code == 404
    assert noor.client.post(f"/assessments/{draft}/handovers/{strange}/done").status_code == 404


def test_my_work_takes_at_most_ten_queries(world):
    app, _, noor, _ = world
    hand(world)
    hand(world, parts=["theme/jobs", "theme/dialogue"])
    noor.client.get("/work")
    with app.app_context():
        seen = []

        def listen(*given):
            seen.append(given[2])

        sa.event.listen(db.engine, "before_cursor_execute", listen)
        assert noor.client.get("/work").status_code == 200
        sa.event.remove(db.engine, "before_cursor_execute", listen)
    assert len(seen) <= 10, seen
