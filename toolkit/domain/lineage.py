"""From version to version: what changed, what of the answers goes along, and what can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.checking import check
from toolkit.domain.checklist import Change, Checklist, Question, QuestionId
from toolkit.domain.lineage_ancestry import Ancestry, Bump, Diff, OtherChange, QuestionChange
from toolkit.domain.lineage_diff import diff
from toolkit.domain.lineage_likeness import ComparedFigure, LikeForLike, Pair, Undrawn, comparable, like_for_like

__all__ = [
    "Bump",
    "CarriedOver",
    "ComparedFigure",
    "Diff",
    "LikeForLike",
    "Offer",
    "OtherChange",
    "Pair",
    "QuestionChange",
    "Undrawn",
    "carry_over",
    "comparable",
    "diff",
    "like_for_like",
]


@dataclass(frozen=True, slots=True)
class Offer:
    """A question that somebody must confirm. `earlier` are the older answers behind it.

    `proposed` is an answer to start from, where there is exactly one and its value is still on offer; else None.
    """

    question: QuestionId
    change: Change
    earlier: tuple[tuple[QuestionId, Answer], ...]
    proposed: Answer | None


@dataclass(frozen=True)
class CarriedOver:
    """What of older answers goes along: `kept` as they are, `offered` for confirmation, `left` behind for good."""

    kept: Mapping[QuestionId, Answer]
    offered: tuple[Offer, ...]
    left: Mapping[QuestionId, Answer]


def carry_over(older: Checklist, newer: Checklist, answers: Mapping[QuestionId, Answer]) -> CarriedOver:
    """Sort the answers of a draft for the newer version: every one of them is kept, offered or left.

    Kept are those to questions that stayed the same. Offered, in the order of the newer version, is every question
    that came from an answered one in any other way. Left are answers to retired questions.
    Raises nothing for answers to questions that the older version does not have: they are left.
    """
    ancestry = Ancestry(older, newer)
    kept: dict[QuestionId, Answer] = {}
    offered: list[Offer] = []
    for _, _, question in newer.questions():
        change = ancestry.change(question)
        earlier = tuple((name, answers[name]) for name in change.was if name in answers)
        if not earlier:
            continue
        if change.change is Change.SAME:
            kept[question.id] = earlier[0][1]
        else:
            offered.append(Offer(question.id, change.change, earlier, _proposed(question, change, earlier)))
    left = {name: answer for name, answer in answers.items() if name not in ancestry.successors}
    return CarriedOver(kept, tuple(offered), left)


def _proposed(
    question: Question, change: QuestionChange, earlier: tuple[tuple[QuestionId, Answer], ...]
) -> Answer | None:
    """The one older answer; where its value is no longer on offer, only its comment and evidence."""
    if len(change.was) != 1:
        return None
    answer = earlier[0][1]
    if any(problem.kind == "wrong" for problem in check((question,), {question.id: answer})):
        return replace(answer, state=AnswerState.UNANSWERED, value=None)
    return answer
