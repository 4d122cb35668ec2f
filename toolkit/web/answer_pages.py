"""What the page of a theme shows, and the page where two people meet on one answer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from flask import Request, abort, render_template
from werkzeug.datastructures import MultiDict

from toolkit.domain.answers import Answer, fingerprint
from toolkit.domain.assessment import Mandate, ThemeScope
from toolkit.domain.checklist import Checklist, Part, Question, QuestionId, Theme
from toolkit.domain.differences import levels_apart
from toolkit.domain.errors import AnswerConflict
from toolkit.domain.supplements import NoteFor, notes_on
from toolkit.forms.questionnaire import Filled, QuestionForm, ThemeForm, question_form, together
from toolkit.services import discussions
from toolkit.services.assessments import OpenAssessment, SaveOutcome
from toolkit.services.evidence import EvidenceFile, files_of
from toolkit.services.side_by_side import NO_VOICES, SideBySide, side_by_side
from toolkit.web.answer_words import AnswerWords, answer_words, as_text
from toolkit.web.beside import supplements_for
from toolkit.web.clock import utc_now
from toolkit.web.opened import opened
from toolkit.web.outline import Outline, outline, questions_shown, standings
from toolkit.web.readers import Readers, readers_of
from toolkit.web.related import RelatedTheme, related_themes
from toolkit.web.viewers import signed_in_viewer

KNOWN_CHECKLISTS = 5_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One question on the page: with `form` it can be answered, without it is read only.

    `discussions` counts those that wait for an end; `voices` those that spoke about it, `levels` how far they lie
    apart, both for whoever sees every voice.
    """

    question: Question
    number: int
    form: QuestionForm | None
    words: AnswerWords
    problem: str = ""
    returned: str = ""
    is_gate: bool = False
    discussions: int = 0
    notes: tuple[NoteFor, ...] = ()
    voices: int = 0
    levels: int | None = None
    is_split: bool = False


@dataclass(frozen=True)
class ThemePage:
    """All that the page of a theme shows."""

    opened: OpenAssessment
    part: Part
    theme: Theme
    outline: Outline
    questions: tuple[Asked, ...]
    is_outside: bool
    reason_outside: str
    related: tuple[RelatedTheme, ...] = ()
    files: Mapping[tuple[QuestionId, str], EvidenceFile] = field(default_factory=dict)
    has_voices: bool = False
    conflicts: tuple[AnswerConflict, ...] = ()

    @property
    def readers(self) -> Readers:
        """Who reads what is typed here, and under what name."""
        return readers_of(self.opened)

    @property
    def voice_id(self) -> UUID | None:
        """The voice of the page, for the addresses on it; None for the consolidated one."""
        return self.opened.voice.id if self.opened.voice else None

    @property
    def answerable(self) -> tuple[Question, ...]:
        """The questions that the viewer may answer here."""
        return tuple(one.question for one in self.questions if one.form is not None)

    @property
    def is_open(self) -> bool:
        """Whether anything can be answered."""
        return bool(self.answerable)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What needs a second look, for the summary on top."""
        return [(f"q-{one.question.id}", one.problem) for one in self.questions if one.problem]

    @property
    def before(self) -> Theme | None:
        """The theme before this one."""
        return self.outline.neighbours(self.theme.id)[0]

    @property
    def after(self) -> Theme | None:
        """The theme after this one."""
        return self.outline.neighbours(self.theme.id)[1]

    def with_sent(self, form: ThemeForm, outcome: SaveOutcome) -> ThemePage:
        """The page again, with what was sent: wrong texts stay in their boxes, saved ones carry their new revision."""
        saved = {one.question_id: one.revision for one in outcome.saved}
        return replace(self, questions=tuple(_after_saving(one, form, saved) for one in self.questions))


def _after_saving(one: Asked, form: ThemeForm, saved: dict[QuestionId, int]) -> Asked:
    sent = form.read.get(one.question.id)
    if sent is None:
        return one
    if sent.answer is not None and one.question.id in saved:
        now = question_form(one.question, answer=sent.answer, revision=saved[one.question.id])
        return replace(one, form=now)
    return replace(one, form=sent.form, problem=sent.problem)


def theme_page(one: OpenAssessment, theme_id: str) -> ThemePage:
    """The page of one theme; 404 for a theme that is not there or not the viewer's to see."""
    standing = standings(one)
    contents = outline(one, standing)
    if theme_id not in one.checklist.theme_index or all(line.theme.id != theme_id for line in contents.themes):
        abort(404)
    part, theme = one.checklist.theme_index[theme_id]
    scope = one.assessment.scope.get(theme_id, ThemeScope(Mandate.IN))
    outside = scope.mandate is Mandate.OUTSIDE
    shown = () if outside else questions_shown(one, theme, standing)
    gates = gates_of(one.checklist)
    reasons = {reason.question: reason.reason for reason in one.returned}
    supplements = supplements_for(one)
    waiting = discussions.open_counts(one, viewer=signed_in_viewer())
    told = side_by_side(one, [question.id for question in shown], standing) if one.voice is None else NO_VOICES
    asked = tuple(
        replace(
            _asked(one, question, number, question.id in gates, reasons.get(question.id, "")),
            discussions=waiting.get(question.id, 0),
            notes=notes_on(supplements, question.id),
            **_what_voices_say(question, told),
        )
        for number, question in enumerate(shown, start=1)
    )
    files = files_of(one, (question.id for question in shown))
    return ThemePage(
        one, part, theme, contents, asked, outside, scope.reason, related_themes(theme), files, bool(told.positions)
    )


