"""What a version of an answer changed, word by word."""

from __future__ import annotations

import pytest

from tests.builders import a_question, answered
from toolkit.domain.answers import Answer, AnswerState, Evidence
from toolkit.web.answer_changes import MAX_WORDS, Piece, changes

QUESTION = a_question("policy")
SAME, OUT, IN = Piece.SAME, Piece.OUT, Piece.IN


def test_equal_answers_differ_in_nothing():
    assert changes(QUESTION, answered(2, comment="A word."), answered(2, comment="A word.")) == ()


def test_a_level_is_replaced_as_one():
    (change,) = changes(QUESTION, answered(2), answered(3))
    assert change.label == "Answer"
    assert [piece for piece, _ in change.pieces] == [OUT, IN]
    assert [text[0] for _, text in change.pieces] == ["2", "3"]


@pytest.mark.parametrize(
    ("was", "now", "pieces"),
    [
        ("", "Now", ((IN, "Now"),)),
        ("Was", "", ((OUT, "Was"),)),
        ("The plan names it.", "The new plan names it.", ((SAME, "The"), (IN, " new"), (SAME, " plan names it."))),
        ("one two three", "one three", ((SAME, "one"), (OUT, " two"), (SAME, " three"))),
        ("الخطة تذكره", "الخطة لا تذكره", ((SAME, "الخطة"), (IN, " لا"), (SAME, " تذكره"))),
    ],
)
def test_a_comment_is_told_word_by_word(was, now, pieces):
    (change,) = changes(QUESTION, answered(2, comment=was), answered(2, comment=now))
    told = tuple((piece, text.strip()) for piece, text in change.pieces)
    assert (change.label, told) == ("Comment", tuple((piece, text.strip()) for piece, text in pieces))


def test_what_was_taken_out_and_put_in_gives_both_texts_back():
    was, now = "a b c d e f g " * 30, "b c x d f f g h " * 30
    (change,) = changes(QUESTION, answered(2, comment=was), answered(2, comment=now))
    assert "".join(text for piece, text in change.pieces if piece is not IN) == was
    assert "".join(text for piece, text in change.pieces if piece is not OUT) == now


def test_a_very_long_text_is_shown_as_replaced():
    was = "word " * MAX_WORDS
    (change,) = changes(QUESTION, answered(2, comment=was), answered(2, comment=was + "more"))
    assert [piece for piece, _ in change.pieces] == [OUT, IN]


def test_reasons_and_evidence_count_too():
    older = answered(2, evidence=(Evidence("Plan", "https://example.org/plan"),))
    newer = Answer(AnswerState.NOT_APPLICABLE, reason="We have no staff.")
    assert [one.label for one in changes(QUESTION, older, newer)] == ["Answer", "Reason", "Evidence"]
