"""Differences: where voices say something else than the consolidated answer, and how far they lie apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from toolkit.domain.answers import UNANSWERED, Answer, AnswerState
from toolkit.domain.checklist import Checklist, Question, QuestionId
from toolkit.domain.positions import Position
from toolkit.domain.routing import NEVER_ASKED
from toolkit.domain.scorecard import Standing
from toolkit.domain.shares import earned
from toolkit.domain.voices import Voice

SAID = frozenset({AnswerState.ANSWERED, AnswerState.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class Stance:
    """What one voice says about a question; `share` (0 to 1) where its answer earns one, else None."""

    voice: Voice
    answer: Answer
    share: Fraction | None
    differs: bool  # from the consolidated answer, where both say something


@dataclass(frozen=True, slots=True)
class Difference:
    """One question with all that is said about it.

    `share` is that of the consolidated answer. `spread` is the highest share of all, the consolidated one included,
    minus the lowest; None with fewer than two.
    """

    question: QuestionId
    answer: Answer
    share: Fraction | None
    stances: tuple[Stance, ...]
    spread: Fraction | None

    @property
    def disagrees(self) -> bool:
        """Whether some voice says something else than the consolidated answer."""
        return any(stance.differs for stance in self.stances)

    @property
    def is_split(self) -> bool:
        """Whether the voices differ from each other, or from the consolidated answer."""
        return self.disagrees or len({_said(stance.answer) for stance in self.stances if _speaks(stance.answer)}) > 1


def differences(
    checklist: Checklist,
    answers: Mapping[QuestionId, Answer],
    positions: Iterable[Position],
    *,
    standing: Mapping[QuestionId, Standing],
) -> tuple[Difference, ...]:
    """Every question that is asked and that some voice spoke about, in the checklist's order.

    A voice speaks about a question when it answers, or calls it not applicable. Comments alone make no difference.
    """
    positions = tuple(positions)
    found = []
    for _, theme in checklist.themes():
        for question in theme.questions:
            if standing[question.id] in NEVER_ASKED:
                continue
            spoken = [(one.voice, one.answers[question.id]) for one in positions if question.id in one.answers]
            spoken = [(voice, answer) for voice, answer in spoken if _speaks(answer)]
            if spoken:
                found.append(_difference(question, answers.get(question.id, UNANSWERED), spoken))
    return tuple(found)


def levels_apart(question: Question, difference: Difference) -> int | None:
    """How many levels lie between the lowest and the highest rating; None where fewer than two rate."""
    places = [level.value for level in question.scale.levels] if question.scale else []
    said = [difference.answer, *(stance.answer for stance in difference.stances)]
    found = [places.index(one.value) for one in said if isinstance(one.value, int) and one.value in places]
    return max(found) - min(found) if len(found) > 1 else None


def _difference(question: Question, answer: Answer, spoken: list[tuple[Voice, Answer]]) -> Difference:
    stances = tuple(
        Stance(voice, said, _share(question, said), _speaks(answer) and _said(said) != _said(answer))
        for voice, said in spoken
    )
    share = _share(question, answer)
    shares = [one for one in (share, *(stance.share for stance in stances)) if one is not None]
    return Difference(question.id, answer, share, stances, max(shares) - min(shares) if len(shares) > 1 else None)


def _speaks(answer: Answer) -> bool:
    return answer.counted_state in SAID


def _said(answer: Answer) -> tuple[AnswerState, object]:
    """The state and, for an answer, its value: what two answers must share to say the same."""
    state = answer.counted_state
    return state, answer.value if state is AnswerState.ANSWERED else None


def _share(question: Question, answer: Answer) -> Fraction | None:
    if answer.counted_state is not AnswerState.ANSWERED or answer.value is None:
        return None
    amount = earned(question, answer.value)
    return None if amount is None else amount.share
