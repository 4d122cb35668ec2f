"""The main job through the pages: from the first administrator to a submitted assessment and its files."""

from __future__ import annotations

import io
import json
import re

import pytest

from tests.web.builders import (
    PASSWORD,
    a_person,
    a_space,
    an_administrator,
    an_open_assessment,
    now,
    sent,
)
from toolkit.domain.access import Role, theme_scope
from toolkit.domain.assessment import Edition, SignOff, Subject, SubjectKind
from toolkit.services import people
from toolkit.web.publications import cards
from toolkit.web.work import roughly


def answer_everything(client, address):
    for theme in dict.fromkeys(re.findall(rf'href="({address}/themes/\w+)"', client.get(address).text)):
        for _ in range(2):  # a gate may bring more
            page = client.get(theme).text
            data = sent(page)
            for name in set(re.findall(r'name="(q_\w+-pick)" value="2"', page)):
                data[name] = "1"
            for name in set(re.findall(r'name="(q_\w+-pick)" value="yes"', page)):
                data[name] = "yes"
            for name in set(re.findall(r'name="(q_\w+-pick)" value="-dont_know"', page)):
                if data.get(name) in {None, "-unanswered", "-given"}:
                    data[name] = "-dont_know"
            assert client.post(theme, data=data).status_code == 302


def test_first_administrator_makes_a_space_starts_and_submits(tiny_site):
    client = tiny_site.test_client()
    with tiny_site.app_context():
        token = people.first_administrator_link(now())
    assert client.get(f"/welcome/{token}").status_code == 200
    account = {"name": "Ana", "email": "ana@example.org", "password": PASSWORD}
    assert client.post(f"/welcome/{token}", data=account).status_code == 302
    assert client.post(f"/welcome/{token}", data=account).status_code == 410, "the link works once"
    assert client.post("/sign-in", data=account).headers["Location"] == "/work"
    assert "make a space" in client.get("/work").text
    made = client.post(
        "/spaces/new",
        data={"kind": "organization", "name": "Example", "organization": "", "country": "", "as_lead": "y"},
    )
    assert made.status_code == 302
    space = re.search(r"/spaces/([0-9a-f-]+)/people", made.headers["Location"]).group(1)
    begun = client.post(
        "/assessments/new",
        data={
            "space": space,
            "name": "Example",
            "kind": "organization",
            "country": "",
            "title": "Baseline",
            "checklist": "tiny/1.0.0",
            "track": "core",
            "sign_off": "none",
        },
    )
    assert begun.status_code == 302
    address = begun.headers["Location"].removesuffix("/scope")
    scope = {f"m_{theme}": "in" for theme in ("jobs", "skills")} | {"m_safety": "touches", "r_safety": "A little."}
    assert client.post(f"{address}/scope", data=scope).status_code == 302
    assert client.post(f"{address}/facts", data={"f_has_offices": "yes"}).status_code == 302
    answer_everything(client, address)
    assert "Nothing is missing" in client.get(f"{address}/review").text
    assert client.post(f"{address}/submit", data={}).status_code == 422
    done = client.post(f"{address}/submit", data={"sure": "y", "provisional_reason": "A trial."})
    assert done.status_code == 302
    results = client.get(f"{address}/results")
    assert "Submitted no. 1" in results.text
    assert "not independently reviewed" in results.text
    assert client.get(f"{address}/themes/jobs").text.count("<textarea") == 0, "submitted answers are only shown"
    code = re.search(r"/verify/([A-Z0-9-]+)", client.get(f"{address}/downloads").text).group(1)
    stranger = tiny_site.test_client()
    assert "As submitted" in stranger.get(f"/verify/{code}").text
    assert stranger.get(f"/verify/{code}.json").json["verdict"] == "as_submitted"
    other = stranger.get(f"/verify/{code}.json?sha256={'0' * 64}")
    assert (other.status_code, other.json) == (404, {"verdict": "unknown"})


@pytest.fixture
def reviewed(tiny_site):
    """Focal point, approver and address of an assessment with one approver, all answered."""
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    approver = a_person(tiny_site, admin, Role.APPROVER, space)
    address = f"/assessments/{an_open_assessment(tiny_site, lead, space, sign_off=SignOff.ONE)}"
    answer_everything(lead.client, address)
    return lead, approver, address


