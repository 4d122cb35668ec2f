"""Handing on the lead, and the note for the next round."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.services.world import LATER, NOW, a_draft, a_person, a_space, answer_all, in_space
from toolkit.domain.access import Permission, Role, assessment_scope
from toolkit.domain.assessment import Subject, SubjectKind
from toolkit.domain.errors import AssessmentClosed, Conflict, InvalidInput, NotAllowed, NotFound
from toolkit.domain.handovers import MAX_NEXT_NOTE, HandedPart, PartKind
from toolkit.services import assessments, handed_over, handing_over, jobs, next_round, succession
from toolkit.services.accounts import add_person, give_role, viewer_of
from toolkit.services.auditing import verify_trail
from toolkit.services.erasing import erase_person
from toolkit.services.invitation_mail import LETTER, invitation_letter
from toolkit.storage.db import db, transaction
from toolkit.storage.jobs import JobRecord

YOUTH = HandedPart(PartKind.THEME, "youth")


@pytest.fixture
def space(database):
    """A space with nobody in it."""
    return a_space()


@pytest.fixture
def focal(space):
    """Its focal point."""
    return in_space(space, Role.FOCAL_POINT)


@pytest.fixture
def draft(space, focal):
    """An assessment to hand on."""
    return a_draft(space, focal, title="Baseline 2026")


@pytest.fixture
def colleague(space):
    """Somebody who may only read what was submitted."""
    return in_space(space, Role.READER, "Noor Example")


@pytest.fixture
def lead(space, draft):
    """Somebody who leads this assessment alone."""
    person = a_person("Lena Example", role=Role.FOCAL_POINT, scope=assessment_scope(draft))
    return viewer_of(person.person_id, now=NOW)


def again(person, now=NOW):
    return viewer_of(person.person_id, now=now)


def may(person, draft, permission, now=LATER):
    try:
        return opened(person, draft, now).may(permission)
    except NotFound:
        return False


def opened(person, draft, now=LATER):
    return assessments.open_assessment(draft, viewer=again(person, now), now=now)


def hand_on(draft, lead, heir, **more):
    to = heir.person_id if heir else None
    return succession.hand_on(draft, to, viewer=lead, now=NOW, **more)


# --- handing on ------------------------------------------------------------------------------------


def test_the_successor_leads_and_the_one_before_keeps_reading(draft, lead, colleague):
    hand_on(draft, lead, colleague, note="Ask Ben about figures.")
    assert may(colleague, draft, Permission.SUBMIT)
    assert may(lead, draft, Permission.SEE_ASSESSMENT)
    assert not may(lead, draft, Permission.ANSWER)
    (line,) = succession.successions(opened(colleague, draft))
    assert (line.from_name, line.to_name, line.note) == ("Lena Example", "Noor Example", "Ask Ben about figures.")
    assert verify_trail().faults == ()


def test_whoever_leaves_sees_nothing_any_more_and_has_nothing_in_hand(draft, focal, lead, colleague):
    handing_over.hand_over(draft, to=[lead.person_id], parts=[YOUTH], viewer=focal, now=NOW)
    hand_on(draft, again(lead), colleague, stays=False)
    assert not may(lead, draft, Permission.SEE_ASSESSMENT)
    assert handed_over.in_my_hands(again(lead, LATER), now=LATER) == ()


def test_what_was_handed_over_to_people_stays_with_them(space, draft, lead, colleague):
    helper = in_space(space, Role.READER, "Hal Example")
    handing_over.hand_over(draft, to=[helper.person_id], parts=[YOUTH], viewer=lead, now=NOW)
    hand_on(draft, lead, colleague, stays=False)
    assert opened(helper, draft).may_answer("youth_budget")
    (line,) = handed_over.board(draft, viewer=again(colleague, LATER), now=LATER).waiting
    assert line.person_name == "Hal Example"


def test_the_whole_space_goes_on_with_all_its_assessments(space, draft, focal, colleague):
    other = a_draft(space, focal, title="Another")
    hand_on(draft, focal, colleague, whole_space=True)
    for one in (draft, other):
        assert may(colleague, one, Permission.SUBMIT)
        assert may(focal, one, Permission.SEE_ASSESSMENT)
        assert not may(focal, one, Permission.HAND_OVER)
    assert again(colleague, LATER).may(Permission.MANAGE_PEOPLE, space=space, now=LATER)


def test_whoever_leaves_a_space_has_no_role_in_it(space, draft, focal, colleague):
    hand_on(draft, focal, colleague, whole_space=True, stays=False)
    assert again(focal, LATER).grants == ()


def test_whoever_leads_the_space_goes_on_to_lead_when_one_assessment_is_handed_on(space, draft, focal, colleague):
    hand_on(draft, focal, colleague, stays=False)
    assert may(colleague, draft, Permission.SUBMIT)
    assert may(focal, draft, Permission.SUBMIT)
    assert not again(colleague, LATER).may(Permission.START_ASSESSMENT, space=space, now=LATER)


def test_of_two_who_press_the_button_one_wins(space, draft, lead, colleague):
    hand_on(draft, lead, colleague)
    with pytest.raises((Conflict, NotAllowed)):  # with the grants that the request began with
        hand_on(draft, lead, in_space(space, Role.READER, "Hal Example"))


def test_only_a_lead_hands_on_and_only_what_they_lead(space, draft, lead, colleague):
    deputy = in_space(space, Role.DEPUTY)
    with pytest.raises(NotAllowed):
        hand_on(draft, deputy, colleague)
    with pytest.raises(NotAllowed):
        hand_on(draft, in_space(space, Role.CONTRIBUTOR), colleague)
    with pytest.raises(NotFound):
        hand_on(draft, in_space(a_space("Other"), Role.FOCAL_POINT, "Stranger Example"), colleague)
    with pytest.raises(InvalidInput):
        hand_on(draft, lead, colleague, whole_space=True)
    for nobody in (None, a_person("Outside Example"), lead):
        with pytest.raises(InvalidInput):
            hand_on(draft, lead, nobody)


def test_nobody_gives_a_role_that_lasts_longer_than_their_own(space, draft, colleague):
    with transaction():
        person = add_person("Short Example", "short@example.org", now=NOW, joined=True)
        until = NOW + timedelta(days=3)
        give_role(person, Role.FOCAL_POINT, assessment_scope(draft), by=None, now=NOW, ends_at=until)
    hand_on(draft, viewer_of(person, now=NOW), colleague)
    assert may(colleague, draft, Permission.SUBMIT, now=NOW + timedelta(days=2))
    assert not may(colleague, draft, Permission.SUBMIT, now=NOW + timedelta(days=4))


def test_a_discarded_draft_is_not_handed_on(draft, lead, colleague):
    assessments.discard(draft, viewer=lead, now=NOW)
    with pytest.raises(AssessmentClosed):
        hand_on(draft, lead, colleague)


def test_a_newcomer_gets_a_message_that_repeats_no_note(space, draft, focal):
    heir = hand_on(draft, focal, None, newcomer=("Vera New", "vera@example.org"), note="secret-note")
    job = db.session.execute(sa.select(JobRecord.id).where(JobRecord.kind == LETTER)).scalar_one()
    message = invitation_letter(job, public_url="https://assess.example.org", now=NOW)
    assert message.to == "vera@example.org"
    assert "focal point for Baseline 2026" in message.text
    assert "/invitation/" in message.text
    assert "secret-note" not in message.text + message.subject + str(jobs.payload(job))
    assert viewer_of(heir, now=LATER).may(Permission.SUBMIT, assessment=draft, now=LATER)


def test_the_note_of_somebody_who_is_erased_goes_and_the_chain_verifies(space, draft, lead, colleague):
    hand_on(draft, lead, colleague, note="Ask Ben.")
    next_round.save_note(draft, "Ben has it.", expected_revision=0, viewer=again(colleague), now=NOW)
    erase_person(lead.person_id, now=LATER)
    (line,) = succession.successions(opened(colleague, draft))
    assert line.note == ""
    boss = in_space(space, Role.FOCAL_POINT, "Boss Example")
    erase_person(colleague.person_id, now=LATER)
    assert next_round.note_of(opened(boss, draft)).text == ""
    assert verify_trail().faults == ()


# --- the note for the next round -------------------------------------------------------------------


def leave(draft, person, text="Ask Ben.", seen=0, now=NOW):
    next_round.save_note(draft, text, expected_revision=seen, viewer=again(person, now), now=now)


def test_a_note_is_kept_and_changed_after_submission_too(draft, focal):
    leave(draft, focal)
    answer_all(draft, focal)
    assessments.submit(draft, provisional_reason="A trial.", viewer=focal, now=NOW)
    leave(draft, focal, "Ask Ben, he has the papers.", seen=1, now=LATER)
    note = next_round.note_of(opened(focal, draft))
    assert (note.text, note.revision, note.by_name) == ("Ask Ben, he has the papers.", 2, "Focal Point Example")
    assert verify_trail().faults == ()


def test_of_two_who_write_the_second_is_told(space, draft, focal):
    deputy = in_space(space, Role.DEPUTY)
    leave(draft, focal)
    for seen in (0, 7):
        with pytest.raises(Conflict):
            leave(draft, deputy, "Mine.", seen=seen)
    leave(draft, deputy, "", seen=1)  # an empty one can be written anew
    leave(draft, focal, "Once more.", seen=next_round.note_of(opened(focal, draft)).revision)


def test_a_note_is_bounded(draft, focal):
    with pytest.raises(InvalidInput):
        leave(draft, focal, "x" * (MAX_NEXT_NOTE + 1))


def test_only_those_who_lead_write_and_read_it(space, draft, focal, colleague):
    leave(draft, focal)
    for role in (Role.CONTRIBUTOR, Role.REVIEWER, Role.OBSERVER):
        person = in_space(space, role)
        with pytest.raises(NotAllowed):
            leave(draft, person, seen=1)
        with pytest.raises(NotAllowed):
            next_round.note_of(opened(person, draft))
        assert next_round.notes_before_starting(again(person), now=NOW) == ()


def test_whoever_starts_the_next_one_finds_it_and_another_organization_does_not(space, draft, focal):
    leave(draft, focal)
    heir = in_space(space, Role.FOCAL_POINT, "Heir Example")
    assert [one.text for one in next_round.notes_before_starting(heir, now=NOW)] == ["Ask Ben."]
    stranger = in_space(a_space("Other"), Role.FOCAL_POINT, "Stranger Example")
    assert next_round.notes_before_starting(stranger, now=NOW) == ()


def test_the_next_assessment_of_the_same_subject_shows_it_and_one_of_another_does_not(space, draft, focal):
    leave(draft, focal)
    same = a_draft(space, focal, title="Progress 2028")
    other = a_draft(space, focal, subject=Subject("The field office", SubjectKind.UNIT, "Example Organization"))
    assert [one.title for one in next_round.earlier_notes(opened(focal, same))] == ["Baseline 2026"]
    assert next_round.earlier_notes(opened(focal, other)) == ()
