"""From nothing to a submission that can be verified, the way people go."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import pytest

from tests.builders import answered, not_applicable
from tests.services.world import (
    COMPLETE,
    LATER,
    NOW,
    PASSWORD,
    a_draft,
    a_space,
    an_administrator,
    answer_all,
    in_space,
)
from toolkit.domain.access import Permission, Role, SpaceKind
from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.assessment import Edition, Mandate, SignOff, State, Subject, SubjectKind, ThemeScope
from toolkit.domain.assessment_file import attachment_digests
from toolkit.domain.assessment_reading import read_assessment
from toolkit.domain.checklist import Track
from toolkit.domain.errors import AssessmentClosed, Incomplete, NotAllowed, NotFound, ReasonNeeded, StateChanged
from toolkit.services import assessments, people, spaces, submissions
from toolkit.services.auditing import verify_trail
from toolkit.services.submissions import Verdict


def test_from_the_first_administrator_to_a_verified_submission(database):
    token = people.first_administrator_link(NOW)
    people.create_first_administrator(token, name="Ada Example", email="ada@example.org", password=PASSWORD, now=NOW)
    signed_in = people.sign_in("ADA@example.org", PASSWORD, address="192.0.2.1", now=NOW)
    viewer = signed_in.viewer
    space = spaces.create_space("Example Organization", SpaceKind.ORGANIZATION, "", "ilo", by=viewer.person_id, now=NOW)
    viewer = people.viewer_for(signed_in.token, now=NOW)
    assert [one.name for one in spaces.spaces_for(viewer, now=NOW)] == ["Example Organization"]

    assessment = assessments.start(
        space_id=space,
        subject=Subject("Example Organization", SubjectKind.ORGANIZATION, "Example Organization"),
        checklist_id="tiny",
        version="1.0.0",
        track=Track.CORE,
        sign_off=SignOff.NONE,
        title="Baseline",
        facts={"has_offices": True},
        by=viewer.person_id,
        now=NOW,
    )
    opened = assessments.open_assessment(assessment, viewer=viewer, now=NOW)
    assert opened.title == "Baseline"
    assert opened.assessment.state is State.DRAFT
    assert opened.answer_revisions == {}
    assert opened.may(Permission.ANSWER)
    assert len(assessments.missing(assessment, viewer=viewer, now=NOW)) == len(COMPLETE)
    with pytest.raises(Incomplete):
        assessments.submit(assessment, viewer=viewer, now=NOW)

    for question, answer in COMPLETE.items():
        saved = assessments.save_answer(assessment, question, answer, expected_revision=0, viewer=viewer, now=NOW)
        assert saved.revision == 1
    opened = assessments.open_assessment(assessment, viewer=viewer, now=NOW)
    assert opened.assessment.answers == COMPLETE
    (line,) = assessments.mine(viewer, now=NOW).items
    assert (line.progress.answered, line.progress.asked) == (6, 6)

    info = assessments.submit(assessment, viewer=viewer, now=LATER)
    assert info.number == 1
    found = submissions.submission(info.id, viewer=viewer, now=LATER)
    assert hashlib.sha256(found.content).hexdigest() == info.sha256
    assert found.assessment == read_assessment(found.content)
    assert found.assessment.answers == COMPLETE
    assert found.assessment.submitted_at == LATER
    # youth (3/4 + 2/4) / 2, skills 4/4 → employment 13/16; safety 1/4 → rights 1/4; overall 17/32
    assert found.card.objective("employment").share == Fraction(13, 16)
    assert found.card.overall.share == Fraction(17, 32)
    assert found.editions == tuple(Edition)
    result = submissions.verify_code(info.verification_code.lower().replace("-", " "))
    assert (result.verdict, result.number) == (Verdict.AS_SUBMITTED, 1)
    for carried in attachment_digests(found.checklist, found.assessment, card=found.card).values():
        assert submissions.verify_code(info.verification_code, sha256=carried).verdict is Verdict.AS_SUBMITTED
    assert submissions.verify_code(info.verification_code, sha256="0" * 64).verdict is Verdict.UNKNOWN
    assert submissions.verify_code(info.verification_code, sha256="").verdict is Verdict.UNKNOWN
    assert submissions.verify_code("AAAAA-AAAAA-AAAAA-AAAAA").verdict is Verdict.UNKNOWN
    report = verify_trail()
    assert report.faults == ()
    assert report.chains == 2


def test_after_reopening_the_next_submission_supersedes_the_earlier_one(database):
    space = a_space()
    focal = in_space(space, Role.FOCAL_POINT)
    assessment = a_draft(space, focal)
    answer_all(assessment, focal)
    first = assessments.submit(assessment, viewer=focal, now=NOW)
    with pytest.raises(AssessmentClosed):
        assessments.save_answer(assessment, "youth_budget", answered(0), expected_revision=1, viewer=focal, now=NOW)
    with pytest.raises(ReasonNeeded):
        assessments.reopen(assessment, reason=" ", viewer=focal, now=NOW)
    assessments.reopen(assessment, reason="A figure was wrong.", viewer=focal, now=NOW)
    assert submissions.verify_code(first.verification_code).verdict is Verdict.AS_SUBMITTED
    answer_all(assessment, focal, youth_budget=answered(4))
    second = assessments.submit(assessment, viewer=focal, now=LATER)
    assert second.number == 2
    listed = submissions.for_assessment(assessment, viewer=focal, now=LATER)
    assert [(one.number, one.superseded_by) for one in listed] == [(2, None), (1, 2)]
    result = submissions.verify_code(first.verification_code)
    assert (result.verdict, result.superseded_by) == (Verdict.SUPERSEDED, 2)
    kept = submissions.submission(first.id, viewer=focal, now=LATER)
    assert kept.assessment.answers["youth_budget"] == COMPLETE["youth_budget"]
    assert verify_trail().faults == ()


def test_a_provisional_result_needs_a_reason(database):
    space = a_space()
    focal = in_space(space, Role.FOCAL_POINT)
    assessment = a_draft(space, focal)
    dont_know = Answer(AnswerState.DONT_KNOW)
    answer_all(assessment, focal, youth_strategy=dont_know, youth_budget=dont_know, safety_policy=dont_know)
    with pytest.raises(ReasonNeeded):
        assessments.submit(assessment, viewer=focal, now=NOW)
    info = assessments.submit(assessment, provisional_reason="Two units have not answered.", viewer=focal, now=NOW)
    found = submissions.submission(info.id, viewer=focal, now=NOW)
    assert found.assessment.provisional_reason == "Two units have not answered."
    assert found.card.provisional


def test_scope_and_facts_are_kept_and_change_what_is_asked(database):
    space = a_space()
    focal = in_space(space, Role.FOCAL_POINT)
    assessment = a_draft(space, focal)
    outside = ThemeScope(Mandate.OUTSIDE, "Training is another agency's.")
    assessments.set_scope(assessment, {"skills": outside}, viewer=focal, now=NOW)
    assessments.set_facts(assessment, {"has_offices": False}, viewer=focal, now=NOW)
    opened = assessments.open_assessment(assessment, viewer=focal, now=NOW)
    assert opened.assessment.scope == {"skills": outside}
    assert opened.assessment.facts == {"has_offices": False}
    missing = {problem.question for problem in assessments.missing(assessment, viewer=focal, now=NOW)}
    assert missing == set(COMPLETE) - {"skills_plan", "safety_offices"}


def test_not_applicable_without_a_reason_is_stored_and_stands_in_the_way(database):
    space = a_space()
    focal = in_space(space, Role.FOCAL_POINT)
    assessment = a_draft(space, focal)
    answer_all(assessment, focal, skills_plan=not_applicable(""))
    (problem,) = assessments.missing(assessment, viewer=focal, now=NOW)
    assert problem.question == "skills_plan"
    with pytest.raises(Incomplete):
        assessments.submit(assessment, viewer=focal, now=NOW)


def test_somebody_from_another_space_finds_nothing(database):
    focal = in_space(a_space(), Role.FOCAL_POINT)
    assessment = a_draft(_space_of(focal), focal)
    answer_all(assessment, focal)
    info = assessments.submit(assessment, viewer=focal, now=NOW)
    stranger = in_space(a_space("Another Organization"), Role.FOCAL_POINT, "Sam Stranger")
    given = {"viewer": stranger, "now": NOW}
    for attempt in (
        lambda: assessments.open_assessment(assessment, **given),
        lambda: assessments.save_answer(assessment, "youth_budget", answered(1), expected_revision=1, **given),
        lambda: assessments.set_scope(assessment, {}, **given),
        lambda: assessments.history(assessment, "youth_budget", **given),
        lambda: assessments.missing(assessment, **given),
        lambda: assessments.submit(assessment, **given),
        lambda: assessments.reopen(assessment, reason="x", **given),
        lambda: assessments.discard(assessment, **given),
        lambda: submissions.submission(info.id, **given),
        lambda: submissions.for_assessment(assessment, **given),
        lambda: spaces.space(_space_of(focal), **given),
    ):
        with pytest.raises(NotFound) as hidden:
            attempt()
        assert str(hidden.value) == str(NotFound())
    assert assessments.mine(stranger, now=NOW).items == ()


def test_a_reader_sees_what_was_submitted_and_no_draft(database):
    focal = in_space(a_space(), Role.FOCAL_POINT)
    space = _space_of(focal)
    reader = in_space(space, Role.READER)
    assessment = a_draft(space, focal)
    answer_all(assessment, focal)
    with pytest.raises(NotFound):
        assessments.open_assessment(assessment, viewer=reader, now=NOW)
    assert assessments.mine(reader, now=NOW).total == 0
    info = assessments.submit(assessment, viewer=focal, now=NOW)
    assert assessments.open_assessment(assessment, viewer=reader, now=NOW).assessment.state is State.SUBMITTED
    assert assessments.mine(reader, now=NOW).total == 1
    assert submissions.submission(info.id, viewer=reader, now=NOW).editions == (Edition.SHARED, Edition.PUBLIC)
    with pytest.raises(NotAllowed):
        assessments.reopen(assessment, reason="x", viewer=reader, now=NOW)
    assessments.reopen(assessment, reason="A figure was wrong.", viewer=focal, now=NOW)
    with pytest.raises(NotFound):
        assessments.open_assessment(assessment, viewer=reader, now=NOW)
    assert submissions.for_assessment(assessment, viewer=reader, now=NOW)[0].number == 1


def test_an_administrator_sees_no_answers(database):
    focal = in_space(a_space(), Role.FOCAL_POINT)
    administrator = an_administrator("Curious Administrator")
    assessment = a_draft(_space_of(focal), focal)
    with pytest.raises(NotFound):
        assessments.open_assessment(assessment, viewer=administrator, now=NOW)
    assert assessments.mine(administrator, now=NOW).total == 0


def test_a_discarded_draft_can_be_brought_back_for_thirty_days(database):
    focal = in_space(a_space(), Role.FOCAL_POINT)
    assessment = a_draft(_space_of(focal), focal)
    assessments.discard(assessment, viewer=focal, now=NOW)
    assert assessments.mine(focal, now=NOW).total == 0
    assert assessments.mine(focal, discarded=True, now=NOW).total == 1
    with pytest.raises(AssessmentClosed):
        assessments.save_answer(assessment, "youth_budget", answered(1), expected_revision=0, viewer=focal, now=NOW)
    with pytest.raises(StateChanged):
        assessments.discard(assessment, viewer=focal, now=NOW)
    assessments.undiscard(assessment, viewer=focal, now=NOW + timedelta(days=29))
    assert assessments.mine(focal, now=NOW).total == 1
    assessments.discard(assessment, viewer=focal, now=NOW)
    with pytest.raises(StateChanged):
        assessments.undiscard(assessment, viewer=focal, now=NOW + timedelta(days=30))


def _space_of(viewer):
    return UUID(viewer.grants[0].scope.id)
