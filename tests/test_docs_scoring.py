"""docs/scoring.md keeps its word: every figure on the page is computed anew from the page itself."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from tests.builders import DONT_KNOW, a_checklist, a_part, a_question, a_theme, answered, not_applicable
from toolkit.domain.answers import UNANSWERED, Answer
from toolkit.domain.checklist import (
    Checklist,
    Compare,
    Method,
    Not,
    NotApplicablePolicy,
    Rule,
    Source,
    Test,
    Thresholds,
    Track,
)
from toolkit.domain.findings import finding
from toolkit.domain.rounding import exact, one_decimal, points, whole_percent
from toolkit.domain.routing import NEVER_ASKED, asked
from toolkit.domain.scorecard import Figure, ScoreCard
from toolkit.domain.scoring import score
from toolkit.storage.definitions import load_checklist

PAGE = (Path(__file__).parent.parent / "docs" / "scoring.md").read_text(encoding="utf-8")
PROSE = " ".join(PAGE.split())


def table(heading: str) -> list[list[str]]:
    """The rows of the table whose first column has that heading."""
    lines = PAGE[PAGE.index(f"| {heading} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(scope="module")
def checklist(tmp_path_factory) -> Checklist:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path_factory.mktemp("example") / "1.0.0.yaml"
    path.write_text(block, encoding="utf-8")
    return load_checklist(path)


def an_answer(words: str) -> Answer:
    states = {"don't know": DONT_KNOW, "not applicable": not_applicable()}
    return states[words] if words in states else answered(int(words))


@pytest.fixture(scope="module")
def card(checklist) -> ScoreCard:
    answers = {question: an_answer(words) for question, words in table("Question")}
    return score(checklist, answers, track=Track.CORE)


def figure(card: ScoreCard, of: str) -> Figure:
    tier, _, name = of.partition(" ")
    if tier == "overall":
        return card.overall
    return card.theme(name).figure if tier == "theme" else card.objective(name)


KINDS = {"score": "share", "coverage": "coverage", "lowest": "low", "highest": "high", "set aside": "set_aside"}


@pytest.mark.parametrize("row", table("Figure"), ids=lambda row: f"{row[0]} of {row[1]}")
def test_each_figure_of_the_example(card, row):
    kind, of, *printed = row
    share = getattr(figure(card, of), KINDS[kind])
    assert printed == [exact(share), whole_percent(share), one_decimal(share)]


def test_every_kind_of_figure_is_in_the_example():
    assert {row[0] for row in table("Figure")} == set(KINDS)


def test_levels_band_gap_and_sensitivity_of_the_example(card):
    levels = [card.theme(name).level for name in ("young", "skills", "safety", "children", "people")]
    said = "{} (young), {} (skills), {} (safety), {} (children), and {} (people".format(*levels)
    assert f"The levels of the themes are {said}" in PROSE
    assert f"the **band** is *{card.band.label}*" in PROSE
    assert f"= {card.gap.share}, which prints as {points(card.gap.share)} points; *Employment* is the lowest" in PROSE
    assert card.gap.lowest == "employment"
    assert f"The **sensitivity** is {card.sensitivity.most}: moving `{card.sensitivity.question}`" in PROSE
    assert f"by {card.sensitivity.most}, which prints as {points(card.sensitivity.most)} points." in PROSE
    width = card.overall.width
    assert f"The range is {width}, or {points(width)} points, wide." in PROSE
    assert card.provisional == ()


def test_the_other_choices_of_the_example(card):
    found = [[one.id, str(one.overall), *(str(share) for _, share in one.objectives)] for one in card.alternatives]
    assert found == table("Other choice of method")


def test_the_first_sentence_of_the_example(checklist, card):
    assert f"> {finding(checklist, card)}" in PAGE


# --- the rules --------------------------------------------------------------------------------------

GATE = Compare(Source("gate"), Test.AT_LEAST, (Fraction(2),))
GATES: dict[str, dict[str, Answer]] = {
    "meets the condition": {"gate": answered(2)},
    "does not meet it": {"gate": answered(1)},
    "unanswered": {"gate": UNANSWERED},
    "don't know": {"gate": DONT_KNOW},
    "not applicable": {"gate": not_applicable()},
    "not asked itself": {"first": answered(0), "gate": answered(4)},
    "outside the track": {"gate": answered(0)},
    "unknown fact": {},
}


@pytest.mark.parametrize("row", table("Gate"), ids=lambda row: row[0])
def test_each_state_of_a_gate(row):
    state, *expected = row
    condition = Compare(Source("offices", is_fact=True), Test.IS, (True,)) if state == "unknown fact" else GATE
    before = Compare(Source("first"), Test.AT_LEAST, (Fraction(1),)) if state == "not asked itself" else None
    track = Track.FULL if state == "outside the track" else Track.CORE
    questions = [a_question("first"), a_question("gate", ask_if=before, track=track)]
    found = []
    for one in (condition, Not(condition)):
        checklist = a_checklist(a_part("a", a_theme("t", *questions, a_question("behind", ask_if=one))))
        standing = asked(checklist, GATES[state], track=Track.CORE)["behind"]
        found.append("not asked" if standing in NEVER_ASKED else "asked")
    assert found == expected


def test_every_state_of_a_gate_is_in_the_table():
    assert [row[0] for row in table("Gate")] == list(GATES)


def test_the_thresholds_on_the_page_are_those_of_the_method():
    usual = Thresholds()
    for sentence in (
        f"the coverage is under {whole_percent(usual.coverage)}",
        f"that of an objective is under {whole_percent(usual.objective_coverage)}",
        f"is wider than {points(usual.range_width)} points",
        f"An objective under {whole_percent(usual.low_objective)} is named",
        f"**more than {whole_percent(usual.set_aside)}** set aside",
    ):
        assert sentence in PROSE


@pytest.mark.parametrize("name", [Method().name, *Rule, *NotApplicablePolicy])
def test_the_page_names_every_rule_and_policy(name):
    assert f"`{name}`" in PAGE


def mark(cell: str) -> tuple[Fraction, ...]:
    return () if cell == "–" else (Fraction(cell) / 100,)


@pytest.mark.parametrize("row", table("Exact, in per cent"), ids=" ".join)
def test_each_example_of_rounding(row):
    percent, threshold, page, tabled = row
    share = Fraction(percent) / 100
    assert (whole_percent(share, *mark(threshold)), one_decimal(share, *mark(threshold))) == (page, tabled)


@pytest.mark.parametrize("row", table("Difference, in points"), ids=" ".join)
def test_each_example_of_a_difference(row):
    difference, threshold, printed = row
    assert points(Fraction(difference) / 100, *mark(threshold)) == printed
