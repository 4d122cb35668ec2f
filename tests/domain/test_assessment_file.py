"""The assessment file as it is written: canonical bytes, what each edition holds, and back again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import a_checklist, a_part, a_question, a_theme, an_assessment, answered
from tests.canaries import CANARIES, allowed, canaries_in, canary_assessment, canary_checklist
from toolkit.domain.answers import Answer, AnswerState, Evidence
from toolkit.domain.assessment import (
    Approval,
    Assessment,
    Edition,
    Mandate,
    SignOff,
    State,
    Subject,
    SubjectKind,
    ThemeScope,
)
from toolkit.domain.assessment_file import (
    attachment_data,
    attachment_digests,
    canonical_bytes,
    decimal_text,
    digest,
    to_data,
)
from toolkit.domain.assessment_reading import read_assessment, read_file
from toolkit.domain.checking import clean_text
from toolkit.domain.checklist import Kind, Track
from toolkit.domain.discussions import ToldMessage, ToldThread
from toolkit.domain.fitting import fits
from toolkit.domain.positions import Position
from toolkit.domain.scoring import score_assessment


def written(checklist, assessment, edition=Edition.INTERNAL, **given) -> bytes:
    card = score_assessment(checklist, assessment)
    return canonical_bytes(to_data(checklist, assessment, edition, card=card, **given))


# --- canonical bytes ------------------------------------------------------------------------------


def test_the_bytes_are_sorted_indented_utf8_with_a_line_feed_at_the_end():
    assert canonical_bytes({"b": 1, "a": ["é", None, True]}) == (
        '{\n  "a": [\n    "é",\n    null,\n    true\n  ],\n  "b": 1\n}\n'.encode()
    )


def test_text_is_composed_so_that_equal_looking_texts_are_equal_bytes():
    assert canonical_bytes({"e\u0301": "e\u0301"}) == canonical_bytes({"é": "é"})


@pytest.mark.parametrize("value", [0.5, float("nan"), Decimal("1"), {1, 2}, b"x", datetime(2026, 1, 1)])
def test_what_json_cannot_carry_exactly_is_refused(value):
    with pytest.raises(TypeError):
        canonical_bytes({"a": [value]})


def test_half_a_character_pair_is_refused():
    with pytest.raises(ValueError):
        canonical_bytes({"a": "\ud800"})


def test_the_digest_is_sha256_in_hex():
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("12.50", "12.5"),
        ("100", "100"),
        ("1E+2", "100"),
        ("-0.0", "0"),
        ("0E+50", "0"),
        ("-3.10", "-3.1"),
        ("9" * 30, "9" * 30),
        ("1E-30", "0." + "0" * 29 + "1"),
    ],
)
def test_equal_numbers_are_written_alike(number, text):
    assert decimal_text(Decimal(number)) == text


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "1E+30", "1E-31", "1E+1000000000", "9" * 31])
def test_a_number_that_cannot_be_stored_is_refused(number):
    with pytest.raises(ValueError):
        decimal_text(Decimal(number))


def test_times_are_utc_whatever_zone_they_came_in():
    east = timezone(timedelta(hours=3))
    checklist = a_checklist()
    data = written(checklist, an_assessment(checklist, started_at=datetime(2026, 3, 1, 1, 30, tzinfo=east)))
    assert json.loads(data)["started_at"] == "2026-02-28T22:30:00Z"


def test_a_time_without_a_zone_is_refused():
    checklist = a_checklist()
    with pytest.raises(ValueError):
        written(checklist, an_assessment(checklist, started_at=datetime(2026, 3, 1)))


def test_scores_stand_as_exact_fractions_and_one_decimal():
    checklist = a_checklist(a_part("employment", a_theme("jobs", a_question("one"), a_question("two"))))
    data = json.loads(written(checklist, an_assessment(checklist, {"one": answered(1), "two": answered(2)})))
    assert data["scores"]["overall"]["score"] == {"exact": "3/8", "percent": "37.5"}
    assert data["scores"]["overall"]["coverage"] == {"exact": "1", "percent": "100.0"}
    assert data["method"] == "index/1"


def test_what_has_no_score_is_null_and_never_a_number():
    checklist = a_checklist()
    data = json.loads(written(checklist, an_assessment(checklist)))
    assert data["scores"]["overall"]["score"] is None
    assert data["scores"]["gap"] is None


# --- editions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", list(Edition))
def test_an_attachment_holds_the_canaries_of_its_edition_and_no_other(edition):
    checklist, assessment = canary_checklist(), canary_assessment()
    card = score_assessment(checklist, assessment)
    text = canonical_bytes(attachment_data(checklist, assessment, edition, card=card)).decode()
    assert canaries_in(text) == allowed(str(edition))
    assert ("ab" * 32 in text) is (edition is Edition.INTERNAL), "the digest of a file of evidence"
    assert "cd" * 32 in text, "the head of the chain tells nothing of the answers, and every reader may check it"


def test_the_internal_file_also_keeps_what_was_answered_and_then_not_asked():
    text = written(canary_checklist(), canary_assessment()).decode()
    assert canaries_in(text) == {canary for canary, editions in CANARIES.items() if editions}


@pytest.mark.parametrize("edition", [Edition.SHARED, Edition.PUBLIC])
def test_no_file_but_the_internal_one_keeps_them(edition):
    checklist, assessment = canary_checklist(), canary_assessment()
    assert written(checklist, assessment, edition) == written(checklist, assessment, edition, kept=False)


def test_the_canaries_fill_every_text_there_is():
    """A field added to the nouns later must be given a canary, or this fails."""
    assessment = canary_assessment()
    empty = [name for name in Assessment.__dataclass_fields__ if getattr(assessment, name) in ("", None, (), {})]
    assert empty == []
    evidence = assessment.answers["gate"].evidence[0]
    assert all(getattr(evidence, name) for name in Evidence.__dataclass_fields__)
    assert all(getattr(assessment.subject, name) for name in Subject.__dataclass_fields__)
    assert all(getattr(assessment.approvals[0], name) for name in Approval.__dataclass_fields__)
    assert set(Answer.__dataclass_fields__) == {"state", "value", "reason", "comment", "evidence"}
    assert set(ThemeScope.__dataclass_fields__) == {"mandate", "reason"}
    told, left_out = assessment.positions
    assert all(getattr(told, name) or getattr(left_out, name) for name in Position.__dataclass_fields__)


def test_a_voice_comes_back_and_one_that_was_left_out_without_what_it_said():
    checklist, assessment = canary_checklist(), canary_assessment()
    told, left_out = read_assessment(written(checklist, assessment)).positions
    assert told == assessment.positions[0]
    assert left_out == replace(assessment.positions[1], answers={}, paragraph="")


def test_what_a_voice_says_must_suit_the_checklist_too():
    checklist, assessment = canary_checklist(), canary_assessment()
    wrong = replace(assessment.positions[0], answers={"gate": answered(9), "nowhere": answered(1)})
    found = fits(checklist, replace(assessment, positions=(wrong,)))
    assert {problem.path for problem in found} == {"voices[0].answers.gate", "voices[0].answers.nowhere"}


def test_leaving_out_what_was_not_asked_changes_no_figure():
    checklist, assessment = canary_checklist(), canary_assessment()
    again = read_assessment(written(checklist, assessment, kept=False))
    assert set(assessment.answers) - set(again.answers) == {"hidden", "later", "away_rating", "away_text"}
    assert score_assessment(checklist, again) == score_assessment(checklist, assessment)


def test_the_shared_file_scores_as_the_internal_one():
    checklist, assessment = canary_checklist(), canary_assessment()
    shared = read_assessment(written(checklist, assessment, Edition.SHARED))
    internal, again = score_assessment(checklist, assessment), score_assessment(checklist, shared)
    assert again == internal


def test_each_edition_has_a_digest_of_its_own():
    checklist, assessment = canary_checklist(), canary_assessment()
    card = score_assessment(checklist, assessment)
    digests = attachment_digests(checklist, assessment, card=card)
    assert set(digests) == set(Edition)
    assert len(set(digests.values())) == 3
    shared = canonical_bytes(attachment_data(checklist, assessment, Edition.SHARED, card=card))
    assert digests[Edition.SHARED] == digest(shared)


# --- there and back -------------------------------------------------------------------------------

CHECKLIST = a_checklist(
    a_part(
        "employment",
        a_theme(
            "jobs",
            a_question("rating"),
            a_question("yes_no", kind=Kind.YES_NO, weight=0),
            a_question("choice", kind=Kind.CHOICE, weight=0),
            a_question("choices", kind=Kind.CHOICES, weight=0),
            a_question("number", kind=Kind.NUMBER, weight=0),
            a_question("text", kind=Kind.TEXT, weight=0),
            a_question("table", kind=Kind.TABLE, weight=0),
        ),
    )
)

ANY_CARD = score_assessment(CHECKLIST, an_assessment(CHECKLIST))  # the file states scores; the way back ignores them


def texts(max_size: int = 40) -> st.SearchStrategy[str]:
    """Any text that may be stored: composed, no control characters but tab and line feed, no half pairs."""
    characters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), include_characters="\t\n")
    return st.text(characters, max_size=max_size).filter(_is_storable).map(lambda text: clean_text(text, 10_000))


def _is_storable(text: str) -> bool:
    return not any(0xFDD0 <= ord(one) <= 0xFDEF or ord(one) & 0xFFFE == 0xFFFE for one in text)


decimals = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**20), max_value=10**20)
times = st.datetimes(timezones=st.just(UTC), min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30))
evidence = st.builds(Evidence, texts(), texts(), st.sampled_from(["", "0f" * 32]))
VALUES = {
    "rating": st.integers(0, 4),
    "yes_no": st.booleans(),
    "choice": texts(),
    "choices": st.lists(texts().filter(bool), max_size=4).map(tuple),
    "number": decimals,
    "text": texts(200),
    "table": st.lists(st.lists(texts(), max_size=3).map(tuple), min_size=1, max_size=4).map(tuple),
}


def _answer(value: st.SearchStrategy) -> st.SearchStrategy[Answer]:
    rest = {"reason": texts(), "comment": texts(), "evidence": st.lists(evidence, max_size=3).map(tuple)}
    stored = st.sampled_from([AnswerState.DONT_KNOW, AnswerState.NOT_APPLICABLE, AnswerState.UNANSWERED])
    return st.builds(Answer, st.just(AnswerState.ANSWERED), value, **rest) | st.builds(Answer, stored, **rest)


messages = st.builds(ToldMessage, st.integers(1, 9), times, texts().filter(bool))
assessments = st.builds(
    Assessment,
    checklist_id=st.just(CHECKLIST.id),
    checklist_version=st.just(CHECKLIST.version),
    checklist_digest=st.just(CHECKLIST.digest),
    subject=st.builds(
        Subject, texts().filter(bool), st.sampled_from(SubjectKind), texts(), st.sampled_from(["", "CH", "TZ"])
    ),
    track=st.sampled_from(Track),
    sign_off=st.sampled_from(SignOff),
    state=st.sampled_from(State),
    title=texts(),
    facts=st.dictionaries(st.sampled_from(["size", "where", "staff"]), texts() | st.booleans() | decimals),
    scope=st.dictionaries(st.just("jobs"), st.builds(ThemeScope, st.sampled_from(Mandate), texts())),
    answers=st.fixed_dictionaries({}, optional={name: _answer(value) for name, value in VALUES.items()}),
    discussions=st.dictionaries(
        st.sampled_from(list(VALUES)),
        st.lists(
            st.builds(
                ToldThread,
                st.lists(
                    st.builds(ToldMessage, st.integers(1, 9), times, texts().filter(bool)), min_size=1, max_size=3
                ).map(tuple),
                st.booleans(),
            ),
            min_size=1,
            max_size=2,
        ).map(tuple),
        max_size=2,
    ),
    approvals=st.lists(st.builds(Approval, texts(), times, texts()), max_size=2).map(tuple),
    started_at=st.none() | times,
    submitted_at=st.none() | times,
    number=st.none() | st.integers(1, 99),
    provisional_reason=texts(),
    verification_code=texts(),
    chain_head=st.sampled_from(["", "0123456789abcdef" * 4]),
)


@settings(max_examples=150, deadline=None)
@given(assessments)
def test_an_internal_file_gives_the_assessment_back(assessment):
    data = canonical_bytes(to_data(CHECKLIST, assessment, Edition.INTERNAL, card=ANY_CARD))
    assert read_assessment(data) == assessment
    assert canonical_bytes(to_data(CHECKLIST, read_assessment(data), Edition.INTERNAL, card=ANY_CARD)) == data


@settings(max_examples=50, deadline=None)
@given(assessments)
def test_the_shared_file_of_a_shared_file_is_the_same(assessment):
    shared = canonical_bytes(to_data(CHECKLIST, assessment, Edition.SHARED, card=ANY_CARD))
    again = read_assessment(shared)
    assert canonical_bytes(to_data(CHECKLIST, again, Edition.SHARED, card=ANY_CARD)) == shared


def test_kinds_of_value_are_not_taken_for_each_other():
    answers = {"rating": answered(1), "yes_no": answered(True), "number": answered(Decimal("1")), "text": answered("1")}
    again = read_assessment(written(CHECKLIST, an_assessment(CHECKLIST, answers)))
    assert [type(again.answers[name].value) for name in answers] == [int, bool, Decimal, str]


def test_a_file_read_says_what_it_is():
    checklist, assessment = canary_checklist(), canary_assessment()
    data = written(checklist, assessment, Edition.PUBLIC)
    file = read_file(data)
    assert (file.edition, file.method, file.checklist_title) == (Edition.PUBLIC, "index/1", "A tiny checklist")
    assert file.sha256 == digest(data)
    assert file.scores is not None
    withheld = {
        "facts": {},
        "scope": {},
        "answers": {},
        "discussions": {},
        "positions": (),
        "approvals": (),
        "started_at": None,
    }
    withheld |= {"provisional_reason": ""}
    assert file.assessment == replace(assessment, **withheld)
