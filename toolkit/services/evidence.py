"""Evidence files: sent for a question, named by its answer, read under the rule of that answer.

The answer names a file by its digest; what it names is never overwritten and stays for its history.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import Permission
from toolkit.domain.answers import Evidence
from toolkit.domain.assessment import State
from toolkit.domain.checklist import QuestionId
from toolkit.domain.errors import AssessmentClosed, FileRefused, FileTooLarge, NotAllowed, NotFound, UnknownQuestion
from toolkit.files.kinds import KINDS, clean_name, kind_of
from toolkit.files.store import file_store
from toolkit.services.answering import SavedAnswer, save_in
from toolkit.services.evidence_rows import MAX_FILE_BYTES, MIB, check_room
from toolkit.services.opening import OpenAssessment, load, voice_id
from toolkit.services.viewers import Viewer
from toolkit.storage.base import insert_for, new_id
from toolkit.storage.db import current_config, db, reading, transaction
from toolkit.storage.evidence import EvidenceFileRecord
from toolkit.storage.spaces import SpaceRecord

_LABELS = {kind.media_type: kind.label for kind in KINDS}


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One file: what it is and how large, in bytes."""

    question_id: QuestionId
    sha256: str
    name: str
    media_type: str
    size: int

    @property
    def label(self) -> str:
        """What people call its kind."""
        return _LABELS.get(self.media_type, "File")


def keep_file(
    assessment_id: UUID,
    question_id: QuestionId,
    file: BinaryIO,
    name: str,
    *,
    viewer: Viewer,
    now: datetime,
    voice: UUID | None = None,
) -> EvidenceFile:
    """Keep a file for a question, to be named by its answer within a day. The same file again is kept once.

    It is on disk before its row is written. Raises NotFound, NotAllowed, AssessmentClosed, UnknownQuestion,
    FileTooLarge, FileRefused, StorageFull, CannotSaveNow.
    """
    size = file.seek(0, 2)
    with reading():
        opened = load(assessment_id, viewer=viewer, now=now, voice=voice)
        _may_attach(opened, question_id)
        if size > MAX_FILE_BYTES:
            raise FileTooLarge(too_large(size))
        _check_room(opened, size)
    kind = kind_of(file, name)
    clean = clean_name(name, kind)
    if any(one in clean for one in "\ud800\udfff"):
        raise FileRefused("The name of this file cannot be read. Give it another name.")
    sha256 = file_store(current_config()).put(file)
    with transaction() as session:
        opened = load(assessment_id, viewer=viewer, now=now, voice=voice, lock=True)
        _may_attach(opened, question_id)
        row = EvidenceFileRecord
        known = _find(opened, question_id, sha256)
        if known is not None:
            return known
        _check_room(opened, size, lock=True)
        values = {"sha256": sha256, "media_type": kind.media_type, "size": size, "name": clean}
        session.execute(
            insert_for(session)(row)
            .values(
                id=new_id(),
                assessment_id=assessment_id,
                voice_id=voice_id(assessment_id, opened.voice),
                question_id=question_id,
                uploaded_by=viewer.person_id,
                uploaded_at=now,
                **values,
            )
            .on_conflict_do_nothing()
        )
    return EvidenceFile(question_id, sha256, clean, kind.media_type, size)


def attach_file(
    assessment_id: UUID,
    question_id: QuestionId,
    file: BinaryIO,
    name: str,
    title: str,
    *,
    viewer: Viewer,
    now: datetime,
    voice: UUID | None = None,
) -> SavedAnswer:
    """Keep a file and add it to the answer as it stands; without a title it goes by its name.

    Raises InvalidInput and what `keep_file` raises. Adding takes nothing away, so it meets no conflict.
    """
    kept = keep_file(assessment_id, question_id, file, name, viewer=viewer, now=now, voice=voice)
    with transaction():
        opened = load(assessment_id, viewer=viewer, now=now, voice=voice, lock=True)
        stands = opened.assessment.answer(question_id)
        revision = opened.answer_revisions.get(question_id, 0)
        if any(one.sha256 == kept.sha256 for one in stands.evidence):
            return SavedAnswer(question_id, revision, now)
        added = Evidence(title.strip() or kept.name, sha256=kept.sha256)
        answer = replace(stands, evidence=(*stands.evidence, added))
        outcome = save_in(assessment_id, {question_id: (answer, revision)}, viewer=viewer, now=now, voice=voice)
    return outcome.saved[0]


