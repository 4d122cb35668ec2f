"""The filled example is whole: everybody can sign in, every state is there, and the trail verifies."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from toolkit.__main__ import main
from toolkit.config import packaged_folder, read_config
from toolkit.domain.access import Role
from toolkit.domain.assessment import State
from toolkit.domain.checklist import Kind, Track
from toolkit.domain.scoring import score_assessment
from toolkit.services import assessments, handed_over, people, submissions
from toolkit.services.auditing import verify_trail
from toolkit.services.demo import demo_data
from toolkit.storage.db import database_app, db
from toolkit.storage.definitions import find_checklist
from toolkit.storage.jobs import JobRecord

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A demo, with what it printed."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    result = CliRunner().invoke(main, ["demo", "--data", str(folder), "--password", "seven quiet rivers", "--json"])
    assert result.exit_code == 0, result.output
    app = database_app(read_config({}, data=str(folder)))
    with app.app_context():
        yield json.loads(result.stdout)
        db.session.remove()
        db.engine.dispose()


def signed_in(filled, role, place=""):
    (user,) = [one for one in filled["users"] if one["role"] == role and place in one["place"]]
    return people.sign_in(user["email"], user["password"], address="192.0.2.1", now=NOW).viewer


def test_there_is_a_user_of_every_role_and_each_can_sign_in(filled):
    assert {user["role"] for user in filled["users"]} == set(Role)
    assert len({user["place"] for user in filled["users"]} - {""}) == 3
    for user in filled["users"]:
        viewer = people.sign_in(user["email"], user["password"], address=user["email"], now=NOW).viewer
        assert viewer.name == user["name"]


def test_something_is_late_something_came_back_something_is_done_and_nobody_was_written_to(filled):
    place = next(one["place"] for one in filled["assessments"] if "Fund" in one["place"])
    draft = next(one["id"] for one in filled["assessments"] if one["place"] == place and one["state"] == "draft")
    board = handed_over.board(UUID(draft), viewer=signed_in(filled, "focal_point", place), now=NOW)
    assert len(board.late) == 1
    assert len(board.done) == 1
    assert [line.came_back for line in board.waiting].count(True) == 1
    assert board.nobodys
    letters = sa.select(sa.func.count()).select_from(JobRecord)
    assert db.session.execute(letters).scalar_one() == 0


def test_every_state_is_there_in_each_space(filled):
    states = Counter(one["state"] for one in filled["assessments"])
    assert states == dict.fromkeys(["draft", "in review", "approved", "submitted", "draft, reopened", "discarded"], 3)
    for place in {one["place"] for one in filled["assessments"]}:
        lead = signed_in(filled, "country_lead" if "Team" in place else "focal_point", place)
        for one in [one for one in filled["assessments"] if one["place"] == place]:
            opened = assessments.open_assessment(UUID(one["id"]), viewer=lead, now=NOW)
            said = one["state"].partition(",")[0].replace(" ", "_")
            assert opened.assessment.state == (State.DRAFT if said == "discarded" else said)
            assert (opened.discarded_at is not None) == (one["state"] == "discarded")


def test_the_reopened_one_has_a_superseded_submission(filled):
    one = next(one for one in filled["assessments"] if one["state"] == "draft, reopened")
    lead = signed_in(filled, "focal_point", one["place"])
    listed = submissions.for_assessment(UUID(one["id"]), viewer=lead, now=NOW)
    assert [(found.number, found.superseded_by) for found in listed] == [(2, None), (1, 2)]
    first, second = (submissions.submission(found.id, viewer=lead, now=NOW).card for found in reversed(listed))
    assert first.overall.share != second.overall.share


def test_a_score_card_comes_back_from_a_submission_exactly_as_it_was_computed(filled):
    for one in [one for one in filled["assessments"] if one["state"] == "submitted"]:
        lead = signed_in(filled, "country_lead" if "Team" in one["place"] else "focal_point", one["place"])
        (listed,) = submissions.for_assessment(UUID(one["id"]), viewer=lead, now=NOW)
        found = submissions.submission(listed.id, viewer=lead, now=NOW)
        assert found.card == score_assessment(found.checklist, found.assessment)


def test_the_trail_of_the_demo_verifies(filled):
    assert verify_trail().faults == ()


def test_the_demo_answers_what_the_checklist_asks(filled):
    data = demo_data()
    for about in data["spaces"]:
        checklist = find_checklist(packaged_folder("checklists"), about["checklist"], about["version"])
        ratings = {q.id for *_, q in checklist.questions() if q.kind is Kind.RATING and Track.CORE.includes(q.track)}
        texts = {q.id for *_, q in checklist.questions() if q.kind is Kind.TEXT}
        assert set(data["texts"]) & texts
        assert set(about["facts"]) == {fact.id for fact in checklist.facts}
        for named in (about["levels"], about["words"], about["not_applicable"], about["dont_know"]):
            assert set(named) <= ratings


def test_random_passwords_differ(tmp_path):
    result = CliRunner().invoke(main, ["demo", "--data", str(tmp_path / "data"), "--json"])
    passwords = [user["password"] for user in json.loads(result.stdout)["users"]]
    assert len(set(passwords)) == len(passwords)
    assert min(map(len, passwords)) >= 12


def test_a_folder_that_is_not_empty_is_refused_and_left_alone(tmp_path):
    (tmp_path / "precious.txt").write_text("mine")
    result = CliRunner().invoke(main, ["demo", "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "not empty" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


def test_a_password_that_will_not_do_leaves_nothing(tmp_path):
    result = CliRunner().invoke(main, ["demo", "--data", str(tmp_path / "data"), "--password", "short"])
    assert result.exit_code == 1
    assert "12 characters" in result.output
    assert list(tmp_path.iterdir()) == []
