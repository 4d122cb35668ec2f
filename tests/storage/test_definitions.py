"""Definition files: the tiny valid ones are read whole, each faulty one is refused where it is wrong."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from toolkit.config import packaged_folder
from toolkit.domain.digests import definition_data
from toolkit.domain.errors import InvalidInput
from toolkit.domain.reading import read_checklist
from toolkit.storage.definitions import (
    ChecklistNotFound,
    checklist_files,
    find_checklist,
    find_translation,
    lineage_problems,
    list_checklists,
    load_checklist,
    load_definition,
    load_translation,
)

DEFINITIONS = Path(__file__).parent.parent / "definitions"
VALID = sorted(DEFINITIONS.glob("*.yaml"))
MALFORMED = sorted((DEFINITIONS / "malformed").glob("*.yaml"))
SHIPPED = list(checklist_files(packaged_folder("checklists")))
SCHEMA = json.loads((packaged_folder("checklists") / "definition.schema.json").read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return path.stem


def as_json(value: Any) -> Any:
    """Data as JSON has it: keys are text."""
    return json.loads(json.dumps(value))


def schema_faults(data: Any) -> list[str]:
    return [f"{one.json_path}: {one.message}" for one in jsonschema.Draft7Validator(SCHEMA).iter_errors(as_json(data))]


@pytest.mark.parametrize("path", [*VALID, *SHIPPED], ids=name)
class TestEveryGoodDefinition:
    def test_is_read(self, path):
        assert load_checklist(path).digest

    def test_comes_back_whole_from_its_own_data(self, path):
        checklist = load_checklist(path)
        assert read_checklist(as_json(definition_data(checklist))) == checklist

    def test_satisfies_the_published_schema(self, path):
        assert schema_faults(load_definition(path).data) == []
        assert schema_faults(definition_data(load_checklist(path))) == []

    def test_points_editors_to_the_schema(self, path):
        if path in VALID:
            assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=../../checklists/")


@pytest.mark.parametrize("path", SHIPPED, ids=name)
def test_every_shipped_checklist_lies_in_its_place_and_accounts_for_the_version_before(path):
    checklist = load_checklist(path)
    assert (checklist.id, checklist.version) == (path.parent.name, path.stem)
    assert lineage_problems(path) == ()


@pytest.mark.parametrize("path", MALFORMED, ids=name)
def test_a_malformed_definition_is_refused_where_it_is_wrong(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]
    wrong = {number for number, line in enumerate(lines, 1) if line.endswith("# wrong")}
    with pytest.raises(InvalidInput) as caught:
        load_checklist(path)
    told = [f"{problem.path}: {problem.message}" for problem in caught.value.problems]
    assert len(told) == len(expected), told
    for expectation in expected:
        assert any(line.startswith(expectation) for line in told), told
    assert {problem.line for problem in caught.value.problems} <= wrong
    assert {problem.file for problem in caught.value.problems} == {str(path)}


# What a schema cannot know: names that must exist or be unique, order, sums, and what YAML does to bare words.
SCHEMA_FINDS = {
    "unknown_key", "missing_title", "text_for_number", "number_for_text", "list_for_text", "text_for_list",
    "text_for_group", "text_for_flag", "empty_list", "long_text", "other_format", "wrong_id", "wrong_version",
    "wrong_status", "wrong_language", "one_level", "fact_kind", "fact_options", "tag_name", "unknown_method",
    "unknown_rule", "unknown_policy", "threshold_not_exact", "theme_name_too_long", "reference", "unknown_kind",
    "unknown_track", "key_of_another_kind", "option_missing", "option_alone", "column_kind", "minutes_too_many",
    "gate_two_tests", "gate_two_sources", "gate_test_on_group", "gate_empty_group", "retired_without_reason", "was_new",
    "layers_one", "layer_scored_missing", "unknown_overall", "theme_rule_none", "related_without_checklist",
    "related_capital", "related_version", "related_twice", "related_text",
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(SCHEMA_FINDS))
def test_the_schema_finds_in_the_editor_what_a_schema_can(case):
    assert schema_faults(load_definition(DEFINITIONS / "malformed" / f"{case}.yaml").data)


def properties(schema: Any, path: str = "") -> Iterator[str]:
    """Every key that the schema lets somebody write, by the part of the schema that lets them."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "properties" and "if" not in path:
                yield from (name for name, one in value.items() if one is not False)
            yield from properties(value, f"{path}/{key}")
    elif isinstance(schema, list):
        for value in schema:
            yield from properties(value, path)


def keys(data: Any) -> set[str]:
    if isinstance(data, dict):
        return {key for key in data if isinstance(key, str)}.union(*map(keys, data.values()))
    return set().union(*map(keys, data)) if isinstance(data, list) else set()


def test_every_key_of_the_schema_is_used_by_a_definition_that_the_program_reads():
    used = set().union(*(keys(load_definition(path).data) for path in VALID))
    assert set(properties(SCHEMA)) <= used


