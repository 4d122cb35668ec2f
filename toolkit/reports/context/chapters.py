"""One chapter for each part of the checklist: its figures, its profile and its themes."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from toolkit.domain.assessment import Assessment, Edition, Mandate
from toolkit.domain.checklist import Checklist, Part, Theme
from toolkit.domain.printed_figures import PrintedFigure
from toolkit.domain.scorecard import Figure, PartScore, ScoreCard, Standing, ThemeScore
from toolkit.domain.words import mandate_words
from toolkit.reports.charts import Segment, index_bar, level_steps, profile_bar
from toolkit.reports.context.answers import QuestionShown, numbered, shown
from toolkit.reports.context.figures import Measured, Pen, part_place
from toolkit.reports.context.words import counted, listed
from toolkit.reports.palette import OBJECTIVES, SECTION, objective_colour


@dataclass(frozen=True, slots=True)
class ProfileCount:
    """How many questions and themes stand at one level. `width` is the segment's share of the bar, in per cent."""

    position: int
    label: str
    questions: PrintedFigure
    themes: PrintedFigure
    width: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The bar of one part: its segments in words, its drawing, and the questions without an answer."""

    counts: tuple[ProfileCount, ...]
    open_count: int
    open_width: str
    chart: Markup


@dataclass(frozen=True, slots=True)
class ThemeShown:
    """One theme in its chapter. `steps` draws its level."""

    id: str
    number: str
    title: str
    why: str
    level: PrintedFigure | None
    level_label: str
    steps: Markup
    score: PrintedFigure | None
    coverage: PrintedFigure | None
    full_score: PrintedFigure | None
    mandate: str
    is_outside: bool
    questions: tuple[QuestionShown, ...]
    improvement: str
    improvement_question: str


@dataclass(frozen=True, slots=True)
class ElsewhereShown:
    """A theme that bears on this part too and counts in another."""

    title: str
    part: str
    level_label: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One part. `tone` is the name of its colour in the stylesheet."""

    id: str
    place: str
    number: str
    title: str
    label: str
    about: str
    tone: str
    scored: bool
    measured: Measured
    index: Markup
    profile: Profile
    withheld: str
    themes: tuple[ThemeShown, ...]
    elsewhere: tuple[ElsewhereShown, ...]


def tones(checklist: Checklist) -> dict[str, tuple[str, str]]:
    """For each part, the name of its colour in the stylesheet and the colour."""
    found = {}
    for place, part in enumerate(checklist.objectives):
        found[part.id] = (f"tone-{place % len(OBJECTIVES)}", objective_colour(place))
    return {part.id: found.get(part.id, ("tone-section", SECTION)) for part in checklist.parts}


def chapters(
    checklist: Checklist, assessment: Assessment, card: ScoreCard, edition: Edition, pen: Pen
) -> tuple[Chapter, ...]:
    """A chapter for each part, in the checklist's order."""
    colours = tones(checklist)
    made = []
    for number, part, themes in numbered(checklist):
        score = card.part(part.id)
        tone, colour = colours[part.id]
        place = part_place(score)
        made.append(
            Chapter(
                id=part.id,
                place=place,
                number=number,
                title=part.title,
                label=part.label,
                about=part.about,
                tone=tone,
                scored=part.scored,
                measured=pen.whole(place, score.figure),
                index=index_chart(part.title, score.figure, pen.whole(place, score.figure), colour),
                profile=_profile(checklist, part, score, pen),
                withheld=score.withheld,
                themes=tuple(
                    _theme(checklist, assessment, card, theme, edition, pen, number=below, colour=colour)
                    for below, theme in themes
                ),
                elsewhere=_elsewhere(checklist, card, part),
            )
        )
    return tuple(made)


def index_chart(name: str, figure: Figure, measured: Measured, colour: str) -> Markup:
    """The bar of one index with its range, described in words."""
    title = f"{name}: {measured.score.text}" if measured.score else f"{name}: no score"
    if measured.lowest and measured.highest and figure.low != figure.high:
        title += f"; from {measured.lowest.text} to {measured.highest.text} if the open questions went worst or best"
    share, low, high = (None if one is None else float(one) for one in (figure.share, figure.low, figure.high))
    return index_bar(title, share, low, high, colour=colour)


