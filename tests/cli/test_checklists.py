"""`decent-work checklists …`: what it prints, for people and for programs, and how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from toolkit.__main__ import main
from toolkit.cli.checklists import checklists, schema_path

DEFINITIONS = Path(__file__).parent.parent / "definitions"
MEAN = DEFINITIONS / "mean.yaml"
BROKEN = DEFINITIONS / "malformed" / "several_at_once.yaml"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["checklists", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two versions of one checklist, the second reworded."""
    beside = tmp_path / "mean"
    beside.mkdir()
    text = MEAN.read_text(encoding="utf-8")
    (beside / "1.0.0.yaml").write_text(text, encoding="utf-8")
    newer = text.replace('version: "1.0.0"', 'version: "1.0.1"\nfollows: "1.0.0"').replace(
        "text: Is there a plan for safety?", "text: Is safety planned?, was: {change: reworded}"
    )
    (beside / "1.0.1.yaml").write_text(newer, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("command", sorted(checklists.commands))
def test_every_command_has_help_and_json(command):
    found = run(command, "--help")
    assert found.exit_code == 0
    assert "--json" in found.output
    assert command in run("--help").output


@pytest.mark.parametrize(
    "command", [("show",), ("diff", "one"), ("digest",), ("show", "global", "--nothing"), ("nothing",)]
)
def test_wrong_usage_ends_with_2(command):
    assert run(*command).exit_code == 2


@pytest.mark.parametrize("command", ["show", "digest"])
def test_a_checklist_that_is_not_there_is_wrong_usage(command, tmp_path):
    for name in ("nothing", "nothing@1.0.0"):
        found = run(command, name, "--folder", tmp_path)
        assert found.exit_code == 2
        assert "There is no" in found.output
    assert run("diff", "nothing", "other", "--folder", tmp_path).exit_code == 2


def test_list_names_every_version(folder):
    found = run("list", "--folder", folder)
    assert found.exit_code == 0
    assert [line.split()[:2] for line in found.output.splitlines()] == [["mean", "1.0.0"], ["mean", "1.0.1"]]
    data = json.loads(run("list", "--folder", folder, "--json").stdout)
    assert [(one["id"], one["version"], one["questions"]["core"]) for one in data] == [
        ("mean", "1.0.0", 6),
        ("mean", "1.0.1", 6),
    ]
    assert "no checklist" in run("list", "--folder", folder / "mean").output


def test_the_checklists_that_come_with_the_program_are_listed_and_valid():
    assert "global 2.0.0" in run("list").output
    assert run("validate").exit_code == 0


def test_show_prints_parts_themes_and_questions(folder):
    by_file, by_name = run("show", MEAN), run("show", "mean@1.0.0", "--folder", folder)
    assert by_file.output == by_name.output
    assert "Employment  [employment]" in by_file.output
    assert "Is there a plan for jobs?  [jobs_plan: scan, rating, weight 3]" in by_file.output
    newest = json.loads(run("show", "mean", "--folder", folder, "--json").stdout)
    assert newest["version"] == "1.0.1"
    assert newest["definition"]["parts"][0]["id"] == "employment"


def test_validate_says_what_is_valid():
    found = run("validate", MEAN)
    assert (found.exit_code, found.output) == (0, f"{MEAN}: mean 1.0.0 (draft) is valid.\n")
    assert json.loads(run("validate", MEAN, "--json").stdout) == {"valid": True, "files": 1, "problems": []}


def test_validate_names_every_problem_with_file_line_and_place():
    found = run("validate", BROKEN, MEAN)
    assert found.exit_code == 1
    lines = [line for line in found.stdout.splitlines() if line.startswith(str(BROKEN))]
    assert len(lines) == 5
    assert f"{BROKEN}:" in lines[0]
    assert "parts[0].themes[0].titel" in found.stdout
    assert "Did you mean `title`?" in found.stdout
    assert "5 problems." in found.stderr
    data = json.loads(run("validate", BROKEN, "--json").stdout)
    assert data["valid"] is False
    assert {problem["file"] for problem in data["problems"]} == {str(BROKEN)}
    assert all(problem["line"] for problem in data["problems"])


def test_validate_reads_every_file_beside_a_version(folder):
    path = folder / "mean" / "1.0.0.yaml"
    shutil.copytree(DEFINITIONS / "beside", path.with_suffix(""), ignore=shutil.ignore_patterns("malformed"))
    found = run("validate", path)
    assert (found.exit_code, found.output) == (
        0,
        f"{path}: mean 1.0.0 (draft) is valid, and so are the 5 files beside it.\n",
    )
    faulty = path.with_suffix("") / "agreement" / "cases.yaml"
    shutil.copy(DEFINITIONS / "beside" / "malformed" / "cases_names.yaml", faulty)
    found = run("validate", path)
    assert found.exit_code == 1
    assert f"{faulty}:12: cases[0].question: The checklist has no question `jobs_plans`." in found.stdout
    assert "7 problems." in found.stderr


def test_validate_checks_a_version_against_the_one_before(folder):
    assert run("validate", "--folder", folder).exit_code == 0
    path = folder / "mean" / "1.0.1.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(", was: {change: reworded}", ""), encoding="utf-8")
    found = run("validate", path)
    assert found.exit_code == 1
    assert "questions.safety_plan.was: It is not the same: text differ" in found.output


def test_diff_says_what_became_of_questions_and_which_bump_is_due(folder):
    found = run("diff", "mean@1.0.0", "mean", "--folder", folder)
    assert found.exit_code == 0
    assert "1.0.0 to 1.0.1: 9 same, 1 reworded" in found.output
    assert "reworded  safety_plan: text" in found.output
    assert "Due: patch. Given: patch." in found.output
    data = json.loads(run("diff", "mean@1.0.0", "mean@1.0.1", "--folder", folder, "--json").stdout)
    assert (data["due"], data["problems"]) == ("patch", [])


def test_diff_ends_with_1_where_the_versions_do_not_agree(folder):
    found = run("diff", "mean@1.0.1", "mean@1.0.0", "--folder", folder)
    assert found.exit_code == 1
    assert "After 1.0.1 this must be 1.0.2 or higher" in found.output


def test_a_faulty_file_ends_every_command_with_1():
    for command in (("show", BROKEN), ("digest", BROKEN), ("diff", BROKEN, MEAN), ("show", BROKEN, "--json")):
        found = run(*command)
        assert found.exit_code == 1
        assert "titel" in found.output


def test_schema_prints_the_published_schema():
    assert run("schema").output == schema_path().read_text(encoding="utf-8")
    assert run("schema", "--json").output == run("schema").output


def test_digest_prints_one_line_a_checklist(folder):
    found = run("digest", "mean@1.0.0", MEAN, "--folder", folder)
    first, second = found.output.splitlines()
    assert first == second
    digest, name, version = first.split()
    assert (len(digest), name, version) == (64, "mean", "1.0.0")
    assert json.loads(run("digest", MEAN, "--json").stdout) == [{"id": "mean", "version": "1.0.0", "digest": digest}]
