"""Plain data becomes a checklist whole, or is refused with every problem at once."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.domain.checklist import AllOf, AnyOf, Compare, Kind, Not, NotApplicablePolicy, Rule, Source, Test, Track
from toolkit.domain.errors import InvalidInput
from toolkit.domain.reading import read_checklist, version_key

TINY: dict[str, Any] = {
    "format": 1,
    "id": "tiny",
    "version": "1.0.0",
    "status": "draft",
    "language": "en",
    "title": "Tiny",
    "scale": "two",
    "scales": [
        {
            "id": "two",
            "levels": [{"value": 0, "label": "Low", "meaning": "Low."}, {"value": 1, "label": "High", "meaning": "H."}],
        }
    ],
    "parts": [
        {
            "id": "employment",
            "title": "Employment",
            "themes": [
                {
                    "id": "jobs",
                    "title": "Jobs",
                    "questions": [
                        {"id": "plan", "kind": "rating", "track": "core", "text": "A plan?"},
                        {"id": "asked", "kind": "yes_no", "track": "scan", "text": "Asked?"},
                    ],
                }
            ],
        }
    ],
}


def tiny(**given: Any) -> dict[str, Any]:
    """A valid definition with some keys of the top set otherwise."""
    return deepcopy(TINY) | given


def with_question(**given: Any) -> dict[str, Any]:
    """A valid definition with one more question."""
    data = tiny()
    question = {"id": "more", "kind": "text", "track": "full", "text": "More?"} | given
    data["parts"][0]["themes"][0]["questions"].append(question)
    return data


def problems(data: Any, **given: Any) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        read_checklist(data, **given)
    return [f"{problem.path}: {problem.message}" for problem in caught.value.problems]


def test_what_is_left_out_has_the_defaults_that_are_promised():
    checklist = read_checklist(TINY)
    plan, asked = checklist.question("plan"), checklist.question("asked")
    assert (plan.weight, asked.weight, checklist.theme("jobs").weight) == (1, 0, 1)
    assert plan.scale is checklist.scale
    assert checklist.parts[0].scored
    assert checklist.method.theme is Rule.MEAN
    assert checklist.method.not_applicable is NotApplicablePolicy.EXCLUDE
    assert checklist.method.thresholds.coverage == Fraction(4, 5)
    assert (checklist.follows, checklist.bands, checklist.retired, plan.was) == (None, (), (), None)


def test_every_theme_ends_with_its_closing_question():
    closing = read_checklist(tiny(improvement="What next?")).theme("jobs").questions[-1]
    assert (closing.id, closing.kind, closing.text) == ("improve_jobs", Kind.TEXT, "What next?")
    assert (closing.weight, closing.minutes, closing.is_improvement) == (0, 2, True)
    assert closing.track is Track.SCAN  # the lowest track of the theme


def test_numbers_stay_exact():
    data = tiny()
    data["parts"][0]["themes"][0]["weight"] = "1/3"
    data["method"] = {"thresholds": {"coverage": "79.95"}}
    data["parts"][0]["themes"][0]["questions"][0]["weight"] = "0.1"
    checklist = read_checklist(data)
    assert checklist.theme("jobs").weight == Fraction(1, 3)
    assert checklist.method.thresholds.coverage == Fraction(7995, 10000)
    assert checklist.question("plan").weight == Fraction(1, 10)


@pytest.mark.parametrize("number", [0.5, True, None, "half", "1/0", "1e3", "½", "", [1], 10**12])
def test_what_is_no_exact_number_is_refused(number):
    data = tiny()
    data["parts"][0]["themes"][0]["questions"][0]["weight"] = number
    assert any("weight" in problem for problem in problems(data))


def test_weight_zero_is_weight_zero():
    data = tiny()
    data["parts"][0]["themes"][0]["questions"].append(
        {"id": "shown", "kind": "rating", "track": "core", "text": "Shown?", "weight": 0}
    )
    assert read_checklist(data).question("shown").weight == 0


def test_conditions_are_read_as_they_are_written():
    condition = {
        "all": [
            {"question": "plan", "at_least": 1},
            {"any": [{"question": "asked", "is": True}, {"not": {"question": "plan", "any_of": [0, 1]}}]},
        ]
    }
    assert read_checklist(with_question(ask_if=condition)).question("more").ask_if == AllOf(
        (
            Compare(Source("plan"), Test.AT_LEAST, (Fraction(1),)),
            AnyOf(
                (
                    Compare(Source("asked"), Test.IS, (True,)),
                    Not(Compare(Source("plan"), Test.ANY_OF, (Fraction(0), Fraction(1)))),
                )
            ),
        )
    )


def test_a_number_is_not_taken_for_yes_nor_yes_for_a_level():
    assert problems(with_question(ask_if={"question": "asked", "is": 1}))
    assert problems(with_question(ask_if={"question": "plan", "is": True}))


def test_text_is_cleaned_once_at_the_edge():
    assert read_checklist(tiny(title="  Cafe\u0301 \r\n")).title == "Café"
    for bad in ("a\x00b", "a\x0bb", "\ud800", "\x7f"):
        assert any(problem.startswith("title:") for problem in problems(tiny(title=bad)))


def test_all_problems_are_told_in_the_order_of_the_file():
    data = tiny(title=7, status="open")
    data["parts"][0]["themes"][0]["questions"][0] |= {"kind": "rate", "trak": "core"}
    lines = {"title": 6, "status": 4, "parts": 10, "parts[0].themes[0].questions[0]": 17}
    with pytest.raises(InvalidInput) as caught:
        read_checklist(data, lines=lines, file="tiny.yaml")
    assert [(problem.line, problem.path) for problem in caught.value.problems] == [
        (4, "status"),
        (6, "title"),
        (17, "parts[0].themes[0].questions[0].kind"),
        (17, "parts[0].themes[0].questions[0].trak"),
    ]
    assert str(caught.value.problems[0]).startswith("tiny.yaml:4: status: `open` is none of")
    assert "Did you mean `track`?" in str(caught.value.problems[3])


def test_what_cannot_be_read_does_not_cause_further_complaints():
    data = with_question(ask_if={"question": "plan", "at_least": 1})
    data["parts"][0]["themes"][0]["questions"][0]["kind"] = "ratng"
    assert len(problems(data)) == 1


@pytest.mark.parametrize("data", [None, [], "text", 7, {}, {"parts": {}}, {"parts": [[]]}, {"parts": [{"themes": 1}]}])
def test_data_of_any_other_shape_is_refused_in_words(data):
    assert problems(data)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=4),
    max_leaves=12,
)
places = st.sampled_from(
    [
        ("format",), ("id",), ("version",), ("scale",), ("scales",), ("scales", 0), ("scales", 0, "levels"), ("facts",),
        ("scales", 0, "levels", 1, "value"), ("tags",), ("method",), ("bands",), ("parts",), ("parts", 0), ("retired",),
        ("parts", 0, "themes"), ("parts", 0, "themes", 0, "questions"), ("parts", 0, "themes", 0, "questions", 0),
        ("parts", 0, "themes", 0, "questions", 0, "criteria"), ("parts", 0, "themes", 0, "questions", 1, "ask_if"),
        ("parts", 0, "themes", 0, "questions", 0, "was"), ("parts", 0, "themes", 0, "also_in"), ("follows",),
    ]
)  # fmt: skip


@given(places, plain)
def test_nothing_else_is_ever_raised(place, value):
    data = tiny()
    node: Any = data
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = value
    with suppress(InvalidInput):
        read_checklist(data)


def test_versions_are_ordered_as_numbers():
    assert sorted(["1.10.0", "1.9.0", "1.9.10"], key=version_key) == ["1.9.0", "1.9.10", "1.10.0"]
