"""Messages that are sent in the background."""

from __future__ import annotations

from datetime import datetime

from toolkit.config import Config, site_address
from toolkit.mail.outbox import MailNotSent, outbox
from toolkit.services import digests, handover_mail, invitation_mail, jobs, mention_mail, personal_link_mail, resets


def send_reset_link(job: jobs.Job, config: Config, now: datetime) -> None:
    """Send the link for a new password, where somebody has that address. Raises MailNotSent."""
    message = resets.reset_message(job.id, public_url=site_address(config), now=now)
    if message is not None:
        outbox(config).send(message)


def send_handover_letter(job: jobs.Job, config: Config, now: datetime) -> None:
    """Send what a person is to know about a hand-over, unless it has ended meanwhile. Raises MailNotSent."""
    message = handover_mail.handover_message(job.id, public_url=site_address(config), now=now)
    if message is not None:
        outbox(config).send(message)


def send_personal_link(job: jobs.Job, config: Config, now: datetime) -> None:
    """Send a personal link, unless it was taken back meanwhile. Raises MailNotSent."""
    message = personal_link_mail.link_message(job.id, public_url=site_address(config), now=now)
    if message is not None:
        outbox(config).send(message)


def send_mention_letter(job: jobs.Job, config: Config, now: datetime) -> None:
    """Tell somebody that they were asked to look at a discussion. Raises MailNotSent."""
    message = mention_mail.mention_message(job.id, public_url=site_address(config), now=now)
    if message is not None:
        outbox(config).send(message)


def send_digest(job: jobs.Job, config: Config, now: datetime) -> None:
    """Send a person the digest of a day, once. Raises MailNotSent, after which the same day may be tried again."""
    message = digests.digest_message(job.id, public_url=site_address(config), now=now)
    if message is None:
        return
    try:
        outbox(config).send(message)
    except MailNotSent:
        digests.was_not_sent(job.id)
        raise


def send_invitation_letter(job: jobs.Job, config: Config, now: datetime) -> None:
    """Send an invitation of a list. Raises MailNotSent."""
    message = invitation_mail.invitation_letter(job.id, public_url=site_address(config), now=now)
    if message is not None:
        outbox(config).send(message)
