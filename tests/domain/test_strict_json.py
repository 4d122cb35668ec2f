"""Strict JSON: what it takes, and every way in which it refuses."""

from __future__ import annotations

import time

import pytest

from toolkit.domain.errors import InvalidInput
from toolkit.domain.strict_json import join, parse_json


def problems(data: bytes, **given) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        parse_json(data, what="The file", **given)
    return [(problem.path, problem.message) for problem in caught.value.problems]


def test_plain_data_comes_back_as_it_stands():
    assert parse_json(b'{"a": [1, "\xc3\xa9", true, null, {}]}', what="x") == {"a": [1, "é", True, None, {}]}


def test_a_byte_order_mark_is_passed_over():
    assert parse_json(b"\xef\xbb\xbf[]", what="x") == []


@pytest.mark.parametrize("data", [b"1.5", b"[1e3]", b'{"a": -0.0}'])
def test_a_number_with_a_point_or_exponent_is_refused(data):
    assert "decimal point" in problems(data)[0][1]


@pytest.mark.parametrize("data", [b"NaN", b"[Infinity]", b"[-Infinity]"])
def test_what_is_not_a_number_is_refused(data):
    assert "is not a number" in problems(data)[0][1]


@pytest.mark.parametrize("data", [b"1" * 16, b"-" + b"1" * 16, b"[" + b"9" * 10_000 + b"]"])
def test_a_number_too_long_to_be_exact_everywhere_is_refused(data):
    assert "15 digits" in problems(data)[0][1]


def test_every_repeated_key_is_named_with_its_path():
    found = problems(b'{"a": 1, "a": 2, "b": [{"c": 1, "c": 1, "c": 1}], "a": 3}')
    assert [path for path, _ in found] == ["a", "b[0].c"]


def test_a_key_repeated_through_an_escape_is_found():
    assert [path for path, _ in problems(rb'{"a": 1, "\u0061": 2}')] == ["a"]


def test_broken_json_names_its_line():
    with pytest.raises(InvalidInput) as caught:
        parse_json(b'{\n"a": \n}', what="x")
    assert caught.value.problems[0].line == 3


@pytest.mark.parametrize("data", [b"", b"\xff", b"{", b'"abc', b'"\\', b"[1,]", b"{'a': 1}", b"]", b"\x00"])
def test_what_is_no_json_is_one_problem_and_no_crash(data):
    assert len(problems(data)) == 1


def test_depth_is_bounded_at_sixteen():
    assert parse_json(b"[" * 16 + b"]" * 16, what="x")
    assert "16 levels" in problems(b"[" * 17 + b"]" * 17)[0][1]


def test_brackets_inside_text_are_not_depth():
    text = "[{" * 500_000 + '\\"[' * 9
    assert parse_json(f'["{text}"]'.encode(), what="x")


def test_size_is_bounded():
    assert "larger than 8 MB" in problems(b" " * (8 * 1024 * 1024 + 1))[0][1]
    assert "larger than 0 MB" in problems(b"[1]", max_bytes=2)[0][1]


def test_a_flood_of_empty_lists_is_refused_before_it_is_built():
    assert "200,000" in problems(b"[" + b"[]," * 300_000 + b"[]]")[0][1]


@pytest.mark.parametrize(
    "data",
    [
        b'"' + b'\\"' * 4_000_000,
        b'"' * 8_000_000,
        b'{"a":1,' * 1_000_000,
        b"{" + b",".join([b'"a":1'] * 1_000_000) + b"}",
    ],
    ids=["a string that never ends", "only quotes", "never closed", "one key a million times"],
)
def test_hostile_text_costs_no_more_than_its_size(data):
    began = time.process_time()
    problems(data)
    assert time.process_time() - began < 5


def test_a_path_is_short_and_printable_whatever_the_key():
    assert join("a", "b") == "a.b"
    assert join("", "b") == "b"
    assert len(join("", "x" * 5_000)) < 100
    assert join("", "a\nb").isprintable()
    assert join("", "\ud800").encode() == b"'\\ud800'"
