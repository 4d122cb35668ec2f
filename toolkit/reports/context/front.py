"""The cover and the contents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from toolkit.domain.assessment import Assessment
from toolkit.domain.checklist import Checklist
from toolkit.domain.words import TRACKS
from toolkit.reports.context.chapters import Chapter
from toolkit.reports.context.layers import LayerChapter
from toolkit.reports.context.provenance import Record
from toolkit.reports.context.words import country_text, date_text


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page. `running` stands at the foot of all others."""

    title: str
    subject: str
    below: tuple[str, ...]
    imprint: tuple[str, ...]
    running: str


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """One line of the contents; the template adds the page."""

    anchor: str
    number: str
    title: str
    depth: int


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents, and the letter of each annex, which depends on what an edition has."""

    lines: tuple[ContentsLine, ...]
    answers: str
    method: str
    provenance: str


def cover(checklist: Checklist, assessment: Assessment, status: Record, *, language: str, made_at: datetime) -> Cover:
    """The words of the cover."""
    subject = assessment.subject
    below = [
        subject.organization if subject.organization != subject.name else "",
        country_text(subject.country, language),
    ]
    version = f"{checklist.title} {assessment.checklist_version}"
    when = date_text(assessment.submitted_at or made_at, language)
    imprint = [
        f"{version}, {TRACKS[assessment.track].lower()} track",
        f"{status.label} · {when}",
        f"Verification code {assessment.verification_code}" if assessment.verification_code else "",
    ]
    return Cover(
        title=assessment.title or "Self-assessment",
        subject=subject.name,
        below=tuple(line for line in below if line),
        imprint=tuple(line for line in imprint if line),
        running=f"{version} · {status.label} · {when}",
    )


def contents(
    chapters: tuple[Chapter, ...],
    layers: tuple[LayerChapter, ...],
    *,
    has_mandate: bool,
    has_voices: bool,
    has_answers: bool,
) -> Contents:
    """Every part that the report has, chapters with their themes."""
    lines = [ContentsLine("summary", "", "Summary", 1)]
    if has_mandate:
        lines.append(ContentsLine("mandate", "", "Mandate", 1))
    for chapter in chapters:
        lines.append(ContentsLine(f"part-{chapter.id}", chapter.number, chapter.title, 1))
        lines.extend(ContentsLine(f"theme-{theme.id}", theme.number, theme.title, 2) for theme in chapter.themes)
    lines.extend(ContentsLine(f"layer-{layer.id}", "", layer.title, 1) for layer in layers)
    if has_voices:
        lines.append(ContentsLine("voices", "", "Voices and where they differ", 1))
    letters = iter("ABC")
    answers = next(letters) if has_answers else ""
    method, provenance = next(letters), next(letters)
    if answers:
        lines.append(ContentsLine("answers", answers, "Every question and answer", 1))
    lines.append(ContentsLine("method", method, "How it was computed", 1))
    lines.append(ContentsLine("provenance", provenance, "Where this report comes from", 1))
    return Contents(tuple(lines), answers, method, provenance)
