"""What comes next for an assessment in a list, in words, for the person who looks at it."""

from __future__ import annotations

from datetime import datetime

from toolkit.domain.access import Permission
from toolkit.domain.assessment import State
from toolkit.services.listing import AssessmentLine
from toolkit.services.viewers import Viewer


def next_step(line: AssessmentLine, viewer: Viewer, now: datetime) -> str:
    """One short sentence; empty where nothing is to be done, and for what was discarded."""
    if line.discarded_at is not None:
        return ""

    def may(permission: Permission) -> bool:
        return viewer.may(permission, space=line.space_id, assessment=line.id, now=now)

    if line.state is State.DRAFT:
        return _draft(line) if may(Permission.ANSWER) else ""
    if line.state is State.IN_REVIEW:
        return (
            "Your turn: read it, then approve it or send it back." if may(Permission.APPROVE) else "With the reviewers."
        )
    if line.state is State.APPROVED:
        return "Your turn: submit it." if may(Permission.SUBMIT) else "Approved; to be submitted."
    return "Results and report are ready."


def _draft(line: AssessmentLine) -> str:
    if line.is_returned:
        return "Your turn: it was sent back with reasons."
    if line.number is not None:
        return "Reopened: correct it, then finish it again."
    if line.progress is None:
        return "Go on in your voice."
    left = line.progress.asked - line.progress.answered
    if left:
        return f"Go on: {left} {'question' if left == 1 else 'questions'} left."
    return "Nothing is open: look it through and finish it."
