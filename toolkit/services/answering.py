"""Saving answers. One answer is five statements, however many assessments there are.

Every change of an assessment locks its row first, so that changes take turns; each is a link of the assessment's hash
chain, appended by an update that names the end it was based on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import Permission, permissions
from toolkit.domain.answers import UNANSWERED, Answer, Evidence
from toolkit.domain.assessment import State
from toolkit.domain.checking import LIMITS, ProblemKind, check, clean_text
from toolkit.domain.checklist import Checklist, QuestionId
from toolkit.domain.errors import (
    AnswerConflict,
    AssessmentClosed,
    CannotSaveNow,
    InvalidInput,
    NotAllowed,
    NotFound,
    Problem,
    UnknownQuestion,
)
from toolkit.domain.trail import Link, text_digest
from toolkit.domain.voices import Voice, answerable_questions, name_in, visible_answers
from toolkit.services.checklists import checklist_of
from toolkit.services.evidence_rows import Place, claim
from toolkit.services.opening import find_voice, voice_id
from toolkit.services.viewers import Viewer
from toolkit.storage.answer_text import answer_text, read_answer
from toolkit.storage.assessments import AnswerRecord, AnswerRevisionRecord, AssessmentRecord
from toolkit.storage.base import rows_changed
from toolkit.storage.db import db, transaction
from toolkit.storage.people import PersonRecord
from toolkit.storage.trail import new_salt

ANSWER = "answer"  # the kind of link that an answer revision is


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An answer that is on disk; revision 0 where nothing was said and nothing stored."""

    question_id: QuestionId
    revision: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class SaveOutcome:
    """What became of several answers saved at once: kept, or changed by somebody else since."""

    saved: tuple[SavedAnswer, ...]
    conflicts: tuple[AnswerConflict, ...]


@dataclass(frozen=True, slots=True)
class _Stored:
    """The answer that stands."""

    revision: int
    content: str
    saved_at: datetime
    author_name: str


@dataclass(frozen=True, slots=True)
class _Origin:
    """Whose answers are being saved: in which voice, by whom, entered by whom, copied from where."""

    voice: UUID
    author: UUID
    entered_by: UUID
    copied_from: str
    copied_voice: UUID | None = None


@dataclass(frozen=True, slots=True)
class _New:
    """An answer that is about to be saved."""

    question_id: QuestionId
    answer: Answer
    content: str
    stored: _Stored | None

    @property
    def revision(self) -> int:
        return self.stored.revision + 1 if self.stored else 1


def save_answer(
    assessment_id: UUID,
    question_id: QuestionId,
    answer: Answer,
    *,
    expected_revision: int,
    viewer: Viewer,
    now: datetime,
    voice: UUID | None = None,
) -> SavedAnswer:
    """Keep one answer, in the consolidated voice or in another.

    The same content again changes nothing and gives the revision that stands.

    Raises NotFound, NotAllowed, AssessmentClosed, AnswerConflict, InvalidInput, UnknownQuestion, CannotSaveNow.
    """
    answers = {question_id: (answer, expected_revision)}
    outcome = save_answers(assessment_id, answers, viewer=viewer, now=now, voice=voice)
    if outcome.conflicts:
        raise outcome.conflicts[0]
    return outcome.saved[0]


def save_answers(
    assessment_id: UUID,
    answers: Mapping[QuestionId, tuple[Answer, int]],
    *,
    viewer: Viewer,
    now: datetime,
    voice: UUID | None = None,
) -> SaveOutcome:
    """Keep several answers, each with the revision it was based on (0: there was none).

    Those that somebody else changed since come back as conflicts, the others are kept. When one is wrong, nothing is
    kept: raises InvalidInput with all of them. Raises also what `save_answer` does, save AnswerConflict.
    """
    with transaction():
        return save_in(assessment_id, answers, viewer=viewer, now=now, voice=voice)


