"""Make the example assessment files from what they say (*.yaml) and the checklists, and renew the published schema and
the table of fields in the documentation.

    .venv/bin/python docs/examples/make.py

The same input gives the same bytes. A test fails while a file here is not what this makes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from toolkit.config import packaged_folder
from toolkit.domain.answers import Answer, AnswerState, Evidence
from toolkit.domain.assessment import (
    Approval,
    Assessment,
    Edition,
    Mandate,
    SignOff,
    State,
    Subject,
    SubjectKind,
    ThemeScope,
)
from toolkit.domain.assessment_schema import assessment_file_schema, field_table
from toolkit.domain.checklist import Checklist, Track
from toolkit.domain.fitting import fits
from toolkit.domain.scoring import score_assessment
from toolkit.exports.assessment_file import assessment_file
from toolkit.storage.definitions import find_checklist

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TABLE = Path("docs/assessment-file.md")
TABLE_HEAD, TABLE_END = "| field | internal |", "\n\n"
SCHEMA = Path("toolkit/content/schemas/assessment-file.schema.json")
EXAMPLES = {"global-complete": ("global", "2.0.0"), "global-partly": ("global", "2.0.0")}


def made() -> dict[Path, bytes]:
    """Every file that this makes, by its path from the root of the project."""
    files = {Path("docs/examples") / f"{name}.assessment.json": example(name) for name in EXAMPLES}
    schema = json.dumps(assessment_file_schema(), ensure_ascii=False, indent=2) + "\n"
    return files | {SCHEMA: schema.encode("utf-8"), TABLE: _with_table((ROOT / TABLE).read_text(encoding="utf-8"))}


def _with_table(page: str) -> bytes:
    """The page with its table of fields renewed."""
    before, _, rest = page.partition(TABLE_HEAD)
    after = rest.partition(TABLE_END)[2]
    return f"{before}{field_table()}\n{after}".encode()


def example(name: str) -> bytes:
    """One example as an internal assessment file."""
    checklist = find_checklist(packaged_folder("checklists"), *EXAMPLES[name])
    said = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    assessment = _assessment(checklist, said)
    if problems := fits(checklist, assessment):
        raise SystemExit("\n".join((f"{name} does not suit {checklist.id} {checklist.version}:", *map(str, problems))))
    return assessment_file(checklist, assessment, score_assessment(checklist, assessment), Edition.INTERNAL)


def _assessment(checklist: Checklist, said: Mapping[str, Any]) -> Assessment:
    answers = {question: _answer(given) for question, given in said["answers"].items()}
    for theme, text in said["improvements"].items():
        answers[f"improve_{theme}"] = Answer(AnswerState.ANSWERED, text)
    submitted = said.get("submitted")
    return Assessment(
        checklist_id=checklist.id,
        checklist_version=checklist.version,
        checklist_digest=checklist.digest,
        subject=Subject(**(said["subject"] | {"kind": SubjectKind(said["subject"]["kind"])})),
        track=Track(said["track"]),
        sign_off=SignOff(said["sign_off"]),
        state=State.SUBMITTED if submitted else State.DRAFT,
        title=said["title"],
        facts=said["facts"],
        scope={theme: ThemeScope(Mandate(one["mandate"]), one["reason"]) for theme, one in said["scope"].items()},
        answers=answers,
        approvals=tuple(Approval(one["role"], _time(one["at"])) for one in said.get("approvals", ())),
        started_at=_time(said["started_at"]),
        submitted_at=_time(submitted["at"]) if submitted else None,
        number=1 if submitted else None,
        verification_code=submitted["verification_code"] if submitted else "",
    )


def _answer(given: Mapping[str, Any]) -> Answer:
    comment = given.get("comment", "")
    evidence = tuple(Evidence(title) for title in given.get("evidence", ()))
    if "not_applicable" in given:
        return Answer(AnswerState.NOT_APPLICABLE, reason=given["not_applicable"], comment=comment)
    if given.get("dont_know"):
        return Answer(AnswerState.DONT_KNOW, comment=comment)
    return Answer(AnswerState.ANSWERED, given["level"], comment=comment, evidence=evidence)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


if __name__ == "__main__":
    for path, data in made().items():
        (ROOT / path).write_bytes(data)
        print(f"{path}: {len(data):,} bytes")
