"""Voices: who adds them, what they say, when others read it, and what is taken over from them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from tests.builders import answered
from tests.services.world import LATER, NOW, a_draft, a_person, a_space, answer_all, in_space
from toolkit.domain.access import Role, question_scope, voice_scope
from toolkit.domain.answers import Answer, AnswerState, fingerprint
from toolkit.domain.errors import (
    AnswerChanged,
    AnswerConflict,
    AssessmentClosed,
    InvalidInput,
    NotAllowed,
    NotFound,
)
from toolkit.domain.positions import MAX_VOICES, Position
from toolkit.domain.voices import VoiceKind
from toolkit.services import assessments, listing, side_by_side, voice_desk, voices
from toolkit.services.auditing import verify_trail
from toolkit.services.erasing import erase_person
from toolkit.services.positions import positions_told
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import AssessmentRecord, staff_union_voice
from toolkit.storage.db import db, transaction


@pytest.fixture
def lead(database) -> Viewer:
    return in_space(a_space(), Role.FOCAL_POINT)


@pytest.fixture
def draft(lead) -> UUID:
    return a_draft(UUID(lead.grants[0].scope.id), lead)


@pytest.fixture
def union(draft) -> UUID:
    return staff_union_voice(draft)


@pytest.fixture
def speaker(draft, union) -> Viewer:
    return a_person("Sami Spokesperson", role=Role.SPOKESPERSON, scope=voice_scope(draft, union))


@pytest.fixture
def office(draft, lead) -> UUID:
    return voices.add(draft, VoiceKind.UNIT, "Office in Dakar", viewer=lead, now=NOW)


def say(draft: UUID, voice: UUID, viewer: Viewer, **answers: Answer) -> None:
    known = assessments.open_assessment(draft, viewer=viewer, now=NOW, voice=voice).answer_revisions
    sent = {question: (answer, known.get(question, 0)) for question, answer in answers.items()}
    assert not assessments.save_answers(draft, sent, viewer=viewer, now=NOW, voice=voice).conflicts


def position(draft: UUID, voice: UUID) -> Position:
    return next(one for one in positions_told(draft) if one.voice.id == voice)


def test_an_organization_s_assessment_has_the_staff_union_s_voice_from_the_start(draft, union):
    [found] = positions_told(draft)
    assert (found.voice.id, found.voice.kind) == (union, VoiceKind.STAFF_UNION)
    assert not found.is_told


def test_what_a_unit_says_is_read_as_it_stands(draft, lead, office):
    say(draft, office, lead, youth_strategy=answered(1))
    assert position(draft, office).answers == {"youth_strategy": answered(1)}


def test_what_the_staff_union_says_is_read_once_it_is_released_and_only_that(draft, union, speaker):
    say(draft, union, speaker, youth_strategy=answered(1))
    assert position(draft, union).answers == {}
    assert voices.release(draft, union, viewer=speaker, now=NOW) == 1
    say(draft, union, speaker, youth_strategy=answered(0), youth_budget=answered(2))
    assert position(draft, union).answers == {"youth_strategy": answered(1)}
    assert voice_desk.voice_page(draft, union, viewer=speaker, now=NOW).unreleased == 2
    voices.release(draft, union, viewer=speaker, now=LATER)
    assert position(draft, union).answers["youth_strategy"] == answered(0)
    assert voice_desk.voice_page(draft, union, viewer=speaker, now=NOW).unreleased == 0


def test_the_focal_point_neither_reads_nor_writes_nor_releases_for_the_staff_union(draft, lead, union, speaker):
    say(draft, union, speaker, youth_strategy=answered(1))
    assert assessments.open_assessment(draft, viewer=lead, now=NOW, voice=union).assessment.answers == {}
    with pytest.raises(NotFound):
        assessments.history(draft, "youth_strategy", viewer=lead, now=NOW, voice=union)
    with pytest.raises((NotAllowed, NotFound)):
        say(draft, union, lead, youth_budget=answered(1))
    with pytest.raises(NotAllowed):
        voices.release(draft, union, viewer=lead, now=NOW)
    with pytest.raises(NotAllowed):
        voices.write_paragraph(draft, union, "All is well.", viewer=lead, now=NOW)


def test_a_unit_is_not_released_because_it_is_read_as_it_stands(draft, lead, office):
    with pytest.raises(NotAllowed):
        voices.release(draft, office, viewer=lead, now=NOW)


def test_somebody_who_answers_elsewhere_does_not_know_of_a_voice(draft, union, speaker):
    other = a_person("Olga Other", role=Role.CONTRIBUTOR, scope=question_scope(draft, "youth_strategy"))
    with pytest.raises(NotFound):
        voice_desk.voice_page(draft, union, viewer=other, now=NOW)
    with pytest.raises(NotFound):
        voices.release(draft, union, viewer=other, now=NOW)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.OBSERVER, Role.CONTRIBUTOR])
def test_only_whoever_leads_looks_after_voices(draft, lead, office, role):
    other = in_space(UUID(lead.grants[0].scope.id), role)
    for change in (
        lambda: voices.add(draft, VoiceKind.UNIT, "Another", viewer=other, now=NOW),
        lambda: voices.change(draft, office, "Renamed", shows_names=True, viewer=other, now=NOW),
        lambda: voices.remove(draft, office, viewer=other, now=NOW),
        lambda: voices.leave_out(draft, office, "Because.", viewer=other, now=NOW),
        lambda: voices.take_in(draft, office, viewer=other, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_two_voices_cannot_have_one_name(draft, lead, office):
    for name in ("office in dakar", "Staff union"):
        with pytest.raises(InvalidInput):
            voices.add(draft, VoiceKind.UNIT, name, viewer=lead, now=NOW)
    voices.change(draft, office, "Office in DAKAR", shows_names=False, viewer=lead, now=NOW)
    assert position(draft, office).voice.name == "Office in DAKAR"


def test_there_is_an_end_to_voices(draft, lead, monkeypatch):
    monkeypatch.setattr(voices, "MAX_VOICES", 2)
    voices.add(draft, VoiceKind.UNIT, "One", viewer=lead, now=NOW)
    with pytest.raises(InvalidInput, match="1 problem"):
        voices.add(draft, VoiceKind.UNIT, "Two", viewer=lead, now=NOW)
    assert MAX_VOICES == 60


def test_names_that_were_not_to_be_shown_stay_hidden(draft, lead, office):
    say(draft, office, lead, youth_strategy=answered(1))
    with pytest.raises(InvalidInput):
        voices.change(draft, office, "Office", shows_names=True, viewer=lead, now=NOW)
    [version] = assessments.history(draft, "youth_strategy", viewer=lead, now=NOW, voice=office)
    assert version.by_name == version.entered_by_name == "Office in Dakar"


def test_a_voice_that_spoke_is_not_removed_nor_is_the_staff_union(draft, lead, union, office):
    with pytest.raises(NotAllowed):
        voices.remove(draft, union, viewer=lead, now=NOW)
    say(draft, office, lead, youth_strategy=answered(1))
    with pytest.raises(NotAllowed):
        voices.remove(draft, office, viewer=lead, now=NOW)


def test_a_voice_that_never_spoke_goes_with_the_roles_in_it(draft, lead, office):
    member = a_person("Mia Member", role=Role.CONTRIBUTOR, scope=voice_scope(draft, office))
    voices.remove(draft, office, viewer=lead, now=NOW)
    with pytest.raises(NotFound):
        assessments.open_assessment(draft, viewer=member, now=LATER, voice=office)
    assert [one.voice.kind for one in positions_told(draft)] == [VoiceKind.STAFF_UNION]


def test_being_left_out_needs_a_reason_that_the_voice_sees_and_answers(draft, lead, union, speaker):
    say(draft, union, speaker, youth_strategy=answered(1))
    voices.release(draft, union, viewer=speaker, now=NOW)
    with pytest.raises(InvalidInput):
        voices.leave_out(draft, union, "  ", viewer=lead, now=NOW)
    with pytest.raises(NotAllowed):
        voices.reply(draft, union, "Too early.", viewer=speaker, now=NOW)
    voices.leave_out(draft, union, "It answered after the day.", viewer=lead, now=NOW)
    voices.reply(draft, union, "We were asked late.", viewer=speaker, now=NOW)
    seen = voice_desk.voice_page(draft, union, viewer=speaker, now=NOW).position
    assert (seen.left_out_because, seen.reply) == ("It answered after the day.", "We were asked late.")
    assert not seen.is_told
    voices.take_in(draft, union, viewer=lead, now=NOW)
    assert position(draft, union).is_told
    assert position(draft, union).reply == ""


def test_the_paragraph_is_the_voice_s_own_and_waits_for_nobody(draft, union, speaker):
    voices.write_paragraph(draft, union, "  نحن نعمل معا  ", viewer=speaker, now=NOW)
    assert position(draft, union).paragraph == "نحن نعمل معا"
    voices.write_paragraph(draft, union, "", viewer=speaker, now=NOW)
    assert position(draft, union).paragraph == ""


def test_after_submission_nothing_of_a_voice_changes(draft, lead, union, speaker, office):
    answer_all(draft, lead)
    assessments.submit(draft, provisional_reason="A trial.", viewer=lead, now=NOW)
    for change in (
        lambda: voices.add(draft, VoiceKind.UNIT, "Late", viewer=lead, now=NOW),
        lambda: voices.leave_out(draft, union, "Because.", viewer=lead, now=NOW),
        lambda: voices.release(draft, union, viewer=speaker, now=NOW),
        lambda: voices.write_paragraph(draft, union, "Late.", viewer=speaker, now=NOW),
    ):
        with pytest.raises(AssessmentClosed):
            change()


def test_taking_over_keeps_where_it_came_from(draft, lead, office):
    said = answered(1, comment="Two offices of nine.")
    say(draft, office, lead, youth_strategy=said)
    side_by_side.take_over(
        draft, "youth_strategy", office, shown=fingerprint(said), expected_revision=0, viewer=lead, now=NOW
    )
    assert assessments.open_assessment(draft, viewer=lead, now=NOW).assessment.answer("youth_strategy") == said
    [version] = assessments.history(draft, "youth_strategy", viewer=lead, now=NOW)
    assert version.taken_from == "Office in Dakar"
    other = in_space(UUID(lead.grants[0].scope.id), Role.CONTRIBUTOR)
    [seen] = assessments.history(draft, "youth_strategy", viewer=other, now=NOW)
    assert seen.taken_from == "another voice"


def test_nothing_is_taken_over_that_was_not_shown(draft, lead, union, speaker, office):
    say(draft, office, lead, youth_strategy=answered(1))
    given = {"expected_revision": 0, "viewer": lead, "now": NOW}
    with pytest.raises(AnswerChanged):
        side_by_side.take_over(draft, "youth_strategy", office, shown=fingerprint(answered(2)), **given)
    say(draft, union, speaker, youth_strategy=answered(2))
    with pytest.raises(AnswerChanged):  # not released, so there is nothing
        side_by_side.take_over(draft, "youth_strategy", union, shown=fingerprint(answered(2)), **given)
    with pytest.raises(NotFound):
        side_by_side.take_over(draft, "youth_strategy", uuid4(), shown="", **given)


def test_taking_over_meets_a_newer_answer_as_every_save_does(draft, lead, office):
    said = answered(1)
    say(draft, office, lead, youth_strategy=said)
    assessments.save_answer(draft, "youth_strategy", answered(3), expected_revision=0, viewer=lead, now=NOW)
    with pytest.raises(AnswerConflict):
        side_by_side.take_over(
            draft, "youth_strategy", office, shown=fingerprint(said), expected_revision=0, viewer=lead, now=NOW
        )


def test_whoever_only_reviews_takes_nothing_over(draft, lead, office):
    said = answered(1)
    say(draft, office, lead, youth_strategy=said)
    reviewer = in_space(UUID(lead.grants[0].scope.id), Role.REVIEWER)
    with pytest.raises(NotAllowed):
        side_by_side.take_over(
            draft, "youth_strategy", office, shown=fingerprint(said), expected_revision=0, viewer=reviewer, now=NOW
        )


def test_side_by_side_shows_nothing_to_whoever_may_not_see_every_voice(draft, lead, office):
    say(draft, office, lead, youth_strategy=answered(1))
    other = in_space(UUID(lead.grants[0].scope.id), Role.OBSERVER)
    opened = assessments.open_assessment(draft, viewer=other, now=NOW)
    assert side_by_side.side_by_side(opened).positions == ()


def test_erasing_the_spokesperson_takes_the_words_and_the_trail_holds(draft, lead, union, speaker):
    say(draft, union, speaker, youth_strategy=answered(1, comment="Canary in the comment"))
    voices.release(draft, union, viewer=speaker, now=NOW)
    voices.write_paragraph(draft, union, "Canary in the paragraph", viewer=speaker, now=NOW)
    erase_person(speaker.person_id, now=LATER)
    found = position(draft, union)
    assert found.paragraph == ""
    assert "Canary" not in repr(found)
    assert verify_trail().faults == ()


def test_an_erased_reason_still_leaves_the_voice_out(draft, lead, union):
    helper = in_space(UUID(lead.grants[0].scope.id), Role.DEPUTY)
    voices.leave_out(draft, union, "Canary reason", viewer=helper, now=NOW)
    erase_person(helper.person_id, now=LATER)
    assert "Canary" not in position(draft, union).left_out_because
    assert position(draft, union).left_out_because


def test_a_blind_contributor_of_a_voice_is_told_nothing_of_how_far_the_others_are(draft, lead, office):
    answer_all(draft, lead)
    with transaction() as session:
        session.execute(AssessmentRecord.__table__.update().values(blind=True))
    member = a_person("Mia Member", role=Role.CONTRIBUTOR, scope=voice_scope(draft, office))
    [line] = listing.mine(member, now=NOW).items
    assert line.progress is None
    [line] = listing.mine(lead, now=NOW).items
    assert line.progress is not None


def test_who_answered_blind_stays_unread_by_colleagues(draft, lead, office):
    voices.set_blind(draft, blind=True, viewer=lead, now=NOW)
    voices.set_blind(draft, blind=False, viewer=lead, now=NOW)
    voices.set_blind(draft, blind=True, viewer=lead, now=NOW)
    assert assessments.open_assessment(draft, viewer=lead, now=NOW).blind
    say(draft, office, lead, youth_strategy=answered(1))
    with pytest.raises(NotAllowed):
        voices.set_blind(draft, blind=False, viewer=lead, now=NOW)
    assert verify_trail().faults == ()


def test_only_whoever_leads_says_who_sees_what(draft, lead):
    reviewer = in_space(UUID(lead.grants[0].scope.id), Role.REVIEWER)
    with pytest.raises(NotAllowed):
        voices.set_blind(draft, blind=True, viewer=reviewer, now=NOW)


def test_why_a_reviewer_sent_answers_back_is_told_in_no_other_voice(lead, office, draft):
    with transaction() as session:
        session.execute(AssessmentRecord.__table__.update().values(sign_off="one"))
    reviewer = in_space(UUID(lead.grants[0].scope.id), Role.REVIEWER)
    answer_all(draft, lead)
    assessments.send_to_review(draft, viewer=lead, now=NOW)
    assessments.return_to_draft(draft, {"youth_strategy": "Which paper?"}, viewer=reviewer, now=NOW)
    assert assessments.open_assessment(draft, viewer=lead, now=NOW).returned
    assert not assessments.open_assessment(draft, viewer=lead, now=NOW, voice=office).returned


def test_a_voice_s_words_do_not_stand_in_the_trail_s_open_parts(draft, lead, union, speaker):
    voices.write_paragraph(draft, union, "Canary paragraph", viewer=speaker, now=NOW)
    rows = db.session.execute(sa.text("select details, about, kind from trail_link")).all()
    assert "Canary" not in repr(rows)


def test_not_applicable_without_a_reason_is_no_stance(draft, lead, office):
    say(draft, office, lead, youth_strategy=Answer(AnswerState.NOT_APPLICABLE))
    opened = assessments.open_assessment(draft, viewer=lead, now=NOW)
    assert side_by_side.side_by_side(opened).differences == {}
