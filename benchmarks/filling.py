"""A site's data with a given number of assessments of 100 questions, all in one space: the worst case for lists."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
import yaml

from toolkit.config import Config, packaged_folder
from toolkit.domain.access import SpaceKind
from toolkit.domain.answers import Answer, AnswerState, Evidence
from toolkit.domain.assessment import SignOff, Subject, SubjectKind
from toolkit.domain.checklist import Checklist, Kind, Track
from toolkit.domain.voices import VoiceKind
from toolkit.services import assessments, people, spaces, voices
from toolkit.services.sign_in import sign_in
from toolkit.storage import schema
from toolkit.storage.assessments import (
    AnswerRecord,
    AnswerRevisionRecord,
    AssessmentRecord,
    VoiceRecord,
    consolidated_voice,
    staff_union_voice,
)
from toolkit.storage.db import database_app, db
from toolkit.storage.definitions import find_checklist
from toolkit.storage.spaces import SubjectRecord

CHECKLIST, VERSION = "measured", "1.0.0"
THEMES, QUESTIONS = 10, 10  # 100 questions; a theme page has ten, and the closing text
EMAIL, PASSWORD = "amina@example.org", "seven quiet herons by the mill"
ANSWERED = 12  # answers of each assessment but the first, which has all
COMMENT = "What we know about this comes from the annual report and the evaluation of last year. " * 3
BATCH = 250


def write_definition(folder: Path) -> None:
    """A checklist of ten themes of ten ratings, with the texts of the global checklist, so that pages weigh as much."""
    source = packaged_folder("checklists") / "global" / "2.0.0.yaml"
    data: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    scored = [part for part in data["parts"] if part.get("scored", True)]
    found = [one for part in scored for theme in part["themes"] for one in theme["questions"]]
    ratings = [one for one in found if one["kind"] == "rating"]
    parts = [{key: one for key, one in part.items() if key != "themes"} | {"themes": []} for part in scored]
    for number in range(THEMES):
        questions = []
        for below in range(QUESTIONS):
            question = deepcopy(ratings[(number * QUESTIONS + below) % len(ratings)])
            question = {key: one for key, one in question.items() if key not in {"ask_if", "was", "weight"}}
            questions.append(question | {"id": f"measured_{number}_{below}", "track": "core"})
        parts[number % len(parts)]["themes"].append(
            {"id": f"theme_{number}", "title": f"Theme {number}", "why": "Why it matters.", "questions": questions}
        )
    head = {key: one for key, one in data.items() if key not in {"parts", "follows", "retired", "facts", "bands"}}
    made = head | {"id": CHECKLIST, "version": VERSION, "title": "Measured", "parts": parts}
    (folder / CHECKLIST).mkdir(parents=True)
    text = yaml.safe_dump(made, sort_keys=False, allow_unicode=True)
    (folder / CHECKLIST / f"{VERSION}.yaml").write_text(text, encoding="utf-8")


class Filled:
    """A site with one person, one space, and `first`: an assessment of which every question is answered."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.checklist: Checklist = find_checklist(config.checklists, CHECKLIST, VERSION)
        self.app = database_app(config)
        self.now = datetime.now(UTC)
        self.count = 0
        with self.app.app_context():
            schema.upgrade(db.engine)
            token = people.first_administrator_link(self.now)
            assert token, "the database is not new"
            maker = people.create_first_administrator(token, name="Amina", email=EMAIL, password=PASSWORD, now=self.now)
            self.space = spaces.create_space(
                "Example Organization",
                SpaceKind.ORGANIZATION,
                "",
                "",
                by=maker.person_id,
                now=self.now,
                as_lead=True,
            )
            self.viewer = sign_in(EMAIL, PASSWORD, address="127.0.0.1", now=self.now).viewer
        self.first = self.start(answered=10**6)
        self.other = self.start(answered=ANSWERED)

    def session(self) -> str:
        """The token of a new session."""
        with self.app.app_context():
            return sign_in(EMAIL, PASSWORD, address="127.0.0.1", now=datetime.now(UTC)).token

    def start(self, *, answered: int) -> UUID:
        """One more assessment with the first questions answered, through the same services that people use."""
        self.count += 1
        with self.app.app_context():
            assessment_id = assessments.start(
                space_id=self.space,
                subject=Subject(f"Unit {self.count}", SubjectKind.UNIT, "Example Organization"),
                checklist_id=CHECKLIST,
                version=VERSION,
                track=Track.CORE,
                sign_off=SignOff.NONE,
                title="",
                facts={},
                by=self.viewer.person_id,
                now=self.now,
            )
            answers = dict(list(self._answers())[:answered])
            assessments.save_answers(
                assessment_id, {name: (one, 0) for name, one in answers.items()}, viewer=self.viewer, now=self.now
            )
        return assessment_id

    def add_voices(self, count: int) -> None:
        """Let units answer every question of the first assessment, beside its consolidated answers."""
        answers = {name: (one, 0) for name, one in self._answers()}
        given: dict[str, Any] = {"viewer": self.viewer, "now": self.now}
        with self.app.app_context():
            for number in range(count):
                voice = voices.add(self.first, VoiceKind.UNIT, f"Office {number}", **given)
                assessments.save_answers(self.first, answers, voice=voice, **given)

    def fill_to(self, wanted: int) -> None:
        """Copy the rows of the second assessment until there are so many."""
        tables = (SubjectRecord, AssessmentRecord, VoiceRecord, AnswerRecord, AnswerRevisionRecord)
        with self.app.app_context(), db.engine.connect().execution_options(toolkit_writing=True) as connection:
            found = [list(self._rows(connection, record.__table__)) for record in tables]
            while self.count < wanted:
                numbers = range(self.count + 1, min(self.count + BATCH, wanted) + 1)
                ids = [(number, uuid4(), uuid4()) for number in numbers]
                with connection.begin():
                    for record, rows in zip(tables, found, strict=True):
                        connection.execute(
                            sa.insert(record.__table__), [self._copy(row, *new) for new in ids for row in rows]
                        )
                self.count = numbers[-1]

    def _rows(self, connection: sa.Connection, table: Any) -> Iterator[dict[str, Any]]:
        of = AssessmentRecord.__table__
        if table is SubjectRecord.__table__:
            mine = table.c.id.in_(sa.select(of.c.subject_id).where(of.c.id == self.other))
        else:
            mine = (table.c.id if table is of else table.c.assessment_id) == self.other
        rows = [dict(row) for row in connection.execute(sa.select(table).where(mine)).mappings()]
        connection.rollback()
        yield from rows

    def _copy(self, row: dict[str, Any], number: int, assessment_id: UUID, subject_id: UUID) -> dict[str, Any]:
        """A row of the copied assessment, as one of the new assessment."""
        voice = consolidated_voice(assessment_id)
        changed: dict[str, Any] = {"assessment_id": assessment_id, "voice_id": voice, "subject_id": subject_id}
        changed["title"] = f"Unit {number}"
        changed["updated_at"] = self.now + timedelta(seconds=number)
        if "assessment_id" not in row:
            changed["id"] = assessment_id if "subject_id" in row else subject_id
            changed["name"] = f"Unit {number}"
        elif "id" in row:
            changed["id"] = staff_union_voice(assessment_id) if row["kind"] == VoiceKind.STAFF_UNION else voice
        return {key: changed.get(key, one) for key, one in row.items()}

    def _answers(self) -> Iterator[tuple[str, Answer]]:
        """A level, a comment and evidence to every rating; words in every text."""
        for number, (_, _, question) in enumerate(self.checklist.questions()):
            if question.kind is Kind.RATING and question.scale:
                level = question.scale.levels[number % len(question.scale.levels)].value
                evidence = (Evidence("Annual report, chapter 3", "https://example.org/report"),)
                yield question.id, Answer(AnswerState.ANSWERED, level, comment=COMMENT, evidence=evidence)
            elif question.kind is Kind.TEXT:
                yield question.id, Answer(AnswerState.ANSWERED, COMMENT)
