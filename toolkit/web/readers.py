"""Beside every box: who can read this, and under what name."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.domain.voices import Voice
from toolkit.services.assessments import OpenAssessment


@dataclass(frozen=True, slots=True)
class Readers:
    """What stands beside the answers of a page, a reason, a comment and evidence."""

    answers: str
    reason: str
    comment: str
    evidence: str


def readers_of(opened: OpenAssessment) -> Readers:
    """Who reads what is typed in the voice of an open assessment, and under what name."""
    voice = opened.voice
    if voice is None:
        return Readers(
            answers=who_reads(None, blind=opened.blind, space=opened.space.name),
            reason="Needed before review. Printed in the internal and the shared report, without your name.",
            comment="Read by your colleagues in this assessment; the history shows your name. "
            "Not in the shared or public report.",
            evidence="Titles are printed in the shared report, links only in the internal one. "
            "Files are read by those who read this answer, and are in no report.",
        )
    name = f"under the name “{voice.name}”"
    report = f"Read like the answer. The internal report may print it {name}; no other report does."
    return Readers(
        answers=who_reads(voice, blind=opened.blind, space=opened.space.name),
        reason=report,
        comment=report,
        evidence=f"Titles and links may be printed in the internal report {name}. "
        "Files are read by those who read this answer.",
    )


def who_reads(voice: Voice | None, *, blind: bool, space: str) -> str:
    """Who reads answers in a voice (None: the consolidated one), and under what name."""
    if voice is None:
        return _consolidated(space, blind=blind)
    shown = "The history shows your name." if voice.shows_names else "Who wrote them is not shown to anybody."
    return f"{_voice(voice, blind=blind)}, under the name “{voice.name}”. {shown}"


def _consolidated(space: str, *, blind: bool) -> str:
    if blind:
        return (
            "Your answers are read by those who lead and review this assessment, and by colleagues who were given the "
            "same questions; the history shows them your name."
        )
    return (
        f"Your answers are read by the people of {space} who work on this assessment; the history shows them your name."
    )


def _voice(voice: Voice, *, blind: bool) -> str:
    if voice.speaks_for_itself:
        return (
            "Your answers are read by those who speak in this voice alone; once released, also by those who lead and "
            "review this assessment"
        )
    if blind:
        return "Your answers are read by those who lead and review this assessment and by those who speak in this voice"
    return (
        "Your answers are read by those who lead and review this assessment and by colleagues who answer the same "
        "questions"
    )
