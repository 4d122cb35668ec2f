"""The assessment file as it is read: strictly, with every problem at once and its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import a_checklist, an_assessment, answered
from toolkit.domain.assessment import Edition
from toolkit.domain.assessment_file import canonical_bytes, to_data
from toolkit.domain.assessment_reading import read_assessment, read_file
from toolkit.domain.assessment_shape import MAX_ANSWERS
from toolkit.domain.errors import InvalidInput
from toolkit.domain.scoring import score_assessment

SMALLEST: dict[str, Any] = {
    "format": "decent-work-assessment/1",
    "edition": "internal",
    "checklist": {"id": "tiny", "version": "1.0.0", "digest": "0" * 64},
    "subject": {"name": "Example Organization", "kind": "organization"},
    "track": "core",
}


def a_file(**changes: Any) -> bytes:
    return json.dumps(SMALLEST | changes).encode()


def problems(data: bytes) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        read_file(data)
    return {problem.path: problem.message for problem in caught.value.problems}


def an_answer(**fields: Any) -> dict[str, Any]:
    return {"answers": {"one": {"state": "answered", "value": 1} | fields}}


def test_the_smallest_file_that_a_person_can_write_is_read():
    file = read_file(a_file())
    assert file.assessment == an_assessment(a_checklist(), subject=file.assessment.subject)
    assert file.scores is None
    assert read_assessment(a_file()) == file.assessment


@pytest.mark.parametrize("format", ["decent-work-assessment/2", "", None, 1])
def test_another_format_is_refused_before_anything_else(format):
    assert list(problems(a_file(format=format, nonsense=1))) == ["format"]


@pytest.mark.parametrize("data", [b"[]", b'"text"', b"1", b"null", b"{}"])
def test_what_is_no_such_file_is_refused(data):
    assert problems(data)


def test_every_problem_is_named_at_once_with_its_path():
    data = a_file(
        track="deep",
        colour="blue",
        checklist={"id": "tiny", "version": "1.0.0", "digest": "xyz", "author": "me"},
        subject={"kind": "organization", "country": "Chile"},
        scope={"jobs": {"mandate": "perhaps"}},
        answers={"one": {"state": "sure"}, "two": {"value": 1}, "Three": {"state": "answered"}},
        started_at="yesterday",
    )
    assert set(problems(data)) == {
        "track",
        "colour",
        "checklist.digest",
        "checklist.author",
        "subject.name",
        "subject.country",
        "scope.jobs.mandate",
        "answers.one.state",
        "answers.two.state",
        "answers.Three",
        "started_at",
    }


@pytest.mark.parametrize(
    "value",
    [10_000, -10_000, {}, {"number": "1"}, *({"decimal": text} for text in ("1e5", "NaN", 1, "1" * 31, "", ".5"))],
)
def test_a_value_that_no_question_can_have_is_refused(value):
    assert any(path.startswith("answers.one.value") for path in problems(a_file(**an_answer(value=value))))


@pytest.mark.parametrize("value", [[1], [["a"], "b"], ["a", ["b"]], [[1]], [[["a"]]], ["a", None]])
def test_lists_hold_texts_or_rows_of_texts_only(value):
    assert any(path.startswith("answers.one.value[") for path in problems(a_file(**an_answer(value=value))))


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "\x0b", "\x1b[31m", "\x7f", "\x01"])
@pytest.mark.parametrize(
    ("place", "changes"),
    [
        ("title", lambda text: {"title": text}),
        ("answers.one.comment", lambda text: an_answer(comment=text)),
        ("answers.one.value", lambda text: an_answer(value=text)),
        ("answers.one.value[0][0]", lambda text: an_answer(value=[[text]])),
        ("answers.one.evidence[0].title", lambda text: an_answer(evidence=[{"title": text}])),
        ("facts.size", lambda text: {"facts": {"size": text}}),
    ],
)
def test_text_that_breaks_later_exports_is_refused_in_every_place(text, place, changes):
    assert place in problems(a_file(**changes(text)))


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        ("answers.one.value", an_answer(value="x" * 10_001)),
        ("answers.one.comment", an_answer(comment="x" * 10_001)),
        ("answers.one.reason", an_answer(reason="x" * 2_001)),
        ("answers.one.evidence", an_answer(evidence=[{"title": "x"}] * 21)),
        ("answers.one.evidence[0].title", an_answer(evidence=[{"title": "x" * 301}])),
        ("answers.one.evidence[0].url", an_answer(evidence=[{"title": "x", "url": "x" * 2_001}])),
        ("answers.one.value", an_answer(value=[["x"]] * 51)),
        ("answers.one.value[0][0]", an_answer(value=[["x" * 501]])),
        ("answers", {"answers": {f"q{n}": {"state": "unanswered"} for n in range(MAX_ANSWERS + 1)}}),
        ("title", {"title": "x" * 301}),
    ],
)
def test_what_is_over_its_limit_is_refused(place, changes):
    assert place in problems(a_file(**changes))


def test_the_limits_themselves_are_taken():
    answers = {f"q{n}": {"state": "unanswered"} for n in range(MAX_ANSWERS)}
    answers["q0"] = {"state": "answered", "value": "x" * 10_000, "comment": "é" * 10_000, "reason": "x" * 2_000}
    assert len(read_assessment(a_file(answers=answers)).answers) == MAX_ANSWERS


@pytest.mark.parametrize(
    "time", ["2026-11-22T16:35:00", "2026-11-22T16:35:00+00:00", "2026-13-01T00:00:00Z", "2026-11-22", "", 5, "٢٠٢٦"]
)
def test_only_a_time_in_utc_is_taken(time):
    assert "started_at" in problems(a_file(started_at=time))


@pytest.mark.parametrize("edition", ["shared", "public"])
def test_a_file_that_holds_more_than_its_edition_is_refused(edition):
    found = problems(a_file(edition=edition, **an_answer(comment="between us")))
    assert "does not hold this" in found["answers" if edition == "public" else "answers.one.comment"]


def test_an_unknown_edition_is_named():
    assert "edition" in problems(a_file(edition="secret"))
    assert "edition" in problems(json.dumps({**SMALLEST, "edition": None}).encode())


def test_no_assessment_is_made_from_a_public_file():
    with pytest.raises(InvalidInput) as caught:
        read_assessment(a_file(edition="public"))
    assert "holds figures and no answers" in caught.value.problems[0].message


def test_windows_line_ends_and_decomposed_letters_are_made_one():
    data = a_file(**an_answer(value="e\u0301\r\nb"))
    assert read_assessment(data).answers["one"].value == "é\nb"


def test_the_path_of_a_strange_key_is_printable():
    (path,) = problems(a_file(**{"a\nb\ud800" + "x" * 500: 1}))
    assert path.isprintable()
    assert len(path) < 100


# --- whatever comes -------------------------------------------------------------------------------

CHECKLIST = a_checklist()
WHOLE = to_data(
    CHECKLIST,
    an_assessment(CHECKLIST, {"employment_theme_policy": answered(2)}),
    Edition.INTERNAL,
    card=score_assessment(CHECKLIST, an_assessment(CHECKLIST, {"employment_theme_policy": answered(2)})),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def _places(value: Any, at: tuple = ()) -> list[tuple]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, child in children for place in _places(child, (*at, key)))]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(_places(WHOLE)), json_values)
def test_anything_in_any_place_is_read_or_refused_and_never_crashes(place, value):
    data = json.loads(canonical_bytes(WHOLE))
    if place:
        *above, last = place
        inside = data
        for key in above:
            inside = inside[key]
        inside[last] = value
    else:
        data = value
    found = _problems_or_none(json.dumps(data).encode())
    assert found is None or found
    assert all(str(problem).isprintable() for problem in found or ())


def _problems_or_none(data: bytes) -> tuple | None:
    try:
        read_file(data)
    except InvalidInput as error:
        return error.problems
    return None


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_a_problem(data):
    with pytest.raises(InvalidInput):
        read_file(data)
