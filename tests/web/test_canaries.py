"""Words of one organization never reach another's people: every route is asked, and every message that is written."""

from __future__ import annotations

import pytest

from tests.builders import answered
from tests.web.builders import Person, a_person, now
from tests.web.test_access_matrix import MATRIX, Place
from toolkit.domain.access import Role, space_scope
from toolkit.domain.answers import Evidence
from toolkit.domain.assessment import Mandate, ThemeScope
from toolkit.services import assessments
from toolkit.storage.db import db

CANARY = "canary"
WORDS = answered(
    2, comment="canary-comment", evidence=(Evidence("canary-evidence", "https://canary-link.example/plan"),)
)
STRANGERS = (Role.FOCAL_POINT, Role.CONTRIBUTOR, Role.REVIEWER, Role.APPROVER, Role.READER, Role.OBSERVER)


def planted(place: Place) -> None:
    """Put words that are found nowhere else into the draft of one organization, and people with such names."""
    lead, draft = place.people["focal_point"].viewer, place.ids["draft"]
    with place.app.app_context():
        revision = assessments.open_assessment(draft, viewer=lead, now=now()).answer_revisions.get("policy", 0)
        given = {"expected_revision": revision, "viewer": lead, "now": now()}
        assessments.save_answer(draft, "policy", WORDS, **given)
        assessments.set_scope(draft, {"jobs": ThemeScope(Mandate.TOUCHES, "canary-scope")}, viewer=lead, now=now())
    scope = space_scope(place.ids["space_id"])
    a_person(place.app, place.people["administrator"], Role.READER, scope, email="canary-person@example.org")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = Place(tmp_path_factory.mktemp("canaries") / "data")
    planted(found)
    yield found
    with found.app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def strangers(place):
    """Somebody of every role in another organization, and those of the site who have no role in one."""
    (elsewhere,) = {grant.scope for grant in place.stranger.viewer.grants}
    admin = place.people["administrator"]
    found = {role: a_person(place.app, admin, role, elsewhere, email=f"other-{role}@example.org") for role in STRANGERS}
    return found | {name: place.people[name] for name in ("editor", "coordinator")}


def told(place: Place, person: Person, row: dict) -> dict[str, str]:
    """All that the site says to somebody on a route, by method: headers and body."""
    found = {}
    for method in row["methods"]:
        with person.client.open(place.address(row), method=method) as answer:
            found[method] = f"{answer.headers}\n{answer.get_data(as_text=True)}"
    return found


def test_the_canaries_can_be_seen_where_they_belong(place):
    lead = place.people["focal_point"]
    draft = f"/assessments/{place.ids['draft']}"
    seen = lead.client.get(f"{draft}/themes/jobs").text + lead.client.get(f"{draft}/scope").text
    seen += lead.client.get(f"/spaces/{place.ids['space_id']}/people").text
    for word in ("canary-comment", "canary-evidence", "canary-link", "canary-scope", "canary-person"):
        assert word in seen


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: f"{row['route']} {row.get('while', '')}")
def test_no_route_tells_another_organization_anything(place, strangers, row):
    if row["route"] == "/sign-out":  # whoever signs out would be asked for nothing any more
        return
    for role, person in strangers.items():
        for method, words in told(place, person, row).items():
            assert CANARY not in words, f"{role} {method}"


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: f"{row['route']} {row.get('while', '')}")
def test_a_personal_link_tells_nothing_of_the_people_and_the_scope_behind_it(place, row):
    if row["route"] == "/sign-out":
        return
    for method in row["methods"]:
        with place.holder.open(place.address(row), method=method) as answer:
            words = answer.get_data(as_text=True)
        for word in ("canary-person", "canary-scope"):  # the theme with the other canaries is in the holder's hands
            assert word not in words, method


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: f"{row['route']} {row.get('while', '')}")
def test_an_administrator_sees_no_answer_of_anybody(place, row):
    if row["route"] == "/sign-out":
        return
    for method, words in told(place, place.people["administrator"], row).items():
        for word in ("canary-comment", "canary-evidence", "canary-link", "canary-scope"):
            assert word not in words, method


def test_no_message_and_no_line_of_the_log_carries_what_was_answered(place, caplog):
    caplog.set_level("DEBUG")
    lead = place.people["focal_point"]
    invited = {"name": "Newcomer", "email": "newcomer@example.org", "role": "contributor"}
    assert lead.client.post(f"/spaces/{place.ids['space_id']}/people", data=invited).status_code in {200, 302}
    draft = f"/assessments/{place.ids['draft']}"
    lead.client.post(f"{draft}/answers/policy", data={"q_policy-pick": "junk", "q_policy-comment": "canary-comment"})
    lead.client.post(f"{draft}/return", data={"reason": "canary-comment"})
    messages = list((place.app.extensions["toolkit_config"].data / "mail").glob("*"))
    assert messages, "the invitation was written to a file"
    told = caplog.text + "".join(path.read_text(encoding="utf-8", errors="replace") for path in messages)
    assert "newcomer" in told.lower()
    for word in ("canary-comment", "canary-evidence", "canary-link", "canary-scope"):
        assert word not in told