def save_in(
    assessment_id: UUID,
    answers: Mapping[QuestionId, tuple[Answer, int]],
    *,
    viewer: Viewer,
    now: datetime,
    voice: UUID | None = None,
    copied_from: str = "",
    copied_voice: UUID | None = None,
    author: UUID | None = None,
) -> SaveOutcome:
    """The same inside a unit of work.

    `copied_from` says where answers come from that nobody typed here, `copied_voice` is the voice of this assessment
    that they come from, `author` whose they are when the viewer only enters them.
    """
    row, speaking, stored = _begin(assessment_id, voice, tuple(answers))
    checklist = checklist_of(row.definition_digest)
    _may_answer(row, speaking, checklist, tuple(answers), viewer, now)
    _check(checklist, {question: answer for question, (answer, _) in answers.items()})
    clean = {question: (clean_answer(answer), expected) for question, (answer, expected) in answers.items()}
    origin = _Origin(
        voice_id(assessment_id, speaking), author or viewer.person_id, viewer.person_id, copied_from, copied_voice
    )
    sorted_out = _sort_out(stored, clean, now)
    _claim_files(row, sorted_out.new, checklist, origin, viewer, now)
    return _keep(row, sorted_out, origin, now)


def _begin(
    assessment_id: UUID, voice: UUID | None, questions: tuple[QuestionId, ...]
) -> tuple[sa.Row[*tuple[Any, ...]], Voice | None, dict[QuestionId, _Stored]]:
    """The assessment, locked, the voice (None: the consolidated one), and the answers of it that stand.

    Two queries on purpose: PostgreSQL, when it had to wait for the lock, gives the newest row of the locked table but
    joins it with what the others held before the wait.
    """
    rows = db.session.execute(_LOCK, {"id_": assessment_id}).all()
    if not rows:
        raise NotFound
    speaking = find_voice(assessment_id, voice)
    names = tuple(question for question in questions if question.isascii() and question.isprintable())
    found = db.session.execute(
        _STANDING, {"a": assessment_id, "v": voice_id(assessment_id, speaking), "questions": names}
    )
    stored = {
        row.question_id: _Stored(row.revision, row.content, row.saved_at, name_in(speaking, row.author_name))
        for row in found
    }
    return rows[0], speaking, stored


def _may_answer(
    row: sa.Row[*tuple[Any, ...]],
    voice: Voice | None,
    checklist: Checklist,
    questions: tuple[QuestionId, ...],
    viewer: Viewer,
    now: datetime,
) -> None:
    place: dict[str, Any] = {"space": row.space_id, "assessment": row.id, "now": now}
    if Permission.SEE_ASSESSMENT not in permissions(viewer.grants, **place):
        raise NotFound
    answerable = answerable_questions(viewer.grants, voice, **place)
    visible = visible_answers(viewer.grants, voice, blind=row.blind, **place)
    for question_id in questions:
        if question_id not in checklist.question_index:
            raise UnknownQuestion(f"The checklist has no question {question_id[:60]!r}.")
        theme_id = checklist.question_index[question_id][1].id
        if not visible.includes(theme_id, question_id):
            raise NotFound
        if not answerable.includes(theme_id, question_id):
            raise NotAllowed("You may read this assessment, but not answer here.")
    if row.discarded_at is not None:
        raise AssessmentClosed("discarded")
    if row.state != State.DRAFT:
        raise AssessmentClosed(row.state)


def clean_answer(answer: Answer) -> Answer:
    """An answer that was checked, with its texts as they are stored: composed, and line feeds for line ends."""
    value = answer.value
    if isinstance(value, str):
        value = clean_text(value, LIMITS.text)
    elif isinstance(value, tuple):
        value = tuple(_clean_cells(one) for one in value)  # type: ignore[assignment]  # the shape stays what it was
    return Answer(
        state=answer.state,
        value=value,
        reason=clean_text(answer.reason, LIMITS.reason),
        comment=clean_text(answer.comment, LIMITS.comment),
        evidence=tuple(
            Evidence(clean_text(one.title, LIMITS.evidence_title), clean_text(one.url, LIMITS.url), one.sha256)
            for one in answer.evidence
        ),
    )


