"""The message that brings an invitation."""

from __future__ import annotations

from toolkit.domain.access import Role
from toolkit.mail.outbox import Message
from toolkit.services.invitations import Invitation

ROLE_WORDS = {
    Role.ADMINISTRATOR: "administrator",
    Role.EDITOR: "editor of checklists",
    Role.COORDINATOR: "coordinator",
    Role.FOCAL_POINT: "focal point",
    Role.COUNTRY_LEAD: "country lead",
    Role.CONTRIBUTOR: "contributor",
    Role.REVIEWER: "reviewer",
    Role.APPROVER: "approver",
    Role.READER: "reader",
    Role.DEPUTY: "deputy",
    Role.OBSERVER: "observer",
    Role.SPOKESPERSON: "spokesperson",
}


def invitation_message(invitation: Invitation, *, invited_by: str, public_url: str) -> Message:
    """What an invited person reads. The link works once, for an hour; the page it leads to offers a fresh one."""
    place = f" for {invitation.place}" if invitation.place else ""
    role = ROLE_WORDS[invitation.role]
    if invitation.has_account:
        what = f"You already have an account. Sign in here:\n\n{public_url}/sign-in\n"
    else:
        what = (
            "Choose a password here. The link works once, within an hour:\n\n"
            f"{public_url}/invitation/{invitation.token}\n\n"
            f"If it has expired, ask for a fresh one with this address: {public_url}/reset\n"
        )
    return Message(
        to=invitation.email,
        subject="You are invited to a self-assessment on decent work",
        text=f"Hello {invitation.name},\n\n{invited_by} invites you as {role}{place}.\n\n{what}",
    )
