"""One question as a form, and the questions of a theme as one page of them.

A form turns what was sent into plain answers; it neither queries, scores nor saves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from wtforms import Field, Form, HiddenField, TextAreaField

from toolkit.domain.answers import UNANSWERED as NO_ANSWER
from toolkit.domain.answers import Answer, AnswerState, Evidence, fingerprint
from toolkit.domain.checking import LIMITS, check
from toolkit.domain.checklist import Kind, Question, QuestionId
from toolkit.forms.kinds import BUILDERS, GIVEN, PICK_FOR_STATE, STATE_FOR_PICK, UNANSWERED, WrongValue, cleaned

MAX_REVISION = 2**31 - 1
AS_IF_NEVER_SEEN = -1  # the revision of an answer whose writer has not chosen yet: it never runs over another


class Keep(StrEnum):
    """What somebody chose where two answers to one question met."""

    THEIRS = "theirs"
    MINE = "mine"
    BOTH = "both"


class EvidenceField(Field):
    """Titled links and files; one empty row is always offered. A file that is marked as off is left out."""

    def process(self, formdata: Any, data: Any = (), extra_filters: Any = None) -> None:
        """Read every row that was sent; a file kept earlier travels as its digest."""
        self.process_errors: list[str] = []
        self.errors = ()
        self.object_data = data
        if formdata is None:
            self.data = tuple(data or ())
            return
        found = []
        for number in range(LIMITS.evidence_per_answer + 1):
            title, url, sha256 = (
                formdata.get(f"{self.name}-{number}-{part}", "").strip() for part in ("title", "url", "sha256")
            )
            if formdata.get(f"{self.name}-{number}-off"):
                continue
            if title or url or sha256:
                found.append(Evidence(title=title or url, url=url, sha256=sha256))
        self.data = tuple(found)

    @property
    def shown(self) -> tuple[Evidence, ...]:
        """The rows to draw: what there is, and an empty one while there is room."""
        room = len(self.data) < LIMITS.evidence_per_answer
        return (*self.data, Evidence("")) if room else self.data


class QuestionForm(Form):
    """What a person may say about one question. Subclasses add the fields of its kind."""

    question: Question
    reason = TextAreaField("Why is it not applicable?")
    comment = TextAreaField("Comment")
    evidence = EvidenceField("Evidence")
    revision = HiddenField()
    was = HiddenField()
    met = HiddenField()
    keep = HiddenField()

    def answer(self) -> Answer:
        """What was said. Raises WrongValue for what is no value of the question's kind, and for bad characters."""
        state = STATE_FOR_PICK.get(self["pick"].data)
        value = None
        if state is None or "value" in self:
            value = BUILDERS[self.question.kind].read(self, self.question)
        if state is not None and value is not None:
            raise WrongValue("There is an answer above, and below it says there is none. Keep one of the two.")
        if state is None:
            state = AnswerState.UNANSWERED if value is None else AnswerState.ANSWERED
        return Answer(
            state,
            value=value,
            reason=cleaned(self.reason.data, LIMITS.reason) if state is AnswerState.NOT_APPLICABLE else "",
            comment=cleaned(self.comment.data, LIMITS.comment),
            evidence=tuple(
                Evidence(cleaned(one.title, LIMITS.evidence_title), cleaned(one.url, LIMITS.url), one.sha256)
                for one in self.evidence.data
            ),
        )

    @property
    def expected_revision(self) -> int:
        """The revision that the person saw; 0 when what was sent is no number."""
        sent = self.revision.data or ""
        return min(int(sent), MAX_REVISION) if sent.isascii() and sent.isdigit() and len(sent) < 12 else 0

    @property
    def is_choice(self) -> bool:
        """Whether this comes from the page where two answers met, and one of them has to be chosen."""
        return bool(self.met.data)

    @property
    def chosen(self) -> Keep | None:
        """What was chosen there; None when nothing was."""
        return next((one for one in Keep if self.is_choice and one == self.keep.data), None)


class _Same:
    """A question as a cache key: it is frozen, so being the same object is enough, and quicker than comparing it."""

    def __init__(self, question: Question) -> None:
        self.question = question

    def __hash__(self) -> int:
        return id(self.question)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.question is other.question


@lru_cache(maxsize=4096)
def _form_class(key: _Same) -> type[QuestionForm]:
    question = key.question
    return type("QuestionForm", (QuestionForm,), {"question": question, **BUILDERS[question.kind].fields(question)})


