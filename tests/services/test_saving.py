"""Saving answers: cheap whatever else is there, nothing lost between two people, nothing stored twice."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from tests.builders import answered
from tests.services.world import COMPLETE, LATER, NOW, a_draft, a_space, answer_all, in_space
from toolkit.domain.access import Role, assessment_scope, question_scope, theme_scope
from toolkit.domain.answers import Answer, AnswerState, Evidence
from toolkit.domain.errors import (
    AnswerConflict,
    AssessmentClosed,
    InvalidInput,
    NotAllowed,
    NotFound,
    UnknownQuestion,
)
from toolkit.services import assessments
from toolkit.services.accounts import add_person, give_role, viewer_of
from toolkit.services.auditing import verify_trail
from toolkit.storage.answer_text import answer_text, read_answer
from toolkit.storage.assessments import AnswerRecord, AnswerRevisionRecord, AssessmentRecord
from toolkit.storage.db import db, transaction

MAX_STATEMENTS = 6
MANY = 10_000


@pytest.fixture
def focal(database):
    """The focal point of a space."""
    return in_space(a_space(), Role.FOCAL_POINT)


@pytest.fixture
def draft(focal):
    """A draft of the focal point's."""
    return a_draft(UUID(focal.grants[0].scope.id), focal)


def save(draft, viewer, answer, expected=0, question="youth_budget", now=NOW):
    return assessments.save_answer(draft, question, answer, expected_revision=expected, viewer=viewer, now=now)


@contextmanager
def counted():
    """The statements that are sent meanwhile, without BEGIN and COMMIT."""
    sent = []

    def note(_connection, _cursor, statement, *_):
        sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def without_begin(sent):
    return [statement for statement in sent if not statement.startswith("BEGIN")]


def many_more(draft, count):
    """So many more assessments in the same space, with two answers each, made by copying rows."""
    assessment, answer = AssessmentRecord.__table__, AnswerRecord.__table__
    with db.engine.connect().execution_options(toolkit_writing=True) as connection, connection.begin():
        row = dict(connection.execute(sa.select(assessment).where(assessment.c.id == draft)).one()._mapping)
        found = connection.execute(sa.select(answer).where(answer.c.assessment_id == draft))
        answers = [dict(one._mapping) for one in found]
        ids = [uuid4() for _ in range(count)]
        connection.execute(assessment.insert(), [row | {"id": id} for id in ids])
        connection.execute(answer.insert(), [one | {"assessment_id": id} for id in ids for one in answers[:2]])


def test_a_save_is_a_handful_of_statements_however_many_assessments_there_are(focal, draft):
    answer_all(draft, focal)
    with counted() as few:
        save(draft, focal, answered(4), 1)
    many_more(draft, MANY)
    with counted() as many:
        save(draft, focal, answered(0), 2)
    assert len(without_begin(few)) == len(without_begin(many)) <= MAX_STATEMENTS


def test_a_first_save_too_is_a_handful_of_statements(focal, draft):
    save(draft, focal, answered(1), question="skills_plan")  # reads the checklist once
    with counted() as sent:
        save(draft, focal, answered(4))
    assert len(without_begin(sent)) <= MAX_STATEMENTS


def test_lists_take_the_same_few_statements_with_many_assessments(focal, draft):
    answer_all(draft, focal)
    many_more(draft, 1_000)
    assessments.mine(focal, now=NOW)
    with counted() as sent:
        page = assessments.mine(focal, page=3, now=NOW)
    assert page.total == 1_001
    assert len(page.items) == 20
    assert len(without_begin(sent)) <= 10


def test_opening_takes_the_same_few_statements_with_many_answers(focal, draft):
    with counted() as empty:
        assessments.open_assessment(draft, viewer=focal, now=NOW)
    answer_all(draft, focal)
    with counted() as full:
        assessments.open_assessment(draft, viewer=focal, now=NOW)
    assert len(without_begin(full)) <= len(without_begin(empty)) <= 5


def test_the_same_answer_again_changes_nothing(focal, draft):
    first = save(draft, focal, answered(3, comment="Because."))
    again = save(draft, focal, answered(3, comment="Because."), expected=0, now=LATER)
    assert again == first
    assert len(assessments.history(draft, "youth_budget", viewer=focal, now=NOW)) == 1