def test_review_returns_with_a_reason_and_then_approves(reviewed):
    lead, approver, address = reviewed
    assert lead.client.post(f"{address}/send").status_code == 302
    assert (
        lead.client.post(f"{address}/answers/policy", data={"q_policy-pick": "2", "q_policy-revision": "1"}).status_code
        == 423
    )
    assert approver.client.post(f"{address}/return", data={"about": "policy", "reason": ""}).status_code == 422
    assert approver.client.post(f"{address}/return", data={"about": "policy", "reason": "Show it."}).status_code == 302
    assert "Show it." in lead.client.get(f"{address}/themes/jobs").text
    lead.client.post(f"{address}/send")
    assert lead.client.post(f"{address}/approve").status_code == 403, "nobody approves own work"
    assert approver.client.post(f"{address}/approve").status_code == 302
    assert approver.client.post(f"{address}/approve").status_code in {403, 409}
    done = lead.client.post(f"{address}/submit", data={"sure": "y", "provisional_reason": "A trial."})
    assert done.status_code == 302
    assert lead.client.post(f"{address}/reopen", data={"reason": "A mistake."}).status_code == 302
    assert "Draft" in lead.client.get(address).text


def test_discarded_draft_comes_back(reviewed):
    lead, _, address = reviewed
    assert lead.client.post(f"{address}/discard").status_code == 302
    assert "discarded" in lead.client.get(address).text
    assert lead.client.post(f"{address}/undiscard").status_code == 302


