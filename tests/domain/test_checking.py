"""What is wrong with an answer and what is missing, kind by kind."""

import unicodedata
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import DONT_KNOW, a_question, answered, not_applicable
from toolkit.domain.answers import UNANSWERED, Answer, AnswerState, Evidence
from toolkit.domain.checking import LIMITS, UnsuitableText, check, clean_text
from toolkit.domain.checklist import Column, Kind, Option

OPTIONS = (Option("a", "A"), Option("b", "B"))
COLUMNS = (Column("unit", "Unit"), Column("staff", "Staff", Kind.NUMBER))

RATING = a_question("q")
YES_NO = a_question("q", kind=Kind.YES_NO)
CHOICE = a_question("q", kind=Kind.CHOICE, options=OPTIONS)
CHOICES = a_question("q", kind=Kind.CHOICES, options=OPTIONS)
NUMBER = a_question("q", kind=Kind.NUMBER, minimum=Fraction(1, 2), maximum=Fraction(100), unit="offices")
TEXT = a_question("q", kind=Kind.TEXT)
TABLE = a_question("q", kind=Kind.TABLE, columns=COLUMNS)


def kinds(question, answer):
    return [str(problem.kind) for problem in check([question], {question.id: answer})]


GOOD = [
    (RATING, 0),
    (RATING, 4),
    (YES_NO, True),
    (YES_NO, False),
    (CHOICE, "a"),
    (CHOICES, ("b",)),
    (CHOICES, ("b", "a")),
    (NUMBER, Decimal("0.5")),
    (NUMBER, Decimal("1E+2")),
    (TEXT, "Yes.\n\tIndeed."),
    (TEXT, "x" * LIMITS.text),
    (TABLE, (("Head office", "12.5"), ("Field", ""))),
    (TABLE, (("x" * LIMITS.cell, ""),) * LIMITS.table_rows),
]
WRONG = [
    (RATING, 5),
    (RATING, -1),
    (RATING, True),
    (RATING, "4"),
    (RATING, Decimal(4)),
    (YES_NO, 1),
    (YES_NO, "yes"),
    (CHOICE, "c"),
    (CHOICE, ""),
    (CHOICE, ("a",)),
    (CHOICES, ()),
    (CHOICES, "a"),
    (CHOICES, ("a", "c")),
    (CHOICES, ("a", "a")),
    (CHOICES, (("a",),)),
    (NUMBER, Decimal("0.49")),
    (NUMBER, Decimal("100.01")),
    (NUMBER, Decimal("NaN")),
    (NUMBER, Decimal("Infinity")),
    (NUMBER, Decimal("1E+999999")),
    (NUMBER, Decimal("1E-999999")),
    (NUMBER, 5),
    (TEXT, ""),
    (TEXT, "  \n"),
    (TEXT, "x" * (LIMITS.text + 1)),
    (TEXT, "bell\x07"),
    (TEXT, True),
    (TABLE, ()),
    (TABLE, "Head office"),
    (TABLE, (("Head office",),)),
    (TABLE, (("Head office", "1", "2"),)),
    (TABLE, (("", " "),)),
    (TABLE, (("Head office", "many"),)),
    (TABLE, (("Head office", "NaN"),)),
    (TABLE, (("x" * (LIMITS.cell + 1), ""),)),
    (TABLE, (("a\x00", ""),)),
    (TABLE, (("Field", ""),) * (LIMITS.table_rows + 1)),
    (TABLE, ("ab",)),
]


def test_every_kind_has_a_right_and_a_wrong_value_here():
    assert {question.kind for question, _ in GOOD} == {question.kind for question, _ in WRONG} == set(Kind)


@pytest.mark.parametrize(("question", "value"), GOOD)
def test_a_value_that_suits_its_question_has_no_problem(question, value):
    assert kinds(question, answered(value)) == []


@pytest.mark.parametrize(("question", "value"), WRONG)
def test_a_value_that_does_not_suit_its_question_is_wrong_and_says_so_once(question, value):
    assert kinds(question, answered(value)) == ["wrong"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (UNANSWERED, ["missing"]),
        (Answer(AnswerState.ANSWERED), ["missing"]),
        (not_applicable(reason=" "), ["missing"]),
        (not_applicable(), []),
        (DONT_KNOW, []),
        (Answer(AnswerState.DONT_KNOW, value=3), ["wrong"]),
        (Answer(AnswerState.NOT_APPLICABLE, value=3, reason="No."), ["wrong"]),
        (Answer(AnswerState.UNANSWERED, value=3), ["wrong"]),
        (Answer(AnswerState.NOT_ASKED), ["wrong"]),
    ],
)
def test_states_and_what_they_need(answer, expected):
    assert kinds(RATING, answer) == expected


