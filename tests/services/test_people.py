"""Accounts: coming in, going out, links that work once, limits that all workers share."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.services.world import (
    LATER,
    NOW,
    PASSWORD,
    a_draft,
    a_person,
    a_space,
    an_administrator,
    answer_all,
    in_space,
    with_password,
)
from toolkit.domain.access import SITE, Permission, Role, SpaceKind, space_scope
from toolkit.domain.assessment import Subject, SubjectKind
from toolkit.domain.errors import (
    InvalidInput,
    LinkExpired,
    NotAllowed,
    NotFound,
    SandboxFull,
    SignInRefused,
    TooManyTries,
)
from toolkit.services import jobs, passwords, people, rates, resets, roster, spaces
from toolkit.services.auditing import verify_trail
from toolkit.services.erasing import erase_discarded
from toolkit.services.invitation_mail import invitation_message
from toolkit.services.sandbox import sweep_visitors
from toolkit.storage.db import db
from toolkit.storage.people import LoginSessionRecord
from toolkit.storage.tables import metadata

NEW_PASSWORD = "eight louder rivers"


def sign_in(email="ada.example@example.org", password=PASSWORD, address="192.0.2.1", now=NOW):
    return people.sign_in(email, password, address=address, now=now)


@pytest.fixture
def ada(database):
    """Somebody who can sign in."""
    return with_password(a_person("Ada Example"))


# --- sessions --------------------------------------------------------------------------------------


def test_a_session_belongs_to_who_signed_in_and_ends_at_sign_out(ada):
    begun = sign_in("  ADA.example@Example.org ")
    assert people.viewer_for(begun.token, now=NOW) == begun.viewer == ada
    people.sign_out(begun.token)
    assert people.viewer_for(begun.token, now=NOW) is None
    people.sign_out(begun.token)


def test_each_sign_in_has_a_token_of_its_own_and_the_database_does_not_know_it(ada):
    first, second = sign_in(), sign_in()
    assert first.token != second.token
    with db.engine.connect() as connection:
        kept = set(connection.execute(sa.select(LoginSessionRecord.token_hash)).scalars())
    assert len(kept) == 2
    assert not kept & {first.token, second.token}


@pytest.mark.parametrize(
    ("password", "email"),
    [
        ("wrong password 1", "ada.example@example.org"),
        (PASSWORD, "nobody@example.org"),
        ("", "\x00"),
        ("\ud800" * 9, "x"),
        (PASSWORD, "\ud800@example.org"),
    ],
)
def test_a_refusal_does_not_say_what_was_wrong(ada, password, email):
    with pytest.raises(SignInRefused) as refused:
        sign_in(email, password)
    assert str(refused.value) == str(SignInRefused())


def test_an_unknown_name_costs_as_much_as_a_known_one(ada, monkeypatch):
    verified = []
    real = passwords._HASHER.verify

    class Watched:
        def verify(self, *given):
            verified.append(given)
            return real(*given)

    monkeypatch.setattr(passwords, "_HASHER", Watched())
    monkeypatch.setattr(passwords, "_dummy", lambda: passwords.PasswordHasher().hash("x"))
    for email in ("ada.example@example.org", "nobody@example.org"):
        with pytest.raises(SignInRefused):
            sign_in(email, "wrong password 1")
    assert len(verified) == 2


def test_a_page_that_asks_by_itself_does_not_keep_a_session_alive(ada):
    token = people.sign_in(ada.email, PASSWORD, address="10.0.0.1", now=NOW).token
    for minutes in range(10, 130, 10):
        viewer_for = people.viewer_for(token, now=NOW + timedelta(minutes=minutes), by_itself=True)
        assert (viewer_for is None) is (minutes >= 120)


def test_a_session_ends_when_idle_and_at_its_absolute_end(ada):
    begun = sign_in()
    assert people.viewer_for(begun.token, now=NOW + timedelta(minutes=119)) is not None
    assert people.viewer_for(begun.token, now=NOW + timedelta(minutes=119 + 121)) is None
    other = sign_in()
    for hour in range(1, 12):
        assert people.viewer_for(other.token, now=NOW + timedelta(hours=hour)) is not None
    assert people.viewer_for(other.token, now=NOW + timedelta(hours=12)) is None


def test_looking_a_viewer_up_is_one_query(ada):
    token = sign_in().token
    people.viewer_for(token, now=NOW)
    sent = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    people.viewer_for(token, now=NOW)
    assert len([one for one in sent if not one.startswith("BEGIN")]) == 1


def test_disabling_ends_every_session_and_keeps_the_door_shut(ada):
    root = an_administrator()
    begun = sign_in()
    people.disable(ada.person_id, by=root.person_id, now=NOW)
    assert people.viewer_for(begun.token, now=NOW) is None
    with pytest.raises(SignInRefused):
        sign_in()
    with pytest.raises(NotFound):
        people.disable(ada.person_id, by=root.person_id, now=NOW)
    people.enable(ada.person_id, by=root.person_id, now=NOW)
    assert people.viewer_for(begun.token, now=NOW) is None
    assert sign_in().viewer == ada


def test_the_last_administrator_stays(database):
    root = with_password(an_administrator())
    with pytest.raises(NotAllowed):
        people.disable(root.person_id, by=root.person_id, now=NOW)
    (line,) = people.list_people(None, by=root.person_id, now=NOW)
    with pytest.raises(NotAllowed):
        people.end_grant(line.held[0].id, by=root.person_id, now=NOW)
    other = with_password(an_administrator("Other Root"))
    people.disable(root.person_id, by=other.person_id, now=NOW)


def test_only_administrators_shut_accounts_and_list_everybody(ada):
    focal = in_space(a_space(), Role.FOCAL_POINT)
    for attempt in (
        lambda: people.disable(ada.person_id, by=focal.person_id, now=NOW),
        lambda: people.enable(ada.person_id, by=focal.person_id, now=NOW),
        lambda: people.list_people(None, by=focal.person_id, now=NOW),
    ):
        with pytest.raises(NotFound):
            attempt()


# --- limits ----------------------------------------------------------------------------------------


def test_too_many_tries_on_one_name_wait_whatever_the_address(ada):
    for number in range(rates.SIGN_IN_BY_NAME.tries):
        with pytest.raises(SignInRefused):
            sign_in(password="wrong password 1", address=f"192.0.2.{number}")
    with pytest.raises(TooManyTries) as found:
        sign_in(address="198.51.100.1")
    assert 0 < found.value.retry_after <= rates.SIGN_IN_BY_NAME.seconds
    after = NOW + timedelta(seconds=rates.SIGN_IN_BY_NAME.seconds)
    assert sign_in(now=after).viewer == ada


def test_too_many_tries_from_one_address_wait_whatever_the_name(ada):
    address = (rates.SIGN_IN_BY_ADDRESS, "192.0.2.7")
    for _ in range(rates.SIGN_IN_BY_ADDRESS.tries):
        rates.count_try(address, now=NOW)
    with pytest.raises(TooManyTries):
        sign_in(address="192.0.2.7")
    assert sign_in(address="192.0.2.8").viewer == ada


def test_a_success_starts_the_count_of_a_name_anew(ada):
    for _ in range(3):
        for _ in range(rates.SIGN_IN_BY_NAME.tries - 1):
            with pytest.raises(SignInRefused):
                sign_in(password="wrong password 1")
        sign_in()


# --- passwords -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "elevenchars",
        "x" * 201,
        "password1234",
        "Password-1234",
        "aaaaaaaaaaaaa",
        "121212121212",
        "Ada Example!",
        "ada.example@example.org",
        "with a\nline break",
        "half a pair \ud800",
    ],
)
def test_passwords_that_will_not_do(password):
    with pytest.raises(InvalidInput) as found:
        passwords.check_password(password, name="Ada Example", email="ada.example@example.org")
    assert found.value.problems[0].path == "password"


@pytest.mark.parametrize("password", [PASSWORD, "пароль из слов", "十二个字符的密码很长很长吗", "x1y2z3 x1y2z3"])
def test_passwords_that_do(password):
    assert passwords.check_password(password, name="Ada Example") == password


def test_a_password_typed_on_another_machine_is_the_same():
    kept = passwords.hash_password(passwords.check_password("café au lait, please"))
    assert passwords.matches(kept, "cafe\u0301 au lait, please")
    assert kept.startswith("$argon2id$")


# --- coming in -------------------------------------------------------------------------------------


def test_the_first_administrator_link_works_once_and_an_older_one_not_at_all(database):
    older, token = people.first_administrator_link(NOW), people.first_administrator_link(NOW)
    given = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD, "now": NOW}
    with pytest.raises(LinkExpired):
        people.create_first_administrator(older, **given)
    with pytest.raises(InvalidInput):
        people.create_first_administrator(token, **(given | {"password": "short"}))
    viewer = people.create_first_administrator(token, **given)
    assert viewer.may(Permission.ADMINISTER, now=NOW)
    assert people.first_administrator_link(NOW) is None
    with pytest.raises(LinkExpired):
        people.create_first_administrator(token, **(given | {"email": "bo@example.org"}))


def test_an_invitation_is_taken_up_once(database):
    space = a_space()
    focal = in_space(space, Role.FOCAL_POINT)
    made = people.invite(
        email="bo@example.org", name="Bo", role=Role.CONTRIBUTOR, scope=space_scope(space), by=focal.person_id, now=NOW
    )
    assert people.invitation(made.token, now=NOW) == made
    assert made.place == "Example Organization"
    (line,) = [one for one in people.list_people(space, by=focal.person_id, now=NOW) if one.name == "Bo"]
    assert line.state == "invited"
    with pytest.raises(SignInRefused):
        sign_in("bo@example.org")
    viewer = people.accept_invitation(made.token, name="Bo Better", password=PASSWORD, now=NOW)
    assert viewer.may(Permission.ANSWER, space=space, now=NOW)
    assert sign_in("bo@example.org").viewer == viewer
    for attempt in (
        lambda: people.invitation(made.token, now=NOW),
        lambda: people.accept_invitation(made.token, name="Bo", password=NEW_PASSWORD, now=NOW),
        lambda: people.invitation("made up", now=NOW),
    ):
        with pytest.raises(LinkExpired):
            attempt()


def test_an_invitation_lasts_an_hour_and_a_fresh_one_can_be_asked_for(database):
    root = an_administrator()
    made = people.invite(email="bo@example.org", name="Bo", role=Role.EDITOR, scope=SITE, by=root.person_id, now=NOW)
    late = NOW + timedelta(hours=1)
    with pytest.raises(LinkExpired):
        people.invitation(made.token, now=late)
    job = people.request_reset("bo@example.org", address="192.0.2.1", now=late)
    message = resets.reset_message(job, public_url="https://assess.example.org", now=late)
    token = message.text.partition("https://assess.example.org/invitation/")[2].split()[0]
    assert people.accept_invitation(token, name="Bo", password=PASSWORD, now=late).email == "bo@example.org"


def test_inviting_somebody_with_an_account_gives_the_role_and_touches_no_password(ada):
    space = a_space()
    focal = in_space(space, Role.FOCAL_POINT)
    made = people.invite(
        email="ADA.example@example.org",
        name="Other",
        role=Role.READER,
        scope=space_scope(space),
        by=focal.person_id,
        now=NOW,
    )
    assert made.has_account
    with pytest.raises(LinkExpired):
        people.accept_invitation(made.token, name="Mallory", password=NEW_PASSWORD, now=NOW)
    viewer = sign_in().viewer
    assert viewer.name == "Ada Example"
    assert viewer.may(Permission.SEE_SUBMITTED, space=space, now=NOW)


@pytest.mark.parametrize(
    ("role", "raises"),
    [(Role.ADMINISTRATOR, NotAllowed), (Role.EDITOR, NotAllowed), (Role.COORDINATOR, NotAllowed)],
)
def test_a_focal_point_hands_on_roles_of_the_space_only(database, role, raises):
    space = a_space()
    focal = in_space(space, Role.FOCAL_POINT)
    given = {"email": "bo@example.org", "name": "Bo", "role": role, "by": focal.person_id, "now": NOW}
    with pytest.raises(raises):
        people.invite(scope=space_scope(space), **given)
    with pytest.raises(NotFound):
        people.invite(scope=SITE, **given)
    with pytest.raises(NotFound):
        people.invite(scope=space_scope(a_space("Elsewhere")), **(given | {"role": Role.READER}))


def test_a_contributor_invites_nobody(database):
    space = a_space()
    contributor = in_space(space, Role.CONTRIBUTOR)
    given = {"email": "bo@example.org", "name": "Bo", "role": Role.READER, "by": contributor.person_id, "now": NOW}
    with pytest.raises(NotAllowed):
        people.invite(scope=space_scope(space), **given)


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b@c", "a b@example.org", "a@example.org\nBcc: b@example.org", "x" * 330]
)
def test_an_address_that_is_none_is_refused(database, email):
    root = an_administrator()
    with pytest.raises(InvalidInput):
        people.invite(email=email, name="Bo", role=Role.EDITOR, scope=SITE, by=root.person_id, now=NOW)


def test_a_role_ends_when_it_is_taken_back(database):
    space = a_space()
    focal, reader = in_space(space, Role.FOCAL_POINT), in_space(space, Role.READER, "Rae Reader")
    (line,) = [one for one in people.list_people(space, by=focal.person_id, now=NOW) if one.name == "Rae Reader"]
    stranger = in_space(a_space("Elsewhere"), Role.FOCAL_POINT, "Sam Stranger")
    with pytest.raises(NotFound):
        people.end_grant(line.held[0].id, by=stranger.person_id, now=NOW)
    people.end_grant(line.held[0].id, by=focal.person_id, now=NOW)
    assert people.viewer_of(reader.person_id, now=NOW).grants == ()
    with pytest.raises(NotFound):
        people.end_grant(line.held[0].id, by=focal.person_id, now=NOW)
    assert verify_trail().faults == ()


# --- new passwords ---------------------------------------------------------------------------------


def reset_token(email="ada.example@example.org", now=NOW):
    job = people.request_reset(email, address="192.0.2.1", now=now)
    message = resets.reset_message(job, public_url="https://assess.example.org", now=now)
    return message.text.partition("https://assess.example.org/reset/")[2].split()[0]


def test_a_new_password_ends_every_session_and_the_link(ada):
    begun = sign_in()
    token = reset_token()
    with pytest.raises(InvalidInput):
        people.reset_password(token, "short", now=NOW)
    people.reset_password(token, NEW_PASSWORD, now=NOW)
    assert people.viewer_for(begun.token, now=NOW) is None
    assert sign_in(password=NEW_PASSWORD).viewer == ada
    with pytest.raises(SignInRefused):
        sign_in()
    with pytest.raises(LinkExpired):
        people.reset_password(token, PASSWORD, now=NOW)


def test_a_reset_link_lasts_an_hour_and_a_later_one_replaces_it(ada):
    with pytest.raises(LinkExpired):
        people.reset_password(reset_token(), NEW_PASSWORD, now=NOW + timedelta(hours=1))
    older, newer = reset_token(), reset_token()
    with pytest.raises(LinkExpired):
        people.reset_password(older, NEW_PASSWORD, now=NOW)
    people.reset_password(newer, NEW_PASSWORD, now=NOW)


def test_asking_for_an_unknown_address_looks_the_same_and_sends_nothing(ada):
    job = people.request_reset("nobody@example.org", address="192.0.2.1", now=NOW)
    assert isinstance(job, UUID)
    assert jobs.take(job, stale_after=60, now=NOW).kind == resets.JOB_KIND
    assert resets.reset_message(job, public_url="https://assess.example.org", now=NOW) is None


def test_asking_again_and_again_is_limited(ada):
    for _ in range(rates.RESET_BY_NAME.tries):
        people.request_reset("ada.example@example.org", address="192.0.2.1", now=NOW)
    with pytest.raises(TooManyTries):
        people.request_reset("ADA.example@example.org", address="192.0.2.9", now=NOW)


def test_no_token_is_kept_readable(ada):
    """Sessions, invitations and reset links: the database has hashes only."""
    root = an_administrator()
    made = people.invite(email="bo@example.org", name="Bo", role=Role.EDITOR, scope=SITE, by=root.person_id, now=NOW)
    tokens = {made.token, sign_in().token, reset_token(), people.visitor(NOW).token}
    with db.engine.connect() as connection:
        everything = "".join(str(connection.execute(sa.select(table)).all()) for table in metadata.sorted_tables)
    assert not [token for token in tokens if token in everything]
    assert PASSWORD not in everything


def test_the_invitation_message_says_who_invites_to_what(database):
    space = a_space()
    focal = in_space(space, Role.FOCAL_POINT)
    made = people.invite(
        email="bo@example.org", name="Bo", role=Role.APPROVER, scope=space_scope(space), by=focal.person_id, now=NOW
    )
    message = invitation_message(made, invited_by=focal.name, public_url="https://assess.example.org")
    assert message.to == "bo@example.org"
    assert f"{focal.name} invites you as approver for Example Organization." in message.text
    assert f"https://assess.example.org/invitation/{made.token}" in message.text


# --- visitors --------------------------------------------------------------------------------------


def test_a_visitor_has_a_space_of_their_own_for_a_day_and_is_in_no_list(database):
    root = an_administrator()
    begun = people.visitor(NOW, address="192.0.2.1")
    (space,) = spaces.spaces_for(begun.viewer, now=NOW)
    assert begun.viewer.is_sandbox
    assert Permission.START_ASSESSMENT in space.permissions
    assert people.viewer_for(begun.token, now=NOW + timedelta(minutes=90)) is not None
    assert spaces.spaces_for(root, now=NOW) == ()
    assert [one.name for one in people.list_people(None, by=root.person_id, now=NOW)] == [root.name]
    with pytest.raises(NotAllowed):
        people.invite(
            email="bo@example.org",
            name="Bo",
            role=Role.READER,
            scope=space_scope(space.id),
            by=begun.viewer.person_id,
            now=NOW,
        )


def test_a_visitor_leaves_nothing_behind(database):
    begun = people.visitor(NOW)
    (space,) = spaces.spaces_for(begun.viewer, now=NOW)
    assessment = a_draft(space.id, begun.viewer)
    answer_all(assessment, begun.viewer)
    assert sweep_visitors(now=NOW + timedelta(hours=23)) == 0
    assert sweep_visitors(now=NOW + timedelta(hours=24)) == 1
    with db.engine.connect() as connection:
        left = {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
    assert {name for name, count in left.items() if count} <= {"definition"}
    assert erase_discarded(now=LATER) == 0
    assert verify_trail().faults == ()


def test_visitors_are_capped(database, monkeypatch):
    config = database.extensions["toolkit_config"]
    monkeypatch.setitem(config.values, "SANDBOX_LIMIT", 2)
    people.visitor(NOW)
    people.visitor(NOW)
    with pytest.raises(SandboxFull):
        people.visitor(NOW)
    people.visitor(NOW + timedelta(hours=24))
    monkeypatch.setitem(config.values, "SANDBOX_LIMIT", 0)
    with pytest.raises(SandboxFull):
        people.visitor(NOW + timedelta(days=9))


# --- spaces ----------------------------------------------------------------------------------------


def test_only_administrators_make_spaces(database):
    focal = in_space(a_space(), Role.FOCAL_POINT)
    with pytest.raises(NotAllowed):
        spaces.create_space("Mine", SpaceKind.ORGANIZATION, "", "", by=focal.person_id, now=NOW)


def test_a_country_space_has_a_country(database):
    root = an_administrator()
    with pytest.raises(InvalidInput):
        spaces.create_space("Team", SpaceKind.COUNTRY, "", "", by=root.person_id, now=NOW)
    made = spaces.create_space("Team", SpaceKind.COUNTRY, "ke", "", by=root.person_id, now=NOW)
    root = people.viewer_of(root.person_id, now=NOW)
    found = spaces.space(made, viewer=root, now=NOW)
    assert (found.country, found.kind) == ("KE", SpaceKind.COUNTRY)
    assert Permission.START_ASSESSMENT in found.permissions


def test_organizations_come_with_the_program_and_a_space_may_add_its_own(database):
    space = a_space()
    focal = in_space(space, Role.FOCAL_POINT)
    names = {one.id: one.name for one in spaces.organizations()}
    assert names["ilo"] == "International Labour Organization"
    added = spaces.add_organization(space, "Ministry of Examples", "", "ministry", viewer=focal, now=NOW)
    (own,) = [one for one in spaces.organizations(space) if one.space_id == space]
    assert (own.id, own.name, own.kind) == (added, "Ministry of Examples", "ministry")
    with pytest.raises(InvalidInput):
        spaces.add_organization(space, "Ministry of Examples", "", "ministry", viewer=focal, now=NOW)
    with pytest.raises(InvalidInput):
        spaces.add_organization(space, "Another", "", "invented", viewer=focal, now=NOW)
    assert [one for one in spaces.organizations(a_space("Elsewhere")) if one.space_id] == []


@pytest.mark.parametrize(
    ("listed", "name", "subject", "kinds"),
    [
        ("afdb", "Our bank", Subject("Loans", SubjectKind.UNIT, "Our bank"), {"development_bank"}),
        ("", "african  development bank", Subject("Unit", SubjectKind.UNIT), {"development_bank"}),
        ("", "Somebody", Subject("Unit", SubjectKind.UNIT, "EBRD"), {"development_bank"}),
        ("", "Somebody", Subject("ILO", SubjectKind.ORGANIZATION), {"specialized_agency"}),
        ("world_bank", "Bank", Subject("Unit", SubjectKind.UNIT), {"specialized_agency", "development_bank"}),
        ("", "National Bank", Subject("National Bank", SubjectKind.ORGANIZATION), {"development_bank"}),
        ("", "Somebody", Subject("Unit", SubjectKind.UNIT), set()),
    ],
)
def test_the_kinds_of_a_subject_follow_from_its_organization(database, listed, name, subject, kinds):
    space_id = a_space(name)
    focal = in_space(space_id, Role.FOCAL_POINT)
    spaces.add_organization(space_id, "National Bank", "", "development_bank", viewer=focal, now=NOW)
    elsewhere = a_space("Elsewhere")
    other = in_space(elsewhere, Role.FOCAL_POINT, "Other Focal Point")
    spaces.add_organization(elsewhere, "Somebody", "", "ngo", viewer=other, now=NOW)
    space = spaces.Space(space_id, name, SpaceKind.ORGANIZATION, organization=listed)
    assert spaces.kinds_of_subject(space, subject) == kinds


def test_nobody_is_found_by_an_unknown_address(database):
    with pytest.raises(NotFound):
        roster.person_by_email("nobody@example.org")


def test_only_whoever_brought_somebody_in_may_pass_their_link_on(database):
    """The link opens the account, with every role that its owner was given anywhere."""
    first, second = (in_space(a_space(name), Role.FOCAL_POINT, f"Lead of {name}") for name in ("One", "Two"))

    def invited(by):
        (grant,) = by.grants
        given = {"email": "newcomer@example.org", "name": "Newcomer", "role": Role.CONTRIBUTOR, "scope": grant.scope}
        return people.invite(**given, by=by.person_id, now=NOW)

    assert invited(first).may_pass_on
    assert not invited(second).may_pass_on
    assert invited(first).may_pass_on
