"""Whether a file suits its checklist."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.builders import a_checklist, a_part, a_question, a_theme, an_assessment, answered, not_applicable
from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.assessment import Mandate, State, ThemeScope
from toolkit.domain.checklist import Fact, Kind, Option
from toolkit.domain.fitting import fits

CHECKLIST = a_checklist(
    a_part("employment", a_theme("jobs", a_question("one"), a_question("why", kind=Kind.TEXT, weight=0))),
    a_part("arrangements", a_theme("leaders", a_question("lead")), scored=False),
    facts=(
        Fact("abroad", "Does it work abroad?", Kind.YES_NO),
        Fact("size", "How large is it?", Kind.CHOICE, (Option("small", "Small"), Option("large", "Large"))),
        Fact("staff", "How many people?", Kind.NUMBER),
    ),
)


def places(**given) -> set[str]:
    return {problem.path for problem in fits(CHECKLIST, an_assessment(CHECKLIST, given.pop("answers", {}), **given))}


def test_what_suits_has_no_problem():
    assert not places(
        answers={"one": answered(3), "why": answered("Because."), "lead": not_applicable()},
        facts={"abroad": True, "size": "small", "staff": Decimal("12")},
        scope={"jobs": ThemeScope(Mandate.OUTSIDE, "No."), "leaders": ThemeScope(Mandate.IN)},
    )


def test_what_is_merely_missing_is_no_problem():
    assert not places()
    assert not places(answers={"one": Answer(AnswerState.NOT_APPLICABLE), "why": Answer(AnswerState.ANSWERED)})


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"checklist_id": "other"}, "checklist.id"),
        ({"checklist_version": "9.0.0"}, "checklist.version"),
        ({"checklist_digest": "f" * 64}, "checklist.digest"),
    ],
)
def test_another_checklist_is_the_one_thing_said(given, place):
    assert places(**given, answers={"unknown": answered(1)}) == {place}


def test_unknown_questions_themes_and_facts_are_all_named():
    assert places(
        answers={"two": answered(1), "three": answered(1)},
        scope={"seas": ThemeScope(Mandate.IN)},
        facts={"age": True},
    ) == {"answers.two", "answers.three", "scope.seas", "facts.age"}


@pytest.mark.parametrize("value", [5, -1, True, "3", Decimal("3"), ("a",)])
def test_a_level_that_the_scale_does_not_have_is_named(value):
    assert places(answers={"one": answered(value)}) == {"answers.one"}


@pytest.mark.parametrize(
    "facts", [{"abroad": "yes"}, {"abroad": Decimal(1)}, {"size": "huge"}, {"size": True}, {"staff": "12"}]
)
def test_a_fact_that_is_not_on_offer_is_named(facts):
    assert places(facts=facts) == {f"facts.{next(iter(facts))}"}


def test_a_value_beside_the_word_that_there_is_none_is_named():
    assert places(answers={"one": Answer(AnswerState.DONT_KNOW, value=1)}) == {"answers.one"}


def test_a_profile_section_cannot_be_outside_the_mandate():
    assert places(scope={"leaders": ThemeScope(Mandate.OUTSIDE, "No.")}) == {"scope.leaders"}


def test_a_submitted_assessment_has_a_number_and_a_time():
    assert places(state=State.SUBMITTED) == {"submission"}
    assert not places(state=State.SUBMITTED, number=1, submitted_at=datetime(2026, 1, 1, tzinfo=UTC))
