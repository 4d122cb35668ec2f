"""docs/security-requirements.md has every requirement of ASVS once, and every test that it names is there."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security-requirements.md").read_text(encoding="utf-8")
SUMMARY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ASVS = yaml.safe_load(Path(__file__).with_name("asvs-5.0.0.yaml").read_text(encoding="utf-8"))
ROW = re.compile(r"^\| (V\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ROWS = ROW.findall(PAGE)
TEST = re.compile(r"`([a-z_/]+\.py)::(\w+)`")
STATES = ("met", "met, not tested", "not yet", "not applicable")
COMMANDS = ("`ruff check`", "`mypy`")


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_number_stands_once_at_its_level_and_no_other():
    wanted = [(number, level) for level in ("1", "2") for number in ASVS[f"level_{level}"]]
    assert (len(ASVS["level_1"]), len(ASVS["level_2"])) == (70, 183), "as ASVS 5.0.0 counts them"
    assert sorted((number, level) for number, level, *_ in ROWS) == sorted(wanted)
    assert len(ROWS) == PAGE.count("\n| V"), "a row that cannot be read"


@pytest.mark.parametrize(("number", "state", "how"), [(row[0], *row[3:]) for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_state_is_one_of_four_and_what_is_met_names_its_test(number, state, how):
    assert state in STATES
    assert state != "met" or TEST.search(how) or how.startswith(COMMANDS), f"{number} is met by no test"
    assert state != "met, not tested" or not TEST.search(how)


@pytest.mark.parametrize("path", sorted({path for path, _ in TEST.findall(PAGE)}))
def test_every_test_that_is_named_is_there(path):
    assert {name for file, name in TEST.findall(PAGE) if file == path} <= names_in(path)


def test_no_mention_of_a_test_is_written_another_way():
    assert PAGE.count("::") == len(TEST.findall(PAGE))


def test_the_summary_counts_the_same():
    counted = Counter(row[3] for row in ROWS)
    for state in STATES:
        assert f"| {state} | {counted[state]} |" in SUMMARY
    assert f"| all | {len(ROWS)} |" in SUMMARY
