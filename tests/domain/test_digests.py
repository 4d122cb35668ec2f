"""The digest knows structure and source text, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.builders import a_checklist, a_part, a_question, a_theme
from toolkit.domain.checklist import Compare, Method, Part, Rule, Source, Status, Test
from toolkit.domain.digests import checklist_digest, definition_data

CHECKLIST = a_checklist(a_part("employment", a_theme("jobs", a_question("plan"), a_question("money", weight=2))))


def changed(**given):
    """The checklist with another second question."""
    theme = CHECKLIST.parts[0].themes[0]
    questions = (theme.questions[0], replace(theme.questions[1], **given))
    part = replace(CHECKLIST.parts[0], themes=(replace(theme, questions=questions),))
    return replace(CHECKLIST, parts=(part,))


def test_a_draft_and_its_published_twin_have_the_same_digest():
    assert checklist_digest(replace(CHECKLIST, status=Status.PUBLISHED)) == checklist_digest(CHECKLIST)


def test_the_digest_is_the_same_today_and_tomorrow():
    """Whoever changes how a digest is made breaks every assessment that is stored: this must not change."""
    assert checklist_digest(CHECKLIST) == "42adc553bbb93cd96fedcd274910841af53875c80400ce9a5f1b34c017a72790"


@pytest.mark.parametrize(
    "other",
    [
        changed(text="Another text?"),
        changed(weight=Fraction(3)),
        changed(minutes=3),
        changed(guidance="Look."),
        changed(ask_if=Compare(Source("plan"), Test.IS, (Fraction(1),))),
        replace(CHECKLIST, version="1.0.1"),
        replace(CHECKLIST, improvement="What else?"),
        replace(CHECKLIST, language="fr"),
        replace(CHECKLIST, method=Method(overall=Rule.MIN)),
        replace(CHECKLIST, parts=(*CHECKLIST.parts, Part("more", "More", ()))),
    ],
)
def test_any_change_of_content_changes_the_digest(other):
    assert checklist_digest(other) != checklist_digest(CHECKLIST)


def test_closing_questions_follow_from_the_improvement_text_and_are_not_written():
    with_closing = changed(is_improvement=True)
    ids = [one["id"] for one in definition_data(with_closing)["parts"][0]["themes"][0]["questions"]]
    assert ids == ["plan"]
