"""`decent-work score`: exact figures from a file, and every problem when there are some."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from toolkit.__main__ import main
from toolkit.storage.definitions import load_checklist

BY_HAND = Path(__file__).parent / "by_hand"
DIGEST = load_checklist(BY_HAND / "hand" / "1.0.0.yaml").digest
ANSWERS = {
    "jobs_plan": {"state": "answered", "value": 1},
    "jobs_counted": {"state": "answered", "value": 2},
    "youth_hired": {"state": "answered", "value": 3},
    "youth_trained": {"state": "dont_know"},
    "unions_free": {"state": "answered", "value": 1},
}


def a_file(folder: Path, **changes: Any) -> Path:
    data = {
        "format": "decent-work-assessment/1",
        "edition": "internal",
        "checklist": {"id": "hand", "version": "1.0.0", "digest": DIGEST},
        "subject": {"name": "Example Organization", "kind": "organization"},
        "track": "core",
        "answers": ANSWERS,
    }
    path = folder / "one.assessment.json"
    path.write_text(json.dumps(data | changes), encoding="utf-8")
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--checklists", str(BY_HAND)])


def test_a_file_is_scored_as_by_hand(tmp_path):
    """Worked by hand.

    Jobs: (1·1/4 + 2·2/4) / 3 = 5/12. Young people: 3/4, from one answer of two.
    Work: (2·5/12 + 1·3/4) / 3 = 19/36. Rights: 1/4. Overall: (19/36 + 1/4) / 2 = 7/18.
    Coverage: jobs 1, youth 1/2, work (2·1 + 1/2) / 3 = 5/6, rights 1, overall (5/6 + 1) / 2 = 11/12.
    The open answer at worst: youth 3/8, work 29/72, overall 47/144; at best: youth 7/8, work 41/72, overall 59/144.
    Gap: 19/36 − 1/4 = 5/18.
    """
    result = run("score", a_file(tmp_path), "--json")
    assert result.exit_code == 0, result.output
    scores = json.loads(result.stdout)["scores"]
    figure = scores["overall"]
    assert figure["score"] == {"exact": "7/18", "percent": "38.9"}
    assert figure["coverage"] == {"exact": "11/12", "percent": "91.7"}
    assert (figure["lowest"], figure["highest"]) == (
        {"exact": "47/144", "percent": "32.6"},
        {"exact": "59/144", "percent": "41.0"},
    )
    work, rights = scores["parts"]
    assert (work["figure"]["score"]["exact"], rights["figure"]["score"]["exact"]) == ("19/36", "1/4")
    assert [theme["figure"]["score"]["exact"] for theme in work["themes"]] == ["5/12", "3/4"]
    assert [theme["figure"]["coverage"]["exact"] for theme in work["themes"]] == ["1", "1/2"]
    assert scores["gap"] == {"share": {"exact": "5/18", "percent": "27.8"}, "lowest": "rights", "highest": "work"}
    assert scores["provisional"] == []


def test_people_get_a_table(tmp_path):
    result = run("score", a_file(tmp_path))
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "Example Organization"
    assert lines[1] == "By hand 1.0.0 · core track · method index/1 · draft"
    assert "Work        52.8   40.3 – 56.9       83.3         0.0" in lines
    assert "Rights      25.0   25.0 – 25.0      100.0         0.0" in lines
    assert "Overall     38.9   32.6 – 41.0       91.7         0.0" in lines
    assert "Gap: 27.8 points, from Rights (lowest) to Work (highest)." in lines


def test_the_table_says_why_a_result_is_provisional(tmp_path):
    open_answers = {"jobs_plan": {"state": "answered", "value": 4}, "unions_free": {"state": "answered", "value": 4}}
    result = run("score", a_file(tmp_path, answers=open_answers))
    assert "Provisional: coverage is 61.1 %, under 80 %." in result.stdout
    assert "Provisional: coverage of Work is 22.2 %, under 60 %." in result.stdout


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"track": "deep"}, "track: One of scan, core, full"),
        ({"checklist": {"id": "other", "version": "1.0.0", "digest": DIGEST}}, "checklist: The checklist other 1.0.0"),
        ({"checklist": {"id": "hand", "version": "1.0.0", "digest": "f" * 64}}, "checklist.digest:"),
        ({"edition": "public", "answers": None}, "answers: A file of the public edition"),
    ],
)
def test_a_file_that_does_not_hold_is_exit_1_with_the_reason(tmp_path, changes, said):
    result = run("score", a_file(tmp_path, **changes))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert said in result.stderr


def test_every_problem_is_listed_at_once(tmp_path):
    answers = {"jobs_plan": {"state": "answered", "value": 9}, "sea_level": {"state": "answered", "value": 1}}
    path = a_file(tmp_path, answers=answers, scope={"moon": {"mandate": "in"}})
    result = run("score", path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("The assessment file: 3 problems.\n")
    for place in ("answers.jobs_plan", "answers.sea_level", "scope.moon"):
        assert f"  {place}: " in result.stderr
    as_json = run("score", path, "--json")
    assert (as_json.exit_code, as_json.stderr) == (1, "")
    paths = {problem["path"] for problem in json.loads(as_json.stdout)["problems"]}
    assert paths == {"answers.jobs_plan", "answers.sea_level", "scope.moon"}


def test_a_public_file_cannot_be_scored_and_says_why(tmp_path):
    path = a_file(tmp_path, edition="public")
    data = json.loads(path.read_text())
    del data["answers"]
    path.write_text(json.dumps(data))
    result = run("score", path)
    assert result.exit_code == 1
    assert "holds figures and no answers" in result.stderr


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path):
    assert run("score", tmp_path / "none.json").exit_code == 2
    assert run("score").exit_code == 2
