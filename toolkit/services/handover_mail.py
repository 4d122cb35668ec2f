"""The messages about hand-overs: something was handed over, came back, or a focal point reminds of it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from toolkit.config import time_zone
from toolkit.domain.access import Role, theme_scope
from toolkit.domain.errors import NotFound
from toolkit.domain.handovers import Urgency
from toolkit.domain.words import count, duration
from toolkit.mail.outbox import Message
from toolkit.services import jobs
from toolkit.services.handed_over import HandoverLine, one_line
from toolkit.services.links import LinkKind, make_link
from toolkit.storage.db import current_config, db, transaction
from toolkit.storage.people import CredentialRecord, PersonRecord

PARTS_NAMED = 12  # how many parts a message names; the page has all


def handover_message(job_id: UUID, *, public_url: str, now: datetime) -> Message | None:
    """The message that a job about a hand-over sends; None when it has ended or the person has no account any more.

    Somebody without a password finds a link to choose one in it.
    """
    with transaction():
        payload = jobs.payload(job_id)
        try:
            line = one_line(UUID(payload["handover"]), now=now)
        except NotFound:
            return None
        person = db.session.execute(
            sa.select(PersonRecord.id, PersonRecord.name, PersonRecord.email, CredentialRecord.changed_at)
            .outerjoin(CredentialRecord, CredentialRecord.person_id == PersonRecord.id)
            .where(PersonRecord.id == line.person_id, PersonRecord.disabled_at.is_(None))
        ).one_or_none()
        if person is None or person.email is None or line.ended_at is not None:
            return None
        where = f"{public_url}/assessments/{line.assessment_id}"
        if line.link is not None:
            where = (
                "Open the personal link that you got before. If it no longer works, or you cannot find it, ask "
                f"{line.by_name} for a fresh one."
            )
        elif person.changed_at is None:
            scope = theme_scope(line.assessment_id, line.first_theme, line.voice_id)
            token, _ = make_link(LinkKind.INVITATION, person_id=person.id, role=Role.CONTRIBUTOR, scope=scope, now=now)
            where = (
                f"First choose a password. The link works once, within an hour:\n\n{public_url}/invitation/{token}\n\n"
                f"If it has expired, ask for a fresh one with this address: {public_url}/reset"
            )
    subject, text = {"new": _new, "returned": _returned, "reminder": _reminder}[payload["what"]](line)
    return Message(
        to=person.email, subject=subject, text=f"Hello {person.name},\n\n{text}\n\n{where}\n", id=str(job_id)
    )


def about(line: HandoverLine) -> str:
    """The assessment as a message names it."""
    return f"“{line.assessment_title}” ({line.subject})"


def day_words(day: date) -> str:
    """A day with the time zone in which it ends: 27 November 2026."""
    zone = time_zone(current_config())
    named = "" if str(zone) == "UTC" else f" ({zone})"
    return f"{day.day} {day:%B %Y}{named}"


def due_words(line: HandoverLine) -> str:
    """When it is due, as a sentence; empty where no day was set."""
    if line.due_on is None:
        return ""
    if line.urgency is Urgency.LATE:
        return f"It was due on {day_words(line.due_on)}."
    return f"It is due on {day_words(line.due_on)}, at the end of the day."


def _new(line: HandoverLine) -> tuple[str, str]:
    parts = [f"- {part}" for part in line.parts[:PARTS_NAMED]]
    if len(line.parts) > PARTS_NAMED:
        parts.append(f"- and {len(line.parts) - PARTS_NAMED} more")
    voice = f" in the name of {line.voice}" if line.voice else ""
    lines = [
        f"{line.by_name} asks you to answer these parts of {about(line)}{voice}:",
        "\n".join(parts),
        _effort(line),
        f"{line.by_name} writes:\n{line.note}" if line.note else "",
        "You see only these parts. You can stop at any time; everything is kept. Say on the page when you are done.",
    ]
    return f"Questions for you: {line.assessment_title}", "\n\n".join(one for one in lines if one)


def _returned(line: HandoverLine) -> tuple[str, str]:
    lines = [
        f"What you answered in {about(line)} came back to you.",
        f"What should be looked at again:\n{line.returned_note}",
        _effort(line),
    ]
    return f"Please look again: {line.assessment_title}", "\n\n".join(one for one in lines if one)


def _reminder(line: HandoverLine) -> tuple[str, str]:
    lines = [f"{line.by_name} reminds you of your questions in {about(line)}.", _effort(line)]
    return f"A reminder: {line.assessment_title}", "\n\n".join(one for one in lines if one)


def _effort(line: HandoverLine) -> str:
    left = line.progress
    open_now = "Every question has an answer."
    if not left.is_complete:
        open_now = f"{count(left.asked - left.answered, 'question')} open, about {duration(left.minutes_left)}."
    return " ".join(one for one in (open_now, due_words(line)) if one)
