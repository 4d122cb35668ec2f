"""Discussions of questions: who reads and writes them, who is asked to look, and how they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.services.world import LATER, NOW, a_draft, a_person, a_space, answer_all, in_space
from toolkit.domain.access import Role, theme_scope
from toolkit.domain.assessment import SignOff
from toolkit.domain.discussions import MAX_MENTIONS, MAX_MESSAGE, MAX_MESSAGES, MAX_THREADS, Told
from toolkit.domain.errors import AssessmentClosed, InvalidInput, NotAllowed, NotFound
from toolkit.services import assessments, discussions, mention_mail, submissions
from toolkit.services.auditing import verify_trail
from toolkit.services.erasing import erase_person
from toolkit.storage.assessments import AssessmentRecord
from toolkit.storage.db import db, transaction
from toolkit.storage.jobs import JobRecord

QUESTION = "youth_strategy"  # in the theme `youth`


@pytest.fixture
def space(database):
    return a_space()


@pytest.fixture
def focal(space):
    return in_space(space, Role.FOCAL_POINT, "Farida Focal")


@pytest.fixture
def draft(space, focal):
    return a_draft(space, focal, sign_off=SignOff.ONE)


def helper(draft, name="Hana Helper", theme="youth"):
    """Somebody to whom one theme was handed over."""
    return a_person(name, role=Role.CONTRIBUTOR, scope=theme_scope(draft, theme))


def blind(draft):
    with transaction() as session:
        session.execute(sa.update(AssessmentRecord).where(AssessmentRecord.id == draft).values(blind=True))


def about(draft, viewer, question=QUESTION):
    return discussions.threads_about(draft, [question], viewer=viewer, now=NOW)


def test_a_discussion_from_its_first_message_to_its_end(draft, focal):
    hana = helper(draft)
    thread = discussions.begin(draft, QUESTION, " Which strategy is meant?\r\n", viewer=hana, now=NOW)
    discussions.reply(draft, thread, "The one of 2024.", viewer=focal, now=LATER)
    (found,) = about(draft, hana)
    assert [(one.by_name, one.text) for one in found.messages] == [
        ("Hana Helper", "Which strategy is meant?"),
        ("Farida Focal", "The one of 2024."),
    ]
    assert found.is_open
    discussions.resolve(draft, thread, viewer=hana, now=LATER)
    (found,) = about(draft, focal)
    assert (found.is_open, found.resolved_by_name, found.resolved_at) == (False, "Hana Helper", LATER)
    assert discussions.open_threads(draft, viewer=focal, now=NOW) == ()
    discussions.reply(draft, thread, "One more thing.", viewer=focal, now=LATER)
    assert about(draft, focal)[0].is_open, "whoever writes opens it again"
    assert verify_trail().faults == ()


def test_discussing_changes_no_answer(draft, focal):
    before = assessments.open_assessment(draft, viewer=focal, now=NOW)
    discussions.begin(draft, QUESTION, "A question.", viewer=focal, now=NOW)
    after = assessments.open_assessment(draft, viewer=focal, now=NOW)
    assert (after.assessment.answers, after.answer_revisions) == (before.assessment.answers, before.answer_revisions)


def test_only_who_may_see_the_question_reads_or_writes(draft, focal):
    other = helper(draft, "Olga Other", theme="skills")
    stranger = in_space(a_space("Elsewhere"), Role.FOCAL_POINT, "Stranger")
    thread = discussions.begin(draft, QUESTION, "Between us.", viewer=focal, now=NOW)
    assert about(draft, other) == ()
    assert discussions.open_threads(draft, viewer=other, now=NOW) == ()
    for act in (
        lambda: discussions.begin(draft, QUESTION, "Hello.", viewer=other, now=NOW),
        lambda: discussions.reply(draft, thread, "Hello.", viewer=other, now=NOW),
        lambda: discussions.resolve(draft, thread, viewer=other, now=NOW),
        lambda: about(draft, stranger),
        lambda: discussions.begin(draft, "no_such_question", "Hello.", viewer=focal, now=NOW),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_thread_of_another_assessment_is_not_there(space, draft, focal):
    thread = discussions.begin(draft, QUESTION, "Here.", viewer=focal, now=NOW)
    other = a_draft(space, focal, title="Other")
    with pytest.raises(NotFound):
        discussions.reply(other, thread, "There.", viewer=focal, now=NOW)


def test_who_only_looks_on_reads_and_does_not_write(space, draft, focal):
    onlooker = in_space(space, Role.OBSERVER)
    thread = discussions.begin(draft, QUESTION, "Read this.", viewer=focal, now=NOW)
    assert len(about(draft, onlooker)) == 1
    with pytest.raises(NotAllowed):
        discussions.reply(draft, thread, "Me too.", viewer=onlooker, now=NOW)


def test_reviewers_take_part_while_it_is_in_review(space, draft, focal):
    answer_all(draft, focal)
    assessments.send_to_review(draft, viewer=focal, now=NOW)
    reviewer = in_space(space, Role.REVIEWER)
    discussions.begin(draft, QUESTION, "Why level 3?", viewer=reviewer, now=NOW)
    assert len(about(draft, focal)) == 1


def test_nothing_is_written_after_submission(space, focal):
    draft = a_draft(space, focal)
    thread = discussions.begin(draft, QUESTION, "In time.", viewer=focal, now=NOW)
    answer_all(draft, focal)
    assessments.submit(draft, viewer=focal, now=NOW)
    with pytest.raises(AssessmentClosed):
        discussions.reply(draft, thread, "Too late.", viewer=focal, now=NOW)
    assert len(about(draft, focal)) == 1, "it can still be read"


def test_blind_contributors_read_only_what_they_take_part_in(draft, focal):
    hana, igor = helper(draft), helper(draft, "Igor Helper")
    blind(draft)
    mine = discussions.begin(draft, QUESTION, "Only the lead and I.", viewer=hana, now=NOW)
    discussions.begin(draft, QUESTION, "For Igor.", mention=[igor.person_id], viewer=focal, now=LATER)
    assert [one.messages[0].text for one in about(draft, hana)] == ["Only the lead and I."]
    assert [one.messages[0].text for one in about(draft, igor)] == ["For Igor."]
    assert len(about(draft, focal)) == 2
    with pytest.raises(NotFound):
        discussions.reply(draft, mine, "Let me in.", viewer=igor, now=NOW)
    for viewer, count in ((hana, 1), (igor, 1), (focal, 2)):
        opened = assessments.open_assessment(draft, viewer=viewer, now=NOW)
        assert discussions.open_counts(opened, viewer=viewer) == {QUESTION: count}


def test_who_can_be_asked_to_look(space, draft, focal):
    hana = helper(draft)
    helper(draft, "Olga Other", theme="skills")
    in_space(space, Role.READER, "Rita Reader")
    in_space(space, Role.REVIEWER, "Rosa Reviewer")

    def names(viewer):
        return [one.name for one in discussions.colleagues(draft, QUESTION, viewer=viewer, now=NOW)]

    assert names(focal) == ["Hana Helper", "Rosa Reviewer"], "who may read it, without oneself"
    assert names(hana) == ["Farida Focal", "Rosa Reviewer"]
    helper(draft, "Igor Helper")
    assert names(hana) == ["Farida Focal", "Igor Helper", "Rosa Reviewer"]
    blind(draft)
    assert names(hana) == ["Farida Focal", "Rosa Reviewer"], "blind: not who else answers"


def test_whoever_is_asked_gets_a_message_without_a_word_of_it(draft, focal):
    hana = helper(draft)
    discussions.begin(draft, QUESTION, "A secret of ours.", mention=[hana.person_id], viewer=focal, now=NOW)
    (job,) = db.session.execute(sa.select(JobRecord.id, JobRecord.payload).where(JobRecord.kind == discussions.LETTER))
    message = mention_mail.mention_message(job.id, public_url="https://dw.example", now=NOW)
    assert message is not None
    assert message.to == "hana.helper@example.org"
    assert "Farida Focal asks you to look" in message.text
    assert f"https://dw.example/assessments/{draft}/answers/{QUESTION}/discussions" in message.text
    assert "secret" not in message.text + str(job.payload)
    assert about(draft, focal)[0].messages[0].mentioned == ("Hana Helper",)


def test_somebody_who_may_no_longer_read_it_gets_no_message(draft, focal):
    hana = helper(draft)
    discussions.begin(draft, QUESTION, "Look.", mention=[hana.person_id], viewer=focal, now=NOW)
    job = db.session.execute(sa.select(JobRecord.id).where(JobRecord.kind == discussions.LETTER)).scalar_one()
    erase_person(hana.person_id, now=LATER)
    assert mention_mail.mention_message(job, public_url="https://dw.example", now=LATER) is None


def test_only_people_of_the_list_are_asked(draft, focal):
    stranger = in_space(a_space("Elsewhere"), Role.FOCAL_POINT, "Stranger")
    hana = helper(draft)
    for mention in ([stranger.person_id], [hana.person_id] * 1 + [stranger.person_id]):
        with pytest.raises(InvalidInput):
            discussions.begin(draft, QUESTION, "Look.", mention=mention, viewer=focal, now=NOW)
    assert about(draft, focal) == ()


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (MAX_MESSAGE + 1), "a\x00b", "\ud800"])
def test_what_cannot_be_kept_is_refused(draft, focal, text):
    with pytest.raises(InvalidInput):
        discussions.begin(draft, QUESTION, text, viewer=focal, now=NOW)


def test_there_is_an_end_to_discussions_and_messages(draft, focal, monkeypatch):
    assert (MAX_THREADS, MAX_MESSAGES, MAX_MENTIONS) == (50, 200, 20)
    monkeypatch.setattr(discussions, "MAX_THREADS", 1)
    monkeypatch.setattr(discussions, "MAX_MESSAGES", 2)
    thread = discussions.begin(draft, QUESTION, "One.", viewer=focal, now=NOW)
    with pytest.raises(NotAllowed):
        discussions.begin(draft, QUESTION, "Two.", viewer=focal, now=NOW)
    discussions.reply(draft, thread, "Two.", viewer=focal, now=NOW)
    with pytest.raises(NotAllowed):
        discussions.reply(draft, thread, "Three.", viewer=focal, now=NOW)


def test_the_focal_point_alone_chooses_what_the_report_tells(draft, focal):
    hana = helper(draft)
    thread = discussions.begin(draft, QUESTION, "Telling.", viewer=hana, now=NOW)
    assert about(draft, focal)[0].told is Told.NOBODY
    with pytest.raises(NotAllowed):
        discussions.tell(draft, thread, Told.SHARED, viewer=hana, now=NOW)
    discussions.tell(draft, thread, Told.SHARED, viewer=focal, now=NOW)
    assert about(draft, focal)[0].told is Told.SHARED


def test_erasing_a_person_takes_their_messages_and_the_trail_verifies(draft, focal):
    hana = helper(draft)
    thread = discussions.begin(draft, QUESTION, "My own words.", viewer=hana, now=NOW)
    discussions.reply(draft, thread, "The lead's words.", viewer=focal, now=LATER)
    erase_person(hana.person_id, now=LATER)
    (found,) = about(draft, focal)
    assert [one.text for one in found.messages] == [None, "The lead's words."]
    assert "Hana" not in str(found)
    assert verify_trail().faults == ()


def test_a_submission_holds_what_was_chosen_and_no_name(space, focal):
    draft = a_draft(space, focal)
    hana = helper(draft)
    said = {}
    for minute, told in enumerate(Told):
        begun_at = NOW + timedelta(minutes=minute)
        said[told] = discussions.begin(draft, QUESTION, f"For {told}.", viewer=hana, now=begun_at)
        discussions.reply(draft, said[told], "Indeed.", viewer=focal, now=LATER)
        discussions.tell(draft, said[told], told, viewer=focal, now=LATER)
    answer_all(draft, focal)
    info = assessments.submit(draft, viewer=focal, now=LATER)
    kept = submissions.submission(info.id, viewer=focal, now=LATER)
    threads = kept.assessment.discussions[QUESTION]
    assert [(one.is_shared, [(each.person, each.text) for each in one.messages]) for one in threads] == [
        (False, [(1, "For internal."), (2, "Indeed.")]),
        (True, [(1, "For shared."), (2, "Indeed.")]),
    ]
    assert "Hana" not in kept.content.decode()
    assert "Farida" not in kept.content.decode()
