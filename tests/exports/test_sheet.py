"""A contributor's sheet: what is written is read back the same, whatever is in it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import DONT_KNOW, answered, not_applicable
from toolkit.domain.answers import UNANSWERED, Answer, Evidence
from toolkit.domain.checking import check, clean_text
from toolkit.domain.errors import InvalidInput, ToolkitError
from toolkit.domain.sheet_plan import PlannedRow, SheetPlan, fitting, reads_back
from toolkit.domain.sheets import (
    Cell,
    CellKind,
    CellProblem,
    Field,
    SheetRow,
    answer_of,
    cells_of,
    digest_of,
    note_of,
    says_the_same,
    with_notes,
)
from toolkit.exports.sheet import sheet_file
from toolkit.exports.sheet_reading import MAX_CELL, NoSheet, read_workbook
from toolkit.jobs import sheets
from toolkit.jobs.sheets import read_sheet
from toolkit.storage.definitions import load_checklist

KINDS = load_checklist(Path(__file__).parents[1] / "definitions" / "kinds.yaml")
FILE = Evidence("Annual report", "", "ab" * 32)
HARD = "=SUM(A1)\n+49 -1 @x\t_x0041_ _x000D_ 007 1.50 \U0001f600 مرحبا  "


def a_plan(*answers: tuple[str, Answer], **given) -> SheetPlan:
    rows = tuple(
        PlannedRow(KINDS.question_index[name][1], KINDS.question(name), answer, number)
        for number, (name, answer) in enumerate(answers)
    )
    fit, left_out = fitting(rows)
    defaults = {
        "checklist": KINDS,
        "assessment": "a-1",
        "title": "Baseline",
        "subject": "Example",
        "voice": "",
        "voice_name": "",
        "made_at": datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    }
    return SheetPlan(rows=fit, left_out=left_out, **(defaults | given))


def read_here(raw: bytes):
    """The same as `read_sheet`, without a process of its own, for many examples."""
    found = read_workbook(raw)
    return sheets.Sheet(found["about"], tuple(map(sheets._row, found["rows"])), tuple(found["strays"]))


EVERY_KIND = (
    ("youth_strategy", answered(3, comment=HARD, evidence=(Evidence("A | B", "https://example.org/?a=|"), FILE))),
    ("youth_present", DONT_KNOW),
    ("youth_asked", answered(False)),
    ("youth_form", answered("meeting")),
    ("youth_topics", answered(("pay", "hours"))),
    ("youth_number", answered(Decimal("1.50"))),
    ("youth_words", answered("-1\n=2\n007")),
    ("youth_list", answered((("007", "1.50"), ("a|b", ""), ('"quoted" x\ny', " 3 ")))),
    ("head_speaks", not_applicable("@home")),
    ("youth_paid", UNANSWERED),
)


def test_every_kind_of_answer_comes_back_from_a_process_of_its_own():
    plan = a_plan(*EVERY_KIND)
    sheet = read_sheet(sheet_file(plan))
    assert reads_back(plan, sheet)
    for row, (name, answer) in zip(sheet.rows, EVERY_KIND, strict=True):
        assert answer_of(KINDS.question(name), row.cells, answer) == answer


def test_all_but_the_cells_to_fill_in_is_locked_and_nothing_is_a_formula():
    book = openpyxl.load_workbook(io.BytesIO(sheet_file(a_plan(*EVERY_KIND))))
    sheet = book["Questions"]
    assert sheet.protection.sheet
    open_cells = {cell.column for row in sheet.iter_rows(min_row=3) for cell in row if not cell.protection.locked}
    assert open_cells == {9, 10, 11, 12, 13}
    assert all(cell.data_type != "f" for one in book for row in one.iter_rows() for cell in row)
    assert sheet.column_dimensions["A"].hidden
    assert sheet.row_dimensions[1].hidden
    assert book["Lists"].sheet_state == "veryHidden"


TEXTS = st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from("=+-@|\"'\n\t _x005F_0 "), max_size=40)


@st.composite
def answers(draw):
    name = draw(st.sampled_from(sorted(KINDS.question_index)))
    question = KINDS.question(name)
    value = draw(
        {
            "rating": st.sampled_from([level.value for level in question.scale.levels] if question.scale else [0]),
            "yes_no": st.booleans(),
            "choice": st.sampled_from([one.id for one in question.options] or ["-"]),
            "choices": st.sampled_from([("pay",), ("pay", "hours")]),
            "number": st.decimals(0, 1_000_000, places=3) | st.integers(0, 99).map(Decimal),
            "text": TEXTS,
            "table": st.lists(st.tuples(TEXTS, st.sampled_from(["", "1.50", "007"])), max_size=4).map(tuple),
        }[question.kind]
    )
    links = st.sampled_from(["", "https://example.org/a|b", "http://x.example"])
    evidence = draw(st.lists(st.builds(Evidence, TEXTS, links) | st.just(FILE), max_size=4))
    answer = draw(
        st.sampled_from(
            [
                answered(value, comment=draw(TEXTS), evidence=tuple(evidence)),
                Answer(DONT_KNOW.state, comment=draw(TEXTS)),
                not_applicable(draw(TEXTS)),
            ]
        )
    )
    return name, answer


def stored(name, answer):
    """The answer as it would be kept; None where it would not be."""
    if any(one.kind == "wrong" for one in check([KINDS.question(name)], {name: answer})):
        return None

    def clean(text):
        return clean_text(text, 40_000)

    value = answer.value
    if isinstance(value, str):
        value = clean(value)
    elif isinstance(value, tuple):
        value = tuple(tuple(map(clean, one)) if isinstance(one, tuple) else one for one in value)
    evidence = tuple(Evidence(clean(one.title), one.url, one.sha256) for one in answer.evidence)
    return Answer(answer.state, value, clean(answer.reason), clean(answer.comment), evidence)


@given(st.lists(answers(), max_size=8, unique_by=lambda one: one[0]))
@settings(max_examples=150)
def test_whatever_is_kept_comes_back(drawn):
    kept = [(name, answer) for name, given_ in drawn if (answer := stored(name, given_)) is not None]
    plan = a_plan(*kept)
    sheet = read_here(sheet_file(plan))
    assert reads_back(plan, sheet)
    for row, (name, answer) in zip(sheet.rows, kept, strict=True):
        assert answer_of(KINDS.question(name), row.cells, answer) == answer


@given(st.dictionaries(st.sampled_from(list(Field)), st.builds(Cell, TEXTS, st.just("E7"), st.sampled_from(CellKind))))
def test_any_cells_give_an_answer_that_can_be_kept_or_name_the_place(cells):
    for _, _, question in KINDS.questions():
        truth = cells.get(Field.ANSWER)
        if truth is not None and truth.kind is CellKind.TRUTH:
            cells = cells | {Field.ANSWER: Cell("TRUE", "E7", CellKind.TRUTH)}
        try:
            answer = answer_of(question, cells)
        except CellProblem:
            continue
        else:
            assert all(one.kind != "wrong" for one in check([question], {question.id: answer}))
            again = {field: Cell(text, "E7") for field, text in cells_of(question, answer).items()}
            assert says_the_same(question, answer_of(question, again), answer)


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("youth_strategy", Cell("3"), 3),
        ("youth_strategy", Cell("3", kind=CellKind.NUMBER), 3),
        ("youth_strategy", Cell("3.0"), 3),
        ("youth_strategy", Cell(" 3  much "), 3),
        ("youth_strategy", Cell("MUCH"), 3),
        ("youth_asked", Cell("TRUE", kind=CellKind.TRUTH), True),
        ("youth_asked", Cell("no"), False),
        ("youth_form", Cell("at a MEETING"), "meeting"),
        ("youth_topics", Cell("Hours\nPay"), ("pay", "hours")),
        ("youth_number", Cell("1 250"), Decimal(1250)),
        ("youth_words", Cell("2024", kind=CellKind.NUMBER), "2024"),
        ("youth_list", Cell("Start | 5\n\nGo"), (("Start", "5"), ("Go", ""))),
    ],
)
def test_what_can_mean_one_thing_only_is_taken(name, cell, value):
    assert answer_of(KINDS.question(name), {Field.ANSWER: cell}).value == value


@pytest.mark.parametrize(
    ("name", "field", "cell"),
    [
        ("youth_strategy", Field.ANSWER, Cell("9", "G3")),
        ("youth_strategy", Field.ANSWER, Cell("2026-03-01", "G3", CellKind.DATE)),
        ("youth_words", Field.ANSWER, Cell("", "G3", CellKind.FORMULA)),
        ("youth_words", Field.COMMENT, Cell("#REF!", "G3", CellKind.ERROR)),
        ("youth_words", Field.COMMENT, Cell("TRUE", "G3", CellKind.TRUTH)),
        ("youth_number", Field.ANSWER, Cell("1,250", "G3")),
        ("youth_strategy", Field.INSTEAD, Cell("perhaps", "G3")),
        ("youth_strategy", Field.EVIDENCE, Cell("a | https://b.example | c", "G3")),
        ("youth_list", Field.ANSWER, Cell("a | 1 | 2", "G3")),
        ("youth_strategy", Field.COMMENT, Cell("x" * 10_001, "G3")),
    ],
)
def test_what_could_mean_two_things_is_refused_by_the_name_of_its_cell(name, field, cell):
    if cell.kind is CellKind.FORMULA:
        cell = Cell("=1+1", "G3", CellKind.FORMULA)
    with pytest.raises(CellProblem) as raised:
        answer_of(KINDS.question(name), {field: cell})
    assert raised.value.place == "G3"


def test_an_answer_and_the_word_that_there_is_none_are_one_too_many():
    cells = {Field.ANSWER: Cell("3", "G3"), Field.INSTEAD: Cell("Don't know", "H3")}
    with pytest.raises(CellProblem, match="H3 says that there is none"):
        answer_of(KINDS.question("youth_strategy"), cells)


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("Report — https://x.example/1", (Evidence("Report", "https://x.example/1"),)),
        ("https://x.example/1", (Evidence("https://x.example/1", "https://x.example/1"),)),
        ("Report | https://x.example/1\n\nMinutes", (Evidence("Report", "https://x.example/1"), Evidence("Minutes"))),
        ('"Decent" work | ', (Evidence('"Decent" work'),)),
        ("", ()),
    ],
)
def test_evidence_is_one_line_a_piece_and_files_stay(line, pieces):
    standing = answered(3, evidence=(FILE,))
    question = KINDS.question("youth_strategy")
    assert answer_of(question, {Field.EVIDENCE: Cell(line)}, standing).evidence == (*pieces, FILE)


@pytest.mark.parametrize(
    "piece",
    [
        Evidence('"Decent"'),
        Evidence("see https://x.example/1"),
        Evidence("https://x.example/1"),
        Evidence(" of two\nlines | and a bar ", "https://x.example/1"),
    ],
)
def test_a_title_comes_back_as_it_was(piece):
    question, answer = KINDS.question("youth_strategy"), answered(3, evidence=(piece,))
    cells = {field: Cell(text) for field, text in cells_of(question, answer).items()}
    assert answer_of(question, cells).evidence == (piece,)


def test_a_number_that_a_program_wrote_shorter_is_no_change():
    question = KINDS.question("youth_number")
    assert digest_of(question, answered(Decimal("1.50"))) == digest_of(question, answered(Decimal("1.5")))
    assert digest_of(question, answered(Decimal("1.50"))) != digest_of(question, answered(Decimal("1.51")))


def test_an_answer_longer_than_a_cell_is_left_out_and_named():
    long = answered(tuple(("x" * 490, "1") for _ in range(50)))
    long_cells = answered(tuple(("😀" * 490, "1") for _ in range(50)))
    assert a_plan(("youth_list", long)).left_out == ()
    plan = a_plan(("youth_list", long_cells), ("youth_asked", answered(True)))
    assert [one.id for one in plan.left_out] == ["youth_list"]
    assert reads_back(plan, read_here(sheet_file(plan)))


def changed(plan, change) -> bytes:
    """The workbook of a plan after somebody worked on it with a program."""
    book = openpyxl.load_workbook(io.BytesIO(sheet_file(plan)))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_rows_and_columns_are_found_by_their_keys_wherever_they_are():
    def move(book):
        sheet = book["Questions"]
        sheet.title = "Fragen"
        sheet.insert_rows(4, 3)
        sheet.insert_cols(5, 2)
        sheet["K3"] = 2
        sheet["K5"] = "a stray"

    plan = a_plan(("youth_strategy", answered(3)), ("youth_asked", answered(True)))
    sheet = read_here(changed(plan, move))
    assert [row.question for row in sheet.rows] == ["youth_strategy", "youth_asked"]
    assert answer_of(KINDS.question("youth_strategy"), sheet.rows[0].cells).value == 2
    assert sheet.strays == ("K5",)
    assert not reads_back(plan, sheet)


def test_a_changed_answer_does_not_read_back():
    plan = a_plan(("youth_strategy", answered(3)))
    assert not reads_back(plan, read_here(changed(plan, lambda book: book["Questions"].__setitem__("I3", "2 Some"))))


def test_a_workshop_has_a_row_for_each_group_and_one_for_what_all_agreed():
    plan = a_plan(("youth_strategy", answered(3)), ("youth_asked", UNANSWERED), groups=("Table 1", "Rang é 2"))
    sheet = read_here(sheet_file(plan))
    assert reads_back(plan, sheet)
    assert [(row.question, row.group) for row in sheet.rows] == [
        (question, group) for question in ("youth_strategy", "youth_asked") for group in ("", "Table 1", "Rang é 2")
    ]


def test_what_a_group_said_becomes_a_paragraph_of_the_comment_once():
    question = KINDS.question("youth_strategy")
    cells = {Field.ANSWER: Cell("2"), Field.COMMENT: Cell("Only in one office")}
    note = note_of(question, SheetRow("youth_strategy", 4, 0, "", cells, "Table 1"))
    assert note == "Table 1: 2 Some. Only in one office"
    once = with_notes(answered(3, comment="Agreed."), [note, ""])
    assert once.comment == "Agreed.\n\nTable 1: 2 Some. Only in one office"
    assert with_notes(once, [note]) == once
    assert note_of(question, SheetRow("youth_strategy", 4, 0, "", {}, "Table 1")) == ""


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", sheets.SPREADSHEET + ".main+xml")
        archive.writestr("xl/workbook.xml", b"0" * 21 * 2**20)
    return buffer.getvalue()


def other_workbook() -> bytes:
    buffer = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "no workbook"),
        (b"Theme;Question\r\n", "no workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "no workbook"),
        (b"PK\x03\x04" + b"x" * 500, "damaged"),
        (b"PK\x03\x04" + b"x" * 3 * 2**20, "larger than 2 MB"),
        (bomb(), "unpacks to more"),
        (other_workbook(), "no sheet of this site"),
    ],
    ids=["empty", "csv", "old excel", "broken", "large", "bomb", "other"],
)
def test_what_is_no_sheet_is_refused_in_words(raw, said):
    with pytest.raises(InvalidInput) as raised:
        read_sheet(raw)
    assert said in raised.value.problems[0].message


def replaced(raw: bytes, name: str, content) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content(old.read(part)) if part == name else old.read(part))
    return buffer.getvalue()


def test_entities_and_far_away_cells_end_in_words_and_soon():
    raw = sheet_file(a_plan(("youth_strategy", answered(3))))
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    for name in ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml"):
        with pytest.raises(InvalidInput):
            read_sheet(replaced(raw, name, lambda old: entity + old.partition(b"?>")[2]))
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    read_sheet(replaced(raw, "xl/worksheets/sheet1.xml", lambda old: old.replace(b"</sheetData>", far)))


def test_more_rows_than_any_sheet_has_are_refused():
    def fill(book):
        for _ in range(2_100):
            book["Questions"].append(["x"])

    with pytest.raises(NoSheet, match="more than 2,000 rows"):
        read_here(changed(a_plan(), fill))


def test_more_text_than_the_caller_should_carry_is_refused_and_one_long_cell_is_named():
    def repeat(book):
        for line in range(3, 160):
            book["Questions"].cell(line, 1).value = "youth_words"
            book["Questions"].cell(line, 12).value = "x" * 30_000

    with pytest.raises(NoSheet, match="more text than fits"):
        read_here(changed(a_plan(), repeat))
    raw = sheet_file(a_plan(("youth_words", UNANSWERED)))
    long = b'<c r="L3" t="inlineStr"><is><t>' + b"x" * 2**20 + b"</t></is></c>"
    comment = re.compile(rb'<c r="L3"[^>]*/>')
    sheet = read_here(replaced(raw, "xl/worksheets/sheet1.xml", lambda old: comment.sub(long, old)))
    assert len(sheet.rows[0].cells[Field.COMMENT].text) == MAX_CELL
    with pytest.raises(CellProblem, match="at most 10,000 fit"):
        answer_of(KINDS.question("youth_words"), sheet.rows[0].cells)


@given(st.binary(max_size=400))
@settings(max_examples=20)
def test_a_damaged_workbook_never_breaks_anything(noise):
    raw = bytearray(sheet_file(a_plan(("youth_strategy", answered(3)))))
    middle = len(raw) // 2
    raw[middle : middle + len(noise)] = noise
    try:
        sheets._check_file(bytes(raw))
        read_here(bytes(raw))
    except (ToolkitError, NoSheet):
        pass
