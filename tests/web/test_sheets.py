"""A sheet in the browser: taken, filled in, looked at, kept; without a script."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest

from tests.builders import answered
from tests.web.builders import a_person, a_space, an_administrator, an_open_assessment, hidden, now
from toolkit.domain.access import Role
from toolkit.domain.voices import VoiceKind
from toolkit.services import assessments, voices
from toolkit.web import sheets as pages


@pytest.fixture
def world(tiny_site):
    """A focal point with a draft."""
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    focal = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    return tiny_site, admin, space, focal, an_open_assessment(tiny_site, focal, space)


def ratings(app, draft, focal):
    with app.app_context():
        opened = assessments.open_assessment(draft, viewer=focal.viewer, now=now())
        return opened, [question.id for _, _, question in opened.checklist.questions() if question.is_rating]


def filled_in(raw: bytes, cells: dict[str, dict[str, object]]) -> bytes:
    """The workbook with some cells filled in, by question and key of the column."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    sheet = book["Questions"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in sheet.iter_rows(min_row=3):
        for key, value in cells.get(row[0].value, {}).items():
            sheet.cell(row[0].row, columns[key]).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def send(client, address, raw, name="sheet.xlsx"):
    return client.post(address, data={"file": (io.BytesIO(raw), name)}, content_type="multipart/form-data")


def save(app, person, draft, question, answer, revision=0):
    with app.app_context():
        assessments.save_answer(draft, question, answer, expected_revision=revision, viewer=person.viewer, now=now())


def answer_now(app, person, draft, question):
    with app.app_context():
        return assessments.open_assessment(draft, viewer=person.viewer, now=now()).assessment.answer(question)


def test_from_taking_a_sheet_to_keeping_its_answers(world):
    app, _, _, focal, draft = world
    address = f"/assessments/{draft}/sheet"
    assert address in focal.client.get(f"/assessments/{draft}").text
    assert "Take the sheet" in focal.client.get(address).text
    taken = focal.client.get(f"{address}/questions.xlsx")
    assert taken.headers["Content-Disposition"] == "attachment; filename=baseline-2026-questions.xlsx"
    _, (first, second, *_) = ratings(app, draft, focal)
    raw = filled_in(taken.data, {first: {"answer": 2, "comment": "<b>Seen</b> & done"}, second: {"answer": 99}})
    page = send(focal.client, address, raw)
    assert page.status_code == 200
    assert "1 answer would change" in page.text
    assert "1 cannot be read" in page.text
    assert "&lt;b&gt;Seen&lt;/b&gt; &amp; done" in page.text
    assert answer_now(app, focal, draft, first).value is None, "nothing is kept by looking"
    kept = focal.client.post(f"{address}/keep", data=hidden(page.text))
    assert kept.status_code == 302
    assert answer_now(app, focal, draft, first) == answered(2, comment="<b>Seen</b> & done")
    assert "1 answer from your sheet is saved" in focal.client.get(kept.location).text
    assert "from a spreadsheet" in focal.client.get(f"/assessments/{draft}/answers/{first}/history").text
    assert "There is nothing to keep" in send(focal.client, address, raw).text


def test_what_is_not_applicable_without_a_reason_can_be_kept_and_is_told(world):
    app, _, _, focal, draft = world
    address = f"/assessments/{draft}/sheet"
    raw = filled_in(focal.client.get(f"{address}/questions.xlsx").data, {"policy": {"instead": "not applicable"}})
    page = send(focal.client, address, raw).text
    assert "Say why it is not applicable." in page
    assert focal.client.post(f"{address}/keep", data=hidden(page)).status_code == 302
    assert answer_now(app, focal, draft, "policy").state == "not_applicable"


