"""The tiny definitions, scored, against totals worked by hand (the working stands beside each)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.builders import DONT_KNOW, answered, not_applicable
from toolkit.domain.answers import Answer
from toolkit.domain.checklist import Track
from toolkit.domain.routing import NEVER_ASKED, asked
from toolkit.domain.scoring import score
from toolkit.storage.definitions import load_checklist

DEFINITIONS = Path(__file__).parent.parent / "definitions"
NA = not_applicable()


def given(**values: Any) -> dict[str, Answer]:
    return {name: value if isinstance(value, Answer) else answered(value) for name, value in values.items()}


def card(definition: str, **values: Any):
    return score(load_checklist(DEFINITIONS / f"{definition}.yaml"), given(**values), track=Track.CORE)


TWO_PARTS = {"youth_plan": 2, "youth_money": 3, "safety_plan": 4, "safety_money": 1}


def test_means_on_every_tier():
    found = card("mean", jobs_plan=4, jobs_money=0, **TWO_PARTS)
    assert found.theme("jobs").figure.share == Fraction(3, 4)  # (3 x 1 + 1 x 0) / 4
    assert found.theme("youth").figure.share == Fraction(2, 3)  # (1/2 x 1/2 + 1 x 3/4) / (3/2)
    assert found.objective("employment").share == Fraction(13, 18)  # (2 x 3/4 + 1 x 2/3) / 3
    assert found.objective("protection").share == Fraction(5, 8)  # (1 + 1/4) / 2
    assert found.overall.share == Fraction(97, 144)  # (13/18 + 5/8) / 2


def test_sums_on_every_tier():
    found = card("sum", jobs_plan=4, jobs_money=0, **TWO_PARTS)
    assert found.theme("jobs").figure.share == Fraction(3, 4)  # 12 of 16
    assert found.theme("youth").figure.share == Fraction(2, 3)  # 1/2 x 2 + 3 = 4, of 6
    assert found.objective("employment").share == Fraction(14, 19)  # 2 x 12 + 4 = 28, of 2 x 16 + 6 = 38
    assert found.overall.share == Fraction(33, 46)  # 28 + 5, of 38 + 8


def test_the_lowest_child_on_every_tier_and_weight_zero_is_no_child():
    found = card("min", jobs_plan=4, jobs_money=2, youth_plan=3, youth_money=0, safety_plan=4, safety_money=3)
    assert found.theme("youth").figure.share == Fraction(3, 4)
    assert found.objective("employment").share == Fraction(1, 2)
    assert found.objective("protection").share == Fraction(3, 4)
    assert found.overall.share == Fraction(1, 2)


@pytest.mark.parametrize(
    ("definition", "jobs", "overall"),
    [
        ("mean", Fraction(1, 2), Fraction(85, 144)),  # left out: 1/2; (2 x 1/2 + 2/3) / 3 = 5/9; (5/9 + 5/8) / 2
        ("lowest", Fraction(3, 8), Fraction(79, 144)),  # (3 x 1/2 + 0) / 4; 17/36; (17/36 + 5/8) / 2
        ("highest", Fraction(5, 8), Fraction(91, 144)),  # (3 x 1/2 + 1) / 4; 23/36; (23/36 + 5/8) / 2
    ],
)
def test_each_policy_for_what_is_not_applicable(definition, jobs, overall):
    found = card(definition, jobs_plan=2, jobs_money=NA, **TWO_PARTS)
    assert (found.theme("jobs").figure.share, found.overall.share) == (jobs, overall)


def test_a_floor_above_zero_is_not_subtracted():
    assert card("floor", freedom_law=1, freedom_use=0).overall.share == Fraction(3, 20)  # (1/4 + 1/20) / 2
    assert card("floor", freedom_law=2, freedom_use=0).overall.share == Fraction(11, 40)  # (2/4 + 1/20) / 2
    assert card("floor", freedom_law=4, freedom_use=1).overall.share == Fraction(9, 10)  # (1 + 8/10) / 2


def test_weight_zero_is_shown_and_never_counts():
    found = card("weight_zero", talks_held=3, talks_liked=0, papers_read=0)
    assert found.overall.share == Fraction(3, 4)
    assert found.theme("papers").figure.share == 0


# Every gate with the answers or facts that open it, those that close it, and those that leave it open.
GATES: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    ("by_level", {"level": 2}, {}, True),
    ("by_level", {"level": 1}, {}, False),
    ("by_level", {"level": DONT_KNOW}, {}, True),
    ("by_level", {"level": NA}, {}, False),
    ("by_level", {}, {}, True),
    ("by_low_level", {"level": 2}, {}, True),
    ("by_low_level", {"level": 3}, {}, False),
    ("by_one_level", {"level": 3}, {}, True),
    ("by_one_level", {"level": 2}, {}, False),
    ("by_levels", {"level": 1}, {}, True),
    ("by_levels", {"level": 2}, {}, False),
    ("by_yes", {"asked": True}, {}, True),
    ("by_yes", {"asked": False}, {}, False),
    ("by_no_yes", {"asked": False}, {}, True),
    ("by_no_yes", {"asked": True}, {}, False),
    ("by_form", {"form": "paper"}, {}, True),
    ("by_form", {"form": "web"}, {}, False),
    ("by_forms", {"forms": ("paper", "web")}, {}, True),
    ("by_forms", {"forms": ("paper",)}, {}, False),
    ("by_count", {"count": Decimal("1.5")}, {}, True),
    ("by_count", {"count": Decimal("1.4")}, {}, False),
    ("by_fact", {}, {"has_offices": True}, True),
    ("by_fact", {}, {"has_offices": False}, False),
    ("by_fact", {}, {}, True),
    ("by_size", {}, {"size": "large"}, True),
    ("by_size", {}, {"size": "small"}, False),
    ("by_staff", {}, {"staff": Decimal(99)}, True),
    ("by_staff", {}, {"staff": Decimal(100)}, False),
    ("by_all", {"level": 1}, {"size": "large", "has_offices": False}, True),
    ("by_all", {"level": 1}, {"size": "small", "has_offices": False}, False),
    ("by_all", {"level": 0}, {"size": "large"}, False),
    ("by_not", {"asked": False}, {}, True),
    ("by_not", {"asked": True}, {}, False),
    ("by_chain", {"level": 2, "by_level": 1}, {}, True),
    ("by_chain", {"level": 2, "by_level": 0}, {}, False),
    ("by_chain", {"level": 0, "by_level": 4}, {}, False),  # its gate is itself not asked
]


@pytest.mark.parametrize(("question", "answers", "facts", "is_asked"), GATES)
def test_a_gate_opens_closes_and_stays_open(question, answers, facts, is_asked):
    checklist = load_checklist(DEFINITIONS / "gates.yaml")
    standings = asked(checklist, given(**answers), track=Track.FULL, facts=facts)
    assert (standings[question] not in NEVER_ASKED) is is_asked
