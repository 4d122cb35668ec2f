"""What people read for states, tracks and kinds: one word for one notion on pages, in reports and in files.

English for now; a further language is a further set of these.
"""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.domain.answers import AnswerState
from toolkit.domain.assessment import Mandate, SignOff, State, SubjectKind
from toolkit.domain.checklist import Track
from toolkit.domain.voices import VoiceKind

TRACKS = {Track.SCAN: "Scan", Track.CORE: "Core", Track.FULL: "Full"}
STATES = {
    State.DRAFT: "Draft",
    State.IN_REVIEW: "In review",
    State.APPROVED: "Approved",
    State.SUBMITTED: "Submitted",
}
SIGN_OFFS = {SignOff.NONE: "No independent review", SignOff.ONE: "One approver", SignOff.TWO: "Two approvers"}
MANDATES = {
    Mandate.IN: "In our mandate",
    Mandate.TOUCHES: "Touches our work",
    Mandate.OUTSIDE: "Outside our mandate",
}
TEAM_MANDATES = {
    Mandate.IN: "In our work",
    Mandate.TOUCHES: "Touches our work",
    Mandate.OUTSIDE: "Outside our work",
}
SUBJECT_KINDS = {
    SubjectKind.ORGANIZATION: "Organization",
    SubjectKind.UNIT: "Unit or department",
    SubjectKind.COUNTRY_TEAM: "Country team",
    SubjectKind.NATIONAL_PLAN: "National plan or policy",
    SubjectKind.PROGRAMME: "Programme",
    SubjectKind.PROJECT: "Project",
}
VOICE_KINDS = {
    VoiceKind.CONSOLIDATED: "Consolidated",
    VoiceKind.UNIT: "Unit or office",
    VoiceKind.AGENCY: "Agency",
    VoiceKind.STAFF_UNION: "Staff union",
    VoiceKind.GOVERNMENT: "Government",
    VoiceKind.EMPLOYERS: "Employers’ organization",
    VoiceKind.WORKERS: "Workers’ organization",
    VoiceKind.CIVIL_SOCIETY: "Civil society",
    VoiceKind.OTHER: "Other",
}
ANSWER_STATES = {
    AnswerState.ANSWERED: "Answered",
    AnswerState.DONT_KNOW: "Don’t know",
    AnswerState.NOT_APPLICABLE: "Not applicable",
    AnswerState.UNANSWERED: "No answer yet",
    AnswerState.NOT_ASKED: "Not asked",
}


def mandate_words(kind: SubjectKind) -> Mapping[Mandate, str]:
    """How a theme relates to what a subject is there to do. A country team has joint work, its members the mandates."""
    return TEAM_MANDATES if kind is SubjectKind.COUNTRY_TEAM else MANDATES


def mandate_noun(kind: SubjectKind) -> str:
    """What a theme lies in or outside of."""
    return "work" if kind is SubjectKind.COUNTRY_TEAM else "mandate"


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 question, 12 questions."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def duration(minutes: int) -> str:
    """Minutes in words: 45 minutes, 2 hours 10 minutes."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return count(rest, "minute")
    return count(hours, "hour") + (f" {count(rest, 'minute')}" if rest else "")
