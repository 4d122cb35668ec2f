"""Assessments: start, find, open, answer, submit. One door for the modules beside it."""

from __future__ import annotations

from toolkit.services.answering import SavedAnswer, SaveOutcome, save_answer, save_answers
from toolkit.services.history import AnswerVersion, history, missing
from toolkit.services.listing import PAGE_SIZE, AssessmentLine, Page, mine
from toolkit.services.opening import OpenAssessment, ReturnReason, open_assessment
from toolkit.services.scoping import set_facts, set_scope
from toolkit.services.starting import start
from toolkit.services.steps import (
    approve,
    discard,
    reopen,
    return_to_draft,
    send_to_review,
    undiscard,
    withdraw,
)
from toolkit.services.submitting import submit

__all__ = [
    "PAGE_SIZE",
    "AnswerVersion",
    "AssessmentLine",
    "OpenAssessment",
    "Page",
    "ReturnReason",
    "SaveOutcome",
    "SavedAnswer",
    "approve",
    "discard",
    "history",
    "mine",
    "missing",
    "open_assessment",
    "reopen",
    "return_to_draft",
    "save_answer",
    "save_answers",
    "send_to_review",
    "set_facts",
    "set_scope",
    "start",
    "submit",
    "undiscard",
    "withdraw",
]
