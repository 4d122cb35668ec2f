"""The message to somebody who was asked to look at a discussion: it names the question, no word of what was said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from toolkit.domain.errors import NotFound
from toolkit.mail.outbox import Message
from toolkit.services import jobs
from toolkit.services.accounts import viewer_of
from toolkit.services.discussions import reader_of
from toolkit.services.opening import open_assessment


def mention_message(job_id: UUID, *, public_url: str, now: datetime) -> Message | None:
    """The message of a job; None when one of the two has no account any more, or the person may no longer read."""
    payload = jobs.payload(job_id)
    assessment_id, question_id = UUID(payload["assessment"]), payload["question"]
    try:
        person, asking = (viewer_of(UUID(payload[who]), now=now) for who in ("person", "by"))
        opened = open_assessment(assessment_id, viewer=person, now=now)
        _, theme, question = opened.checklist.question_index[question_id]
        if not reader_of(assessment_id, viewer=person, now=now).visible.includes(theme.id, question_id):
            return None
    except NotFound:
        return None
    if not person.email:
        return None
    place = f"{public_url}/assessments/{assessment_id}/answers/{question_id}/discussions"
    text = (
        f"Hello {person.name},\n\n{asking.name} asks you to look at a discussion in “{opened.title}”, about this "
        f"question:\n\n{question.text}\n\nRead and answer it here:\n\n{place}\n"
    )
    return Message(to=person.email, subject=f"A question for you: {opened.title}", text=text, id=str(job_id))
