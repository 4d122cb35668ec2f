"""The example files: made by the script beside them, complete or open as they say, and scored as the README says."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from toolkit.config import packaged_folder
from toolkit.domain.answers import AnswerState
from toolkit.domain.assessment_reading import read_assessment, read_file
from toolkit.domain.card_data import card_data
from toolkit.domain.fitting import fits
from toolkit.domain.scorecard import Doubt, Standing
from toolkit.domain.scoring import score_assessment
from toolkit.storage.definitions import find_checklist

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "docs/examples").glob("*.assessment.json"))


def opened(name: str):
    data = (ROOT / "docs/examples" / f"{name}.assessment.json").read_bytes()
    assessment = read_assessment(data)
    checklist = find_checklist(packaged_folder("checklists"), assessment.checklist_id, assessment.checklist_version)
    return read_file(data), assessment, checklist


def test_the_files_are_what_the_script_makes():
    made = runpy.run_path(str(ROOT / "docs/examples/make.py"))["made"]()
    stale = [str(path) for path, data in made.items() if (ROOT / path).read_bytes() != data]
    assert stale == [], "run docs/examples/make.py"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_suits_its_checklist_and_states_its_scores(path):
    file, assessment, checklist = opened(path.name.removesuffix(".assessment.json"))
    assert fits(checklist, assessment) == ()
    card = score_assessment(checklist, assessment)
    assert file.scores == card_data(card, checklist.method.thresholds)


def test_the_complete_example_leaves_nothing_open():
    _, assessment, checklist = opened("global-complete")
    card = score_assessment(checklist, assessment)
    assert card.overall.coverage == 1
    assert card.provisional == ()
    assert card.progress.answered == card.progress.asked
    assert sum(1 for answer in assessment.answers.values() if answer.comment) >= 12
    reasons = [answer.reason for answer in assessment.answers.values() if answer.state is AnswerState.NOT_APPLICABLE]
    assert reasons
    assert all(reasons)


def test_the_other_example_is_provisional_for_every_reason_there_is():
    _, assessment, checklist = opened("global-partly")
    card = score_assessment(checklist, assessment)
    assert {reason.doubt for reason in card.provisional} == set(Doubt)
    standings = {one.standing for part in card.parts for theme in part.themes for one in theme.questions}
    assert {Standing.UNANSWERED, Standing.DONT_KNOW, Standing.NOT_APPLICABLE, Standing.NOT_ASKED} <= standings
    assert Standing.OUTSIDE_MANDATE in standings
