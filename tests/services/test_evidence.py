"""Evidence files: whole before their row, read under the rule of their answer, kept for its history."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests import evidence_samples as samples
from tests.builders import answered
from tests.services.world import NOW, a_draft, a_person, a_space, answer_all, in_space
from toolkit.domain.access import Role, question_scope, voice_scope
from toolkit.domain.answers import Evidence, fingerprint
from toolkit.domain.errors import (
    AssessmentClosed,
    FileRefused,
    FileTooLarge,
    InvalidInput,
    NotAllowed,
    NotFound,
    StorageFull,
    UnknownQuestion,
)
from toolkit.domain.voices import VoiceKind
from toolkit.files.store import FileMissing, file_store
from toolkit.services import assessments, erasing, evidence, evidence_rows, sandbox, side_by_side, sweeping, voices
from toolkit.services.auditing import verify_trail
from toolkit.services.positions import positions_told
from toolkit.storage.assessments import VoiceRecord
from toolkit.storage.db import current_config, db, transaction
from toolkit.storage.evidence import EvidenceFileRecord

pytestmark = pytest.mark.usefixtures("database")
QUESTION = "youth_strategy"
LATE = NOW + timedelta(days=2)


@pytest.fixture
def space():
    return a_space()


@pytest.fixture
def focal(space):
    return in_space(space, Role.FOCAL_POINT)


@pytest.fixture
def draft(space, focal):
    return a_draft(space, focal)


def send(draft, viewer, content=samples.PDF, *, name="plan.pdf", question=QUESTION, **given):
    return evidence.keep_file(draft, question, io.BytesIO(content), name, viewer=viewer, now=NOW, **given)


def name_it(draft, viewer, *files, question=QUESTION, level=3, **given):
    opened = assessments.open_assessment(draft, viewer=viewer, now=NOW, voice=given.get("voice"))
    answer = replace(answered(level), evidence=tuple(Evidence("A plan", sha256=one) for one in files))
    revision = opened.answer_revisions.get(question, 0)
    return assessments.save_answer(draft, question, answer, expected_revision=revision, viewer=viewer, now=NOW, **given)


def fetch(draft, viewer, sha256, *, question=QUESTION, **given):
    found, file = evidence.open_file(draft, question, sha256, viewer=viewer, now=NOW, **given)
    with file:
        return found, file.read()


def rows():
    with db.session() as session:
        found = session.execute(sa.select(EvidenceFileRecord).order_by(EvidenceFileRecord.name)).scalars().all()
        session.expunge_all()
    return found


def test_a_file_is_kept_named_and_read_back(draft, focal):
    kept = send(draft, focal, name="C:\\plans\\Plan 2026.PDF")
    assert (kept.name, kept.media_type, kept.size, kept.label) == (
        "Plan 2026.pdf",
        "application/pdf",
        len(samples.PDF),
        "PDF",
    )
    name_it(draft, focal, kept.sha256)
    found, content = fetch(draft, focal, kept.sha256)
    assert (found, content) == (kept, samples.PDF)
    opened = assessments.open_assessment(draft, viewer=focal, now=NOW)
    assert evidence.files_of(opened, [QUESTION, "youth_budget"]) == {(QUESTION, kept.sha256): kept}


def test_the_same_file_again_is_kept_once(draft, focal):
    assert send(draft, focal) == send(draft, focal, name="other.pdf")
    assert len(rows()) == 1


def test_an_answer_names_only_files_that_were_sent_for_the_assessment(draft, focal, space):
    other = a_draft(space, focal)
    elsewhere = send(other, focal)
    for unknown in (elsewhere.sha256, "ab" * 32):
        with pytest.raises(InvalidInput):
            name_it(draft, focal, unknown)
    here = send(draft, focal, samples.a_png(), question="youth_budget")
    name_it(draft, focal, here.sha256)
    assert fetch(draft, focal, here.sha256)[1] == samples.a_png()


def test_attaching_adds_to_the_answer_as_it_stands(draft, focal):
    name_it(draft, focal, level=4)
    for content, name in ((samples.PDF, "plan.pdf"), (samples.CSV, "jobs.csv")):
        evidence.attach_file(draft, QUESTION, io.BytesIO(content), name, "", viewer=focal, now=NOW)
    again = evidence.attach_file(draft, QUESTION, io.BytesIO(samples.PDF), "x.pdf", "Twice", viewer=focal, now=NOW)
    answer = assessments.open_assessment(draft, viewer=focal, now=NOW).assessment.answer(QUESTION)
    assert (answer.value, [one.title for one in answer.evidence]) == (4, ["plan.pdf", "jobs.csv"])
    assert again.revision == 3


def test_no_more_than_the_evidence_of_one_answer_is_attached(draft, focal):
    answer = replace(answered(3), evidence=tuple(Evidence(f"Link {number}") for number in range(20)))
    assessments.save_answer(draft, QUESTION, answer, expected_revision=0, viewer=focal, now=NOW)
    with pytest.raises(InvalidInput):
        evidence.attach_file(draft, QUESTION, io.BytesIO(samples.PDF), "plan.pdf", "", viewer=focal, now=NOW)


@pytest.mark.parametrize("content", [b"MZ" + bytes(50), b"", samples.REFUSED["macros.docx"]])
def test_what_is_not_taken_leaves_nothing(draft, focal, content):
    with pytest.raises(FileRefused):
        send(draft, focal, content)
    assert rows() == []
    assert list(file_store(current_config()).digests()) == []


def test_a_file_that_is_too_large_is_refused_before_it_is_looked_at(draft, focal):
    with pytest.raises(FileTooLarge, match="at most 10 MiB"):
        send(draft, focal, b"MZ" + bytes(evidence_rows.MAX_FILE_BYTES))


def test_quotas_hold_by_count_and_by_bytes(draft, focal, space, monkeypatch):
    monkeypatch.setattr(evidence_rows, "OF_ASSESSMENT", evidence_rows.Quota(2, 10_000))
    send(draft, focal)
    with pytest.raises(StorageFull, match="This assessment"):
        send(draft, focal, samples.JPEG + bytes(10_000), name="a.jpg")
    send(draft, focal, samples.JPEG, name="a.jpg")
    with pytest.raises(StorageFull, match="This assessment"):
        send(draft, focal, samples.CSV, name="a.csv")
    monkeypatch.setattr(evidence_rows, "OF_SPACE", evidence_rows.Quota(2, 10_000))
    with pytest.raises(StorageFull, match="Your organization"):
        send(a_draft(space, focal), focal)
    other_space = a_space("Another")
    lead = in_space(other_space, Role.FOCAL_POINT, "Lead Elsewhere")
    send(a_draft(other_space, lead), lead)


def test_a_visitor_of_the_demo_has_little_room(monkeypatch):
    visitor = sandbox.visitor(NOW).viewer
    space = next(iter(visitor.spaces_with(evidence.Permission.SEE_SPACE, NOW)))
    draft = a_draft(space, visitor)
    monkeypatch.setattr(evidence_rows, "OF_DEMO", evidence_rows.Quota(1, 10_000))
    send(draft, visitor)
    with pytest.raises(StorageFull, match="This demo"):
        send(draft, visitor, samples.CSV, name="a.csv")
    sandbox.sweep_visitors(now=LATE)
    assert rows() == []


def test_who_may_send_and_who_may_read(draft, focal, space):
    kept = send(draft, focal)
    name_it(draft, focal, kept.sha256)
    for role in (Role.REVIEWER, Role.OBSERVER):
        viewer = in_space(space, role)
        assert fetch(draft, viewer, kept.sha256)[1] == samples.PDF
        with pytest.raises(NotAllowed):
            send(draft, viewer)
    stranger = in_space(a_space("Another"), Role.FOCAL_POINT, "Lead Elsewhere")
    reader = in_space(space, Role.READER)
    for viewer in (stranger, reader):
        with pytest.raises(NotFound):
            fetch(draft, viewer, kept.sha256)
        with pytest.raises(NotFound):
            send(draft, viewer)
    part = a_person("Part Time", role=Role.CONTRIBUTOR, scope=question_scope(draft, "youth_budget"))
    with pytest.raises(NotFound):
        fetch(draft, part, kept.sha256)
    with pytest.raises(NotFound):
        send(draft, part)
    send(draft, part, question="youth_budget")


def test_a_reader_gets_no_file_of_what_was_submitted(draft, focal, space):
    kept = send(draft, focal)
    answer_all(draft, focal, youth_strategy=replace(answered(3), evidence=(Evidence("A plan", sha256=kept.sha256),)))
    assessments.submit(draft, viewer=focal, now=NOW)
    with pytest.raises(NotFound):
        fetch(draft, in_space(space, Role.READER), kept.sha256)
    assert fetch(draft, in_space(space, Role.REVIEWER), kept.sha256)[1] == samples.PDF


@pytest.mark.parametrize("sha256", ["ab" * 32, "", "../../secret", "A" * 64])
def test_what_was_not_sent_is_not_there(draft, focal, sha256):
    with pytest.raises(NotFound):
        fetch(draft, focal, sha256)
    with pytest.raises((UnknownQuestion, NotFound)):
        send(draft, focal, question="no_such_question")


def a_voice(draft, kind=VoiceKind.UNIT):
    voice = uuid4()
    with transaction() as session:
        session.execute(sa.insert(VoiceRecord).values(id=voice, assessment_id=draft, kind=kind, name="Union"))
    return voice


def test_the_file_of_a_voice_is_for_the_readers_of_that_voice(draft, focal, space):
    voice = a_voice(draft)
    speaker = a_person("Una Nion", role=Role.CONTRIBUTOR, scope=voice_scope(draft, voice))
    kept = send(draft, speaker, voice=voice)
    name_it(draft, speaker, kept.sha256, voice=voice)
    assert fetch(draft, speaker, kept.sha256, voice=voice)[1] == samples.PDF
    assert fetch(draft, focal, kept.sha256, voice=voice)[1] == samples.PDF
    with pytest.raises(NotFound):
        fetch(draft, focal, kept.sha256)  # it is none of the consolidated answer
    outsider = a_person(
        "Other Unit", role=Role.CONTRIBUTOR, scope=question_scope(draft, "youth_budget", a_voice(draft))
    )
    with pytest.raises(NotFound):
        fetch(draft, outsider, kept.sha256, voice=voice)
    consolidator = a_person("Con Tributor", role=Role.CONTRIBUTOR, scope=question_scope(draft, "youth_budget"))
    with pytest.raises(InvalidInput):  # a digest that was overheard opens nothing
        name_it(draft, consolidator, kept.sha256, question="youth_budget")
    name_it(draft, focal, kept.sha256)
    assert fetch(draft, in_space(space, Role.OBSERVER), kept.sha256)[1] == samples.PDF


def test_a_file_of_the_staff_union_is_read_by_others_only_where_its_answer_was_taken_over(draft, focal):
    union = a_voice(draft, VoiceKind.STAFF_UNION)
    speaker = a_person("Una Nion", role=Role.SPOKESPERSON, scope=voice_scope(draft, union))
    kept = send(draft, speaker, voice=union)
    name_it(draft, speaker, kept.sha256, voice=union)
    with pytest.raises(NotFound):
        fetch(draft, focal, kept.sha256, voice=union)
    voices.release(draft, union, viewer=speaker, now=NOW)
    [position] = [one for one in positions_told(draft) if one.voice.id == union]
    shown = fingerprint(position.answers[QUESTION])
    side_by_side.take_over(draft, QUESTION, union, shown=shown, expected_revision=0, viewer=focal, now=NOW)
    assert fetch(draft, focal, kept.sha256)[1] == samples.PDF


def test_a_file_that_left_the_answer_stays_for_its_history(draft, focal):
    first = send(draft, focal)
    name_it(draft, focal, first.sha256)
    second = send(draft, focal, samples.PDF + b"%%EOF\n")
    name_it(draft, focal, second.sha256)
    evidence_rows.forget_waiting(now=LATE)
    sweeping.sweep_orphans(min_age_seconds=0)
    for kept, content in ((first, samples.PDF), (second, samples.PDF + b"%%EOF\n")):
        assert fetch(draft, focal, kept.sha256)[1] == content


def test_a_file_that_no_answer_names_goes_after_a_day(draft, focal):
    kept, named = send(draft, focal), send(draft, focal, samples.CSV, name="a.csv")
    name_it(draft, focal, named.sha256)
    assert evidence_rows.forget_waiting(now=NOW + timedelta(hours=23)) == 0
    assert evidence_rows.forget_waiting(now=LATE) == 1
    assert sweeping.sweep_orphans(min_age_seconds=0) == 1
    with pytest.raises(NotFound):
        fetch(draft, focal, kept.sha256)
    assert fetch(draft, focal, named.sha256)[1] == samples.CSV


def test_nothing_is_sent_to_a_closed_assessment_and_its_files_stay(draft, focal):
    kept = send(draft, focal)
    answer_all(draft, focal, youth_strategy=replace(answered(3), evidence=(Evidence("A plan", sha256=kept.sha256),)))
    assessments.submit(draft, viewer=focal, now=NOW)
    with pytest.raises(AssessmentClosed):
        send(draft, focal, samples.CSV, name="a.csv")
    with pytest.raises(AssessmentClosed):
        name_it(draft, focal)
    assessments.reopen(draft, reason="Once more.", viewer=focal, now=NOW)
    name_it(draft, focal)
    erasing.erase_person(focal.person_id, now=NOW)
    sweeping.sweep_orphans(min_age_seconds=0)
    assert [row.sha256 for row in rows()] == [kept.sha256], "the submission names it"
    assert list(file_store(current_config()).digests()) == [kept.sha256]


def test_with_a_person_go_the_files_that_only_their_words_named(draft, focal, space):
    helper = in_space(space, Role.CONTRIBUTOR)
    own, shared = send(draft, helper), send(draft, helper, samples.CSV, name="a.csv", question="youth_budget")
    name_it(draft, helper, own.sha256)
    name_it(draft, helper, shared.sha256, question="youth_budget")
    name_it(draft, focal, shared.sha256, question="youth_budget", level=1)
    erasing.erase_person(helper.person_id, now=NOW)
    assert [row.sha256 for row in rows()] == [shared.sha256]
    assert verify_trail().faults == ()


def test_erasing_an_assessment_takes_its_files(draft, focal):
    name_it(draft, focal, send(draft, focal).sha256)
    assessments.discard(draft, viewer=focal, now=NOW)
    erasing.erase_discarded(now=NOW + timedelta(days=31))
    assert rows() == []
    assert sweeping.sweep_orphans(min_age_seconds=0) == 1


def test_a_file_that_vanished_from_the_store_is_found_by_the_check(draft, focal):
    kept = send(draft, focal)
    assert list(sweeping.damaged()) == []
    file_store(current_config()).remove(kept.sha256)
    assert [one.sha256 for one in sweeping.damaged()] == [kept.sha256]
    with pytest.raises(FileMissing):
        fetch(draft, focal, kept.sha256)


def test_saving_an_answer_that_names_a_new_file_takes_six_statements(draft, focal):
    kept = send(draft, focal)
    said = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    name_it_now = replace(answered(3), evidence=(Evidence("A plan", sha256=kept.sha256),))
    assessments.save_answer(draft, QUESTION, name_it_now, expected_revision=0, viewer=focal, now=NOW)
    assert len([one for one in said if not one.startswith("BEGIN")]) <= 6
