"""The filled example: two organizations and a country team, everybody in them, assessments in every state."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.config import packaged_folder
from toolkit.domain.access import GRANTABLE_IN_SPACE, SITE, Role, Scope, SpaceKind, space_scope
from toolkit.domain.answers import Answer, AnswerState, Evidence
from toolkit.domain.assessment import SignOff, Subject, SubjectKind
from toolkit.domain.checklist import Checklist, Kind, Question, QuestionId, Track
from toolkit.domain.handovers import HandedPart, PartKind
from toolkit.services import answering, handing_over, starting, steps, submitting
from toolkit.services.accounts import add_person, give_role, set_password, viewer_of
from toolkit.services.demo_voices import let_speak
from toolkit.services.opening import open_assessment
from toolkit.services.passwords import check_password
from toolkit.services.spaces import add_own_organization, add_space
from toolkit.services.viewers import Viewer
from toolkit.storage.db import current_config, db, transaction
from toolkit.storage.definitions import find_checklist
from toolkit.storage.jobs import JobRecord
from toolkit.storage.strict_yaml import parse_yaml
from toolkit.storage.trail import append_to_accounts

SITE_ROLES = (Role.ADMINISTRATOR, Role.EDITOR, Role.COORDINATOR)
SITE_DOMAIN = "site.example"
FIRST_NAMES = (
    *("Amara", "Bruno", "Chen", "Dalia", "Esteban", "Fatou", "Goran", "Hana", "Idris", "Jelena", "Kofi", "Leila"),
    *("Mateo", "Noor", "Olga", "Pavel", "Quyen", "Rosa", "Samir", "Tala", "Uma", "Viktor", "Wanjiru", "Xavier"),
    *("Yara", "Zoltan", "Aisha", "Bolat", "Carmen", "Dmitri", "Elif", "Farid"),
)


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Somebody in the demo who can sign in. `place` is empty for the whole site."""

    place: str
    role: Role
    name: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class DemoAssessment:
    """An assessment in the demo and where it stands."""

    place: str
    title: str
    state: str
    id: UUID


@dataclass
class Demo:
    """What was made."""

    users: list[DemoUser] = field(default_factory=list)
    assessments: list[DemoAssessment] = field(default_factory=list)


def fill(*, password: str | None, now: datetime, said: Callable[[str], None] = lambda _: None) -> Demo:
    """Fill an empty site. Without a password everybody gets a random one of their own.

    `said` hears what is being made. Raises InvalidInput for a password that will not do.
    """
    if password is not None:
        check_password(password)
    data = demo_data()
    made, names = Demo(), iter(FIRST_NAMES)
    began = now - timedelta(days=600)
    for role in SITE_ROLES:
        _user(made, names, "", SITE_DOMAIN, role, SITE, password, began)
    for about in data["spaces"]:
        said(about["name"])
        checklist = find_checklist(current_config().checklists, about["checklist"], about["version"])
        space_id = _space(about, began)
        people = {
            role: _user(made, names, about["name"], about["domain"], role, space_scope(space_id), password, began)
            for role in _roles(about)
        }
        _Assessments(made, about, data["texts"], checklist, space_id, people, now).make()
    return made


def demo_data() -> dict[str, Any]:
    """What the demo is filled with."""
    data: Any = parse_yaml((packaged_folder("content") / "demo.yaml").read_bytes()).data
    return dict(data)


def _roles(about: Mapping[str, Any]) -> tuple[Role, ...]:
    """Every role that is held in a space; a country has its lead where an organization has its focal point."""
    other = Role.FOCAL_POINT if about["kind"] == "country" else Role.COUNTRY_LEAD
    return tuple(role for role in Role if role in GRANTABLE_IN_SPACE and role is not other)


def _space(about: Mapping[str, Any], now: datetime) -> UUID:
    with transaction():
        space_id = add_space(about["name"], SpaceKind(about["kind"]), about["country"], "", now=now)
        if about.get("own_kind"):
            add_own_organization(space_id, about["name"], "", about["own_kind"], now=now)
        append_to_accounts(db.session, "space_created", at=now, by=None, about=str(space_id))
    return space_id


def _user(
    made: Demo,
    names: Iterator[str],
    place: str,
    domain: str,
    role: Role,
    scope: Scope,
    password: str | None,
    now: datetime,
) -> UUID:
    chosen = password or "-".join(secrets.token_hex(3) for _ in range(3))
    name = f"{next(names)} {role.replace('_', ' ').title().replace(' ', '-')}"
    email = f"{role.replace('_', '.')}@{domain}"
    with transaction():
        person_id = add_person(name, email, now=now, joined=True)
        set_password(person_id, chosen, now=now)
        if role is not Role.SPOKESPERSON:  # of a voice of one assessment, which is not begun yet
            give_role(person_id, role, scope, by=None, now=now)
    made.users.append(DemoUser(place, role, name, email, chosen))
    return person_id


