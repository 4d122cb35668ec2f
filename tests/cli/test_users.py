"""Accounts from the terminal."""

from __future__ import annotations

import json
import stat
import zipfile
from datetime import UTC, datetime

import pyotp
import pytest
from click.testing import CliRunner

from toolkit.__main__ import main
from toolkit.config import read_config
from toolkit.domain.errors import SignInRefused
from toolkit.services import people, person_export, second_factor
from toolkit.services.auditing import verify_trail
from toolkit.storage.db import database_app, db

PASSWORD = "seven quiet rivers"


@pytest.fixture
def data(tmp_path):
    """A data folder with its tables."""
    folder = tmp_path / "data"
    assert run("migrate", folder).exit_code == 0
    return folder


def run(*words):
    *command, folder = words
    return CliRunner().invoke(main, [*command, "--data", str(folder)])


def in_site(folder, action):
    app = database_app(read_config({}, data=str(folder)))
    with app.app_context():
        try:
            return action()
        finally:
            db.session.remove()
            db.engine.dispose()


def an_administrator(data):
    token = run("users", "first-admin", data).output.strip().rpartition("/")[2]
    return in_site(
        data,
        lambda: people.create_first_administrator(
            token, name="Ada", email="ada@example.org", password=PASSWORD, now=datetime.now(UTC)
        ),
    )


def test_the_first_administrator_comes_in_by_a_link_and_there_is_only_one(data):
    printed = run("users", "first-admin", data)
    assert printed.exit_code == 0
    assert printed.output.startswith("http://127.0.0.1:8000/welcome/")
    an_administrator(data)
    again = run("users", "first-admin", data)
    assert again.exit_code == 1
    assert "administrator already" in again.output


def test_list_shows_names_states_and_roles(data):
    an_administrator(data)
    run("users", "invite", "bo@example.org", "--name", "Bo", "--role", "editor", data)
    rows = json.loads(run("users", "list", "--json", data).output)
    assert [(one["name"], one["state"], [role["role"] for role in one["roles"]]) for one in rows] == [
        ("Ada", "active", ["administrator"]),
        ("Bo", "invited", ["editor"]),
    ]
    assert "bo@example.org" in run("users", "list", data).output


def test_an_invitation_is_a_link_that_works(data):
    printed = run("users", "invite", "bo@example.org", "--name", "Bo", "--role", "editor", "--json", data)
    token = json.loads(printed.output)["link"].rpartition("/invitation/")[2]
    viewer = in_site(data, lambda: people.accept_invitation(token, name="Bo", password=PASSWORD, now=datetime.now(UTC)))
    assert viewer.email == "bo@example.org"


def test_a_role_that_cannot_be_held_there_is_refused_with_a_sentence(data):
    printed = run("users", "invite", "bo@example.org", "--name", "Bo", "--role", "contributor", data)
    assert printed.exit_code == 1
    assert "cannot be held here" in printed.output


def test_disable_and_enable(data):
    an_administrator(data)
    refused = run("users", "disable", "ada@example.org", data)
    assert refused.exit_code == 1
    assert "last administrator" in refused.output
    _second_administrator(data)
    assert run("users", "disable", "ada@example.org", data).exit_code == 0
    with pytest.raises(SignInRefused):
        in_site(data, lambda: people.sign_in("ada@example.org", PASSWORD, address="192.0.2.1", now=datetime.now(UTC)))
    assert run("users", "enable", "ada@example.org", data).exit_code == 0
    in_site(data, lambda: people.sign_in("ada@example.org", PASSWORD, address="192.0.2.1", now=datetime.now(UTC)))


def test_a_reset_link_sets_a_new_password(data):
    an_administrator(data)
    token = run("users", "reset-link", "ada@example.org", data).output.strip().rpartition("/reset/")[2]
    in_site(data, lambda: people.reset_password(token, "eight louder rivers", now=datetime.now(UTC)))
    in_site(
        data,
        lambda: people.sign_in("ada@example.org", "eight louder rivers", address="192.0.2.1", now=datetime.now(UTC)),
    )


def test_nobody_of_that_address_is_a_sentence(data):
    for command in ("disable", "enable", "reset-link"):
        printed = run("users", command, "nobody@example.org", data)
        assert printed.exit_code == 1
        assert "Nobody has this e-mail address" in printed.output


def test_erasing_takes_the_name_and_the_trail_still_verifies(data):
    an_administrator(data)
    _second_administrator(data)
    printed = run("users", "erase", "--yes", "ada@example.org", data)
    assert printed.exit_code == 0
    assert "Ada" not in run("users", "list", data).output
    assert in_site(data, verify_trail).faults == ()


def _second_administrator(data):
    printed = run("users", "invite", "cy@example.org", "--name", "Cy", "--role", "administrator", "--json", data)
    token = json.loads(printed.output)["link"].rpartition("/")[2]
    in_site(data, lambda: people.accept_invitation(token, name="Cy", password=PASSWORD, now=datetime.now(UTC)))


def test_the_last_administrator_is_not_erased(data):
    an_administrator(data)
    refused = run("users", "erase", "ada@example.org", "--yes", data)
    assert refused.exit_code == 1
    assert "last administrator" in refused.output
    assert "Ada" in run("users", "list", data).output


def test_an_export_is_whole_or_not_there(data, tmp_path, monkeypatch):
    an_administrator(data)
    wanted = tmp_path / "ada.zip"
    assert run("users", "export", "ada@example.org", "-o", str(wanted), data).exit_code == 0
    with zipfile.ZipFile(wanted) as archive:
        assert archive.testzip() is None
        assert any(b"ada@example.org" in archive.read(name) for name in archive.namelist())
    assert stat.S_IMODE(wanted.stat().st_mode) == 0o600
    again = run("users", "export", "ada@example.org", "-o", str(wanted), data)
    assert (again.exit_code, "exists" in again.output) == (1, True)

    def stops(person_id, file, **_):
        file.write(b"half of it")
        raise OSError("the disk is full")

    monkeypatch.setattr(person_export, "export_person", stops)
    other = tmp_path / "other.zip"
    assert run("users", "export", "ada@example.org", "-o", str(other), data).exit_code != 0
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["ada.zip"]


def test_the_second_step_is_taken_from_somebody_who_lost_it(data):
    viewer = an_administrator(data)

    def set_up():
        second_factor.begin(viewer, now=datetime.now(UTC))
        secret = second_factor.standing(viewer).secret
        second_factor.confirm(viewer, pyotp.TOTP(secret).now(), keep="", now=datetime.now(UTC))

    in_site(data, set_up)
    assert in_site(data, lambda: second_factor.standing(viewer)).confirmed_at
    assert run("users", "reset-second-step", "ada@example.org", data).exit_code == 0
    assert in_site(data, lambda: second_factor.standing(viewer)).confirmed_at is None
    assert in_site(data, lambda: verify_trail().faults) == ()
