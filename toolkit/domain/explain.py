"""How a figure came about: in words, and in rows that a page or an annex can show as a table (rule 11).

The rows and the arithmetic of a theme show what single questions were answered, so they belong into editions that hold
answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from toolkit.domain.bands import rated_levels, reaching
from toolkit.domain.checklist import Band, Checklist, ObjectiveId, Part, Question, Rule, ThemeId
from toolkit.domain.explain_steps import (
    Steps,
    mean_written,
    objective_terms,
    overall_terms,
    steps_of,
    theme_earned,
    theme_terms,
)
from toolkit.domain.rounding import exact, marks, one_decimal, points, whole_percent
from toolkit.domain.scorecard import (
    Doubt,
    Figure,
    PartScore,
    Provisional,
    QuestionScore,
    ScoreCard,
    Standing,
    ThemeScore,
)
from toolkit.domain.scoring import NO_OVERALL, SCAN_HAS_NO_SCORE
from toolkit.domain.tiers import ONE, total

NOTES = {
    Standing.UNANSWERED: "open: unanswered",
    Standing.DONT_KNOW: "open: don’t know",
    Standing.NOT_APPLICABLE: "not applicable",
    Standing.OUTSIDE_MANDATE: "outside the mandate",
    Standing.NOT_ASKED: "not asked, because its condition is not met",
    Standing.OUTSIDE_TRACK: "not in this track",
    Standing.WEIGHT_ZERO: "weight 0: shown, never counted",
    Standing.FACT: "shown, never scored",
}
RULES = {
    Rule.MEAN: "the weighted mean of",
    Rule.SUM: "the points earned, of the points possible, over",
    Rule.MIN: "the lowest of",
}
CHOICES = {
    "every_question_equal": "if every question counted the same within its objective",
    "every_theme_equal": "if every theme counted the same",
    "lowest_objective": "if the lowest objective stood for the whole",
    "not_applicable_lowest": "if what is not applicable counted as the lowest level",
}


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """One question, theme or objective and its part in the figure; `note` says where it stands, or why it is out."""

    id: str
    title: str
    weight: Fraction
    share: Fraction | None
    counts: bool
    note: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one figure. `steps` is None where there is no score; then `score` says why.

    `rests_on` has coverage, range and what is set aside. `further` has the level of a theme; for the overall figure the
    gap, the band, the sensitivity, the doubts and other choices of method.
    """

    title: str
    rows: tuple[ExplainedRow, ...]
    steps: Steps | None
    score: tuple[str, ...]
    rests_on: tuple[str, ...] = ()
    further: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it in words, in order."""
        return (*self.score, *self.rests_on, *self.further)


def explain_theme(checklist: Checklist, card: ScoreCard, theme_id: ThemeId) -> Explanation:
    """A theme's score, coverage, range and level. Raises KeyError for a theme that the checklist does not have."""
    part, theme = checklist.theme_index[theme_id]
    score = card.theme(theme_id)
    by_id = {one.question: one for one in score.questions}
    terms = theme_terms(checklist, theme, score)
    steps = None if score.figure.share is None else steps_of(checklist.method.theme, terms)
    core = [by_id[question.id] for question in theme.core_ratings()]
    return Explanation(
        theme.title,
        tuple(_question_row(question, by_id[question.id]) for question in theme.questions),
        steps,
        _scored(steps, "answered core rating") if steps else (_no_theme_score(part, score),),
        (*_coverage_of_theme(core, score.figure), *_range(score.figure), *_set_aside_of_theme(core, score.figure)),
        (*_level(checklist, card, theme_id), *_full_share(score)),
    )


def explain_objective(checklist: Checklist, card: ScoreCard, part_id: ObjectiveId) -> Explanation:
    """An objective's score, or why there is none; a profile section never has one. Raises KeyError."""
    score = card.part(part_id)
    part = next(one for one in checklist.parts if one.id == part_id)
    pairs = list(zip(part.themes, score.themes, strict=True))
    rows = tuple(
        ExplainedRow(
            theme.id, theme.title, theme.weight, one.figure.share, _counts(score, one), _theme_note(checklist, one)
        )
        for theme, one in pairs
    )
    if not part.scored:
        return Explanation(part.title, rows, None, ("This section is shown and never enters a score.",))
    low = marks(checklist.method.thresholds, "objective", "score")
    has_score = score.figure.share is not None
    steps = steps_of(checklist.method.objective, objective_terms(checklist, part, score), *low) if has_score else None
    why_not = score.withheld or "There is no score, because no theme with weight has one."
    weighted = [(theme.weight, one.figure) for theme, one in pairs if theme.weight > 0]
    return Explanation(
        part.title,
        rows,
        steps,
        _scored(steps, "scored theme") if steps else (why_not,),
        _rests_on(score.figure, weighted, "themes", marks(checklist.method.thresholds, "objective", "coverage")),
    )


