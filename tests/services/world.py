"""People, spaces and assessments for the tests of services, made through the services themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.builders import answered
from toolkit.domain.access import SITE, Role, Scope, SpaceKind, space_scope
from toolkit.domain.assessment import SignOff, Subject, SubjectKind
from toolkit.domain.checklist import Track
from toolkit.services import assessments, spaces
from toolkit.services.accounts import add_person, give_role, set_password, viewer_of
from toolkit.services.viewers import Viewer
from toolkit.storage.db import transaction

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
PASSWORD = "seven quiet rivers"


def a_person(
    name: str = "Ada Example", *, role: Role | None = None, scope: Scope = SITE, now: datetime = NOW
) -> Viewer:
    """Somebody with an account and perhaps a role; the address follows from the name."""
    email = f"{name.lower().replace(' ', '.')}@example.org"
    with transaction():
        person_id = add_person(name, email, now=now, joined=True)
        if role is not None:
            give_role(person_id, role, scope, by=None, now=now)
    return viewer_of(person_id, now=now)


def with_password(viewer: Viewer, password: str = PASSWORD, now: datetime = NOW) -> Viewer:
    """The same person, who can sign in."""
    with transaction():
        set_password(viewer.person_id, password, now=now)
    return viewer


def an_administrator(name: str = "Root Example") -> Viewer:
    """An administrator of the site."""
    return a_person(name, role=Role.ADMINISTRATOR)


def a_space(name: str = "Example Organization") -> UUID:
    """A space that its administrator has no role in."""
    administrator = an_administrator(f"Administrator of {name}")
    return spaces.create_space(name, SpaceKind.ORGANIZATION, "", "", by=administrator.person_id, now=NOW, as_lead=False)


def in_space(space_id: UUID, role: Role, name: str = "") -> Viewer:
    """Somebody with a role in a space."""
    return a_person(name or f"{role.value.replace('_', ' ').title()} Example", role=role, scope=space_scope(space_id))


def a_draft(space_id: UUID, viewer: Viewer, **given: Any) -> UUID:
    """A draft on the tiny checklist, without sign-off unless told otherwise."""
    defaults: dict[str, Any] = {
        "subject": Subject("Example Organization", SubjectKind.ORGANIZATION, "Example Organization"),
        "checklist_id": "tiny",
        "version": "1.0.0",
        "track": Track.CORE,
        "sign_off": SignOff.NONE,
        "title": "",
        "facts": {},
        "now": NOW,
    }
    return assessments.start(space_id=space_id, by=viewer.person_id, **(defaults | given))


COMPLETE = {
    "youth_strategy": answered(3),
    "youth_budget": answered(2),
    "skills_plan": answered(4),
    "safety_policy": answered(1),
    "safety_offices": answered(True),
    "set_up_unit": answered("The policy unit"),
}


def answer_all(assessment_id: UUID, viewer: Viewer, now: datetime = NOW, **other: Any) -> None:
    """Answer every question of the tiny checklist."""
    revisions = assessments.open_assessment(assessment_id, viewer=viewer, now=now).answer_revisions
    answers = {question: (answer, revisions.get(question, 0)) for question, answer in (COMPLETE | other).items()}
    outcome = assessments.save_answers(assessment_id, answers, viewer=viewer, now=now)
    assert outcome.conflicts == ()
