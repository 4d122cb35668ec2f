"""Assessment files come in as drafts, after a look at what they would bring."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from tests.services.world import COMPLETE, LATER, NOW, a_draft, a_space, answer_all, in_space
from toolkit.domain.access import Role
from toolkit.domain.assessment import Edition, Mandate, State, ThemeScope
from toolkit.domain.assessment_file import canonical_bytes, to_data
from toolkit.domain.errors import InvalidInput, NotAllowed, NotFound
from toolkit.domain.scoring import score_assessment
from toolkit.services import assessments, imports, submissions
from toolkit.services.auditing import verify_trail

OUTSIDE = {"skills": ThemeScope(Mandate.OUTSIDE, "Another agency's.")}


@pytest.fixture
def focal(database):
    """The focal point of a space."""
    return in_space(a_space(), Role.FOCAL_POINT)


@pytest.fixture
def file(focal):
    """The internal file of a submission, with scope and facts."""
    assessment = a_draft(UUID(focal.grants[0].scope.id), focal, facts={"has_offices": True}, title="Baseline")
    answer_all(assessment, focal)
    assessments.set_scope(assessment, OUTSIDE, viewer=focal, now=NOW)
    info = assessments.submit(assessment, viewer=focal, now=NOW)
    return submissions.submission(info.id, viewer=focal, now=NOW).content


@pytest.fixture
def other(database):
    """The focal point of another space."""
    return in_space(a_space("Another Organization"), Role.FOCAL_POINT, "Olu Other")


def bring(file, viewer):
    return imports.import_assessment(file, space_id=UUID(viewer.grants[0].scope.id), viewer=viewer, now=LATER)


def test_a_file_becomes_a_draft_of_ones_own(file, other):
    space = UUID(other.grants[0].scope.id)
    preview = imports.preview(file, space_id=space, viewer=other, now=NOW)
    assert (preview.answers, preview.problems, preview.edition) == (len(COMPLETE), (), Edition.INTERNAL)
    opened = assessments.open_assessment(bring(file, other), viewer=other, now=NOW)
    assert opened.space.id == space
    assert opened.title == "Baseline"
    assert opened.assessment.state is State.DRAFT
    assert opened.assessment.answers == COMPLETE
    assert opened.assessment.scope == OUTSIDE
    assert opened.assessment.facts == {"has_offices": True}
    assert opened.assessment.approvals == ()
    assert submissions.for_assessment(opened.id, viewer=other, now=NOW) == ()
    (version,) = assessments.history(opened.id, "youth_budget", viewer=other, now=NOW)
    assert version.copied_from.startswith("file ")
    assert verify_trail().faults == ()


def test_a_preview_keeps_nothing(file, other):
    imports.preview(file, space_id=UUID(other.grants[0].scope.id), viewer=other, now=NOW)
    assert assessments.mine(other, now=NOW).total == 0


def test_a_public_file_has_no_answers_to_bring(focal, file, other):
    found = submissions.for_assessment(assessments.mine(focal, now=NOW).items[0].id, viewer=focal, now=NOW)[0]
    submission = submissions.submission(found.id, viewer=focal, now=NOW)
    card = score_assessment(submission.checklist, submission.assessment)
    public = to_data(submission.checklist, submission.assessment, Edition.PUBLIC, card=card)
    with pytest.raises(InvalidInput) as refused:
        bring(canonical_bytes(public), other)
    assert refused.value.problems[0].path == "edition"


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        (("checklist", "digest"), "0" * 64, "checklist.digest"),
        (("checklist", "version"), "9.9.9", "checklist"),
        (("checklist", "id"), "unheard_of", "checklist"),
        (("answers", "youth_budget", "value"), 9, "answers.youth_budget"),
        (("scope", "set_up"), {"mandate": "outside", "reason": "No."}, "scope.set_up"),
        (("facts", "has_offices"), "perhaps", "facts.has_offices"),
    ],
)
def test_what_does_not_suit_the_checklist_is_refused_and_keeps_nothing(file, other, place, value, path):
    data = json.loads(file)
    at = data
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    with pytest.raises(InvalidInput) as refused:
        bring(json.dumps(data).encode(), other)
    assert path in {problem.path for problem in refused.value.problems}
    assert assessments.mine(other, now=NOW).total == 0


@pytest.mark.parametrize("bad", [b"", b"{}", b"[]", b"\xff\xfe", b'{"format": 1.5}', b"[" * 5000])
def test_what_is_no_assessment_file_is_refused(other, bad):
    with pytest.raises(InvalidInput):
        bring(bad, other)


def test_only_who_may_start_an_assessment_may_bring_one(file, other):
    space = UUID(other.grants[0].scope.id)
    contributor = in_space(space, Role.CONTRIBUTOR)
    with pytest.raises(NotAllowed):
        imports.import_assessment(file, space_id=space, viewer=contributor, now=NOW)
    stranger = in_space(a_space("Third Organization"), Role.FOCAL_POINT, "Sam Stranger")
    for attempt in (imports.preview, imports.import_assessment):
        with pytest.raises(NotFound):
            attempt(file, space_id=space, viewer=stranger, now=NOW)
