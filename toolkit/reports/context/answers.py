"""Questions and answers as a report shows them, each edition no more than its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.assessment import Assessment, Edition
from toolkit.domain.assessment_file import decimal_text
from toolkit.domain.checklist import Checklist, Kind, Part, Question, Theme
from toolkit.domain.printed_figures import PrintedFigure
from toolkit.domain.scorecard import QuestionScore, ScoreCard, Standing
from toolkit.reports.context.figures import Pen

NARROWEST, WIDEST = 10, 40  # letters: what the narrowest and the widest column of a table are sized for


@dataclass(frozen=True, slots=True)
class EvidenceShown:
    """A piece of evidence; `url` and `digest` only in the internal edition."""

    title: str
    url: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class MessageShown:
    """What somebody wrote in a discussion; `head` says who, by number, and when."""

    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered: a few words, a longer text, a list or a table. Only one of them is filled."""

    words: str = ""
    text: str = ""
    items: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def widths(self) -> tuple[int, ...]:
        """How wide each column of a table is but the last, in per cent: a year needs less room than a source.

        The last takes what is left; some is kept back for the space between columns, which comes on top.
        """
        longest = [
            max(NARROWEST, min(WIDEST, max((len(cell) for cell in column), default=0)))
            for column in zip_longest(self.columns, *self.rows, fillvalue="")
        ]
        return tuple(round(94 * one / sum(longest)) for one in longest[:-1])


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """A question with its answer. `position` is the level's place on its scale (0 is the lowest), for its colour."""

    id: str
    number: str
    text: str
    layer: str  # the title of its layer; empty where it has none
    state: str  # an AnswerState
    said: Said
    level: int | None
    position: int | None
    levels: int
    level_label: str
    criterion: str
    reason: str
    comment: str
    evidence: tuple[EvidenceShown, ...]
    discussions: tuple[tuple[MessageShown, ...], ...]
    advice: str
    note: str  # why it does not count, where that is not plain from the answer


@dataclass(frozen=True, slots=True)
class ThemeAnswers:
    """Every question of one theme that was asked."""

    number: str
    title: str
    questions: tuple[QuestionShown, ...]


@dataclass(frozen=True, slots=True)
class PartAnswers:
    """Every theme of one part."""

    id: str
    title: str
    tone: str
    themes: tuple[ThemeAnswers, ...]


@dataclass(frozen=True, slots=True)
class AnswersAnnex:
    """Every question and answer."""

    parts: tuple[PartAnswers, ...]
    elsewhere: frozenset[str]  # the questions whose tables stand in the chapter of their layer, and not here again
    asked: PrintedFigure | None
    answered: PrintedFigure | None


STATES = {
    AnswerState.DONT_KNOW: "Don’t know",
    AnswerState.NOT_APPLICABLE: "Not applicable",
    AnswerState.UNANSWERED: "Not answered",
}

NOTES = {
    Standing.WEIGHT_ZERO: "Shown, never counted: its weight is 0.",
    Standing.OUTSIDE_MANDATE: "Not counted: the theme is outside the mandate.",
}


def shown(
    assessment: Assessment, card: ScoreCard, theme: Theme, edition: Edition, *, number: str
) -> Iterator[QuestionShown]:
    """The questions of a theme that were asked, in order, numbered below the theme's number."""
    scores = {score.question: score for score in card.theme(theme.id).questions}
    position = 0
    for question in theme.questions:
        score = scores.get(question.id)
        if score is None or score.state is AnswerState.NOT_ASKED:
            continue
        position += 1
        told = _told(assessment, question, edition)
        yield _shown(question, assessment.answer(question.id), score, edition, f"{number}.{position}", told)


def numbered(checklist: Checklist) -> Iterator[tuple[str, Part, tuple[tuple[str, Theme], ...]]]:
    """Parts and themes with their display numbers, which come from order alone: 2 and 2.3."""
    for place, part in enumerate(checklist.parts, 1):
        yield str(place), part, tuple((f"{place}.{below}", theme) for below, theme in enumerate(part.themes, 1))


