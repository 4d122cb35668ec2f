"""Acting for somebody: what it gives, when it ends, and that nobody approves their own work by it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.services.world import LATER, NOW, a_draft, a_person, a_space, an_administrator, answer_all, in_space
from toolkit.domain.access import Permission, Role, space_scope
from toolkit.domain.acting import MAX_ACTING
from toolkit.domain.assessment import SignOff, State
from toolkit.domain.errors import Conflict, InvalidInput, NotFound, OwnWork
from toolkit.services import acting, assessments, people, roster
from toolkit.services.accounts import add_person, give_role, viewer_of
from toolkit.services.auditing import verify_trail
from toolkit.services.erasing import erase_person
from toolkit.storage.db import db, transaction
from toolkit.storage.trail import TrailLinkRecord

TODAY = date(2026, 11, 20)
TOMORROW = TODAY + timedelta(days=1)
FRIDAY = date(2026, 11, 27)
AFTER = NOW + timedelta(days=8)


@pytest.fixture
def space(database):
    """A space with nobody in it."""
    return a_space()


@pytest.fixture
def focal(space):
    """Its focal point."""
    return in_space(space, Role.FOCAL_POINT)


@pytest.fixture
def colleague(space):
    """Somebody who may only read what was submitted."""
    return in_space(space, Role.READER, "Noor Example")


def act(space, person, lead, *, by=None, first=TODAY, last=FRIDAY, now=NOW):
    by = by or lead
    return acting.begin(
        space, person.person_id, for_id=lead.person_id, first=first, last=last, viewer=again(by, now), now=now
    )


def again(person, now=NOW):
    return viewer_of(person.person_id, now=now)


@contextmanager
def refused(words):
    with pytest.raises(InvalidInput) as caught:
        yield
    assert words in caught.value.problems[0].message


def leads(person, space, now=NOW):
    return again(person, now).may(Permission.SUBMIT, space=space, now=now)


def test_somebody_leads_for_the_focal_point_from_day_to_day_and_it_ends_by_itself(space, focal, colleague):
    act(space, colleague, focal, first=TOMORROW)
    assert not leads(colleague, space)
    assert leads(colleague, space, NOW + timedelta(days=1))
    assert leads(colleague, space, NOW.replace(day=27, hour=23, minute=59))
    assert not leads(colleague, space, NOW.replace(day=28, hour=0, minute=0))
    assert not again(colleague, NOW + timedelta(days=1)).may(Permission.MANAGE_PEOPLE, space=space, now=NOW)


def test_both_see_it_with_the_days(space, focal, colleague):
    act(space, colleague, focal, first=TOMORROW)
    for person in (focal, colleague):
        (line,) = acting.of_person(again(person), now=NOW)
        assert (line.person_name, line.for_name) == ("Noor Example", "Focal Point Example")
        assert (line.first_day, line.last_day, line.has_begun) == (TOMORROW, FRIDAY, False)
        assert line.space_name == "Example Organization"
    assert acting.of_person(again(colleague, AFTER), now=AFTER) == ()


def test_an_administrator_arranges_it_too_and_a_deputy_or_a_stranger_does_not(space, focal, colleague):
    act(space, colleague, focal, by=an_administrator())
    spare = in_space(space, Role.READER, "Spare Example")
    for person in (colleague, spare, in_space(a_space("Other"), Role.FOCAL_POINT, "Stranger Example")):
        with pytest.raises(NotFound):
            act(space, spare, focal, by=person)


def test_it_ends_by_one_button_and_only_once(space, focal, colleague):
    grant = act(space, colleague, focal)
    elsewhere = a_space("Other")
    stranger = in_space(elsewhere, Role.FOCAL_POINT, "Stranger Example")
    for place in (space, elsewhere):
        with pytest.raises(NotFound):
            acting.end(place, grant, viewer=stranger, now=LATER)
    acting.end(space, grant, viewer=focal, now=LATER)
    assert not leads(colleague, space, LATER)
    with pytest.raises(Conflict):
        acting.end(space, grant, viewer=focal, now=LATER)


def test_another_role_is_not_ended_by_this_button(space, focal, colleague):
    (line,) = (one for one in roster.everybody(space, now=NOW) if one.person_id == colleague.person_id)
    with pytest.raises(NotFound):
        acting.end(space, line.held[0].id, viewer=focal, now=NOW)


def test_nobody_gives_more_than_they_have(space, colleague):
    with transaction():
        short = a_lead_until(space, NOW + timedelta(days=3))
    with refused("role of that person ends"):
        act(space, colleague, again(short))
    act(space, colleague, again(short), last=TOMORROW)


def a_lead_until(space, ends_at):
    person = add_person("Short Example", "short@example.org", now=NOW, joined=True)
    give_role(person, Role.FOCAL_POINT, space_scope(space), by=None, now=NOW, ends_at=ends_at)
    return viewer_of(person, now=NOW)


def test_only_people_of_the_space_act_and_only_for_its_leads(space, focal, colleague):
    for person, lead in ((a_person("Outside Example"), focal), (focal, colleague), (focal, focal)):
        with pytest.raises(InvalidInput):
            act(space, person, lead, by=focal)


def test_the_same_person_does_not_act_twice_on_a_day_and_not_too_many_are_planned(space, focal, colleague):
    act(space, colleague, focal, last=TODAY)
    with refused("already"):
        act(space, colleague, focal)
    for day in range(1, MAX_ACTING):
        act(space, colleague, focal, first=TODAY + timedelta(days=day), last=TODAY + timedelta(days=day))
    with refused("At most"):
        act(space, colleague, focal, first=TODAY + timedelta(days=40), last=TODAY + timedelta(days=40))


def test_it_ends_with_the_role_of_the_person_who_is_away(space, focal, colleague):
    act(space, colleague, focal)
    (line,) = (one for one in roster.everybody(space, now=NOW) if one.person_id == focal.person_id)
    people.end_grant(line.held[0].id, by=focal.person_id, now=LATER)
    assert not leads(colleague, space, LATER)


@pytest.mark.parametrize("how", ["shut", "erased"])
def test_it_ends_with_the_account_of_the_person_who_is_away(space, focal, colleague, how):
    act(space, colleague, focal)
    if how == "shut":
        people.disable(focal.person_id, by=an_administrator().person_id, now=LATER)
    else:
        erase_person(focal.person_id, now=LATER)
    assert not leads(colleague, space, LATER)


def test_the_chain_of_accounts_tells_it_and_verifies(space, focal, colleague):
    grant = act(space, colleague, focal)
    acting.end(space, grant, viewer=focal, now=LATER)
    link = TrailLinkRecord
    query = sa.select(link.kind, link.by_id, link.details).where(link.kind.like("acting_%")).order_by(link.seq)
    begun, ended = db.session.execute(query).all()
    assert (begun.kind, ended.kind) == ("acting_begun", "acting_ended")
    assert begun.details["for"] == begun.by_id == str(focal.person_id)
    assert verify_trail().faults == ()


# --- nobody approves their own work --------------------------------------------------------------


def in_review(space, by, *, now=NOW):
    draft = a_draft(space, again(by), sign_off=SignOff.ONE)
    answer_all(draft, again(by, now), now=now)
    assessments.send_to_review(draft, viewer=again(by, now), now=now)
    return draft


def test_whoever_acts_does_not_approve_what_the_person_they_act_for_answered(space, focal):
    approver = in_space(space, Role.APPROVER)
    act(space, approver, focal, last=TODAY)
    draft = in_review(space, focal)
    for now in (NOW, AFTER):  # not afterwards either
        with pytest.raises(OwnWork):
            assessments.approve(draft, viewer=again(approver, now), now=now)


def test_nobody_approves_what_was_answered_by_whoever_acts_for_them(space, focal, colleague):
    with transaction():
        give_role(focal.person_id, Role.APPROVER, space_scope(space), by=None, now=NOW)
    act(space, colleague, focal)
    draft = in_review(space, colleague)
    with pytest.raises(OwnWork):
        assessments.approve(draft, viewer=again(focal), now=NOW)


def test_another_approver_still_approves_and_so_does_one_who_never_began_to_act(space, focal):
    approver = in_space(space, Role.APPROVER)
    grant = act(space, approver, focal, first=TOMORROW)
    acting.end(space, grant, viewer=focal, now=NOW)
    draft = in_review(space, focal)
    assert assessments.approve(draft, viewer=again(approver, AFTER), now=AFTER) is State.APPROVED
