"""Whether the figures of a report agree with each other and with what it carries. Needs nothing but the report."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from toolkit.domain.assessment import Edition
from toolkit.domain.assessment_file import attachment_data
from toolkit.domain.assessment_reading import AssessmentFile
from toolkit.domain.checklist import Checklist, Part, Rule, Thresholds, Track
from toolkit.domain.errors import Problem
from toolkit.domain.fitting import fits
from toolkit.domain.printed_figures import PrintedFigure, named_figures
from toolkit.domain.rounding import marks, one_decimal, points, whole_percent
from toolkit.domain.scoring import score_assessment
from toolkit.domain.shares import Amount
from toolkit.domain.tiers import combined

ONE = Fraction(1)


class Outcome(StrEnum):
    """What came of checking a report by itself."""

    CONSISTENT = "consistent"
    NOT_CONSISTENT = "not consistent"
    NOT_CHECKED = "not checked"  # the checklist is not at hand, or the method is another


@dataclass(frozen=True)
class Verification:
    """What was found. `recomputed` and `taken` say in words which figures were computed anew from what the report
    carries, and which this edition only lets one compare with each other.
    """

    outcome: Outcome
    file: AssessmentFile
    printed: int
    recomputed: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


ALL_FIGURES = "every score, coverage, range and other figure, from the answers"
OBJECTIVES = "the scores of objectives, from those of themes"
OVERALL = "the overall score, from those of objectives"
GAPS = "the gap, from the scores of objectives"
AS_STATED = "levels, scores, coverage and ranges of themes, coverage and ranges above them, profile and band"


def verify(file: AssessmentFile, figures: Iterable[PrintedFigure], checklist: Checklist | None) -> Verification:
    """Check the assessment file of a report, its scores and its printed figures against each other.

    `checklist` is the one that the file names, None where it is not at hand: then the printed figures are compared with
    the stated scores, and nothing is recomputed. It says nothing about who made the report, nor whether it is what was
    submitted; that only the site can tell (`/verify/<code>`).
    """
    printed = tuple(figures)
    if file.scores is None:
        problem = Problem("scores", "The attached assessment file states no scores.")
        return Verification(Outcome.NOT_CONSISTENT, file, len(printed), problems=(problem,))
    thresholds = checklist.method.thresholds if checklist else Thresholds()
    problems = [*_printed(printed, named_figures(file.scores), thresholds)]
    recomputed: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    unchecked: tuple[Problem, ...] = ()
    if checklist is None or checklist.method.name != file.method:
        unchecked = (_not_at_hand(file, checklist),)
        taken = (ALL_FIGURES,)
    elif misfits := fits(checklist, file.assessment):
        problems += misfits
    elif file.edition is Edition.PUBLIC:
        anew, recomputed = _above_themes(checklist, file.assessment.track, file.scores)
        stated = named_figures(file.scores)
        for (place, kind), exact in anew.items():
            problems += _differences(exact, stated.get((place, kind)), f"scores.{place}.{kind}")
        taken = (AS_STATED,)
    else:
        card = score_assessment(checklist, file.assessment)
        whole = attachment_data(checklist, file.assessment, file.edition, card=card)["scores"]
        problems += _differences(whole, file.scores, "scores")
        recomputed = (ALL_FIGURES,)
    outcome = Outcome.NOT_CONSISTENT if problems else Outcome.NOT_CHECKED if unchecked else Outcome.CONSISTENT
    return Verification(outcome, file, len(printed), recomputed, taken, (*problems, *unchecked))


def _not_at_hand(file: AssessmentFile, checklist: Checklist | None) -> Problem:
    name = f"{file.assessment.checklist_id} {file.assessment.checklist_version}"
    if checklist is None:
        return Problem("checklist", f"The checklist {name} is not at hand, so nothing was recomputed.")
    message = f"The report was computed by {file.method}, the checklist {name} here by {checklist.method.name}."
    return Problem("method", message)


# --- the printed figures --------------------------------------------------------------------------


def _printed(
    figures: Iterable[PrintedFigure], stated: Mapping[tuple[str, str], str], thresholds: Thresholds
) -> Iterable[Problem]:
    for figure in figures:
        path = f"printed.{figure.place}.{figure.kind}"
        exact = stated.get((figure.place, figure.kind))
        if exact is None:
            yield Problem(path, f"{figure.text} is printed, and the attached file states no such figure.")
        elif exact != figure.exact:
            yield Problem(path, f"{figure.text} is printed for {figure.exact}; the attached file states {exact}.")
        elif number_in(figure.text) not in renderings(figure.place, figure.kind, exact, thresholds):
            yield Problem(path, f"{figure.text} is printed; {exact} does not round to it.")


_COUNTS = re.compile(r"answered|asked|open|level|(questions|themes)_at_-?[0-9]+")
_DIFFERENCES = frozenset({"gap", "sensitivity_most", "sensitivity_typical"})


def renderings(place: str, kind: str, exact: str, thresholds: Thresholds) -> frozenset[str]:
    """The numbers that may be printed for an exact figure: itself for a count, else per cent or points."""
    if _COUNTS.fullmatch(kind):
        return frozenset({exact})
    share, reached = Fraction(exact), marks(thresholds, place.partition(".")[0], kind)
    texts = [whole_percent(share, *reached), one_decimal(share, *reached)]
    if kind in _DIFFERENCES:
        texts.append(points(share))
    return frozenset(map(number_in, texts))


def number_in(text: str) -> str:
    """The number in a printed figure, with a point and Western digits: "71,9 %" and "٧١٫٩" give "71.9"."""
    plain = "".join(map(_western, text))
    found = re.search(r"-?[0-9]+(\.[0-9]+)?", plain)
    return found.group() if found else ""


def _western(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return str(digit) if digit is not None else {",": ".", "٫": ".", "−": "-"}.get(character, character)


# --- recomputing ----------------------------------------------------------------------------------


def _differences(anew: Any, stated: Any, path: str) -> Iterable[Problem]:
    """Where what the file states is not what comes out."""
    if isinstance(anew, Mapping) and isinstance(stated, Mapping):
        for key in sorted({*anew, *stated}):
            yield from _differences(anew.get(key), stated.get(key), f"{path}.{key}")
    elif isinstance(anew, list) and isinstance(stated, list) and len(anew) == len(stated):
        for index, (one, other) in enumerate(zip(anew, stated, strict=True)):
            yield from _differences(one, other, f"{path}[{index}]")
    elif anew != stated:
        yield Problem(path, f"The file states {_shown(stated)}; recomputed it is {_shown(anew)}.")


def _shown(value: Any) -> str:
    if isinstance(value, Mapping) and "exact" in value:
        return str(value["exact"])
    if value is None:
        return "nothing"
    return "something else" if isinstance(value, Mapping | list) else str(value)


def _above_themes(
    checklist: Checklist, track: Track, scores: Mapping[str, Any]
) -> tuple[dict[tuple[str, str], str | None], tuple[str, ...]]:
    """What the scores of themes in a public file let one compute anew: figures by name, and what they are in words.

    A tier of sums needs the points that only the answers give; it is left out.
    """
    stated = {part["id"]: part for part in scores["parts"]}
    anew: dict[tuple[str, str], Fraction | None] = {}
    words: list[str] = []
    if checklist.method.objective is not Rule.SUM:
        words.append(OBJECTIVES)
        for part in checklist.objectives:
            anew[f"objective.{part.id}", "score"] = _objective(checklist, part, stated.get(part.id))
    shares = [_score(part) for part in scores["parts"] if part["scored"]]
    overall = checklist.method.overall
    if overall is None:
        anew["overall", "score"] = None
    elif overall is not Rule.SUM:
        words.append(OVERALL)
        complete = track is not Track.SCAN and None not in shares
        anew["overall", "score"] = _combined(overall, ((ONE, one) for one in shares)) if complete else None
    words.append(GAPS)
    scored = [share for share in shares if share is not None]
    anew["overall", "gap"] = max(scored) - min(scored) if len(scored) > 1 else None
    return {name: None if share is None else str(share) for name, share in anew.items()}, tuple(words)


def _objective(checklist: Checklist, part: Part, stated: Mapping[str, Any] | None) -> Fraction | None:
    if stated is None or stated["withheld"]:
        return None
    scores = {theme["id"]: _score(theme) for theme in stated["themes"]}
    return _combined(checklist.method.objective, ((theme.weight, scores.get(theme.id)) for theme in part.themes))


def _combined(rule: Rule, children: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    amounts = ((weight, None if share is None else Amount(share, ONE)) for weight, share in children)
    found = combined(rule, amounts)
    return None if found is None else found.share


def _score(stated: Mapping[str, Any]) -> Fraction | None:
    share = stated["figure"]["score"]
    return None if share is None else Fraction(share["exact"])
