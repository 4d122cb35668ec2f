"""Rows of evidence files: what fits, which answers may name which files, and which nobody names any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.checklist import Checklist, QuestionId
from toolkit.domain.errors import InvalidInput, Problem, StorageFull
from toolkit.domain.voices import Voice, VoiceKind, visible_answers
from toolkit.services.viewers import Viewer
from toolkit.storage.answer_text import read_answer
from toolkit.storage.assessments import AnswerRecord, AnswerRevisionRecord, AssessmentRecord, VoiceRecord
from toolkit.storage.base import new_id, rows_changed
from toolkit.storage.db import db, transaction
from toolkit.storage.evidence import EvidenceFileRecord
from toolkit.storage.submissions import SubmissionRecord

MIB = 1024 * 1024
WAITING_HOURS = 24  # how long a file is kept that no answer names yet


@dataclass(frozen=True, slots=True)
class Quota:
    """How many files, and how many bytes of them together."""

    files: int
    bytes: int


MAX_FILE_BYTES = 10 * MIB
OF_ASSESSMENT = Quota(500, 500 * MIB)
OF_SPACE = Quota(2_000, 2_048 * MIB)
OF_DEMO = Quota(20, 20 * MIB)  # a visitor's


def check_room(space_id: UUID, assessment_id: UUID, size: int, *, is_demo: bool) -> None:
    """Raise StorageFull where one more file of this size would be too much for its assessment or space."""
    row = EvidenceFileRecord
    mine = sa.case((row.assessment_id == assessment_id, 1), else_=0)
    found = db.session.execute(
        sa.select(
            sa.func.count().label("files"),
            sa.func.coalesce(sa.func.sum(row.size), 0).label("bytes"),
            sa.func.coalesce(sa.func.sum(mine), 0).label("own_files"),
            sa.func.coalesce(sa.func.sum(mine * row.size), 0).label("own_bytes"),
        )
        .join(AssessmentRecord, AssessmentRecord.id == row.assessment_id)
        .where(AssessmentRecord.space_id == space_id)
    ).one()
    limits = (
        ("This demo", OF_DEMO if is_demo else OF_SPACE, found.files, found.bytes),
        ("This assessment", OF_ASSESSMENT, found.own_files, found.own_bytes),
    )
    for name, quota, files, used in limits:
        if files + 1 > quota.files or int(used) + size > quota.bytes:
            whose = name if is_demo or name == "This assessment" else "Your organization’s area"
            raise StorageFull(
                f"{whose} holds {files} files with {int(used) // MIB} MiB; "
                f"{quota.files:,} files and {quota.bytes // MIB:,} MiB fit. Give a link instead."
            )


@dataclass(frozen=True, slots=True)
class Place:
    """Where answers are being saved, and whose they are; `copied_voice` is the one that they are taken over from."""

    space_id: UUID
    assessment_id: UUID
    voice_id: UUID
    blind: bool
    copied_voice: UUID | None = None


def claim(
    wanted: Mapping[QuestionId, frozenset[str]],
    place: Place,
    checklist: Checklist,
    *,
    viewer: Viewer,
    now: datetime,
    is_copy: bool,
) -> None:
    """Hold the files that answers newly name to those that were sent for them, and mark these as attached.

    A file that was sent elsewhere in the assessment may be named too, by somebody who may read it there. With
    `is_copy` a digest of a file that is not kept here passes: it came with an answer that named it already.
    Raises InvalidInput, inside a unit of work.
    """
    row = EvidenceFileRecord
    digests = frozenset().union(*wanted.values())
    here = sa.and_(
        row.assessment_id == place.assessment_id, row.voice_id == place.voice_id, row.question_id.in_(sorted(wanted))
    )
    marked = db.session.execute(
        sa.update(row)
        .where(here, row.sha256.in_(sorted(digests)))
        .values(attached_at=sa.func.coalesce(row.attached_at, sa.literal(now, row.attached_at.type)))
        .returning(row.question_id, row.sha256)
    )
    known = {(found.question_id, found.sha256) for found in marked}
    missing = [
        (question, one) for question in wanted for one in sorted(wanted[question]) if (question, one) not in known
    ]
    if missing:
        _claim_elsewhere(missing, place, checklist, viewer=viewer, now=now, is_copy=is_copy)


def _claim_elsewhere(
    missing: list[tuple[QuestionId, str]],
    place: Place,
    checklist: Checklist,
    *,
    viewer: Viewer,
    now: datetime,
    is_copy: bool,
) -> None:
    row = EvidenceFileRecord
    columns = (row.voice_id, row.question_id, row.sha256, row.media_type, row.size, row.name, row.uploaded_by)
    found = db.session.execute(
        sa.select(*columns, row.uploaded_at, VoiceRecord.kind)
        .join(VoiceRecord, VoiceRecord.id == row.voice_id)
        .where(row.assessment_id == place.assessment_id, row.sha256.in_(sorted({one for _, one in missing})))
        .order_by(row.uploaded_at, row.id)
    ).all()
    for question, sha256 in missing:
        source = next(
            (
                one
                for one in found
                if one.sha256 == sha256
                and (
                    (one.voice_id, one.question_id) == (place.copied_voice, question)
                    or _may_read(one, place, checklist, viewer, now)
                )
            ),
            None,
        )
        if source is not None:
            values = {name: value for name, value in source._mapping.items() if name != "kind"} | {
                "voice_id": place.voice_id,
                "question_id": question,
                "attached_at": now,
            }
            db.session.execute(sa.insert(row).values(id=new_id(), assessment_id=place.assessment_id, **values))
        elif not is_copy:
            raise InvalidInput(
                "The answer", (Problem(question, "A file of its evidence is not kept here. Send it again."),)
            )


def _may_read(
    one: sa.Row[*tuple[object, ...]], place: Place, checklist: Checklist, viewer: Viewer, now: datetime
) -> bool:
    voice = None if one.kind == VoiceKind.CONSOLIDATED else Voice(one.voice_id, VoiceKind(one.kind), "")
    found = checklist.question_index.get(one.question_id)
    visible = visible_answers(
        viewer.grants, voice, space=place.space_id, assessment=place.assessment_id, blind=place.blind, now=now
    )
    return found is not None and visible.includes(found[1].id, one.question_id)


def forget_waiting(*, now: datetime) -> int:
    """Forget files that no answer named within a day: how many. What lies in the store goes with the next sweep."""
    row = EvidenceFileRecord
    old = sa.and_(row.attached_at.is_(None), row.uploaded_at <= now - timedelta(hours=WAITING_HOURS))
    with transaction() as session:
        return rows_changed(session.execute(sa.delete(row).where(old)))


def forget_unnamed_in(assessment_id: UUID) -> int:
    """Forget the files of an assessment that no answer, no version of one and no submission names any more: how many.

    For when words were erased, inside a unit of work. Nothing else ever takes a name away.
    """
    row, answer, revision, submission = EvidenceFileRecord, AnswerRecord, AnswerRevisionRecord, SubmissionRecord
    session = db.session
    found = session.execute(
        sa.select(row.id, row.sha256).where(row.assessment_id == assessment_id, row.attached_at.is_not(None))
    ).all()
    if not found:
        return 0
    named: set[str] = set()
    for table in (answer, revision):
        texts = session.execute(sa.select(table.content).where(table.assessment_id == assessment_id)).scalars()
        named |= {one.sha256 for text in texts if text is not None for one in read_answer(text).evidence}
    submitted = session.execute(
        sa.select(submission.content).where(submission.assessment_id == assessment_id)
    ).scalars()
    contents = list(submitted)
    over = [
        one.id
        for one in found
        if one.sha256 not in named and not any(one.sha256.encode() in content for content in contents)
    ]
    session.execute(sa.delete(row).where(row.id.in_(over)))
    return len(over)