@pytest.mark.parametrize("edition", ["internal", "shared", "public"])
@pytest.mark.parametrize("file_format", ["xlsx", "csv", "assessment.json", "scores.json"])
def test_files_come_as_attachments_in_every_edition(reviewed, edition, file_format):
    lead, _, address = reviewed
    answer = lead.client.get(f"{address}/downloads/{edition}/{file_format}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert len(answer.data) > 200


def test_assessment_file_is_looked_at_and_brought_in(reviewed):
    lead, _, address = reviewed
    file = lead.client.get(f"{address}/downloads/internal/assessment.json").data
    space = re.search(r'<option value="([0-9a-f-]{36})"', lead.client.get("/import").text).group(1)
    look = lead.client.post("/import", data={"space": space, "file": (io.BytesIO(file), "a.assessment.json")})
    assert look.status_code == 200
    assert "Look before you import" in look.text
    packed = re.search(r'name="sent" value="([^"]+)"', look.text).group(1)
    kept = lead.client.post("/import/keep", data={"space": space, "sent": packed})
    assert kept.status_code == 302
    assert kept.headers["Location"] != address


@pytest.mark.parametrize(
    "junk", [b"", b"{}", b"[" * 5000, b"\xff\xfe", b'{"format": 1, "a": NaN}', b"null", b"<script>"]
)
def test_no_file_breaks_the_import(reviewed, junk):
    lead, _, _ = reviewed
    space = re.search(r'<option value="([0-9a-f-]{36})"', lead.client.get("/import").text).group(1)
    look = lead.client.post("/import", data={"space": space, "file": (io.BytesIO(junk), "a.json")})
    assert look.status_code == 422
    assert "<script>" not in look.text


def test_report_is_asked_for_and_waited_for(reviewed):
    lead, _, address = reviewed
    asked = lead.client.post(f"{address}/reports", data={"edition": "shared"})
    assert asked.status_code == 302
    assert "being made" in lead.client.get(asked.headers["Location"]).text
    job = asked.headers["Location"].split("?")[0]
    assert lead.client.get(f"{job}.json").json["state"] == "queued"
    assert lead.client.get(f"{job}.pdf").status_code == 404
    assert lead.client.post(f"{address}/reports", data={"edition": "secret"}).status_code == 404


def test_figures_on_the_page_are_those_of_the_file(reviewed):
    lead, _, address = reviewed
    scores = json.loads(lead.client.get(f"{address}/downloads/internal/scores.json").data)["scores"]
    page = lead.client.get(f"{address}/results").text
    shown = re.search(r'class="headline figure">([^<]+)<', page).group(1)
    exact = scores["overall"]["score"]["percent"]
    assert round(float(exact)) == int(shown.split("\u00a0")[0].split(" ")[0])


def test_contributor_of_one_theme_sees_that_theme_and_no_results(tiny_site):
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    assessment = an_open_assessment(tiny_site, lead, space)
    helper = a_person(tiny_site, lead, Role.CONTRIBUTOR, theme_scope(assessment, "skills"))
    address = f"/assessments/{assessment}"
    assert f"{address}/themes/skills" in helper.client.get(address).text
    assert f"{address}/themes/jobs" not in helper.client.get(address).text
    assert helper.client.get(f"{address}/themes/jobs").status_code == 404
    assert helper.client.get(f"{address}/themes/skills").status_code == 200
    assert helper.client.get(f"{address}/results").status_code == 403
    assert helper.client.get(f"{address}/review").status_code == 200


def test_the_start_says_how_long_each_track_takes_and_names_the_only_subject_there_is(tiny_site):
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    page = lead.client.get("/assessments/new").text
    assert re.search(r"Choose this to compare over time\. About \d+ minutes of answering\.", page)
    assert re.search(r'name="name" value="Example Organization"', page)
    for name in ("First", "Second"):
        a_space(tiny_site, admin, name, as_lead=True)
    assert 'name="name" value=' not in admin.client.get("/assessments/new").text, "with two there is nothing to guess"


@pytest.mark.parametrize(("minutes", "said"), [(3, 5), (38, 40), (61, 60), (100, 105), (128, 120), (350, 360)])
def test_minutes_are_said_roughly(minutes, said):
    assert roughly(minutes) == said


def test_the_mandate_says_how_many_themes_are_outside(tiny_site):
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    scope = f"/assessments/{an_open_assessment(tiny_site, lead, space)}/scope"
    assert "None of the 3 themes is outside." in lead.client.get(scope).text
    said = {"m_jobs": "outside", "r_jobs": "Others do this.", "m_skills": "in", "m_safety": "touches"}
    assert lead.client.post(scope, data=said | {"r_safety": "A part of it."}).status_code == 302
    page = lead.client.get(scope).text
    assert "1 of 3 themes is outside." in page
    assert "1 of 2 outside" in page
    assert "none of 1 outside" in page


def test_a_country_team_is_asked_what_is_in_its_work(tiny_site):
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    team = Subject("Country team", SubjectKind.COUNTRY_TEAM, "Country team", "KE")
    address = f"/assessments/{an_open_assessment(tiny_site, lead, space, subject=team)}"
    page = lead.client.get(f"{address}/scope").text
    assert "<h1>What is in our work?</h1>" in page
    assert "mandate" not in re.sub(r"<[^>]*>", "", page)
    said = {"m_jobs": "outside", "r_jobs": "Others do this.", "m_skills": "in", "m_safety": "in"}
    assert lead.client.post(f"{address}/scope", data=said).status_code == 302
    assert "Outside our work" in lead.client.get(address).text


def test_the_downloads_say_what_each_edition_leaves_out_the_recommended_one_first():
    every = tuple(Edition)
    draft, submitted = cards(every, is_draft=True), cards(every, is_draft=False)
    assert [one.edition for one in draft] == [Edition.INTERNAL, Edition.SHARED, Edition.PUBLIC]
    assert [one.edition for one in submitted] == [Edition.SHARED, Edition.INTERNAL, Edition.PUBLIC]
    assert [one.is_recommended for one in submitted] == [True, False, False]
    assert {one.edition: len(one.leaves_out) for one in draft} == {
        Edition.INTERNAL: 0,
        Edition.SHARED: 1,
        Edition.PUBLIC: 3,
    }
    assert all(len(one.holds) + len(one.leaves_out) == 4 for one in draft)
    assert cards((Edition.SHARED, Edition.PUBLIC), is_draft=True)[0].is_recommended


def test_the_side_list_says_where_to_look_again(tiny_site):
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    address = f"/assessments/{an_open_assessment(tiny_site, lead, space)}"
    theme = f"{address}/themes/skills"
    assert "look again" not in lead.client.get(theme).text
    lead.client.post(theme, data=sent(lead.client.get(theme).text) | {"q_training-pick": "-not_applicable"})
    assert '<span class="again">look again</span>' in lead.client.get(theme).text, "its reason is missing"
    assert "Look again" in lead.client.get(address).text


def test_rows_of_evidence_are_told_apart_by_their_labels(tiny_site):
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    theme = f"/assessments/{an_open_assessment(tiny_site, lead, space)}/themes/skills"
    first = sent(lead.client.get(theme).text) | {"q_training-evidence-0-title": "A file"}
    lead.client.post(theme, data=first)
    page = lead.client.get(theme).text
    for label in ("Evidence 1, title", "Evidence 1, link", "Evidence 2, title", "Evidence 2, link"):
        assert label in page
