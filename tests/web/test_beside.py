"""What lies beside a checklist, on pages: agreement of raters, the kit, notes for a kind of organization."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.builders import a_space, an_administrator, an_open_assessment
from tests.web.conftest import make_site
from toolkit.domain.assessment import Subject, SubjectKind
from toolkit.storage.beside import folder_beside, kit, supplements
from toolkit.storage.db import db
from toolkit.storage.definitions import list_checklists
from toolkit.web.markdown import body

CHECKLISTS = Path(__file__).with_name("checklists")
DEFINITIONS = Path(__file__).parents[1] / "definitions"
MEAN = "/checklists/mean/1.0.0"
TINY = "/checklists/tiny/1.0.0"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two checklists: one with everything beside it, one with nothing."""
    folder = tmp_path / "checklists"
    shutil.copytree(CHECKLISTS, folder)
    (folder / "mean").mkdir()
    shutil.copy(DEFINITIONS / "mean.yaml", folder / "mean" / "1.0.0.yaml")
    ignore = shutil.ignore_patterns("malformed")
    shutil.copytree(DEFINITIONS / "beside", folder / "mean" / "1.0.0", ignore=ignore)
    return folder


@pytest.fixture
def beside_site(tmp_path: Path, folder: Path) -> Iterator[Flask]:
    app = make_site(tmp_path / "data", checklists=str(folder))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def reader(beside_site: Flask) -> FlaskClient:
    """Somebody who is not signed in."""
    return beside_site.test_client()


# --- agreement ------------------------------------------------------------------------------------


def test_where_no_pilot_has_run_the_page_says_so_and_shows_no_figure(reader):
    page = reader.get(f"{TINY}/agreement").text
    assert "No pilot has run with this version." in page
    assert "Inter-rater figures do not exist for this version." in page
    assert "<table" not in page
    assert f'{TINY}/agreement">Do raters agree?' in reader.get(TINY).text


def test_an_empty_file_of_pilots_is_no_pilot(reader, folder):
    path = folder / "mean" / "1.0.0" / "agreement" / "pilots.yaml"
    path.write_text("# None yet.\n", encoding="utf-8")
    assert "No pilot has run" in reader.get(f"{MEAN}/agreement").text
    path.unlink()
    assert "No pilot has run" in reader.get(f"{MEAN}/agreement").text


def test_the_table_shows_weak_questions_first_and_says_where_pairs_are_too_few(reader):
    page = reader.get(f"{MEAN}/agreement").text
    rows = page[page.index("<tbody>") :].split("<tr>")[1:]
    words = [" ".join(row.replace("<", " <").split()) for row in rows]
    found = [
        ("jobs?", "80 %", "weak"),
        ("money for safety?", "0 %", "too few to say"),
        ("plan for safety?", "100 %", "holds"),
    ]
    for row, expected in zip(words, found, strict=True):
        assert all(word in row for word in expected), row
    assert "The first pilot" in page
    assert "fewer than nine in ten" in page
    assert "Nobody rated the other 4 questions twice" in page


def test_faulty_pilots_never_pass_for_none(reader, folder):
    path = folder / "mean" / "1.0.0" / "agreement" / "pilots.yaml"
    shutil.copy(DEFINITIONS / "beside" / "malformed" / "pilots_pairs.yaml", path)
    answer = reader.get(f"{MEAN}/agreement")
    assert answer.status_code == 422
    assert "No pilot has run" not in answer.text


# --- kit ------------------------------------------------------------------------------------------


def test_a_kit_is_listed_read_and_taken_away(reader, folder):
    assert f'{MEAN}/kit">Kit for your team' in reader.get(MEAN).text
    listed = reader.get(f"{MEAN}/kit").text
    assert listed.index("Kick-off mail") < listed.index("Workshop")
    page = reader.get(f"{MEAN}/kit/kick_off_mail").text
    assert page.count("<h1") == 1
    assert "<strong>1 March</strong>" in page
    assert '<a href="mailto:focal@example.org">' in page
    assert "☐ Name somebody" in page
    assert "☑ Tell the staff union" in page
    assert '<td class="right">2</td>' in page
    assert "&lt;b&gt;as it stands&lt;/b&gt;" in page
    assert " style=" not in page
    source = reader.get(f"{MEAN}/kit/kick_off_mail.md")
    assert source.data == (folder / "mean" / "1.0.0" / "kit" / "kick_off_mail.md").read_bytes()
    assert source.headers["Content-Disposition"] == "attachment; filename=kick_off_mail.md"
    assert source.mimetype == "text/markdown"


