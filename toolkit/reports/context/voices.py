"""Voices in the internal report: who said what beside the consolidated answers, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.domain.assessment import Assessment, Edition
from toolkit.domain.checklist import Checklist, QuestionId
from toolkit.domain.differences import Difference, differences, levels_apart
from toolkit.domain.positions import Position
from toolkit.domain.printed_figures import PrintedFigure
from toolkit.domain.routing import asked
from toolkit.domain.voices_range import Reach, voices_range
from toolkit.domain.words import VOICE_KINDS
from toolkit.reports.context.answers import EvidenceShown, Said, numbered, said_in_words
from toolkit.reports.context.figures import Pen
from toolkit.reports.context.words import counted, listed, time_text

WIDEST = 10  # differences in the chapter; the annex has all


@dataclass(frozen=True, slots=True)
class VoiceShown:
    """One voice. Where it is left out, only the reason and its reply are told."""

    name: str
    about: str
    paragraph: str
    left_out_because: str
    reply: str


@dataclass(frozen=True, slots=True)
class StanceShown:
    """What one voice says about a question, with all that it says beside."""

    name: str
    said: Said
    reason: str
    comment: str
    evidence: tuple[EvidenceShown, ...]


@dataclass(frozen=True, slots=True)
class DifferenceShown:
    """A question on which voices differ from the consolidated answer; `apart` says how far."""

    number: str
    question: str
    said: str
    stances: tuple[tuple[str, str], ...]
    apart: str


@dataclass(frozen=True, slots=True)
class RangeShown:
    """From the lowest to the highest voice, of the whole or of one objective."""

    title: str
    lowest: PrintedFigure
    highest: PrintedFigure


@dataclass(frozen=True, slots=True)
class VoicesChapter:
    """The chapter. `more` counts the differences that it leaves to the annex."""

    voices: tuple[VoiceShown, ...]
    differences: tuple[DifferenceShown, ...]
    more: int
    compared: int
    ranges: tuple[RangeShown, ...]


def voices_chapter(
    checklist: Checklist, assessment: Assessment, edition: Edition, pen: Pen, language: str
) -> VoicesChapter | None:
    """The chapter of the internal edition; None in every other, and where there is no voice."""
    if edition is not Edition.INTERNAL or not assessment.positions:
        return None
    found = _differences(checklist, assessment)
    numbers = {
        question.id: f"{number}.{place}"
        for _, _, themes in numbered(checklist)
        for number, theme in themes
        for place, question in enumerate(theme.questions, 1)
    }
    differing = sorted((one for one in found if one.disagrees), key=lambda one: -(one.spread or 0))
    return VoicesChapter(
        voices=tuple(_voice(one, language) for one in assessment.positions),
        differences=tuple(_difference(checklist, one, numbers[one.question]) for one in differing[:WIDEST]),
        more=max(0, len(differing) - WIDEST),
        compared=len(found),
        ranges=tuple(_ranges(checklist, assessment, pen)),
    )


def stances(
    assessment: Assessment, edition: Edition, checklist: Checklist
) -> dict[QuestionId, tuple[StanceShown, ...]]:
    """What the voices say about each question, for the annex of the internal edition; all that a file of it holds."""
    found: dict[QuestionId, tuple[StanceShown, ...]] = {}
    if edition is not Edition.INTERNAL:
        return found
    for position in assessment.positions:
        for question_id, answer in position.said.items():
            shown = StanceShown(
                position.voice.name,
                said_in_words(checklist.question(question_id), answer),
                answer.reason,
                answer.comment,
                tuple(EvidenceShown(one.title, one.url, one.sha256) for one in answer.evidence),
            )
            found[question_id] = (*found.get(question_id, ()), shown)
    return found


def who_took_part(checklist: Checklist, assessment: Assessment, edition: Edition) -> str:
    """For page one of the internal edition: which voices took part, and whether any dissented."""
    if edition is not Edition.INTERNAL or not assessment.positions:
        return ""
    told = [one for one in assessment.positions if one.is_told]
    silent = [one.voice.name for one in assessment.positions if not one.is_told and not one.left_out_because]
    left_out = [one.voice.name for one in assessment.positions if one.left_out_because]
    found = _differences(checklist, assessment)
    sentences = []
    if told:
        dissent = sum(one.disagrees for one in found)
        says = (
            f"on {dissent} of {counted(len(found), 'question', 'questions')} somebody answers otherwise"
            if dissent
            else "nobody answers otherwise"
        )
        sentences.append(f"Beside these answers spoke {_names([one.voice.name for one in told])}; {says}.")
    if silent:
        sentences.append(f"{_names(silent)} said nothing.")
    if left_out:
        sentences.append(f"{_names(left_out)} is left out; the chapter on voices says why.")
    return " ".join(sentences)


def _names(names: list[str]) -> str:
    """At most three names, the others counted: page one has one line for them."""
    shown = names if len(names) <= 3 else [*names[:3], f"{len(names) - 3} more"]
    return listed(shown)


def _differences(checklist: Checklist, assessment: Assessment) -> tuple[Difference, ...]:
    standing = asked(
        checklist, assessment.answers, track=assessment.track, scope=assessment.scope, facts=assessment.facts
    )
    told = [one for one in assessment.positions if one.is_told]
    return differences(checklist, assessment.answers, told, standing=standing)


def _voice(position: Position, language: str) -> VoiceShown:
    voice = position.voice
    words = [VOICE_KINDS[voice.kind]] if VOICE_KINDS[voice.kind].lower() != voice.name.lower() else []
    if position.left_out_because:
        return VoiceShown(voice.name, ", ".join(words), "", position.left_out_because, position.reply)
    words.append(counted(len(position.said), "answer", "answers"))
    if position.released_at:
        words.append(f"released {time_text(position.released_at, language)}")
    elif voice.speaks_for_itself:
        words.append("nothing released")
    return VoiceShown(voice.name, ", ".join(words), position.paragraph, "", "")


def _difference(checklist: Checklist, one: Difference, number: str) -> DifferenceShown:
    question = checklist.question(one.question)
    apart = levels_apart(question, one)
    return DifferenceShown(
        number,
        question.text,
        _short(said_in_words(question, one.answer)),
        tuple(
            (stance.voice.name, _short(said_in_words(question, stance.answer)))
            for stance in one.stances
            if stance.differs
        ),
        counted(apart, "level", "levels") if apart else "",
    )


def _short(said: Said) -> str:
    """A few words; a text, a list or a table is read in the annex."""
    return said.words or "see the annex"


def _ranges(checklist: Checklist, assessment: Assessment, pen: Pen) -> Iterator[RangeShown]:
    found = voices_range(checklist, assessment)
    if found is None:
        return
    titles = {part.id: part.title for part in checklist.parts}
    rows: list[tuple[str, str, Reach | None]] = [("overall", "Overall", found.overall)]
    rows += [(f"objective.{part}", titles[part], one) for part, one in found.objectives]
    for place, title, one in rows:
        lowest = pen.percent(place, "lowest_voice", one.low if one else None)
        highest = pen.percent(place, "highest_voice", one.high if one else None)
        if lowest and highest:
            yield RangeShown(title, lowest, highest)
