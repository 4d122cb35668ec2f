"""Who may read and write the answers of which voice."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from toolkit.domain.access import (
    Grant,
    Role,
    Scope,
    assessment_scope,
    question_scope,
    space_scope,
    theme_scope,
    voice_scope,
)
from toolkit.domain.voices import (
    SPEAK_FOR_THEMSELVES,
    Voice,
    VoiceKind,
    answerable_questions,
    own_voices,
    visible_answers,
)

NOW = datetime(2026, 11, 20, tzinfo=UTC)
SPACE, ASSESSMENT, UNIT, OTHER = uuid4(), uuid4(), uuid4(), uuid4()
PLACE = {"space": SPACE, "assessment": ASSESSMENT, "now": NOW}
A_UNIT = Voice(UNIT, VoiceKind.UNIT, "Field office")


def grants(role: Role, *scopes: Scope) -> tuple[Grant, ...]:
    return tuple(Grant(role, scope, NOW) for scope in scopes)


def test_whoever_answers_for_a_unit_reaches_nothing_of_the_consolidated_voice():
    held = grants(Role.CONTRIBUTOR, theme_scope(ASSESSMENT, "youth", UNIT))
    assert answerable_questions(held, A_UNIT, **PLACE).includes("youth", "youth_strategy")
    assert not answerable_questions(held, A_UNIT, **PLACE).includes("skills", "skills_plan")
    assert not answerable_questions(held, None, **PLACE)


def test_whoever_answers_the_consolidated_voice_reaches_nothing_of_a_unit():
    held = grants(Role.CONTRIBUTOR, assessment_scope(ASSESSMENT))
    assert answerable_questions(held, None, **PLACE).everywhere
    assert not answerable_questions(held, A_UNIT, **PLACE)


@pytest.mark.parametrize("blind", [True, False])
def test_only_an_open_assessment_shows_others_what_was_said_about_the_same_questions(blind):
    held = grants(Role.CONTRIBUTOR, question_scope(ASSESSMENT, "youth_strategy", UNIT))
    assert visible_answers(held, A_UNIT, blind=blind, **PLACE).includes("youth", "youth_strategy")
    for voice in (None, Voice(OTHER, VoiceKind.UNIT, "Another office")):
        seen = visible_answers(held, voice, blind=blind, **PLACE)
        assert seen.includes("youth", "youth_strategy") is not blind
        assert not seen.includes("youth", "youth_budget")


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.DEPUTY, Role.REVIEWER, Role.APPROVER])
def test_who_leads_or_reviews_reads_every_voice(role):
    assert visible_answers(grants(role, space_scope(SPACE)), A_UNIT, blind=True, **PLACE).everywhere


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.READER, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_others_read_no_voice_but_the_consolidated_one(role):
    assert not visible_answers(grants(role, space_scope(SPACE)), A_UNIT, blind=True, **PLACE)


def test_a_focal_point_enters_answers_for_a_unit_but_not_for_the_staff_union():
    held = grants(Role.FOCAL_POINT, space_scope(SPACE))
    assert answerable_questions(held, A_UNIT, **PLACE).everywhere
    assert not answerable_questions(held, Voice(UNIT, VoiceKind.STAFF_UNION, "Staff union"), **PLACE)


@pytest.mark.parametrize("kind", sorted(SPEAK_FOR_THEMSELVES))
def test_nobody_but_its_own_people_reads_a_voice_that_speaks_for_itself(kind):
    voice = Voice(UNIT, kind, "Theirs")
    assert visible_answers(grants(Role.SPOKESPERSON, voice_scope(ASSESSMENT, UNIT)), voice, blind=True, **PLACE)
    for held in (
        grants(Role.FOCAL_POINT, space_scope(SPACE)),
        grants(Role.APPROVER, assessment_scope(ASSESSMENT)),
        grants(Role.CONTRIBUTOR, theme_scope(ASSESSMENT, "youth"), question_scope(ASSESSMENT, "pay", OTHER)),
    ):
        assert not visible_answers(held, voice, blind=False, **PLACE)


def test_the_voices_in_which_somebody_speaks_are_those_of_their_grants():
    held = grants(Role.CONTRIBUTOR, voice_scope(ASSESSMENT, UNIT), theme_scope(ASSESSMENT, "youth"))
    assert own_voices(held, **PLACE) == (UNIT,)
    assert own_voices(held, space=SPACE, assessment=uuid4(), now=NOW) == ()