def test_saying_nothing_where_nothing_was_said_stores_nothing(focal, draft):
    assert save(draft, focal, Answer()).revision == 0
    assert assessments.open_assessment(draft, viewer=focal, now=NOW).answer_revisions == {}


def test_an_answer_can_be_taken_back(focal, draft):
    save(draft, focal, answered(3))
    assert save(draft, focal, Answer(), expected=1).revision == 2
    assert assessments.open_assessment(draft, viewer=focal, now=NOW).assessment.answers["youth_budget"] == Answer()


def test_two_people_on_one_answer_and_neither_text_is_lost(focal, draft):
    other = in_space(UUID(focal.grants[0].scope.id), Role.CONTRIBUTOR, "Bo Contributor")
    save(draft, other, answered(1, comment="Theirs."), now=LATER)
    mine = answered(3, comment="Mine.")
    with pytest.raises(AnswerConflict) as found:
        save(draft, focal, mine)
    conflict = found.value
    assert conflict.current == answered(1, comment="Theirs.")
    assert conflict.yours == mine
    assert (conflict.revision, conflict.saved_by_name, conflict.saved_at) == (1, "Bo Contributor", LATER)
    assert save(draft, focal, mine, expected=conflict.revision).revision == 2
    texts = [one.answer.comment for one in assessments.history(draft, "youth_budget", viewer=focal, now=NOW)]
    assert texts == ["Mine.", "Theirs."]


def test_an_answer_that_somebody_took_for_stored_is_a_conflict_too(focal, draft):
    with pytest.raises(AnswerConflict) as found:
        save(draft, focal, answered(3), expected=4)
    assert (found.value.revision, found.value.current) == (0, Answer())


def test_a_form_keeps_what_it_can_and_names_the_conflicts(focal, draft):
    save(draft, focal, answered(1))
    given = {"youth_budget": (answered(2), 0), "skills_plan": (answered(3), 0), "safety_policy": (Answer(), 0)}
    outcome = assessments.save_answers(draft, given, viewer=focal, now=LATER)
    assert [conflict.question_id for conflict in outcome.conflicts] == ["youth_budget"]
    assert {saved.question_id: saved.revision for saved in outcome.saved} == {"skills_plan": 1, "safety_policy": 0}


def test_one_wrong_answer_keeps_the_whole_form_from_being_stored(focal, draft):
    given = {"youth_budget": (answered(9), 0), "skills_plan": (answered(3), 0), "set_up_unit": (answered("\x00"), 0)}
    with pytest.raises(InvalidInput) as found:
        assessments.save_answers(draft, given, viewer=focal, now=NOW)
    assert {problem.path for problem in found.value.problems} == {"youth_budget", "set_up_unit"}
    assert assessments.open_assessment(draft, viewer=focal, now=NOW).answer_revisions == {}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(AnswerState.NOT_ASKED),
        answered("3"),
        answered(True),
        answered(3, comment="\ud800"),
        answered(3, comment="x" * 10_001),
        answered(3, evidence=(Evidence("Bad", "javascript:alert(1)"),)),
        Answer(AnswerState.DONT_KNOW, value=3),
    ],
)
def test_what_is_wrong_is_not_stored(focal, draft, answer):
    with pytest.raises(InvalidInput):
        save(draft, focal, answer)
    assert assessments.history(draft, "youth_budget", viewer=focal, now=NOW) == ()


@pytest.mark.parametrize("question", ["invented", "", "\x00", "\ud800", "x" * 5000])
def test_a_question_that_is_not_there_is_refused_by_name(focal, draft, question):
    with pytest.raises(UnknownQuestion):
        save(draft, focal, answered(3), question=question)


def test_texts_are_stored_composed_with_line_feeds(focal, draft):
    save(draft, focal, answered(3, comment="Cafe\u0301\r\nsecond line"))
    kept = assessments.open_assessment(draft, viewer=focal, now=NOW).assessment.answers["youth_budget"]
    assert kept.comment == "Café\nsecond line"


def test_every_kind_of_value_comes_back_as_it_was(focal, draft):
    for value in (3, True, False, "Text", Decimal("12.50"), ("a", "b"), (("a", "1"), ("b", ""))):
        answer = answered(value, comment="“c”", evidence=(Evidence("Title", "https://example.org", "a" * 64),))
        assert read_answer(answer_text(answer)) == answer
    assert type(read_answer(answer_text(answered(True))).value) is bool


