"""What holds for every checklist and every set of answers."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.builders import DONT_KNOW, a_checklist, a_part, a_question, a_theme, answered, not_applicable
from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.assessment import Mandate, ThemeScope
from toolkit.domain.checklist import Checklist, Layer, Method, NotApplicablePolicy, Rule, Track
from toolkit.domain.scorecard import Figure, ScoreCard, Standing
from toolkit.domain.scoring import score

NA = not_applicable()
WEIGHTS = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1), Fraction(1), Fraction(3)])
ABOVE_ZERO = st.sampled_from([Fraction(1, 3), Fraction(1), Fraction(1), Fraction(2)])
ANSWERS = st.one_of(
    st.integers(0, 4).map(answered), st.integers(0, 4).map(answered), st.sampled_from([DONT_KNOW, NA, Answer()])
)
RULES = st.sampled_from(Rule)


@st.composite
def checklists(draw, *, methods: bool = True) -> Checklist:
    """One to three objectives of one to three themes of one to four questions, and a profile section."""
    number = 0
    parts = []
    for place in range(draw(st.integers(1, 3))):
        themes = []
        for below in range(draw(st.integers(1, 3))):
            questions = []
            for _ in range(draw(st.integers(1, 4))):
                track = draw(st.sampled_from([Track.SCAN, Track.CORE, Track.CORE, Track.FULL]))
                questions.append(a_question(f"q{number}", weight=draw(WEIGHTS), track=track))
                number += 1
            themes.append(a_theme(f"t{place}_{below}", *questions, weight=draw(ABOVE_ZERO)))
        parts.append(a_part(f"o{place}", *themes))
    parts.append(a_part("section", a_theme("set_up", a_question("in_section")), scored=False))
    method = Method()
    if methods:
        policy = draw(st.sampled_from(NotApplicablePolicy))
        method = Method(theme=draw(RULES), objective=draw(RULES), overall=draw(RULES), not_applicable=policy)
    return a_checklist(*parts, method=method)


@st.composite
def assessed(draw, *, methods: bool = True, answers=ANSWERS) -> tuple[Checklist, dict[str, Answer]]:
    checklist = draw(checklists(methods=methods))
    return checklist, {name: draw(answers) for name in checklist.question_index}


def figures(card: ScoreCard) -> list[Figure]:
    themes = [theme.figure for part in card.parts for theme in part.themes]
    return [card.overall, *(part.figure for part in card.parts), *themes]


def core(checklist: Checklist, answers: dict[str, Answer]) -> ScoreCard:
    return score(checklist, answers, track=Track.CORE)


def shares(card: ScoreCard) -> list[Fraction | None]:
    return [figure.share for figure in figures(card)]


@given(assessed(), st.sampled_from(Track))
def test_every_figure_is_a_share_and_its_range_holds_it(given, track):
    card = score(*given, track=track)
    for figure in figures(card):
        for one in (figure.share, figure.coverage, figure.low, figure.high, figure.set_aside):
            assert one is None or (isinstance(one, Fraction) and 0 <= one <= 1)
        if figure.share is not None:
            assert figure.low is not None
            assert figure.high is not None
            assert figure.low <= figure.share <= figure.high


@given(assessed(), st.data())
def test_raising_one_answer_never_lowers_a_figure(given, data):
    checklist, answers = given
    rated = [name for name, one in answers.items() if one.state is AnswerState.ANSWERED and one.value < 4]
    assume(rated)
    name = data.draw(st.sampled_from(rated))
    before, after = core(checklist, answers), core(checklist, {**answers, name: answered(answers[name].value + 1)})
    for one, other in zip(figures(before), figures(after), strict=True):
        for low, high in ((one.share, other.share), (one.low, other.low), (one.high, other.high)):
            assert (low is None) == (high is None)
            assert low is None or low <= high
        assert (one.coverage, one.set_aside) == (other.coverage, other.set_aside)


@given(assessed(), st.data())
def test_answering_an_open_question_stays_within_the_range(given, data):
    checklist, answers = given
    before = core(checklist, answers)
    open_ones = [name for name, one in answers.items() if one.state in (AnswerState.DONT_KNOW, AnswerState.UNANSWERED)]
    assume(open_ones and before.overall.low is not None)
    name = data.draw(st.sampled_from(open_ones))
    after = core(checklist, {**answers, name: answered(data.draw(st.integers(0, 4)))})
    assert before.overall.low <= after.overall.low <= after.overall.high <= before.overall.high


@given(assessed())
def test_the_ends_of_the_range_are_the_scores_with_every_open_question_answered(given):
    checklist, answers = given
    card = core(checklist, answers)
    for level, end in ((0, card.overall.low), (4, card.overall.high)):
        filled = {
            name: answered(level) if one.state in (AnswerState.DONT_KNOW, AnswerState.UNANSWERED) else one
            for name, one in answers.items()
        }
        assert core(checklist, filled).overall.share == end


@given(assessed(), st.randoms(use_true_random=False))
def test_the_order_of_questions_themes_and_answers_does_not_matter(given, shuffler: random.Random):
    checklist, answers = given
    parts = []
    for part in checklist.parts:
        themes = [replace(one, questions=tuple(shuffled(one.questions, shuffler))) for one in part.themes]
        parts.append(replace(part, themes=tuple(shuffled(themes, shuffler))))
    other = core(a_checklist(*parts, method=checklist.method), dict(shuffled(answers.items(), shuffler)))
    card = core(checklist, answers)
    assert other.overall == card.overall
    for part in card.parts:
        assert other.part(part.part).figure == part.figure
        assert other.part(part.part).profile == part.profile
        for theme in part.themes:
            assert other.theme(theme.theme).figure == theme.figure
    assert other.provisional == card.provisional
    assert {one.id: one.overall for one in other.alternatives} == {one.id: one.overall for one in card.alternatives}


def shuffled(things, shuffler: random.Random) -> list:
    return shuffler.sample(list(things), len(list(things)))


@given(assessed(), st.data())
def test_a_question_of_weight_zero_never_matters(given, data):
    checklist, answers = given
    weightless = [one.id for _, _, one in checklist.questions() if one.weight == 0]
    assume(weightless)
    card = core(checklist, answers)
    other = core(checklist, {**answers, **{name: data.draw(ANSWERS) for name in weightless}})
    assert figures(other) == figures(card)
    assert other.alternatives == card.alternatives
    assert (other.sensitivity, other.gap, other.band) == (card.sensitivity, card.gap, card.band)
    assert [part.profile for part in other.parts] == [part.profile for part in card.parts]


@given(assessed(), ANSWERS)
def test_a_profile_section_never_matters_to_a_score(given, answer):
    checklist, answers = given
    card, other = core(checklist, answers), core(checklist, {**answers, "in_section": answer})
    assert (other.overall, other.objectives, other.alternatives) == (card.overall, card.objectives, card.alternatives)
    assert card.part("section").figure == Figure(None, None, None, None, None)


@given(checklists(methods=False))
def test_not_applicable_everywhere_is_no_score(checklist):
    card = core(checklist, dict.fromkeys(checklist.question_index, NA))
    assert set(shares(card)) == {None}
    assert (card.overall.low, card.overall.high, card.overall.coverage) == (None, None, None)


@given(checklists())
def test_outside_the_mandate_everywhere_is_no_score(checklist):
    scope = {theme.id: ThemeScope(Mandate.OUTSIDE) for _, theme in checklist.themes()}
    card = score(checklist, dict.fromkeys(checklist.question_index, answered(4)), track=Track.CORE, scope=scope)
    assert set(shares(card)) == {None}
    assert card.gap is None


@given(checklists(), st.integers(0, 4))
def test_the_same_level_everywhere_is_its_share_by_every_rule(checklist, level):
    card = core(checklist, dict.fromkeys(checklist.question_index, answered(level)))
    found = {share for share in shares(card) if share is not None}
    assert found <= {Fraction(level, 4)}
    assert all(one.overall in (None, Fraction(level, 4)) for one in card.alternatives)


@given(assessed())
def test_the_full_track_has_the_same_index_as_the_core_track(given):
    checklist, answers = given
    full = score(checklist, answers, track=Track.FULL)
    card = core(checklist, answers)
    assert figures(full) == figures(card)
    assert (full.alternatives, full.sensitivity) == (card.alternatives, card.sensitivity)


@given(assessed(methods=False))
def test_coverage_is_whole_exactly_where_nothing_is_open(given):
    card = core(*given)
    for theme in card.parts[0].themes:
        standings = {one.standing for one in theme.questions}
        is_open = bool(standings & {Standing.UNANSWERED, Standing.DONT_KNOW})
        assert theme.figure.coverage is None or (theme.figure.coverage == 1) is not is_open


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(assessed(answers=st.integers(0, 4).map(answered)))
def test_sensitivity_is_what_answering_one_level_up_or_down_really_changes(given):
    checklist, answers = given
    card = core(checklist, answers)
    assume(card.sensitivity is not None)
    changes = []
    for part in card.objectives:
        for one in (one for theme in part.themes for one in theme.questions if one.standing is Standing.COUNTS):
            near = [level for level in (one.level + 1, one.level - 1) if 0 <= level <= 4]
            others = (core(checklist, {**answers, one.question: answered(level)}) for level in near)
            changes.append((max(abs(other.overall.share - card.overall.share) for other in others), one.question))
    most = max(change for change, _ in changes)
    assert card.sensitivity.most == most
    assert card.sensitivity.question == next(question for change, question in changes if change == most)


@given(assessed(), st.sampled_from(Track))
def test_counts_add_up(given, track):
    checklist, answers = given
    card = score(checklist, answers, track=track)
    assert card.progress.asked == sum(asked for _, _, asked in card.progress.by_theme)
    assert 0 <= card.progress.answered <= card.progress.asked
    for part in card.parts:
        assert sum(count.themes for count in part.profile) == sum(theme.level is not None for theme in part.themes)


BESIDE, SCORED = Layer("beside", "Beside"), Layer("scored", "Scored", scored=True)


@st.composite
def layered(draw) -> tuple[Checklist, Checklist, dict[str, Answer]]:
    """A checklist with questions of an unscored layer strewn in, the same without them, and answers to all."""
    plain = draw(checklists())
    parts, number = [], 0
    for part in plain.parts:
        themes = []
        for theme in part.themes:
            questions = [replace(one, layer=SCORED) for one in theme.questions]
            for _ in range(draw(st.integers(0, 2))):
                track, weight = draw(st.sampled_from(Track)), draw(WEIGHTS)
                more = a_question(f"beside{number}", track=track, weight=weight, layer=BESIDE)
                questions.insert(draw(st.integers(0, len(questions))), more)
                number += 1
            themes.append(replace(theme, questions=tuple(questions)))
        parts.append(replace(part, themes=tuple(themes)))
    whole = replace(plain, parts=tuple(parts), layers=(BESIDE, SCORED))
    return whole, plain, {name: draw(ANSWERS) for name in whole.question_index}


@given(layered(), st.sampled_from(Track))
def test_the_index_is_that_of_the_checklist_without_the_questions_of_unscored_layers(given, track):
    whole, plain, answers = given
    card = score(whole, answers, track=track)
    alone = score(plain, {name: one for name, one in answers.items() if name in plain.question_index}, track=track)
    assert figures(card) == figures(alone)
    assert [part.profile for part in card.parts] == [part.profile for part in alone.parts]
    assert [part.withheld for part in card.parts] == [part.withheld for part in alone.parts]
    for one, other in zip(card.parts, alone.parts, strict=True):
        assert [(theme.level, theme.full_share) for theme in one.themes] == [
            (theme.level, theme.full_share) for theme in other.themes
        ]
    for name in ("provisional", "gap", "low_objectives", "band", "sensitivity", "alternatives", "evidence_share"):
        assert getattr(card, name) == getattr(alone, name), name


@given(layered(), st.sampled_from(Track))
def test_the_profile_of_an_unscored_layer_counts_its_core_ratings(given, track):
    whole, _, answers = given
    (layer,) = score(whole, answers, track=track).layers
    asked = [one for _, _, one in whole.questions() if one.is_layer_rating and track.includes(one.track)]
    rated = [one for one in asked if answers[one.id].state is AnswerState.ANSWERED]
    unknown = [one for one in asked if answers[one.id].state in (AnswerState.DONT_KNOW, AnswerState.UNANSWERED)]
    assert sum(count.questions for part in layer.parts for count in part.profile) == len(rated)
    assert sum(part.open for part in layer.parts) == len(unknown)
    for part in layer.parts:
        assert sum(count.themes for count in part.profile) == sum(theme.level is not None for theme in part.themes)
