from __future__ import annotations

from fractions import Fraction

import pytest

from tests.builders import an_assessment, answered
from tests.reports.samples import LETTER, a_context, a_full_assessment, an_empty_assessment, an_objective, the_checklist
from tests.reports.samples import a_checklist as checklist_of
from toolkit.domain.assessment import Edition, SignOff, State
from toolkit.domain.assessment_file import attachment_data
from toolkit.domain.printed_figures import named_figures
from toolkit.domain.rounding import one_decimal, points, whole_percent
from toolkit.domain.scoring import score_assessment

CHECKLIST = the_checklist()
WRITERS = (whole_percent, one_decimal, points, str)


@pytest.mark.parametrize("edition", list(Edition))
@pytest.mark.parametrize("make", [an_empty_assessment, a_full_assessment])
def test_a_report_prints_every_figure_that_its_attachment_holds_and_no_other(edition, make):
    assessment = make(CHECKLIST)
    card = score_assessment(CHECKLIST, assessment)
    held = named_figures(attachment_data(CHECKLIST, assessment, edition, card=card)["scores"])
    printed = {(one.place, one.kind): one.exact for one in a_context(CHECKLIST, assessment, edition).figures}
    assert printed == held


@pytest.mark.parametrize("edition", list(Edition))
def test_every_printed_text_is_its_exact_figure_rounded_once(edition):
    for one in a_context(CHECKLIST, a_full_assessment(CHECKLIST), edition).figures:
        assert one.text in {write(Fraction(one.exact)) for write in WRITERS}, one


def test_a_figure_below_a_threshold_never_prints_as_it():
    checklist = checklist_of(an_objective("employment", themes=1, questions=5))
    answers = {f"employment_0_{place}": answered(0) for place in range(4)} | {"employment_0_4": answered(4)}
    context = a_context(checklist, an_assessment(checklist, answers), Edition.INTERNAL)
    texts = {one.text for one in context.figures if (one.place, one.kind) == ("objective.employment", "score")}
    assert texts == {"20 %", "20.0"}


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"state": State.DRAFT}, "draft"),
        ({"state": State.IN_REVIEW}, "draft"),
        ({"state": State.APPROVED}, "draft"),
        ({"state": State.SUBMITTED}, "final"),
    ],
)
def test_only_what_was_submitted_is_the_record(given, status):
    assert a_context(CHECKLIST, a_full_assessment(CHECKLIST, **given), Edition.SHARED).record.id == status


def test_a_later_submission_supersedes_this_one():
    context = a_context(CHECKLIST, a_full_assessment(CHECKLIST), Edition.SHARED, superseded_by=2)
    assert context.record.id == "superseded"
    assert "superseded by submission no. 2" in context.record.sentence


def test_without_sign_off_the_report_says_that_nobody_else_has_looked():
    unseen = a_full_assessment(CHECKLIST, sign_off=SignOff.NONE, approvals=())
    assert a_context(CHECKLIST, unseen, Edition.PUBLIC).summary.not_reviewed
    assert not a_context(CHECKLIST, a_full_assessment(CHECKLIST), Edition.PUBLIC).summary.not_reviewed


def test_the_public_edition_has_neither_answers_nor_mandate_nor_persons():
    context = a_context(CHECKLIST, a_full_assessment(CHECKLIST), Edition.PUBLIC, letter=LETTER)
    assert (context.answers, context.mandate, context.letter.addressee, context.letter.signature) == (
        None,
        None,
        "",
        "",
    )
    assert all(not theme.questions for chapter in context.chapters for theme in chapter.themes)


def test_questions_are_numbered_by_their_order_among_those_asked():
    context = a_context(CHECKLIST, a_full_assessment(CHECKLIST), Edition.SHARED)
    assert context.answers is not None
    numbers = [q.number for part in context.answers.parts for theme in part.themes for q in theme.questions]
    assert numbers[:4] == ["1.1.1", "1.1.2", "1.1.3", "1.2.1"]
    assert len(numbers) == len(set(numbers))


def test_each_kind_of_answer_is_written_in_its_own_way():
    context = a_context(CHECKLIST, a_full_assessment(CHECKLIST), Edition.SHARED)
    assert context.answers is not None
    said = {q.text: q.said for part in context.answers.parts for theme in part.themes for q in theme.questions}
    assert said["Question kinds_yes?"].words == "Yes"
    assert said["Question kinds_one?"].words == "canary_option"
    assert said["Question kinds_many?"].items == ("First", "Second")
    assert said["Question kinds_number?"].words == "12.5 offices"
    assert said["Question kinds_text?"].text == "First line\nSecond line"
    assert said["Question kinds_table?"].rows == (("CANARY-CELL", "3"), ("Field", "40"))
    assert said["Question employment_0_0?"].words == "Not applicable"
    assert said["Question rights_1_1?"].words == "Don’t know"


def test_a_theme_shown_under_another_objective_is_named_there():
    context = a_context(CHECKLIST, a_full_assessment(CHECKLIST), Edition.PUBLIC)
    assert [one.title for one in context.chapters[1].elsewhere] == ["Theme kinds"]


def test_the_contents_name_every_part_and_theme_in_order():
    context = a_context(CHECKLIST, a_full_assessment(CHECKLIST), Edition.PUBLIC)
    assert [line.title for line in context.contents.lines if line.depth == 1] == [
        "Summary",
        "Part employment",
        "Part rights",
        "Part institution",
        "How it was computed",
        "Where this report comes from",
    ]


def test_every_figure_is_explained_in_words():
    method = a_context(CHECKLIST, a_full_assessment(CHECKLIST), Edition.INTERNAL).method
    assert method.overall_explained.text
    assert all(table.explained for table in method.tables if table.title != "Part institution")