class _Assessments:
    """The assessments of one space, each taken to its state by the people whose step it is."""

    def __init__(
        self,
        made: Demo,
        about: Mapping[str, Any],
        texts: Mapping[str, str],
        checklist: Checklist,
        space_id: UUID,
        people: Mapping[Role, UUID],
        now: datetime,
    ) -> None:
        self.made = made
        self.about = about
        self.checklist = checklist
        self.space_id = space_id
        self.people = people
        self.now = now
        self.answers = dict(demo_answers(checklist, about, texts))

    def make(self) -> None:
        """All of them, the oldest first."""
        self._reopened()
        self._submitted()
        self._discarded()
        self._approved()
        self._in_review()
        self._draft()

    def _who(self, role: Role) -> Viewer:
        return viewer_of(self.people[role], now=self.now)

    @property
    def _lead(self) -> Viewer:
        return self._who(Role.COUNTRY_LEAD if Role.COUNTRY_LEAD in self.people else Role.FOCAL_POINT)

    def _start(self, title: str, state: str, sign_off: SignOff, days: int, *, unit: bool = False) -> UUID:
        at = self.now - timedelta(days=days)
        of = self.about["unit" if unit else "subject"]
        subject = Subject(of["name"], SubjectKind(of["kind"]), self.about["name"], self.about["country"])
        assessment_id = starting.start(
            space_id=self.space_id,
            subject=subject,
            checklist_id=self.checklist.id,
            version=self.checklist.version,
            track=Track.CORE,
            sign_off=sign_off,
            title=title,
            facts=self.about["facts"],
            by=self._lead.person_id,
            now=at,
        )
        self.made.assessments.append(DemoAssessment(self.about["name"], title, state, assessment_id))
        return assessment_id

    def _answer(self, assessment_id: UUID, by: Role, days: int, *, from_: float = 0.0, to: float = 1.0) -> None:
        """Let somebody answer a stretch of the checklist, given as shares of it."""
        viewer = self._lead if by in {Role.FOCAL_POINT, Role.COUNTRY_LEAD} else self._who(by)
        stretch = list(self.answers.items())[int(from_ * len(self.answers)) : int(to * len(self.answers))]
        self._save(assessment_id, viewer, dict(stretch), days)

    def _save(self, assessment_id: UUID, viewer: Viewer, answers: Mapping[QuestionId, Answer], days: int) -> None:
        at = self.now - timedelta(days=days)
        stands = open_assessment(assessment_id, viewer=viewer, now=self.now).answer_revisions
        given = {question: (answer, stands.get(question, 0)) for question, answer in answers.items()}
        answering.save_answers(assessment_id, given, viewer=viewer, now=at)

    def _answer_all(self, assessment_id: UUID, days: int) -> None:
        self._answer(assessment_id, Role.CONTRIBUTOR, days, to=0.6)
        self._answer(assessment_id, Role.FOCAL_POINT, days - 1, from_=0.6)

    def _submit(self, assessment_id: UUID, days: int) -> None:
        submitting.submit(
            assessment_id,
            provisional_reason="Some units will answer in the next round.",
            viewer=self._lead,
            now=self.now - timedelta(days=days),
        )

    def _reopened(self) -> None:
        """Submitted, opened again, submitted anew (no. 1 is superseded), and open for a third time."""
        assessment_id = self._start("Baseline", "draft, reopened", SignOff.NONE, 500)
        self._answer_all(assessment_id, 480)
        self._submit(assessment_id, 470)
        steps.reopen(
            assessment_id,
            reason="Two ratings rested on a draft that was not adopted.",
            viewer=self._lead,
            now=self.now - timedelta(days=460),
        )
        lower = {question: answer for question, answer in self.answers.items() if answer.value in {3, 4}}
        corrected = {question: Answer(one.state, 2, "", one.comment) for question, one in list(lower.items())[:2]}
        self._save(assessment_id, self._lead, corrected, 459)
        self._submit(assessment_id, 455)
        steps.reopen(
            assessment_id,
            reason="The board asked for one more look at the theme of young people.",
            viewer=self._lead,
            now=self.now - timedelta(days=30),
        )

    def _submitted(self) -> None:
        assessment_id = self._start("Self-assessment of last year", "submitted", SignOff.ONE, 400)
        self._answer_all(assessment_id, 390)
        self._to_review(assessment_id, 380)
        steps.approve(assessment_id, viewer=self._who(Role.APPROVER), now=self.now - timedelta(days=375))
        self._submit(assessment_id, 370)

    def _approved(self) -> None:
        assessment_id = self._start("Progress", "approved", SignOff.ONE, 60)
        self._answer_all(assessment_id, 50)
        self._to_review(assessment_id, 20)
        steps.approve(assessment_id, viewer=self._who(Role.APPROVER), now=self.now - timedelta(days=5))

    def _in_review(self) -> None:
        title = f"Pilot: {self.about['unit']['name']}"
        assessment_id = self._start(title, "in review", SignOff.TWO, 45, unit=True)
        self._answer_all(assessment_id, 40)
        self._to_review(assessment_id, 3)
        steps.approve(assessment_id, viewer=self._who(Role.APPROVER), now=self.now - timedelta(days=1))

    def _draft(self) -> None:
        """A draft that is a good half answered and came back from review once."""
        assessment_id = self._start("Self-assessment of this year", "draft", SignOff.ONE, 25)
        self._answer_all(assessment_id, 20)
        self._to_review(assessment_id, 15)
        rated = [question for question, answer in self.answers.items() if isinstance(answer.value, int)]
        steps.return_to_draft(
            assessment_id,
            {
                rated[0]: "Which papers are counted? Please add the list.",
                rated[5]: "The evidence shows level 2 rather than what is chosen.",
            },
            viewer=self._who(Role.REVIEWER),
            now=self.now - timedelta(days=10),
        )
        other = {question: Answer() for question in rated[-14:]}
        self._save(assessment_id, self._lead, other, 8)
        for one in self.about.get("handovers", ()):
            self._hand_over(assessment_id, one)
        for one in self.about.get("voices", ()):
            let_speak(assessment_id, one, lead=self._lead, speaker=self.people[Role.SPOKESPERSON], now=self.now)

    def _hand_over(self, assessment_id: UUID, one: Mapping[str, Any]) -> None:
        """One hand-over of the draft; nobody is written to about it."""
        given = self.now - timedelta(days=one["days_ago"])
        due_on = (self.now + timedelta(days=one["due_in"])).date() if "due_in" in one else None
        parts = [HandedPart(PartKind.THEME, theme) for theme in one["themes"]]
        to = [self.people[Role(one["to"])]]
        (handover_id,) = handing_over.hand_over(
            assessment_id, to=to, parts=parts, viewer=self._lead, now=given, due_on=due_on, note=one.get("note", "")
        )
        if "done" in one:
            handing_over.say_done(
                handover_id, note=one["done"], viewer=self._who(Role(one["to"])), now=self.now - timedelta(days=1)
            )
        if "came_back" in one:
            handing_over.give_back(handover_id, note=one["came_back"], viewer=self._lead, now=self.now)
        with transaction() as session:
            session.execute(sa.delete(JobRecord).where(JobRecord.kind == handing_over.LETTER))

    def _discarded(self) -> None:
        assessment_id = self._start("A first try", "discarded", SignOff.NONE, 90)
        self._answer(assessment_id, Role.CONTRIBUTOR, 85, to=0.15)
        steps.discard(assessment_id, viewer=self._lead, now=self.now - timedelta(days=7))

    def _to_review(self, assessment_id: UUID, days: int) -> None:
        steps.send_to_review(assessment_id, viewer=self._lead, now=self.now - timedelta(days=days))