def open_file(
    assessment_id: UUID,
    question_id: QuestionId,
    sha256: str,
    *,
    viewer: Viewer,
    now: datetime,
    voice: UUID | None = None,
) -> tuple[EvidenceFile, BinaryIO]:
    """A file and its content, for whoever may read the answer it belongs to, in any of its versions.

    Raises NotFound, and FileMissing when it was damaged.
    """
    with reading():
        opened = load(assessment_id, viewer=viewer, now=now, voice=voice)
        if Permission.SEE_ASSESSMENT not in opened.permissions or not _is_visible(opened, question_id):
            raise NotFound
        found = _find(opened, question_id, sha256)
    if found is None:
        raise NotFound
    return found, file_store(current_config()).open(sha256)


def files_of(opened: OpenAssessment, questions: Iterable[QuestionId]) -> dict[tuple[QuestionId, str], EvidenceFile]:
    """The files of some questions in the voice that was opened, by question and digest: one query, or none."""
    names = sorted(one for one in questions if any(item.sha256 for item in opened.assessment.answer(one).evidence))
    if not names:
        return {}
    with reading():
        rows = db.session.execute(_select(opened).where(EvidenceFileRecord.question_id.in_(names))).all()
    return {(row.question_id, row.sha256): _file(row) for row in rows}


def too_large(size: int) -> str:
    """What to say of a file that is too large."""
    return (
        f"The file has {-(-size // MIB):,} MiB; at most {MAX_FILE_BYTES // MIB} MiB fit. "
        "Make it smaller, or give a link to it."
    )


def _may_attach(opened: OpenAssessment, question_id: QuestionId) -> None:
    if question_id not in opened.checklist.question_index:
        raise UnknownQuestion("The checklist has no such question.")
    if not _is_visible(opened, question_id):
        raise NotFound
    theme = opened.checklist.question_index[question_id][1]
    if not opened.answerable.includes(theme.id, question_id):
        raise NotAllowed("You may read this assessment, but not answer here.")
    if opened.discarded_at is not None:
        raise AssessmentClosed("discarded")
    if opened.assessment.state is not State.DRAFT:
        raise AssessmentClosed(opened.assessment.state)


def _is_visible(opened: OpenAssessment, question_id: QuestionId) -> bool:
    found = opened.checklist.question_index.get(question_id)
    return found is not None and opened.visible.includes(found[1].id, question_id)


def _check_room(opened: OpenAssessment, size: int, *, lock: bool = False) -> None:
    space = SpaceRecord
    query = sa.select(space.is_sandbox).where(space.id == opened.space.id)
    if lock:  # two assessments of one space take turns, too
        query = query.with_for_update(key_share=True)
    is_demo = db.session.execute(query).scalar_one()
    check_room(opened.space.id, opened.id, size, is_demo=is_demo)


def _find(opened: OpenAssessment, question_id: QuestionId, sha256: str) -> EvidenceFile | None:
    row = EvidenceFileRecord
    query = _select(opened).where(row.question_id == question_id, row.sha256 == sha256)
    found = db.session.execute(query).one_or_none()
    return _file(found) if found is not None else None


def _file(row: sa.Row[*tuple[Any, ...]]) -> EvidenceFile:
    return EvidenceFile(row.question_id, row.sha256, row.name, row.media_type, row.size)


def _select(opened: OpenAssessment) -> sa.Select[*tuple[Any, ...]]:
    row = EvidenceFileRecord
    return (
        sa.select(row.question_id, row.sha256, row.name, row.media_type, row.size)
        .where(row.assessment_id == opened.id, row.voice_id == voice_id(opened.id, opened.voice))
        .order_by(row.uploaded_at, row.id)
    )
