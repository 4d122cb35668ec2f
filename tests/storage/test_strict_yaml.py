"""The strict reader: what YAML would guess at is refused with its line, and nothing it is fed can break it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.storage.strict_yaml import MAX_BYTES, MAX_DEPTH, parse_yaml


def problems(text: str) -> list[str]:
    return [f"{problem.line} {problem.path}: {problem.message}" for problem in parse_yaml(text.encode()).problems]


def test_text_numbers_and_flags_are_what_they_look_like():
    parsed = parse_yaml(
        b'a: some text\nb: 7\nc: true\nd: "no"\ne: [x, -3]\nf: {0: zero}\ng: 1.0.0\nh: 3/4\ni: >-\n  two\n  lines\n'
    )
    assert parsed.problems == ()
    assert parsed.data == {
        "a": "some text",
        "b": 7,
        "c": True,
        "d": "no",
        "e": ["x", -3],
        "f": {0: "zero"},
        "g": "1.0.0",
        "h": "3/4",
        "i": "two lines",
    }


def test_every_place_knows_its_line():
    parsed = parse_yaml(b"parts:\n  - id: x\n    themes:\n    - title: y\n      criteria:\n        0: z\n")
    assert parsed.lines["parts[0].id"] == 2
    assert parsed.lines["parts[0].themes[0].title"] == 4
    assert parsed.lines["parts[0].themes[0].criteria.0"] == 6


@pytest.mark.parametrize(
    "bare",
    [
        "yes",
        "no",
        "Yes",
        "NO",
        "on",
        "off",
        "On",
        "OFF",
        "y",
        "N",
        "True",
        "FALSE",
        "~",
        "null",
        "Null",
        "1.10",
        "1e3",
        "1E+3",
        ".5",
        "0x1F",
        "0o17",
        "0b1",
        "010",
        "1_000",
        "1:30",
        "12:30:45",
        "2026-11-22",
        "2026-11-22T10:00:00Z",
        ".inf",
        "-.INF",
        ".nan",
        "+5",
        "=",
        "-0x2",
        "190:20:30",
    ],
)
def test_what_yaml_would_guess_at_must_be_quoted(bare):
    (problem,) = problems(f"ok: fine\nversion: {bare}\n")
    assert problem.startswith("2 version: ")
    assert f'"{bare}"' in problem
    assert parse_yaml(f'version: "{bare}"'.encode()).data == {"version": bare}


def test_a_guess_in_a_key_is_refused_too():
    assert problems("on: push\n")[0].startswith("1 on: YAML reads a bare on as true or false")
    assert problems("true: push\n")[0].startswith('1 true: The key is true; put it in quotes: "true"')


@pytest.mark.parametrize("empty", ["title:\nid: x\n", "id: x\ntitle:\n"])
def test_a_key_without_a_value_is_refused(empty):
    (problem,) = problems(empty)
    assert "title: There is no value here" in problem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\nb: 2\n", "1 a: Anchors (`&x`)"),
        ("a: &x 1\nb: *x\n", "2 b: Aliases (`*x`)"),
        ("a: !!python/object:os.system x\n", "1 a: Tags"),
        ("a: !!str 1\n", "1 a: Tags"),
        ("a: !!binary aGk=\n", "1 a: Tags"),
        ("a: ! x\n", "1 a: Tags"),
        ("a: !!set {x, y}\n", "1 a: Tags"),
        ("a: 1\nb: 2\na: 3\n", "3 a: The key `a` is here twice (first in line 1)."),
        ("a: {<<: {b: c}}\n", "1 a: Merge keys"),
        ("? [a, b]\n: c\n", "1 (file): A key is a word"),
        ("a: b\n---\nc: d\n", "2 (file): A file holds one document"),
        ("%YAML 1.1\n---\na: b\n", "Directives"),
        ("", "The file is empty"),
        ("# only a comment\n", "The file is empty"),
        ("a: [1, 2\n", "This is not YAML"),
        ("a: b\n\tc: d\n", "This is not YAML"),
        ("a: *nowhere\n", "1 a: Aliases"),
        ("a: \x00\n", "This is not YAML"),
        ("a: \x0b\n", "This is not YAML"),
    ],
)
def test_what_is_not_used_here_is_refused_with_its_line(text, expected):
    assert any(expected in problem for problem in problems(text)), problems(text)


def test_all_faults_are_told_at_once():
    assert len(problems("a: yes\nb: 1.5\nc: *x\nd: !!str x\ne: no\n")) >= 4


def test_a_repeated_key_keeps_the_first_and_loses_no_place():
    assert parse_yaml(b"a: 1\na: {b: {c: d}}\ne: f\n").data == {"a": 1, "e": "f"}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"[" * 100_000, "nested more than"),
        (b"{a: " * 50_000, "nested more than"),
        (b"- " * 100_000, "nested more than"),
        (b"? " * 100_000, "A key is a word"),
        (b"a: " + b"9" * 5000, "put it in quotes"),
        (b"a: 9999-99-99\n", "put it in quotes"),
        (b"x" * (MAX_BYTES + 1), "at most"),
        (b"[" + b"a," * 300_000 + b"a]", "more than 200,000 values"),
        (b"a: \xff\xfe\n", "not UTF-8"),
        (b'a: "\\ud800"\n', "This is not YAML"),
        (b"\xff\xfea\x00:\x00 \x00b\x00", "not UTF-8"),
    ],
)
def test_hostile_bytes_are_refused_in_words(raw, expected):
    assert any(expected in problem.message for problem in parse_yaml(raw).problems)


def test_the_deepest_nesting_allowed_is_read():
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert parse_yaml(text.encode()).problems == ()
    assert parse_yaml(f"[{text}]".encode()).problems


def test_a_byte_order_mark_is_no_fault():
    assert parse_yaml(b"\xef\xbb\xbfa: b\n").data == {"a": "b"}


@given(st.text(alphabet="abn0.:-{}[]&*!|>'\"%#?,\n \t~", max_size=60))
def test_no_text_raises(text):
    parsed = parse_yaml(text.encode())
    assert parsed.data is not None or parsed.problems


@given(st.binary(max_size=60))
def test_no_bytes_raise(raw):
    parsed = parse_yaml(raw)
    assert parsed.data is not None or parsed.problems
