"""What holds of lineage whatever the versions: nothing is lost, nothing is compared that must not be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import DONT_KNOW, a_checklist, a_part, a_question, a_theme, an_assessment, answered, not_applicable
from toolkit.domain.answers import Answer
from toolkit.domain.checklist import Change, Checklist, Criterion, Question, Retired, Was
from toolkit.domain.digests import checklist_digest
from toolkit.domain.lineage import Bump, carry_over, comparable, diff, like_for_like

THEMES = ("jobs", "youth", "safety")
FATES = (
    Change.SAME, Change.REWORDED, Change.REVISED, Change.MOVED, Change.SPLIT, Change.MERGED, Change.RETIRED,
)  # fmt: skip
ANSWERS = st.sampled_from([*(answered(level) for level in range(5)), DONT_KNOW, not_applicable(), None])


@dataclass(frozen=True)
class Step:
    """Two versions with an honest account between them, and what became of each older question."""

    older: Checklist
    newer: Checklist
    fates: dict[str, Change]


def _checklist(questions: dict[str, list[Question]], **given: Any) -> Checklist:
    themes = [a_theme(theme, *held) for theme, held in questions.items() if held]
    checklist = a_checklist(a_part("employment", *themes), **given)
    return replace(checklist, digest=checklist_digest(checklist))


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """Draw an older version, a fate for each of its questions, and the newer version that they make."""
    names = [f"q{number}" for number in range(draw(st.integers(2, 8)))]
    homes = {name: draw(st.sampled_from(THEMES)) for name in names}
    weights = {name: Fraction(draw(st.integers(1, 3))) for name in names}
    before: dict[str, list[Question]] = {theme: [] for theme in THEMES}
    after: dict[str, list[Question]] = {theme: [] for theme in THEMES}
    fates: dict[str, Change] = {}
    retired: list[Retired] = []
    waiting: str | None = None
    for name in names:
        question = a_question(name, weight=weights[name])
        before[homes[name]].append(question)
        fate = draw(st.sampled_from(FATES))
        if fate is Change.MERGED and waiting is None:
            waiting = name
            fates[name] = fate
            continue
        fates[name] = fate
        home = homes[name]
        if fate is Change.SAME:
            after[home].append(question)
        elif fate is Change.REWORDED:
            after[home].append(replace(question, id=f"{name}_new", text="Else?", was=Was(fate, (name,))))
        elif fate is Change.REVISED:
            after[home].append(replace(question, criteria=(Criterion(0, "None."),), was=Was(fate, (name,))))
        elif fate is Change.MOVED:
            elsewhere = THEMES[(THEMES.index(home) + 1) % len(THEMES)]
            after[elsewhere].append(replace(question, was=Was(fate, (name,))))
        elif fate is Change.SPLIT:
            after[home] += [replace(question, id=f"{name}_{half}", was=Was(fate, (name,))) for half in "ab"]
        elif fate is Change.MERGED:
            assert waiting is not None
            after[home].append(replace(question, id=f"{waiting}_{name}", was=Was(fate, (waiting, name))))
            waiting = None
        else:
            retired.append(Retired(name, "Not needed."))
    if waiting is not None:  # nobody came to be merged with
        fates[waiting] = Change.RETIRED
        retired.append(Retired(waiting, "Not needed."))
    after[THEMES[0]].append(a_question("brand_new"))
    older = _checklist(before)
    return Step(older, _checklist(after, version="2.0.0", follows="1.0.0", retired=tuple(retired)), fates)


@st.composite
def answers(draw: st.DrawFn, checklist: Checklist) -> dict[str, Answer]:
    found = {question.id: draw(ANSWERS) for _, _, question in checklist.questions()}
    return {name: answer for name, answer in found.items() if answer is not None}


@given(steps())
def test_an_honest_account_has_no_problems_and_every_question_has_its_fate(step):
    found = diff(step.older, step.newer)
    assert found.problems == ()
    told = {name: one.change for one in found.changes for name in one.was}
    assert told == step.fates
    assert found.of("brand_new").change is Change.NEW


@given(steps())
def test_the_bump_due_is_the_strongest_of_all(step):
    due = diff(step.older, step.newer).due
    major = {Change.REVISED, Change.MOVED, Change.SPLIT, Change.MERGED} & set(step.fates.values())
    assert due is (Bump.MAJOR if major else Bump.MINOR)
    smaller = diff(step.older, replace(step.newer, version="1.1.0" if major else "1.0.1"))
    assert [problem.path for problem in smaller.problems] == ["version"]


@given(steps(), st.data())
def test_an_account_without_one_of_its_questions_is_found_out(step, data):
    claims = [question for _, _, question in step.newer.questions() if question.was]
    if not claims:
        return
    victim = data.draw(st.sampled_from(claims))
    parts = tuple(
        replace(
            part,
            themes=tuple(
                replace(
                    theme,
                    questions=tuple(replace(one, was=None) if one is victim else one for one in theme.questions),
                )
                for theme in part.themes
            ),
        )
        for part in step.newer.parts
    )
    assert diff(step.older, replace(step.newer, parts=parts)).problems


@given(steps(), st.data())
def test_no_answer_is_lost_or_kept_where_somebody_must_look(step, data):
    given_answers = data.draw(answers(step.older))
    moved = carry_over(step.older, step.newer, given_answers)
    offered = {name for offer in moved.offered for name, _ in offer.earlier}
    assert set(moved.kept) | offered | set(moved.left) == set(given_answers)
    assert set(moved.kept) == {name for name in given_answers if step.fates[name] is Change.SAME}
    assert set(moved.left) == {name for name in given_answers if step.fates[name] is Change.RETIRED}
    assert all(given_answers[name] == answer for name, answer in moved.kept.items())
    assert all(given_answers[name] == answer for offer in moved.offered for name, answer in offer.earlier)


@given(steps())
def test_only_same_reworded_and_moved_questions_are_compared_each_once(step):
    pairs = comparable(step.older, step.newer)
    alike = {name for name, fate in step.fates.items() if fate in {Change.SAME, Change.REWORDED, Change.MOVED}}
    assert {pair.older for pair in pairs} == alike
    assert len({pair.newer for pair in pairs}) == len(pairs)


@given(steps(), st.data())
def test_a_comparison_never_leaves_its_bounds(step, data):
    before, after = data.draw(answers(step.older)), data.draw(answers(step.newer))
    found = like_for_like(step.older, an_assessment(step.older, before), step.newer, an_assessment(step.newer, after))
    for figure in (found.overall, *found.objectives.values(), *found.themes.values()):
        drawn = figure.undrawn is None
        assert (figure.older is None) is (figure.newer is None) is (not drawn)
        if figure.share_compared is not None:
            assert 0 <= figure.share_compared <= 1
        if drawn:
            assert figure.share_compared is not None
            assert figure.share_compared >= Fraction(1, 2)
            assert 0 <= figure.older <= 1
            assert 0 <= figure.newer <= 1


@given(steps(), st.data())
def test_the_same_answers_on_what_is_alike_show_no_change(step, data):
    before = data.draw(answers(step.older))
    after = {pair.newer: before[pair.older] for pair in comparable(step.older, step.newer) if pair.older in before}
    found = like_for_like(step.older, an_assessment(step.older, before), step.newer, an_assessment(step.newer, after))
    for figure in (found.overall, *found.objectives.values(), *found.themes.values()):
        assert figure.change in (None, 0)


@given(steps(), st.data())
def test_one_version_compared_with_itself_gives_its_own_figures(step, data):
    levels = {question.id: answered(data.draw(st.integers(0, 4))) for _, _, question in step.older.questions()}
    assessment = an_assessment(step.older, levels)
    found = like_for_like(step.older, assessment, step.older, assessment)
    assert (found.overall.change, found.overall.share_compared, found.overall.undrawn) == (0, 1, None)