def explain_overall(checklist: Checklist, card: ScoreCard) -> Explanation:
    """The overall score, or why there is none, with gap, band, sensitivity, doubts and other choices of method."""
    titles = {part.id: part.title for part in checklist.parts}
    rows = tuple(
        ExplainedRow(one.part, titles[one.part], ONE, one.figure.share, card.overall.share is not None, one.withheld)
        for one in card.objectives
    )
    rule = checklist.method.overall
    steps = steps_of(rule, overall_terms(checklist, card)) if rule and card.overall.share is not None else None
    weighted = [(ONE, one.figure) for one in card.objectives]
    return Explanation(
        "Overall",
        rows,
        steps,
        _scored(steps, "objective") if steps else (_no_overall(checklist, card, titles),),
        _rests_on(card.overall, weighted, "objectives", marks(checklist.method.thresholds, "overall", "coverage")),
        (
            *_gap(card, titles),
            *_band(card),
            *_sensitivity(checklist, card),
            *(doubt_words(doubt, titles) for doubt in card.provisional),
            *_alternatives(checklist, card),
        ),
    )


def doubt_words(doubt: Provisional, titles: Mapping[ObjectiveId, str]) -> str:
    """One reason why a result is provisional."""
    where = f" of {titles[doubt.part]}" if doubt.part else ""
    if doubt.doubt is Doubt.RANGE:
        width, most = points(doubt.value, doubt.threshold), points(doubt.threshold)
        return f"Provisional: the range{where} is {width} points wide, more than {most}."
    value, least = one_decimal(doubt.value, doubt.threshold), whole_percent(doubt.threshold)
    return f"Provisional: the coverage{where} is {value} %, under {least}."


# --- the score --------------------------------------------------------------------------------------


def _scored(steps: Steps, noun: str) -> tuple[str, ...]:
    what = f"{RULES[steps.rule]} {steps.counted} {noun}s" if steps.counted > 1 else f"that of 1 {noun}"
    return (
        f"The score is {what}: {steps.sentence}.",
        f"{exact(steps.result)} prints as {steps.whole} on pages and as {steps.decimal} in tables: "
        "rounded once, half up, from the exact fraction.",
    )


def _no_theme_score(part: Part, score: ThemeScore) -> str:
    if not part.scored:
        return "This section is shown and never enters a score."
    return SCAN_HAS_NO_SCORE if score.level is not None else "There is no score: no rating counts."


def _no_overall(checklist: Checklist, card: ScoreCard, titles: Mapping[ObjectiveId, str]) -> str:
    if checklist.method.overall is None:
        return NO_OVERALL
    if all(one.withheld == SCAN_HAS_NO_SCORE for one in card.objectives):
        return SCAN_HAS_NO_SCORE
    missing = [titles[one.part] for one in card.objectives if one.figure.share is None]
    return f"There is no overall score, because not every objective has one: {listed(missing)}."


def _question_row(question: Question, score: QuestionScore) -> ExplainedRow:
    counts = score.standing is Standing.COUNTS or (
        score.standing is Standing.NOT_APPLICABLE and score.share is not None
    )
    note = NOTES.get(score.standing, "")
    if question.is_beside_the_index and question.layer is not None and note == NOTES[Standing.FACT]:
        note = f"{question.layer.title}: {note}"
    if score.level is not None and question.scale is not None:
        level = f"level {score.level}, {question.scale.level(score.level).label}"
        note = f"{level}; {note}" if note else level
    return ExplainedRow(question.id, question.text, score.weight, score.share, counts, note)


def _counts(part: PartScore, theme: ThemeScore) -> bool:
    return part.figure.share is not None and theme.figure.share is not None and theme.weight > 0


def _theme_note(checklist: Checklist, theme: ThemeScore) -> str:
    if theme.level is None:
        return NOTES[Standing.OUTSIDE_MANDATE] if theme.figure.set_aside == 1 else "no rating counts"
    level = f"level {theme.level}, {checklist.scale.level(theme.level).label}"
    return level if theme.weight > 0 else f"{level}; {NOTES[Standing.WEIGHT_ZERO]}"


# --- what it rests on -------------------------------------------------------------------------------


def _rests_on(
    figure: Figure, weighted: Sequence[tuple[Fraction, Figure]], children: str, thresholds: tuple[Fraction, ...]
) -> tuple[str, ...]:
    coverage = [(weight, one.coverage) for weight, one in weighted]
    set_aside = [(weight, one.set_aside) for weight, one in weighted]
    return (
        *_carried_up("Coverage", figure.coverage, coverage, f"the {children} with anything applicable", thresholds),
        *_range(figure),
        *_carried_up("Set aside", figure.set_aside, set_aside, f"the {children} in the track"),
    )


def _carried_up(
    name: str,
    share: Fraction | None,
    weighted: Sequence[tuple[Fraction, Fraction | None]],
    over: str,
    thresholds: tuple[Fraction, ...] = (),
) -> Iterator[str]:
    known = [(weight, one) for weight, one in weighted if one is not None]
    if share == 0 or share == 1:
        yield f"{name} is {one_decimal(share)} % over {over}."
    elif share is not None:
        yield f"{name} is the weighted mean over {over}: {mean_written(known)}, {one_decimal(share, *thresholds)} %."