def test_where_there_is_no_kit_there_is_nothing(reader):
    assert "Kit for your team" not in reader.get(TINY).text
    places = (
        f"{TINY}/kit",
        f"{TINY}/kit/workshop",
        f"{MEAN}/kit/nothing",
        f"{MEAN}/kit/nothing.md",
        f"{MEAN}/kit/..%2Fx",
    )
    assert {reader.get(place).status_code for place in (*places, "/checklists/mean/9.9.9/kit")} == {404}


def test_a_faulty_kit_is_written_to_the_log_and_hides_itself_alone(reader, folder, caplog):
    (folder / "mean" / "1.0.0" / "kit" / "bad.md").write_text("No title", encoding="utf-8")
    assert reader.get(MEAN).status_code == 200
    assert reader.get(f"{MEAN}/kit").status_code == 404
    assert "Beside mean 1.0.0" in caplog.text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ("a <b>word</b>", "&lt;b&gt;word&lt;/b&gt;"),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ("[a](JaVaScRiPt:alert(1))", "[a](JaVaScRiPt:alert(1))"),
        ("[a](data:text/html,x)", "[a](data:text/html,x)"),
        ("[a](/work)", "[a](/work)"),
        ("[a](//example.org)", "[a](//example.org)"),
        ("<javascript:alert(1)>", "&lt;javascript:alert(1)&gt;"),
        ("[a]: vbscript:x\n\n[a]", "[a]: vbscript:x"),
        ('[a](https://example.org "\\"><b>")', 'title="&quot;&gt;&lt;b&gt;"'),
        ("![a](https://example.org/a.png)", '!<a href="https://example.org/a.png">a</a>'),
        ("[a](https://example.org)", '<a href="https://example.org">a</a>'),
        ("<https://example.org/>", '<a href="https://example.org/" class="bare">https://example.org/</a>'),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
    ],
)
def test_markdown_brings_no_html_no_images_and_no_other_links(text, shown):
    page = body(f"# Title\n\n{text}\n")
    assert shown in page
    assert "Title" not in page
    assert not any(tag in page for tag in ("<script", "<b>", "<img", 'href="javascript', 'href="data'))


def an_assessment_of(app: Flask, checklist: str, organization: str = "Example") -> tuple[FlaskClient, str]:
    admin = an_administrator(app)
    space = a_space(app, admin, as_lead=True)
    subject = Subject("Loans", SubjectKind.UNIT, organization)
    made = an_open_assessment(app, admin, space, checklist_id=checklist, subject=subject)
    return admin.client, f"/assessments/{made}"


def test_the_overview_of_a_draft_leads_to_the_kit(beside_site):
    client, overview = an_assessment_of(beside_site, "mean")
    assert f'{MEAN}/kit">Kit for your team' in client.get(overview).text


def test_the_overview_has_no_link_where_there_is_no_kit(beside_site):
    client, overview = an_assessment_of(beside_site, "tiny")
    assert "Kit for your team" not in client.get(overview).text


# --- supplements ----------------------------------------------------------------------------------

NOTE = "<b>For development banks:</b> Look at the lending strategy."


