"""Starting an assessment: a subject, a checklist version for good, a track, and how it will be signed off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.access import Permission
from toolkit.domain.assessment import FactValue, SignOff, State, Subject, SubjectKind
from toolkit.domain.checklist import Checklist, Track
from toolkit.domain.errors import NotAllowed
from toolkit.domain.trail import START
from toolkit.domain.voices import VoiceKind
from toolkit.services.accounts import clean_line, clean_name, require, viewer_of
from toolkit.services.changing import record_change
from toolkit.services.checklists import keep_definition
from toolkit.services.scoping import check_facts
from toolkit.services.spaces import check_country
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import (
    CONSOLIDATED,
    AssessmentRecord,
    VoiceRecord,
    consolidated_voice,
    staff_union_voice,
)
from toolkit.storage.base import insert_for, new_id
from toolkit.storage.db import db, transaction
from toolkit.storage.spaces import SubjectRecord
from toolkit.storage.trail import append_to_accounts

MAX_TITLE = 300
STARTED = "assessment_started"
HAVE_STAFF = frozenset({SubjectKind.ORGANIZATION, SubjectKind.UNIT})


def start(
    *,
    space_id: UUID,
    subject: Subject,
    checklist_id: str,
    version: str,
    track: Track,
    sign_off: SignOff,
    title: str,
    facts: Mapping[str, FactValue],
    by: UUID,
    now: datetime,
) -> UUID:
    """Start an assessment: its id. An empty title becomes the subject's name.

    Raises NotFound (space, checklist), NotAllowed, InvalidInput.
    """
    viewer = viewer_of(by, now=now)
    may_start(viewer, space_id, now=now)
    with transaction():
        checklist = keep_definition(checklist_id, version, now=now)
        return add_assessment(
            space_id, subject, checklist, track, sign_off, title=title, facts=facts, viewer=viewer, now=now
        )


def may_start(viewer: Viewer, space_id: UUID, *, now: datetime) -> None:
    """Raise NotFound or NotAllowed unless the viewer may start assessments in a space."""
    require(viewer, Permission.SEE_SPACE, space=space_id, now=now)
    if not viewer.may(Permission.START_ASSESSMENT, space=space_id, now=now):
        raise NotAllowed("You may not start an assessment here.")


def add_assessment(
    space_id: UUID,
    subject: Subject,
    checklist: Checklist,
    track: Track,
    sign_off: SignOff,
    *,
    title: str,
    facts: Mapping[str, FactValue],
    viewer: Viewer,
    now: datetime,
    details: Mapping[str, str] | None = None,
) -> UUID:
    """A new draft with its voices and the first link of its chain, inside a unit of work.

    Every assessment has its consolidated voice, that of an organization or unit the staff union's too.
    """
    assessment_id = new_id()
    db.session.execute(
        sa.insert(AssessmentRecord).values(
            id=assessment_id,
            space_id=space_id,
            subject_id=_subject(space_id, subject),
            definition_digest=checklist.digest,
            title=clean_name(title.strip() or subject.name, path="title", max_chars=MAX_TITLE),
            track=track,
            sign_off=sign_off,
            state=State.DRAFT,
            facts=check_facts(checklist, facts),
            submissions=0,
            started_at=now,
            started_by=viewer.person_id,
            updated_at=now,
            chain_seq=0,
            chain_head=START,
        )
    )
    voices = [{"id": consolidated_voice(assessment_id), "kind": CONSOLIDATED, "name": ""}]
    if subject.kind in HAVE_STAFF:
        voices.append({"id": staff_union_voice(assessment_id), "kind": VoiceKind.STAFF_UNION, "name": "Staff union"})
    db.session.execute(sa.insert(VoiceRecord), [one | {"assessment_id": assessment_id} for one in voices])
    record_change(
        assessment_id,
        "started",
        state=State.DRAFT,
        chain_seq=0,
        chain_head=START,
        by=viewer.person_id,
        at=now,
        details={
            "checklist": checklist.digest,
            "track": str(track),
            "sign_off": str(sign_off),
            **dict(details or {}),
        },
    )
    if not viewer.is_sandbox:  # what visitors try out leaves no trace
        append_to_accounts(db.session, STARTED, at=now, by=viewer.person_id, about=str(assessment_id))
    return assessment_id


def _subject(space_id: UUID, subject: Subject) -> UUID:
    """The subject of that name and kind in the space, made where there is none, as it is described now."""
    table = SubjectRecord
    name = clean_name(subject.name, path="subject", max_chars=300)
    values = {
        "organization": clean_line(subject.organization, path="organization", max_chars=300),
        "country": check_country(subject.country),
    }
    insert = insert_for(db.session)(table).values(
        id=new_id(), space_id=space_id, name=name, kind=subject.kind, **values
    )
    same = [table.space_id, table.kind, table.name]
    found: UUID = db.session.execute(
        insert.on_conflict_do_update(index_elements=same, set_=values).returning(table.id)
    ).scalar_one()
    return found