def _coverage_of_theme(core: Sequence[QuestionScore], figure: Figure) -> Iterator[str]:
    if figure.coverage is None:
        return
    open_ones = [one for one in core if one.standing in (Standing.UNANSWERED, Standing.DONT_KNOW)]
    left = [one for one in core if one.share is None and one not in open_ones]
    applicable = [one for one in core if one not in left]
    answered = total([one.weight for one in applicable if one not in open_ones])
    expected = total([one.weight for one in applicable])
    yield (
        f"Coverage is the weight answered of the weight asked and applicable: {answered} of {expected}, "
        f"{one_decimal(figure.coverage)} %."
    )
    if open_ones:
        yield f"{_counted(open_ones)} left open: no number, but less coverage and a wider range."
    if left:
        reasons = Counter(NOTES[one.standing] for one in left)
        yield f"Left out: {listed([f'{number} {reason}' for reason, number in reasons.items()])}."


def _range(figure: Figure) -> Iterator[str]:
    if figure.low is None or figure.high is None:
        return
    if figure.low == figure.high:
        yield "No open question could change it."
        return
    yield (
        f"If the open questions went worst it would be {one_decimal(figure.low)} %, if they went best "
        f"{one_decimal(figure.high)} %; this is not a margin of error."
    )


def _set_aside_of_theme(core: Sequence[QuestionScore], figure: Figure) -> Iterator[str]:
    if not figure.set_aside:
        return
    gone = (Standing.NOT_APPLICABLE, Standing.OUTSIDE_MANDATE)
    aside = total([one.weight for one in core if one.standing in gone])
    in_track = total([one.weight for one in core if one.standing is not Standing.OUTSIDE_TRACK])
    yield (
        f"Set aside, as not applicable or outside the mandate: {aside} of the weight {in_track} in the track, "
        f"{one_decimal(figure.set_aside)} %."
    )


# --- and further ------------------------------------------------------------------------------------


def _level(checklist: Checklist, card: ScoreCard, theme_id: ThemeId) -> Iterator[str]:
    score = card.theme(theme_id)
    amount = theme_earned(checklist, checklist.theme(theme_id), score)
    if score.level is None or amount is None:
        return
    level = checklist.scale.level(score.level)
    yield (
        f"It stands at level {level.value}, {level.label}: the highest level whose share, "
        f"{checklist.scale.share(level.value)}, its ratings have fully reached with {amount.share}."
    )


def _full_share(score: ThemeScore) -> Iterator[str]:
    if score.full_share is not None:
        yield (
            f"Over all its ratings, those of the full track too, it is {one_decimal(score.full_share)} % "
            f"({score.full_share}); the index does not use this."
        )


def _gap(card: ScoreCard, titles: Mapping[ObjectiveId, str]) -> Iterator[str]:
    if card.gap is None:
        return
    if card.gap.share == 0:
        yield "All objectives with a score stand at the same figure."
        return
    low, high = (card.objective(one).share for one in (card.gap.lowest, card.gap.highest))
    yield (
        f"The gap is {points(card.gap.share)} points: {high} for {titles[card.gap.highest]}, the highest, "
        f"minus {low} for {titles[card.gap.lowest]}, the lowest."
    )


def _band(card: ScoreCard) -> Iterator[str]:
    levels = rated_levels(card.parts)
    if card.band is None or not levels:
        return
    needs = _needs(card.band, levels)
    yield f"The band is {card.band.label}: {listed(needs) or 'none of the bands above it holds'}."


def _needs(band: Band, levels: Sequence[int]) -> list[str]:
    found = []
    for need in band.needs:
        number = sum(level >= need.level for level in levels)
        found.append(
            f"{number} of {len(levels)} rated themes stand at level {need.level} or more "
            f"({reaching(levels, need.level)}, at least {need.share} is needed)"
        )
    if band.none_at is not None:
        found.append(f"none stands at level {band.none_at} or under")
    return found


def _sensitivity(checklist: Checklist, card: ScoreCard) -> Iterator[str]:
    if card.sensitivity is None:
        return
    most, typical = points(card.sensitivity.most), points(card.sensitivity.typical)
    text = checklist.question(card.sensitivity.question).text
    what = "the overall score" if checklist.method.overall else "the score of its objective"
    yield (
        f"One core question moved by one level changes {what} by {typical} points typically, "
        f"and by {most} at most (“{text}”). A smaller difference is not called change."
    )


def _alternatives(checklist: Checklist, card: ScoreCard) -> Iterator[str]:
    for other in card.alternatives:
        if checklist.method.overall is None and other.order_differs:
            yield f"The order of the objectives would be another {CHOICES[other.id]}."
        elif other.overall is not None:
            flip = " The order of the objectives would be another." if other.order_differs else ""
            yield f"It would be {one_decimal(other.overall)} % {CHOICES[other.id]}.{flip}"


def listed(names: Sequence[str]) -> str:
    """Several names as one phrase: a, b and c."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _counted(scores: Sequence[QuestionScore]) -> str:
    return "1 core rating is" if len(scores) == 1 else f"{len(scores)} core ratings are"
