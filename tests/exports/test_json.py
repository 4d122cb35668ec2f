"""The scores and the assessment file as JSON."""

from __future__ import annotations

import json

import pytest

from tests.builders import a_checklist, an_assessment, answered
from tests.canaries import allowed, canaries_in, canary_assessment, canary_checklist
from toolkit.domain.assessment import Edition
from toolkit.domain.assessment_reading import read_assessment
from toolkit.domain.scoring import score_assessment
from toolkit.exports.assessment_file import assessment_file
from toolkit.exports.score_json import score_json

CHECKLIST = a_checklist()
ASSESSMENT = an_assessment(CHECKLIST, {"employment_theme_policy": answered(3)})
CARD = score_assessment(CHECKLIST, ASSESSMENT)


def test_the_scores_name_parts_and_themes_and_give_each_question():
    data = json.loads(score_json(CHECKLIST, ASSESSMENT, CARD, Edition.INTERNAL))
    assert data["format"] == "decent-work-scores/1"
    assert data["scores"]["overall"]["score"] == {"exact": "3/4", "percent": "75.0"}
    (part,) = data["scores"]["parts"]
    (theme,) = part["themes"]
    assert (part["title"], theme["title"]) == ("Part employment", "Theme employment_theme")
    assert theme["questions"] == [
        {
            "id": "employment_theme_policy",
            "state": "answered",
            "standing": "counts",
            "level": 3,
            "share": {"exact": "3/4", "percent": "75.0"},
            "weight": "1",
        }
    ]


def test_the_public_scores_have_no_questions():
    data = json.loads(score_json(CHECKLIST, ASSESSMENT, CARD, Edition.PUBLIC))
    assert "questions" not in data["scores"]["parts"][0]["themes"][0]


@pytest.mark.parametrize("edition", list(Edition))
@pytest.mark.parametrize("make", [score_json, assessment_file])
def test_no_canary_of_a_wider_edition_gets_through(make, edition):
    checklist, assessment = canary_checklist(), canary_assessment()
    found = canaries_in(make(checklist, assessment, score_assessment(checklist, assessment), edition).decode())
    if make is assessment_file and edition is Edition.INTERNAL:
        assert found > allowed(str(edition))  # it also keeps what was not asked in the end
    else:
        assert found <= allowed(str(edition))


def test_the_assessment_file_is_read_back():
    assert read_assessment(assessment_file(CHECKLIST, ASSESSMENT, CARD, Edition.INTERNAL)) == ASSESSMENT
