"""What a score card says, in words."""

from __future__ import annotations

from toolkit.domain.assessment import Assessment
from toolkit.domain.checklist import Checklist
from toolkit.domain.rounding import points, whole_percent
from toolkit.domain.scorecard import Alternative, Doubt, Figure, Gap, Provisional, ScoreCard
from toolkit.domain.voices_range import voices_range

ALTERNATIVES = {
    "every_question_equal": "Every core question counts the same",
    "every_theme_equal": "Every theme counts the same",
    "lowest_objective": "The lowest objective stands for the whole",
    "not_applicable_lowest": "Not applicable counts as the lowest level",
}


def part_title(checklist: Checklist, part_id: str) -> str:
    """The title of a part."""
    return next(part.title for part in checklist.parts if part.id == part_id)


def provisional_words(checklist: Checklist, doubt: Provisional) -> str:
    """One reason why a result is provisional, as a sentence."""
    if doubt.doubt is Doubt.RANGE:
        width, most = points(doubt.value, doubt.threshold), points(doubt.threshold)
        what = part_title(checklist, doubt.part) if doubt.part is not None else "the index"
        return f"The open questions could move {what} by {width} points; up to {most} is fine."
    value, threshold = whole_percent(doubt.value, doubt.threshold), whole_percent(doubt.threshold)
    place = f"In {part_title(checklist, doubt.part)}, " if doubt.part is not None else ""
    return f"{place}{value} of what counts is answered; {threshold} is needed."


def range_words(figure: Figure) -> str:
    """The range, if the open questions went worst or best."""
    if figure.low is None or figure.high is None or figure.low == figure.high:
        return ""
    return f"{whole_percent(figure.low)} to {whole_percent(figure.high)} if the open questions went worst or best"


def voices_spans(checklist: Checklist, assessment: Assessment) -> tuple[tuple[str, str], ...]:
    """Where the overall index and each objective would lie at their lowest and highest voices: a title, and words."""
    found = voices_range(checklist, assessment)
    if found is None:
        return ()
    spans = [("Overall", found.overall), *((part_title(checklist, part), one) for part, one in found.objectives)]
    return tuple((title, f"{whole_percent(one.low)} to {whole_percent(one.high)}") for title, one in spans if one)


def gap_words(checklist: Checklist, gap: Gap) -> str:
    """The gap, naming both ends."""
    lowest, highest = part_title(checklist, gap.lowest), part_title(checklist, gap.highest)
    return f"{points(gap.share)} points between {highest} (highest) and {lowest} (lowest)"


def sensitivity_words(checklist: Checklist, card: ScoreCard) -> str:
    """What one question moved by one level changes; smaller differences are not called change."""
    found = card.sensitivity
    if found is None:
        return ""
    what = "the index" if checklist.method.overall else "the index of its objective"
    return (
        f"One core question, moved by one level, changes {what} by at most {points(found.most)} points. "
        "A smaller difference is not a change."
    )


def alternative_words(other: Alternative) -> str:
    """The name of another choice of method."""
    return ALTERNATIVES.get(other.id, other.id.replace("_", " "))
