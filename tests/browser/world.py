"""Sites for the browser: a new one that nobody has used, and a filled one with people who can sign in."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.running_site import RunningSite
from toolkit.cli.database import database
from toolkit.config import Config, packaged_folder, read_config
from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.assessment import SignOff, Subject, SubjectKind
from toolkit.domain.checklist import Checklist, Track
from toolkit.services import assessments, people
from toolkit.services.viewers import Viewer
from toolkit.storage.definitions import find_checklist

PASSWORD = "seven quiet rivers"
PLACE = "Riverland Development Fund"
MEAN = Path(__file__).parents[1] / "definitions" / "mean.yaml"
TINY = Path(__file__).parents[1] / "web" / "checklists" / "tiny" / "1.0.0.yaml"


def now() -> datetime:
    return datetime.now(UTC)


def first_link(site: RunningSite) -> str:
    """The link that creates the first administrator, as the start of the site printed it."""
    found = re.search(r"(/welcome/\S+)", site.said())
    assert found, site.said()
    return found[1]


def checklists_to_test_with(folder: Path) -> Path:
    """Every checklist that comes with the program, and three small ones.

    One has every kind of question, one all that may lie beside a checklist, one a theme of ten.
    """
    shutil.copytree(packaged_folder("checklists"), folder)
    (folder / "tiny").mkdir()
    shutil.copy(TINY, folder / "tiny")
    (folder / "mean").mkdir()
    shutil.copy(MEAN, folder / "mean" / "1.0.0.yaml")
    shutil.copytree(MEAN.with_name("beside"), folder / "mean" / "1.0.0", ignore=shutil.ignore_patterns("malformed"))
    (folder / "ten").mkdir()
    (folder / "ten" / "1.0.0.yaml").write_text(_ten_questions(folder), encoding="utf-8")
    return folder


def _ten_questions(folder: Path) -> str:
    """A checklist whose one theme has the first ten core ratings of the global one, with all their words."""
    real = find_checklist(folder, "global", "2.0.0")
    questions = []
    for _, _, question in real.questions():
        if question.scale and Track.CORE.includes(question.track) and len(questions) < 10:
            words = {name: getattr(question, name) for name in ("text", "guidance", "evidence", "not_enough")}
            levels = [level.value for level in question.scale.levels]
            criteria = {value: question.criterion(value) for value in levels}
            questions.append(
                {"id": question.id, "kind": "rating", "track": "core", "minutes": question.minutes}
                | {name: text for name, text in words.items() if text}
                | {"criteria": criteria, "references": list(question.references)}
            )
    scale = [
        {"value": level.value, "label": level.label, "meaning": level.meaning or "It is so."}
        for level in next(question.scale.levels for _, _, question in real.questions() if question.scale)
    ]
    theme = {"id": "ten_of_them", "title": "Ten questions", "questions": questions}
    whole = {"format": 1, "id": "ten", "version": "1.0.0", "status": "draft", "language": "en", "title": "Ten"}
    whole |= {"about": "Ten questions on one page.", "scale": "levels", "scales": [{"id": "levels", "levels": scale}]}
    whole |= {"parts": [{"id": "one", "title": "One", "themes": [theme]}]}
    return json.dumps(whole, ensure_ascii=False, indent=1)  # which is YAML too


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in; `token` is that of a session."""

    name: str
    email: str
    token: str
    viewer: Viewer


class Filled:
    """The demo, running. Its people are asked for by role, its assessments by state."""

    def __init__(self, site: RunningSite, config: Config, printed: Mapping[str, Any]) -> None:
        self.site = site
        self.config = config
        self.printed = printed
        self.accounts: dict[str, Account] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.site.port}"

    @property
    def checklist(self) -> Checklist:
        return find_checklist(self.config.checklists, "global", "2.0.0")

    @contextmanager
    def services(self) -> Iterator[None]:
        """The services on this site's database."""
        with database(self.config):
            yield

    def account(self, role: str) -> Account:
        """Somebody with this role at the site or in the first space, signed in once."""
        if role not in self.accounts:
            user = next(one for one in self.printed["users"] if one["role"] == role and one["place"] in ("", PLACE))
            with self.services():
                signed_in = people.sign_in(user["email"], user["password"], address=role, now=now())
            self.accounts[role] = Account(user["name"], user["email"], signed_in.token, signed_in.viewer)
        return self.accounts[role]

    def fresh_token(self, role: str) -> str:
        """A session of its own, to be ended without hurting others."""
        account = self.account(role)
        with self.services():
            return people.sign_in(account.email, PASSWORD, address=account.email, now=now()).token

    def assessment(self, state: str) -> str:
        """The id of the assessment of the first space that is in this state."""
        return next(one["id"] for one in self.printed["assessments"] if one["state"] == state and one["place"] == PLACE)

    def space(self) -> UUID:
        """The first space."""
        with self.services():
            return self._opened(self.assessment("draft")).space.id

    def start(self, checklist: str = "global", version: str = "2.0.0", *, title: str = "Another one") -> str:
        """A new and empty assessment of the first space, without review: its id."""
        space = self.space()
        with self.services():
            made = assessments.start(
                space_id=space,
                subject=Subject(PLACE, SubjectKind.ORGANIZATION, PLACE),
                checklist_id=checklist,
                version=version,
                track=Track.CORE,
                sign_off=SignOff.NONE,
                title=title,
                facts={},
                by=self.account("focal_point").viewer.person_id,
                now=now(),
            )
        return str(made)

    def save(self, assessment: str, question: str, level: int, comment: str = "", *, role: str = "focal_point") -> None:
        """An answer that somebody else has saved meanwhile."""
        with self.services():
            viewer = self.account(role).viewer
            opened = self._opened(assessment)
            assessments.save_answer(
                UUID(assessment),
                question,
                Answer(AnswerState.ANSWERED, level, comment=comment),
                expected_revision=opened.answer_revisions.get(question, 0),
                viewer=viewer,
                now=now(),
            )

    def history(self, assessment: str, question: str) -> list[Answer]:
        """Every version of an answer that was kept, newest first."""
        with self.services():
            viewer = self.account("focal_point").viewer
            kept = assessments.history(UUID(assessment), question, viewer=viewer, now=now())
            return [one.answer for one in kept if one.answer]

    def _opened(self, assessment: str) -> assessments.OpenAssessment:
        viewer = self.account("focal_point").viewer
        return assessments.open_assessment(UUID(assessment), viewer=viewer, now=now())


@contextmanager
def filled_site(folder: Path) -> Iterator[Filled]:
    """The demo in a folder, and a site that serves it."""
    checklists, data = checklists_to_test_with(folder / "checklists"), folder / "data"
    command = [sys.executable, "-m", "toolkit", "demo", "--data", str(data), "--checklists", str(checklists)]
    made = subprocess.run([*command, "--password", PASSWORD, "--json"], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    with RunningSite(data, CHECKLISTS=str(checklists)) as site:
        yield Filled(site, read_config({}, data=str(data), checklists=str(checklists)), json.loads(made.stdout))
