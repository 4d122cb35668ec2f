"""The messages that somebody had sent in the background: to whom, how it went, and without a mail server what they say.

A link to choose a password opens an account. It is shown only to whoever brought that person in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.mail.outbox import FolderOutbox, outbox
from toolkit.services import handing_over, invitation_mail, personal_links
from toolkit.services.invitations import brought_in
from toolkit.services.viewers import Viewer
from toolkit.storage.db import current_config, db, reading
from toolkit.storage.handovers import HandoverRecord
from toolkit.storage.jobs import JobRecord
from toolkit.storage.people import PersonRecord

KINDS = (handing_over.LETTER, invitation_mail.LETTER, personal_links.LETTER)
SHOWN = 200
HIDDEN = (
    "(The link to choose a password stands in the message itself; only whoever brought this person in sees it here.)"
)
_LINK = re.compile(r"https?://\S+/invitation/\S+")


@dataclass(frozen=True, slots=True)
class SentLetter:
    """One message. `state` is that of its job; `text` is empty where a mail server has it, or there is none."""

    to_name: str
    at: datetime
    state: str
    problem: str
    text: str


def sent_by(viewer: Viewer) -> tuple[SentLetter, ...]:
    """The messages that somebody had sent in the last days, newest first."""
    job = JobRecord
    with reading() as session:
        rows = session.execute(
            sa.select(job.id, job.payload, job.state, job.problem, job.created_at)
            .where(job.requested_by == viewer.person_id, job.kind.in_(KINDS))
            .order_by(job.created_at.desc(), job.id)
            .limit(SHOWN)
        ).all()
        people = _people(rows)
        mine = brought_in(viewer.person_id, {person_id for person_id, _ in people.values()})
    box = outbox(current_config())
    texts = box.texts({str(row.id) for row in rows}) if isinstance(box, FolderOutbox) else {}
    found = []
    for row in rows:
        person_id, name = people.get(row.id, (None, "Somebody"))
        text = texts.get(str(row.id), "")
        if person_id not in mine:
            text = _LINK.sub(HIDDEN, text)
        found.append(SentLetter(name, row.created_at, row.state, row.problem, text))
    return tuple(found)


def _people(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> Mapping[UUID, tuple[UUID, str]]:
    """To whom each job's message goes."""
    of = {row.id: UUID(row.payload["person"]) for row in rows if "person" in row.payload}
    handovers: dict[UUID, list[UUID]] = {}
    for row in rows:
        if "handover" in row.payload:
            handovers.setdefault(UUID(row.payload["handover"]), []).append(row.id)
    if handovers:
        record = HandoverRecord
        query = sa.select(record.id, record.person_id).where(record.id.in_(sorted(handovers, key=str)))
        for found in db.session.execute(query.order_by(record.id)):
            of |= dict.fromkeys(handovers[found.id], found.person_id)
    person = PersonRecord
    wanted = sa.select(person.id, person.name).where(person.id.in_(sorted(set(of.values()), key=str)))
    names = {found.id: found.name for found in db.session.execute(wanted.order_by(person.id))}
    return {job_id: (person_id, names.get(person_id, "Somebody")) for job_id, person_id in of.items()}
