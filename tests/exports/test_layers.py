"""Every file holds the profile of an unscored layer and makes no figure of it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.builders import an_assessment, answered
from tests.domain.test_layers import ANSWERS, LAYERS
from tests.domain.test_no_overall import ANSWERS as OTHER_ANSWERS
from tests.domain.test_no_overall import CHECKLIST as NO_OVERALL_CHECKLIST
from toolkit.cli.score_table import score_table
from toolkit.domain.assessment import Edition
from toolkit.domain.scoring import NO_OVERALL, score_assessment
from toolkit.exports.csv_answers import csv_answers
from toolkit.exports.score_json import score_data, score_json
from toolkit.exports.tables import tables
from toolkit.exports.xlsx_answers import xlsx_answers
from toolkit.storage.definitions import load_checklist

ASSESSMENT = an_assessment(LAYERS, ANSWERS, facts={"has_port": False})
CARD = score_assessment(LAYERS, ASSESSMENT)
NATIONAL = "National policies and outcomes"


def made(write, edition: Edition = Edition.INTERNAL) -> Any:
    return write(LAYERS, ASSESSMENT, CARD, edition)


def csv_rows(edition: Edition = Edition.INTERNAL) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made(csv_answers, edition).decode("utf-8-sig"), newline="")))


def book(edition: Edition = Edition.INTERNAL):
    return openpyxl.load_workbook(io.BytesIO(made(xlsx_answers, edition)))


def rows(sheet) -> list[dict[str, Any]]:
    head, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


@pytest.mark.parametrize("edition", Edition)
def test_csv_has_a_row_for_each_part_and_theme_of_the_layer(edition):
    found = [row for row in csv_rows(edition) if row["tier"].startswith("layer")]
    assert [(row["tier"], row["id"], row["level"]) for row in found] == [
        ("layer", "employment", ""),
        ("layer_theme", "youth", "1"),
        ("layer_theme", "skills", ""),
        ("layer", "rights", ""),
        ("layer_theme", "safety", ""),
    ]
    assert {row["layer"] for row in found} == {NATIONAL}
    assert found[0]["note"] == "1 – Adopted: 1 question, 1 theme; 3 – Known and used: 1 question; open: 1 question"
    assert found[3]["note"] == "Nothing of it was asked or answered."
    figures = [value for row in found for name, value in row.items() if name.endswith(("_percent", "_exact"))]
    assert set(figures) == {""}


def test_csv_says_of_each_question_which_layer_it_belongs_to_and_gives_no_share_of_another():
    found = {row["id"]: row for row in csv_rows() if row["tier"] == "question"}
    assert (found["youth_policy"]["layer"], found["youth_policy"]["answer"]) == (NATIONAL, "3 – Known and used")
    assert (found["youth_policy"]["score_percent"], found["youth_plan"]["score_percent"]) == ("", "75.0")
    assert (found["youth_policy"]["weight"], found["youth_policy"]["standing"]) == ("0", "Shown, not scored")
    assert (found["youth_plan"]["layer"], found["improve_youth"]["layer"]) == ("Joint work", "")


def test_the_workbook_has_a_sheet_of_its_own_for_it():
    assert book().sheetnames == ["Summary", "Scores", "Layers", "Answers", "Improvements"]
    assert book(Edition.PUBLIC).sheetnames == ["Summary", "Scores", "Layers"]
    found = rows(book()["Layers"])
    assert [(row["Theme"], row["Level"], row["Level in words"]) for row in found if row["Theme"]] == [
        ("Young people", 1, "Adopted"),
        ("Skills", None, None),
        ("Safety", None, None),
    ]
    assert {row["Layer"] for row in found} == {NATIONAL}
    answers = {row["Id"]: row for row in rows(book()["Answers"])}
    assert (answers["youth_policy"]["Layer"], answers["youth_policy"]["Share (%)"]) == (NATIONAL, None)


def test_the_summary_counts_it_apart():
    lines = [(row[0], row[1] or "") for row in book()["Summary"].iter_rows(values_only=True)]
    start = lines.index((f"{NATIONAL}: Employment", ""))
    assert lines[start + 1 : start + 6] == [
        ("0 – Nothing found", "0 themes, 0 questions"),
        ("1 – Adopted", "1 theme, 1 question"),
        ("2 – Carried out", "0 themes, 0 questions"),
        ("3 – Known and used", "0 themes, 1 question"),
        ("Open", "1 question"),
    ]


def test_json_names_layers_and_the_layer_of_each_question():
    found = json.loads(made(score_json))["scores"]
    (layer,) = found["layers"]
    assert (layer["title"], layer["parts"][0]["title"]) == (NATIONAL, "Employment")
    assert layer["parts"][0]["themes"][0] == {"id": "youth", "title": "Young people", "level": 1}
    questions = {one["id"]: one for part in found["parts"] for theme in part["themes"] for one in theme["questions"]}
    assert (questions["youth_policy"]["layer"], questions["youth_plan"]["layer"]) == ("national", "joint")
    assert questions["youth_policy"]["share"] is None
    assert "layer" not in questions["improve_youth"]


def test_the_terminal_shows_it_below_the_figures():
    lines = score_table(made(tables)).splitlines()
    start = lines.index(f"{NATIONAL}: a profile, never combined with the figures above.")
    assert lines[start + 1].startswith("  Employment: 1 – Adopted: 1 question, 1 theme;")
    assert len(lines) == start + 3


def test_a_checklist_without_layers_has_none_of_it():
    mean = load_checklist(Path(__file__).parents[1] / "definitions" / "mean.yaml")
    assessment = an_assessment(mean, {"jobs_plan": answered(3)})
    given = (mean, assessment, score_assessment(mean, assessment), Edition.INTERNAL)
    assert b",layer," not in csv_answers(*given)
    assert "layer" not in json.dumps(score_data(*given))
    assert "Layers" not in openpyxl.load_workbook(io.BytesIO(xlsx_answers(*given))).sheetnames


class TestNoOverall:
    """Files say why there is no overall figure."""

    assessment = an_assessment(NO_OVERALL_CHECKLIST, OTHER_ANSWERS)
    given = (NO_OVERALL_CHECKLIST, assessment, score_assessment(NO_OVERALL_CHECKLIST, assessment), Edition.INTERNAL)

    def test_csv(self):
        first = next(csv.DictReader(io.StringIO(csv_answers(*self.given).decode("utf-8-sig"), newline="")))
        assert (first["tier"], first["score_percent"], first["note"]) == ("overall", "", NO_OVERALL)

    def test_workbook(self):
        book = openpyxl.load_workbook(io.BytesIO(xlsx_answers(*self.given)))
        assert rows(book["Scores"])[0]["Note"] == NO_OVERALL
        lines = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True)}
        assert lines["Overall score"] == NO_OVERALL
        assert "If the open questions went worst" not in lines
        assert "Most that one question moved by one level changes, in its objective" in lines

    def test_terminal(self):
        assert NO_OVERALL in score_table(tables(*self.given)).splitlines()

    def test_a_range_that_makes_it_provisional_names_its_objective(self):
        assessment = an_assessment(NO_OVERALL_CHECKLIST, {"jobs_plan": answered(3), "safety_plan": answered(4)})
        card = score_assessment(NO_OVERALL_CHECKLIST, assessment)
        text = score_table(tables(NO_OVERALL_CHECKLIST, assessment, card, Edition.INTERNAL))
        assert (
            "Provisional: the range of Employment is 37.5 points wide, more than 15." in text or "the range of" in text
        )