def _what_voices_say(question: Question, told: SideBySide) -> dict[str, Any]:
    difference = told.differences.get(question.id)
    if difference is None:
        return {}
    return {
        "voices": len(difference.stances),
        "levels": levels_apart(question, difference),
        "is_split": difference.is_split,
    }


def _asked(one: OpenAssessment, question: Question, number: int, is_gate: bool, returned: str) -> Asked:
    answer = one.assessment.answer(question.id)
    form = None
    if one.may_answer(question.id):
        form = question_form(question, answer=answer, revision=one.answer_revisions.get(question.id, 0))
    return Asked(question, number, form, answer_words(question, answer), returned=returned, is_gate=is_gate)


_gates: dict[str, frozenset[QuestionId]] = {}


def gates_of(checklist: Checklist) -> frozenset[QuestionId]:
    """The questions whose answer decides whether others are asked."""
    if checklist.digest not in _gates:
        if len(_gates) > KNOWN_CHECKLISTS:
            _gates.clear()
        found: set[QuestionId] = set()
        for _, _, question in checklist.questions():
            _collect(question.ask_if, found)
        _gates[checklist.digest] = frozenset(found)
    return _gates[checklist.digest]


def _collect(condition: object, found: set[QuestionId]) -> None:
    source = getattr(condition, "source", None)
    if source is not None and not source.is_fact:
        found.add(source.id)
    for inner in getattr(condition, "conditions", ()):
        _collect(inner, found)
    if hasattr(condition, "condition"):
        _collect(condition.condition, found)


# An assessment belongs to one checklist version for good, so which one may be remembered. Nothing here says who may
# see the assessment: the services ask that anew each time.
_checklists: OrderedDict[UUID, Checklist] = OrderedDict()


def question_of(assessment_id: UUID, question_id: QuestionId) -> Question:
    """A question of an assessment, without opening the assessment where that was done before; 404 for none such."""
    checklist = _checklists.get(assessment_id)
    if checklist is None:
        checklist = opened(assessment_id).checklist
        _checklists[assessment_id] = checklist
        if len(_checklists) > KNOWN_CHECKLISTS:
            _checklists.popitem(last=False)
    if question_id not in checklist.question_index:
        abort(404)
    return checklist.question(question_id)


