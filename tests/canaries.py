"""An assessment whose every text is a canary: a word that can be looked for in whatever is made of it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from tests.builders import a_checklist, a_part, a_question, a_theme, answered
from toolkit.domain.answers import Answer, AnswerState, Evidence
from toolkit.domain.assessment import Approval, Assessment, Mandate, SignOff, State, Subject, SubjectKind, ThemeScope
from toolkit.domain.checklist import Checklist, Column, Compare, Fact, Kind, Option, Source, Test, Track
from toolkit.domain.discussions import ToldMessage, ToldThread
from toolkit.domain.positions import Position
from toolkit.domain.voices import Voice, VoiceKind

EVERYONE = frozenset({"internal", "shared", "public"})
NOT_PUBLIC = frozenset({"internal", "shared"})
INTERNAL = frozenset({"internal"})
KEPT = frozenset({"internal file"})  # not even in an internal report: the form did not ask for it in the end

# Each canary with the editions that may show it. Hex where the field takes only that.
CANARIES: dict[str, frozenset[str]] = {
    "canary-subject-name": EVERYONE,
    "canary-subject-organization": EVERYONE,
    "canary-title": EVERYONE,
    "canary-verification-code": EVERYONE,
    "canary-fact": NOT_PUBLIC,
    "canary-scope-reason": NOT_PUBLIC,
    "canary-scope-touches-reason": NOT_PUBLIC,
    "canary-reason": NOT_PUBLIC,
    "canary-text-answer": NOT_PUBLIC,
    "canary-table-cell": NOT_PUBLIC,
    "canary-improvement": NOT_PUBLIC,
    "canary-evidence-title": NOT_PUBLIC,
    "canary-approval-role": NOT_PUBLIC,
    "canary-provisional-reason": NOT_PUBLIC,
    "canary-discussion-shared": NOT_PUBLIC,
    "canary-discussion-internal": INTERNAL,
    "canary-discussion-hidden": KEPT,
    "canary-rating-comment": INTERNAL,
    "canary-unanswered-comment": INTERNAL,
    "canary-evidence-url": INTERNAL,
    "canary-approval-name": INTERNAL,
    "canary-voice-name": INTERNAL,
    "canary-voice-paragraph": INTERNAL,
    "canary-voice-comment": INTERNAL,
    "canary-voice-reason": INTERNAL,
    "canary-voice-text": INTERNAL,
    "canary-voice-evidence": INTERNAL,
    "canary-left-out-voice": INTERNAL,
    "canary-left-out-because": INTERNAL,
    "canary-left-out-reply": INTERNAL,
    "canary-voice-hidden": KEPT,
    "canary-left-out-said": frozenset(),  # the report prints the reason in its place
    "canary-left-out-paragraph": frozenset(),
    "canary-hidden-answer": KEPT,
    "canary-hidden-comment": KEPT,
    "canary-outside-answer": KEPT,
    "canary-full-track-answer": KEPT,
}


def canary_checklist() -> Checklist:
    """Two objectives, a theme outside the mandate, a question behind a false condition, one of a larger track."""
    never = Compare(Source("gate"), Test.AT_LEAST, (9,))
    jobs = a_theme(
        "jobs",
        a_question("gate"),
        a_question("hidden", kind=Kind.TEXT, ask_if=never, weight=0),
        a_question("left_out"),
        a_question("open_question"),
        a_question("told", kind=Kind.TEXT, weight=0),
        a_question("listed", kind=Kind.TABLE, columns=(Column("unit", "Unit"),), weight=0),
        a_question("counted", kind=Kind.NUMBER, unit="people", weight=0),
        a_question("picked", kind=Kind.CHOICES, options=(Option("a", "First"), Option("b", "Second")), weight=0),
        a_question("later", kind=Kind.TEXT, track=Track.FULL, weight=0),
        a_question("improve_jobs", kind=Kind.TEXT, weight=0, is_improvement=True),
    )
    away = a_theme("away", a_question("away_rating"), a_question("away_text", kind=Kind.TEXT, weight=0))
    touched = a_theme("touched", a_question("touched_rating"))
    return a_checklist(
        a_part("employment", jobs, away),
        a_part("protection", touched),
        facts=(Fact("size", "How large is it?", Kind.CHOICE, (Option("canary-fact", "Large"),)),),
    )


def discussed(text: str, *, is_shared: bool = False) -> ToldThread:
    """A discussion of one message."""
    return ToldThread((ToldMessage(1, datetime(2026, 9, 3, 8, tzinfo=UTC), text),), is_shared=is_shared)


def canary_assessment() -> Assessment:
    """A submitted assessment for `canary_checklist` that fills every field there is."""
    checklist = canary_checklist()
    return Assessment(
        checklist_id=checklist.id,
        checklist_version=checklist.version,
        checklist_digest=checklist.digest,
        subject=Subject("canary-subject-name", SubjectKind.UNIT, "canary-subject-organization", "CH"),
        track=Track.CORE,
        sign_off=SignOff.ONE,
        state=State.SUBMITTED,
        title="canary-title",
        facts={"size": "canary-fact"},
        scope={
            "away": ThemeScope(Mandate.OUTSIDE, "canary-scope-reason"),
            "touched": ThemeScope(Mandate.TOUCHES, "canary-scope-touches-reason"),
        },
        answers={
            "gate": answered(
                3,
                comment="canary-rating-comment",
                evidence=(Evidence("canary-evidence-title", "https://canary-evidence-url.example/", "ab" * 32),),
            ),
            "hidden": answered("canary-hidden-answer", comment="canary-hidden-comment"),
            "left_out": Answer(AnswerState.NOT_APPLICABLE, reason="canary-reason"),
            "open_question": Answer(AnswerState.UNANSWERED, comment="canary-unanswered-comment"),
            "told": answered("canary-text-answer"),
            "listed": answered((("canary-table-cell",),)),
            "counted": answered(Decimal("12.50")),
            "picked": answered(("a", "b")),
            "later": answered("canary-full-track-answer"),
            "improve_jobs": answered("canary-improvement"),
            "away_rating": answered(4),
            "away_text": answered("canary-outside-answer"),
            "touched_rating": answered(1),
        },
        discussions={
            "gate": (discussed("canary-discussion-shared", is_shared=True), discussed("canary-discussion-internal")),
            "hidden": (discussed("canary-discussion-hidden", is_shared=True),),
        },
        positions=(
            Position(
                Voice(UUID(int=1), VoiceKind.STAFF_UNION, "canary-voice-name"),
                {
                    "gate": answered(
                        1,
                        comment="canary-voice-comment",
                        evidence=(Evidence("canary-voice-evidence", "https://canary-evidence-url.example/"),),
                    ),
                    "left_out": Answer(AnswerState.NOT_APPLICABLE, reason="canary-voice-reason"),
                    "told": answered("canary-voice-text"),
                    "hidden": answered("canary-voice-hidden"),
                },
                released_at=datetime(2026, 9, 20, 8, tzinfo=UTC),
                paragraph="canary-voice-paragraph",
            ),
            Position(
                Voice(UUID(int=2), VoiceKind.UNIT, "canary-left-out-voice"),
                {"gate": answered(2, comment="canary-left-out-said")},
                paragraph="canary-left-out-paragraph",
                left_out_because="canary-left-out-because",
                reply="canary-left-out-reply",
            ),
        ),
        approvals=(Approval("canary-approval-role", datetime(2026, 10, 1, 8, tzinfo=UTC), "canary-approval-name"),),
        started_at=datetime(2026, 9, 1, 8, 30, tzinfo=UTC),
        submitted_at=datetime(2026, 10, 2, 8, 30, 15, 250_000, tzinfo=UTC),
        number=1,
        provisional_reason="canary-provisional-reason",
        verification_code="canary-verification-code",
        chain_head="cd" * 32,
    )


def canaries_in(text: str) -> set[str]:
    """The canaries that are found in a text."""
    return {canary for canary in CANARIES if canary in text}


def allowed(edition: str) -> set[str]:
    """The canaries that a report of this edition, and what it attaches, may hold."""
    return {canary for canary, editions in CANARIES.items() if edition in editions}
