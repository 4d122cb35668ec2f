"""What goes into a sheet that is about to be made: whose questions, with the answers that stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from toolkit.domain.answers import Answer
from toolkit.domain.checklist import Checklist, Condition, Question, QuestionId, Theme
from toolkit.domain.sheets import Sheet, answer_of, cells_of, digest_of, says_the_same

MAX_UNITS = 32_767  # UTF-16 code units that a cell of Excel holds


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One question with the answer that stands, of which there is `revision`; 0 where there is none."""

    theme: Theme
    question: Question
    answer: Answer
    revision: int


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A sheet to be made. `voice` and `voice_name` are empty for the consolidated voice.

    `left_out` are questions whose answer is longer than a cell holds. `groups` are those that a workshop has.
    """

    checklist: Checklist
    assessment: str
    title: str
    subject: str
    voice: str
    voice_name: str
    made_at: datetime
    rows: tuple[PlannedRow, ...]
    left_out: tuple[Question, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def about(self) -> dict[str, str]:
        """What the sheet says about itself, for the way back."""
        return {
            "checklist": self.checklist.id,
            "version": self.checklist.version,
            "digest": self.checklist.digest,
            "assessment": self.assessment,
            "voice": self.voice,
            "made_at": self.made_at.isoformat(),
        }


def fitting(rows: Iterable[PlannedRow]) -> tuple[tuple[PlannedRow, ...], tuple[Question, ...]]:
    """The rows that fit into cells, and the questions of those that do not."""
    fit, left_out = [], []
    for row in rows:
        if all(units(text) <= MAX_UNITS for text in cells_of(row.question, row.answer).values()):
            fit.append(row)
        else:
            left_out.append(row.question)
    return tuple(fit), tuple(left_out)


def gates_of(condition: Condition | None) -> Iterator[QuestionId]:
    """The questions that a condition looks at."""
    source = getattr(condition, "source", None)
    if source is not None and not source.is_fact:
        yield source.id
    for inner in (*getattr(condition, "conditions", ()), getattr(condition, "condition", None)):
        if inner is not None:
            yield from gates_of(inner)


def units(text: str) -> int:
    """How long a text is for a spreadsheet program."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def reads_back(plan: SheetPlan, sheet: Sheet) -> bool:
    """Whether a sheet that was made of a plan gives its answers back, each of them and no other."""
    own = [row for row in sheet.rows if not row.group]
    return (
        sheet.about == plan.about
        and not sheet.strays
        and len(own) == len(plan.rows)
        and len(sheet.rows) == len(plan.rows) * (1 + len(plan.groups))
        and all(
            got.question == planned.question.id
            and got.revision == planned.revision
            and got.digest == digest_of(planned.question, planned.answer)
            and says_the_same(planned.question, answer_of(planned.question, got.cells, planned.answer), planned.answer)
            for got, planned in zip(own, plan.rows, strict=True)
        )
    )
