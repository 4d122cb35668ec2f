"""The JSON Schema of the assessment file, made from the same shape that the reader uses."""

from __future__ import annotations

from typing import Any

from toolkit.domain.assessment import Edition
from toolkit.domain.assessment_shape import FORMAT, NAMED, SHAPE

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def assessment_file_schema() -> dict[str, Any]:
    """The schema, one definition an edition, chosen by the file's own word.

    It says what keys and kinds of value there are. That text has no control characters, that keys are not repeated and
    that the answers suit the checklist is beyond a schema: the reader holds to it.
    """
    return {
        "$schema": DIALECT,
        "title": f"Assessment file, {FORMAT}",
        "description": "One self-assessment: subject, checklist, answers and scores, as far as its edition holds them.",
        "type": "object",
        "required": ["format", "edition"],
        "properties": {"format": {"const": FORMAT}, "edition": {"enum": [str(edition) for edition in Edition]}},
        "allOf": [
            {
                "if": {"properties": {"edition": {"const": str(edition)}}},
                "then": {"$ref": f"#/$defs/{edition}"},
            }
            for edition in Edition
        ],
        "$defs": {str(edition): SHAPE.json_schema(edition) for edition in Edition}
        | {named.name: named.node.json_schema(Edition.PUBLIC) for named in NAMED},
    }


def field_table() -> str:
    """The table of every field and the editions that hold it, as Markdown for `docs/assessment-file.md`."""
    lines = ["| field | internal | shared | public | what it is |", "| --- | --- | --- | --- | --- |"]
    for row in SHAPE.fields("", frozenset(Edition), ""):
        held = " | ".join("yes" if edition in row.editions else "–" for edition in Edition)
        lines.append(f"| `{row.path}` | {held} | {row.about} |")
    return "\n".join(lines) + "\n"
