"""The same number everywhere: one function computes it, and here it is read back from every place that shows it."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from tests.parity.cases import CASES, USED, checklist_of
from tests.parity.figures import POINTS, Key, exact_figures, layer_figures, tenths, whole
from tests.parity.surfaces import (
    from_csv,
    from_report,
    from_results,
    from_scores,
    from_xlsx,
    heads_of_parts,
    layers_from_csv,
    layers_from_results,
    layers_from_scores,
    layers_from_xlsx,
    other_rules,
)
from tests.reports.accessible import FONT_CACHE, attached
from tests.web.builders import Person, a_person, a_space, an_administrator, now
from tests.web.conftest import make_site
from toolkit.__main__ import main
from toolkit.domain.access import Role
from toolkit.domain.assessment import Assessment, Edition, SignOff, Track
from toolkit.domain.checklist import Checklist
from toolkit.domain.rounding import exact, points
from toolkit.domain.scorecard import ScoreCard
from toolkit.domain.scoring import NO_OVERALL, score_assessment
from toolkit.exports.assessment_file import assessment_file
from toolkit.reports.context import report_context
from toolkit.reports.html import render_html
from toolkit.reports.making import make_report
from toolkit.services import imports
from toolkit.storage.db import db

MADE_AT = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)
IN_TABLES = {"score", "coverage", "lowest", "highest", "set_aside", "full_score"}


@dataclass(frozen=True)
class Given:
    """One case with its card, and the exact figures that every place must show."""

    name: str
    checklist: Checklist
    assessment: Assessment
    card: ScoreCard
    figures: dict[Key, Fraction]

    def printed(self, key: Key) -> tuple[str, str]:
        """The exact text and the one with one decimal."""
        thresholds = self.checklist.method.thresholds
        return exact(self.figures[key]), tenths(key, self.figures[key], thresholds)

    @property
    def has_overall(self) -> bool:
        return self.checklist.method.overall is not None

    def whole(self, key: Key) -> str:
        return whole(key, self.figures[key], self.checklist.method.thresholds)

    def table(self) -> dict[Key, tuple[str, str]]:
        """What a table of scores holds."""
        keys = [key for key in self.figures if key[1] in IN_TABLES and not key[0].startswith("alternative.")]
        return {key: self.printed(key) for key in keys}


@pytest.fixture(scope="module", params=list(CASES))
def case(request) -> Given:
    checklist, assessment = CASES[request.param]()
    card = score_assessment(checklist, assessment)
    return Given(request.param, checklist, assessment, card, exact_figures(card))


@dataclass
class Site:
    """The site with every checklist used here, somebody who runs assessments, and what was brought in."""

    app: Flask
    lead: Person
    space: UUID
    folder: Path
    brought: dict[str, str]

    def address(self, given: Given) -> str:
        """Where the assessment of a case lies, once it has been brought in as a file."""
        if given.name not in self.brought:
            data = assessment_file(given.checklist, given.assessment, given.card, Edition.INTERNAL)
            with self.app.app_context():
                made = imports.import_assessment(data, space_id=self.space, viewer=self.lead.viewer, now=now())
            self.brought[given.name] = f"/assessments/{made}"
        return self.brought[given.name]

    @property
    def client(self) -> FlaskClient:
        return self.lead.client


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parity")
    for path in USED:
        checklist = checklist_of(path)
        (folder / "checklists" / checklist.id).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / "checklists" / checklist.id / f"{checklist.version}.yaml")
    app = make_site(folder / "data", checklists=str(folder / "checklists"))
    admin = an_administrator(app)
    space = a_space(app, admin)
    lead = a_person(app, admin, Role.FOCAL_POINT, space)
    yield Site(app, lead, space, folder / "checklists", {})
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


# --- files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", [Edition.INTERNAL, Edition.SHARED])
def test_json_files_hold_every_figure(case, site, edition):
    expected = {key: case.printed(key) for key in case.figures}
    for name in ("assessment.json", "scores.json"):
        answer = site.client.get(f"{site.address(case)}/downloads/{edition}/{name}")
        assert from_scores(json.loads(answer.data)["scores"]) == expected, name


@pytest.mark.parametrize("edition", list(Edition))
def test_tables_hold_every_score(case, site, edition):
    address = f"{site.address(case)}/downloads/{edition}"
    assert from_csv(site.client.get(f"{address}/csv").data) == case.table()
    assert from_xlsx(site.client.get(f"{address}/xlsx").data) == case.table()


def test_public_files_hold_no_other_figure(case, site):
    for name in ("assessment.json", "scores.json"):
        answer = site.client.get(f"{site.address(case)}/downloads/public/{name}")
        found = from_scores(json.loads(answer.data)["scores"])
        assert case.table().items() <= found.items(), name
        assert found.items() <= {key: case.printed(key) for key in case.figures}.items(), name


def test_command_line_says_the_same(case, site, tmp_path):
    path = tmp_path / "one.assessment.json"
    path.write_bytes(assessment_file(case.checklist, case.assessment, case.card, Edition.INTERNAL))
    arguments = ["score", str(path), "--checklists", str(site.folder)]
    data = CliRunner().invoke(main, [*arguments, "--json"])
    assert data.exit_code == 0, data.output
    assert from_scores(json.loads(data.stdout)["scores"]) == {key: case.printed(key) for key in case.figures}
    table = CliRunner().invoke(main, arguments).stdout
    titles = {f"objective.{part.id}": part.title for part in case.checklist.objectives} | {"overall": "Overall"}
    for place, title in titles.items():
        row = next(line for line in table.splitlines() if line.startswith(title + " "))
        assert row.removeprefix(title).split("   ") != []
        assert _cells(row.removeprefix(title)) == _cells(_table_row(case, place)), place


def _table_row(case: Given, place: str) -> str:
    found = {kind: case.printed((place, kind))[1] if (place, kind) in case.figures else "–" for kind in IN_TABLES}
    span = f"{found['lowest']} – {found['highest']}" if found["lowest"] != "–" else "–"
    return "   ".join((found["score"], span, found["coverage"], found["set_aside"]))


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.split("   ") if cell.strip()]


# --- the page --------------------------------------------------------------------------------------


def test_results_page_shows_the_figures(case, site):
    text = site.client.get(f"{site.address(case)}/results").text
    assert from_results(text) == on_page(case)
    heads = heads_of_parts(text)
    for part in case.card.objectives:
        key = (f"objective.{part.part}", "score")
        assert heads.get(part.part) == (
            None if part.withheld else case.whole(key) if key in case.figures else "no score"
        )
    sentences = " ".join(text.split())
    if case.card.gap:
        assert f"<b>Gap:</b> {points(case.card.gap.share)} points between" in sentences
    if case.card.evidence_share is not None:
        assert f"<b>Evidence:</b> {case.whole(('overall', 'evidence'))} of" in sentences
    if case.card.sensitivity:
        what = "the index" if case.has_overall else "the index of its objective"
        assert f"changes {what} by at most {points(case.card.sensitivity.most)} points" in sentences
    assert sentences.count(NO_OVERALL) == (
        0 if case.has_overall else 2
    )  # beside the objectives, and in its explanation


def on_page(case: Given) -> dict[Key, str]:
    """What the results page shows, of all figures: no range of one point, nothing set aside of nothing."""
    found: dict[Key, str] = {}
    for (place, kind), share in case.figures.items():
        tier = place.partition(".")[0]
        if tier not in {"overall", "objective", "theme", "section"} or kind not in IN_TABLES - {"full_score"}:
            continue
        is_point = case.figures.get((place, "lowest")) == case.figures.get((place, "highest"))
        if tier == "section" or (kind in {"lowest", "highest"} and is_point):
            continue
        if kind == "set_aside" and (tier == "theme" or share == 0):
            continue
        found[place, kind] = case.whole((place, kind))
    places = ["overall"] if case.has_overall else []
    places += [f"objective.{part.id}" for part in case.checklist.objectives]
    places += [f"theme.{theme.id}" for part, theme in case.checklist.themes() if part.scored]
    for place in places:
        found.setdefault((place, "score"), "no score")
    return found


def test_results_page_shows_the_other_rules(case, site):
    rows = other_rules(site.client.get(f"{site.address(case)}/results").text)
    first = 0 if case.has_overall else 1  # no column for an overall figure that there is not
    expected = [["overall"] + [f"objective.{part.id}" for part in case.checklist.objectives]]
    objectives = [part.id for part in case.checklist.objectives]
    for other in case.card.alternatives:
        expected.append([f"alternative.{other.id}"] * (1 + len(objectives)))
    assert len(rows) == (len(expected) if case.card.alternatives else 0)
    for row, places in zip(rows, expected, strict=False):
        kinds = ["score"] + (objectives if places[0].startswith("alternative") else ["score"] * len(objectives))
        keys = list(zip(places, kinds, strict=True))
        assert row[1:-1] == [case.whole(key) if key in case.figures else "no score" for key in keys[first:]]


# --- layers, which have counts and levels and no figure ---------------------------------------------


def test_every_place_shows_the_profile_of_unscored_layers(case, site):
    expected = layer_figures(case.card)
    address = site.address(case)
    ids = {layer.title: layer.id for layer in case.checklist.layers}
    said = {key: text for key, text in expected.items() if key[1] == "level" or text != "0"}
    for edition in Edition:
        for name in ("assessment.json", "scores.json"):
            data = json.loads(site.client.get(f"{address}/downloads/{edition}/{name}").data)
            assert layers_from_scores(data["scores"]) == expected
        csv = layers_from_csv(site.client.get(f"{address}/downloads/{edition}/csv").data, ids)
        xlsx = layers_from_xlsx(site.client.get(f"{address}/downloads/{edition}/xlsx").data, ids)
        assert {key: text for key, text in csv.items() if text != "0" or key[1] == "level"} == said
        assert xlsx == csv
        context = report_context(
            case.checklist, case.assessment, case.card, edition=edition, language="en", made_at=MADE_AT
        )
        printed = {key: text for key, text in from_report(render_html(context)) if key[0].startswith("layer.")}
        assert printed == expected


def test_results_page_shows_the_profile_of_unscored_layers(case, site):
    titles = {layer.id: layer.title for layer in case.checklist.unscored_layers}
    text = site.client.get(f"{site.address(case)}/results").text
    found = layers_from_results(text, titles)
    assert set(found) == set(titles)
    for layer in case.card.layers:
        for part in layer.parts:
            title = next(one.title for one in case.checklist.parts if one.id == part.part)
            said = [f"{count.label}: {count.questions}" for count in part.profile if count.questions]
            said += [f"Open or set aside: {part.open}"] if part.open else []
            assert found[layer.layer].get(title, "") == " · ".join(said)
            labels = {count.level: f"{count.level} {count.label}" for count in part.profile}
            for theme in part.themes:
                name = case.checklist.theme(theme.theme).title
                assert found[layer.layer][name] == labels.get(theme.level, "none")


# --- the report ------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", list(Edition))
def test_report_prints_no_other_figure(case, edition):
    context = report_context(
        case.checklist, case.assessment, case.card, edition=edition, language="en", made_at=MADE_AT
    )
    printed = from_report(render_html(context))
    seen = set()
    for key, text in printed:
        if key not in case.figures:
            assert text.isdecimal(), (key, text)  # a count: of levels, of questions
            continue
        seen.add(key)
        forms = {points(case.figures[key])} if key[1] in POINTS else {case.printed(key)[1], case.whole(key)}
        assert text in forms, key
    shown = {key for key in case.figures if not key[0].startswith("section.")}
    if edition is Edition.PUBLIC:
        shown = {key for key in shown if not key[0].startswith("alternative.") and "sensitivity" not in key[1]}
    assert seen >= shown
    assert {(key, text) for key, text in printed} == {((one.place, one.kind), one.text) for one in context.figures}


def test_pdf_says_the_same_in_its_text_and_in_what_it_carries(case, tmp_path):
    pdf = make_report(
        case.checklist,
        case.assessment,
        case.card,
        edition=Edition.INTERNAL,
        language="en",
        made_at=MADE_AT,
        cache_folder=FONT_CACHE,
    )
    files = attached(pdf)
    assert from_scores(json.loads(files["assessment.json"])["scores"]) == {k: case.printed(k) for k in case.figures}
    for one in json.loads(files["figures.json"])["figures"]:
        key = (one["place"], one["kind"])
        if key in case.figures:
            assert one["exact"] == exact(case.figures[key])
    (tmp_path / "report.pdf").write_bytes(pdf)
    read = subprocess.run(
        ["pdftotext", "-raw", str(tmp_path / "report.pdf"), "-"], capture_output=True, check=True, text=True
    )
    text = " ".join(read.stdout.split())
    for place, title in printed_rows(case):
        assert row_of_annex(case, place, title) in text, place


def printed_rows(case: Given) -> list[tuple[str, str]]:
    rows = [("overall", "Overall" if case.has_overall else "The whole")]
    for part in case.checklist.objectives:
        rows += [(f"theme.{theme.id}", theme.title) for theme in part.themes]
        rows.append((f"objective.{part.id}", part.title))
    return rows


def row_of_annex(case: Given, place: str, title: str) -> str:
    """A line of the annex "Every figure", as it stands in the text of the PDF."""
    found = {kind: case.printed((place, kind))[1] if (place, kind) in case.figures else "–" for kind in IN_TABLES}
    before = [title]
    if place.startswith("theme."):
        score = case.card.theme(place.removeprefix("theme."))
        before += [exact(score.weight), "–" if score.level is None else str(score.level)]
    elif place.startswith("objective."):
        before += ["–"]
    if place == "overall" and not case.has_overall:
        return " ".join([title, found["coverage"], found["set_aside"]])
    full = case.assessment.track is Track.FULL and place != "overall" and any_full(case, place)
    return " ".join(
        [*before, found["score"], *([found["full_score"]] if full else [])]
        + [found[kind] for kind in ("lowest", "highest", "coverage", "set_aside")]
    )


def any_full(case: Given, place: str) -> bool:
    """Whether the table of that part has a column for all ratings."""
    for part in case.card.parts:
        names = {f"objective.{part.part}", *(f"theme.{theme.theme}" for theme in part.themes)}
        if place in names:
            return any(theme.full_share is not None for theme in part.themes)
    return False


# --- what must print as it must --------------------------------------------------------------------


def test_odd_figures_print_as_they_should():
    checklist, assessment = CASES["odd"]()
    card = score_assessment(checklist, assessment)
    figures, thresholds = exact_figures(card), checklist.method.thresholds
    both = {
        key: (tenths(key, figures[key], thresholds), whole(key, figures[key], thresholds))
        for key in figures
        if key[1] == "score"
    }
    assert both["objective.under_eighty", "score"] == ("80.0", "80 %")  # 79.96; a score has no threshold at 80
    assert both["objective.under_all", "score"] == ("99.9", "99 %")  # 99.96
    assert both["objective.under_low", "score"] == ("24.9", "24 %")  # 24.96 with a threshold of 25
    assert both["theme.half", "score"] == ("12.5", "13 %")
    assert both["theme.third", "score"] == ("33.3", "33 %")
    assert both["theme.tenth", "score"] == ("16.7", "17 %")  # 16.65


def test_coverage_just_under_a_threshold_prints_as_under_it():
    checklist, assessment = CASES["odd-coverage"]()
    card = score_assessment(checklist, assessment)
    figures, thresholds = exact_figures(card), checklist.method.thresholds
    for place, share, one, other in (
        ("overall", Fraction(7996, 10_000), "79.9", "79 %"),
        ("objective.under_sixty", Fraction(5996, 10_000), "59.9", "59 %"),
        ("theme.sixty", Fraction(5996, 10_000), "60.0", "60 %"),  # themes have no threshold
    ):
        key = (place, "coverage")
        assert figures[key] == share
        assert (tenths(key, share, thresholds), whole(key, share, thresholds)) == (one, other)
    assert {reason.part for reason in card.provisional} >= {None, "under_sixty", "balance"}


def test_submitted_figures_stay_the_same(site):
    checklist, assessment = CASES["global-complete"]()
    assessment = replace(assessment, sign_off=SignOff.NONE)
    card = score_assessment(checklist, assessment)
    given = Given("to be submitted", checklist, assessment, card, exact_figures(card))
    address = site.address(given)
    done = site.client.post(f"{address}/submit", data={"sure": "y", "provisional_reason": "As it stands."})
    assert done.status_code == 302, done.text
    text = site.client.get(f"{address}/results").text
    assert "Submitted no. 1" in text
    assert from_results(text) == on_page(given)
    for edition in Edition:
        assert from_xlsx(site.client.get(f"{address}/downloads/{edition}/xlsx").data) == given.table()
    data = json.loads(site.client.get(f"{address}/downloads/internal/scores.json").data)
    assert from_scores(data["scores"]) == {key: given.printed(key) for key in given.figures}
