"""The range over the voices: the whole calculation with every answered question at its lowest, then highest, voice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from toolkit.domain.answers import AnswerState
from toolkit.domain.assessment import Assessment
from toolkit.domain.calculation import Item, calculate, sheet
from toolkit.domain.checklist import Checklist, ObjectiveId, QuestionId, Track
from toolkit.domain.positions import Position
from toolkit.domain.routing import asked
from toolkit.domain.scoring import earnings
from toolkit.domain.shares import Amount, earned


@dataclass(frozen=True, slots=True)
class Reach:
    """From the lowest share to the highest, 0 to 1."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class VoicesRange:
    """Where the index would lie with the voices; None where there is no score."""

    overall: Reach | None
    objectives: tuple[tuple[ObjectiveId, Reach | None], ...]

    def of(self, part: ObjectiveId) -> Reach | None:
        """The range of one objective; None for a part that has none."""
        return dict(self.objectives).get(part)


def voices_range(checklist: Checklist, assessment: Assessment) -> VoicesRange | None:
    """The range over the consolidated answers and all voices whose position is told (DESIGN.md, section 3, rule 6).

    Every core rating that the consolidated answers rate is taken at the lowest, then at the highest share that any
    voice gives it; what they leave open or call not applicable stays as it is, and routing is not run again. So each
    range holds the score itself. None where no voice rates any such question, and in a scan, which has no scores.
    """
    told = [one for one in assessment.positions if one.is_told]
    given = {"track": assessment.track, "scope": assessment.scope, "facts": assessment.facts}
    standing = asked(checklist, assessment.answers, **given)  # type: ignore[arg-type]  # the keys are its own
    laid_out = sheet(
        checklist, earnings(checklist, assessment.answers, standing), standing, checklist.method.not_applicable
    )
    rated = {
        item.question.id: [amount for one in told if (amount := _amount(item, one)) is not None]
        for part in laid_out.objectives
        for theme in part.themes
        for item in theme.items
        if item.amount is not None and not item.is_set_aside and item.level is not None
    }
    if assessment.track is Track.SCAN or not any(rated.values()):
        return None
    low, high = (calculate(laid_out, _at(rated, pick)) for pick in (min, max))
    return VoicesRange(
        _reach(low.overall, high.overall),
        tuple((part, _reach(low.objectives[part], high.objectives[part])) for part in low.objectives),
    )


def _at(rated: Mapping[QuestionId, list[Amount]], pick: Callable[..., Amount]) -> Callable[[Item], Amount | None]:
    def amount(item: Item) -> Amount | None:
        said = rated.get(item.question.id, [])
        return pick([item.amount, *said], key=_share) if item.amount is not None and said else item.amount

    return amount


def _share(amount: Amount) -> Fraction:
    return amount.share


def _amount(item: Item, position: Position) -> Amount | None:
    answer = position.answers.get(item.question.id)
    if answer is None or answer.counted_state is not AnswerState.ANSWERED or answer.value is None:
        return None
    return earned(item.question, answer.value)


def _reach(low: Amount | None, high: Amount | None) -> Reach | None:
    return None if low is None or high is None else Reach(low.share, high.share)
