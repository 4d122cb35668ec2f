"""The times that the documentation plans with are those of the checklists, and lie where they were promised."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.content.lint import ROOT
from toolkit.domain.checklist import Checklist, Track
from toolkit.storage.definitions import load_checklist

DOC = ROOT / "docs" / "time.md"
FILES = ("global/1.0.0", "global/2.0.0", "country/1.0.0")
WORDS_A_MINUTE = 150  # reading with care in a second language
MINUTES_A_DOCUMENT = 9  # finding what shows an answer, for each rating
DAY = 7 * 60


def _checklist(name: str) -> Checklist:
    return load_checklist(ROOT / "checklists" / Path(f"{name}.yaml"))


def _row(name: str, checklist: Checklist, track: Track) -> str:
    asked = [
        question
        for *_, question in checklist.questions()
        if track.includes(question.track) and not question.is_improvement
    ]
    texts = (
        " ".join((one.text, one.guidance, one.evidence, one.not_enough, *(level.text for level in one.criteria)))
        for one in asked
    )
    reading = sum(len(text.split()) for text in texts) // WORDS_A_MINUTE
    days = float(Fraction(_whole_job(checklist, track), DAY))
    return f"| {name} | {track} | {len(asked)} | {reading} min | {checklist.minutes(track)} min | {days:.1f} days |"


def _whole_job(checklist: Checklist, track: Track) -> int:
    ratings = [one for *_, one in checklist.questions() if track.includes(one.track) and one.is_rating]
    return checklist.minutes(track) + MINUTES_A_DOCUMENT * len(ratings)


def test_the_table_in_the_documentation_is_what_the_checklists_say():
    expected = [_row(name, _checklist(name), track) for name in FILES for track in Track]
    printed = [
        line for line in DOC.read_text(encoding="utf-8").splitlines() if line.startswith(("| global/", "| country/"))
    ]
    assert printed == expected, "\n".join(expected)


@pytest.mark.parametrize(
    ("track", "least", "most"),
    [(Track.CORE, Fraction(3, 2), Fraction(2)), (Track.FULL, Fraction(4), Fraction(5))],
)
def test_the_whole_job_of_a_focal_point_is_planned_as_promised(track, least, most):
    assert least <= Fraction(_whole_job(_checklist("global/2.0.0"), track), DAY) <= most


def test_four_to_six_core_questions_take_a_contributor_three_quarters_of_an_hour_at_most():
    core = [one.minutes for *_, one in _checklist("global/2.0.0").questions() if one.is_core_rating]
    assert 4 * min(core) >= 15
    assert 6 * max(core) + 2 <= 60
    assert Fraction(30, 6) <= Fraction(sum(core), len(core)) <= Fraction(45, 6)
