"""Who has what in hand and how far they are: for the person, for the focal point, for the daily digest."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from toolkit.config import time_zone
from toolkit.domain.access import Permission, Reach
from toolkit.domain.answers import Answer
from toolkit.domain.assessment import Mandate, State, ThemeScope
from toolkit.domain.checklist import Checklist, QuestionId, Theme, ThemeId, Track
from toolkit.domain.errors import NotAllowed, NotFound
from toolkit.domain.handovers import (
    HandedPart,
    HandoverProgress,
    HandoverState,
    PartKind,
    Urgency,
    handover_progress,
    is_open,
    is_stuck,
    local_day,
    parts_reach,
    questions_of,
    urgency,
)
from toolkit.domain.routing import asked
from toolkit.domain.scorecard import Standing
from toolkit.services.checklists import checklist_of
from toolkit.services.handing_over import people_here
from toolkit.services.opening import OpenAssessment, load
from toolkit.services.roster import PersonLine
from toolkit.services.viewers import Viewer
from toolkit.storage.answer_text import read_answer, read_facts
from toolkit.storage.assessments import (
    AnswerRecord,
    AssessmentRecord,
    ThemeScopeRecord,
    VoiceRecord,
    consolidated_voice,
)
from toolkit.storage.db import current_config, db, reading
from toolkit.storage.handovers import HandoverPartRecord, HandoverRecord, PersonalLinkRecord
from toolkit.storage.people import PersonRecord
from toolkit.storage.spaces import SubjectRecord
from toolkit.storage.trail import TrailLinkRecord

MAX_MINE = 100  # hand-overs of one person on one page
_ORDER = {HandoverState.RETURNED: 0, HandoverState.OPEN: 1, HandoverState.DONE: 2, HandoverState.ENDED: 3}
_LAST_DAY = date.max


@dataclass(frozen=True, slots=True)
class LinkLine:
    """The personal link of a hand-over to somebody without an account."""

    expires_at: datetime
    opened_at: datetime | None
    works: bool


@dataclass(frozen=True, slots=True)
class HandoverLine:
    """A hand-over in a list, as it stands today.

    `voice` is empty for the consolidated one. `parts` are titles of themes and texts of questions, in the checklist's
    order. `sent_back` counts its questions that a reviewer sent back.
    """

    id: UUID
    assessment_id: UUID
    assessment_title: str
    subject: str
    person_id: UUID
    person_name: str
    person_state: str
    voice_id: UUID | None
    voice: str
    first_theme: ThemeId
    parts: tuple[str, ...]
    reach: Reach
    state: HandoverState
    due_on: date | None
    urgency: Urgency
    note: str
    by_name: str
    at: datetime
    done_at: datetime | None
    done_note: str
    returned_at: datetime | None
    returned_note: str
    reminded_at: datetime | None
    ended_at: datetime | None
    progress: HandoverProgress
    is_stuck: bool
    sent_back: int
    link: LinkLine | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether the person is to do something."""
        return self.state in {HandoverState.OPEN, HandoverState.RETURNED}

    @property
    def came_back(self) -> bool:
        """Whether it was given back, or a reviewer sent back answers in it."""
        return self.state is HandoverState.RETURNED or (self.is_waiting and self.sent_back > 0)


