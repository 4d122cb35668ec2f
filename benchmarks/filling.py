"""A database with a given number of assessments, all in one space: the worst case for lists."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

from toolkit.config import Config
from toolkit.domain.access import SpaceKind
from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.assessment import SignOff, Subject, SubjectKind
from toolkit.domain.checklist import Checklist, Kind, Track
from toolkit.services import assessments, people, spaces
from toolkit.services.sign_in import sign_in
from toolkit.storage import schema
from toolkit.storage.db import database_app, db
from toolkit.storage.definitions import find_checklist

CHECKLIST, VERSION = "global", "2.0.0"
EMAIL, PASSWORD = "amina@example.org", "seven quiet herons by the mill"
ANSWERED = 12  # questions that each assessment has an answer to; the first one has all


class Filled:
    """What was made: `session` is a token of somebody who sees everything, `first` an assessment answered in full."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.checklist: Checklist = find_checklist(config.checklists, CHECKLIST, VERSION)
        self.app = database_app(config)
        self.now = datetime.now(UTC)
        with self.app.app_context():
            schema.upgrade(db.engine)
            token = people.first_administrator_link(self.now)
            assert token, "the data folder is not new"
            self.viewer = people.create_first_administrator(
                token, name="Amina", email=EMAIL, password=PASSWORD, now=self.now
            )
            self.space = spaces.create_space(
                "Example Organization", SpaceKind.ORGANIZATION, "", "", by=self.viewer.person_id, now=self.now
            )
            self.viewer = sign_in(EMAIL, PASSWORD, address="127.0.0.1", now=self.now).viewer
        self.count = 0
        self.first = self.add(answered=10**6)

    def session(self) -> str:
        """The token of a new session."""
        with self.app.app_context():
            return sign_in(EMAIL, PASSWORD, address="127.0.0.1", now=datetime.now(UTC)).token

    def fill_to(self, wanted: int) -> None:
        """Add assessments until there are so many."""
        while self.count < wanted:
            self.add(answered=ANSWERED)
            if self.count % 500 == 0:
                print(f"  {self.count} assessments", file=sys.stderr)

    def add(self, *, answered: int) -> UUID:
        """One more assessment with the first questions answered."""
        at = self.now + timedelta(seconds=self.count)
        name = f"Unit {self.count}"
        with self.app.app_context():
            assessment_id = assessments.start(
                space_id=self.space,
                subject=Subject(name, SubjectKind.UNIT, "Example Organization"),
                checklist_id=CHECKLIST,
                version=VERSION,
                track=Track.CORE,
                sign_off=SignOff.NONE,
                title="",
                facts={},
                by=self.viewer.person_id,
                now=at,
            )
            answers = {question: (answer, 0) for question, answer in list(self._answers().items())[:answered]}
            assessments.save_answers(assessment_id, answers, viewer=self.viewer, now=at)
        self.count += 1
        return assessment_id

    def _answers(self) -> dict[str, Answer]:
        text = "What we know about this comes from the annual report and the evaluation of last year. " * 3
        made = {}
        for number, question in enumerate(self.checklist.questions):
            if question.kind is Kind.RATING and question.track in (Track.SCAN, Track.CORE):
                levels = question.scale.levels if question.scale else ()
                level = levels[number % len(levels)].value
                made[question.id] = Answer(AnswerState.ANSWERED, value=level, comment=text)
            elif question.kind is Kind.TEXT:
                made[question.id] = Answer(AnswerState.ANSWERED, value=text)
        return made
