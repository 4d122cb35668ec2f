"""From version to version: what changed, which bump is due, what does not add up, what goes along."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.builders import a_checklist, a_part, a_question, a_theme, answered, not_applicable
from toolkit.domain.answers import AnswerState, Evidence
from toolkit.domain.checklist import (
    Band,
    BandNeed,
    Change,
    Checklist,
    Compare,
    Criterion,
    Fact,
    Kind,
    Level,
    Method,
    NotApplicablePolicy,
    Option,
    Question,
    Retired,
    Rule,
    Scale,
    Source,
    Test,
    Thresholds,
    Track,
    Was,
)
from toolkit.domain.lineage import Bump, Diff, carry_over, diff

MONEY = a_question("money")


def version(number: str, *questions: Question, themes: tuple = (), **given: Any) -> Checklist:
    """A version with some questions in the theme `jobs`; any but the first follows 1.0.0."""
    follows = None if number == "1.0.0" else "1.0.0"
    part = a_part("employment", a_theme("jobs", *questions), *themes)
    return a_checklist(part, **({"version": number, "follows": follows, "digest": number * 12} | given))


def was(change: Change, *questions: str) -> Was:
    return Was(change, questions)


def step(older: Question, newer: Question, number: str = "2.0.0", **given: Any) -> Diff:
    """The way from a version with one question to a version with another in its place."""
    return diff(version("1.0.0", older, MONEY), version(number, newer, MONEY, **given))


PLAN = a_question("plan", text="A plan?")
OTHER_SCALE = Scale("other", tuple(Level(value, f"Level {value}", "m") for value in range(4)))
GATE = Compare(Source("money"), Test.AT_LEAST, (Fraction(1),))
CHOICE = a_question("form", kind=Kind.CHOICE, weight=0, options=(Option("a", "A"), Option("b", "B")))


@pytest.mark.parametrize(
    ("older", "newer", "change", "bump", "differs"),
    [
        (PLAN, PLAN, Change.SAME, Bump.NONE, ()),
        (PLAN, replace(PLAN, minutes=9), Change.SAME, Bump.PATCH, ("minutes",)),
        (PLAN, replace(PLAN, references=("C122",)), Change.SAME, Bump.PATCH, ("references",)),
        (PLAN, replace(PLAN, weight=Fraction(2)), Change.SAME, Bump.MAJOR, ("weight",)),
        (PLAN, replace(PLAN, track=Track.FULL), Change.SAME, Bump.MAJOR, ("track",)),
        (PLAN, replace(PLAN, track=Track.SCAN), Change.SAME, Bump.MINOR, ("track",)),
        (PLAN, replace(PLAN, ask_if=GATE), Change.SAME, Bump.MAJOR, ("ask_if",)),
        (
            PLAN,
            replace(PLAN, text="Planned?", was=was(Change.REWORDED, "plan")),
            Change.REWORDED,
            Bump.PATCH,
            ("text",),
        ),
        (PLAN, a_question("planned", text="A plan?", was=was(Change.SAME, "plan")), Change.SAME, Bump.NONE, ()),
        (
            PLAN,
            replace(PLAN, scale=OTHER_SCALE, was=was(Change.REVISED, "plan")),
            Change.REVISED,
            Bump.MAJOR,
            ("scale", "criteria", "labels of levels"),
        ),
        (
            PLAN,
            replace(PLAN, criteria=(Criterion(0, "Nothing at all."),), was=was(Change.REVISED, "plan")),
            Change.REVISED,
            Bump.MAJOR,
            ("criteria",),
        ),
        (PLAN, replace(PLAN, text="Else?", was=was(Change.REVISED, "plan")), Change.REVISED, Bump.MAJOR, ("text",)),
        (
            CHOICE,
            replace(CHOICE, options=(Option("b", "B"), Option("a", "Alpha")), was=was(Change.REWORDED, "form")),
            Change.REWORDED,
            Bump.PATCH,
            ("labels of options",),
        ),
        (
            CHOICE,
            replace(CHOICE, options=(*CHOICE.options, Option("c", "C")), was=was(Change.REVISED, "form")),
            Change.REVISED,
            Bump.MAJOR,
            ("options", "labels of options"),
        ),
    ],
)
def test_what_became_of_a_question_and_the_bump_it_makes_due(older, newer, change, bump, differs):
    found = step(older, newer)
    one = found.of(newer.id)
    assert (one.change, one.bump, one.differs, one.was) == (change, bump, differs, (older.id,))
    assert found.due == bump or (bump, found.due) == (Bump.NONE, Bump.PATCH)  # a renamed question
    assert found.problems == ()


def test_new_and_retired_questions_make_a_minor_version_due():
    came = a_question("came")
    newer = version("1.1.0", PLAN, came, retired=(Retired("money", "Not asked any more."),))
    found = diff(version("1.0.0", PLAN, MONEY), newer)
    assert (found.of("came").change, found.of("money").change) == (Change.NEW, Change.RETIRED)
    assert found.of("money").because == "Not asked any more."
    assert (found.due, found.given, found.problems) == (Bump.MINOR, Bump.MINOR, ())


def test_a_question_in_another_theme_was_moved():
    older = version("1.0.0", PLAN, MONEY, themes=(a_theme("youth", a_question("age")),))
    moved = replace(MONEY, was=was(Change.MOVED, "money"))
    newer = version("2.0.0", PLAN, themes=(a_theme("youth", a_question("age"), moved),))
    found = diff(older, newer)
    assert (found.of("money").change, found.of("money").differs, found.due) == (Change.MOVED, ("theme",), Bump.MAJOR)
    assert found.problems == ()
    unsaid = version("2.0.0", PLAN, themes=(a_theme("youth", a_question("age"), MONEY),))
    assert "theme differ" in diff(older, unsaid).problems[0].message


def test_split_and_merged_questions_are_followed_both_ways():
    split = [a_question(name, was=was(Change.SPLIT, "plan")) for name in ("plan_here", "plan_there")]
    found = diff(version("1.0.0", PLAN, MONEY), version("2.0.0", *split, MONEY))
    assert found.problems == ()
    assert [found.of(one.id).change for one in split] == [Change.SPLIT, Change.SPLIT]
    merged = a_question("both", was=was(Change.MERGED, "plan", "money"))
    found = diff(version("1.0.0", PLAN, MONEY), version("2.0.0", merged))
    assert (found.of("both").was, found.due, found.problems) == (("plan", "money"), Bump.MAJOR, ())


def test_a_condition_over_a_renamed_question_is_the_same_condition():
    gated = a_question("gated", ask_if=Compare(Source("plan"), Test.AT_LEAST, (Fraction(1),)))
    older = version("1.0.0", PLAN, gated)
    renamed = a_question("planned", text="A plan?", was=was(Change.SAME, "plan"))
    newer = version("1.0.1", renamed, replace(gated, ask_if=Compare(Source("planned"), Test.AT_LEAST, (Fraction(1),))))
    assert diff(older, newer).of("gated").differs == ()


@pytest.mark.parametrize(
    ("change", "bump", "path"),
    [
        ({"title": "Other"}, Bump.PATCH, "title"),
        ({"tags": (("youth", "Youth"),)}, Bump.PATCH, "tags"),
        ({"language": "fr"}, Bump.MAJOR, "language"),
        ({"method": Method(theme=Rule.MIN)}, Bump.MAJOR, "method.theme"),
        ({"method": Method(not_applicable=NotApplicablePolicy.LOWEST)}, Bump.MAJOR, "method.not_applicable"),
        ({"method": Method(thresholds=Thresholds(coverage=Fraction(1, 2)))}, Bump.MAJOR, "method.thresholds.coverage"),
        ({"bands": (Band("a", "A", "Any.", (BandNeed(Fraction(1), 3),)),)}, Bump.MAJOR, "bands"),
        ({"facts": (Fact("size", "Size?", Kind.NUMBER),)}, Bump.MINOR, "facts.size"),
        ({"improvement": "What else?"}, Bump.PATCH, ""),
    ],
)
def test_what_changes_outside_the_questions_has_its_bump_too(change, bump, path):
    found = diff(version("1.0.0", PLAN), version("2.0.0", PLAN, **change))
    assert found.due is bump
    assert [other.path for other in found.others] == ([path] if path else [])
    assert found.problems == ()


def test_weights_of_themes_and_objectives_are_major():
    older = version("1.0.0", PLAN)
    part = older.parts[0]
    heavier = replace(part, themes=(replace(part.themes[0], weight=Fraction(2)),))
    assert diff(older, replace(version("2.0.0", PLAN), parts=(heavier,))).due is Bump.MAJOR
    unscored = replace(version("2.0.0", PLAN), parts=(replace(part, scored=False),))
    assert diff(older, unscored).due is Bump.MAJOR
    another = replace(version("2.0.0", PLAN), parts=(part, a_part("rights", a_theme("law", a_question("law_is")))))
    assert [other.path for other in diff(older, another).others if other.bump is Bump.MAJOR] == ["parts.rights"]


def test_another_order_of_questions_is_a_patch():
    found = diff(version("1.0.0", PLAN, MONEY), version("1.0.1", MONEY, PLAN))
    assert (found.due, found.problems) == (Bump.PATCH, ())


@pytest.mark.parametrize(
    ("newer", "expected"),
    [
        ([replace(PLAN, text="Planned?"), MONEY], "It is not the same: text differ"),
        ([replace(PLAN, text="Planned?", was=was(Change.SAME, "plan")), MONEY], "It is not the same: text differ"),
        ([replace(PLAN, scale=OTHER_SCALE, was=was(Change.REWORDED, "plan")), MONEY], "it is revised"),
        ([replace(PLAN, was=was(Change.REWORDED, "plan")), MONEY], "Nothing in its words or meaning differs"),
        ([replace(PLAN, was=was(Change.REVISED, "plan")), MONEY], "Nothing in its words or meaning differs"),
        ([replace(PLAN, was=was(Change.MOVED, "plan")), MONEY], "so it was not moved"),
        ([PLAN], "`money` is gone"),
        ([PLAN, replace(MONEY, was=was(Change.REVISED, "cash"))], "has no question `cash`"),
        ([a_question("money", was=was(Change.REVISED, "plan"), text="A plan indeed?")], "a name is never given again"),
        (
            [PLAN, MONEY, a_question("also", text="Also?", was=was(Change.REVISED, "plan"))],
            "`plan` also became `plan`: it was split",
        ),
        ([a_question("part", was=was(Change.SPLIT, "plan")), MONEY], "became this question alone: it was not split"),
    ],
)
def test_what_does_not_add_up_is_told(newer, expected):
    messages = [problem.message for problem in diff(version("1.0.0", PLAN, MONEY), version("2.0.0", *newer)).problems]
    assert any(expected in message for message in messages), messages


def test_a_retired_name_is_never_given_again():
    older = version("1.1.0", PLAN, retired=(Retired("money", "Gone."),))
    newer = version("1.2.0", PLAN, MONEY, follows="1.1.0")
    assert "was retired in 1.1.0" in diff(older, newer).problems[0].message


def test_a_retired_question_must_have_been_there():
    newer = version("1.1.0", PLAN, retired=(Retired("cash", "Gone."),))
    assert "has no question `cash`" in diff(version("1.0.0", PLAN), newer).problems[0].message


@pytest.mark.parametrize(
    ("number", "newer", "least"),
    [
        ("1.0.0", PLAN, "1.0.1"),
        ("0.9.0", PLAN, "1.0.1"),
        ("1.0.9", a_question("planned"), "1.1.0"),
        ("1.9.9", replace(PLAN, weight=Fraction(2)), "2.0.0"),
    ],
)
def test_a_smaller_bump_than_is_due_is_refused(number, newer, least):
    retired = () if newer.id == "plan" else (Retired("plan", "Gone."),)
    found = diff(version("1.0.0", PLAN), version(number, newer, follows="1.0.0", retired=retired))
    assert next(problem.message for problem in found.problems if problem.path == "version").startswith(
        f"After 1.0.0 this must be {least} or higher"
    )


def test_two_checklists_are_not_two_versions():
    found = diff(version("1.0.0", PLAN), version("1.0.1", PLAN, id="other", follows="0.9.0"))
    assert {problem.path for problem in found.problems} == {"id", "follows"}


# --- moving on ------------------------------------------------------------------------------------

EVIDENCE = (Evidence("The plan", "https://example.org/plan"),)


def test_answers_to_unchanged_questions_are_kept_and_all_others_offered():
    older = version("1.0.0", PLAN, MONEY, a_question("gone"), a_question("old_text"))
    newer = version(
        "2.0.0",
        PLAN,
        replace(MONEY, text="Any money?", was=was(Change.REWORDED, "money")),
        a_question("came"),
        replace(a_question("old_text"), scale=OTHER_SCALE, was=was(Change.REVISED, "old_text")),
        retired=(Retired("gone", "Gone."),),
    )
    answers = {
        "plan": answered(4, comment="Yes.", evidence=EVIDENCE),
        "money": not_applicable(),
        "gone": answered(1),
        "old_text": answered(4, comment="All.", evidence=EVIDENCE),
    }
    moved = carry_over(older, newer, answers)
    assert moved.kept == {"plan": answers["plan"]}
    assert moved.left == {"gone": answers["gone"]}
    assert [offer.question for offer in moved.offered] == ["money", "old_text"]
    reworded, revised = moved.offered
    assert (reworded.change, reworded.proposed) == (Change.REWORDED, answers["money"])
    assert revised.earlier == (("old_text", answers["old_text"]),)
    assert revised.proposed is not None  # level 4 is no longer there, so only what was written about it is
    assert (revised.proposed.state, revised.proposed.value) == (AnswerState.UNANSWERED, None)
    assert (revised.proposed.comment, revised.proposed.evidence) == ("All.", EVIDENCE)


def test_a_merged_question_shows_its_older_answers_and_proposes_none():
    older = version("1.0.0", PLAN, MONEY)
    newer = version("2.0.0", a_question("both", was=was(Change.MERGED, "plan", "money")))
    (offer,) = carry_over(older, newer, {"plan": answered(1), "money": answered(3)}).offered
    assert (offer.proposed, offer.earlier) == (None, (("plan", answered(1)), ("money", answered(3))))


def test_a_split_question_proposes_its_answer_to_each_part():
    parts = [a_question(name, was=was(Change.SPLIT, "plan")) for name in ("here", "there")]
    offers = carry_over(version("1.0.0", PLAN), version("2.0.0", *parts), {"plan": answered(2)}).offered
    assert [(offer.question, offer.proposed) for offer in offers] == [("here", answered(2)), ("there", answered(2))]


def test_an_answer_of_a_kind_no_longer_asked_for_is_not_proposed():
    number = a_question("plan", kind=Kind.NUMBER, weight=0)
    rating = replace(PLAN, was=was(Change.REVISED, "plan"))
    (offer,) = carry_over(version("1.0.0", number), version("2.0.0", rating), {"plan": answered(Decimal(3))}).offered
    assert offer.proposed is not None
    assert offer.proposed.value is None


def test_answers_to_questions_that_nobody_knows_are_left():
    assert carry_over(version("1.0.0", PLAN), version("1.0.1", PLAN), {"odd": answered(1)}).left == {"odd": answered(1)}
