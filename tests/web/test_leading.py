"""The page of whoever leads: the note for the next round, and handing the lead on."""

from __future__ import annotations

import pytest

from tests.web.builders import a_person, a_space, an_administrator, an_open_assessment
from toolkit.domain.access import Role


@pytest.fixture
def world(tiny_site):
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    reader = a_person(tiny_site, admin, Role.READER, space)
    return lead, reader, an_open_assessment(tiny_site, lead, space)


def test_a_note_is_kept_and_found_by_whoever_starts_the_next_one(world):
    lead, _, draft = world
    data = {"text": "Ask Ben first.", "revision": "0"}
    assert lead.client.post(f"/assessments/{draft}/lead/note", data=data).status_code == 302
    assert "Ask Ben first." in lead.client.get(f"/assessments/{draft}/lead").text
    assert "Ask Ben first." in lead.client.get("/assessments/new").text


def test_the_second_of_two_reads_the_other_note_and_keeps_their_own(world):
    lead, _, draft = world
    where = f"/assessments/{draft}/lead/note"
    lead.client.post(where, data={"text": "Theirs <b>", "revision": "0"})
    answer = lead.client.post(where, data={"text": "Mine", "revision": "0"})
    assert answer.status_code == 409
    assert "Theirs &lt;b&gt;" in answer.text
    assert "\nMine</textarea>" in answer.text
    assert 'name="revision" value="1"' in answer.text
    assert lead.client.post(where, data={"text": "Both", "revision": "1"}).status_code == 302


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 40, "\u0663"])
def test_a_revision_that_is_none_is_a_conflict_at_worst(world, revision):
    lead, _, draft = world
    lead.client.post(f"/assessments/{draft}/lead/note", data={"text": "One", "revision": "0"})
    answer = lead.client.post(f"/assessments/{draft}/lead/note", data={"text": "Two", "revision": revision})
    assert answer.status_code == 409


def test_too_long_a_note_is_said_beside_it_and_kept(world):
    lead, _, draft = world
    answer = lead.client.post(f"/assessments/{draft}/lead/note", data={"text": "y" * 5001, "revision": "0"})
    assert answer.status_code == 422
    assert "y" * 5001 in answer.text


def test_the_note_is_in_no_file_of_the_assessment(world):
    lead, _, draft = world
    lead.client.post(f"/assessments/{draft}/lead/note", data={"text": "canary-note", "revision": "0"})
    for edition in ("internal", "shared", "public"):
        for kind in ("json", "csv", "xlsx"):
            answer = lead.client.get(f"/assessments/{draft}/downloads/{edition}/{kind}")
            assert b"canary-note" not in answer.data


def test_the_lead_is_handed_on_with_a_word_where_something_is_missing(world):
    lead, reader, draft = world
    where = f"/assessments/{draft}/lead/hand-on"
    empty = lead.client.post(where, data={"stays": "yes", "note": "kept words"})
    assert empty.status_code == 422
    assert "Choose somebody." in empty.text
    assert "kept words" in empty.text
    assert lead.client.post(where, data={"to": "x", "stays": "yes"}).status_code == 422
    data = {"to": str(reader.id), "stays": "no", "whole": "y", "note": "All yours."}
    assert lead.client.post(where, data=data).status_code == 302
    assert "All yours." in reader.client.get(f"/assessments/{draft}/lead").text
    assert lead.client.get(f"/assessments/{draft}").status_code == 404
