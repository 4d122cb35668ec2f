"""Polite reminders: at most one message a day for a person, and only when there is something to say.

The sweep wants them, a day at a time; the job looks again, marks the day as sent, and only then sends. So a job that is
done twice, or was cut off after sending, never sends a second one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from toolkit.config import time_zone
from toolkit.domain.assessment import State
from toolkit.domain.errors import LinkExpired
from toolkit.domain.handovers import SOON_DAYS, Urgency, local_day
from toolkit.domain.words import count, duration
from toolkit.mail.outbox import Message
from toolkit.services import jobs
from toolkit.services.handed_over import HandoverLine, of_person
from toolkit.services.handover_mail import about, due_words
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import AssessmentRecord
from toolkit.storage.base import insert_for
from toolkit.storage.db import current_config, db, reading, transaction
from toolkit.storage.handovers import DigestRecord, HandoverRecord
from toolkit.storage.people import PersonRecord
from toolkit.storage.secret import site_secret
from toolkit.storage.trail import append_to_accounts

JOB_KIND = "digest"
FROM_HOUR = 6  # no message before that hour of the day, where the site is
SAME_AGAIN_DAYS = 3  # the same list is not sent again sooner
AT_ONCE = 500
_PURPOSE = b"stop reminders "
_SEAL_BYTES = 16


def plan(*, now: datetime) -> int:
    """Want today's digest for everybody to whom something may have to be said: how many; a second time none."""
    zone = time_zone(current_config())
    today = local_day(now, zone)
    if now.astimezone(zone).hour < FROM_HOUR:
        return 0
    with reading() as session:
        people = session.execute(_people(today)).scalars().all()
    if not people:
        return 0
    wanted = 0
    with transaction():
        for person_id in people:
            if _mark_wanted(person_id, today):
                jobs.add(JOB_KIND, {"person": str(person_id)}, now=now)
                wanted += 1
    return wanted


def digest_message(job_id: UUID, *, public_url: str, now: datetime) -> Message | None:
    """The message of a digest's job, which counts as sent from now on; None when there is nothing to say today."""
    with transaction() as session:
        person_id = UUID(jobs.payload(job_id)["person"])
        today = local_day(now, time_zone(current_config()))
        digest = DigestRecord
        person = session.execute(
            sa.select(PersonRecord.name, PersonRecord.email, digest.sent_on, digest.said, digest.stopped_at)
            .join(digest, digest.person_id == PersonRecord.id)
            .where(PersonRecord.id == person_id, PersonRecord.disabled_at.is_(None))
        ).one_or_none()
        if person is None or person.email is None or person.stopped_at is not None:
            return None
        lines = [line for line in of_person(person_id, now=now) if _is_pressing(line)]
        said = _said(lines)
        again = timedelta(days=SAME_AGAIN_DAYS if person.said == said else 1)
        if not lines or (person.sent_on is not None and today < person.sent_on + again):
            return None
        session.execute(sa.update(digest).where(digest.person_id == person_id).values(sent_on=today, said=said))
    stop = f"{public_url}/reminders/stop/{stop_token(person_id)}"
    return Message(person.email, _subject(lines), _text(person.name, lines, public_url, stop), stop, str(job_id))


def was_not_sent(job_id: UUID) -> None:
    """Take back that a digest counts as sent."""
    with transaction() as session:
        person_id = UUID(jobs.payload(job_id)["person"])
        values = {"sent_on": None, "said": ""}
        session.execute(sa.update(DigestRecord).where(DigestRecord.person_id == person_id).values(**values))


def wants_reminders(viewer: Viewer) -> bool:
    """Whether somebody gets reminders; everybody does at first."""
    with reading() as session:
        stopped = sa.select(DigestRecord.stopped_at).where(DigestRecord.person_id == viewer.person_id)
        return session.execute(stopped).scalar_one_or_none() is None


def set_reminders(viewer: Viewer, wanted: bool, *, now: datetime) -> None:
    """Turn one's own reminders on or off."""
    _set(viewer.person_id, wanted, now)


def stop_by_link(token: str, *, now: datetime) -> None:
    """Stop the reminders of the person whose link this is; a second time changes nothing. Raises LinkExpired."""
    _set(person_of(token), False, now)


def person_of(token: str) -> UUID:
    """The person whose stop link this is. Raises LinkExpired for one that this site did not sign."""
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
        person_id = UUID(bytes=raw[:16])
    except (ValueError, binascii.Error):
        raise LinkExpired from None
    if not hmac.compare_digest(raw[16:], _seal(person_id)):
        raise LinkExpired
    return person_id


def stop_token(person_id: UUID) -> str:
    """What a stop link ends with: the opaque id of the person and this site's seal on it."""
    return base64.urlsafe_b64encode(person_id.bytes + _seal(person_id)).decode()


