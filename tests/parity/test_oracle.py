"""The index, computed twice: by the toolkit, and by brute force from the words of the rules."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import DONT_KNOW, FIVE_LEVELS, a_checklist, a_part, a_question, a_theme, answered, not_applicable
from tests.parity.oracle import Oracle
from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.assessment import Mandate, ThemeScope
from toolkit.domain.assessment_reading import read_assessment
from toolkit.domain.checklist import AllOf, AnyOf, Checklist, Compare, Kind, Level, Scale, Source, Test, Track
from toolkit.domain.scorecard import Doubt, ScoreCard
from toolkit.domain.scoring import score
from toolkit.storage.definitions import find_checklist

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.assessment.json"))
POINTS = Scale("points", tuple(Level(n, f"P{n}", points=Fraction(p)) for n, p in enumerate((1, 2, 5))), Fraction(6))
EARLY = Scale("early", tuple(Level(n, f"E{n}", points=Fraction(p)) for n, p in enumerate((0, 4, 5))))
THREE = Scale("three", (Level(1, "Low"), Level(2, "Middle"), Level(4, "High")))
SCALES = st.sampled_from([FIVE_LEVELS, FIVE_LEVELS, FIVE_LEVELS, POINTS, EARLY, THREE])
WEIGHTS = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1), Fraction(1), Fraction(3)])
SCOPES = st.sampled_from([Mandate.IN, Mandate.IN, Mandate.IN, Mandate.TOUCHES, Mandate.OUTSIDE])


@st.composite
def gates(draw, earlier):
    def one():
        source = Source(draw(st.sampled_from(earlier)))
        test = draw(st.sampled_from(Test))
        count = 2 if test is Test.ANY_OF else 1
        return Compare(source, test, tuple(Fraction(draw(st.integers(0, 4))) for _ in range(count)))

    shape = draw(st.sampled_from([None, None, AllOf, AnyOf]))
    return one() if shape is None else shape((one(), one()))


@st.composite
def checklists(draw) -> Checklist:
    """Objectives of themes of questions of every weight and track, some behind gates, and a profile section."""
    parts, earlier, number = [], [], 0
    for place in range(draw(st.integers(1, 3))):
        themes = []
        for below in range(draw(st.integers(1, 3))):
            questions = []
            for _ in range(draw(st.integers(1, 4))):
                track = draw(st.sampled_from([Track.SCAN, Track.CORE, Track.CORE, Track.FULL]))
                before = [name for name, of in earlier if track.includes(of)]
                gate = draw(gates(before)) if before and draw(st.integers(0, 3)) == 0 else None
                scale, weight = draw(SCALES), draw(WEIGHTS)
                questions.append(a_question(f"q{number}", weight=weight, track=track, scale=scale, ask_if=gate))
                earlier.append((f"q{number}", track))
                number += 1
            weight = draw(st.sampled_from([0, 1, 1, 2, Fraction(1, 3)]))
            questions.append(a_question(f"text{number}", kind=Kind.TEXT))
            themes.append(a_theme(f"t{place}_{below}", *questions, weight=weight))
            number += 1
        parts.append(a_part(f"o{place}", *themes))
    parts.append(a_part("section", a_theme("set_up", a_question("in_section")), scored=False))
    return a_checklist(*parts)


@st.composite
def assessed(draw):
    """A checklist, an answer or none to each of its ratings, a track and a scope."""
    checklist = draw(checklists())
    answers = {}
    for _, _, question in checklist.questions():
        if question.kind is Kind.RATING:
            levels = [answered(level.value) for level in question.scale.levels]
            others = [DONT_KNOW, not_applicable(), Answer(AnswerState.NOT_APPLICABLE), Answer(), None]
            said = draw(st.sampled_from([*levels, *levels, *others]))
            if said is not None:
                answers[question.id] = said
    scope = {theme.id: ThemeScope(draw(SCOPES), "So it is.") for part, theme in checklist.themes() if part.scored}
    return checklist, answers, draw(st.sampled_from([Track.CORE, Track.CORE, Track.FULL, Track.SCAN])), scope


def by_name(card: ScoreCard, name: str) -> dict[str, Fraction]:
    """One field of every figure of a card, as the oracle names them."""
    found = {"overall": card.overall}
    for part in card.objectives:
        found[part.part] = part.figure
        found |= {theme.theme: theme.figure for theme in part.themes}
    return {place: getattr(figure, name) for place, figure in found.items() if getattr(figure, name) is not None}


def compare(checklist, answers, track, scope, facts=()) -> None:
    """Fails where the two disagree about any figure."""
    card = score(checklist, answers, track=track, scope=scope, facts=dict(facts))
    oracle = Oracle(checklist, answers, track, scope, dict(facts))
    tally = oracle.tally()
    assert by_name(card, "share") == tally.share
    assert by_name(card, "coverage") == tally.coverage
    assert by_name(card, "set_aside") == tally.aside
    assert by_name(card, "low") == oracle.end(min)
    assert by_name(card, "high") == oracle.end(max)
    compare_gap(card, tally.share)
    compare_doubts(card, checklist, tally, oracle)
    moves = oracle.moves()
    assert (card.sensitivity is None) == (not moves)
    if card.sensitivity is not None:
        assert card.sensitivity.most == max(moves.values()) == moves[card.sensitivity.question]
        assert card.sensitivity.typical == median(moves.values())
    others = {other.id: other for other in card.alternatives}
    if tally.share.get("overall") is not None:
        objectives = [tally.share[part.id] for part in checklist.objectives]
        assert others["lowest_objective"].overall == min(objectives)
        assert others["not_applicable_lowest"].overall == oracle.not_applicable_lowest().get("overall")


def compare_gap(card, shares) -> None:
    objectives = [shares[part.part] for part in card.objectives if part.part in shares]
    low = {part.part for part in card.objectives if part.part in shares and shares[part.part] < Fraction(1, 4)}
    assert set(card.low_objectives) == low
    assert (card.gap is None) == (len(objectives) < 2)
    if card.gap is not None:
        assert card.gap.share == max(objectives) - min(objectives)
        assert (shares[card.gap.highest], shares[card.gap.lowest]) == (max(objectives), min(objectives))


def compare_doubts(card, checklist, tally, oracle) -> None:
    """Provisional by rule 7: what it names, and nothing else."""
    expected = set()
    low, high = oracle.end(min).get("overall"), oracle.end(max).get("overall")
    if tally.coverage.get("overall", 1) < Fraction(80, 100):
        expected.add((Doubt.COVERAGE, None))
    for part in checklist.objectives:
        if tally.coverage.get(part.id, 1) < Fraction(60, 100):
            expected.add((Doubt.OBJECTIVE_COVERAGE, part.id))
    if low is not None and high is not None and high - low > Fraction(15, 100):
        expected.add((Doubt.RANGE, None))
    assert {(reason.doubt, reason.part) for reason in card.provisional} == expected


@settings(max_examples=200, deadline=None)
@given(assessed())
def test_both_say_the_same(assessed):
    compare(*assessed)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name.partition(".")[0])
def test_both_say_the_same_of_the_examples(path):
    assessment = read_assessment(path.read_bytes())
    checklist = find_checklist(ROOT / "checklists", assessment.checklist_id, assessment.checklist_version)
    compare(checklist, assessment.answers, assessment.track, assessment.scope, assessment.facts)


def test_what_one_level_changes_at_most_may_be_the_way_down():
    checklist = a_checklist(a_part("work", a_theme("jobs", a_question("plan", scale=EARLY))))
    found = score(checklist, {"plan": answered(1)}, track=Track.CORE).sensitivity
    assert found is not None
    assert found.most == Fraction(4, 5)  # down from 4 points of 5 to none; up would be 1/5
