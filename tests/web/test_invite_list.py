"""Inviting many in the browser, and reading the messages where there is no mail server."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa

from tests.web.builders import a_person, a_space, an_administrator, an_open_assessment, hidden, now
from toolkit.domain.access import SITE, Role
from toolkit.jobs.work import run_job
from toolkit.services import people
from toolkit.storage.db import current_config, db
from toolkit.storage.jobs import JobRecord


@pytest.fixture
def world(tiny_site):
    """A focal point with a draft."""
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    focal = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    return tiny_site, space, focal, an_open_assessment(tiny_site, focal, space), admin


def do_the_jobs(app):
    with app.app_context():
        for job in db.session.execute(sa.select(JobRecord.id)).scalars().all():
            run_job(job, current_config(), stale_after=60)


def test_from_a_file_to_the_messages(world):
    app, space, focal, draft, _ = world
    address = f"/spaces/{space}/people/list"
    file = (io.BytesIO("\ufeffName;E-mail;Role;Themes\nÀmi;ami@example.org;;jobs\nBen;nowhere\n".encode()), "list.csv")
    sent = {"assessment": str(draft), "role": "contributor", "text": "", "file": file}
    page = focal.client.post(address, data=sent, content_type="multipart/form-data").text
    assert "Is invited and gets 1 theme." in page
    assert "Write an e-mail address" in page
    assert "Invite these, and leave out 1 line" in page
    kept = focal.client.post(f"{address}/keep", data=hidden(page))
    assert kept.status_code == 302
    do_the_jobs(app)
    messages = focal.client.get("/messages").text
    assert "Àmi" in messages
    link = re.search(r"http://[^/]+(/invitation/\S+)", messages)
    assert link
    assert app.test_client().get(link[1]).status_code == 200
    assert "Has not signed in yet" in focal.client.get(f"/assessments/{draft}/handovers").text


def test_nothing_is_kept_by_looking_and_what_is_wrong_stays_on_the_page(world):
    _, space, focal, _, _ = world
    address = f"/spaces/{space}/people/list"
    sent = {"assessment": "", "role": "reader", "text": "Ami;ami@example.org"}
    assert focal.client.post(address, data=sent).status_code == 200
    assert "ami@example.org" not in focal.client.get(f"/spaces/{space}/people").text
    for wrong in (
        {"text": ""},
        {"text": 'Ami;"ami@example.org'},
        {"role": "administrator"},
        {"assessment": "x"},
        {"text": "x" * 300_000},
    ):
        for path in (address, f"{address}/keep"):
            answer = focal.client.post(path, data=sent | wrong)
            assert answer.status_code == 422
    assert 'Ami;"ami@example.org' in focal.client.post(
        address, data=sent | {"text": 'Ami;"ami@example.org'}
    ).text.replace("&#34;", '"')


def test_one_person_can_be_invited_for_one_assessment(world):
    _, space, focal, draft, _ = world
    sent = {"name": "Rev", "email": "rev@example.org", "role": "reviewer", "assessment": str(draft)}
    assert focal.client.post(f"/spaces/{space}/people", data=sent).status_code == 302
    sent |= {"assessment": "00000000-0000-4000-8000-000000000000"}
    assert focal.client.post(f"/spaces/{space}/people", data=sent).status_code == 422


def test_the_link_of_somebody_whom_another_brought_in_is_not_shown(world):
    app, space, focal, _, admin = world
    with app.app_context():
        people.invite(
            email="boss@example.org", name="Boss", role=Role.ADMINISTRATOR, scope=SITE, by=admin.id, now=now()
        )
    sent = {"assessment": "", "role": "reader", "text": "Boss;boss@example.org"}
    focal.client.post(f"/spaces/{space}/people/list/keep", data=sent)
    do_the_jobs(app)
    messages = focal.client.get("/messages").text
    assert "Boss" in messages
    assert "/invitation/" not in messages
