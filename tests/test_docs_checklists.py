"""docs/checklists.md keeps its word: its examples are valid, its commands run, it names every field."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from toolkit.__main__ import main
from toolkit.cli.checklists import checklists
from toolkit.config import packaged_folder
from toolkit.domain.checklist import Checklist
from toolkit.domain.translations import TextStatus
from toolkit.storage.beside import problems_beside
from toolkit.storage.definitions import load_checklist, load_translation

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "checklists.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"^    (decent-work .*)$", PAGE, re.MULTILINE)
EXAMPLE, WAS, RETIRED, FRENCH, SUPPLEMENT, CASES, PILOTS = BLOCKS
BESIDE = {
    "supplements/development_bank.yaml": SUPPLEMENT,
    "agreement/cases.yaml": CASES,
    "agreement/pilots.yaml": PILOTS,
}
SCHEMA = json.loads((packaged_folder("checklists") / "definition.schema.json").read_text(encoding="utf-8"))


def second_version() -> str:
    """The example as the page tells to change it: one question reworded, one retired, with all that depends on it."""
    text = EXAMPLE.replace('version: "1.0.0"', 'version: "2.0.0"\nfollows: "1.0.0"')
    text = text.replace(
        "text: How far do safety rules cover everybody on the quay?", "text: Whom do safety rules cover?"
    )
    text = text.replace("            track: scan\n", f"            track: scan\n            {WAS}", 1)
    gone = text[text.index("          - id: safety_accidents") : text.index("          - id: safety_learning")]
    text = text.replace(gone, "").replace("            ask_if: {question: safety_accidents, at_least: 1}\n", "")
    return text + RETIRED


def rated(checklist: Checklist, level: int) -> dict[str, Any]:
    """An assessment file of one rater."""
    return {
        "format": "decent-work-assessment/1",
        "edition": "internal",
        "checklist": {"id": checklist.id, "version": checklist.version, "digest": checklist.digest},
        "subject": {"name": "North port", "kind": "organization"},
        "track": "core",
        "answers": {"safety_rules": {"state": "answered", "value": level}},
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks as the page says, and where its commands are typed."""
    beside = tmp_path / "checklists" / "harbour"
    (beside / "1.0.0").mkdir(parents=True)
    (beside / "1.0.0.yaml").write_text(EXAMPLE, encoding="utf-8")
    (beside / "2.0.0.yaml").write_text(second_version(), encoding="utf-8")
    (beside / "1.0.0" / "fr.yaml").write_text(FRENCH, encoding="utf-8")
    for place, text in BESIDE.items():
        path = beside / "1.0.0" / place
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for rater, level in (("first", 1), ("second", 2)):
        data = rated(load_checklist(beside / "1.0.0.yaml"), level)
        (tmp_path / f"{rater}.assessment.json").write_text(json.dumps(data), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DECENT_WORK_CHECKLISTS", str(tmp_path / "checklists"))
    return tmp_path


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_every_command_on_the_page_runs(folder, command):
    found = CliRunner().invoke(main, shlex.split(command)[1:])
    assert found.exit_code == 0, found.output


def test_the_page_names_every_command():
    assert {shlex.split(command)[2] for command in COMMANDS} == set(checklists.commands)


def test_the_translation_on_the_page_renders_the_example(folder):
    checklist = load_checklist(folder / "checklists/harbour/1.0.0.yaml")
    translation = load_translation(folder / "checklists/harbour/1.0.0/fr.yaml", checklist)
    assert TextStatus.OUTDATED not in {text.status for text in translation.texts.values()}


def test_the_files_beside_the_example_are_valid_and_every_place_is_named(folder):
    assert problems_beside(folder / "checklists/harbour/1.0.0.yaml") == ()
    table = PAGE[PAGE.index("## Beside a checklist") : PAGE.index("### A supplement")]
    for place in (*BESIDE, "kit/name.md", "language.yaml"):
        assert re.search(rf"`{re.sub('development_bank|name|language', '<[a-z]+>', place)}`", table), place


def keys(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "properties":
                yield from value
            yield from keys(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from keys(value)


@pytest.mark.parametrize("key", sorted(set(keys(SCHEMA))))
def test_the_page_explains_every_field(key):
    fields = PAGE[PAGE.index("## Every field") : PAGE.index("## Publishing")]
    assert re.search(rf"[`{{ ]{key}[`:,]", fields), key
