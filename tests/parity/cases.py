"""The assessments whose figures are compared: examples, every rule, and those that are hard to print."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tests.builders import DONT_KNOW, an_assessment, answered, not_applicable
from toolkit.domain.answers import Answer, Evidence
from toolkit.domain.assessment import Assessment, Mandate, ThemeScope
from toolkit.domain.assessment_reading import read_assessment
from toolkit.domain.checklist import Checklist, Kind, Question, Track
from toolkit.storage.definitions import load_checklist

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.assessment.json"))
DEFINITIONS = ROOT / "tests" / "definitions"
GLOBAL = ROOT / "checklists" / "global" / "2.0.0.yaml"
ODD = Path(__file__).parent / "definitions" / "odd.yaml"
USED = (*sorted(DEFINITIONS.glob("*.yaml")), GLOBAL, ODD)

Case = tuple[Checklist, Assessment]


@cache
def checklist_of(path: Path) -> Checklist:
    return load_checklist(path)


def some_answer(question: Question, number: int) -> Answer | None:
    """An answer of its kind; every seventh is unknown, every ninth does not apply, every eleventh is missing."""
    if number % 7 == 5:
        return DONT_KNOW
    if number % 9 == 7:
        return not_applicable()
    if number % 11 == 10:
        return None
    if question.kind is Kind.RATING:
        assert question.scale
        evidence = (Evidence("Annual report", "https://example.org/report"),) if number % 3 == 0 else ()
        return answered(question.scale.levels[(number + 2) % len(question.scale.levels)].value, evidence=evidence)
    if question.kind is Kind.CHOICE:
        return answered(question.options[0].id)
    if question.kind is Kind.CHOICES:
        return answered((question.options[0].id,))
    if question.kind is Kind.TABLE:
        return answered((tuple("12" for _ in question.columns),))
    values: dict[Kind, Any] = {Kind.YES_NO: True, Kind.NUMBER: Decimal(12), Kind.TEXT: "More of it."}
    return answered(values[question.kind])


def patterned(path: Path, track: Track = Track.CORE) -> Case:
    """An answer of nearly every state to a definition."""
    checklist = checklist_of(path)
    found = {q.id: some_answer(q, number) for number, (_, _, q) in enumerate(checklist.questions(), 1)}
    answers = {name: answer for name, answer in found.items() if answer is not None}
    return checklist, an_assessment(checklist, answers, track=track)


def rated(path: Path, answers: dict[str, int | Answer], **given: Any) -> Case:
    """Levels by question."""
    made = {name: one if isinstance(one, Answer) else answered(one) for name, one in answers.items()}
    checklist = checklist_of(path)
    return checklist, an_assessment(checklist, made, **given)


def example(path: Path) -> Case:
    assessment = read_assessment(path.read_bytes())
    return checklist_of(GLOBAL), assessment


def odd(**instead: Answer) -> Case:
    """The most of each theme at the highest level, the rest at the lowest."""
    names = [question.id for _, _, question in checklist_of(ODD).questions() if question.is_rating]
    return rated(ODD, {name: 4 if name.endswith("_most") else 0 for name in names} | instead)


def withheld() -> Case:
    """One objective set aside altogether, by two questions that do not apply."""
    answers = {"jobs_plan": 3, "jobs_money": 2, "youth_plan": 4, "youth_money": 0}
    aside = {"safety_plan": not_applicable(), "safety_money": not_applicable()}
    return rated(DEFINITIONS / "mean.yaml", {**answers, **aside})


def outside() -> Case:
    """A theme outside the mandate, another that touches it."""
    scope = {"youth": ThemeScope(Mandate.OUTSIDE, "Not ours."), "jobs": ThemeScope(Mandate.TOUCHES, "A little.")}
    return rated(DEFINITIONS / "mean.yaml", {"jobs_plan": 3, "jobs_money": 2, "safety_plan": 1}, scope=scope)


def _rules() -> dict[str, Callable[[], Case]]:
    return {path.stem: (lambda path=path: patterned(path)) for path in sorted(DEFINITIONS.glob("*.yaml"))}


CASES: dict[str, Callable[[], Case]] = {
    **{path.name.partition(".")[0]: (lambda path=path: example(path)) for path in EXAMPLES},
    **_rules(),
    "layers-full-track": lambda: patterned(DEFINITIONS / "layers.yaml", Track.FULL),
    "layers-scan": lambda: patterned(DEFINITIONS / "layers.yaml", Track.SCAN),
    "mean-full-track": lambda: patterned(DEFINITIONS / "mean.yaml", Track.FULL),
    "mean-scan": lambda: patterned(DEFINITIONS / "mean.yaml", Track.SCAN),
    "global-patterned": lambda: patterned(GLOBAL),
    "empty": lambda: rated(GLOBAL, {}),
    "withheld": withheld,
    "outside": outside,
    "odd": odd,
    "odd-coverage": lambda: odd(sixty_rest=DONT_KNOW, balanced_rest=DONT_KNOW),
    "odd-open": lambda: odd(eighty_rest=DONT_KNOW, everything_rest=DONT_KNOW, half_most=DONT_KNOW),
}
