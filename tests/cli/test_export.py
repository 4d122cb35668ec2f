"""`decent-work export`: what is written follows the name, and holds what the edition may."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest

from tests.cli.test_score import ANSWERS, a_file, run
from toolkit.domain.assessment_file import digest
from toolkit.domain.assessment_reading import read_assessment, read_file

SECRET = {"jobs_plan": {"state": "answered", "value": 1, "comment": "Between us."}}


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv", "out.json", "out.assessment.json"])
def test_the_ending_of_the_name_says_what_is_written(tmp_path, name):
    path = tmp_path / name
    result = run("export", a_file(tmp_path), "-o", path)
    assert result.exit_code == 0, result.output
    assert "internal edition" in result.stderr
    data = path.read_bytes()
    if name == "out.xlsx":
        assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames[0] == "Summary"
    elif name == "out.csv":
        assert data.decode("utf-8-sig").startswith("tier,")
    elif name == "out.json":
        assert json.loads(data)["format"] == "decent-work-scores/1"
    else:
        assert read_assessment(data).answer("jobs_plan").value == 1


@pytest.mark.parametrize("name", ["out.csv", "out.assessment.json"])
def test_the_shared_edition_has_no_comments(tmp_path, name):
    path = tmp_path / name
    given = a_file(tmp_path, answers=ANSWERS | SECRET)
    assert run("export", given, "-o", path).exit_code == 0
    assert "Between us." in path.read_text(encoding="utf-8")
    assert run("export", given, "-o", path, "--edition", "shared").exit_code == 0
    assert "Between us." not in path.read_text(encoding="utf-8")


def test_a_narrower_file_gives_no_wider_edition(tmp_path):
    shared = tmp_path / "shared.assessment.json"
    assert run("export", a_file(tmp_path), "-o", shared, "--edition", "shared").exit_code == 0
    result = run("export", shared, "-o", tmp_path / "out.csv", "--edition", "internal")
    assert result.exit_code == 1
    assert "does not hold all" in result.stderr
    assert not (tmp_path / "out.csv").exists()
    assert run("export", shared, "-o", tmp_path / "again.assessment.json").exit_code == 0
    assert (tmp_path / "again.assessment.json").read_bytes() == shared.read_bytes()


def test_the_public_file_has_its_scores_and_its_digest(tmp_path):
    path = tmp_path / "public.assessment.json"
    assert run("export", a_file(tmp_path), "-o", path, "--edition", "public").exit_code == 0
    file = read_file(path.read_bytes())
    assert file.scores["overall"]["score"]["exact"] == "7/18"
    assert file.sha256 == digest(path.read_bytes())


def test_a_name_with_another_ending_is_a_wrong_call(tmp_path):
    result = run("export", a_file(tmp_path), "-o", tmp_path / "out.docx")
    assert result.exit_code == 2
    assert ".xlsx" in result.stderr


def test_a_folder_that_is_not_there_is_said(tmp_path):
    result = run("export", a_file(tmp_path), "-o", tmp_path / "none" / "out.csv")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_nothing_is_left_behind_and_the_file_can_be_read_by_others(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("before")
    assert run("export", a_file(tmp_path), "-o", path).exit_code == 0
    assert {one.name for one in tmp_path.iterdir()} == {"one.assessment.json", "out.csv"}
    assert path.stat().st_mode & 0o777 == Path(a_file(tmp_path)).stat().st_mode & 0o777
