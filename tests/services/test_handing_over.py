"""Handing over: who gets what, what they may do with it, how it comes back, and how it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import answered
from tests.services.world import LATER, NOW, a_draft, a_person, a_space, answer_all, in_space
from toolkit.domain.access import Role, space_scope, voice_scope
from toolkit.domain.assessment import Mandate, ThemeScope
from toolkit.domain.errors import AssessmentClosed, Conflict, HandoverOver, InvalidInput, NotAllowed, NotFound
from toolkit.domain.handovers import MAX_PEOPLE, HandedPart, HandoverState, PartKind, Urgency
from toolkit.domain.voices import VoiceKind
from toolkit.services import assessments, handed_over, handing_over
from toolkit.services.accounts import give_role, viewer_of
from toolkit.services.auditing import verify_trail
from toolkit.services.erasing import erase_person
from toolkit.storage.assessments import VoiceRecord
from toolkit.storage.base import new_id
from toolkit.storage.db import current_config, db, transaction
from toolkit.storage.handovers import HandoverRecord
from toolkit.storage.jobs import JobRecord
from toolkit.storage.people import AccessGrantRecord

YOUTH = HandedPart(PartKind.THEME, "youth")
SKILLS = HandedPart(PartKind.THEME, "skills")
SAFETY_POLICY = HandedPart(PartKind.QUESTION, "safety_policy")
FRIDAY = date(2026, 11, 27)


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
    """An assessment to hand over from."""
    return a_draft(space, focal)


@pytest.fixture
def colleague(space):
    """Somebody who takes part, and may only read what was submitted."""
    return in_space(space, Role.READER, "Noor Example")


def give(draft, focal, *people, parts=(YOUTH,), **more):
    to = [person.person_id for person in people]
    return handing_over.hand_over(draft, to=to, parts=parts, viewer=focal, now=NOW, **more)


def again(person, now=NOW):
    """The same person with the grants of now."""
    return viewer_of(person.person_id, now=now)


def mine(person, now=NOW):
    return handed_over.in_my_hands(again(person, now), now=now)


def a_voice(draft, kind=VoiceKind.UNIT, name="Field office"):
    voice_id = new_id()
    with transaction() as session:
        session.execute(
            sa.insert(VoiceRecord).values(id=voice_id, assessment_id=draft, kind=kind, name=name, shows_names=False)
        )
    return voice_id


def test_whoever_is_handed_a_theme_may_answer_it_and_nothing_else(draft, focal, colleague):
    give(draft, focal, colleague)
    person = again(colleague)
    assessments.save_answer(draft, "youth_budget", answered(2), expected_revision=0, viewer=person, now=NOW)
    with pytest.raises(NotFound):
        assessments.save_answer(draft, "skills_plan", answered(2), expected_revision=0, viewer=person, now=NOW)
    opened = assessments.open_assessment(draft, viewer=person, now=NOW)
    assert set(opened.assessment.answers) == {"youth_budget"}


def test_a_single_question_can_be_handed_over(draft, focal, colleague):
    give(draft, focal, colleague, parts=(SAFETY_POLICY,))
    person = again(colleague)
    assessments.save_answer(draft, "safety_policy", answered(2), expected_revision=0, viewer=person, now=NOW)
    with pytest.raises(NotFound):
        assessments.save_answer(draft, "safety_offices", answered(True), expected_revision=0, viewer=person, now=NOW)


def test_ending_it_takes_the_right_to_answer_and_keeps_the_answers(draft, focal, colleague):
    (handover,) = give(draft, focal, colleague)
    assessments.save_answer(draft, "youth_budget", answered(2), expected_revision=0, viewer=again(colleague), now=NOW)
    handing_over.end(handover, viewer=focal, now=LATER)
    after = LATER + timedelta(minutes=1)
    with pytest.raises(NotFound):
        assessments.open_assessment(draft, viewer=again(colleague, after), now=after)
    assert "youth_budget" in assessments.open_assessment(draft, viewer=focal, now=after).assessment.answers
    assert mine(colleague, after) == ()
    with pytest.raises(HandoverOver):
        handing_over.end(handover, viewer=focal, now=after)


def test_ending_one_leaves_what_the_person_has_by_another(draft, focal, colleague, space):
    with transaction():
        give_role(colleague.person_id, Role.CONTRIBUTOR, space_scope(space), by=None, now=NOW)
    (handover,) = give(draft, focal, colleague)
    handing_over.end(handover, viewer=focal, now=LATER)
    after = LATER + timedelta(minutes=1)
    assert assessments.open_assessment(draft, viewer=again(colleague, after), now=after).may_answer("skills_plan")


def test_several_people_get_the_same_theme_and_nobody_gets_it_twice(draft, focal, colleague, space):
    other = in_space(space, Role.OBSERVER)
    assert len(give(draft, focal, colleague, other)) == 2
    assert give(draft, focal, colleague) == ()
    (more,) = give(draft, focal, colleague, parts=(YOUTH, SKILLS))
    with handed_over.reading():
        assert handed_over.one_line(more, now=NOW).parts == ("Skills",)


def test_a_question_of_a_theme_that_goes_whole_is_not_a_part_of_its_own(draft, focal, colleague):
    give(draft, focal, colleague, parts=(HandedPart(PartKind.QUESTION, "youth_budget"), YOUTH))
    (line,) = mine(colleague)
    assert line.parts == ("Young people",)


def test_how_far_it_is_counts_its_own_questions_only(draft, focal, colleague):
    give(draft, focal, colleague, due_on=FRIDAY, note="Ask the regional offices.")
    assessments.save_answer(draft, "skills_plan", answered(2), expected_revision=0, viewer=focal, now=NOW)
    assessments.save_answer(draft, "youth_budget", answered(2), expected_revision=0, viewer=again(colleague), now=LATER)
    (line,) = mine(colleague, LATER)
    assert (line.progress.answered, line.progress.asked, line.progress.minutes_left) == (1, 2, 5)
    assert (line.due_on, line.note, line.by_name) == (FRIDAY, "Ask the regional offices.", focal.name)
    assert line.progress.saved_at == LATER


@pytest.mark.parametrize(
    ("days", "urgency"), [(0, Urgency.SOON), (3, Urgency.SOON), (4, Urgency.NONE), (-1, Urgency.LATE)]
)
def test_due_soon_on_its_day_and_late_on_the_next(draft, focal, colleague, days, urgency):
    due_on = NOW.date() + timedelta(days=5)
    give(draft, focal, colleague, due_on=due_on)
    then = NOW + timedelta(days=5 - days)
    assert mine(colleague, then)[0].urgency is urgency


def test_a_due_day_ends_at_midnight_where_the_site_is(draft, focal, colleague):
    give(draft, focal, colleague, due_on=NOW.date())
    evening = NOW.replace(hour=22)
    assert mine(colleague, evening)[0].urgency is Urgency.SOON
    current_config().values["TIME_ZONE"] = "Asia/Tokyo"  # where it is the next morning already
    assert mine(colleague, evening)[0].urgency is Urgency.LATE


def test_said_to_be_done_then_given_back_then_done(draft, focal, colleague):
    (handover,) = give(draft, focal, colleague)
    handing_over.say_done(handover, note="No figures for 2024.", viewer=again(colleague), now=NOW)
    (line,) = mine(colleague)
    assert (line.state, line.done_note) == (HandoverState.DONE, "No figures for 2024.")
    handing_over.give_back(handover, note="Please ask the archive.", viewer=focal, now=NOW)
    (line,) = mine(colleague)
    assert (line.state, line.returned_note, line.came_back) == (HandoverState.RETURNED, "Please ask the archive.", True)
    assert line.done_note == ""
    handing_over.say_done(handover, viewer=again(colleague), now=NOW)
    (line,) = mine(colleague)
    assert (line.state, line.returned_note) == (HandoverState.DONE, "")


def test_giving_back_needs_a_note(draft, focal, colleague):
    (handover,) = give(draft, focal, colleague)
    with pytest.raises(InvalidInput):
        handing_over.give_back(handover, note=" \n", viewer=focal, now=NOW)


def test_only_the_person_says_done_and_only_a_lead_does_the_rest(draft, focal, colleague, space):
    (handover,) = give(draft, focal, colleague)
    other = in_space(space, Role.CONTRIBUTOR)
    for nobody in (other, a_person("Stranger Example")):
        for act in (handing_over.end, handing_over.remind, handing_over.say_done):
            with pytest.raises(NotFound):
                act(handover, viewer=nobody, now=NOW)
    with pytest.raises(NotAllowed):
        handing_over.say_done(handover, viewer=focal, now=NOW)
    with pytest.raises(NotAllowed):
        handing_over.end(handover, viewer=again(colleague), now=NOW)
    with pytest.raises(NotFound):
        handing_over.end(new_id(), viewer=focal, now=NOW)


def test_a_deputy_may_hand_over_and_a_contributor_may_not(draft, focal, colleague, space):
    assert give(draft, in_space(space, Role.DEPUTY), colleague)
    for role in (Role.CONTRIBUTOR, Role.REVIEWER, Role.OBSERVER):
        with pytest.raises(NotAllowed):
            give(draft, in_space(space, role), colleague, parts=(SKILLS,))


def test_only_people_of_the_space_can_be_chosen(draft, focal):
    with pytest.raises(InvalidInput) as refused:
        give(draft, focal, a_person("Stranger Example"))
    assert refused.value.problems[0].path == "to"


def test_somebody_new_is_brought_in_by_whoever_manages_people(draft, focal, space):
    new = ("Vera Example", "vera@example.org")
    (handover,) = give(draft, focal, newcomer=new)
    with handed_over.reading():
        line = handed_over.one_line(handover, now=NOW)
    assert (line.person_name, line.person_state) == ("Vera Example", "invited")
    assert give(draft, focal, newcomer=("Other Name", "VERA@example.org")) == (), "the same address, the same person"
    with pytest.raises(NotAllowed):
        give(draft, in_space(space, Role.DEPUTY), newcomer=("Xu Example", "xu@example.org"))
    with pytest.raises(InvalidInput):
        give(draft, focal, newcomer=("", "x@example.org"))
    with pytest.raises(InvalidInput):
        give(draft, focal, newcomer=("X", "no address"))


def test_what_is_asked_for_must_make_sense(draft, focal, colleague):
    yesterday = NOW.date() - timedelta(days=1)
    for wrong in (
        {"parts": ()},
        {"parts": (HandedPart(PartKind.THEME, "no_such"),)},
        {"parts": (HandedPart(PartKind.QUESTION, "no_such"),)},
        {"due_on": yesterday},
        {"due_on": date(9999, 12, 31)},
        {"note": "x" * 2_001},
        {"note": "\x00"},
    ):
        with pytest.raises(InvalidInput):
            give(draft, focal, colleague, **wrong)
    with pytest.raises(InvalidInput):
        give(draft, focal)
    with pytest.raises(InvalidInput):
        handing_over.hand_over(
            draft, to=[new_id() for _ in range(MAX_PEOPLE + 1)], parts=(YOUTH,), viewer=focal, now=NOW
        )
    assert mine(colleague) == ()


def test_nothing_is_handed_over_once_it_is_closed(draft, focal, colleague):
    (handover,) = give(draft, focal, colleague)
    answer_all(draft, focal)
    assessments.submit(draft, provisional_reason="A trial.", viewer=focal, now=NOW)
    with pytest.raises(AssessmentClosed):
        give(draft, focal, colleague, parts=(SKILLS,))
    with pytest.raises(AssessmentClosed):
        handing_over.say_done(handover, viewer=again(colleague), now=NOW)
    assert mine(colleague) == ()
    handing_over.end(handover, viewer=focal, now=LATER)


def test_the_day_can_be_changed_and_one_that_is_over_can_stay(draft, focal, colleague):
    (handover,) = give(draft, focal, colleague, due_on=NOW.date())
    later = NOW + timedelta(days=9)
    handing_over.set_due(handover, NOW.date(), viewer=focal, now=later)
    with pytest.raises(InvalidInput):
        handing_over.set_due(handover, NOW.date() + timedelta(days=1), viewer=focal, now=later)
    handing_over.set_due(handover, later.date(), viewer=focal, now=later)
    assert mine(colleague, later)[0].due_on == later.date()
    handing_over.set_due(handover, None, viewer=focal, now=later)
    assert mine(colleague, later)[0].due_on is None


def test_one_reminder_a_day(draft, focal, colleague):
    (handover,) = give(draft, focal, colleague)
    handing_over.remind(handover, viewer=focal, now=NOW)
    with pytest.raises(Conflict):
        handing_over.remind(handover, viewer=focal, now=NOW + timedelta(hours=23))
    handing_over.remind(handover, viewer=focal, now=NOW + timedelta(hours=25))
    handing_over.say_done(handover, viewer=again(colleague), now=NOW)
    with pytest.raises(Conflict):
        handing_over.remind(handover, viewer=focal, now=NOW + timedelta(days=9))


def test_the_board_says_who_is_stuck_what_is_late_and_what_is_nobodys(draft, focal, colleague, space):
    other = in_space(space, Role.OBSERVER, "Busy Example")
    give(draft, focal, colleague, due_on=NOW.date())
    (busy,) = give(draft, focal, other, parts=(SAFETY_POLICY,))
    then = NOW + timedelta(days=8)
    assessments.save_answer(draft, "safety_policy", answered(1), expected_revision=0, viewer=again(other), now=then)
    found = handed_over.board(draft, viewer=focal, now=then)
    assert [line.person_name for line in found.late] == [colleague.name]
    assert [line.person_name for line in found.stuck] == [colleague.name]
    assert [(one.theme.id, one.open, one.asked) for one in found.nobodys] == [
        ("skills", 1, 1),
        ("safety", 1, 2),
        ("set_up", 1, 1),
    ]
    handing_over.say_done(busy, viewer=again(other), now=then)
    assert [line.id for line in handed_over.board(draft, viewer=focal, now=then).done] == [busy]


def test_a_theme_outside_the_mandate_is_nobodys_business(draft, focal):
    assessments.set_scope(draft, {"skills": ThemeScope(Mandate.OUTSIDE, "Not ours.")}, viewer=focal, now=NOW)
    found = handed_over.board(draft, viewer=focal, now=NOW)
    assert [one.theme.id for one in found.nobodys] == ["youth", "safety", "set_up"]


def test_a_hand_over_in_a_voice_gives_that_voice_alone(draft, focal, colleague):
    voice = a_voice(draft)
    give(draft, focal, colleague, voice=voice)
    person = again(colleague)
    assessments.save_answer(
        draft, "youth_budget", answered(3), expected_revision=0, viewer=person, now=NOW, voice=voice
    )
    with pytest.raises((NotFound, NotAllowed)):
        assessments.save_answer(draft, "youth_budget", answered(3), expected_revision=0, viewer=person, now=NOW)
    (line,) = mine(colleague)
    assert (line.voice, line.progress.answered) == ("Field office", 1)
    assert "youth" in [one.theme.id for one in handed_over.board(draft, viewer=focal, now=NOW).nobodys]
    assert give(draft, focal, colleague), "the same theme in the consolidated voice is another matter"


def test_a_voice_that_speaks_for_itself_is_given_to_nobody_new(draft, focal, colleague, space):
    union = a_voice(draft, VoiceKind.STAFF_UNION, "Staff union")
    with pytest.raises(InvalidInput):
        give(draft, focal, colleague, voice=union)
    with pytest.raises(InvalidInput):
        give(draft, focal, focal, voice=union)
    with transaction():
        give_role(colleague.person_id, Role.CONTRIBUTOR, voice_scope(draft, union), by=None, now=NOW)
    assert give(draft, focal, colleague, voice=union)


def test_each_gets_a_message_and_whoever_takes_it_on_themselves_gets_none(draft, focal, colleague):
    give(draft, focal, colleague, focal)
    payloads = (
        db.session.execute(sa.select(JobRecord.payload).where(JobRecord.kind == handing_over.LETTER)).scalars().all()
    )
    (line,) = mine(colleague)
    assert payloads == [{"handover": str(line.id), "what": "new"}]


def test_the_trail_verifies_and_holds_no_name_or_note(draft, focal, colleague):
    (handover,) = give(draft, focal, colleague, note="Ask Maria")
    handing_over.say_done(handover, note="Maria is away", viewer=again(colleague), now=NOW)
    handing_over.give_back(handover, note="Ask Olga", viewer=focal, now=NOW)
    handing_over.end(handover, viewer=focal, now=LATER)
    assert verify_trail().faults == ()
    links = db.session.execute(sa.text("SELECT details, about FROM trail_link")).all()
    assert "Maria" not in str(links)


def test_erasing_somebody_ends_what_they_have_and_takes_their_words(draft, focal, colleague):
    (handover,) = give(draft, focal, colleague, note="From the focal point")
    handing_over.say_done(handover, note="A word of mine", viewer=again(colleague), now=NOW)
    erase_person(colleague.person_id, now=LATER)
    record = HandoverRecord
    row = db.session.execute(sa.select(record.note, record.done_note, record.ended_at)).one()
    assert (row.note, row.done_note, row.ended_at) == ("From the focal point", "", LATER)
    erase_person(focal.person_id, now=LATER)
    assert db.session.execute(sa.select(record.note)).scalar_one() == ""
    assert verify_trail().faults == ()
    words = db.session.execute(sa.text("SELECT text FROM trail_link WHERE text IS NOT NULL")).scalars().all()
    assert not [text for text in words if "word of mine" in text or "focal point" in text]


def test_a_list_of_many_costs_as_many_queries_as_a_list_of_one(space, focal, colleague):
    def count():
        seen = []

        def listen(*given):
            seen.append(given[2])

        person = again(colleague)
        sa.event.listen(db.engine, "before_cursor_execute", listen)
        found = handed_over.in_my_hands(person, now=NOW)
        sa.event.remove(db.engine, "before_cursor_execute", listen)
        return len(found), len(seen)

    give(a_draft(space, focal), focal, colleague)
    count()  # reads the definition, which is kept
    one = count()
    for _ in range(4):
        give(a_draft(space, focal), focal, colleague, parts=(YOUTH, SKILLS, SAFETY_POLICY))
    assert (one[0], count()[0]) == (1, 5)
    assert count()[1] == one[1] <= 4


def test_grants_end_with_the_hand_over_that_made_them(draft, focal, colleague):
    (handover,) = give(draft, focal, colleague, parts=(YOUTH, SAFETY_POLICY))
    handing_over.end(handover, viewer=focal, now=LATER)
    grant = AccessGrantRecord
    ends = db.session.execute(
        sa.select(grant.ends_at).where(grant.person_id == colleague.person_id, grant.role == Role.CONTRIBUTOR)
    ).scalars()
    assert list(ends) == [LATER, LATER]
