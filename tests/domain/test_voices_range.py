"""The range over the voices: worked by hand, and what holds for every checklist and all voices."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import (
    a_checklist,
    a_part,
    a_question,
    a_theme,
    an_assessment,
    answered,
    not_applicable,
)
from tests.domain.test_scoring_properties import ANSWERS, assessed
from toolkit.domain.answers import Answer
from toolkit.domain.assessment import Assessment
from toolkit.domain.checklist import Checklist, Track
from toolkit.domain.positions import Position
from toolkit.domain.scoring import score_assessment
from toolkit.domain.voices import Voice, VoiceKind
from toolkit.domain.voices_range import Reach, voices_range


def a_position(answers: dict[str, Answer], number: int = 1, **given_: str) -> Position:
    return Position(Voice(UUID(int=number), VoiceKind.UNIT, f"Office {number}"), answers, **given_)


def two_questions() -> Checklist:
    jobs = a_theme("jobs", a_question("one"), a_question("two"))
    return a_checklist(a_part("employment", jobs), a_part("rights", a_theme("safety", a_question("three"))))


def with_voices(answers: dict[str, Answer], *positions: Position) -> Assessment:
    return an_assessment(two_questions(), answers, positions=positions)


def test_each_question_stands_at_its_lowest_then_its_highest_voice():
    answers = {"one": answered(2), "two": answered(4), "three": answered(1)}
    first = a_position({"one": answered(0), "three": answered(1)})
    second = a_position({"one": answered(3), "two": answered(3)}, 2)
    found = voices_range(two_questions(), with_voices(answers, first, second))
    # employment: low (0 + 3) / 8, high (3 + 4) / 8; rights: 1/4 whatever; overall: the mean of both
    assert found.of("employment") == Reach(Fraction(3, 8), Fraction(7, 8))
    assert found.of("rights") == Reach(Fraction(1, 4), Fraction(1, 4))
    assert found.overall == Reach(Fraction(5, 16), Fraction(9, 16))


def test_what_nobody_settled_yet_stays_out():
    found = voices_range(two_questions(), with_voices({"one": answered(2)}, a_position({"two": answered(4)})))
    assert found is None


def test_what_is_not_applicable_stays_so():
    answers = {"one": answered(2), "two": not_applicable(), "three": answered(2)}
    voice = a_position({"one": answered(3), "two": answered(0)})
    assert voices_range(two_questions(), with_voices(answers, voice)).of("employment") == Reach(
        Fraction(1, 2), Fraction(3, 4)
    )


def test_without_voices_and_in_a_scan_there_is_none():
    answers = {"one": answered(2), "two": answered(2), "three": answered(2)}
    assert voices_range(two_questions(), with_voices(answers)) is None
    scan = replace(with_voices(answers, a_position({"one": answered(0)})), track=Track.SCAN)
    assert voices_range(two_questions(), scan) is None


def test_a_voice_that_is_left_out_moves_nothing():
    answers = {"one": answered(2), "two": answered(2), "three": answered(2)}
    left_out = a_position({"one": answered(0)}, left_out_because="It came late.")
    assert voices_range(two_questions(), with_voices(answers, left_out)) is None


@st.composite
def with_some_voices(draw):
    checklist, answers = draw(assessed())
    names = st.sampled_from(sorted(checklist.question_index))
    voices = draw(st.lists(st.dictionaries(names, ANSWERS, max_size=6), min_size=1, max_size=4))
    return checklist, answers, [a_position(one, number) for number, one in enumerate(voices, 1)]


@given(with_some_voices())
def test_the_range_holds_the_score_and_another_voice_never_narrows_it(given_):
    checklist, answers, positions = given_
    before = None
    for count in range(1, len(positions) + 1):
        assessment = an_assessment(checklist, answers, positions=tuple(positions[:count]))
        found = voices_range(checklist, assessment)
        if found is None:
            assert before is None
            continue
        card = score_assessment(checklist, assessment)
        figures = {part.part: part.figure.share for part in card.objectives}
        ranges = [(found.overall, card.overall.share), *((one, figures[part]) for part, one in found.objectives)]
        for reach, share in ranges:
            assert (reach is None) == (share is None)
            if reach is not None:
                assert reach.low <= share <= reach.high
        if before is not None and before.overall is not None:
            assert found.overall.low <= before.overall.low
            assert found.overall.high >= before.overall.high
        before = found
