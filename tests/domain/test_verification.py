"""Whether a report agrees with itself: the printed figures, the stated scores and the attached answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.builders import DONT_KNOW, a_checklist, a_part, a_question, a_theme, an_assessment, answered, not_applicable
from toolkit.domain.assessment import Edition
from toolkit.domain.assessment_file import attachment_data, canonical_bytes
from toolkit.domain.assessment_reading import read_file
from toolkit.domain.checklist import Method, Rule, Thresholds, Track
from toolkit.domain.errors import InvalidInput
from toolkit.domain.printed_figures import PrintedFigure, figures_bytes, named_figures, read_figures
from toolkit.domain.scoring import score_assessment
from toolkit.domain.verification import Outcome, number_in, renderings, verify

CHECKLIST = a_checklist(
    a_part(
        "employment",
        a_theme("jobs", a_question("one"), a_question("two"), weight=3),
        a_theme("youth", a_question("three")),
    ),
    a_part("rights", a_theme("unions", a_question("four"))),
    a_part("arrangements", a_theme("leaders", a_question("lead")), scored=False),
)
ANSWERS = {
    "one": answered(1),
    "two": answered(2, comment="Between us."),
    "three": answered(4),
    "four": answered(3),
    "lead": not_applicable(),
}
ASSESSMENT = an_assessment(CHECKLIST, ANSWERS)


def attached(edition: Edition, change: Callable[[Any], None] = id, checklist=CHECKLIST, given=ASSESSMENT):
    """The attachment of a report as it is read back, after somebody had their hands on it."""
    data = attachment_data(checklist, given, edition, card=score_assessment(checklist, given))
    data = json.loads(canonical_bytes(data))
    change(data)
    return read_file(canonical_bytes(data))


def printed(file, **changes: str) -> list[PrintedFigure]:
    """Every figure of a file as a report might print it."""
    return [
        PrintedFigure(place, kind, changes.get(f"{place}.{kind}", _as_printed(place, kind, exact)), exact)
        for (place, kind), exact in named_figures(file.scores).items()
    ]


def _as_printed(place: str, kind: str, exact: str) -> str:
    return max(renderings(place, kind, exact, Thresholds()))


@pytest.mark.parametrize("edition", list(Edition))
def test_a_report_as_it_was_made_is_consistent(edition):
    file = attached(edition)
    found = verify(file, printed(file), CHECKLIST)
    assert found.problems == ()
    assert found.outcome is Outcome.CONSISTENT
    assert found.printed == len(named_figures(file.scores)) > 20
    assert found.recomputed
    assert bool(found.taken) == (edition is Edition.PUBLIC)


# --- forged ---------------------------------------------------------------------------------------


def _set(*path: Any, to: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = to

    return change


BETTER = {"exact": "9/10", "percent": "90.0"}


@pytest.mark.parametrize("edition", list(Edition))
@pytest.mark.parametrize(
    "path",
    [
        ("scores", "overall", "score"),
        ("scores", "parts", 0, "figure", "score"),
        ("scores", "parts", 0, "themes", 0, "figure", "score"),
        ("scores", "gap", "share"),
    ],
)
def test_a_score_raised_in_the_attachment_is_found_in_every_edition(edition, path):
    file = attached(edition, _set(*path, to=BETTER))
    found = verify(file, printed(file), CHECKLIST)
    assert found.outcome is Outcome.NOT_CONSISTENT
    assert found.problems


@pytest.mark.parametrize("edition", [Edition.INTERNAL, Edition.SHARED])
@pytest.mark.parametrize(
    "change",
    [
        _set("answers", "one", "value", to=4),
        _set("answers", "lead", "state", to="dont_know"),
        _set("scores", "overall", "coverage", to={"exact": "3/4", "percent": "75.0"}),
        _set("scores", "evidence", "percent", to="99.9"),
        _set("scores", "parts", 0, "profile", 0, "questions", to=7),
        _set("scores", "parts", 1, "themes", to=[]),
        _set("scores", "provisional", to=[]),
        _set("scope", to={"youth": {"mandate": "outside", "reason": "Not ours."}}),
    ],
)
def test_with_the_answers_every_figure_is_recomputed(edition, change):
    given = replace(ASSESSMENT, answers=ANSWERS | {"four": DONT_KNOW})
    file = attached(edition, change, given=given)
    assert verify(file, printed(file), CHECKLIST).outcome is Outcome.NOT_CONSISTENT


def test_the_difference_is_named_with_its_place():
    file = attached(Edition.SHARED, _set("scores", "overall", "score", "exact", to="9/10"))
    found = verify(file, [], CHECKLIST)
    assert [(problem.path, problem.message) for problem in found.problems] == [
        ("scores.overall.score.exact", "The file states 9/10; recomputed it is 41/64.")
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [("65 %", "does not round to it"), ("64.2", "does not round to it"), ("none", "does not round to it")],
)
def test_a_printed_figure_that_its_fraction_does_not_give_is_found(text, said):
    file = attached(Edition.PUBLIC)
    found = verify(file, printed(file, **{"overall.score": text}), CHECKLIST)
    assert [problem.path for problem in found.problems] == ["printed.overall.score"]
    assert said in found.problems[0].message


def test_a_printed_figure_of_another_fraction_than_the_attached_one_is_found():
    file = attached(Edition.PUBLIC)
    found = verify(file, [PrintedFigure("overall", "score", "90 %", "9/10")], CHECKLIST)
    assert "the attached file states 41/64" in found.problems[0].message


@pytest.mark.parametrize(("place", "kind"), [("theme.seas", "score"), ("overall", "shine"), ("", "score")])
def test_a_printed_figure_that_the_file_does_not_know_is_found(place, kind):
    found = verify(attached(Edition.PUBLIC), [PrintedFigure(place, kind, "90 %", "9/10")], CHECKLIST)
    assert "states no such figure" in found.problems[0].message


def test_a_file_that_states_no_scores_is_not_consistent():
    found = verify(attached(Edition.INTERNAL, _set("scores", to=None)), [], CHECKLIST)
    assert found.outcome is Outcome.NOT_CONSISTENT


# --- what cannot be checked -----------------------------------------------------------------------


def test_without_the_checklist_nothing_is_called_consistent():
    file = attached(Edition.INTERNAL)
    found = verify(file, printed(file), None)
    assert (found.outcome, found.recomputed) == (Outcome.NOT_CHECKED, ())
    assert "not at hand" in found.problems[0].message


def test_without_the_checklist_a_wrong_print_is_still_found():
    file = attached(Edition.INTERNAL)
    found = verify(file, printed(file, **{"overall.score": "90 %"}), None)
    assert found.outcome is Outcome.NOT_CONSISTENT


def test_another_method_is_not_recomputed():
    other = replace(CHECKLIST, method=Method(name="index/2"))
    assert verify(attached(Edition.INTERNAL), [], other).outcome is Outcome.NOT_CHECKED


def test_a_checklist_of_another_content_is_not_consistent():
    other = replace(CHECKLIST, digest="f" * 64)
    found = verify(attached(Edition.SHARED), [], other)
    assert [problem.path for problem in found.problems] == ["checklist.digest"]


@pytest.mark.parametrize("track", list(Track))
@pytest.mark.parametrize("rule", list(Rule))
def test_a_public_report_is_recomputed_by_its_own_rule_and_track(rule, track):
    checklist = replace(CHECKLIST, method=Method(objective=rule, overall=rule))
    given = replace(an_assessment(checklist, ANSWERS), track=track)
    file = attached(Edition.PUBLIC, checklist=checklist, given=given)
    found = verify(file, printed(file), checklist)
    assert (found.outcome, found.problems) == (Outcome.CONSISTENT, ())
    assert len(found.recomputed) == (1 if rule is Rule.SUM else 3)


def test_a_public_report_with_a_withheld_objective_is_consistent():
    given = an_assessment(CHECKLIST, ANSWERS | {"one": not_applicable(), "two": not_applicable()})
    file = attached(Edition.PUBLIC, given=given)
    assert any(part["withheld"] for part in file.scores["parts"])
    found = verify(file, printed(file), CHECKLIST)
    assert (found.outcome, found.problems) == (Outcome.CONSISTENT, ())


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("72 %", "72"),
        ("72\u202f%", "72"),
        ("71.9", "71.9"),
        ("71,9\u00a0%", "71.9"),
        ("٧١٫٩٪", "71.9"),
        ("%72", "72"),
        ("−3,5", "-3.5"),
        ("25 points", "25"),
        ("²", ""),
        ("–", ""),
    ],
)
def test_the_number_in_a_printed_figure_is_read_in_any_writing(text, number):
    assert number_in(text) == number


def test_a_share_may_be_printed_whole_or_with_one_decimal():
    assert renderings("overall", "score", "23/32", Thresholds()) == {"72", "71.9"}


def test_a_figure_under_its_threshold_must_not_be_printed_as_it():
    assert renderings("overall", "coverage", "1999/2500", Thresholds()) == {"79", "79.9"}
    assert renderings("theme.jobs", "score", "1999/2500", Thresholds()) == {"80", "80.0"}
    assert renderings("objective.rights", "score", "2499/10000", Thresholds()) == {"24", "24.9"}
    assert renderings("overall", "gap", "3/40", Thresholds()) == {"8", "7.5"}


def test_a_count_is_printed_as_it_is():
    assert renderings("theme.jobs", "questions_at_3", "7", Thresholds()) == {"7"}


# --- the list of printed figures ------------------------------------------------------------------


def test_the_list_comes_back_as_it_was_written():
    figures = (PrintedFigure("overall", "score", "72 %", "23/32"), PrintedFigure("theme.jobs", "level", "3", "3"))
    assert read_figures(figures_bytes(figures)) == figures


def test_a_list_of_another_form_is_refused_with_every_problem():
    data = json.dumps({"format": "decent-work-figures/1", "figures": [{"place": "overall"}, 7], "x": 1}).encode()
    with pytest.raises(InvalidInput) as caught:
        read_figures(data)
    assert {problem.path for problem in caught.value.problems} == {
        "figures[0].kind",
        "figures[0].text",
        "figures[0].exact",
        "figures[1]",
        "x",
    }


def test_every_share_and_count_of_the_scores_has_a_name():
    """Nothing can be printed that verification would have to wave through."""
    file = attached(Edition.INTERNAL)
    found = [pair for pair in _leaves(file.scores) if pair is not None]
    assert sorted(named_figures(file.scores).values()) == sorted(found)


def _leaves(value: Any, key: str = "") -> list[str | None]:
    named_otherwise = {"weight", "provisional"}
    if key in named_otherwise:
        return []
    if isinstance(value, dict):
        if "exact" in value:
            return [value["exact"]]
        inside = [(name, child) for name, child in value.items() if not (name == "level" and "label" in value)]
        return [leaf for name, child in inside for leaf in _leaves(child, name)]
    if isinstance(value, list):
        return [leaf for child in value for leaf in _leaves(child)]
    return [str(value)] if isinstance(value, int) and not isinstance(value, bool) else []
