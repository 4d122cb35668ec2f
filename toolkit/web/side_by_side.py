"""Side by side: what every voice says about the questions of a theme, and taking one over."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.access import Permission
from toolkit.domain.answers import fingerprint
from toolkit.domain.assessment import Mandate, ThemeScope
from toolkit.domain.checklist import Question, Theme
from toolkit.domain.differences import levels_apart
from toolkit.domain.errors import Conflict, NotFound
from toolkit.domain.voices import Voice
from toolkit.services import side_by_side
from toolkit.services.assessments import OpenAssessment
from toolkit.services.side_by_side import SideBySide
from toolkit.web.access import requires
from toolkit.web.answer_words import AnswerWords, answer_words
from toolkit.web.clock import utc_now
from toolkit.web.opened import opened
from toolkit.web.outline import questions_shown, standings
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("side_by_side", __name__, url_prefix="/assessments/<uuid:assessment_id>/side-by-side")


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one voice says about a question; `shown` is the fingerprint of that answer."""

    voice: Voice
    words: AnswerWords
    shown: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One question with the consolidated answer and what the voices say. `levels` is how far apart ratings lie."""

    question: Question
    number: int
    words: AnswerWords
    revision: int
    may_answer: bool
    spoken: tuple[Spoken, ...]
    silent: tuple[Voice, ...]
    levels: int | None
    is_split: bool


@bp.get("/<theme_id>")
@requires(Permission.SEE_VOICES)
def theme(assessment_id: UUID, theme_id: str) -> ResponseReturnValue:
    """Every voice on the questions of one theme."""
    one = opened(assessment_id)
    if theme_id not in one.checklist.theme_index:
        abort(404)
    part, found = one.checklist.theme_index[theme_id]
    outside = one.assessment.scope.get(theme_id, ThemeScope(Mandate.IN)).mandate is Mandate.OUTSIDE
    asked = () if outside else questions_shown(one, found, standings(one))
    shown = [question for question in asked if not question.is_improvement]
    told = side_by_side.side_by_side(one, [question.id for question in shown])
    questions = [_compared(one, question, number, told) for number, question in enumerate(shown, start=1)]
    before, after = _neighbours(one, found)
    return render_template(
        "voices/side_by_side.html",
        opened=one,
        part=part,
        theme=found,
        questions=questions,
        positions=told.positions,
        before=before,
        after=after,
    )


@bp.post("/<theme_id>/<question_id>")
@requires(Permission.SEE_VOICES)
def take_over(assessment_id: UUID, theme_id: str, question_id: str) -> ResponseReturnValue:
    """Make what one voice says the consolidated answer, to be worked on."""
    sent = request.form
    back = redirect(url_for(".theme", assessment_id=assessment_id, theme_id=theme_id, _anchor=f"q-{question_id}"))
    try:
        side_by_side.take_over(
            assessment_id,
            question_id,
            _voice(sent.get("voice", "")),
            shown=sent.get("shown", ""),
            expected_revision=_number(sent.get("revision", "")),
            viewer=signed_in_viewer(),
            now=utc_now(),
        )
    except Conflict as error:
        flash(str(error))
        return back
    flash("Taken over as the consolidated answer. You can change it at the theme; its history says where it came from.")
    return back


def _compared(one: OpenAssessment, question: Question, number: int, told: SideBySide) -> Compared:
    difference = told.differences.get(question.id)
    stances = difference.stances if difference else ()
    spoke = {stance.voice.id for stance in stances}
    return Compared(
        question=question,
        number=number,
        words=answer_words(question, one.assessment.answer(question.id)),
        revision=one.answer_revisions.get(question.id, 0),
        may_answer=one.may_answer(question.id),
        spoken=tuple(
            Spoken(stance.voice, answer_words(question, stance.answer), fingerprint(stance.answer), stance.differs)
            for stance in stances
        ),
        silent=tuple(position.voice for position in told.positions if position.voice.id not in spoke),
        levels=levels_apart(question, difference) if difference else None,
        is_split=bool(difference and difference.is_split),
    )


def _neighbours(one: OpenAssessment, theme: Theme) -> tuple[Theme | None, Theme | None]:
    themes = [found for _, found in one.checklist.themes()]
    place = themes.index(theme)
    return (themes[place - 1] if place else None), (themes[place + 1] if place + 1 < len(themes) else None)


def _voice(sent: str) -> UUID:
    try:
        return UUID(sent)
    except ValueError:
        raise NotFound from None


def _number(sent: str) -> int:
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1
