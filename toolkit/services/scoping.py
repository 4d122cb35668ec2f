"""What is said about a whole assessment: how its themes relate to the mandate, and what is known about the subject."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import Permission
from toolkit.domain.assessment import FactValue, Mandate, State, ThemeScope
from toolkit.domain.checking import LIMITS, UnsuitableText, clean_text
from toolkit.domain.checklist import Checklist, Fact, Kind, ThemeId
from toolkit.domain.errors import AssessmentClosed, InvalidInput, NotAllowed, Problem
from toolkit.services.changing import record_change
from toolkit.services.opening import OpenAssessment, load
from toolkit.services.viewers import Viewer
from toolkit.storage.answer_text import plain
from toolkit.storage.assessments import ThemeScopeRecord
from toolkit.storage.db import db, transaction


def set_scope(assessment_id: UUID, scope: Mapping[ThemeId, ThemeScope], *, viewer: Viewer, now: datetime) -> None:
    """Say how the given themes relate to the mandate; the others stay as they are.

    Raises NotFound, NotAllowed, AssessmentClosed, InvalidInput. What is said already is no change.
    """
    with transaction():
        scope_in(assessment_id, scope, viewer=viewer, now=now)


def scope_in(assessment_id: UUID, scope: Mapping[ThemeId, ThemeScope], *, viewer: Viewer, now: datetime) -> None:
    """The same inside a unit of work."""
    opened = _open_for_scoping(assessment_id, viewer, now)
    clean = _clean_scope(opened.checklist, scope)
    stands = opened.assessment.scope
    new = {theme: one for theme, one in clean.items() if stands.get(theme) != one}
    if not new:
        return
    table = ThemeScopeRecord
    gone = sa.delete(table).where(table.assessment_id == assessment_id, table.theme_id.in_(new))
    db.session.execute(gone)
    rows = [
        {"assessment_id": assessment_id, "theme_id": theme, "mandate": one.mandate, "reason": one.reason}
        for theme, one in new.items()
    ]
    db.session.execute(sa.insert(table), rows)
    _record(
        opened,
        "scope_set",
        viewer,
        now,
        details={theme: str(one.mandate) for theme, one in new.items()},
        text=json.dumps({theme: one.reason for theme, one in new.items()}, ensure_ascii=False, sort_keys=True),
    )


def set_facts(assessment_id: UUID, facts: Mapping[str, FactValue], *, viewer: Viewer, now: datetime) -> None:
    """Say what is known about the subject; a fact that is left out is not known.

    Raises NotFound, NotAllowed, AssessmentClosed, InvalidInput. What is said already is no change.
    """
    with transaction():
        opened = _open_for_scoping(assessment_id, viewer, now)
        stored = check_facts(opened.checklist, facts)
        if dict(facts) == dict(opened.assessment.facts):
            return
        text = json.dumps(stored, ensure_ascii=False, sort_keys=True)
        _record(opened, "facts_set", viewer, now, changes={"facts": stored}, text=text)


def check_facts(checklist: Checklist, facts: Mapping[str, FactValue]) -> dict[str, object]:
    """Facts as they are stored. Raises InvalidInput."""
    problems = tuple(_fact_problems(checklist, facts))
    if problems:
        raise InvalidInput("What is known about the subject", problems)
    return {name: plain(value) for name, value in facts.items()}


def _fact_problems(checklist: Checklist, facts: Mapping[str, FactValue]) -> Iterator[Problem]:
    known = {fact.id: fact for fact in checklist.facts}
    for name, value in facts.items():
        if name not in known:
            yield Problem(name, "The checklist does not ask for this.")
        elif not _suits(known[name], value):
            yield Problem(name, "Choose one of the answers on offer.")


def _suits(fact: Fact, value: FactValue) -> bool:
    if fact.kind is Kind.YES_NO:
        return isinstance(value, bool)
    if fact.kind is Kind.NUMBER:
        return isinstance(value, Decimal) and value.is_finite() and abs(value) < Decimal(10) ** 15
    return isinstance(value, str) and value in {option.id for option in fact.options}


def _clean_scope(checklist: Checklist, scope: Mapping[ThemeId, ThemeScope]) -> dict[ThemeId, ThemeScope]:
    problems: list[Problem] = []
    clean: dict[ThemeId, ThemeScope] = {}
    for theme_id, one in scope.items():
        if theme_id not in checklist.theme_index:
            problems.append(Problem(theme_id, "The checklist does not have this theme."))
            continue
        part, _ = checklist.theme_index[theme_id]
        if one.mandate is Mandate.OUTSIDE and not part.scored:
            problems.append(Problem(theme_id, "This section is always part of the assessment."))
            continue
        try:
            reason = clean_text(one.reason, LIMITS.reason).strip()
        except UnsuitableText as error:
            problems.append(Problem(theme_id, str(error)))
            continue
        if one.mandate is Mandate.OUTSIDE and not reason:
            problems.append(Problem(theme_id, "Say why this theme is outside the mandate."))
        clean[theme_id] = ThemeScope(one.mandate, reason)
    if problems:
        raise InvalidInput("The scope", tuple(problems))
    return clean


def _open_for_scoping(assessment_id: UUID, viewer: Viewer, now: datetime) -> OpenAssessment:
    opened = load(assessment_id, viewer=viewer, now=now, lock=True)
    if not opened.may(Permission.SCOPE_MANDATE):
        raise NotAllowed
    if opened.discarded_at is not None:
        raise AssessmentClosed("discarded")
    if opened.assessment.state is not State.DRAFT:
        raise AssessmentClosed(opened.assessment.state)
    return opened


def _record(
    opened: OpenAssessment,
    kind: str,
    viewer: Viewer,
    now: datetime,
    *,
    details: Mapping[str, str] | None = None,
    changes: Mapping[str, object] | None = None,
    text: str = "",
) -> None:
    record_change(
        opened.id,
        kind,
        state=opened.assessment.state,
        chain_seq=opened.chain_seq,
        chain_head=opened.assessment.chain_head,
        by=viewer.person_id,
        at=now,
        details=details,
        changes=changes,
        text=text,
    )
