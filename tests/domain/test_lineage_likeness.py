"""Like for like: the same questions on both sides, with the newer version's weights and themes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from tests.builders import DONT_KNOW, a_checklist, a_part, a_question, a_theme, an_assessment, answered, not_applicable
from toolkit.domain.answers import Answer
from toolkit.domain.assessment import Mandate, ThemeScope
from toolkit.domain.checklist import Change, Checklist, Compare, Source, Test, Track, Was
from toolkit.domain.lineage import LikeForLike, Pair, Undrawn, comparable, like_for_like


def version(number: str, *themes: Any, **given: Any) -> Checklist:
    follows = None if number == "1.0.0" else "1.0.0"
    parts = (a_part("employment", *themes),)
    return a_checklist(*parts, **({"version": number, "follows": follows, "digest": number * 12} | given))


def ratings(**levels: Any) -> dict[str, Answer]:
    return {name: answered(level) if isinstance(level, int) else level for name, level in levels.items()}


def compared(older: Checklist, before: dict[str, Answer], newer: Checklist, after: dict[str, Answer]) -> LikeForLike:
    return like_for_like(older, an_assessment(older, before), newer, an_assessment(newer, after))


PLAN, MONEY = a_question("plan"), a_question("money")
FIRST = version("1.0.0", a_theme("jobs", PLAN, MONEY))


def test_one_version_twice_is_compared_whole():
    found = compared(FIRST, ratings(plan=1, money=2), FIRST, ratings(plan=3, money=2))
    assert (found.overall.older, found.overall.newer) == (Fraction(3, 8), Fraction(5, 8))
    assert found.overall.change == Fraction(1, 4)
    assert (found.overall.share_compared, found.overall.undrawn) == (1, None)
    assert found.pairs == (Pair("plan", "plan", Change.SAME), Pair("money", "money", Change.SAME))


def test_the_newer_versions_weights_count_on_both_sides():
    newer = version("2.0.0", a_theme("jobs", replace(PLAN, weight=Fraction(3)), MONEY))
    found = compared(FIRST, ratings(plan=0, money=4), newer, ratings(plan=4, money=4))
    # older with the newer weights: (3 x 0 + 1 x 1) / 4; its own figure was 1/2
    assert (found.overall.older, found.overall.newer) == (Fraction(1, 4), 1)


def test_only_what_both_sides_rated_is_compared():
    third = a_question("third")
    checklist = version("1.0.0", a_theme("jobs", PLAN, MONEY, third))
    before = ratings(plan=2, money=DONT_KNOW, third=0)
    after = ratings(plan=3, money=4, third=not_applicable())
    found = compared(checklist, before, checklist, after)
    assert [pair.newer for pair in found.pairs] == ["plan"]
    assert found.overall.share_compared == Fraction(1, 3)
    assert (found.overall.older, found.overall.newer, found.overall.undrawn) == (None, None, Undrawn.TOO_LITTLE)


@pytest.mark.parametrize(("rated", "drawn"), [(1, False), (2, True), (3, True)])
def test_a_line_is_drawn_from_exactly_half(rated, drawn):
    questions = [a_question(f"q{number}") for number in range(4)]
    checklist = version("1.0.0", a_theme("jobs", *questions))
    everything = {question.id: answered(2) for question in questions}
    some = dict(list(everything.items())[:rated])
    figure = compared(checklist, some, checklist, everything).themes["jobs"]
    assert figure.share_compared == Fraction(rated, 4)
    assert (figure.undrawn is None) is drawn
    assert (figure.newer == Fraction(1, 2)) is drawn


def test_the_smaller_share_of_the_two_versions_decides():
    extra = [a_question(f"extra{number}") for number in range(3)]
    newer = version("1.1.0", a_theme("jobs", PLAN, MONEY, *extra))
    after = ratings(plan=4, money=4) | {question.id: answered(0) for question in extra}
    found = compared(FIRST, ratings(plan=2, money=2), newer, after)
    assert found.overall.share_compared == Fraction(2, 5)  # all of the older, two of five of the newer
    assert found.overall.undrawn is Undrawn.TOO_LITTLE


def test_revised_split_and_merged_questions_are_not_compared_and_reworded_and_moved_are():
    names = ("same", "reworded", "moved", "revised", "split", "one", "two")
    older = version(
        "1.0.0", a_theme("jobs", *(a_question(name) for name in names)), a_theme("youth", a_question("age"))
    )
    newer = version(
        "2.0.0",
        a_theme(
            "jobs",
            a_question("same"),
            a_question("again", text="Else?", was=Was(Change.REWORDED, ("reworded",))),
            a_question("revised", text="Other?", was=Was(Change.REVISED, ("revised",))),
            a_question("split_a", was=Was(Change.SPLIT, ("split",))),
            a_question("split_b", was=Was(Change.SPLIT, ("split",))),
            a_question("both", was=Was(Change.MERGED, ("one", "two"))),
        ),
        a_theme("youth", a_question("age"), a_question("moved", was=Was(Change.MOVED, ("moved",)))),
    )
    pairs = {pair.newer: (pair.older, pair.change) for pair in comparable(older, newer)}
    assert pairs == {
        "same": ("same", Change.SAME),
        "again": ("reworded", Change.REWORDED),
        "age": ("age", Change.SAME),
        "moved": ("moved", Change.MOVED),
    }


def test_a_moved_question_is_computed_in_its_newer_theme_on_both_sides():
    older = version("1.0.0", a_theme("jobs", PLAN, MONEY), a_theme("youth", a_question("age")))
    moved = replace(MONEY, was=Was(Change.MOVED, ("money",)))
    newer = version("2.0.0", a_theme("jobs", PLAN), a_theme("youth", a_question("age"), moved))
    found = compared(older, ratings(plan=0, money=4, age=0), newer, ratings(plan=0, money=4, age=4))
    assert (found.themes["youth"].older, found.themes["youth"].newer) == (Fraction(1, 2), 1)
    assert (found.themes["jobs"].older, found.themes["jobs"].newer) == (0, 0)
    assert {figure.share_compared for figure in found.themes.values()} == {1}


def test_a_question_outside_the_core_of_either_version_is_not_compared():
    newer = version("2.0.0", a_theme("jobs", PLAN, replace(MONEY, track=Track.FULL)))
    found = like_for_like(
        FIRST,
        an_assessment(FIRST, ratings(plan=1, money=1), track=Track.FULL),
        newer,
        an_assessment(newer, ratings(plan=1, money=4), track=Track.FULL),
    )
    assert [pair.newer for pair in found.pairs] == ["plan"]
    assert found.overall.share_compared == Fraction(1, 2)


def test_what_was_not_asked_does_not_count_as_asked():
    gated = a_question("gated", ask_if=Compare(Source("plan"), Test.AT_LEAST, (Fraction(2),)))
    checklist = version("1.0.0", a_theme("jobs", PLAN, gated))
    found = compared(checklist, ratings(plan=1, gated=4), checklist, ratings(plan=3, gated=2))
    assert [pair.newer for pair in found.pairs] == ["plan"]
    assert found.overall.share_compared == Fraction(1, 2)  # all of the older's one question, half of the newer's two
    assert (found.overall.older, found.overall.newer) == (Fraction(1, 4), Fraction(3, 4))


def test_a_theme_outside_the_mandate_of_one_side_is_not_compared():
    checklist = version("1.0.0", a_theme("jobs", PLAN), a_theme("youth", MONEY))
    outside = {"youth": ThemeScope(Mandate.OUTSIDE, "Others do it.")}
    found = like_for_like(
        checklist,
        an_assessment(checklist, ratings(plan=1, money=1), scope=outside),
        checklist,
        an_assessment(checklist, ratings(plan=2, money=4)),
    )
    assert [pair.newer for pair in found.pairs] == ["plan"]
    assert found.themes["youth"].share_compared is None
    assert found.themes["youth"].undrawn is Undrawn.TOO_LITTLE
    assert found.overall.share_compared == Fraction(1, 2)


def test_an_objective_without_a_pair_leaves_the_overall_undrawn():
    parts = [a_part(name, a_theme(f"{name}_theme", a_question(f"{name}_q"))) for name in ("a1", "b1", "c1")]
    checklist = a_checklist(*parts)
    before, after = ratings(a1_q=1, b1_q=1), ratings(a1_q=2, b1_q=2, c1_q=2)
    found = compared(checklist, before, checklist, after)
    assert found.objectives["a1"].change == Fraction(1, 4)
    assert found.overall.share_compared == Fraction(2, 3)
    assert (found.overall.older, found.overall.undrawn) == (None, Undrawn.NO_SCORE)


def test_an_objective_that_is_gone_lowers_the_share_of_the_older_side():
    older = a_checklist(*(a_part(n, a_theme(f"{n}_theme", a_question(f"{n}_q"))) for n in ("a1", "b1", "c1")))
    newer = a_checklist(older.parts[0], version="2.0.0", follows="1.0.0", digest="2" * 64)
    found = compared(older, ratings(a1_q=1, b1_q=1, c1_q=1), newer, ratings(a1_q=2))
    assert found.objectives["a1"].share_compared == 1
    assert (found.overall.share_compared, found.overall.undrawn) == (Fraction(1, 3), Undrawn.TOO_LITTLE)


def test_a_scan_has_no_index_and_so_no_line():
    checklist = version("1.0.0", a_theme("jobs", replace(PLAN, track=Track.SCAN), MONEY))
    scan = an_assessment(checklist, ratings(plan=1), track=Track.SCAN)
    core = an_assessment(checklist, ratings(plan=2, money=2))
    assert like_for_like(checklist, scan, checklist, core).overall.older is None


def test_versions_further_apart_are_compared_through_those_between():
    second = version(
        "1.0.1", a_theme("jobs", replace(PLAN, text="Planned?", was=Was(Change.REWORDED, ("plan",))), MONEY)
    )
    third = version(
        "2.0.0",
        a_theme(
            "jobs",
            a_question("planned", text="Planned?", was=Was(Change.SAME, ("plan",))),
            replace(MONEY, text="Any?", was=Was(Change.REVISED, ("money",))),
        ),
        follows="1.0.1",
    )
    assert comparable(FIRST, third, between=(second,)) == (Pair("plan", "planned", Change.REWORDED),)
    found = like_for_like(
        FIRST,
        an_assessment(FIRST, ratings(plan=1, money=1)),
        third,
        an_assessment(third, ratings(planned=3, money=1)),
        between=(second,),
    )
    assert (found.overall.older, found.overall.newer) == (Fraction(1, 4), Fraction(3, 4))