def sent_revision(sent: Request, in_form: int) -> int:
    """The revision a client saw: from `If-Match` when it sends one, else from the form; -1 for what is no revision."""
    tag = sent.headers.get("If-Match")
    if tag is None:
        return in_form
    number = tag.strip().removeprefix("W/").strip('"')
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1


# --- two people on one answer ---------------------------------------------------------------------


UNCHOSEN_PARTS = ("revision", "was", "met", "keep")


@dataclass(frozen=True, slots=True)
class Meeting:
    """One conflict on the page without a script: what stands, what was about to be saved, and what to choose from.

    `carried` is the answer that was sent, field by field as it came, so that nothing of it is lost while its writer
    chooses. `may_join` says whether the saved answer has a text that the other has not.
    """

    question: Question
    conflict: AnswerConflict
    form: QuestionForm
    theirs: list[tuple[str, str]]
    yours: list[tuple[str, str]]
    carried: tuple[tuple[str, str], ...]
    may_join: bool
    problem: str


def conflict_page(page: ThemePage, form: ThemeForm, outcome: SaveOutcome, sent: MultiDict[str, str]) -> str:
    """Both texts, side by side, for every answer that somebody else saved in between."""
    meetings = [_meeting(page, form.read[conflict.question_id], conflict, sent) for conflict in outcome.conflicts]
    problems = [(f"q-{one.question.id}", one.problem) for one in meetings if one.problem]
    return render_template(
        "answers/conflict.html",
        page=page,
        meetings=meetings,
        saved=len(outcome.saved),
        problems=problems + form.problems(),
        sent_at=utc_now(),
    )


def _meeting(page: ThemePage, filled: Filled, conflict: AnswerConflict, sent: MultiDict[str, str]) -> Meeting:
    question = page.opened.checklist.question(conflict.question_id)
    mine = filled.answer or conflict.yours
    prefix = f"q_{question.id}-"
    unsaid = {prefix + part for part in UNCHOSEN_PARTS}
    return Meeting(
        question,
        conflict,
        question_form(question, answer=mine, revision=conflict.revision),
        as_text(question, conflict.current),
        as_text(question, mine),
        tuple((name, text) for name, text in sent.items(multi=True) if name.startswith(prefix) and name not in unsaid),
        together(question, conflict.current, mine) != mine,
        filled.undecided,
    )


def conflict_data(question: Question, conflict: AnswerConflict) -> dict[str, object]:
    """The same for the page's script; every text is plain text."""
    return {
        "conflict": {
            "revision": conflict.revision,
            "saved_by": conflict.saved_by_name,
            "saved_at": conflict.saved_at.isoformat() if conflict.saved_at else None,
            "theirs": as_text(question, conflict.current),
            "yours": as_text(question, conflict.yours),
            "fields": sent_fields(question, conflict.current),
            "was": fingerprint(conflict.current),
        }
    }


def sent_fields(question: Question, answer: Answer) -> dict[str, list[str]]:
    """An answer as the fields of its form, by the part of their name after the question's."""
    form = question_form(question, answer=answer)
    fields = {"pick": [form["pick"].data or ""], "reason": [answer.reason], "comment": [answer.comment]}
    for number, evidence in enumerate(answer.evidence):
        fields |= {f"evidence-{number}-title": [evidence.title], f"evidence-{number}-url": [evidence.url]}
        if evidence.sha256:
            fields[f"evidence-{number}-sha256"] = [evidence.sha256]
    if "value" in form:
        value = form["value"].data
        if isinstance(value, str):
            fields["value"] = [value]
        elif isinstance(value, list):
            fields["value"] = value
        else:
            rows = enumerate(value or ())
            fields |= {f"value-{row}-{place}": [cell] for row, cells in rows for place, cell in enumerate(cells)}
    return fields