@dataclass(frozen=True, slots=True)
class NobodysTheme:
    """A theme with open questions that nobody has in hand: how many, of how many asked, and their minutes."""

    theme: Theme
    open: int
    asked: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that was handed over in an assessment: what waits, what is done, what is nobody's yet."""

    opened: OpenAssessment
    waiting: tuple[HandoverLine, ...]
    done: tuple[HandoverLine, ...]
    ended: tuple[HandoverLine, ...]
    nobodys: tuple[NobodysTheme, ...]

    @property
    def late(self) -> tuple[HandoverLine, ...]:
        """What should have been done by now."""
        return tuple(line for line in self.waiting if line.urgency is Urgency.LATE)

    @property
    def stuck(self) -> tuple[HandoverLine, ...]:
        """What nobody has gone on with for a week."""
        return tuple(line for line in self.waiting if line.is_stuck)


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be handed over, and to whom."""

    opened: OpenAssessment
    people: tuple[PersonLine, ...]
    themes: tuple[tuple[Theme, NobodysTheme | None, int], ...]  # with what is nobody's, and minutes for what is open


def board(assessment_id: UUID, *, viewer: Viewer, now: datetime) -> Board:
    """Who has what of an assessment. Raises NotFound, NotAllowed."""
    with reading():
        opened = load(assessment_id, viewer=viewer, now=now)
        if not opened.may(Permission.HAND_OVER):
            raise NotAllowed
        lines = _read(HandoverRecord.assessment_id == assessment_id, now)
    return Board(
        opened,
        tuple(line for line in lines if line.is_waiting),
        tuple(line for line in lines if line.state is HandoverState.DONE),
        tuple(line for line in lines if line.state is HandoverState.ENDED),
        _nobodys(opened, [line for line in lines if line.state is not HandoverState.ENDED]),
    )


def offer(assessment_id: UUID, *, viewer: Viewer, now: datetime, voice: UUID | None = None) -> Offer:
    """What can be handed over in a voice, and to whom. Raises NotFound, NotAllowed."""
    with reading():
        opened = load(assessment_id, viewer=viewer, now=now, voice=voice)
        if not opened.may(Permission.HAND_OVER):
            raise NotAllowed
        people = people_here(opened, now)
        same = HandoverRecord.voice_id.is_(None) if opened.voice is None else HandoverRecord.voice_id == opened.voice.id
        current = sa.and_(HandoverRecord.assessment_id == assessment_id, same, HandoverRecord.ended_at.is_(None))
        nobodys = {one.theme.id: one for one in _nobodys(opened, _read(current, now))}
    standing = _standing_of(opened)
    themes = []
    for _, theme in opened.checklist.themes():
        questions = questions_of(theme, parts_reach([HandedPart(PartKind.THEME, theme.id)]), standing)
        if questions:
            left = [one for one in questions if is_open(opened.assessment.answers.get(one.id))]
            themes.append((theme, nobodys.get(theme.id), sum(one.minutes for one in left)))
    return Offer(opened, people, tuple(themes))


def in_my_hands(viewer: Viewer, *, now: datetime, assessment_id: UUID | None = None) -> tuple[HandoverLine, ...]:
    """What was handed over to somebody in drafts, or in one of them: what came back first, then by its day.

    Whoever came by a personal link finds that one alone.
    """
    with reading():
        found = of_person(viewer.person_id, now=now, assessment_id=assessment_id)
    return found if viewer.link is None else tuple(line for line in found if line.id == viewer.link.handover_id)


def of_person(person_id: UUID, *, now: datetime, assessment_id: UUID | None = None) -> tuple[HandoverLine, ...]:
    """The same inside a look or a unit of work, whoever asks."""
    record, row = HandoverRecord, AssessmentRecord
    wanted = sa.and_(
        record.person_id == person_id,
        record.ended_at.is_(None),
        row.state == State.DRAFT,
        row.discarded_at.is_(None),
    )
    if assessment_id is not None:
        wanted = sa.and_(wanted, record.assessment_id == assessment_id)
    return _read(wanted, now, limit=MAX_MINE)


def one_line(handover_id: UUID, *, now: datetime) -> HandoverLine:
    """One hand-over, whoever asks, inside a look or a unit of work. Raises NotFound."""
    found = _read(HandoverRecord.id == handover_id, now)
    if not found:
        raise NotFound
    return found[0]


def _read(wanted: sa.ColumnElement[bool], now: datetime, limit: int | None = None) -> tuple[HandoverLine, ...]:
    """The hand-overs that fit, as they stand: four queries, however many there are."""
    today = local_day(now, time_zone(current_config()))
    rows = db.session.execute(_query(wanted, limit)).all()
    parts: dict[UUID, list[HandedPart]] = {}
    firsts: dict[UUID, Any] = {}
    for row in rows:
        firsts.setdefault(row.id, row)
        parts.setdefault(row.id, []).append(HandedPart(PartKind(row.part_kind), row.part_id))
    stand = _Stand(list(firsts.values()))
    lines = [_line(row, parts[row.id], stand, today, now) for row in firsts.values()]
    return tuple(sorted(lines, key=lambda one: (_ORDER[one.state], one.due_on or _LAST_DAY, one.at, str(one.id))))


def _query(wanted: sa.ColumnElement[bool], limit: int | None) -> sa.Select[*tuple[Any, ...]]:
    record, row, giver = HandoverRecord, AssessmentRecord, aliased(PersonRecord)
    chosen = (
        sa.select(record.id)
        .join(row, row.id == record.assessment_id)
        .where(wanted)
        .order_by(record.done_at.is_not(None), record.due_on.is_(None), record.due_on, record.at, record.id)
    )
    if limit is not None:
        chosen = chosen.limit(limit)
    return (
        sa.select(
            *record.__table__.c,
            HandoverPartRecord.kind.label("part_kind"),
            HandoverPartRecord.part_id,
            PersonRecord.name.label("person_name"),
            PersonRecord.joined_at,
            PersonRecord.disabled_at,
            PersonRecord.by_link,
            PersonalLinkRecord.expires_at,
            PersonalLinkRecord.opened_at,
            PersonalLinkRecord.revoked_at,
            giver.name.label("by_name"),
            VoiceRecord.name.label("voice_name"),
            row.title,
            row.definition_digest,
            row.track,
            row.facts,
            row.returned_seq,
            SubjectRecord.name.label("subject_name"),
        )
        .join(HandoverPartRecord, HandoverPartRecord.handover_id == record.id)
        .join(PersonRecord, PersonRecord.id == record.person_id)
        .outerjoin(PersonalLinkRecord, PersonalLinkRecord.handover_id == record.id)
        .outerjoin(giver, giver.id == record.by_id)
        .outerjoin(VoiceRecord, VoiceRecord.id == record.voice_id)
        .join(row, row.id == record.assessment_id)
        .join(SubjectRecord, SubjectRecord.id == row.subject_id)
        .where(record.id.in_(chosen.scalar_subquery()))
        .order_by(record.at, record.id, HandoverPartRecord.kind, HandoverPartRecord.part_id)
    )


class _Stand:
    """How the assessments of some hand-overs stand, in the voices of these: three queries."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = {row.assessment_id: row for row in rows}
        self._answers: dict[tuple[UUID, UUID], dict[QuestionId, Answer]] = {}
        self._saved: dict[tuple[UUID, UUID], dict[QuestionId, datetime]] = {}
        self._standing: dict[tuple[UUID, UUID], Mapping[QuestionId, Standing]] = {}
        self._scopes: dict[UUID, dict[ThemeId, ThemeScope]] = {}
        self._returned: dict[UUID, frozenset[QuestionId]] = {}
        if rows:
            self._read_answers({(row.assessment_id, voice_of(row)) for row in rows})
            self._read_scopes()
            self._read_returned()

    def checklist(self, assessment_id: UUID) -> Checklist:
        return checklist_of(self._rows[assessment_id].definition_digest)

    def returned(self, assessment_id: UUID) -> frozenset[QuestionId]:
        return self._returned.get(assessment_id, frozenset())

    def progress(self, assessment_id: UUID, voice: UUID, reach: Reach) -> HandoverProgress:
        key = (assessment_id, voice)
        if key not in self._standing:
            row = self._rows[assessment_id]
            self._standing[key] = asked(
                self.checklist(assessment_id),
                self._answers.get(key, {}),
                track=Track(row.track),
                scope=self._scopes.get(assessment_id, {}),
                facts=read_facts(row.facts),
            )
        return handover_progress(
            self.checklist(assessment_id),
            reach,
            standing=self._standing[key],
            answers=self._answers.get(key, {}),
            saved_at=self._saved.get(key, {}),
        )

    def _read_answers(self, wanted: Collection[tuple[UUID, UUID]]) -> None:
        answer = AnswerRecord
        rows = db.session.execute(
            sa.select(answer.assessment_id, answer.voice_id, answer.question_id, answer.content, answer.saved_at)
            .where(
                answer.assessment_id.in_(sorted({one for one, _ in wanted}, key=str)),
                answer.voice_id.in_(sorted({voice for _, voice in wanted}, key=str)),
            )
            .order_by(answer.assessment_id, answer.voice_id, answer.question_id)
        )
        for row in rows:
            key = (row.assessment_id, row.voice_id)
            self._answers.setdefault(key, {})[row.question_id] = read_answer(row.content)
            self._saved.setdefault(key, {})[row.question_id] = row.saved_at

    def _read_scopes(self) -> None:
        scope = ThemeScopeRecord
        for row in db.session.execute(
            sa.select(scope.assessment_id, scope.theme_id, scope.mandate, scope.reason)
            .where(scope.assessment_id.in_(sorted(self._rows, key=str)))
            .order_by(scope.assessment_id, scope.theme_id)
        ):
            self._scopes.setdefault(row.assessment_id, {})[row.theme_id] = ThemeScope(Mandate(row.mandate), row.reason)

    def _read_returned(self) -> None:
        """The questions that reviewers sent back last, where the assessment was not sent on since."""
        link = TrailLinkRecord
        sent = [
            sa.and_(link.chain_id == row.assessment_id, link.seq == row.returned_seq)
            for row in self._rows.values()
            if row.returned_seq is not None
        ]
        if sent:
            rows = db.session.execute(
                sa.select(link.chain_id, link.text).where(sa.or_(*sent)).order_by(link.chain_id, link.seq)
            )
            self._returned = {row.chain_id: frozenset(json.loads(row.text or "{}")) for row in rows}