def _clean_cells(one: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if isinstance(one, tuple):
        return tuple(clean_text(cell, LIMITS.cell) for cell in one)
    return clean_text(one, LIMITS.cell)


def _check(checklist: Checklist, answers: Mapping[QuestionId, Answer]) -> None:
    """Refuse what is wrong; what is merely missing is stored and waits."""
    questions = tuple(checklist.question(question_id) for question_id in answers)
    found = check(questions, answers)
    wrong = tuple(Problem(one.question, one.message) for one in found if one.kind is ProblemKind.WRONG)
    if wrong:
        raise InvalidInput("The answer" if len(answers) == 1 else "The answers", wrong)


@dataclass(frozen=True, slots=True)
class _SortedOut:
    """What is to become of some answers: they stand already, met another, or are about to be saved."""

    standing: tuple[SavedAnswer, ...]
    conflicts: tuple[AnswerConflict, ...]
    new: tuple[_New, ...]


def _sort_out(
    stored: Mapping[QuestionId, _Stored], answers: Mapping[QuestionId, tuple[Answer, int]], now: datetime
) -> _SortedOut:
    standing: list[SavedAnswer] = []
    conflicts: list[AnswerConflict] = []
    new: list[_New] = []
    for question_id, (answer, expected) in answers.items():
        stands = stored.get(question_id)
        content = answer_text(answer)
        if stands is not None and stands.content == content:
            standing.append(SavedAnswer(question_id, stands.revision, stands.saved_at))
        elif stands is None and answer == UNANSWERED:
            standing.append(SavedAnswer(question_id, 0, now))
        elif expected != (stands.revision if stands else 0):
            conflicts.append(_conflict(question_id, stands, answer))
        else:
            new.append(_New(question_id, answer, content, stands))
    return _SortedOut(tuple(standing), tuple(conflicts), tuple(new))


def _claim_files(
    row: sa.Row[*tuple[Any, ...]],
    new: tuple[_New, ...],
    checklist: Checklist,
    origin: _Origin,
    viewer: Viewer,
    now: datetime,
) -> None:
    """Let answers name files only that were sent here; what the standing answer names already is not asked again."""
    wanted: dict[QuestionId, frozenset[str]] = {}
    for one in new:
        stands = one.stored.content if one.stored else ""
        files = frozenset(it.sha256 for it in one.answer.evidence if it.sha256 and it.sha256 not in stands)
        if files:
            wanted[one.question_id] = files
    if wanted:
        place = Place(row.space_id, row.id, origin.voice, row.blind, origin.copied_voice)
        claim(wanted, place, checklist, viewer=viewer, now=now, is_copy=bool(origin.copied_from))


def _keep(row: sa.Row[*tuple[Any, ...]], sorted_out: _SortedOut, origin: _Origin, now: datetime) -> SaveOutcome:
    if sorted_out.new:
        _write(row, sorted_out.new, origin, now)
    saved = tuple(SavedAnswer(one.question_id, one.revision, now) for one in sorted_out.new)
    return SaveOutcome((*sorted_out.standing, *saved), sorted_out.conflicts)


def _conflict(question_id: QuestionId, stands: _Stored | None, yours: Answer) -> AnswerConflict:
    return AnswerConflict(
        question_id,
        current=read_answer(stands.content) if stands else UNANSWERED,
        revision=stands.revision if stands else 0,
        saved_by_name=stands.author_name if stands else "",
        saved_at=stands.saved_at if stands else None,
        yours=yours,
    )


def _write(row: sa.Row[*tuple[Any, ...]], new: tuple[_New, ...], origin: _Origin, now: datetime) -> None:
    """The current answers, their revisions as links, and the new end of the chain."""
    session, voice, author = db.session, origin.voice, origin.author
    key = {"assessment_id": row.id, "voice_id": voice}
    for one in new:
        values = {"revision": one.revision, "content": one.content, "author_id": author, "saved_at": now}
        if one.stored is None:
            session.execute(_INSERT_ANSWER, key | {"question_id": one.question_id} | values)
        else:
            session.execute(_UPDATE_ANSWER, values | {"a": row.id, "v": voice, "q": one.question_id})
    seq, head = row.chain_seq, row.chain_head
    revisions = []
    for one in new:
        revision = _revision(seq + 1, head, one, origin, now)
        seq, head = revision["seq"], revision["hash"]
        revisions.append(revision | key)
    session.execute(_INSERT_REVISION, revisions)
    ended = session.execute(
        _UPDATE_CHAIN,
        {"id_": row.id, "from_seq": row.chain_seq, "to_seq": seq, "to_head": head, "at": now},
    )
    if rows_changed(ended) != 1:  # the row is locked, so this means that the lock did not hold
        raise CannotSaveNow


def _revision(seq: int, previous: str, one: _New, origin: _Origin, now: datetime) -> dict[str, Any]:
    salt = new_salt()
    digest = text_digest(salt, one.content)
    link = revision_link(
        seq=seq,
        previous=previous,
        question_id=one.question_id,
        voice=origin.voice,
        revision=one.revision,
        author=origin.author,
        entered_by=origin.entered_by,
        copied_from=origin.copied_from,
        at=now,
        digest=digest,
    )
    return {
        "seq": seq,
        "question_id": one.question_id,
        "revision": one.revision,
        "content": one.content,
        "salt": salt,
        "digest": digest,
        "author_id": origin.author,
        "entered_by_id": origin.entered_by,
        "copied_from": origin.copied_from,
        "saved_at": now,
        "previous": previous,
        "hash": link.seal(),
    }


def revision_link(
    *,
    seq: int,
    previous: str,
    question_id: QuestionId,
    voice: UUID,
    revision: int,
    author: UUID,
    entered_by: UUID,
    copied_from: str,
    at: datetime,
    digest: str,
) -> Link:
    """The link that an answer revision is."""
    return Link(
        seq=seq,
        previous=previous,
        kind=ANSWER,
        at=at,
        by=str(author),
        entered_by=str(entered_by),
        about=question_id,
        details={"voice": str(voice), "revision": str(revision), "copied_from": copied_from},
        digest=digest,
    )


_answer_table: Any = AnswerRecord.__table__
_revision_table: Any = AnswerRevisionRecord.__table__
_assessment_table: Any = AssessmentRecord.__table__

# Built once: building a statement takes longer than running it.
_LOCK = (
    sa.select(
        AssessmentRecord.id,
        AssessmentRecord.space_id,
        AssessmentRecord.definition_digest,
        AssessmentRecord.state,
        AssessmentRecord.blind,
        AssessmentRecord.discarded_at,
        AssessmentRecord.chain_seq,
        AssessmentRecord.chain_head,
    )
    .where(AssessmentRecord.id == sa.bindparam("id_"))
    .with_for_update()
)
_STANDING = (
    sa.select(
        AnswerRecord.question_id,
        AnswerRecord.revision,
        AnswerRecord.content,
        AnswerRecord.saved_at,
        PersonRecord.name.label("author_name"),
    )
    .join(PersonRecord, PersonRecord.id == AnswerRecord.author_id)
    .where(
        AnswerRecord.assessment_id == sa.bindparam("a"),
        AnswerRecord.voice_id == sa.bindparam("v"),
        AnswerRecord.question_id.in_(sa.bindparam("questions", expanding=True)),
    )
    .order_by(AnswerRecord.question_id)
)
_INSERT_ANSWER = _answer_table.insert()
_INSERT_REVISION = _revision_table.insert()
_UPDATE_ANSWER = (
    _answer_table.update()
    .where(
        _answer_table.c.assessment_id == sa.bindparam("a"),
        _answer_table.c.voice_id == sa.bindparam("v"),
        _answer_table.c.question_id == sa.bindparam("q"),
    )
    .values({name: sa.bindparam(name) for name in ("revision", "content", "author_id", "saved_at")})
)
_UPDATE_CHAIN = (
    _assessment_table.update()
    .where(_assessment_table.c.id == sa.bindparam("id_"), _assessment_table.c.chain_seq == sa.bindparam("from_seq"))
    .values(chain_seq=sa.bindparam("to_seq"), chain_head=sa.bindparam("to_head"), updated_at=sa.bindparam("at"))
)
