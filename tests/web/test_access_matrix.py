"""Every route × method × role × relation, as `toolkit/web/access_matrix.yaml` says."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml

from tests.evidence_samples import PDF
from tests.web.builders import (
    PASSWORD,
    Person,
    a_person,
    a_space,
    an_administrator,
    an_open_assessment,
    link_token,
    now,
    signed_in,
)
from tests.web.conftest import make_site
from toolkit.config import PACKAGE
from toolkit.domain.access import SITE, Role, voice_scope
from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.assessment import Edition
from toolkit.domain.checklist import Kind
from toolkit.domain.handovers import HandedPart, PartKind
from toolkit.services import acting, assessments, discussions, evidence, handing_over, personal_links, reports, voices
from toolkit.services.accounts import give_role
from toolkit.storage.assessments import staff_union_voice
from toolkit.storage.db import db, transaction

MATRIX = yaml.safe_load((PACKAGE / "web" / "access_matrix.yaml").read_text(encoding="utf-8"))["routes"]
IN_SPACE = ("focal_point", "country_lead", "deputy", "contributor", "reviewer", "approver", "observer", "spokesperson")
ROLES = (*IN_SPACE, "reader", "administrator", "editor", "coordinator")
# Where a route does not name a thing of a space, a role held elsewhere opens it too: it shows the person's own.
ACCOUNT = {
    "/account",
    "/account/identity/remove",
    "/account/export",
    "/account/password",
    "/account/sessions/end-all",
} | {f"/account/second-step{rest}" for rest in ("", "/codes", "/confirm", "/remove")}
OF_NO_SPACE = ACCOUNT | {
    "/work",
    "/asked",
    "/messages",
    "/reminders",
    "/assessments/new",
    "/import",
    "/import/keep",
    "/people",
    "/spaces",
    "/spaces/new",
}


class Place:
    """One site with two spaces, a person of every role in the first, and a stranger who leads the second."""

    def __init__(self, folder: Path) -> None:
        self.app = make_site(folder, checklists=str(Path(__file__).with_name("checklists")))
        admin = an_administrator(self.app)
        space = a_space(self.app, admin, "Ours")
        other = a_space(self.app, admin, "Theirs")
        self.people: dict[str, Person] = {"administrator": admin}
        for name in (*IN_SPACE, "reader"):
            if name != "spokesperson":
                self.people[name] = a_person(self.app, admin, Role(name), space)
        for name in ("editor", "coordinator"):
            self.people[name] = a_person(self.app, admin, Role(name), SITE)
        self.stranger = a_person(self.app, admin, Role.FOCAL_POINT, other, email="stranger@example.org")
        self.spare = a_person(self.app, admin, Role.CONTRIBUTOR, other, email="spare@example.org")
        lead = self.people["focal_point"]
        self.ids: dict[str, Any] = {
            "draft": an_open_assessment(self.app, lead, space),
            "submitted": self.submitted(lead, space),
            "space_id": space,
            "person_id": self.spare.id,
        }
        self.ids["voice_id"] = staff_union_voice(self.ids["draft"])
        speaks = voice_scope(self.ids["draft"], self.ids["voice_id"])
        self.people["spokesperson"] = spokesperson = a_person(self.app, admin, Role.SPOKESPERSON, speaks)
        done = self.ids["submitted"]
        with self.app.app_context():
            about = {"viewer": lead.viewer, "now": now()}
            voices.leave_out(self.ids["draft"], self.ids["voice_id"], "It was not asked in time.", **about)
        with self.app.app_context(), transaction():
            give_role(
                spokesperson.id, Role.SPOKESPERSON, voice_scope(done, staff_union_voice(done)), by=None, now=now()
            )
        with self.app.app_context():
            about = {"viewer": lead.viewer, "now": now()}
            self.ids["thread_id"] = discussions.begin(self.ids["draft"], "policy", "What is meant here?", **about)
        with self.app.app_context():
            (self.ids["handover_id"],) = handing_over.hand_over(
                self.ids["draft"],
                to=[self.people["contributor"].id],
                parts=[HandedPart(PartKind.THEME, "jobs")],
                viewer=lead.viewer,
                now=now(),
            )
        with self.app.app_context():
            (told,) = self.people["reader"].viewer.grants
            today = now().date()
            self.ids["grant_id"] = acting.begin(
                UUID(told.scope.id),
                self.people["reader"].id,
                for_id=lead.id,
                first=today + timedelta(days=200),
                last=today + timedelta(days=201),
                viewer=lead.viewer,
                now=now(),
            )
        self.ids["linked_id"] = self.by_link(lead, "lou@example.org")
        self.by_link(lead, "lin@example.org")
        self.holder = self.app.test_client()  # a browser that came by the newer link
        assert self.holder.post(f"/link/{link_token(self.app)}").status_code == 302
        with self.app.app_context():
            file = BytesIO(PDF)
            self.ids["sha256"] = evidence.keep_file(
                self.ids["draft"], "policy", file, "plan.pdf", viewer=lead.viewer, now=now()
            ).sha256
            self.ids["job_id"] = reports.request_report(
                assessment_id=self.ids["draft"],
                edition=Edition.SHARED,
                language="en",
                viewer=lead.viewer,
                now=now(),
            ).id

    def submitted(self, lead: Person, space: Any) -> Any:
        made = an_open_assessment(self.app, lead, space)
        with self.app.app_context():
            one = assessments.open_assessment(made, viewer=lead.viewer, now=now())
            for _, _, question in one.checklist.questions():
                rating = question.kind is Kind.RATING
                answer = Answer(AnswerState.ANSWERED, value=1) if rating else Answer(AnswerState.DONT_KNOW)
                if not question.is_improvement:
                    assessments.save_answer(
                        made, question.id, answer, expected_revision=0, viewer=lead.viewer, now=now()
                    )
            assessments.submit(made, provisional_reason="A trial.", viewer=lead.viewer, now=now())
        return made

    def by_link(self, lead: Person, email: str) -> Any:
        """A hand-over by personal link, for the same theme as the other one."""
        with self.app.app_context():
            (made,) = personal_links.hand_over_by_link(
                self.ids["draft"],
                newcomer=("Lin Holder", email),
                parts=[HandedPart(PartKind.THEME, "jobs")],
                viewer=lead.viewer,
                now=now(),
            )
        return made

    def address(self, row: dict[str, Any]) -> str:
        given = {
            "<uuid:assessment_id>": self.ids[row.get("while", "draft")],
            "<uuid:space_id>": self.ids["space_id"],
            "<uuid:person_id>": self.ids["person_id"],
            "<uuid:job_id>": self.ids["job_id"],
            "<uuid:thread_id>": self.ids["thread_id"],
            "<uuid:voice_id>": self.ids["voice_id"],
            "<uuid:handover_id>": self.ids["linked_id" if "/link/" in row["route"] else "handover_id"],
            "<uuid:grant_id>": self.ids["grant_id"],
            "<question_id>": "policy",
            "<theme_id>": "jobs",
            "<edition>": "shared",
            "<file_format>": "csv",
            "<checklist_id>": "tiny",
            "<version>": "1.0.0",
            "<older>": "1.0.0",
            "<newer>": "1.0.0",
            "<token>": "no-such-token",
            "<code>": "no-such-code",
            "<name>": "kick_off_mail",
            "<path:filename>": "app.css",
            "<sha256>": self.ids["sha256"],
        }
        address: str = row["route"]
        for name, value in given.items():
            address = address.replace(name, str(value))
        return address

    def in_voice(self, row: dict[str, Any]) -> str:
        """What a spokesperson's address says beside: they act in their voice, in which no file was sent."""
        of_assessment = row["route"].startswith("/assessments/<uuid:assessment_id>") and "<sha256>" not in row["route"]
        return f"?voice={staff_union_voice(self.ids[row.get('while', 'draft')])}" if of_assessment else ""

    def ask(self, client: Any, method: str, row: dict[str, Any]) -> int:
        data = {"edition": "shared"} if row["route"].endswith("/reports") else {}
        if row["route"].endswith("/import/keep"):
            data = {"sent": "e30=", "space": str(self.ids["space_id"])}
        if "/side-by-side/" in row["route"]:
            data = {"voice": str(self.ids["voice_id"])}
        if row["route"].endswith("/personal-links"):
            data = {"allow": "yes"}  # without it every link would end
        address = self.address(row)
        if client is self.people["spokesperson"].client:
            address += self.in_voice(row)
        with client.open(address, method=method, data=data) as answer:
            status: int = answer.status_code
        if row["route"] == "/account/sessions/end-all" and status == 302:
            one = next(one for one in self.people.values() if one.client is client)
            client.post("/sign-in", data={"email": one.email, "password": PASSWORD})
        if row["route"].endswith("/discard") and status == 302:
            self.people["focal_point"].client.post(self.address(row).replace("/discard", "/undiscard"))
        return status


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = Place(tmp_path_factory.mktemp("matrix") / "data")
    yield found
    with found.app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_matrix_and_site_have_the_same_routes(place):
    ours = {(row["route"], method) for row in MATRIX for method in row["methods"]}
    rules = place.app.url_map.iter_rules()
    sites = {(rule.rule, method) for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert ours == sites


def test_every_route_says_who_may_use_it(place):
    views = place.app.view_functions
    assert {name for name in views if not hasattr(views[name], "permission")} == {"static"}


def test_a_silent_route_stops_the_site_from_starting(place):
    from toolkit.web.access import guard

    place.app.view_functions["silent"] = lambda: ""
    try:
        with pytest.raises(RuntimeError, match="silent"):
            guard(place.app)
    finally:
        del place.app.view_functions["silent"]


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: f"{row['route']} {row.get('while', '')}")
def test_signed_out(place, row):
    for method in row["methods"]:
        status = place.ask(place.app.test_client(), method, row)
        if row["who"] == "anyone":
            assert status not in {401, 403}
        else:
            assert status == (302 if method == "GET" and not row["route"].endswith(".json") else 401)