def demo_answers(
    checklist: Checklist, about: Mapping[str, Any], texts: Mapping[str, str]
) -> Iterator[tuple[QuestionId, Answer]]:
    """The answers of one space to the questions of the core track, in the checklist's order."""
    for _, _, question in checklist.questions():
        if Track.CORE.includes(question.track):
            answer = _demo_answer(question, about, texts)
            if answer is not None:
                yield question.id, answer


def _demo_answer(question: Question, about: Mapping[str, Any], texts: Mapping[str, str]) -> Answer | None:
    if question.id in about["not_applicable"]:
        return Answer(AnswerState.NOT_APPLICABLE, reason=about["not_applicable"][question.id])
    if question.id in about["dont_know"]:
        return Answer(AnswerState.DONT_KNOW)
    if question.kind is Kind.TEXT:
        return Answer(AnswerState.ANSWERED, texts[question.id]) if question.id in texts else None
    if question.kind is not Kind.RATING:
        return Answer(AnswerState.DONT_KNOW)
    words = about["words"].get(question.id, {})
    evidence = tuple(Evidence(one["title"], one.get("url", "")) for one in words.get("evidence", ()))
    level = about["levels"].get(question.id, about["otherwise"])
    return Answer(AnswerState.ANSWERED, level, comment=words.get("comment", ""), evidence=evidence)