def _theme(
    checklist: Checklist,
    assessment: Assessment,
    card: ScoreCard,
    theme: Theme,
    edition: Edition,
    pen: Pen,
    *,
    number: str,
    colour: str,
) -> ThemeShown:
    score = card.theme(theme.id)
    place = f"theme.{theme.id}"
    all_shown = tuple(shown(assessment, card, theme, edition, number=number))
    improvement = next((question for question in theme.questions if question.is_improvement), None)
    value = assessment.answer(improvement.id).value if improvement else None
    is_public = edition is Edition.PUBLIC
    label, steps = _level(checklist, theme, score, colour)
    return ThemeShown(
        id=theme.id,
        number=number,
        title=theme.title,
        why=theme.why,
        level=None if score.level is None else pen.count(place, "level", score.level),
        level_label=label,
        steps=steps,
        score=pen.percent(place, "score", score.figure.share),
        coverage=pen.percent(place, "coverage", score.figure.coverage),
        full_score=pen.percent(place, "full_score", score.full_share),
        mandate="" if score.mandate is Mandate.IN else mandate_words(assessment.subject.kind)[score.mandate],
        is_outside=score.mandate is Mandate.OUTSIDE,
        questions=() if is_public else tuple(question for question in all_shown if question.levels),
        improvement=value if isinstance(value, str) and not is_public else "",
        improvement_question=improvement.text if improvement else "",
    )


def _level(checklist: Checklist, theme: Theme, score: ThemeScore, colour: str) -> tuple[str, Markup]:
    levels = checklist.scale.levels
    if score.level is None:
        return "", level_steps(f"{theme.title}: no level", None, levels=len(levels))
    position = [level.value for level in levels].index(score.level)
    label = levels[position].label
    title = f"{theme.title}: level {score.level} of {levels[-1].value}, {label}"
    return label, level_steps(title, position, levels=len(levels), colour=colour)


def _profile(checklist: Checklist, part: Part, score: PartScore, pen: Pen) -> Profile:
    place = part_place(score)
    standings = [question.standing for theme in score.themes for question in theme.questions]
    open_count = standings.count(Standing.UNANSWERED) + standings.count(Standing.DONT_KNOW)
    total = sum(count.questions for count in score.profile) + open_count
    segments, counts, said = [], [], []
    for position, level in enumerate(score.profile):
        segments.append(Segment(level.questions, position))
        questions = pen.count(place, f"questions_at_{level.level}", level.questions)
        themes = pen.count(place, f"themes_at_{level.level}", level.themes)
        counts.append(ProfileCount(position, level.label, questions, themes, bar_width(level.questions, total)))
        if level.questions:
            said.append(f"{level.questions} at level {level.level}, {level.label}")
    if open_count:
        said.append(f"{open_count} without an answer")
    title = f"{part.title}: {counted(total, 'core question', 'core questions')}" + (f"; {listed(said)}" if said else "")
    chart = profile_bar(title, segments, levels=len(checklist.scale.levels), open_count=open_count)
    return Profile(tuple(counts), open_count, bar_width(open_count, total), chart)


def _elsewhere(checklist: Checklist, card: ScoreCard, part: Part) -> tuple[ElsewhereShown, ...]:
    labels = {level.value: level.label for level in checklist.scale.levels}
    return tuple(
        ElsewhereShown(theme.title, home.title, labels.get(level, "") if level is not None else "no level")
        for home, theme in checklist.themes()
        if part.id in theme.also_in
        for level in (card.theme(theme.id).level,)
    )


def bar_width(count: int, total: int) -> str:
    """What a count takes of a bar, in per cent for a style sheet."""
    # Cut, and a hair less: labels side by side must never be wider than the bar, or the last would drop below.
    return f"{9_980 * count // total / 100:.2f}" if total else "0"