def voice_of(row: Any) -> UUID:
    """The id of the voice that a hand-over is in, the consolidated one's where it names none."""
    found: UUID = row.voice_id or consolidated_voice(row.assessment_id)
    return found


def _line(row: Any, parts: Sequence[HandedPart], stand: _Stand, today: date, now: datetime) -> HandoverLine:
    checklist = stand.checklist(row.assessment_id)
    reach = parts_reach(parts)
    progress = stand.progress(row.assessment_id, voice_of(row), reach)
    titles, first = _titles(checklist, reach)
    waits = row.done_at is None and row.ended_at is None
    sent_back = [
        one
        for one in stand.returned(row.assessment_id)
        if one in checklist.question_index and reach.includes(checklist.question_index[one][1].id, one)
    ]
    return HandoverLine(
        id=row.id,
        assessment_id=row.assessment_id,
        assessment_title=row.title,
        subject=row.subject_name,
        person_id=row.person_id,
        person_name=row.person_name,
        person_state=_person_state(row),
        voice_id=row.voice_id,
        voice=row.voice_name or "",
        first_theme=first,
        parts=titles,
        reach=reach,
        state=_state(row),
        due_on=row.due_on,
        urgency=urgency(row.due_on, today) if waits else Urgency.NONE,
        note=row.note,
        by_name=row.by_name or "",
        at=row.at,
        done_at=row.done_at,
        done_note=row.done_note,
        returned_at=row.returned_at,
        returned_note=row.returned_note,
        reminded_at=row.reminded_at,
        ended_at=row.ended_at,
        progress=progress,
        is_stuck=waits and is_stuck(progress, row.returned_at or row.at, now),
        sent_back=0 if row.voice_id else len(sent_back),
        link=_link(row, now),
    )


