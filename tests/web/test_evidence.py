"""Files of evidence on the site: sent, refused with what was typed kept, fetched as a download that does nothing."""

from __future__ import annotations

import errno
import re
from io import BytesIO
from uuid import UUID

import pytest

from tests import evidence_samples as samples
from tests.web.builders import a_person, a_space, an_administrator, an_open_assessment, sent
from toolkit.domain.access import Role
from toolkit.domain.assessment import SignOff
from toolkit.files.store import LocalFiles
from toolkit.services import evidence_rows
from toolkit.web import limits

JSON = {"Accept": "application/json"}
CANARY = b"%PDF-1.4 canary-of-ours-4711 %%EOF"


@pytest.fixture
def people(tiny_site):
    """A focal point, a reviewer and the lead of another space: (lead, reviewer, stranger, address of a draft)."""
    admin = an_administrator(tiny_site)
    space, other = a_space(tiny_site, admin), a_space(tiny_site, admin, "Others")
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    reviewer = a_person(tiny_site, admin, Role.REVIEWER, space)
    stranger = a_person(tiny_site, admin, Role.FOCAL_POINT, other, email="stranger@example.org")
    draft = an_open_assessment(tiny_site, lead, space, sign_off=SignOff.ONE)
    return lead, reviewer, stranger, f"/assessments/{draft}"


@pytest.fixture
def lead(people):
    return people[0]


@pytest.fixture
def files(people):
    return f"{people[3]}/answers/policy/files"


def multipart(content, name, **fields):
    """A form with a file as a browser sends it; the client would put a large one into a file that it never closes."""
    parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n' for key, text in fields.items()]
    quoted = name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
    parts.append(f'--x\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n')
    body = "".join(parts).encode() + content + b"\r\n--x--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=x"}


def attach(person, files, content=samples.PDF, name="plan.pdf", title="The plan"):
    return person.client.post(files, **multipart(content, name, title=title))


def keep(person, files, content=samples.PDF, name="plan.pdf"):
    return person.client.post(f"{files}.json", **multipart(content, name), headers=JSON)


def fetch(person, address):
    return person.client.get(address, buffered=True)


def test_without_a_script_what_was_typed_is_saved_on_the_way_to_the_file(people, lead, files):
    theme = f"{people[3]}/themes/jobs"
    page = lead.client.get(theme).text
    assert page.index("<button hidden>") < page.index('name="file_for"'), "Enter in a box saves, and leads nowhere else"
    typed = sent(page) | {"q_policy-pick": "2", "q_policy-comment": "Typed before", "file_for": "policy"}
    answer = lead.client.post(theme, data=typed)
    assert answer.location == files
    assert "How far does the policy name jobs?" in lead.client.get(files).text
    done = attach(lead, files)
    assert done.location == f"{theme}#q-policy"
    page = lead.client.get(theme).text
    for words in ("Typed before", 'value="The plan"', "plan.pdf", "The file is kept with your answer."):
        assert words in page, words
    assert 'name="q_policy-pick" value="2" checked' in page


