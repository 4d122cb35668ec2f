"""The published schema and the field table: made from the shape that the reader uses, and kept with it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.canaries import canary_assessment, canary_checklist
from tests.domain.test_assessment_reading import SMALLEST
from toolkit.domain.assessment import Edition
from toolkit.domain.assessment_file import canonical_bytes, to_data
from toolkit.domain.assessment_schema import assessment_file_schema, field_table
from toolkit.domain.assessment_shape import SHAPE
from toolkit.domain.scoring import score_assessment

ROOT = Path(__file__).parents[2]
PUBLISHED = json.loads((ROOT / "toolkit/content/schemas/assessment-file.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(PUBLISHED)


def test_the_published_schema_is_the_one_that_the_shape_gives():
    assert assessment_file_schema() == PUBLISHED, "run docs/examples/make.py"
    jsonschema.Draft202012Validator.check_schema(PUBLISHED)


@pytest.mark.parametrize("edition", list(Edition))
def test_what_is_written_is_valid(edition):
    checklist, assessment = canary_checklist(), canary_assessment()
    data = to_data(checklist, assessment, edition, card=score_assessment(checklist, assessment))
    VALIDATOR.validate(json.loads(canonical_bytes(data)))


def test_the_smallest_file_is_valid():
    VALIDATOR.validate(SMALLEST)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "decent-work-assessment/2"},
        {"edition": "secret"},
        {"edition": "public", "answers": {}},
        {"edition": "shared", "answers": {"one": {"state": "answered", "value": 1, "comment": "x"}}},
        {"colour": "blue"},
        {"track": "deep"},
        {"answers": {"One": {"state": "answered"}}},
        {"answers": {"one": {"state": "not_asked"}}},
        {"answers": {"one": {"state": "answered", "value": 1.5}}},
        {"answers": {"one": {"state": "answered", "value": {"decimal": "1e5"}}}},
        {"started_at": "yesterday"},
    ],
)
def test_what_the_reader_refuses_for_its_form_the_schema_refuses_too(changes):
    assert not VALIDATOR.is_valid(SMALLEST | changes)


def test_the_documentation_has_the_table_of_fields():
    assert field_table() in (ROOT / "docs/assessment-file.md").read_text(), "run docs/examples/make.py"


def test_every_field_says_what_it_is():
    assert [row.path for row in SHAPE.fields("", frozenset(Edition), "") if not row.about] == []
