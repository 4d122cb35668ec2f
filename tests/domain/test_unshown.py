"""Core questions at a high level without evidence are named."""

from dataclasses import replace

import pytest

from tests.builders import a_checklist, a_part, a_question, a_theme, an_assessment, answered
from toolkit.domain.answers import Evidence
from toolkit.domain.assessment import Mandate, ThemeScope
from toolkit.domain.checklist import Track
from toolkit.domain.scoring import score_assessment
from toolkit.domain.unshown import unshown


def named(answers, **given):
    tracks = {"scan": Track.SCAN, "core": Track.CORE, "full": Track.FULL}
    questions = (a_question(name, track=track) for name, track in tracks.items())
    checklist = a_checklist(a_part("work", a_theme("jobs", *questions)))
    assessment = an_assessment(checklist, answers, track=Track.FULL, **given)
    return [one.question.id for one in unshown(checklist, assessment, score_assessment(checklist, assessment))]


FILE, LINK = Evidence("A plan", sha256="ab" * 32), Evidence("A plan", url="https://example.org")


def test_high_core_levels_without_evidence_are_named_in_order():
    assert named({"scan": answered(4), "core": answered(3), "full": answered(4)}) == ["scan", "core"]
    assert named({"scan": answered(2), "core": answered(0)}) == []
    assert named({}) == []


@pytest.mark.parametrize("evidence", [FILE, LINK])
def test_a_file_counts_like_a_link(evidence):
    assert named({"core": replace(answered(3), evidence=(evidence,))}) == []


def test_what_lies_outside_the_mandate_is_not_looked_at():
    assert named({"core": answered(4)}, scope={"jobs": ThemeScope(Mandate.OUTSIDE, "Not ours.")}) == []