def _person_state(row: Any) -> str:
    if row.disabled_at:
        return "disabled"
    return "active" if row.joined_at else "link" if row.by_link else "invited"


def _link(row: Any, now: datetime) -> LinkLine | None:
    if row.expires_at is None:
        return None
    return LinkLine(row.expires_at, row.opened_at, row.revoked_at is None and row.expires_at > now)


def _state(row: Any) -> HandoverState:
    if row.ended_at is not None:
        return HandoverState.ENDED
    if row.done_at is not None:
        return HandoverState.DONE
    return HandoverState.RETURNED if row.returned_at is not None else HandoverState.OPEN


def _titles(checklist: Checklist, reach: Reach) -> tuple[tuple[str, ...], ThemeId]:
    """What the parts are called, in the checklist's order, and the theme where they begin."""
    titles: list[str] = []
    first: ThemeId = ""
    for _, theme in checklist.themes():
        questions = [one.text for one in theme.questions if one.id in reach.questions]
        if theme.id in reach.themes:
            titles.append(theme.title)
        else:
            titles += questions
        if titles and not first:
            first = theme.id
    return tuple(titles), first


def _standing_of(opened: OpenAssessment) -> Mapping[QuestionId, Standing]:
    one = opened.assessment
    return asked(opened.checklist, one.answers, track=one.track, scope=one.scope, facts=one.facts)


def _nobodys(opened: OpenAssessment, lines: Sequence[HandoverLine]) -> tuple[NobodysTheme, ...]:
    """Themes in the mandate with open questions that nobody has in hand, in the voice of `opened`."""
    voice = opened.voice.id if opened.voice else None
    taken = Reach(everywhere=False)
    for line in lines:
        if line.voice_id == voice:
            taken = taken | line.reach
    standing = _standing_of(opened)
    found = []
    for _, theme in opened.checklist.themes():
        questions = questions_of(theme, parts_reach([HandedPart(PartKind.THEME, theme.id)]), standing)
        left = [
            one
            for one in questions
            if is_open(opened.assessment.answers.get(one.id)) and not taken.includes(theme.id, one.id)
        ]
        if left:
            found.append(NobodysTheme(theme, len(left), len(questions), sum(one.minutes for one in left)))
    return tuple(found)