CLOSED = [row for row in MATRIX if row["who"] != "anyone"]


@pytest.mark.parametrize("row", CLOSED, ids=lambda row: f"{row['route']} {row.get('while', '')}")
def test_every_role_in_its_own_space(place, row):
    for role in ROLES:
        allowed = row["who"] == "signed_in" or role in row["who"]
        for method in row["methods"]:
            client = place.people[role].client
            status = place.ask(client, method, row)
            assert (status not in {401, 403, 404}) is allowed, f"{role} {method}: {status}"


@pytest.mark.parametrize("row", CLOSED, ids=lambda row: f"{row['route']} {row.get('while', '')}")
def test_whoever_came_by_a_personal_link_finds_what_it_is_for_and_nothing_else(place, row):
    for method in row["methods"]:
        status = place.ask(place.holder, method, row)
        if row.get("link"):
            assert status not in {401, 403, 404}, f"{method}: {status}"
        else:
            assert status == 404, f"{method}: {status}"


@pytest.mark.parametrize(
    "row",
    [row for row in CLOSED if row["route"] not in OF_NO_SPACE],
    ids=lambda row: f"{row['route']} {row.get('while', '')}",
)
def test_to_the_lead_of_another_space_nothing_is_there(place, row):
    for method in row["methods"]:
        assert place.ask(place.stranger.client, method, row) == 404


def test_a_person_without_any_role_sees_an_empty_desk(place):
    client = signed_in(place.app, place.people["editor"].email)
    assert "Nothing here yet" in client.get("/work").text