@pytest.mark.parametrize("keep", ["theirs", "mine", "both"])
def test_two_people_on_one_answer_are_asked_and_both_texts_are_shown(world, keep):
    app, admin, space, focal, draft = world
    address = f"/assessments/{draft}/sheet"
    raw = focal.client.get(f"{address}/questions.xlsx").data
    _, (first, *_) = ratings(app, draft, focal)
    other = a_person(app, admin, Role.FOCAL_POINT, space, email="other@example.org")
    theirs, mine = answered(1, comment="Theirs"), answered(2, comment="Mine")
    save(app, other, draft, first, theirs)
    page = send(focal.client, address, filled_in(raw, {first: {"answer": 2, "comment": "Mine"}})).text
    assert "Theirs" in page
    assert "1 to choose about" in page
    undecided = focal.client.post(f"{address}/keep", data=hidden(page))
    assert undecided.status_code == 422
    assert "Choose which answer stays." in undecided.text
    kept = focal.client.post(f"{address}/keep", data=hidden(undecided.text) | {f"keep_{first}": keep})
    assert kept.status_code == 302
    wanted = {"theirs": theirs, "mine": mine, "both": answered(2, comment="Theirs\n\nMine")}
    assert answer_now(app, focal, draft, first) == wanted[keep]


def test_two_texts_that_are_too_long_together_are_not_offered_together(world):
    app, admin, space, focal, draft = world
    address = f"/assessments/{draft}/sheet"
    raw = focal.client.get(f"{address}/questions.xlsx").data
    other = a_person(app, admin, Role.FOCAL_POINT, space, email="other@example.org")
    save(app, other, draft, "policy", answered(1, comment="t" * 6_000))
    page = send(focal.client, address, filled_in(raw, {"policy": {"answer": 2, "comment": "m" * 6_000}})).text
    assert 'value="mine"' in page
    assert 'value="both"' not in page
    again = focal.client.post(f"{address}/keep", data=hidden(page) | {"keep_policy": "both"})
    assert again.status_code == 422
    assert answer_now(app, focal, draft, "policy").value == 1


def test_a_choice_does_not_count_for_what_was_saved_after_the_page_was_shown(world):
    app, admin, space, focal, draft = world
    address = f"/assessments/{draft}/sheet"
    raw = focal.client.get(f"{address}/questions.xlsx").data
    _, (first, *_) = ratings(app, draft, focal)
    other = a_person(app, admin, Role.FOCAL_POINT, space, email="other@example.org")
    page = send(focal.client, address, filled_in(raw, {first: {"answer": 2}})).text
    save(app, other, draft, first, answered(1, comment="In between"))
    met = focal.client.post(f"{address}/keep", data=hidden(page))
    assert met.status_code == 422
    assert "In between" in met.text
    save(app, other, draft, first, answered(0, comment="Once more"), 1)
    again = focal.client.post(f"{address}/keep", data=hidden(met.text) | {f"keep_{first}": "mine"})
    assert again.status_code == 422
    assert "Once more" in again.text
    assert answer_now(app, focal, draft, first).comment == "Once more"


def test_a_sheet_in_a_voice_changes_that_voice_alone_and_is_not_taken_elsewhere(world):
    app, _, _, focal, draft = world
    with app.app_context():
        voice = voices.add(draft, VoiceKind.UNIT, "Field office", viewer=focal.viewer, now=now())
    address, spoken = f"/assessments/{draft}/sheet", f"?voice={voice}"
    assert "Field office" in focal.client.get(address + spoken).text
    raw = focal.client.get(f"{address}/questions.xlsx{spoken}").data
    raw = filled_in(raw, {"policy": {"answer": 2}})
    refused = send(focal.client, address, raw)
    assert refused.status_code == 422
    assert "in the name of somebody else" in refused.text
    page = send(focal.client, address + spoken, raw).text
    assert f"/sheet/keep{spoken}" in page
    kept = focal.client.post(f"{address}/keep{spoken}", data=hidden(page))
    assert kept.location.endswith(spoken)
    assert focal.client.get(kept.location).status_code == 200
    assert answer_now(app, focal, draft, "policy").value is None
    with app.app_context():
        opened = assessments.open_assessment(draft, viewer=focal.viewer, now=now(), voice=voice)
    assert opened.assessment.answer("policy").value == 2
    for strange in ("?voice=x", "?voice=00000000-0000-4000-8000-000000000000"):
        assert focal.client.get(address + strange).status_code == 404


def test_of_two_sheets_kept_at_once_one_wins_and_the_other_is_asked(world):
    app, admin, space, focal, draft = world
    address = f"/assessments/{draft}/sheet"
    raw = focal.client.get(f"{address}/questions.xlsx").data
    other = a_person(app, admin, Role.FOCAL_POINT, space, email="other@example.org")
    sent = [
        (person, hidden(send(person.client, address, filled_in(raw, {"policy": {"answer": level}})).text))
        for person, level in ((focal, 1), (other, 2))
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: one[0].client.post(f"{address}/keep", data=one[1]), sent))
    assert sorted(answer.status_code for answer in answers) in ([302, 409], [302, 422])
    loser = next(answer for answer in answers if answer.status_code != 302)
    assert "Somebody saved another answer" in loser.text
    with app.app_context():
        versions = assessments.history(draft, "policy", viewer=focal.viewer, now=now())
    assert len(versions) == 1