def _seal(person_id: UUID) -> bytes:
    key = site_secret(current_config()).encode()
    return hmac.new(key, _PURPOSE + person_id.bytes, hashlib.sha256).digest()[:_SEAL_BYTES]


def _set(person_id: UUID, wanted: bool, now: datetime) -> None:
    with transaction() as session:
        known = sa.select(PersonRecord.id).where(PersonRecord.id == person_id, PersonRecord.erased_at.is_(None))
        if session.execute(known).first() is None:
            raise LinkExpired
        stands = sa.select(DigestRecord.stopped_at).where(DigestRecord.person_id == person_id)
        if (session.execute(stands).scalar_one_or_none() is None) == wanted:
            return
        stopped_at = None if wanted else now
        insert = insert_for(session)(DigestRecord).values(person_id=person_id, stopped_at=stopped_at, said="")
        session.execute(
            insert.on_conflict_do_update(index_elements=[DigestRecord.person_id], set_={"stopped_at": stopped_at})
        )
        kind = "reminders_wanted" if wanted else "reminders_stopped"
        append_to_accounts(db.session, kind, at=now, by=person_id, about=str(person_id))


def _people(today: date) -> sa.Select[UUID]:
    """Those with something due soon, late or come back, who want reminders and were not looked at today."""
    record, row, digest = HandoverRecord, AssessmentRecord, DigestRecord
    return (
        sa.select(record.person_id)
        .join(row, row.id == record.assessment_id)
        .join(PersonRecord, PersonRecord.id == record.person_id)
        .outerjoin(digest, digest.person_id == record.person_id)
        .where(
            record.ended_at.is_(None),
            record.done_at.is_(None),
            row.state == State.DRAFT,
            row.discarded_at.is_(None),
            PersonRecord.disabled_at.is_(None),
            PersonRecord.email.is_not(None),
            PersonRecord.is_sandbox.is_(False),
            PersonRecord.by_link.is_(False),
            digest.stopped_at.is_(None),
            sa.or_(digest.wanted_on.is_(None), digest.wanted_on < today),
            sa.or_(
                record.due_on <= today + timedelta(days=SOON_DAYS),
                record.returned_at.is_not(None),
                row.returned_seq.is_not(None),
            ),
        )
        .distinct()
        .order_by(record.person_id)
        .limit(AT_ONCE)
    )


def _mark_wanted(person_id: UUID, today: date) -> bool:
    """Whether this is the first time today; of two at once exactly one is."""
    digest = DigestRecord
    insert = insert_for(db.session)(digest).values(person_id=person_id, wanted_on=today, said="")
    marked = db.session.execute(
        insert.on_conflict_do_update(
            index_elements=[digest.person_id],
            set_={"wanted_on": today},
            where=sa.or_(digest.wanted_on.is_(None), digest.wanted_on < today),
        ).returning(digest.person_id)
    )
    return marked.first() is not None


def _is_pressing(line: HandoverLine) -> bool:
    return line.is_waiting and (line.came_back or line.urgency is not Urgency.NONE)


def _said(lines: Iterable[HandoverLine]) -> str:
    listed = sorted(f"{line.id} {line.state} {line.urgency} {line.sent_back} {line.due_on}" for line in lines)
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()


def _groups(lines: list[HandoverLine]) -> list[tuple[str, list[HandoverLine]]]:
    """What came back, what is late, what is due soon; each hand-over once."""
    back = [line for line in lines if line.came_back]
    rest = [line for line in lines if not line.came_back]
    late = [line for line in rest if line.urgency is Urgency.LATE]
    soon = [line for line in rest if line.urgency is Urgency.SOON]
    return [(name, group) for name, group in (("came back", back), ("late", late), ("due soon", soon)) if group]


def _subject(lines: list[HandoverLine]) -> str:
    return "Your questions: " + ", ".join(f"{len(group)} {name}" for name, group in _groups(lines))


def _text(name: str, lines: list[HandoverLine], public_url: str, stop: str) -> str:
    parts = [f"Hello {name},"]
    for heading, group in _groups(lines):
        items = "\n".join(f"- {_item(line)}" for line in group)
        parts.append(f"{heading.capitalize()}:\n{items}")
    parts.append(f"All of it is on one page:\n{public_url}/work")
    parts.append(
        f"You get at most one such message a day, and only when something came back, is late or due within {SOON_DAYS} "
        f"days. To stop them, without signing in:\n{stop}"
    )
    return "\n\n".join(parts) + "\n"


def _item(line: HandoverLine) -> str:
    more = f" and {len(line.parts) - 1} more" if len(line.parts) > 1 else ""
    left = line.progress
    open_now = "every question has an answer"
    if not left.is_complete:
        open_now = f"{count(left.asked - left.answered, 'question')} open, about {duration(left.minutes_left)}"
    said = f"{line.parts[0]}{more}, in {about(line)}: {open_now}. {due_words(line)}".strip()
    return said + (f" “{' '.join(line.returned_note.split())[:200]}”" if line.returned_note else "")
