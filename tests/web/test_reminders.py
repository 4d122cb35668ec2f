"""Stopping reminders without signing in, and turning them on again."""

from __future__ import annotations

import pytest

from tests.web.builders import a_person, a_space, an_administrator
from toolkit.domain.access import Role
from toolkit.services import digests


@pytest.fixture
def noor(site):
    """Somebody with an account."""
    admin = an_administrator(site)
    return a_person(site, admin, Role.CONTRIBUTOR, a_space(site, admin), email="noor@example.org")


def token_of(site, person):
    with site.app_context():
        return digests.stop_token(person.id)


def test_looking_at_the_link_changes_nothing_and_the_button_stops(site, noor):
    stranger, address = site.test_client(), f"/reminders/stop/{token_of(site, noor)}"
    page = stranger.get(address).text
    assert "Stop the reminders?" in page
    assert noor.viewer.name not in page
    assert noor.email not in page
    assert "They are <b>on</b>" in noor.client.get("/reminders").text
    assert "Reminders are off" in stranger.post(address).text
    assert "They are <b>off</b>" in noor.client.get("/reminders").text
    assert noor.client.post("/reminders", data={"wanted": "yes"}).status_code == 302
    assert "They are <b>on</b>" in noor.client.get("/reminders").text


def test_a_mail_program_may_press_the_link_without_a_form_token(site, noor):
    site.config["WTF_CSRF_ENABLED"] = True
    answer = site.test_client().post(f"/reminders/stop/{token_of(site, noor)}", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert noor.client.post("/reminders", data={"wanted": "no"}).status_code == 400


@pytest.mark.parametrize("token", ["x", "é", "A" * 44, "A" * 1_900])
def test_a_link_of_another_hand_is_no_link(site, noor, token):
    assert site.test_client().get(f"/reminders/stop/{token}").status_code == 410
    assert site.test_client().post(f"/reminders/stop/{token}").status_code == 410