def test_what_is_no_sheet_of_this_assessment_gets_a_sentence(world):
    app, _, space, focal, draft = world
    address = f"/assessments/{draft}/sheet"
    other = an_open_assessment(app, focal, space, title="Another")
    raw = focal.client.get(f"/assessments/{other}/sheet/questions.xlsx").data
    for sent, said in ((raw, "another assessment"), (b"Theme;Answer", "no workbook"), (b"", "Choose the sheet")):
        page = send(focal.client, address, sent)
        assert page.status_code == 422
        assert said in page.text
    assert focal.client.post(f"{address}/keep", data={"sent": "no base64"}).status_code == 400
    assert focal.client.post(f"{address}/keep", data={"sent": "YWJj"}).status_code == 422
    start = b'--x\r\nContent-Disposition: form-data; name="file"; filename="large.xlsx"\r\n\r\nPK\x03\x04'
    body = start + b"x" * 2**21 + b"\r\n--x--\r\n"  # the client would put it into a file that it never closes
    large = focal.client.post(address, data=body, content_type="multipart/form-data; boundary=x")
    assert large.status_code == 422
    assert "larger than 2 MB" in large.text


def test_strange_wishes_for_a_sheet_get_a_sentence_too(world):
    _, _, _, focal, draft = world
    for wish in (
        "questions.xlsx?chosen=1",
        "questions.xlsx?theme=nowhere",
        "slips?theme=nowhere",
        "questions.xlsx?groups=" + "x" * 61,
    ):
        page = focal.client.get(f"/assessments/{draft}/sheet/{wish}")
        assert page.status_code == 422
        assert "Please look at this again" in page.text
        anchor = re.search(r'<li><a href="#(\w+)">', page.text)
        assert anchor
        assert f'id="{anchor[1]}"' in page.text


def test_a_sheet_that_does_not_read_back_is_not_handed_out(world, monkeypatch):
    _, _, _, focal, draft = world
    good = pages.sheet_file
    monkeypatch.setattr(pages, "sheet_file", lambda plan: filled_in(good(plan), {"policy": {"answer": 1}}))
    answer = focal.client.get(f"/assessments/{draft}/sheet/questions.xlsx")
    assert answer.status_code == 503
    assert "did not read back" in answer.text


def test_a_workshop_has_slips_to_print_and_a_sheet_with_a_row_for_each_group(world):
    app, _, _, focal, draft = world
    address = f"/assessments/{draft}/sheet"
    _, (first, *_) = ratings(app, draft, focal)
    slips = focal.client.get(f"{address}/slips").text
    assert slips.count('class="q slip"') == len(re.findall("Group: ___", slips)) > 3
    assert f"<code>{first}</code>" in slips
    raw = focal.client.get(f"{address}/questions.xlsx?groups=Table+1,Table+2").data
    book = openpyxl.load_workbook(io.BytesIO(raw))
    sheet = book["Questions"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    rows = [row[0].row for row in sheet.iter_rows() if row[0].value == first]
    assert len(rows) == 3
    for line, level, why in zip(rows, (2, 0, 1), ("Agreed", "=In the plan", "Only here"), strict=True):
        sheet.cell(line, columns["answer"]).value = level
        sheet.cell(line, columns["comment"]).value = why
        sheet.cell(line, columns["comment"]).data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    page = send(focal.client, address, buffer.getvalue())
    assert "1 answer would change" in page.text
    assert focal.client.post(f"{address}/keep", data=hidden(page.text)).status_code == 302
    answer = answer_now(app, focal, draft, first)
    assert answer.value == 2
    assert answer.comment.startswith("Agreed\n\nTable 1: 0 ")
    assert "=In the plan" in answer.comment
    assert "Only here" in answer.comment


def test_the_reading_library_is_never_loaded_into_the_site():
    said = "import sys, toolkit.app, toolkit.web.sheets; print('openpyxl' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
