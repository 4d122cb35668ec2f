"""Short ways to a signed-in person and an assessment, through the same doors that people use."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from toolkit.domain.access import Role, Scope, SpaceKind, space_scope
from toolkit.domain.assessment import SignOff, Subject, SubjectKind
from toolkit.domain.checklist import Track
from toolkit.services import assessments, people, personal_link_mail, personal_links, spaces
from toolkit.services.viewers import Viewer
from toolkit.storage.db import db
from toolkit.storage.jobs import JobRecord

PASSWORD = "several plain words"


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Person:
    """Somebody with an account, and a browser signed in as them."""

    viewer: Viewer
    email: str
    client: FlaskClient

    @property
    def id(self) -> UUID:
        return self.viewer.person_id


def signed_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return client


def an_administrator(app: Flask) -> Person:
    with app.app_context():
        token = people.first_administrator_link(now())
        assert token
        viewer = people.create_first_administrator(
            token, name="Ana Administrator", email="ana@example.org", password=PASSWORD, now=now()
        )
    return Person(viewer, "ana@example.org", signed_in(app, "ana@example.org"))


def a_space(app: Flask, by: Person, name: str = "Example Organization", *, as_lead: bool = False) -> UUID:
    with app.app_context():
        kind = SpaceKind.ORGANIZATION
        return spaces.create_space(name, kind, "", "", by=by.id, now=now(), as_lead=as_lead)


def a_person(app: Flask, by: Person, role: Role, place: UUID | Scope, *, email: str = "") -> Person:
    email = email or f"{role.value}@example.org"
    scope = space_scope(place) if isinstance(place, UUID) else place
    with app.app_context():
        invitation = people.invite(
            email=email, name=f"The {role.value.replace('_', ' ')}", role=role, scope=scope, by=by.id, now=now()
        )
        viewer = people.accept_invitation(invitation.token, name=invitation.name, password=PASSWORD, now=now())
    return Person(viewer, email, signed_in(app, email))


def an_open_assessment(app: Flask, by: Person, space: UUID, **given: Any) -> UUID:
    defaults: dict[str, Any] = {
        "subject": Subject("Example Organization", SubjectKind.ORGANIZATION, "Example Organization"),
        "checklist_id": "tiny",
        "version": "1.0.0",
        "track": Track.CORE,
        "sign_off": SignOff.NONE,
        "title": "Baseline 2026",
        "facts": {},
    }
    with app.app_context():
        return assessments.start(space_id=space, by=by.id, now=now(), **(defaults | given))


def link_token(app: Flask) -> str:
    """The token of the newest personal link, from its message, as the job process writes it."""
    with app.app_context():
        query = sa.select(JobRecord.id).where(JobRecord.kind == personal_links.LETTER).order_by(JobRecord.created_at)
        newest = db.session.execute(query).scalars().all()[-1]
        message = personal_link_mail.link_message(newest, public_url="https://assess.example.org", now=now())
    assert message is not None
    return re.findall(r"/link/(\S+)", message.text)[0]


def sent(page: str) -> dict[str, str]:
    """Every field of the questions on a theme page, as a browser would send the page back untouched."""
    found: dict[str, str] = {}
    for name, value in re.findall(r'<input type="hidden" name="(q_[^"]+)" value="([^"]*)"', page):
        found[name] = value
    for name, value in re.findall(r'<input type="radio" name="(q_[^"]+)" value="([^"]*)" checked', page):
        found[name] = value
    return found


def hidden(page: str) -> dict[str, str]:
    """Every hidden field of a page, those of several lines among them."""
    found = dict(re.findall(r'<input[^>]*type="hidden" name="([^"]+)" value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page, flags=re.S))
    return {name: html.unescape(text) for name, text in found.items()}