def test_a_file_comes_back_as_a_download_that_no_browser_shows_or_runs(people, lead, files):
    attach(lead, files, name="Plan für 2026.pdf")
    address = re.search(rf'href="({files}/[0-9a-f]{{64}})"', lead.client.get(f"{people[3]}/themes/jobs").text)[1]
    for person in (lead, people[1]):
        answer = fetch(person, address)
        assert (answer.status_code, answer.data) == (200, samples.PDF)
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert "Plan%20f%C3%BCr%202026.pdf" in answer.headers["Content-Disposition"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Length"] == str(len(samples.PDF))


@pytest.mark.parametrize("ending", samples.TAKEN)
def test_every_kind_that_is_taken_comes_back_byte_for_byte(lead, files, ending):
    kept = keep(lead, files, samples.TAKEN[ending], f"file.{ending}").json
    answer = fetch(lead, f"{files}/{kept['sha256']}")
    assert answer.data == samples.TAKEN[ending]
    assert "html" not in answer.mimetype


@pytest.mark.parametrize("name", samples.REFUSED)
def test_what_is_not_taken_answers_415_and_the_title_stays(lead, files, name):
    for answer in (attach(lead, files, samples.REFUSED[name], name), keep(lead, files, samples.REFUSED[name], name)):
        assert answer.status_code == 415
    assert attach(lead, files, samples.REFUSED[name], name).text.count('value="The plan"') == 1


@pytest.mark.parametrize("bomb", [samples.a_bomb, samples.a_lying_bomb, samples.an_archive_of_shared_parts])
def test_archives_that_would_grow_answer_415(lead, files, bomb):
    assert keep(lead, files, bomb(), "letter.docx").status_code == 415


def test_a_file_that_is_too_large_answers_413_and_the_title_stays(lead, files):
    large = samples.PDF + bytes(evidence_rows.MAX_FILE_BYTES)
    page = attach(lead, files, large)
    assert page.status_code == 413
    assert 'value="The plan"' in page.text
    assert "at most 10 MiB fit" in page.text
    assert keep(lead, files, large).json["error"]["message"].startswith("The file has 11 MiB")
    assert attach(lead, files, bytes(limits.MAX_UPLOAD_BYTES)).status_code == 413


def test_what_is_far_too_large_is_read_to_its_end_so_that_the_browser_hears_the_answer(lead, files):
    body = BytesIO(multipart(bytes(limits.MAX_UPLOAD_BYTES), "x.pdf")["data"])
    length = len(body.getvalue())
    kind = "multipart/form-data; boundary=x"
    answer = lead.client.post(files, input_stream=body, content_length=length, content_type=kind)
    assert (answer.status_code, body.tell()) == (413, length)


def test_only_uploads_may_be_as_large_as_uploads(people, lead):
    body = multipart(bytes(limits.MAX_BODY_BYTES), "x.bin")
    assert lead.client.post(f"{people[3]}/answers/policy", **body, headers=JSON).status_code == 413


def test_a_quota_and_a_full_disk_answer_507_and_the_title_stays(lead, files, monkeypatch):
    monkeypatch.setattr(evidence_rows, "OF_ASSESSMENT", evidence_rows.Quota(0, 0))
    page = attach(lead, files)
    assert page.status_code == 507
    assert 'value="The plan"' in page.text
    monkeypatch.undo()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(LocalFiles, "_write", full)
    assert attach(lead, files).status_code == 507
    assert keep(lead, files).status_code == 507


def test_nothing_chosen_and_a_title_that_is_too_long_are_said_beside_the_box(lead, files):
    assert "Choose a file." in lead.client.post(files, data={"title": "The plan"}).text
    assert attach(lead, files, title="x" * 301).status_code == 422
    assert lead.client.post(f"{files}.json", headers=JSON).status_code == 422


@pytest.mark.parametrize("name", ["../../x.pdf", "a\r\nX-Evil: 1.pdf", "\u202etxt.pdf", "", "." * 300, "x" * 5000])
def test_no_name_of_a_file_breaks_anything(lead, files, name):
    kept = keep(lead, files, name=name)
    assert kept.status_code in (200, 422)
    if kept.status_code == 200:
        answer = fetch(lead, f"{files}/{kept.json['sha256']}")
        assert answer.status_code == 200
        assert "X-Evil" not in answer.headers


def test_markup_in_a_name_stays_text(people, lead, files):
    attach(lead, files, name="<img src=x onerror=alert(1)>.pdf", title="<script>alert(1)</script>")
    page = lead.client.get(f"{people[3]}/themes/jobs").text
    assert "<img" not in page
    assert "<script>alert" not in page


def test_a_file_taken_off_stays_in_the_history(people, lead, files):
    attach(lead, files)
    theme = f"{people[3]}/themes/jobs"
    page = lead.client.get(theme).text
    digest = re.search(r'name="q_policy-evidence-0-sha256" value="([0-9a-f]{64})"', page)[1]
    off = sent(page) | {"q_policy-evidence-0-title": "The plan", "q_policy-evidence-0-off": "1"}
    assert lead.client.post(theme, data=off).status_code == 302
    assert digest not in lead.client.get(theme).text
    history = lead.client.get(f"{people[3]}/answers/policy/history").text
    assert f'href="{files}/{digest}"' in history
    assert fetch(lead, f"{files}/{digest}").data == samples.PDF


def test_a_digest_that_was_never_sent_here_is_no_evidence(people, lead):
    answer = lead.client.post(
        f"{people[3]}/answers/policy",
        data={"q_policy-pick": "2", "q_policy-evidence-0-title": "Made up", "q_policy-evidence-0-sha256": "ab" * 32},
        headers=JSON,
    )
    assert answer.status_code == 422


def test_files_of_one_organization_never_reach_another(people, lead, files):
    _, reviewer, stranger, _ = people
    attach(lead, files, CANARY, "canary-name.pdf", "canary-title")
    digest = keep(lead, files, CANARY).json["sha256"]
    own = an_open_assessment(stranger.client.application, stranger, next(iter_spaces(stranger)))
    for path in (f"{files}/{digest}", files, f"/assessments/{own}/answers/policy/files/{digest}"):
        answer = stranger.client.get(path)
        assert answer.status_code == 404
        assert b"canary" not in answer.data
    assert keep(stranger, files, CANARY).status_code == 404
    assert attach(stranger, files, CANARY).status_code == 404
    claimed = {"q_policy-pick": "2", "q_policy-evidence-0-title": "Mine", "q_policy-evidence-0-sha256": digest}
    assert stranger.client.post(f"/assessments/{own}/answers/policy", data=claimed, headers=JSON).status_code == 422
    again = keep(stranger, f"/assessments/{own}/answers/policy/files", CANARY).json
    assert (again["sha256"], again["name"]) == (digest, "plan.pdf"), "the same bytes say nothing of who else has them"
    assert fetch(reviewer, f"{files}/{digest}").data == CANARY
    assert attach(reviewer, files).status_code == 403


def iter_spaces(person):
    return iter({UUID(grant.scope.id) for grant in person.viewer.grants})


def test_files_are_in_no_download_and_their_titles_only_where_the_edition_has_them(people, lead, files):
    attach(lead, files, CANARY, "canary-name.pdf", "canary-title")
    digest = keep(lead, files, CANARY).json["sha256"]
    for edition, title, shown in (("internal", True, True), ("shared", True, False), ("public", False, False)):
        for kind in ("csv", "json"):
            answer = lead.client.get(f"{people[3]}/downloads/{edition}/{kind}")
            if answer.status_code == 404:
                continue
            assert b"canary-of-ours" not in answer.data
            assert b"canary-name" not in answer.data
            assert (b"canary-title" in answer.data) <= title
            assert (digest.encode() in answer.data) <= shown


def test_a_closed_assessment_takes_no_file(people, lead, files):
    page = lead.client.get(f"{people[3]}/themes/jobs")
    assert page.status_code == 200
    kept = keep(lead, files).json
    lead.client.post(f"{people[3]}/discard")
    assert keep(lead, files, samples.CSV, "a.csv").status_code == 423
    assert attach(lead, files, samples.CSV, "a.csv").status_code == 423
    assert fetch(lead, f"{files}/{kept['sha256']}").status_code == 200


def test_two_people_on_one_answer_see_that_there_is_a_file(people, lead, files):
    attach(lead, files)
    answer = lead.client.post(
        f"{people[3]}/answers/policy",
        data={"q_policy-pick": "1", "q_policy-revision": "0"},
        headers=JSON,
    )
    assert answer.status_code == 409
    conflict = answer.json["conflict"]
    assert ["Evidence", "The plan (file)"] in conflict["theirs"]
    assert len(conflict["fields"]["evidence-0-sha256"][0]) == 64


def test_a_page_with_many_files_asks_for_them_once(people, lead, files, tiny_site):
    import sqlalchemy as sa

    from toolkit.storage.db import db

    for number in range(6):
        attach(lead, files, samples.PDF + b"%%EOF\n" * number, title=f"Plan {number}")
    said = []
    with tiny_site.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    lead.client.get(f"{people[3]}/themes/jobs")
    assert len([one for one in said if "evidence_file" in one]) == 1
