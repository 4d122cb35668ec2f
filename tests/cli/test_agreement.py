"""`decent-work checklists cases` and `… agreement`: what raters get, and what comes of two of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from toolkit.__main__ import main
from toolkit.storage.beside import pilots
from toolkit.storage.definitions import load_checklist

DEFINITIONS = Path(__file__).parents[1] / "definitions"
CHECKLIST = load_checklist(DEFINITIONS / "mean.yaml")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["checklists", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one checklist and all that may lie beside it."""
    beside = tmp_path / "mean"
    beside.mkdir()
    shutil.copy(DEFINITIONS / "mean.yaml", beside / "1.0.0.yaml")
    shutil.copytree(DEFINITIONS / "beside", beside / "1.0.0", ignore=shutil.ignore_patterns("malformed"))
    return tmp_path


def a_file(folder: Path, name: str, subject: str = "Example", **levels: int) -> Path:
    data: dict[str, Any] = {
        "format": "decent-work-assessment/1",
        "edition": "internal",
        "checklist": {"id": "mean", "version": "1.0.0", "digest": CHECKLIST.digest},
        "subject": {"name": subject, "kind": "organization"},
        "track": "core",
        "answers": {question: {"state": "answered", "value": level} for question, level in levels.items()},
    }
    path = folder / f"{name}.assessment.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_cases_are_printed_without_their_levels_for_a_fresh_rater(folder):
    found = run("cases", "mean", "--folder", folder)
    assert found.exit_code == 0
    assert "There is a plan, and nobody read it." in found.output
    assert "Is there a plan for jobs?  [jobs_plan]" in found.output
    assert "  1 Little: A little is there." in found.output
    assert "Level: ____" in found.output
    assert "nobody uses it" not in found.output
    assert "Level 1." not in found.output
    data = json.loads(run("cases", "mean@1.0.0", "--folder", folder, "--json").stdout)
    assert [set(one) for one in data] == [{"id", "question", "title", "text"}] * 2


def test_cases_are_printed_with_levels_and_reasons_when_asked(folder):
    by_file = run("cases", folder / "mean" / "1.0.0.yaml", "--answers")
    assert by_file.output == run("cases", "mean", "--answers", "--folder", folder).output
    assert "Level 1. Not 2, because nobody uses it." in by_file.output
    data = json.loads(run("cases", "mean", "--answers", "--folder", folder, "--json").stdout)
    assert [(one["id"], one["level"]) for one in data] == [("a_plan_on_paper", 1), ("no_money", 0)]
    assert data[0]["reason"].startswith("Not 2")


def test_a_checklist_without_cases_says_so(folder):
    shutil.rmtree(folder / "mean" / "1.0.0")
    assert "no cases beside mean 1.0.0" in run("cases", "mean", "--folder", folder).output
    assert json.loads(run("cases", "mean", "--folder", folder, "--json").stdout) == []


def test_faulty_cases_end_with_1_and_every_problem(folder):
    faulty = DEFINITIONS / "beside" / "malformed" / "cases_names.yaml"
    shutil.copy(faulty, folder / "mean" / "1.0.0" / "agreement" / "cases.yaml")
    found = run("cases", "mean", "--folder", folder)
    assert found.exit_code == 1
    assert "7 problems." in found.stderr


def five_subjects(folder: Path) -> list[Path]:
    files = []
    for number in range(5):
        first = a_file(folder, f"a{number}", f"Subject {number}", jobs_plan=2, jobs_money=1, safety_plan=3)
        second = a_file(folder, f"b{number}", f"Subject {number}", jobs_plan=2, jobs_money=3)
        files += [first, second]
    return files


def test_two_raters_are_compared_question_by_question_the_weak_ones_first(folder):
    found = run("agreement", *five_subjects(folder), "--folder", folder)
    assert found.exit_code == 0, found.output
    rows = [line.split() for line in found.output.splitlines()]
    assert rows[1] == ["jobs_money", "5", "0", "%", "0", "%", "weak"]
    assert rows[2] == ["jobs_plan", "5", "100", "%", "100", "%", "holds"]
    assert "fewer than nine in ten" in found.output
    assert "safety_plan" not in found.output  # only one of the two rated it
    data = json.loads(run("agreement", *five_subjects(folder), "--folder", folder, "--json").stdout)
    assert data[0] == {
        "question": "jobs_money",
        "pairs": [[1, 3]] * 5,
        "exact": {"exact": "0", "percent": "0.0"},
        "within_one": {"exact": "0", "percent": "0.0"},
        "verdict": "weak",
    }


def test_few_pairs_are_too_few_to_say(folder):
    found = run("agreement", a_file(folder, "a", jobs_plan=0), a_file(folder, "b", jobs_plan=4), "--folder", folder)
    assert "too few to say" in found.output
    none = run("agreement", a_file(folder, "a", jobs_plan=0), a_file(folder, "b"), "--folder", folder)
    assert "No question was rated by both." in none.output


def test_the_entry_for_pilots_is_read_back_and_names_no_subject(folder):
    given = ("--when", "2027-03", "--who", 'Two "careful" people: one each', "--folder", folder)
    found = run("agreement", *five_subjects(folder), "--yaml", *given)
    assert found.exit_code == 0, found.output
    assert "Subject 1" not in found.stdout
    path = folder / "mean" / "1.0.0" / "agreement" / "pilots.yaml"
    path.write_text('format: 1\nchecklist: mean\nversion: "1.0.0"\npilots:\n' + found.stdout, encoding="utf-8")
    (pilot,) = pilots(path.parents[1], CHECKLIST)
    assert (pilot.id, pilot.title) == ("pilot_2027_03", "5 subjects, two raters each")
    assert (pilot.when, pilot.who) == ("2027-03", 'Two "careful" people: one each')
    assert pilot.ratings == {"jobs_plan": ((2, 2),) * 5, "jobs_money": ((1, 3),) * 5}
    assert "weak" in found.stderr


def test_an_entry_that_would_be_refused_is_not_printed(folder):
    files = [a_file(folder, "a", jobs_plan=0), a_file(folder, "b", jobs_plan=4)]
    found = run("agreement", *files, "--yaml", "--when", "March", "--id", "One: two", "--folder", folder)
    assert found.exit_code == 1
    assert found.stdout == ""
    assert "is not a month" in found.stderr
    assert "is not a name" in found.stderr


def test_files_that_make_no_pairs_of_raters_are_refused(folder):
    lone = [a_file(folder, "a", "One", jobs_plan=0), a_file(folder, "b", "Other", jobs_plan=4)]
    found = run("agreement", *lone, "--folder", folder)
    assert found.exit_code == 1
    assert "One: Two assessments of the same subject are compared; of this one there are 1." in found.output
    assert "Other: Two assessments" in found.output
    assert run("agreement", folder / "nothing.json").exit_code == 2
