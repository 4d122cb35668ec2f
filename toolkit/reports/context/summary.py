"""The summary: the index of each objective and of the whole, with all that it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from toolkit.domain.assessment import Assessment, Edition, SignOff
from toolkit.domain.checklist import Checklist, Track
from toolkit.domain.explain import doubt_words
from toolkit.domain.printed_figures import PrintedFigure
from toolkit.domain.scorecard import ScoreCard
from toolkit.domain.scoring import NO_OVERALL
from toolkit.domain.unshown import unshown
from toolkit.reports.context.chapters import index_chart
from toolkit.reports.context.figures import Measured, Pen
from toolkit.reports.palette import SEA


@dataclass(frozen=True, slots=True)
class BandShown:
    """The band that the profile's written rule gives."""

    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class GapShown:
    """Highest minus lowest objective, in points, naming both."""

    points: PrintedFigure
    lowest: str
    highest: str


@dataclass(frozen=True, slots=True)
class SensitivityShown:
    """What one core question moved by one level changes; only in editions that name questions."""

    most: PrintedFigure
    typical: PrintedFigure
    question: str


@dataclass(frozen=True, slots=True)
class UnshownShown:
    """A core question at a high level without evidence."""

    theme: str
    question: str
    level: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What the summary's page shows beside the objectives, which it takes from their chapters."""

    overall: Measured
    index: Markup
    why_no_overall: str
    no_overall: str  # the sentence that says so, where the checklist has no overall figure
    band: BandShown | None
    gap: GapShown | None
    low_objectives: tuple[str, ...]
    provisional: tuple[str, ...]
    provisional_reason: str
    not_reviewed: bool
    evidence: PrintedFigure | None
    answered: PrintedFigure | None
    asked: PrintedFigure | None
    sensitivity: SensitivityShown | None
    order_differs: bool
    unshown: tuple[UnshownShown, ...] = ()


def summary(checklist: Checklist, assessment: Assessment, card: ScoreCard, edition: Edition, pen: Pen) -> Summary:
    """The summary's own figures. A public edition has neither progress nor sensitivity nor the typed reason."""
    is_public = edition is Edition.PUBLIC
    titles = {part.id: part.title for part in checklist.parts}
    overall = pen.whole("overall", card.overall)
    return Summary(
        overall=overall,
        index=index_chart("Overall", card.overall, overall, SEA),
        why_no_overall=_why_no_overall(assessment, card, titles) if checklist.method.overall else "",
        no_overall="" if checklist.method.overall else NO_OVERALL,
        band=BandShown(card.band.label, card.band.meaning) if card.band else None,
        gap=_gap(card, pen, titles),
        low_objectives=tuple(titles[part] for part in card.low_objectives),
        provisional=tuple(doubt_words(doubt, titles) for doubt in card.provisional),
        provisional_reason="" if is_public else assessment.provisional_reason,
        not_reviewed=assessment.sign_off is SignOff.NONE,
        evidence=pen.percent("overall", "evidence", card.evidence_share),
        answered=None if is_public else pen.count("overall", "answered", card.progress.answered),
        asked=None if is_public else pen.count("overall", "asked", card.progress.asked),
        sensitivity=None if is_public else _sensitivity(checklist, card, pen),
        order_differs=card.order_differs and not is_public,
        unshown=_unshown(checklist, assessment, card) if edition is Edition.INTERNAL else (),
    )


def _unshown(checklist: Checklist, assessment: Assessment, card: ScoreCard) -> tuple[UnshownShown, ...]:
    found = []
    for one in unshown(checklist, assessment, card):
        label = one.question.scale.level(one.level).label if one.question.scale else ""
        found.append(UnshownShown(one.theme.title, one.question.text, f"{one.level} – {label}"))
    return tuple(found)


def _why_no_overall(assessment: Assessment, card: ScoreCard, titles: dict[str, str]) -> str:
    if card.overall.share is not None:
        return ""
    if assessment.track is Track.SCAN:
        return "A scan gives levels for each objective and no overall index."
    missing = [titles[part.part] for part in card.objectives if part.figure.share is None]
    return f"No overall index, because there is no score for {'; '.join(missing)}." if missing else ""


def _gap(card: ScoreCard, pen: Pen, titles: dict[str, str]) -> GapShown | None:
    if card.gap is None:
        return None
    difference = pen.points("overall", "gap", card.gap.share)
    return GapShown(difference, titles[card.gap.lowest], titles[card.gap.highest]) if difference else None


def _sensitivity(checklist: Checklist, card: ScoreCard, pen: Pen) -> SensitivityShown | None:
    if card.sensitivity is None:
        return None
    most = pen.points("overall", "sensitivity_most", card.sensitivity.most)
    typical = pen.points("overall", "sensitivity_typical", card.sensitivity.typical)
    question = checklist.question(card.sensitivity.question).text
    return SensitivityShown(most, typical, question) if most and typical else None
