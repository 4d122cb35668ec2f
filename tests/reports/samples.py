"""Assessments to make reports of: an empty one, and a full one whose every private text can be recognized."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from tests.builders import DONT_KNOW, a_checklist, a_part, a_question, a_theme, an_assessment
from tests.canaries import discussed
from toolkit.domain.answers import Answer, AnswerState, Evidence
from toolkit.domain.assessment import (
    Approval,
    Assessment,
    Edition,
    Mandate,
    SignOff,
    State,
    Subject,
    SubjectKind,
    ThemeScope,
)
from toolkit.domain.checklist import (
    Advice,
    Band,
    BandNeed,
    Checklist,
    Column,
    Criterion,
    Fact,
    Kind,
    Option,
    Part,
    Question,
)
from toolkit.domain.positions import Position
from toolkit.domain.scoring import score_assessment
from toolkit.domain.voices import Voice, VoiceKind
from toolkit.reports.context import Letter, ReportContext, report_context

MADE_AT = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)
LETTER = Letter(
    addressee="CANARY-ADDRESSEE", signature="CANARY-SIGNATURE", sender="The Sender", next_date=date(2027, 10, 1)
)

# What stands in the full assessment, and in which editions it may be seen.
EVERYWHERE = tuple(Edition)
NOT_PUBLIC = (Edition.INTERNAL, Edition.SHARED)
INTERNAL = (Edition.INTERNAL,)
CANARIES = {
    "CANARY-COMMENT": INTERNAL,
    "canary-address": INTERNAL,
    "c0ffee" * 10 + "c0ff": INTERNAL,  # the digest of a piece of evidence
    "CANARY-PERSON": INTERNAL,
    "deadbeef" * 8: EVERYWHERE,  # the head of the chain
    "CANARY-REASON": NOT_PUBLIC,
    "CANARY-EVIDENCE": NOT_PUBLIC,
    "CANARY-IMPROVEMENT": NOT_PUBLIC,
    "CANARY-CELL": NOT_PUBLIC,
    "CANARY-SCOPE": NOT_PUBLIC,
    "CANARY-ROLE": NOT_PUBLIC,
    "CANARY-PROVISIONAL": NOT_PUBLIC,
    "canary_option": NOT_PUBLIC,
    "CANARY-TALK-INTERNAL": INTERNAL,
    "CANARY-TALK-SHARED": NOT_PUBLIC,
    "CANARY-VOICE-NAME": INTERNAL,
    "CANARY-VOICE-WORDS": INTERNAL,
    "CANARY-VOICE-COMMENT": INTERNAL,
    "CANARY-LEFT-OUT-REASON": INTERNAL,
    "CANARY-LEFT-OUT-REPLY": INTERNAL,
    "CANARY-LEFT-OUT-SAID": (),  # the reason stands in its place
    "CANARY-HIDDEN": (),  # an answer behind a false condition
    "CANARY-OUTSIDE": (),  # an answer in a theme outside the mandate
    "CANARY-CODE": EVERYWHERE,
}


def criteria() -> tuple[Criterion, ...]:
    return tuple(Criterion(level, f"Criterion of level {level}.") for level in range(5))


def a_rating(name: str, **given: Any) -> Question:
    advice = tuple(Advice(level, f"Do what leads from {level} to {level + 1}.") for level in range(4))
    return a_question(name, **{"criteria": criteria(), "advice": advice} | given)


def an_objective(name: str, themes: int = 2, questions: int = 2, **given: Any) -> Part:
    made = (
        a_theme(
            f"{name}_{place}",
            *(a_rating(f"{name}_{place}_{below}") for below in range(questions)),
            a_question(f"improve_{name}_{place}", kind=Kind.TEXT, weight=0, is_improvement=True),
            why="Why this theme matters.",
        )
        for place in range(themes)
    )
    return a_part(name, *made, about="What this part is about.", **given)


def the_checklist() -> Checklist:
    """Two objectives and a profile section, every kind of question, facts and bands."""
    kinds = a_theme(
        "kinds",
        a_rating("kinds_rating"),
        a_rating("kinds_zero", weight=0),
        a_question("kinds_yes", kind=Kind.YES_NO, weight=0),
        a_question("kinds_one", kind=Kind.CHOICE, weight=0, options=(Option("canary_option", "canary_option"),)),
        a_question("kinds_many", kind=Kind.CHOICES, weight=0, options=(Option("a", "First"), Option("b", "Second"))),
        a_question("kinds_number", kind=Kind.NUMBER, weight=0, unit="offices"),
        a_question("kinds_text", kind=Kind.TEXT, weight=0),
        a_question(
            "kinds_table", kind=Kind.TABLE, weight=0, columns=(Column("unit", "Unit"), Column("staff", "Staff"))
        ),
        also_in=("rights",),
    )
    outside = a_theme("outside", a_rating("outside_rating"))
    return a_checklist(
        a_part("employment", *an_objective("employment").themes, kinds, outside),
        an_objective("rights"),
        an_objective("institution", scored=False),
        title="Sample checklist",
        facts=(Fact("staff", "How many people work there?", Kind.NUMBER),),
        bands=(Band("high", "High", "Most themes stand high.", (BandNeed(Fraction(3, 4), 3),), 0),),
    )


def an_empty_assessment(checklist: Checklist, **given: Any) -> Assessment:
    return an_assessment(checklist, **given)


def a_full_assessment(checklist: Checklist, **given: Any) -> Assessment:
    """Everything filled in, submitted once; texts are the canaries above."""
    evidence = (Evidence("CANARY-EVIDENCE", "https://example.org/canary-address", "c0ffee" * 10 + "c0ff"),)
    answers: dict[str, Answer] = {}
    for place, (_, theme, question) in enumerate(checklist.questions()):
        if question.is_improvement:
            answers[question.id] = Answer(AnswerState.ANSWERED, "CANARY-IMPROVEMENT")
        elif question.is_rating:
            hidden = "CANARY-OUTSIDE" if theme.id == "outside" else "CANARY-COMMENT"
            answers[question.id] = Answer(AnswerState.ANSWERED, place % 5, comment=hidden, evidence=evidence)
    answers |= {
        "employment_0_0": Answer(AnswerState.NOT_APPLICABLE, reason="CANARY-REASON"),
        "rights_1_1": DONT_KNOW,
        "kinds_yes": Answer(AnswerState.ANSWERED, value=True),
        "kinds_one": Answer(AnswerState.ANSWERED, "canary_option"),
        "kinds_many": Answer(AnswerState.ANSWERED, ("a", "b")),
        "kinds_number": Answer(AnswerState.ANSWERED, Decimal("12.5")),
        "kinds_text": Answer(AnswerState.ANSWERED, "First line\nSecond line"),
        "kinds_table": Answer(AnswerState.ANSWERED, (("CANARY-CELL", "3"), ("Field", "40"))),
    }
    defaults: dict[str, Any] = {
        "subject": Subject("Example Organization", SubjectKind.UNIT, "Example Family", "KE"),
        "state": State.SUBMITTED,
        "sign_off": SignOff.ONE,
        "title": "Mid-term self-assessment",
        "facts": {"staff": Decimal(420)},
        "scope": {
            "outside": ThemeScope(Mandate.OUTSIDE, "CANARY-SCOPE"),
            "kinds": ThemeScope(Mandate.TOUCHES, "A little."),
        },
        "discussions": {
            "rights_0_0": (discussed("CANARY-TALK-INTERNAL"), discussed("CANARY-TALK-SHARED", is_shared=True)),
            "outside_rating": (discussed("CANARY-OUTSIDE", is_shared=True),),
        },
        "positions": the_positions(evidence),
        "approvals": (Approval("CANARY-ROLE", MADE_AT, "CANARY-PERSON"),),
        "started_at": datetime(2026, 5, 4, tzinfo=UTC),
        "submitted_at": datetime(2026, 10, 4, tzinfo=UTC),
        "number": 1,
        "provisional_reason": "CANARY-PROVISIONAL",
        "verification_code": "CANARY-CODE",
        "chain_head": "deadbeef" * 8,
    }
    kept = {name: answer for name, answer in answers.items() if name in checklist.question_index}
    if "kinds" not in checklist.theme_index:
        defaults["positions"] = ()
    return an_assessment(checklist, kept, **(defaults | given))


def the_positions(evidence: tuple[Evidence, ...]) -> tuple[Position, ...]:
    """A staff union that spoke about every kind of question, one that was left out, and one that said nothing."""
    union = {
        "rights_0_0": Answer(AnswerState.ANSWERED, 3, comment="CANARY-VOICE-COMMENT", evidence=evidence),
        "rights_0_1": Answer(AnswerState.NOT_APPLICABLE, reason="Nobody asked us."),
        "kinds_text": Answer(AnswerState.ANSWERED, "نحن نعمل معا"),
        "kinds_many": Answer(AnswerState.ANSWERED, ("b",)),
        "kinds_table": Answer(AnswerState.ANSWERED, (("Field", "3"),)),
        "outside_rating": Answer(AnswerState.ANSWERED, 1, comment="CANARY-OUTSIDE"),
    }
    office = {"rights_0_0": Answer(AnswerState.ANSWERED, 1, comment="CANARY-LEFT-OUT-SAID")}
    return (
        Position(Voice(UUID(int=1), VoiceKind.STAFF_UNION, "CANARY-VOICE-NAME"), union, MADE_AT, "CANARY-VOICE-WORDS"),
        Position(
            Voice(UUID(int=2), VoiceKind.UNIT, "Office West"),
            office,
            left_out_because="CANARY-LEFT-OUT-REASON",
            reply="CANARY-LEFT-OUT-REPLY",
        ),
        Position(Voice(UUID(int=3), VoiceKind.UNIT, "مكتب عمّان")),
    )


def a_context(checklist: Checklist, assessment: Assessment, edition: Edition, **given: Any) -> ReportContext:
    card = score_assessment(checklist, assessment)
    return report_context(
        checklist, assessment, card, **({"edition": edition, "language": "en", "made_at": MADE_AT} | given)
    )