def test_every_key_of_the_schema_is_explained_there():
    undescribed = [
        key
        for key, one in {**SCHEMA["properties"], **SCHEMA["definitions"]["question"]["properties"]}.items()
        if "description" not in one and "$ref" not in one
    ]
    assert undescribed == []


# --- files and folders ----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two versions of one checklist."""
    (tmp_path / "mean").mkdir()
    first = (DEFINITIONS / "mean.yaml").read_text(encoding="utf-8")
    (tmp_path / "mean" / "1.0.0.yaml").write_text(first, encoding="utf-8")
    second = first.replace('version: "1.0.0"', 'version: "1.10.0"\nfollows: "1.9.0"')
    (tmp_path / "mean" / "1.10.0.yaml").write_text(second, encoding="utf-8")
    third = first.replace('version: "1.0.0"', 'version: "1.9.0"\nfollows: "1.0.0"').replace(
        "track: full", "track: core"
    )
    (tmp_path / "mean" / "1.9.0.yaml").write_text(third, encoding="utf-8")
    return tmp_path


def test_checklists_are_listed_oldest_first_and_found_by_name_and_version(folder):
    assert [checklist.version for checklist in list_checklists(folder)] == ["1.0.0", "1.9.0", "1.10.0"]
    assert find_checklist(folder, "mean", "1.9.0").version == "1.9.0"
    for wanted in [("mean", "2.0.0"), ("other", "1.0.0"), ("../mean", "1.0.0"), ("mean", "*")]:
        with pytest.raises(ChecklistNotFound):
            find_checklist(folder, *wanted)


def test_a_file_in_the_wrong_place_is_refused(folder):
    (folder / "mean" / "1.0.0.yaml").rename(folder / "mean" / "3.0.0.yaml")
    with pytest.raises(InvalidInput) as caught:
        list_checklists(folder)
    assert "move it to mean/1.0.0.yaml" in caught.value.problems[0].message


def test_a_file_is_read_once_until_it_changes(folder):
    path = folder / "mean" / "1.0.0.yaml"
    before = load_checklist(path)
    assert load_checklist(path) is before
    path.write_text(path.read_text(encoding="utf-8").replace("Means", "Other means"), encoding="utf-8")
    assert load_checklist(path).title == "Other means"
    stamp = path.stat()
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1))
    assert load_checklist(path).title == "Other means"


def test_a_folder_or_a_missing_file_is_told_in_words(tmp_path):
    for path, words in [(tmp_path, "cannot be read"), (tmp_path / "none.yaml", "no such file")]:
        with pytest.raises(InvalidInput) as caught:
            load_checklist(path)
        assert words in caught.value.problems[0].message


def test_what_a_version_says_of_the_one_before_is_checked_with_line_and_file(folder):
    problems = lineage_problems(folder / "mean" / "1.9.0.yaml")
    (problem,) = problems  # a question entered the core, so the next version is 2.0.0
    assert problem.path == "version"
    assert "2.0.0" in problem.message
    lines = (folder / "mean" / "1.9.0.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[problem.line - 1] == 'version: "1.9.0"'
    path = folder / "mean" / "1.10.0.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Is there a plan for safety?", "Any?"), encoding="utf-8")
    reworded = [problem for problem in lineage_problems(path) if problem.path == "questions.safety_plan.was"]
    assert "text differ" in reworded[0].message
    assert "safety_plan" in path.read_text(encoding="utf-8").splitlines()[reworded[0].line - 1]


def test_a_published_version_needs_the_one_before_it_beside_it(tmp_path):
    path = tmp_path / "2.0.0.yaml"
    shutil.copy(DEFINITIONS / "kinds.yaml", path)
    assert lineage_problems(path) == ()
    text = path.read_text(encoding="utf-8").replace("status: draft", "status: published")
    own = "criteria: {0: a, 1: b, 2: c, 3: d, 4: e}"
    for question in ("Are they paid?", "Does the head speak about it?"):
        text = text.replace(f"text: {question}", f"text: {question}, {own}")
    text = text.replace("text: Is there a youth unit?", "text: Is there a youth unit?, criteria: {0: a, 1: b}")
    path.write_text(text, encoding="utf-8")
    (problem,) = lineage_problems(path)
    assert "1.2.0.yaml" in problem.message


# --- translations ---------------------------------------------------------------------------------


def test_a_translation_lies_beside_its_version_and_is_named_after_its_language(tmp_path):
    checklist = load_checklist(DEFINITIONS / "mean.yaml")
    beside = tmp_path / "mean" / "1.0.0"
    beside.mkdir(parents=True)
    shutil.copy(DEFINITIONS / "translations" / "fr.yaml", beside / "fr.yaml")
    found = find_translation(tmp_path, checklist, "fr")
    assert found is not None
    assert found.language == "fr"
    assert find_translation(tmp_path, checklist, "es") is None
    assert find_translation(tmp_path, checklist, "../1.0.0") is None
    (beside / "fr.yaml").rename(beside / "es.yaml")
    with pytest.raises(InvalidInput) as caught:
        load_translation(beside / "es.yaml", checklist)
    assert "name it fr.yaml" in caught.value.problems[0].message
