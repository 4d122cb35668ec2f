"""The way of an assessment from draft to submission, as data: which step leads where, and who may take it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from toolkit.domain.access import Permission
from toolkit.domain.assessment import SignOff, State

DISCARDED_DAYS = 30  # how long a discarded draft can be brought back

APPROVERS_NEEDED = {SignOff.NONE: 0, SignOff.ONE: 1, SignOff.TWO: 2}


class Step(StrEnum):
    """Something that changes the state of an assessment."""

    SEND_TO_REVIEW = "send_to_review"
    RETURN = "return"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    SUBMIT = "submit"
    REOPEN = "reopen"
    DISCARD = "discard"
    UNDISCARD = "undiscard"


@dataclass(frozen=True, slots=True)
class Transition:
    """One step from one state to another, for some ways of sign-off.

    `complete`: nothing may be wrong or missing. `with_reason`: it must say why.
    """

    step: Step
    source: State
    target: State
    permission: Permission
    sign_offs: frozenset[SignOff] = frozenset(SignOff)
    complete: bool = False
    with_reason: bool = False


_REVIEWED = frozenset({SignOff.ONE, SignOff.TWO})
_UNREVIEWED = frozenset({SignOff.NONE})

TRANSITIONS = (
    Transition(Step.SEND_TO_REVIEW, State.DRAFT, State.IN_REVIEW, Permission.SEND_TO_REVIEW, _REVIEWED, complete=True),
    Transition(Step.RETURN, State.IN_REVIEW, State.DRAFT, Permission.REVIEW, _REVIEWED, with_reason=True),
    Transition(Step.RETURN, State.APPROVED, State.DRAFT, Permission.REVIEW, _REVIEWED, with_reason=True),
    Transition(Step.WITHDRAW, State.IN_REVIEW, State.DRAFT, Permission.SEND_TO_REVIEW, _REVIEWED),
    Transition(Step.WITHDRAW, State.APPROVED, State.DRAFT, Permission.SEND_TO_REVIEW, _REVIEWED),
    # The state changes with the last approval that is needed; those before leave it in review.
    Transition(Step.APPROVE, State.IN_REVIEW, State.APPROVED, Permission.APPROVE, _REVIEWED),
    Transition(Step.SUBMIT, State.DRAFT, State.SUBMITTED, Permission.SUBMIT, _UNREVIEWED, complete=True),
    Transition(Step.SUBMIT, State.APPROVED, State.SUBMITTED, Permission.SUBMIT, _REVIEWED, complete=True),
    Transition(Step.REOPEN, State.SUBMITTED, State.DRAFT, Permission.REOPEN, with_reason=True),
    # Discarding leaves the state alone: a discarded draft is set aside for DISCARDED_DAYS, then erased.
    Transition(Step.DISCARD, State.DRAFT, State.DRAFT, Permission.DISCARD),
    Transition(Step.UNDISCARD, State.DRAFT, State.DRAFT, Permission.DISCARD),
)


def transition(step: Step, source: State, sign_off: SignOff) -> Transition | None:
    """The transition that a step makes from a state, None where it makes none."""
    for found in TRANSITIONS:
        if found.step is step and found.source is source and sign_off in found.sign_offs:
            return found
    return None


def steps_open(
    state: State, sign_off: SignOff, allowed: frozenset[Permission], *, discarded: bool = False
) -> tuple[Step, ...]:
    """The steps somebody with these permissions could take now, before looking at completeness."""
    if discarded:
        return (Step.UNDISCARD,) if Permission.DISCARD in allowed else ()
    return tuple(
        found.step
        for found in TRANSITIONS
        if found.source is state
        and sign_off in found.sign_offs
        and found.permission in allowed
        and found.step is not Step.UNDISCARD
    )