def _told(assessment: Assessment, question: Question, edition: Edition) -> tuple[tuple[MessageShown, ...], ...]:
    """The discussions of a question that this edition tells."""
    return tuple(
        tuple(MessageShown(f"Person {one.person}, {one.at.day} {one.at:%B %Y}", one.text) for one in thread.messages)
        for thread in assessment.discussions.get(question.id, ())
        if thread.messages and (thread.is_shared or edition is Edition.INTERNAL)
    )


def _shown(
    question: Question,
    answer: Answer,
    score: QuestionScore,
    edition: Edition,
    number: str,
    told: tuple[tuple[MessageShown, ...], ...],
) -> QuestionShown:
    is_internal = edition is Edition.INTERNAL
    level = score.level if question.is_rating else None
    values = [one.value for one in question.scale.levels] if question.scale else []
    said = said_in_words(question, answer)
    comment = answer.comment if is_internal else ""
    reason = answer.reason
    return QuestionShown(
        id=question.id,
        number=number,
        text=question.text,
        layer=question.layer.title if question.layer else "",
        state=str(score.state),
        said=said,
        level=level,
        position=None if level is None else values.index(level),
        levels=len(values),
        level_label="" if level is None or question.scale is None else question.scale.level(level).label,
        criterion="" if level is None else question.criterion(level),
        reason=reason,
        comment=comment,
        evidence=tuple(
            EvidenceShown(one.title, one.url if is_internal else "", one.sha256 if is_internal else "")
            for one in answer.evidence
        ),
        discussions=told,
        advice=next((one.text for one in question.advice if one.level == level), ""),
        note=NOTES.get(score.standing, ""),
    )


def said_in_words(question: Question, answer: Answer) -> Said:
    """What was answered, as a report shows it."""
    if answer.counted_state is not AnswerState.ANSWERED:
        state = answer.state if answer.state is not AnswerState.ANSWERED else AnswerState.UNANSWERED
        return Said(words=STATES.get(state, "Not answered"))
    value = answer.value
    labels = {option.id: option.label for option in question.options}
    if question.kind is Kind.RATING and isinstance(value, int) and question.scale is not None:
        return Said(words=f"{value} – {question.scale.level(value).label}")
    if isinstance(value, bool):
        return Said(words="Yes" if value else "No")
    if isinstance(value, Decimal):
        return Said(words=f"{decimal_text(value)} {question.unit}".strip())
    if question.kind is Kind.CHOICE and isinstance(value, str):
        return Said(words=labels.get(value, value))
    if question.kind is Kind.TABLE and isinstance(value, tuple):
        rows = tuple(row if isinstance(row, tuple) else (row,) for row in value)
        return Said(columns=tuple(column.label for column in question.columns), rows=rows)
    if isinstance(value, tuple):
        return Said(items=tuple(labels.get(str(one), str(one)) for one in value))
    return Said(text=str(value))


def answers_annex(
    checklist: Checklist,
    assessment: Assessment,
    card: ScoreCard,
    edition: Edition,
    pen: Pen,
    tones: Mapping[str, tuple[str, str]],
    elsewhere: Iterable[str] = (),
) -> AnswersAnnex | None:
    """The annex; None in the public edition. Themes with nothing asked are left out."""
    if edition is Edition.PUBLIC:
        return None
    parts = []
    for _, part, themes in numbered(checklist):
        made = (
            ThemeAnswers(number, theme.title, tuple(shown(assessment, card, theme, edition, number=number)))
            for number, theme in themes
        )
        kept = tuple(theme for theme in made if theme.questions)
        if kept:
            parts.append(PartAnswers(part.id, part.title, tones[part.id][0], kept))
    return AnswersAnnex(
        parts=tuple(parts),
        elsewhere=frozenset(elsewhere),
        asked=pen.count("overall", "asked", card.progress.asked),
        answered=pen.count("overall", "answered", card.progress.answered),
    )
