"""What the page shows on which a sheet is looked at, and what was chosen there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.domain.answers import Answer
from toolkit.domain.checking import check
from toolkit.domain.checklist import Question, QuestionId, Theme
from toolkit.domain.errors import AnswerConflict
from toolkit.forms.questionnaire import Keep, together
from toolkit.services.sheets import RowConflict, RowProblem, SheetComparison
from toolkit.web.answer_changes import MAX_WORDS, Change, changes
from toolkit.web.answer_words import as_text

MANY_CHANGES = 20
MANY_CHANGES_WORDS = 400


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One answer that a sheet changes, word by word; `missing` says what it still lacks to count."""

    theme: Theme
    question: Question
    changes: tuple[Change, ...]
    missing: str


@dataclass(frozen=True, slots=True)
class ConflictShown:
    """Two answers to choose from. `may_join` says whether the saved one has a text that the other has not, `choice`
    what was chosen when the page came back because of another one.
    """

    theme: Theme
    question: Question
    conflict: AnswerConflict
    theirs: list[tuple[str, str]]
    yours: list[tuple[str, str]]
    may_join: bool
    choice: str
    problem: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A sheet that came back, as it is looked at before anything is kept."""

    changes: tuple[ChangeShown, ...]
    conflicts: tuple[ConflictShown, ...]
    problems: tuple[RowProblem, ...]
    refused: tuple[Question, ...]
    unchanged: int

    @property
    def undecided(self) -> list[tuple[str, str]]:
        """Anchor and message of what is still to choose, for the summary on top."""
        return [(f"q-{one.question.id}", one.problem) for one in self.conflicts if one.problem]


def sheet_page(
    found: SheetComparison, undecided: frozenset[QuestionId] = frozenset(), sent: Mapping[str, str] | None = None
) -> SheetPage:
    """The page of a comparison; `undecided` are conflicts that somebody has yet to choose about, `sent` what came."""
    # Many long texts are shown as wholly replaced, so that the page is there in a moment.
    words = MANY_CHANGES_WORDS if len(found.changes) > MANY_CHANGES else MAX_WORDS
    return SheetPage(
        tuple(
            ChangeShown(
                one.theme,
                one.question,
                changes(one.question, one.old, one.new, max_words=words),
                "".join(problem.message for problem in check([one.question], {one.question.id: one.new})),
            )
            for one in found.changes
        ),
        tuple(_conflict(one, one.question.id in undecided, sent or {}) for one in found.conflicts),
        found.problems,
        found.refused,
        found.unchanged,
    )


def _conflict(one: RowConflict, is_undecided: bool, sent: Mapping[str, str]) -> ConflictShown:
    question, conflict = one.question, one.conflict
    return ConflictShown(
        one.theme,
        question,
        conflict,
        as_text(question, conflict.current),
        as_text(question, conflict.yours),
        _joined(one) not in (None, conflict.yours),
        "" if is_undecided else _choice(one, sent),
        "Choose which answer stays." if is_undecided else "",
    )


def chosen(
    found: SheetComparison, sent: Mapping[str, str]
) -> tuple[dict[QuestionId, tuple[Answer, int]], frozenset[QuestionId]]:
    """The answers to keep, each with the revision it was compared with; and the conflicts still to choose about.

    A choice counts for the very version that was looked at: where somebody saved again since, it is asked anew.
    """
    answers = {one.question.id: (one.new, one.revision) for one in found.changes}
    undecided = set()
    for one in found.conflicts:
        name, revision = one.question.id, one.conflict.revision
        choice = _choice(one, sent)
        joined = _joined(one)
        if choice == Keep.MINE:
            answers[name] = (one.conflict.yours, revision)
        elif choice == Keep.BOTH and joined is not None:
            answers[name] = (joined, revision)
        elif choice != Keep.THEIRS:
            undecided.add(name)
    return answers, frozenset(undecided)


def _choice(one: RowConflict, sent: Mapping[str, str]) -> str:
    """What was chosen about the very version that stands; empty where nothing was."""
    name = one.question.id
    return sent.get(f"keep_{name}", "") if sent.get(f"seen_{name}") == str(one.conflict.revision) else ""


def _joined(one: RowConflict) -> Answer | None:
    """Both texts together; None where they are too long for that."""
    both = together(one.question, one.conflict.current, one.conflict.yours)
    wrong = any(problem.kind == "wrong" for problem in check([one.question], {one.question.id: both}))
    return None if wrong else both
