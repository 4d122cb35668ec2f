"""Sending the message that carries an invitation, and what to tell the person who invites."""

from __future__ import annotations

from flask import url_for

from toolkit.config import Config, site_address
from toolkit.mail.outbox import MailNotSent, outbox
from toolkit.services.invitation_mail import invitation_message
from toolkit.services.people import Invitation


def send_invitation(config: Config, invitation: Invitation, *, invited_by: str) -> str:
    """Send it; without a mail server the person who invites gets the link, to pass it on."""
    site = site_address(config)  # as configured: never an address that a request made up
    try:
        outbox(config).send(invitation_message(invitation, invited_by=invited_by, public_url=site))
    except MailNotSent:
        return f"{invitation.name} is invited, but the message could not be sent. Invite again later to send another."
    if config.text("SMTP_URL") or invitation.has_account:
        return f"{invitation.name} is invited. The message went to {invitation.email}."
    if not invitation.may_pass_on:
        where = "No mail server is set up here; whoever brought them in can pass the link on."
        return f"{invitation.name} is invited. {where}"
    link = site + url_for("accounts.accept", token=invitation.token)
    return f"{invitation.name} is invited. No mail server is set up here, so pass this link on yourself: {link}"
