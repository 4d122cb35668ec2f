"""The message that carries a personal link. The link is made when the message is written, and kept nowhere else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from toolkit.config import time_zone
from toolkit.domain.acting import last_day
from toolkit.domain.errors import NotFound
from toolkit.domain.words import count, duration
from toolkit.mail.outbox import Message
from toolkit.services import jobs
from toolkit.services.handed_over import HandoverLine, one_line
from toolkit.services.handover_mail import about, day_words
from toolkit.services.links import hash_token, new_token
from toolkit.storage.base import rows_changed
from toolkit.storage.db import current_config, db, transaction
from toolkit.storage.handovers import PersonalLinkRecord
from toolkit.storage.people import PersonRecord


def link_message(job_id: UUID, *, public_url: str, now: datetime) -> Message | None:
    """The message of a link's job; None when the hand-over has ended, or the link was taken back meanwhile."""
    link = PersonalLinkRecord
    with transaction():
        try:
            line = one_line(UUID(jobs.payload(job_id)["handover"]), now=now)
        except NotFound:
            return None
        query = sa.select(PersonRecord.email).where(
            PersonRecord.id == line.person_id, PersonRecord.disabled_at.is_(None)
        )
        email = db.session.execute(query).scalar_one_or_none()
        if email is None or line.link is None or line.ended_at is not None:
            return None
        token = new_token()
        works = sa.and_(link.handover_id == line.id, link.revoked_at.is_(None), link.expires_at > now)
        made = db.session.execute(sa.update(link).where(works).values(token_hash=hash_token(token)))
        if rows_changed(made) != 1:
            return None
        last = last_day(line.link.expires_at, time_zone(current_config()))
    text = "\n\n".join(
        [
            f"Hello {line.person_name},",
            f"{line.by_name} asks you to answer {_effort(line)} in {about(line)}{_voice(line)}.",
            f"Open this link. You need no account and no password:\n{public_url}/link/{token}",
            "The link is yours alone: whoever has it can answer in your name, so do not pass it on. It works until the "
            f"end of {day_words(last)}. You can stop at any time and open it again; everything is kept.",
            f"If it no longer works, ask {line.by_name} for a fresh one.",
        ]
    )
    return Message(
        to=email, subject="Questions for you: a self-assessment on decent work", text=text + "\n", id=str(job_id)
    )


def _voice(line: HandoverLine) -> str:
    return f" in the name of {line.voice}" if line.voice else ""


def _effort(line: HandoverLine) -> str:
    left = line.progress
    said = count(left.asked, "question")
    if not left.is_complete:
        said = f"{count(left.asked - left.answered, 'question')}, about {duration(left.minutes_left)},"
    return said
