"""Who may do what: a table of roles, and how far each scope reaches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from toolkit.domain.access import (
    GRANTABLE_IN_SPACE,
    ROLE_PERMISSIONS,
    ROLE_SCOPES,
    SITE,
    Grant,
    Permission,
    Role,
    Scope,
    ScopeKind,
    assessment_scope,
    permissions,
    question_scope,
    reach,
    space_scope,
    theme_scope,
)

NOW = datetime(2026, 11, 20, tzinfo=UTC)
SPACE, OTHER_SPACE, ASSESSMENT, OTHER = (UUID(int=number) for number in range(1, 5))
P = Permission


def held(role, scope, begins_at=NOW, ends_at=None):
    return Grant(role, scope, begins_at, ends_at)


def in_assessment(*grants, now=NOW, assessment=ASSESSMENT, space=SPACE):
    return permissions(grants, space=space, assessment=assessment, now=now)


def test_every_role_has_permissions_and_places():
    assert set(ROLE_PERMISSIONS) == set(ROLE_SCOPES) == set(Role)
    assert all(ROLE_PERMISSIONS.values())
    assert all(ROLE_SCOPES.values())


def test_every_permission_belongs_to_some_role():
    assert frozenset().union(*ROLE_PERMISSIONS.values()) == frozenset(P)


def test_nobody_without_a_grant_may_do_anything():
    assert in_assessment() == frozenset()


@pytest.mark.parametrize("role", list(Role))
def test_nobody_both_answers_and_approves_by_one_role(role):
    assert not {P.ANSWER, P.APPROVE} <= ROLE_PERMISSIONS[role]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.EDITOR, Role.COORDINATOR])
def test_a_role_at_the_site_opens_no_answers(role):
    seen = {P.SEE_ASSESSMENT, P.SEE_SUBMITTED, P.ANSWER, P.DOWNLOAD, P.DOWNLOAD_SHARED}
    assert not seen & in_assessment(held(role, SITE))


def test_only_roles_of_a_space_can_be_handed_on_in_it():
    assert frozenset(Role) - {Role.ADMINISTRATOR, Role.EDITOR, Role.COORDINATOR} == GRANTABLE_IN_SPACE


def test_a_grant_holds_in_its_own_space_only():
    grant = held(Role.FOCAL_POINT, space_scope(SPACE))
    assert P.SUBMIT in in_assessment(grant)
    assert in_assessment(grant, space=OTHER_SPACE) == frozenset()


def test_a_grant_for_an_assessment_starts_no_other():
    grant = held(Role.FOCAL_POINT, assessment_scope(ASSESSMENT))
    assert P.SUBMIT in in_assessment(grant)
    assert P.START_ASSESSMENT not in in_assessment(grant)
    assert P.MANAGE_PEOPLE not in in_assessment(grant)
    assert in_assessment(grant, assessment=OTHER) == frozenset()
    assert permissions([grant], space=SPACE, now=NOW) == frozenset()


@pytest.mark.parametrize("scope", [theme_scope(ASSESSMENT, "youth"), question_scope(ASSESSMENT, "youth_budget")])
def test_a_part_of_an_assessment_can_be_seen_and_answered_and_no_more(scope):
    grant = held(Role.CONTRIBUTOR, scope)
    assert in_assessment(grant) == {P.SEE_SPACE, P.SEE_ASSESSMENT, P.ANSWER}
    lead = held(Role.FOCAL_POINT, scope)  # is refused when given; were it there all the same, it would open no more
    assert in_assessment(lead) == {P.SEE_SPACE, P.SEE_ASSESSMENT, P.ANSWER}


@pytest.mark.parametrize(
    ("now", "holds"),
    [
        (NOW - timedelta(seconds=1), False),
        (NOW, True),
        (NOW + timedelta(days=1) - timedelta(microseconds=1), True),
        (NOW + timedelta(days=1), False),
    ],
)
def test_a_grant_holds_from_its_begin_until_just_before_its_end(now, holds):
    grant = held(Role.DEPUTY, space_scope(SPACE), ends_at=NOW + timedelta(days=1))
    assert bool(in_assessment(grant, now=now)) is holds


def test_reach_adds_themes_and_questions():
    grants = [
        held(Role.CONTRIBUTOR, theme_scope(ASSESSMENT, "youth")),
        held(Role.CONTRIBUTOR, question_scope(ASSESSMENT, "safety_policy")),
        held(Role.CONTRIBUTOR, theme_scope(OTHER, "skills")),
        held(Role.READER, space_scope(SPACE)),
    ]
    found = reach(grants, P.ANSWER, space=SPACE, assessment=ASSESSMENT, now=NOW)
    assert not found.everywhere
    assert found.includes("youth", "anything")
    assert found.includes("safety", "safety_policy")
    assert not found.includes("skills", "skills_plan")


def test_a_wide_grant_reaches_everywhere():
    grants = [held(Role.CONTRIBUTOR, theme_scope(ASSESSMENT, "youth")), held(Role.DEPUTY, space_scope(SPACE))]
    assert reach(grants, P.ANSWER, space=SPACE, assessment=ASSESSMENT, now=NOW).everywhere


def test_the_parts_of_a_scope():
    scope = theme_scope(ASSESSMENT, "youth")
    assert (scope.assessment, scope.part) == (str(ASSESSMENT), "youth")
    assert (SITE.assessment, SITE.part) == ("", "")
    assert Scope(ScopeKind.SPACE, str(SPACE)).assessment == ""


def test_whoever_sees_a_whole_assessment_sees_the_figures_that_were_submitted_not_newer_ones():
    for role, allowed in ROLE_PERMISSIONS.items():
        assert Permission.SEE_ASSESSMENT not in allowed or Permission.SEE_SUBMITTED in allowed, role
