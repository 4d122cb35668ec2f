"""The steps that `toolkit.domain.workflow` describes, taken: of several at once, exactly one wins."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import ROLE_PERMISSIONS, Permission, covers
from toolkit.domain.assessment import State
from toolkit.domain.checking import LIMITS, UnsuitableText, clean_text
from toolkit.domain.checklist import QuestionId
from toolkit.domain.errors import (
    Incomplete,
    InvalidInput,
    NotAllowed,
    OwnWork,
    Problem,
    ReasonNeeded,
    StateChanged,
    UnknownQuestion,
)
from toolkit.domain.workflow import APPROVERS_NEEDED, DISCARDED_DAYS, TRANSITIONS, Step, Transition, transition
from toolkit.services.changing import record_change
from toolkit.services.history import missing_in
from toolkit.services.opening import OpenAssessment, load
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import ApprovalRecord
from toolkit.storage.base import new_id
from toolkit.storage.db import db, transaction


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that is about to be taken: the assessment as it stands, locked, and where the step leads."""

    opened: OpenAssessment
    transition: Transition


def send_to_review(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> None:
    """Hand a draft to review. Raises NotFound, NotAllowed, StateChanged, Incomplete."""
    with transaction():
        taken = begin_step(assessment_id, Step.SEND_TO_REVIEW, viewer=viewer, now=now)
        end_step(taken, "sent_to_review", viewer, now, changes={"returned_seq": None})


def return_to_draft(assessment_id: UUID, reasons: Mapping[QuestionId, str], *, viewer: Viewer, now: datetime) -> None:
    """Give it back with reasons, by question; the empty question id is the whole.

    Raises NotFound, NotAllowed, StateChanged, ReasonNeeded, InvalidInput.
    """
    with transaction():
        taken = begin_step(assessment_id, Step.RETURN, viewer=viewer, now=now)
        clean = {question: clean_reason(reason) for question, reason in reasons.items() if reason.strip()}
        for question in clean:
            if question and question not in taken.opened.checklist.question_index:
                raise UnknownQuestion(f"The checklist has no question {question[:60]!r}.")
        if not clean:
            raise ReasonNeeded("Say what should be looked at again, for the whole or for a question.")
        _end_approvals(assessment_id, now)
        end_step(
            taken,
            "returned",
            viewer,
            now,
            changes={"returned_seq": taken.opened.chain_seq + 1},
            details={"questions": " ".join(sorted(question for question in clean if question))},
            text=json.dumps(clean, ensure_ascii=False, sort_keys=True),
        )


def withdraw(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> None:
    """Take it back from review. Raises NotFound, NotAllowed, StateChanged."""
    with transaction():
        taken = begin_step(assessment_id, Step.WITHDRAW, viewer=viewer, now=now)
        _end_approvals(assessment_id, now)
        end_step(taken, "withdrawn", viewer, now)


def approve(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> State:
    """Approve: the state that follows (in review until enough have approved).

    Raises NotFound, NotAllowed (somebody approves once), OwnWork, StateChanged.
    """
    with transaction() as session:
        taken = begin_step(assessment_id, Step.APPROVE, viewer=viewer, now=now)
        approval = ApprovalRecord
        given = session.execute(
            sa.select(approval.person_id).where(approval.assessment_id == assessment_id, approval.ended_at.is_(None))
        ).scalars()
        approvers = set(given)
        if viewer.person_id in approvers:
            raise NotAllowed("You have approved this already; somebody else must approve it too.")
        role = _role(taken.opened, viewer, now)
        session.execute(
            sa.insert(approval).values(
                id=new_id(), assessment_id=assessment_id, person_id=viewer.person_id, role=role, approved_at=now
            )
        )
        enough = len(approvers) + 1 >= APPROVERS_NEEDED[taken.opened.assessment.sign_off]
        target = State.APPROVED if enough else State.IN_REVIEW
        end_step(taken, "approved", viewer, now, target=target, details={"role": role})
    return target


def reopen(assessment_id: UUID, *, reason: str, viewer: Viewer, now: datetime) -> None:
    """Go back to draft after submission; the submission stands until the next one.

    Raises NotFound, NotAllowed, StateChanged, ReasonNeeded.
    """
    with transaction():
        taken = begin_step(assessment_id, Step.REOPEN, viewer=viewer, now=now)
        reason = clean_reason(reason)
        if not reason:
            raise ReasonNeeded("Say why it is opened again; readers of the earlier report will ask.")
        _end_approvals(assessment_id, now)
        end_step(taken, "reopened", viewer, now, text=reason)


def discard(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> None:
    """Set a draft aside; it is erased after 30 days. Raises NotFound, NotAllowed, StateChanged.

    A draft that was submitted before cannot be discarded: its submissions stay.
    """
    with transaction():
        taken = begin_step(assessment_id, Step.DISCARD, viewer=viewer, now=now)
        if taken.opened.next_number > 1:
            raise NotAllowed("It was submitted before, so it cannot be discarded.")
        end_step(taken, "discarded", viewer, now, changes={"discarded_at": now})


def undiscard(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> None:
    """Bring a discarded draft back, within 30 days. Raises NotFound, NotAllowed, StateChanged."""
    with transaction():
        taken = begin_step(assessment_id, Step.UNDISCARD, viewer=viewer, now=now)
        since = taken.opened.discarded_at
        if since is None or now >= since + timedelta(days=DISCARDED_DAYS):
            raise StateChanged("erased" if since else taken.opened.assessment.state)
        end_step(taken, "undiscarded", viewer, now, changes={"discarded_at": None})


def begin_step(assessment_id: UUID, step: Step, *, viewer: Viewer, now: datetime) -> Taken:
    """Look whether a step can be taken, with the assessment locked, inside a unit of work.

    Raises NotFound, NotAllowed, OwnWork, StateChanged, Incomplete.
    """
    opened = load(assessment_id, viewer=viewer, now=now, lock=True)
    state = opened.assessment.state
    if (opened.discarded_at is not None) != (step is Step.UNDISCARD):
        raise StateChanged("discarded" if opened.discarded_at else state)
    found = transition(step, state, opened.assessment.sign_off)
    needed = found.permission if found else _permission_for(step)
    if not opened.may(needed):
        if viewer.may(needed, space=opened.space.id, assessment=assessment_id, now=now):
            raise OwnWork  # the one thing that opening takes away: approving what one answered oneself
        raise NotAllowed
    if found is None:
        raise StateChanged(state)
    if found.complete:
        problems = missing_in(opened)
        if problems:
            raise Incomplete(problems)
    return Taken(opened, found)


def end_step(
    taken: Taken,
    kind: str,
    viewer: Viewer,
    now: datetime,
    *,
    target: State | None = None,
    changes: Mapping[str, Any] | None = None,
    details: Mapping[str, str] | None = None,
    text: str = "",
) -> tuple[int, str]:
    """Take a step: one conditional update. Raises StateChanged when somebody else was first."""
    opened = taken.opened
    target = target or taken.transition.target
    return record_change(
        opened.id,
        kind,
        state=opened.assessment.state,
        chain_seq=opened.chain_seq,
        chain_head=opened.assessment.chain_head,
        by=viewer.person_id,
        at=now,
        changes={"state": target, **dict(changes or {})},
        details={"from": str(opened.assessment.state), "to": str(target), **dict(details or {})},
        text=text,
    )


def clean_reason(reason: str) -> str:
    """A reason as it is kept. Raises InvalidInput."""
    try:
        return clean_text(reason, LIMITS.reason).strip()
    except UnsuitableText as error:
        raise InvalidInput("The reason", (Problem("reason", str(error)),)) from None


def _permission_for(step: Step) -> Permission:
    return next(one.permission for one in TRANSITIONS if one.step is step)


def _end_approvals(assessment_id: UUID, now: datetime) -> None:
    approval = ApprovalRecord
    current = sa.and_(approval.assessment_id == assessment_id, approval.ended_at.is_(None))
    db.session.execute(sa.update(approval).where(current).values(ended_at=now))


def _role(opened: OpenAssessment, viewer: Viewer, now: datetime) -> str:
    """The role in which somebody approves."""
    for grant in viewer.grants:
        here = covers(grant.scope, space=opened.space.id, assessment=opened.id)
        if here and grant.holds(now) and Permission.APPROVE in ROLE_PERMISSIONS[grant.role]:
            return str(grant.role)
    raise NotAllowed
