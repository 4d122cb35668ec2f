"""What changed from one version of a checklist to the next, and which bump of the version is due."""

from __future__ import annotations

from toolkit.domain.checklist import Change, Checklist
from toolkit.domain.lineage_ancestry import Ancestry, Bump, Diff, QuestionChange, bump_between, strongest
from toolkit.domain.lineage_problems import lineage_problems
from toolkit.domain.lineage_structure import same_content, structural_changes


def diff(older: Checklist, newer: Checklist) -> Diff:
    """What became of every question, what else changed, which bump is due, and what does not add up.

    Major: revised, split, merged, moved, or any change of weight, condition, tier rule, policy, threshold or band
    rule, or a question that enters or leaves the core. Minor: new, retired. Patch: words and notes.
    Problems are told, never raised: a claim that the versions contradict, a smaller bump than is due, an older
    question without an account, a name given again.
    """
    ancestry = Ancestry(older, newer)
    changes = tuple(ancestry.changes())
    others = tuple(sorted(structural_changes(older, newer), key=lambda other: other.path))
    due = strongest([*(one.bump for one in changes), *(other.bump for other in others)])
    if due is Bump.NONE and not same_content(older, newer):
        due = Bump.PATCH  # something without a name of its own: the order of questions, a scale that nobody uses
    reasons = (
        *(f"{one.question} {_in_words(one)}" for one in changes if one.bump is due and due is not Bump.NONE),
        *(other.path for other in others if other.bump is due),
    )
    problems = tuple(lineage_problems(ancestry, due, reasons))
    given = bump_between(older.version, newer.version)
    return Diff(older.version, newer.version, changes, others, due, given, problems)


def _in_words(change: QuestionChange) -> str:
    return str(change.change) if change.change is not Change.SAME else f"with another {', '.join(change.differs)}"
