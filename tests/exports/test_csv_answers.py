"""The CSV: one table, every figure, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import pytest

from tests.builders import a_checklist, a_part, a_question, a_theme, an_assessment, answered
from tests.canaries import allowed, canaries_in, canary_assessment, canary_checklist
from toolkit.domain.assessment import Edition
from toolkit.domain.checklist import Kind
from toolkit.domain.scoring import score_assessment
from toolkit.exports.csv_answers import COLUMNS, csv_answers, neutral

CHECKLIST = a_checklist(
    a_part("employment", a_theme("jobs", a_question("one"), a_question("told", kind=Kind.TEXT, weight=0)))
)


def made(answers, edition=Edition.INTERNAL) -> bytes:
    assessment = an_assessment(CHECKLIST, answers)
    return csv_answers(CHECKLIST, assessment, score_assessment(CHECKLIST, assessment), edition)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_it_starts_with_a_byte_order_mark_and_ends_its_rows_with_crlf():
    data = made({})
    assert data.startswith(b"\xef\xbb\xbftier,")
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")


def test_every_tier_has_its_rows_in_order():
    found = rows(made({"one": answered(3), "told": answered("Yes, often.")}))
    assert [(row["tier"], row["id"]) for row in found] == [
        ("overall", "overall"),
        ("objective", "employment"),
        ("theme", "jobs"),
        ("question", "one"),
        ("question", "told"),
    ]
    assert set(found[0]) == set(COLUMNS)
    assert [row["score_percent"] for row in found] == ["75.0", "75.0", "75.0", "75.0", ""]
    assert found[0]["score_exact"] == "'3/4"
    assert found[3]["answer"] == "3 – Level 3"
    assert found[4]["answer"] == "Yes, often."


def test_the_public_edition_has_no_questions():
    found = rows(made({"one": answered(3)}, Edition.PUBLIC))
    assert {row["tier"] for row in found} == {"overall", "objective", "theme"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "\n=1", "'=1", "1/2", "23/32"])
def test_what_a_spreadsheet_would_take_amiss_is_marked_and_can_be_had_back(text):
    (row,) = [row for row in rows(made({"told": answered(text)})) if row["id"] == "told"]
    assert row["answer"].startswith("'")
    assert row["answer"][1:] == text


@pytest.mark.parametrize("text", ["", "1", "72.5", "a=1", "Well, 3/4 of it", "1/2 done", "“=1”", 'He said "no", twice'])
def test_other_text_stands_as_it_is(text):
    assert neutral(text) == text
    (row,) = [row for row in rows(made({"told": answered(text or "x")})) if row["id"] == "told"]
    assert row["answer"] == (text or "x")


def test_a_text_of_several_lines_stays_in_one_cell():
    (row,) = [row for row in rows(made({"told": answered('a\nb,\n"c"')})) if row["id"] == "told"]
    assert row["answer"] == 'a\nb,\n"c"'


@pytest.mark.parametrize("edition", list(Edition))
def test_the_table_holds_the_canaries_of_its_edition_and_no_other(edition):
    checklist, assessment = canary_checklist(), canary_assessment()
    data = csv_answers(checklist, assessment, score_assessment(checklist, assessment), edition).decode("utf-8-sig")
    assert canaries_in(data) <= allowed(str(edition))
    assert ("canary-text-answer" in data) == (edition is not Edition.PUBLIC)