def question_form(
    question: Question, sent: Any = None, *, answer: Answer = NO_ANSWER, revision: int = 0
) -> QuestionForm:
    """The form of one question: filled from what was sent when it was, else from the stored answer."""
    form_class = _form_class(_Same(question))
    data: dict[str, Any] = {
        "pick": PICK_FOR_STATE.get(answer.state, GIVEN) if sent is None else None,
        "reason": answer.reason,
        "comment": answer.comment,
        "evidence": answer.evidence,
        "revision": str(revision),
        "was": fingerprint(answer),
    }
    if answer.value is not None and answer.state is AnswerState.ANSWERED:
        data |= BUILDERS[question.kind].shown(answer.value)
    form = form_class(sent, prefix=f"q_{question.id}", data=data)
    if "value" in form and form["pick"].data in (UNANSWERED, None, ""):
        form["pick"].data = GIVEN
    return form


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of one question's form: its answer, or what is wrong with it.

    Where it met another answer, `joined` is the two put together, and `undecided` says what is still to choose.
    """

    form: QuestionForm
    answer: Answer | None
    problem: str = ""
    joined: Answer | None = None
    undecided: str = ""

    @property
    def touched(self) -> bool:
        """Whether the person changed it since the page was drawn; one of two answers that met counts as changed."""
        return self.answer is None or self.form.is_choice or fingerprint(self.answer) != self.form.was.data

    def to_save(self) -> tuple[Answer, int] | None:
        """The answer and the revision that it is based on; None where nothing is to be saved."""
        if self.answer is None or not self.touched or self.form.chosen is Keep.THEIRS:
            return None
        if self.undecided:
            return self.answer, AS_IF_NEVER_SEEN
        return self.joined or self.answer, self.form.expected_revision


def filled(question: Question, sent: Any) -> Filled:
    """Read one question's form and hold it to the rules that every way in shares."""
    form = question_form(question, sent)
    try:
        answer = form.answer()
    except WrongValue as error:
        return _wrong(form, str(error))
    except (KeyError, ValueError, TypeError):
        return _wrong(form, "Choose one of the answers on offer.")
    for problem in check([question], {question.id: answer}):
        if problem.kind == "wrong":
            return _wrong(form, problem.message)
    return Filled(form, answer)


def _wrong(form: QuestionForm, message: str) -> Filled:
    form["value" if "value" in form else "pick"].errors = [message]
    return Filled(form, None, message)


def decided(question: Question, one: Filled, standing: Answer) -> Filled:
    """What is to be done where two answers met: nothing without a choice, or when both are too long together."""
    if not one.form.is_choice or one.answer is None:
        return one
    if one.form.chosen is None:
        return replace(one, undecided="Choose which answer stays.")
    if one.form.chosen is not Keep.BOTH:
        return one
    both = together(question, standing, one.answer)
    if any(problem.kind == "wrong" for problem in check([question], {question.id: both})):
        return replace(one, undecided="The two texts are too long to keep together. Choose one of them.")
    return replace(one, joined=both)


def together(question: Question, theirs: Answer, mine: Answer) -> Answer:
    """My answer, with both comments one below the other; so too where the answer itself is a text."""
    both = replace(mine, comment=_below(theirs.comment, mine.comment))
    if question.kind is Kind.TEXT and isinstance(theirs.value, str) and isinstance(mine.value, str):
        both = replace(both, value=_below(theirs.value, mine.value))
    return both


def _below(theirs: str, mine: str) -> str:
    return mine if theirs in mine else "\n\n".join(text for text in (theirs, mine) if text)


class ThemeForm:
    """The questions of a theme on one page; only those that were sent are read."""

    def __init__(self, forms: Mapping[QuestionId, QuestionForm], read: Mapping[QuestionId, Filled]) -> None:
        self.forms = forms
        self.read = read

    @classmethod
    def shown(
        cls, questions: Iterable[Question], answers: Mapping[QuestionId, Answer], revisions: Mapping[QuestionId, int]
    ) -> ThemeForm:
        """The page as stored."""
        forms = {
            question.id: question_form(
                question, answer=answers.get(question.id, NO_ANSWER), revision=revisions.get(question.id, 0)
            )
            for question in questions
        }
        return cls(forms, {})

    @classmethod
    def sent(cls, questions: Iterable[Question], data: Any, standing: Mapping[QuestionId, Answer]) -> ThemeForm:
        """The page as it came back; `standing` are the answers that are kept just now."""
        read = {
            question.id: decided(question, filled(question, data), standing.get(question.id, NO_ANSWER))
            for question in questions
            if f"q_{question.id}-revision" in data
        }
        return cls({name: one.form for name, one in read.items()}, read)

    def answers(self) -> dict[QuestionId, tuple[Answer, int]]:
        """Every answer that was changed and is well formed, with the revision it was based on."""
        found = {name: one.to_save() for name, one in self.read.items()}
        return {name: one for name, one in found.items() if one is not None}

    def problems(self) -> list[tuple[str, str]]:
        """Anchor and message of every question that is not well formed."""
        return [(f"q-{name}", one.problem) for name, one in self.read.items() if one.problem]

    @property
    def undecided(self) -> bool:
        """Whether it comes from the page where answers met, with a choice still to make."""
        return any(one.undecided for one in self.read.values())
