"""What is done to the database behind the program's back is found, whatever it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import answered
from tests.services.world import LATER, NOW, a_draft, a_space, answer_all, in_space, with_password
from toolkit.domain.access import Role
from toolkit.domain.errors import NotFound, SignInRefused
from toolkit.domain.trail import text_digest
from toolkit.mail.outbox import Message, sent_here
from toolkit.services import assessments, people, submissions
from toolkit.services.auditing import links_of, verify_trail
from toolkit.services.erasing import erase_discarded, erase_person
from toolkit.services.jobs import payload
from toolkit.storage.assessments import AnswerRecord, AnswerRevisionRecord, AssessmentRecord
from toolkit.storage.db import current_config, db, reading
from toolkit.storage.personal import ERASED_NAME
from toolkit.storage.submissions import SubmissionRecord
from toolkit.storage.tables import metadata
from toolkit.storage.trail import ACCOUNTS, TrailLinkRecord


@pytest.fixture
def focal(database):
    """The focal point of a space."""
    return in_space(a_space(), Role.FOCAL_POINT)


@pytest.fixture
def submitted(focal):
    """An assessment that was submitted, reopened, corrected, and submitted again."""
    assessment = a_draft(UUID(focal.grants[0].scope.id), focal)
    answer_all(assessment, focal)
    assessments.submit(assessment, viewer=focal, now=NOW)
    assessments.reopen(assessment, reason="One figure was wrong.", viewer=focal, now=NOW)
    answer_all(assessment, focal, youth_budget=answered(4, comment="Now right."))
    assessments.submit(assessment, viewer=focal, now=LATER)
    return assessment


def behind_its_back(*statements):
    with db.engine.connect().execution_options(toolkit_writing=True) as connection, connection.begin():
        for statement in statements:
            connection.execute(statement)


def revision(seq):
    return AnswerRevisionRecord.__table__.update().where(AnswerRevisionRecord.seq == seq)


def found(chain):
    return " | ".join(fault.message for fault in verify_trail().faults if fault.chain == str(chain))


def test_a_sound_trail_has_no_fault(submitted):
    assert verify_trail().faults == ()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"content": '{"state":"answered","value":4}'}, "link 3 has a text that is not the one sealed"),
        ({"question_id": "skills_plan", "revision": 9}, "link 3 was changed after it was sealed"),
        ({"saved_at": NOW + timedelta(days=1)}, "link 3 was changed after it was sealed"),
        ({"content": None, "salt": None}, "link 3 has lost its text without an erasure on record"),
        ({"hash": "0" * 64}, "link 3 was changed after it was sealed"),
    ],
)
def test_an_edited_answer_is_found(submitted, values, message):
    behind_its_back(revision(3).values(**values))
    assert message in found(submitted)


def test_a_deleted_answer_is_found(submitted):
    behind_its_back(AnswerRevisionRecord.__table__.delete().where(AnswerRevisionRecord.seq == 4))
    assert "link 4 is missing" in found(submitted)


def test_swapped_answers_are_found(submitted):
    behind_its_back(revision(3).values(seq=99), revision(4).values(seq=3), revision(99).values(seq=4))
    assert "link 3 was changed after it was sealed" in found(submitted)


def test_an_inserted_event_is_found(submitted):
    with db.engine.connect() as connection:
        row = connection.execute(
            sa.select(TrailLinkRecord.__table__).where(TrailLinkRecord.chain_id == submitted)
        ).first()
    behind_its_back(TrailLinkRecord.__table__.insert().values(dict(row._mapping) | {"seq": 99}))
    assert "link 99 was changed after it was sealed" in found(submitted)


def test_an_end_that_was_cut_off_is_found(submitted):
    last = sa.select(sa.func.max(TrailLinkRecord.seq)).where(TrailLinkRecord.chain_id == submitted)
    with db.engine.connect() as connection:
        seq = connection.execute(last).scalar_one()
    gone = TrailLinkRecord.__table__.delete()
    behind_its_back(gone.where(TrailLinkRecord.chain_id == submitted, TrailLinkRecord.seq == seq))
    assert "is not where the chain should end" in found(submitted)
    assert "submission 2 does not hang on the link that sealed it" in found(submitted)


def test_a_current_answer_that_nobody_saved_is_found(submitted):
    changed = AnswerRecord.__table__.update().where(AnswerRecord.question_id == "youth_budget")
    behind_its_back(changed.values(content='{"state":"answered","value":0}'))
    assert "the answer to youth_budget is not what was saved last" in found(submitted)


@pytest.mark.parametrize("values", [{"content": b"{}"}, {"score_card": "{}"}, {"sha256": "0" * 64}])
def test_a_changed_submission_is_found(submitted, values):
    behind_its_back(SubmissionRecord.__table__.update().where(SubmissionRecord.number == 2).values(**values))
    assert "submission 2 was changed after it was sealed" in found(submitted)


def test_a_deleted_submission_is_found(submitted):
    behind_its_back(SubmissionRecord.__table__.delete().where(SubmissionRecord.number == 1))
    assert "a submission is missing" in found(submitted)


def written_anew(assessment, from_seq, content):
    """Another text at one link, and every hash from there on computed again: what a clever hand would do."""
    with reading():
        stored = sorted(links_of(assessment), key=lambda one: one.link.seq)
    statements, previous = [], ""
    for one in stored:
        link, values = one.link, {}
        if link.seq == from_seq:
            link = replace(link, digest=text_digest(one.salt, content))
            values = {"content": content, "digest": link.digest}
            current = AnswerRecord.__table__.update().where(AnswerRecord.question_id == link.about)
            statements.append(current.values(content=content))
        if link.seq > from_seq:
            link = replace(link, previous=previous)
        previous = link.seal()
        table = (AnswerRevisionRecord if link.kind == "answer" else TrailLinkRecord).__table__
        values |= {"previous": link.previous, "hash": previous}
        statements.append(table.update().where(table.c.seq == link.seq, table.c.hash == one.hash).values(values))
    end = AssessmentRecord.__table__.update().where(AssessmentRecord.id == assessment)
    behind_its_back(*statements, end.values(chain_head=previous))


def test_a_chain_that_was_written_anew_is_found_by_a_report_that_left_the_house(focal):
    assessment = a_draft(UUID(focal.grants[0].scope.id), focal)
    answer_all(assessment, focal)
    printed = {"report.pdf": assessments.open_assessment(assessment, viewer=focal, now=NOW).assessment.chain_head}
    assert verify_trail(printed).faults == ()
    written_anew(assessment, 3, '{"state":"answered","value":0}')
    assert verify_trail().faults == (), "by itself it is sound: the test must really have written every link anew"
    assert "written anew" in str(verify_trail(printed).faults[0])


def test_a_whole_assessment_that_is_gone_is_found(submitted):
    behind_its_back(
        TrailLinkRecord.__table__.delete().where(TrailLinkRecord.chain_id == submitted),
        AssessmentRecord.__table__.delete().where(AssessmentRecord.id == submitted),
    )
    assert "missing without an erasure on record" in found(submitted)


def test_a_changed_grant_on_record_is_found(submitted):
    link = TrailLinkRecord.__table__
    behind_its_back(
        link.update()
        .where(link.c.chain_id == ACCOUNTS, link.c.kind == "grant_begun")
        .values(details={"role": "administrator"})
    )
    assert "was changed after it was sealed" in found("accounts")


def test_the_trail_holds_no_name_and_no_text_that_cannot_be_erased(submitted, focal):
    with db.engine.connect() as connection:
        events = connection.execute(sa.select(TrailLinkRecord.__table__)).mappings().all()
    for event in events:
        sealed = f"{event['kind']} {event['about']} {event['by_id']} {event['details']}"
        assert focal.name not in sealed
        assert focal.email not in sealed
        assert "One figure was wrong." not in sealed


def test_a_draft_that_was_discarded_thirty_days_ago_is_erased_and_the_trail_knows(focal):
    kept = a_draft(UUID(focal.grants[0].scope.id), focal)
    gone = a_draft(UUID(focal.grants[0].scope.id), focal)
    answer_all(gone, focal)
    assessments.discard(gone, viewer=focal, now=NOW)
    assert erase_discarded(now=NOW + timedelta(days=30) - timedelta(seconds=1)) == 0
    assert erase_discarded(now=NOW + timedelta(days=30)) == 1
    with pytest.raises(NotFound):
        assessments.open_assessment(gone, viewer=focal, now=NOW)
    assert assessments.open_assessment(kept, viewer=focal, now=NOW).id == kept
    assert verify_trail().faults == ()


def test_erasing_a_person_takes_name_and_words_and_leaves_a_sound_trail(focal):
    space = UUID(focal.grants[0].scope.id)
    writer = with_password(in_space(space, Role.CONTRIBUTOR, "Wanda Writer"))
    assessment = a_draft(space, focal)
    answer_all(assessment, focal)
    said = answered(1, comment="Wanda’s own words.")
    assessments.save_answer(assessment, "youth_budget", said, expected_revision=1, viewer=writer, now=NOW)
    text = answered("Wanda’s unit")
    assessments.save_answer(assessment, "set_up_unit", text, expected_revision=1, viewer=writer, now=NOW)
    assert erase_person(writer.person_id, now=LATER) == 2
    assert verify_trail().faults == ()
    with db.engine.connect() as connection:
        for table in ("person", "answer", "answer_revision", "trail_link"):
            rows = connection.execute(sa.select(metadata.tables[table])).all()
            assert "Wanda" not in str(rows)
    opened = assessments.open_assessment(assessment, viewer=focal, now=NOW)
    assert opened.assessment.answers["youth_budget"] == answered(1)
    assert opened.assessment.answers["set_up_unit"].value is None
    newest = assessments.history(assessment, "youth_budget", viewer=focal, now=NOW)[0]
    assert (newest.answer, newest.by_name) == (None, ERASED_NAME)
    with pytest.raises(SignInRefused):
        people.sign_in(writer.email, "seven quiet rivers", address="192.0.2.1", now=LATER)
    with pytest.raises(NotFound):
        erase_person(writer.person_id, now=LATER)
    answer_all(assessment, focal, youth_budget=answered(2))
    assessments.submit(assessment, viewer=focal, now=LATER)
    assert verify_trail().faults == ()


def test_a_submission_stays_as_it_was_when_a_person_is_erased(submitted, focal):
    before = [
        submissions.submission(one.id, viewer=focal, now=NOW).content
        for one in submissions.for_assessment(submitted, viewer=focal, now=NOW)
    ]
    erase_person(focal.person_id, now=LATER)
    with db.engine.connect() as connection:
        kept = connection.execute(sa.select(SubmissionRecord.content).order_by(SubmissionRecord.number.desc()))
        assert list(kept.scalars()) == before
    assert verify_trail().faults == ()


def test_erasing_a_person_takes_their_mail_and_the_jobs_that_hold_their_address(focal, database):
    wanda = in_space(UUID(focal.grants[0].scope.id), Role.CONTRIBUTOR, "Wanda Writer")
    folder = sent_here(current_config())
    for to in (wanda.email, focal.email):
        folder.send(Message(to=to, subject="Hello", text=f"Hello {to}"))
    job = people.request_reset(wanda.email, address="192.0.2.1", now=NOW)
    other = people.request_reset(focal.email, address="192.0.2.1", now=NOW)
    erase_person(wanda.person_id, now=LATER)
    assert [email["To"] for _, email in folder.addressed_to(focal.email)] == [focal.email]
    assert list(folder.addressed_to(wanda.email)) == []
    assert payload(other) == {"email": focal.email}
    with pytest.raises(NotFound):
        payload(job)