def test_no_answer_at_all_is_missing_and_problems_come_in_the_order_of_the_questions():
    questions = [a_question("one"), a_question("two"), a_question("three")]
    found = check(questions, {"two": answered(9), "elsewhere": answered(9)})
    assert [(one.question, str(one.kind)) for one in found] == [
        ("one", "missing"),
        ("two", "wrong"),
        ("three", "missing"),
    ]


def test_the_closing_text_of_a_theme_may_stay_empty():
    closing = a_question("improve_jobs", kind=Kind.TEXT, weight=0, is_improvement=True)
    assert check([closing], {}) == ()
    assert kinds(closing, answered("x" * (LIMITS.text + 1))) == ["wrong"]


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence("A policy"),
        Evidence("A policy", url="https://example.org/policy?a=1#b"),
        Evidence("A file", sha256="0" * 64),
        Evidence("x" * LIMITS.evidence_title),
    ],
)
def test_evidence_that_is_taken(evidence):
    assert kinds(RATING, answered(3, evidence=(evidence,) * LIMITS.evidence_per_answer)) == []


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(" "),
        Evidence("x" * (LIMITS.evidence_title + 1)),
        Evidence("A policy", url="javascript:alert(1)"),
        Evidence("A policy", url="data:text/html,x"),
        Evidence("A policy", url="https://"),
        Evidence("A policy", url="http://exa mple.org"),
        Evidence("A policy", url="http://[broken"),
        Evidence("A policy", url="https://example.org/" + "x" * LIMITS.url),
        Evidence("A file", sha256="0" * 63),
        Evidence("A file", sha256="G" * 64),
        Evidence("A\x00policy"),
    ],
)
def test_evidence_that_is_not_taken(evidence):
    assert kinds(RATING, answered(3, evidence=(evidence,))) == ["wrong"]


@pytest.mark.parametrize(
    "answer",
    [
        answered(3, evidence=(Evidence("A policy"),) * (LIMITS.evidence_per_answer + 1)),
        answered(3, comment="x" * (LIMITS.comment + 1)),
        answered(3, comment="a\ud800"),
        not_applicable(reason="x" * (LIMITS.reason + 1)),
    ],
)
def test_what_stands_beside_an_answer_has_limits_too(answer):
    assert kinds(RATING, answer) == ["wrong"]


def test_a_bound_is_named_with_its_unit():
    assert [one.message for one in check([NUMBER], {"q": answered(Decimal(0))})] == [
        "The number is at least 0.5 offices."
    ]


# --- text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"),
        ("e\u0301", "\u00e9"),
        ("مرحبا \u200f", "مرحبا \u200f"),
        ("👩\u200d🌾", "👩\u200d🌾"),
        ("", ""),
    ],
)
def test_text_is_composed_and_its_line_ends_are_line_feeds(text, clean):
    assert clean_text(text, 100) == clean


@pytest.mark.parametrize(
    "code", [0x00, 0x0B, 0x0C, 0x1B, 0x7F, 0x85, 0xD800, 0xDFFF, 0xFDD0, 0xFFFE, 0x1FFFE, 0x10FFFF]
)
def test_characters_that_something_downstream_cannot_hold_are_refused(code):
    with pytest.raises(UnsuitableText, match=rf"^Character 2 \(U\+{code:04X}\)"):
        clean_text(f"a{chr(code)}b", 100)


def test_text_is_counted_after_composing_and_never_cut():
    assert clean_text("e\u0301" * 10, 10) == "\u00e9" * 10
    with pytest.raises(UnsuitableText, match="11 characters; at most 10"):
        clean_text("x" * 11, 10)


@given(st.text())
def test_clean_text_can_be_encoded_and_stays_as_it_is(text):
    try:
        clean = clean_text(text, 10_000)
    except UnsuitableText:
        return
    assert clean == clean_text(clean, 10_000) == unicodedata.normalize("NFC", clean)
    assert clean.encode("utf-8").decode("utf-8") == clean
    assert not any(unicodedata.category(one) in ("Cc", "Cs") for one in clean if one not in "\t\n")