def test_a_checklist_is_read_with_notes_by_choice(reader):
    plain = reader.get(MEAN).text
    assert NOTE not in plain
    link = f'{MEAN}?track=core&amp;for=development_bank">With notes for development banks'
    assert link in plain
    noted = reader.get(f"{MEAN}?for=development_bank&track=core").text
    assert NOTE in noted
    assert "Another asks its clients for them." in noted
    assert "<b>An example for development banks:</b> A bank asks each client" in noted
    assert f'{MEAN}/print?track=core&amp;for=development_bank">Blank form' in noted
    assert ">Without notes for development banks" in noted
    assert noted.count("<details id=") == reader.get(f"{MEAN}?track=core").text.count("<details id=")
    for nothing in ("ngo", "", "%00", "development_banks"):
        assert NOTE not in reader.get(f"{MEAN}?for={nothing}").text
    assert "With notes" not in reader.get(TINY).text


def test_the_blank_form_is_printed_with_notes_by_choice(reader):
    noted = reader.get(f"{MEAN}/print?for=development_bank").text
    assert NOTE in noted
    assert "with notes for development banks" in noted
    assert NOTE not in reader.get(f"{MEAN}/print").text


def test_a_theme_shows_the_notes_for_the_kind_of_its_organization(beside_site):
    client, overview = an_assessment_of(beside_site, "mean", "African Development Bank")
    page = client.get(f"{overview}/themes/jobs").text
    assert NOTE in page
    assert page.index(NOTE) < page.index("Is there money for jobs?")
    assert "for development banks" not in client.get(f"{overview}/themes/youth").text


@pytest.mark.parametrize("organization", ["", "UNESCO", "A bank in no list"])
def test_a_theme_shows_no_notes_to_others(beside_site, organization):
    client, overview = an_assessment_of(beside_site, "mean", organization)
    page = client.get(f"{overview}/themes/jobs").text
    assert "Is there a plan for jobs?" in page
    assert "development banks" not in page


def test_a_faulty_supplement_keeps_nobody_from_answering(beside_site, folder, caplog):
    shutil.copy(
        DEFINITIONS / "beside" / "malformed" / "supplement_question.yaml",
        folder / "mean" / "1.0.0" / "supplements" / "development_bank.yaml",
    )
    client, overview = an_assessment_of(beside_site, "mean", "AfDB")
    assert client.get(f"{overview}/themes/jobs").status_code == 200
    assert "Beside mean 1.0.0" in caplog.text


def test_an_organization_in_no_list_says_its_kind_when_its_space_is_made(beside_site):
    admin = an_administrator(beside_site)
    form = {"kind": "organization", "name": "National Bank", "organization": "", "country": "", "as_lead": "y"}
    assert admin.client.post("/spaces/new", data=form | {"own_kind": "invented"}).status_code == 422
    answer = admin.client.post("/spaces/new", data=form | {"own_kind": "development_bank"})
    space = UUID(answer.location.split("/")[-2])
    subject = Subject("Head office", SubjectKind.UNIT, "National Bank")
    made = an_open_assessment(beside_site, admin, space, checklist_id="mean", subject=subject)
    assert NOTE in admin.client.get(f"/assessments/{made}/themes/jobs").text


# --- what comes with the program ------------------------------------------------------------------


def test_every_kit_that_comes_with_the_program_reads_as_pages(client, site):
    """The client holds each page to strict HTML."""
    for checklist in list_checklists(site.config["TOOLKIT"].checklists):
        place = f"/checklists/{checklist.id}/{checklist.version}"
        assert client.get(f"{place}/agreement").status_code == 200
        names = re.findall(rf'href="{place}/kit/(\w+)"', client.get(f"{place}/kit").text)
        assert len(names) == len(kit(folder_beside(site.config["TOOLKIT"].checklists, checklist)))
        for name in names:
            page = client.get(f"{place}/kit/{name}").text
            assert page.count("<h1") == 1, name
            assert not re.search(r"\]\(|\*\*|^#+ ", page, re.MULTILINE), f"{name}: Markdown shows through"


def test_every_supplement_that_comes_with_the_program_is_shown(client, site):
    for checklist in list_checklists(site.config["TOOLKIT"].checklists):
        for one in supplements(folder_beside(site.config["TOOLKIT"].checklists, checklist), checklist):
            page = client.get(f"/checklists/{checklist.id}/{checklist.version}?for={one.kind}&track=full").text
            assert page.count('class="note"') == len(one.notes)
