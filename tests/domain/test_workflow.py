"""The way of an assessment: every step from every state, for each way of sign-off."""

from __future__ import annotations

import pytest

from toolkit.domain.access import ROLE_PERMISSIONS, Permission, Role
from toolkit.domain.assessment import SignOff, State
from toolkit.domain.workflow import APPROVERS_NEEDED, TRANSITIONS, Step, steps_open, transition

D, R, A, S = State.DRAFT, State.IN_REVIEW, State.APPROVED, State.SUBMITTED
EVERYTHING = frozenset(Permission)

# step → {state it starts from: state it leads to}; what is not here does not exist
WITHOUT_REVIEW = {
    Step.SUBMIT: {D: S},
    Step.REOPEN: {S: D},
    Step.DISCARD: {D: D},
    Step.UNDISCARD: {D: D},
}
WITH_REVIEW = {
    Step.SEND_TO_REVIEW: {D: R},
    Step.RETURN: {R: D, A: D},
    Step.WITHDRAW: {R: D, A: D},
    Step.APPROVE: {R: A},
    Step.SUBMIT: {A: S},
    Step.REOPEN: {S: D},
    Step.DISCARD: {D: D},
    Step.UNDISCARD: {D: D},
}


@pytest.mark.parametrize("sign_off", list(SignOff))
@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("state", list(State))
def test_every_step_from_every_state(sign_off, step, state):
    table = WITHOUT_REVIEW if sign_off is SignOff.NONE else WITH_REVIEW
    found = transition(step, state, sign_off)
    assert (found.target if found else None) == table.get(step, {}).get(state)


def test_what_leaves_the_drafting_table_is_complete():
    complete = {found.step for found in TRANSITIONS if found.complete}
    assert complete == {Step.SEND_TO_REVIEW, Step.SUBMIT}


def test_what_goes_back_says_why():
    assert {found.step for found in TRANSITIONS if found.with_reason} == {Step.RETURN, Step.REOPEN}


def test_how_many_approvers():
    assert APPROVERS_NEEDED == {SignOff.NONE: 0, SignOff.ONE: 1, SignOff.TWO: 2}


@pytest.mark.parametrize(
    ("role", "state", "sign_off", "steps"),
    [
        (Role.FOCAL_POINT, D, SignOff.NONE, {Step.SUBMIT, Step.DISCARD}),
        (Role.FOCAL_POINT, D, SignOff.ONE, {Step.SEND_TO_REVIEW, Step.DISCARD}),
        (Role.FOCAL_POINT, R, SignOff.ONE, {Step.WITHDRAW}),
        (Role.FOCAL_POINT, A, SignOff.ONE, {Step.WITHDRAW, Step.SUBMIT}),
        (Role.FOCAL_POINT, S, SignOff.ONE, {Step.REOPEN}),
        (Role.REVIEWER, R, SignOff.TWO, {Step.RETURN}),
        (Role.APPROVER, R, SignOff.TWO, {Step.RETURN, Step.APPROVE}),
        (Role.APPROVER, A, SignOff.TWO, {Step.RETURN}),
        (Role.CONTRIBUTOR, D, SignOff.ONE, set()),
        (Role.READER, S, SignOff.NONE, set()),
    ],
)
def test_the_steps_that_a_role_could_take(role, state, sign_off, steps):
    assert set(steps_open(state, sign_off, ROLE_PERMISSIONS[role])) == steps


def test_a_discarded_draft_can_only_be_brought_back():
    assert steps_open(D, SignOff.NONE, EVERYTHING, discarded=True) == (Step.UNDISCARD,)
    assert steps_open(D, SignOff.NONE, frozenset(), discarded=True) == ()
