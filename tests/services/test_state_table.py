"""The table of steps (`toolkit.domain.workflow`) walked through the services: state × role × author or not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.builders import answered
from tests.services.world import LATER, NOW, a_draft, a_person, a_space, answer_all, in_space
from toolkit.domain.access import ROLE_PERMISSIONS, ROLE_SCOPES, Permission, Role, ScopeKind, space_scope
from toolkit.domain.assessment import SignOff, State
from toolkit.domain.errors import NotAllowed, NotFound, OwnWork, StateChanged, ToolkitError
from toolkit.domain.workflow import APPROVERS_NEEDED, Step, transition
from toolkit.services import assessments
from toolkit.services.accounts import give_role, viewer_of
from toolkit.storage.db import transaction
from toolkit.storage.people import AccessGrantRecord

pytestmark = pytest.mark.slow

ROLES = [role for role in Role if ScopeKind.SPACE in ROLE_SCOPES[role]]
TAKE = {
    Step.SEND_TO_REVIEW: lambda one, **who: assessments.send_to_review(one, **who),
    Step.RETURN: lambda one, **who: assessments.return_to_draft(one, {"": "Look again."}, **who),
    Step.WITHDRAW: lambda one, **who: assessments.withdraw(one, **who),
    Step.APPROVE: lambda one, **who: assessments.approve(one, **who),
    Step.SUBMIT: lambda one, **who: assessments.submit(one, **who),
    Step.REOPEN: lambda one, **who: assessments.reopen(one, reason="A figure was wrong.", **who),
    Step.DISCARD: lambda one, **who: assessments.discard(one, **who),
    Step.UNDISCARD: lambda one, **who: assessments.undiscard(one, **who),
}


@pytest.fixture
def space(database):
    return a_space()


@pytest.fixture
def leads(space):
    """Those who bring an assessment to where a test needs it."""
    return in_space(space, Role.FOCAL_POINT, "Lead One"), [
        in_space(space, Role.APPROVER, f"Earlier Approver {number}") for number in (1, 2)
    ]


def brought_to(state, sign_off, space, leads, authors):
    """An assessment in a state, or None where its sign-off never brings it there; `authors` answered something."""
    lead, approvers = leads
    if sign_off is SignOff.NONE and state in {State.IN_REVIEW, State.APPROVED}:
        return None
    one = a_draft(space, lead, sign_off=sign_off)
    answer_all(one, lead)
    for number, author in enumerate(authors):
        revision = assessments.open_assessment(one, viewer=lead, now=NOW).answer_revisions["youth_budget"]
        given = {"expected_revision": revision, "viewer": author, "now": NOW}
        assessments.save_answer(one, "youth_budget", answered(number % 5), **given)
    if state is State.DRAFT:
        return one
    if sign_off is not SignOff.NONE:
        assessments.send_to_review(one, viewer=lead, now=NOW)
        if state is State.IN_REVIEW:
            return one
        for approver in approvers[: APPROVERS_NEEDED[sign_off]]:
            assessments.approve(one, viewer=approver, now=NOW)
        if state is State.APPROVED:
            return one
    assessments.submit(one, viewer=lead, now=NOW)
    return one


def with_role(space, role, *, is_author):
    """Somebody with one role from LATER on; an author was a contributor before that, and is one no longer."""
    name = f"{role} {'author' if is_author else 'other'}"
    person = a_person(name, role=Role.CONTRIBUTOR, scope=space_scope(space))
    with transaction() as session:
        session.execute(
            sa.update(AccessGrantRecord).where(AccessGrantRecord.person_id == person.person_id).values(ends_at=LATER)
        )
        give_role(person.person_id, role, space_scope(space), by=None, now=LATER)
    return person, viewer_of(person.person_id, now=LATER)


def expected(step, state, sign_off, role, is_author):
    """The state that a step leads to, or the error that it meets, by the tables alone."""
    allowed = ROLE_PERMISSIONS[role]
    submitted = state is State.SUBMITTED and Permission.SEE_SUBMITTED in allowed
    if Permission.SEE_ASSESSMENT not in allowed and not submitted:
        return NotFound
    if step is Step.UNDISCARD:  # nothing here was discarded
        return StateChanged
    found = transition(step, state, sign_off)
    needed = found.permission if found else NEEDED[step]
    if needed not in allowed:
        return NotAllowed
    if step is Step.APPROVE and is_author:
        return OwnWork
    if found is None:
        return StateChanged
    if step is Step.APPROVE:
        return State.APPROVED if sign_off is SignOff.ONE else State.IN_REVIEW
    return found.target


NEEDED = {
    Step.SEND_TO_REVIEW: Permission.SEND_TO_REVIEW,
    Step.RETURN: Permission.REVIEW,
    Step.WITHDRAW: Permission.SEND_TO_REVIEW,
    Step.APPROVE: Permission.APPROVE,
    Step.SUBMIT: Permission.SUBMIT,
    Step.REOPEN: Permission.REOPEN,
    Step.DISCARD: Permission.DISCARD,
}


@pytest.mark.parametrize("sign_off", list(SignOff))
@pytest.mark.parametrize("state", list(State))
def test_every_role_takes_exactly_the_steps_of_the_table(space, leads, sign_off, state):
    people = {
        (role, is_author): with_role(space, role, is_author=is_author) for role in ROLES for is_author in (True, False)
    }
    authors = [contributor for (_, is_author), (contributor, _) in people.items() if is_author]
    standing = brought_to(state, sign_off, space, leads, authors)
    if standing is None:
        return
    for (role, is_author), (contributor, viewer) in people.items():
        for step, take in TAKE.items():
            wanted = expected(step, state, sign_off, role, is_author)
            one = standing
            if isinstance(wanted, State):
                one = brought_to(state, sign_off, space, leads, [contributor] * is_author)
            case = f"{role}{', author' if is_author else ''}: {step} from {state}, sign-off {sign_off}"
            assert outcome(take, one, viewer, leads) is wanted, case
    still = assessments.open_assessment(standing, viewer=leads[0], now=LATER).assessment.state
    assert still is state, "what was refused changed nothing"


def outcome(take, assessment, viewer, leads):
    """The state that an assessment is in after a step, or the kind of error that the step met."""
    try:
        take(assessment, viewer=viewer, now=LATER)
    except ToolkitError as error:
        return type(error)
    return assessments.open_assessment(assessment, viewer=leads[0], now=LATER).assessment.state
