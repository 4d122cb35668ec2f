"""The chapter on voices: what it says, what it leaves out, and in which editions it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.reports.samples import a_context, a_full_assessment, the_checklist
from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.assessment import Edition


def test_the_chapter_tells_who_spoke_and_where_they_differ_the_widest_apart_first():
    chapter = a_context(the_checklist(), a_full_assessment(the_checklist()), Edition.INTERNAL).voices
    union, left_out, silent = chapter.voices
    assert union.about.startswith("Staff union, 6 answers, released 22 November 2026")
    assert (left_out.left_out_because, left_out.reply, left_out.paragraph) == (
        "CANARY-LEFT-OUT-REASON",
        "CANARY-LEFT-OUT-REPLY",
        "",
    )
    assert silent.about == "Unit or office, 0 answers"
    said = {one.number: (one.stances, one.apart) for one in chapter.differences}
    assert said["2.1.1"] == ((("CANARY-VOICE-NAME", "3 – Level 3"),), "3 levels")
    assert ("CANARY-VOICE-NAME", "see the annex") in said["1.3.7"][0]
    apart = [int(one.apart[0]) if one.apart else 0 for one in chapter.differences]
    assert apart == sorted(apart, reverse=True)
    assert chapter.ranges[0].title == "Overall"


def test_page_one_says_who_took_part_and_whether_anybody_dissents():
    letter = a_context(the_checklist(), a_full_assessment(the_checklist()), Edition.INTERNAL).letter
    assert letter.took_part.startswith("Beside these answers spoke CANARY-VOICE-NAME; on ")
    assert "somebody answers otherwise" in letter.took_part
    assert "مكتب عمّان said nothing." in letter.took_part
    assert "Office West is left out" in letter.took_part


@pytest.mark.parametrize("edition", [Edition.SHARED, Edition.PUBLIC])
def test_no_other_edition_says_a_word_of_voices(edition):
    context = a_context(the_checklist(), a_full_assessment(the_checklist()), edition)
    assert (context.voices, context.stances, context.letter.took_part) == (None, {}, "")
    assert not [one for one in context.figures if one.kind.endswith("_voice")]


def test_where_nobody_else_spoke_there_is_no_chapter():
    assessment = replace(a_full_assessment(the_checklist()), positions=())
    context = a_context(the_checklist(), assessment, Edition.INTERNAL)
    assert (context.voices, context.letter.took_part) == (None, "")


def test_a_voice_that_says_the_same_is_told_so():
    assessment = a_full_assessment(the_checklist())
    one = assessment.positions[0]
    same = replace(one, answers={"rights_0_0": replace(assessment.answers["rights_0_0"], comment="Yes.")})
    context = a_context(the_checklist(), replace(assessment, positions=(same,)), Edition.INTERNAL)
    assert "nobody answers otherwise" in context.letter.took_part
    assert context.voices.differences == ()
    assert context.voices.compared == 1


def test_the_chapter_shows_ten_and_counts_the_rest():
    assessment = a_full_assessment(the_checklist())
    ratings = [q.id for _, theme, q in the_checklist().questions() if q.is_rating and theme.id != "outside"]
    other = {
        name: Answer(AnswerState.ANSWERED, (assessment.answer(name).value or 0) + 1)
        for name in ratings
        if assessment.answer(name).value in {0, 1, 2, 3}
    }
    assert len(other) == 10
    other["kinds_yes"] = Answer(AnswerState.ANSWERED, value=False)
    voice = replace(assessment.positions[0], answers=other)
    chapter = a_context(the_checklist(), replace(assessment, positions=(voice,)), Edition.INTERNAL).voices
    assert len(chapter.differences) == 10
    assert chapter.more == len(other) - 10
