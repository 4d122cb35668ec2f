"""One's own account: sessions that can be seen and ended, a new password, and everything that is kept."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import answered
from tests.services.world import LATER, NOW, PASSWORD, a_draft, a_person, a_space, answer_all, in_space, with_password
from toolkit.domain.access import Role
from toolkit.domain.errors import InvalidInput, NotFound, SignInRefused, TooManyTries
from toolkit.mail.outbox import Message, sent_here
from toolkit.services import assessments, my_account, people
from toolkit.services.auditing import verify_trail
from toolkit.services.erasing import erase_person
from toolkit.services.person_export import export_own, export_person
from toolkit.storage.db import current_config, db
from toolkit.storage.personal import HOLDINGS

HERE = {"address": "192.0.2.1"}


@pytest.fixture
def ada(database):
    return with_password(a_person("Ada Example"))


def begin(viewer, now=NOW, device=""):
    return people.sign_in(viewer.email, PASSWORD, **HERE, device=device, now=now).token


def test_ones_open_sessions_are_listed_this_one_first(ada):
    other = with_password(a_person("Ben Example"))
    begin(other)
    begin(ada, device="Firefox on Windows")
    this = begin(ada, device="Safari on an iPhone")
    listed = my_account.open_sessions(ada, this, now=NOW)
    assert [(one.device, one.is_this) for one in listed] == [
        ("Safari on an iPhone", True),
        ("Firefox on Windows", False),
    ]
    assert all(this not in one.handle for one in listed)


def test_a_session_that_has_ended_is_not_listed(ada):
    this = begin(ada)
    assert my_account.open_sessions(ada, this, now=NOW + timedelta(hours=12)) == ()
    assert my_account.open_sessions(ada, this, now=NOW + timedelta(minutes=121)) == ()


def test_one_session_is_ended_and_the_others_go_on(ada):
    gone, this = begin(ada), begin(ada)
    other = next(one for one in my_account.open_sessions(ada, this, now=NOW) if not one.is_this)
    my_account.end_session(other.handle, viewer=ada, now=NOW)
    assert people.viewer_for(gone, now=NOW) is None
    assert people.viewer_for(this, now=NOW) is not None
    with pytest.raises(NotFound):
        my_account.end_session(other.handle, viewer=ada, now=NOW)


def test_nobody_ends_a_session_of_somebody_else(ada):
    other = with_password(a_person("Ben Example"))
    theirs = begin(other)
    handle = my_account.open_sessions(other, theirs, now=NOW)[0].handle
    with pytest.raises(NotFound):
        my_account.end_session(handle, viewer=ada, now=NOW)
    assert people.viewer_for(theirs, now=NOW) is not None


def test_signing_out_everywhere_ends_every_session_and_no_one_elses(ada):
    other = with_password(a_person("Ben Example"))
    tokens, theirs = [begin(ada), begin(ada)], begin(other)
    my_account.sign_out_everywhere(ada, now=NOW)
    assert [people.viewer_for(one, now=NOW) for one in tokens] == [None, None]
    assert people.viewer_for(theirs, now=NOW) is not None
    assert verify_trail().faults == ()


def test_a_new_password_with_the_present_one_ends_the_other_sessions(ada):
    earlier = [begin(ada), begin(ada)]
    token = my_account.change_password(ada, PASSWORD, "nine loud mountains", **HERE, device="", now=NOW)
    assert [people.viewer_for(one, now=NOW) for one in earlier] == [None, None]
    assert people.viewer_for(token, now=NOW) is not None
    with pytest.raises(SignInRefused):
        begin(ada)
    assert people.sign_in(ada.email, "nine loud mountains", **HERE, now=NOW)


@pytest.mark.parametrize(
    ("present", "new", "path"), [("not this one", "nine loud mountains", "current"), (PASSWORD, "short", "new")]
)
def test_a_password_that_is_not_changed_says_which_box_is_wrong(ada, present, new, path):
    token = begin(ada)
    with pytest.raises(InvalidInput) as refused:
        my_account.change_password(ada, present, new, **HERE, device="", now=NOW)
    assert [problem.path for problem in refused.value.problems] == [path]
    assert people.viewer_for(token, now=NOW) is not None


def test_guessing_the_present_password_in_a_borrowed_session_is_limited(ada):
    for _ in range(10):
        with pytest.raises(InvalidInput):
            my_account.change_password(ada, "a guess", "nine loud mountains", **HERE, device="", now=NOW)
    with pytest.raises(TooManyTries):
        my_account.change_password(ada, PASSWORD, "nine loud mountains", **HERE, device="", now=NOW)


# --- everything about a person -----------------------------------------------------------------------


@pytest.fixture
def wanda(database):
    """Somebody who did a bit of everything, beside a focal point who did too."""
    space = a_space()
    focal = in_space(space, Role.FOCAL_POINT)
    writer = with_password(in_space(space, Role.CONTRIBUTOR, "Wanda Writer"))
    draft = a_draft(space, focal, title="Baseline")
    answer_all(draft, focal, youth_budget=answered(2, comment="Words of the focal point."))
    said = answered(1, comment="Wanda’s own words.")
    assessments.save_answer(draft, "youth_budget", said, expected_revision=1, viewer=writer, now=NOW)
    begin(writer, device="Firefox on Windows")
    mail = f"Hello Wanda,\n\nhttps://assess.example.org/reset/{'t' * 43}\n"
    sent_here(current_config()).send(Message(to=writer.email, subject="Set a new password", text=mail))
    sent_here(current_config()).send(Message(to=focal.email, subject="For the focal point", text="Not for Wanda."))
    return writer


def exported(person_id: UUID) -> zipfile.ZipFile:
    file = io.BytesIO()
    export_person(person_id, file, by=None, now=LATER)
    return zipfile.ZipFile(file)


def test_an_export_has_what_is_kept_about_a_person_and_nothing_that_others_wrote(wanda):
    archive = exported(wanda.person_id)
    assert archive.testzip() is None
    parts = {name: archive.read(name).decode() for name in archive.namelist()}
    lists = {name: json.loads(text) for name, text in parts.items() if name.endswith(".json")}
    assert lists["account.json"][0]["email"] == wanda.email
    assert lists["grants.json"][0]["role"] == "contributor"
    assert lists["sessions.json"][0]["device"] == "Firefox on Windows"
    assert lists["answers-saved.json"][0]["content"]["comment"] == "Wanda’s own words."
    assert lists["assessments.json"][0]["title"] == "Baseline"
    assert "Wanda’s own words." in parts["texts.txt"]
    assert {"grant_begun", "person_exported"} <= {link["kind"] for link in lists["done-about-them.json"]}
    assert "Set a new password" in parts["mail.txt"]
    everything = "\n".join(parts.values())
    for secret in ("Words of the focal point.", "Not for Wanda.", "argon2", "ttttt"):
        assert secret not in everything
    assert verify_trail().faults == ()


def test_every_part_of_the_register_is_in_an_export(wanda):
    names = set(exported(wanda.person_id).namelist())
    assert {f"{one.part.replace(' ', '-')}.json" for one in HOLDINGS if one.shown} <= names


def test_nothing_of_an_erased_person_is_left_in_any_table(wanda):
    erase_person(wanda.person_id, now=LATER)
    with db.engine.connect() as connection:
        for table in {one.table.__table__ for one in HOLDINGS}:
            assert "anda" not in str(connection.execute(sa.select(table)).all()), table.name
    with pytest.raises(NotFound):
        exported(wanda.person_id)
    assert verify_trail().faults == ()


def test_asking_for_everything_again_and_again_is_limited(wanda):
    for _ in range(5):
        export_own(wanda, io.BytesIO(), now=NOW)
    with pytest.raises(TooManyTries):
        export_own(wanda, io.BytesIO(), now=NOW)
