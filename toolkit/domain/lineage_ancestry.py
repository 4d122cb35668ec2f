"""Which question came from which, what became of it, and the bump that it makes due.

The newer version says what became of a question (`was`, `retired`); here that is held against what the two
versions really say (DESIGN.md, section 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from toolkit.domain.checklist import Change, Checklist, Question, QuestionId, ThemeId
from toolkit.domain.errors import Problem
from toolkit.domain.lineage_aspects import Differences, differences


class Bump(StrEnum):
    """Which of the three numbers of a version must go up."""

    NONE = "none"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"

    @property
    def rank(self) -> int:
        """None is 0, major is 3."""
        return list(Bump).index(self)


BUMP_FOR: dict[Change, Bump] = {
    Change.SAME: Bump.NONE,
    Change.REWORDED: Bump.PATCH,
    Change.NEW: Bump.MINOR,
    Change.RETIRED: Bump.MINOR,
    Change.REVISED: Bump.MAJOR,
    Change.SPLIT: Bump.MAJOR,
    Change.MERGED: Bump.MAJOR,
    Change.MOVED: Bump.MAJOR,
}
SINGLE = (Change.SAME, Change.REWORDED, Change.MOVED, Change.REVISED)  # from the mildest to the strongest


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """What became of one question. `question` is its newer name, that of a retired one its older.

    `was` are the older names, none for a new question. `differs` names what is not as it was.
    """

    question: QuestionId
    change: Change
    was: tuple[QuestionId, ...]
    theme: ThemeId
    bump: Bump
    differs: tuple[str, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True)
class OtherChange:
    """A difference outside the questions: a weight of a theme, the method, a title."""

    path: str
    bump: Bump


@dataclass(frozen=True)
class Diff:
    """The way from one version to the next. `given` is the bump that the version numbers show."""

    older: str
    newer: str
    changes: tuple[QuestionChange, ...]
    others: tuple[OtherChange, ...]
    due: Bump
    given: Bump
    problems: tuple[Problem, ...]

    def of(self, question_id: QuestionId) -> QuestionChange:
        """What became of the question of that newer (or, where retired, older) name. Raises KeyError."""
        for change in self.changes:
            if change.question == question_id:
                return change
        raise KeyError(question_id)


def bump_between(older: str, newer: str) -> Bump:
    """Which number of the version went up; none where it did not."""
    before, after = _numbers(older), _numbers(newer)
    if after <= before:
        return Bump.NONE
    for index, bump in enumerate((Bump.MAJOR, Bump.MINOR)):
        if after[index] > before[index]:
            return bump
    return Bump.PATCH


def least_version(older: str, bump: Bump) -> str:
    """The lowest version number after `older` that shows the bump."""
    major, minor, patch = _numbers(older)
    versions = {
        Bump.NONE: (major, minor, patch),
        Bump.PATCH: (major, minor, patch + 1),
        Bump.MINOR: (major, minor + 1, 0),
        Bump.MAJOR: (major + 1, 0, 0),
    }
    return ".".join(map(str, versions[bump]))


def strongest(bumps: Iterable[Bump]) -> Bump:
    """The greatest of several bumps."""
    return max(bumps, key=lambda bump: bump.rank, default=Bump.NONE)


def _numbers(version: str) -> tuple[int, int, int]:
    major, minor, patch = (int(part) for part in version.split("."))
    return major, minor, patch


class Ancestry:
    """Who came from whom, by the newer version's own account."""

    def __init__(self, older: Checklist, newer: Checklist) -> None:
        self.older = older
        self.newer = newer
        self.was: dict[QuestionId, tuple[QuestionId, ...]] = {}
        self.successors: dict[QuestionId, list[QuestionId]] = {}
        for _, _, question in newer.questions():
            claimed = question.was.questions if question.was else (question.id,)
            self.was[question.id] = tuple(name for name in claimed if name in older.question_index)
            for name in self.was[question.id]:
                self.successors.setdefault(name, []).append(question.id)

    @property
    def renamed(self) -> dict[QuestionId, QuestionId]:
        """The newer name of each older question that went on as exactly one."""
        return {name: found[0] for name, found in self.successors.items() if len(found) == 1}

    def differences(self, question: Question) -> Differences | None:
        """How a question differs from the single one that it was; None where it was none or several."""
        names = self.was[question.id]
        if len(names) != 1:
            return None
        before_part, before_theme, before = self.older.question_index[names[0]]
        part, theme, _ = self.newer.question_index[question.id]
        moved = (before_part.id, before_theme.id) != (part.id, theme.id)
        return differences(before, question, moved=moved, renamed=self.renamed)

    def change(self, question: Question) -> QuestionChange:
        """What became of a question that the newer version asks: the stronger of what it claims and what is seen."""
        was, names = question.was, self.was[question.id]
        theme = self.newer.question_index[question.id][1].id
        if not names:
            return QuestionChange(question.id, Change.NEW, (), theme, BUMP_FOR[Change.NEW])
        claimed = was.change if was else Change.SAME
        seen = self.differences(question)
        change = claimed
        bump = Bump.NONE
        if seen is not None:
            if claimed in SINGLE:
                change = max(claimed, seen.found, key=SINGLE.index)
            bump = _bump_of(seen)
        bump = strongest((bump, BUMP_FOR[change]))
        because = was.because if was else ""
        return QuestionChange(question.id, change, names, theme, bump, seen.names if seen else (), because)

    def changes(self) -> Iterator[QuestionChange]:
        """Every question of the newer version in order, then those of the older one that are gone."""
        for _, _, question in self.newer.questions():
            yield self.change(question)
        because = {one.id: one.because for one in self.newer.retired}
        for _, theme, question in self.older.questions():
            if question.id not in self.successors:
                bump = BUMP_FOR[Change.RETIRED]
                reason = because.get(question.id, "")
                yield QuestionChange(question.id, Change.RETIRED, (question.id,), theme.id, bump, (), reason)


def _bump_of(seen: Differences) -> Bump:
    if seen.counts:
        return Bump.MAJOR
    if seen.asks:
        return Bump.MINOR
    return Bump.PATCH if seen.notes or seen.words else Bump.NONE
