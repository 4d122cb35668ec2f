from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.reports.accessible import FONT_CACHE, assert_accessible, attached
from toolkit.__main__ import main
from toolkit.config import packaged_folder
from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.assessment import Assessment, Edition, Subject, SubjectKind
from toolkit.domain.assessment_file import canonical_bytes, to_data
from toolkit.domain.checklist import Track
from toolkit.domain.scoring import score_assessment
from toolkit.storage.definitions import find_checklist

DEFINITIONS = Path(__file__).parents[1] / "definitions"
CHECKLIST = find_checklist(packaged_folder("checklists"), "global", "2.0.0")


@pytest.fixture(autouse=True)
def fonts_of_the_other_tests(monkeypatch):
    FONT_CACHE.mkdir(exist_ok=True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(FONT_CACHE))


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(main, [str(one) for one in arguments])


def a_file(folder: Path, edition: Edition = Edition.INTERNAL) -> Path:
    """An assessment file of the scan track."""
    answers = {
        question.id: Answer(AnswerState.ANSWERED, place % 5, comment="CANARY")
        for place, (_, _, question) in enumerate(CHECKLIST.questions())
        if question.is_rating and question.track is Track.SCAN
    }
    assessment = Assessment(
        CHECKLIST.id,
        CHECKLIST.version,
        CHECKLIST.digest,
        Subject("Example Organization", SubjectKind.ORGANIZATION),
        Track.SCAN,
        answers=answers,
    )
    path = folder / f"{edition}.assessment.json"
    card = score_assessment(CHECKLIST, assessment)
    path.write_bytes(canonical_bytes(to_data(CHECKLIST, assessment, edition, card=card)))
    return path


def test_a_report_is_made_without_a_server(run, tmp_path):
    output = tmp_path / "R.pdf"
    done = run("report", a_file(tmp_path), "-o", output, "--edition", "shared", "--lang", "en", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {
        "output": str(output),
        "what": "shared edition",
        "bytes": output.stat().st_size,
    }
    pdf = output.read_bytes()
    assert_accessible(pdf, title="Example Organization: Self-assessment (Shared edition)")
    assert all(b"CANARY" not in data for data in attached(pdf).values())


def test_a_file_of_a_narrower_edition_makes_no_wider_report(run, tmp_path):
    done = run("report", a_file(tmp_path, Edition.SHARED), "-o", tmp_path / "R.pdf", "--edition", "internal", "--json")
    assert done.exit_code == 1
    assert "does not hold all" in json.loads(done.stdout)["problems"][0]["message"]
    assert not (tmp_path / "R.pdf").exists()


def test_a_file_that_is_none_is_refused(run, tmp_path):
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{}")
    done = run("report", wrong, "-o", tmp_path / "R.pdf")
    assert done.exit_code == 1
    assert not (tmp_path / "R.pdf").exists()


def test_a_language_without_words_is_a_wrong_call(run, tmp_path):
    assert run("report", a_file(tmp_path), "-o", tmp_path / "R.pdf", "--lang", "tlh").exit_code == 2


def test_a_checklist_prints_as_a_blank_form(run, tmp_path):
    done = run("form", "global", "2.0.0", "-o", tmp_path / "F.pdf", "--track", "scan")
    assert done.exit_code == 0, done.output
    assert_accessible((tmp_path / "F.pdf").read_bytes(), title=f"{CHECKLIST.title} 2.0.0: blank form, scan track")


def test_a_blank_form_carries_the_notes_for_a_kind_of_organization(run, tmp_path, monkeypatch):
    place = tmp_path / "checklists" / "mean"
    place.mkdir(parents=True)
    shutil.copy(DEFINITIONS / "mean.yaml", place / "1.0.0.yaml")
    shutil.copytree(DEFINITIONS / "beside", place / "1.0.0", ignore=shutil.ignore_patterns("malformed"))
    command = ("form", "mean", "1.0.0", "-o", tmp_path / "F.pdf", "--checklists", place.parent)
    done = run(*command, "--for", "development_bank", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["what"] == "core track, with notes for development banks"
    assert_accessible((tmp_path / "F.pdf").read_bytes(), title="Means 1.0.0: blank form, core track")
    refused = run(*command, "--for", "ngo")
    assert refused.exit_code == 1
    assert "no notes for `ngo`; there are notes for development_bank." in refused.stderr


def test_a_checklist_that_is_not_there_is_said_to_be_missing(run, tmp_path):
    done = run("form", "global", "9.9.9", "-o", tmp_path / "F.pdf")
    assert done.exit_code == 1
    assert "9.9.9" in done.stderr


@pytest.mark.parametrize("command", ["report", "form"])
def test_both_commands_explain_themselves(run, command):
    assert "Exit code 0" in run(command, "--help").output
