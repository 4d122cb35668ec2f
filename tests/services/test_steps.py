"""Review, approval, submission: who may, in which order, and who wins when two are at it."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from tests.builders import answered
from tests.services.world import LATER, NOW, a_draft, a_space, answer_all, in_space
from toolkit.domain.access import Role, space_scope
from toolkit.domain.assessment import SignOff, State
from toolkit.domain.errors import (
    AssessmentClosed,
    Incomplete,
    NotAllowed,
    OwnWork,
    ReasonNeeded,
    StateChanged,
    ToolkitError,
    UnknownQuestion,
)
from toolkit.domain.workflow import Step
from toolkit.services import assessments, submissions
from toolkit.services.accounts import give_role, viewer_of
from toolkit.services.auditing import verify_trail
from toolkit.storage.assessments import ApprovalRecord
from toolkit.storage.db import db, transaction
from toolkit.storage.submissions import SubmissionRecord


@pytest.fixture
def space(database):
    """A space with nobody in it."""
    return a_space()


@pytest.fixture
def focal(space):
    """Its focal point."""
    return in_space(space, Role.FOCAL_POINT)


def in_review(space, focal, sign_off=SignOff.ONE):
    """A complete assessment that was sent to review."""
    assessment = a_draft(space, focal, sign_off=sign_off)
    answer_all(assessment, focal)
    assessments.send_to_review(assessment, viewer=focal, now=NOW)
    return assessment


def state(assessment, viewer):
    return assessments.open_assessment(assessment, viewer=viewer, now=NOW).assessment.state


def test_one_approver_then_submission(space, focal):
    approver = in_space(space, Role.APPROVER)
    assessment = in_review(space, focal)
    with pytest.raises(AssessmentClosed):
        assessments.save_answer(assessment, "youth_budget", answered(0), expected_revision=1, viewer=focal, now=NOW)
    with pytest.raises(StateChanged):
        assessments.submit(assessment, viewer=focal, now=NOW)
    assert assessments.approve(assessment, viewer=approver, now=NOW) is State.APPROVED
    info = assessments.submit(assessment, viewer=focal, now=LATER)
    (approval,) = submissions.submission(info.id, viewer=focal, now=LATER).assessment.approvals
    assert (approval.role, approval.approved_at, approval.name) == ("approver", NOW, "")
    assert verify_trail().faults == ()


def test_two_approvers_are_two_people(space, focal):
    first, second = in_space(space, Role.APPROVER, "One"), in_space(space, Role.APPROVER, "Two")
    assessment = in_review(space, focal, SignOff.TWO)
    assert assessments.approve(assessment, viewer=first, now=NOW) is State.IN_REVIEW
    with pytest.raises(NotAllowed):
        assessments.approve(assessment, viewer=first, now=NOW)
    assert assessments.approve(assessment, viewer=second, now=NOW) is State.APPROVED


def test_nothing_incomplete_goes_to_review(space, focal):
    assessment = a_draft(space, focal, sign_off=SignOff.ONE)
    with pytest.raises(Incomplete) as found:
        assessments.send_to_review(assessment, viewer=focal, now=NOW)
    assert "youth_budget" in {problem.question for problem in found.value.problems}
    assert state(assessment, focal) is State.DRAFT


def test_without_sign_off_there_is_no_review(space, focal):
    assessment = a_draft(space, focal)
    answer_all(assessment, focal)
    with pytest.raises(StateChanged):
        assessments.send_to_review(assessment, viewer=focal, now=NOW)


def test_a_return_says_why_question_by_question(space, focal):
    reviewer = in_space(space, Role.REVIEWER, "Rita Reviewer")
    assessment = in_review(space, focal)
    with pytest.raises(ReasonNeeded):
        assessments.return_to_draft(assessment, {"": " "}, viewer=reviewer, now=NOW)
    with pytest.raises(UnknownQuestion):
        assessments.return_to_draft(assessment, {"invented": "Why?"}, viewer=reviewer, now=NOW)
    reasons = {"": "Please look again.", "youth_budget": "Which budget is meant?"}
    assessments.return_to_draft(assessment, reasons, viewer=reviewer, now=NOW)
    opened = assessments.open_assessment(assessment, viewer=focal, now=NOW)
    assert opened.assessment.state is State.DRAFT
    assert {one.question: one.reason for one in opened.returned} == reasons
    assert {one.by_name for one in opened.returned} == {"Rita Reviewer"}
    assessments.send_to_review(assessment, viewer=focal, now=NOW)
    assert assessments.open_assessment(assessment, viewer=focal, now=NOW).returned == ()


def test_going_back_ends_the_approvals(space, focal):
    approver = in_space(space, Role.APPROVER)
    assessment = in_review(space, focal)
    assessments.approve(assessment, viewer=approver, now=NOW)
    assessments.withdraw(assessment, viewer=focal, now=NOW)
    opened = assessments.open_assessment(assessment, viewer=focal, now=NOW)
    assert (opened.assessment.state, opened.assessment.approvals) == (State.DRAFT, ())
    assessments.send_to_review(assessment, viewer=focal, now=NOW)
    assert assessments.approve(assessment, viewer=approver, now=NOW) is State.APPROVED


@pytest.mark.parametrize("how", ["current", "replaced"])
def test_nobody_approves_what_they_answered(space, focal, how):
    """Not even when somebody else has replaced the answer since."""
    author = in_space(space, Role.CONTRIBUTOR, "Alex Author")
    assessment = a_draft(space, focal, sign_off=SignOff.ONE)
    assessments.save_answer(assessment, "youth_budget", answered(0), expected_revision=0, viewer=author, now=NOW)
    answer_all(assessment, focal, **({"youth_budget": answered(0)} if how == "current" else {}))
    assessments.send_to_review(assessment, viewer=focal, now=NOW)
    approver = with_role(author, Role.APPROVER, space)
    opened = assessments.open_assessment(assessment, viewer=approver, now=NOW)
    assert Step.APPROVE not in opened.steps
    with pytest.raises(OwnWork):
        assessments.approve(assessment, viewer=approver, now=NOW)
    assert state(assessment, focal) is State.IN_REVIEW


def with_role(viewer, role, space):
    with transaction():
        give_role(viewer.person_id, role, space_scope(space), by=None, now=NOW)
    return viewer_of(viewer.person_id, now=NOW)


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.OBSERVER, Role.REVIEWER, Role.SPOKESPERSON, Role.FOCAL_POINT])
def test_only_approvers_approve(space, focal, role):
    assessment = in_review(space, focal)
    other = in_space(space, role, "Somebody Else")
    with pytest.raises(NotAllowed):
        assessments.approve(assessment, viewer=other, now=NOW)


def test_what_was_submitted_cannot_be_discarded(space, focal):
    assessment = a_draft(space, focal)
    answer_all(assessment, focal)
    assessments.submit(assessment, viewer=focal, now=NOW)
    with pytest.raises(StateChanged):
        assessments.discard(assessment, viewer=focal, now=NOW)
    assessments.reopen(assessment, reason="Once more.", viewer=focal, now=NOW)
    with pytest.raises(NotAllowed):
        assessments.discard(assessment, viewer=focal, now=NOW)


def raced(database, actions):
    """What came of actions that start at the same moment: the result, or the error of each."""
    ready, outcomes = threading.Barrier(len(actions)), []

    def work(action):
        with database.app_context():
            ready.wait()
            try:
                outcomes.append(action())
            except ToolkitError as error:
                outcomes.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == len(actions)
    return outcomes


def count(table):
    with db.engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_of_many_submissions_at_once_exactly_one_happens(database, space, focal):
    assessment = a_draft(space, focal)
    answer_all(assessment, focal)
    outcomes = raced(database, [lambda: assessments.submit(assessment, viewer=focal, now=NOW)] * 6)
    assert sum(isinstance(one, StateChanged) for one in outcomes) == 5
    assert count(SubmissionRecord) == 1
    assert verify_trail().faults == ()


@pytest.mark.parametrize("_run", range(3))
def test_of_withdrawal_and_return_at_once_exactly_one_happens(database, space, focal, _run):
    approver, reviewer = in_space(space, Role.APPROVER), in_space(space, Role.REVIEWER)
    assessment = in_review(space, focal)
    outcomes = raced(
        database,
        [
            lambda: assessments.withdraw(assessment, viewer=focal, now=NOW),
            lambda: assessments.return_to_draft(assessment, {"": "Again."}, viewer=reviewer, now=NOW),
        ],
    )
    assert sum(isinstance(one, StateChanged) for one in outcomes) == 1
    assert state(assessment, approver) is State.DRAFT
    assert verify_trail().faults == ()


def test_of_two_approvals_at_once_one_is_enough(database, space, focal):
    approvers = [in_space(space, Role.APPROVER, f"Approver {number}") for number in range(4)]
    assessment = in_review(space, focal)
    outcomes = raced(
        database, [lambda who=who: assessments.approve(assessment, viewer=who, now=NOW) for who in approvers]
    )
    assert outcomes.count(State.APPROVED) == 1
    assert sum(isinstance(one, StateChanged) for one in outcomes) == 3
    assert count(ApprovalRecord) == 1


def test_an_answer_that_races_with_sending_to_review_is_in_or_refused(database, space, focal):
    """Never saved after the assessment was closed."""
    assessment = a_draft(space, focal, sign_off=SignOff.ONE)
    answer_all(assessment, focal)
    new = answered(0, comment="Late.")
    outcomes = raced(
        database,
        [
            lambda: assessments.send_to_review(assessment, viewer=focal, now=NOW),
            lambda: assessments.save_answer(
                assessment, "youth_budget", new, expected_revision=1, viewer=focal, now=NOW
            ),
        ],
    )
    refused = any(isinstance(one, AssessmentClosed) for one in outcomes)
    opened = assessments.open_assessment(assessment, viewer=focal, now=NOW)
    assert opened.assessment.state is State.IN_REVIEW
    assert (opened.assessment.answers["youth_budget"] == new) is not refused
