"""Where the account that a newer version gives of itself does not agree with the two versions."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.domain.checklist import Change, Question
from toolkit.domain.errors import Problem
from toolkit.domain.lineage_ancestry import Ancestry, Bump, bump_between, least_version
from toolkit.domain.lineage_aspects import Differences


def lineage_problems(ancestry: Ancestry, due: Bump, reasons: tuple[str, ...]) -> Iterator[Problem]:
    """Every contradiction. `reasons` are the changes that make `due` due."""
    yield from _versions(ancestry, due, reasons)
    for _, _, question in ancestry.newer.questions():
        if not question.is_improvement:
            yield from _claim(ancestry, question)
    yield from _families(ancestry)
    yield from _gone(ancestry)


def _versions(ancestry: Ancestry, due: Bump, reasons: tuple[str, ...]) -> Iterator[Problem]:
    older, newer = ancestry.older, ancestry.newer
    if older.id != newer.id:
        yield Problem("id", f"These are two checklists, {older.id} and {newer.id}, not two versions of one.")
    if newer.follows != older.version:
        said = f"`follows` says {newer.follows}" if newer.follows else "`follows` is missing"
        yield Problem("follows", f"The version before is {older.version}; {said}.")
    given = bump_between(older.version, newer.version)
    if given.rank < max(due.rank, Bump.PATCH.rank):
        least = least_version(older.version, due if due is not Bump.NONE else Bump.PATCH)
        why = f" ({due}: {', '.join(reasons[:5])}{' …' if len(reasons) > 5 else ''})" if reasons else ""
        yield Problem("version", f"After {older.version} this must be {least} or higher{why}, not {newer.version}.")


def _claim(ancestry: Ancestry, question: Question) -> Iterator[Problem]:
    path = f"questions.{question.id}.was"
    older = ancestry.older
    if question.was is None:
        if question.id in {one.id for one in older.retired}:
            yield Problem(path, f"`{question.id}` was retired in {older.version}; a name is never given again.")
    else:
        for name in question.was.questions:
            if name not in older.question_index:
                yield Problem(path, f"Version {older.version} has no question `{name}`.")
            elif older.question(name).is_improvement:
                yield Problem(path, f"`{name}` is a closing question; nothing comes from it.")
        if question.id in older.question_index and question.id not in question.was.questions:
            yield Problem(
                path, f"`{question.id}` was another question in {older.version}; a name is never given again."
            )
    seen = ancestry.differences(question)
    if seen is not None:
        message = _contradiction(question.was.change if question.was else Change.SAME, seen)
        if message:
            yield Problem(path, message)


def _contradiction(claimed: Change, seen: Differences) -> str:
    """Why a claim cannot stand; nothing where it can."""
    found = seen.found
    differs = ", ".join((*seen.meaning, *(("theme",) if seen.moved else ()), *seen.words))
    if claimed is Change.SAME and found is not Change.SAME:
        return f"It is not the same: {differs} differ. Say what became of it: `was: {{change: {_advice(found)}}}`."
    if claimed is Change.REWORDED and found in {Change.REVISED, Change.MOVED}:
        return f"More than words changed ({differs}): it is {found}."
    if claimed is Change.MOVED and found is Change.REVISED:
        return f"More than its place changed ({differs}): it is revised."
    if claimed is Change.MOVED and not seen.moved:
        return "It stands where it stood, so it was not moved."
    if claimed in {Change.REWORDED, Change.REVISED} and found is Change.SAME:
        return f"Nothing in its words or meaning differs, so it was not {claimed}."
    return ""


def _advice(found: Change) -> str:
    return "reworded (or revised, where the meaning changed)" if found is Change.REWORDED else str(found)


def _families(ancestry: Ancestry) -> Iterator[Problem]:
    """A question with several successors was split; one that was split has several; merged ones have no others."""
    newer = ancestry.newer
    for name, successors in ancestry.successors.items():
        claims = {one: newer.question(one).was for one in successors}
        if len(successors) > 1:
            for one, was in claims.items():
                if was is None or was.change not in {Change.SPLIT, Change.MERGED}:
                    others = ", ".join(f"`{other}`" for other in successors if other != one)
                    yield Problem(f"questions.{one}.was", f"`{name}` also became {others}: it was split.")
        else:
            was = claims[successors[0]]
            if was is not None and was.change is Change.SPLIT:
                yield Problem(
                    f"questions.{successors[0]}.was", f"`{name}` became this question alone: it was not split."
                )


def _gone(ancestry: Ancestry) -> Iterator[Problem]:
    older, newer = ancestry.older, ancestry.newer
    retired = {one.id for one in newer.retired}
    for _, _, question in older.questions():
        if question.id not in ancestry.successors and question.id not in retired and not question.is_improvement:
            message = f"`{question.id}` is gone: name it in the `was` of what it became, or under `retired`."
            yield Problem("retired", message)
    for name in retired:
        if name not in older.question_index:
            yield Problem("retired", f"Version {older.version} has no question `{name}`.")
