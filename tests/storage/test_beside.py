"""The files beside a version: the tiny valid ones are read whole, each faulty one is refused where it is wrong."""

from __future__ import annotations

import os
import shutil
from functools import partial
from pathlib import Path

import pytest

from toolkit.domain.cases import read_cases
from toolkit.domain.errors import InvalidInput
from toolkit.domain.pilots import read_pilots
from toolkit.domain.supplements import Note, notes_on, read_supplement
from toolkit.storage.beside import (
    cases,
    count_beside,
    kit,
    kit_source,
    pilots,
    problems_beside,
    supplements,
)
from toolkit.storage.definitions import load_checklist, read_file
from toolkit.storage.organizations import kinds

DEFINITIONS = Path(__file__).parents[1] / "definitions"
BESIDE = DEFINITIONS / "beside"
MEAN = load_checklist(DEFINITIONS / "mean.yaml")
READERS = {
    "supplement": partial(read_supplement, checklist=MEAN, kinds=kinds()),
    "cases": partial(read_cases, checklist=MEAN),
    "pilots": partial(read_pilots, checklist=MEAN),
}


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    """A definition file with every kind of file beside it."""
    shutil.copy(DEFINITIONS / "mean.yaml", tmp_path / "1.0.0.yaml")
    beside = tmp_path / "1.0.0"
    shutil.copytree(BESIDE, beside, ignore=shutil.ignore_patterns("malformed"))
    shutil.copy(DEFINITIONS / "translations" / "fr.yaml", beside)
    return tmp_path / "1.0.0.yaml"


@pytest.mark.parametrize("path", sorted((BESIDE / "malformed").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_malformed_file_is_refused_where_it_is_wrong(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]
    wrong = {number for number, line in enumerate(lines, 1) if line.endswith("# wrong")}
    with pytest.raises(InvalidInput) as caught:
        read_file(path, READERS[path.stem.partition("_")[0]])
    told = [f"{problem.path}: {problem.message}" for problem in caught.value.problems]
    assert len(told) == len(expected), told
    for expectation in expected:
        assert any(line.startswith(expectation) for line in told), told
    assert {problem.line for problem in caught.value.problems} - {None} <= wrong
    assert {problem.file for problem in caught.value.problems} == {str(path)}


def test_a_supplement_has_notes_for_some_questions_and_changes_none():
    digest = MEAN.digest
    (banks,) = supplements(BESIDE, MEAN)
    assert (banks.kind, banks.audience) == ("development_bank", "development banks")
    assert banks.notes["jobs_plan"].examples == (
        "A bank counts the jobs of each loan.",
        "Another asks its clients for them.",
    )
    assert [one.note for one in notes_on((banks,), "safety_plan")] == [
        Note(examples=("A bank asks each client for a safety plan.",))
    ]
    assert notes_on((banks,), "jobs_money") == ()
    assert load_checklist(DEFINITIONS / "mean.yaml").digest == digest


def test_cases_pilots_and_kit_are_read():
    assert [(one.id, one.level) for one in cases(BESIDE, MEAN)] == [("a_plan_on_paper", 1), ("no_money", 0)]
    (pilot,) = pilots(BESIDE, MEAN)
    assert pilot.ratings["safety_money"] == ((1, 3),)
    assert [(one.name, one.title) for one in kit(BESIDE)] == [
        ("kick_off_mail", "Kick-off mail"),
        ("workshop", "Workshop"),
    ]
    assert kit_source(BESIDE, "workshop") == (BESIDE / "kit" / "workshop.md").read_bytes()


def test_where_there_are_no_files_there_is_nothing(tmp_path):
    for read in (supplements, cases, pilots):
        assert read(tmp_path, MEAN) == ()
    assert kit(tmp_path) == ()


@pytest.mark.parametrize(
    "text", ["", "# No pilot has run yet.\n\n", 'format: 1\nchecklist: mean\nversion: "1.0.0"\npilots: []\n']
)
def test_pilots_that_have_not_run_are_an_empty_file(tmp_path, text):
    (tmp_path / "agreement").mkdir()
    (tmp_path / "agreement" / "pilots.yaml").write_text(text, encoding="utf-8")
    assert pilots(tmp_path, MEAN) == ()


def test_a_file_is_read_once_until_it_changes(definition):
    beside = definition.with_suffix("")
    first = supplements(beside, MEAN)[0]
    assert supplements(beside, MEAN)[0] is first
    path = beside / "supplements" / "development_bank.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("for banks that lend", "anew"), encoding="utf-8")
    stamp = path.stat()
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1))
    assert "anew" in supplements(beside, MEAN)[0].about


def test_every_file_beside_a_version_is_looked_at(definition):
    assert problems_beside(definition) == ()
    assert count_beside(definition) == 6


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("supplements/ngo.yaml", None, "name it development_bank.yaml"),
        ("supplement/development_bank.yaml", None, "Nothing reads a file of this name"),
        ("agreement/case.yaml", "cases: []", "Nothing reads a file of this name"),
        ("kit/logo.png", "", "Nothing reads a file of this name"),
        ("kit/Kick-off.md", "# Title\n", "small letters"),
        ("kit/mail.md", "Dear all", "begins with its title"),
        ("kit/mail.md", "# " + "x" * 301, "begins with its title"),
        ("kit/mail.md", "# Title\n" + "x" * 60_001, "at most 60,000"),
        ("kit/mail.md", "# Title\n\x07", "cannot be kept"),
        ("kit/mail.md", b"# Title\n\xff", "not UTF-8"),
        ("de.yaml", None, "This belongs to"),
    ],
)
def test_a_file_that_is_misnamed_or_faulty_is_named(definition, name, text, expected):
    path = definition.with_suffix("") / name
    path.parent.mkdir(exist_ok=True)
    if text is None:
        text = (BESIDE / "supplements" / "development_bank.yaml").read_text(encoding="utf-8")
        expected = expected if not name.startswith("de.") else "language"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    problems = problems_beside(definition)
    assert {problem.file for problem in problems} == {str(path)}
    assert any(expected in problem.message for problem in problems), problems


def test_the_faults_of_all_files_come_together(definition):
    beside = definition.with_suffix("")
    (beside / "kit" / "title.md").write_bytes((BESIDE / "malformed" / "kit_title.md").read_bytes())
    shutil.copy(BESIDE / "malformed" / "cases_none.yaml", beside / "agreement" / "cases.yaml")
    found = problems_beside(definition)
    told = [(Path(one.file).name, one.line, one.message.partition(";")[0]) for one in found]
    assert told[0][:2] == ("cases.yaml", 5)
    assert told[1:] == [
        ("title.md", 1, "The text begins with its title in at most 300 characters: `# Kick-off mail`."),
        ("title.md", 1, "HTML is not used here"),
        ("title.md", 5, "Images are not shown here"),
        ("title.md", 6, "`timetable.md` is no address"),
        ("title.md", 6, "`javascript:alert(1` is no address"),
        ("title.md", 8, "One text has one title"),
        ("title.md", 10, "`ftp://example.org` is no address"),
    ]