def test_who_may_only_read_cannot_answer(focal, draft):
    observer = in_space(UUID(focal.grants[0].scope.id), Role.OBSERVER)
    with pytest.raises(NotAllowed):
        save(draft, observer, answered(3))


def test_a_grant_for_one_theme_opens_that_theme_and_nothing_else(focal, draft):
    answer_all(draft, focal)
    someone = in_space(a_space("Elsewhere"), Role.FOCAL_POINT, "Bo Contributor")
    with transaction():
        give_role(someone.person_id, Role.CONTRIBUTOR, theme_scope(draft, "youth"), by=None, now=NOW)
        give_role(someone.person_id, Role.CONTRIBUTOR, question_scope(draft, "safety_policy"), by=None, now=NOW)
    someone = viewer_of(someone.person_id, now=NOW)
    opened = assessments.open_assessment(draft, viewer=someone, now=NOW)
    assert set(opened.assessment.answers) == {"youth_strategy", "youth_budget", "safety_policy"}
    assert opened.may_answer("youth_budget")
    assert not opened.may_answer("skills_plan")
    assert save(draft, someone, answered(0), expected=1).revision == 2
    with pytest.raises(NotFound):
        save(draft, someone, answered(0), expected=1, question="skills_plan")
    with pytest.raises(NotFound):
        assessments.history(draft, "skills_plan", viewer=someone, now=NOW)
    with pytest.raises(NotAllowed):
        assessments.set_facts(draft, {}, viewer=someone, now=NOW)
    assert assessments.mine(someone, now=NOW).total == 1


def test_a_grant_that_ended_opens_nothing(focal, draft):
    late = NOW + timedelta(days=2)
    with transaction():
        someone = give(focal, draft, ends_at=NOW + timedelta(days=1))
    assert assessments.open_assessment(draft, viewer=viewer_of(someone, now=NOW), now=NOW)
    with pytest.raises(NotFound):
        assessments.open_assessment(draft, viewer=viewer_of(someone, now=NOW), now=late)


def give(focal, draft, ends_at):
    person = add_person("Dee Deputy", "dee@example.org", now=NOW, joined=True)
    give_role(person, Role.DEPUTY, assessment_scope(draft), by=focal.person_id, now=NOW, ends_at=ends_at)
    return person


def test_answers_saved_at_the_same_time_all_arrive_and_the_chain_holds(database, focal, draft):
    """Different questions never conflict, however many people save at once."""
    questions = [question for question in COMPLETE if question not in {"set_up_unit", "safety_offices"}]
    ready, failed = threading.Barrier(len(questions)), []

    def work(question):
        with database.app_context():
            ready.wait()
            try:
                for number in range(5):
                    save(draft, focal, answered(number % 5), number, question)
            except Exception as error:
                failed.append(error)
            finally:
                db.session.remove()

    run_together(work, questions)
    assert failed == []
    revisions = assessments.open_assessment(draft, viewer=focal, now=NOW).answer_revisions
    assert {revisions[question] for question in questions} == {5}
    assert verify_trail().faults == ()


def test_of_many_saves_of_one_answer_at_once_one_wins_and_the_others_are_told(database, focal, draft):
    answers = [answered(level, comment=f"By {level}") for level in range(5)]
    ready, outcomes = threading.Barrier(len(answers)), []

    def work(answer):
        with database.app_context():
            ready.wait()
            try:
                outcomes.append(save(draft, focal, answer))
            except AnswerConflict as conflict:
                outcomes.append(conflict)
            finally:
                db.session.remove()

    run_together(work, answers)
    conflicts = [one for one in outcomes if isinstance(one, AnswerConflict)]
    assert len(outcomes) == 5
    assert len(conflicts) == 4
    (kept,) = assessments.history(draft, "youth_budget", viewer=focal, now=NOW)
    assert all(conflict.current == kept.answer for conflict in conflicts)
    with db.engine.connect() as connection:
        count = connection.execute(sa.select(sa.func.count()).select_from(AnswerRevisionRecord)).scalar_one()
    assert count == 1


def run_together(work, items):
    threads = [threading.Thread(target=work, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_closed_assessment_keeps_its_answers(focal, draft):
    answer_all(draft, focal)
    assessments.submit(draft, viewer=focal, now=NOW)
    with pytest.raises(AssessmentClosed):
        save(draft, focal, answered(0), 1)
