"""What a report shows, settled before any template runs: frozen data, numbers already text.

One module a chapter. `report_context` puts them together; it counts and computes nothing that the score card or
`toolkit.domain` has not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from toolkit.domain.assessment import Assessment, Edition
from toolkit.domain.checklist import Checklist, QuestionId
from toolkit.domain.printed_figures import PrintedFigure
from toolkit.domain.scorecard import ScoreCard
from toolkit.reports.context.answers import AnswersAnnex, answers_annex
from toolkit.reports.context.chapters import Chapter, chapters, tones
from toolkit.reports.context.figures import Pen, figures_in
from toolkit.reports.context.front import Contents, Cover, contents, cover
from toolkit.reports.context.layers import LayerChapter, layer_chapters
from toolkit.reports.context.letter import Letter, LetterPage, letter_page
from toolkit.reports.context.mandate import MandateChapter, mandate_chapter
from toolkit.reports.context.method import MethodAnnex, method_annex
from toolkit.reports.context.provenance import Provenance, Record, provenance, record
from toolkit.reports.context.summary import Summary, summary
from toolkit.reports.context.voices import StanceShown, VoicesChapter, stances, voices_chapter, who_took_part
from toolkit.reports.context.words import EDITIONS, EditionWords, direction

__all__ = ["Letter", "ReportContext", "report_context"]


@dataclass(frozen=True)
class ReportContext:
    """Everything on the pages of one report, in one edition and one language. `levels` are the scale's labels."""

    language: str
    direction: str
    edition: EditionWords
    record: Record
    title: str
    made_at: datetime
    levels: tuple[str, ...]
    tones: tuple[tuple[str, str], ...]
    cover: Cover
    letter: LetterPage
    contents: Contents
    summary: Summary
    mandate: MandateChapter | None
    chapters: tuple[Chapter, ...]
    layers: tuple[LayerChapter, ...]
    voices: VoicesChapter | None
    stances: Mapping[QuestionId, tuple[StanceShown, ...]]
    answers: AnswersAnnex | None
    method: MethodAnnex
    provenance: Provenance

    @property
    def figures(self) -> tuple[PrintedFigure, ...]:
        """Every figure on the pages, in order: what the PDF carries as `figures.json`."""
        return tuple(figures_in(self))


def report_context(
    checklist: Checklist,
    assessment: Assessment,
    card: ScoreCard,
    *,
    edition: Edition,
    language: str,
    made_at: datetime,
    letter: Letter | None = None,
    superseded_by: int | None = None,
) -> ReportContext:
    """What a report of this assessment shows in an edition.

    What the edition may not hold is left out here, not in the templates. `made_at` is UTC. `superseded_by` is the
    number of the later submission, where there is one.
    """
    pen = Pen(checklist.method.thresholds)
    status = record(assessment, superseded_by)
    made = chapters(checklist, assessment, card, edition, pen)
    layers = layer_chapters(checklist, assessment, card, edition, pen)
    voices = voices_chapter(checklist, assessment, edition, pen, language)
    mandate = mandate_chapter(checklist, assessment, edition, tones(checklist))
    answers = answers_annex(checklist, assessment, card, edition, pen, tones(checklist), _tables(layers))
    front = cover(checklist, assessment, status, language=language, made_at=made_at)
    return ReportContext(
        language=language,
        direction=direction(language),
        edition=EDITIONS[edition],
        record=status,
        title=f"{assessment.subject.name}: {front.title} ({EDITIONS[edition].label})",
        made_at=made_at,
        levels=tuple(level.label for level in checklist.scale.levels),
        tones=tuple(sorted(set(tones(checklist).values()))),
        cover=front,
        letter=letter_page(
            checklist,
            assessment,
            card,
            edition,
            pen,
            letter=letter or Letter(),
            language=language,
            made_at=made_at,
            took_part=who_took_part(checklist, assessment, edition),
        ),
        contents=contents(
            made,
            layers,
            has_mandate=mandate is not None,
            has_voices=voices is not None,
            has_answers=answers is not None,
        ),
        summary=summary(checklist, assessment, card, edition, pen),
        mandate=mandate,
        chapters=made,
        layers=layers,
        voices=voices,
        stances=stances(assessment, edition, checklist),
        answers=answers,
        method=method_annex(checklist, card, edition, pen),
        provenance=provenance(
            checklist, assessment, card, edition=edition, language=language, made_at=made_at, status=status
        ),
    )


def _tables(layers: Iterable[LayerChapter]) -> Iterator[str]:
    """The questions whose tables stand in the chapters of layers."""
    for layer in layers:
        for part in layer.parts:
            for theme in part.themes:
                yield from (fact.id for fact in theme.facts if fact.said.rows)
