"""Accounts: who there is, how they come in, and how they are let go. One door for the modules beside it."""

from __future__ import annotations

from toolkit.services.accounts import viewer_of
from toolkit.services.invitations import (
    Invitation,
    accept_invitation,
    create_first_administrator,
    first_administrator_link,
    invitation,
    invite,
)
from toolkit.services.resets import request_reset, reset_password
from toolkit.services.roster import HeldGrant, PersonLine, disable, enable, end_grant, list_people
from toolkit.services.sandbox import visitor
from toolkit.services.sign_in import SecondStep, SignedIn, sign_in, sign_in_with_code, sign_out, viewer_for
from toolkit.services.viewers import Viewer

__all__ = [
    "HeldGrant",
    "Invitation",
    "PersonLine",
    "SecondStep",
    "SignedIn",
    "Viewer",
    "accept_invitation",
    "create_first_administrator",
    "disable",
    "enable",
    "end_grant",
    "first_administrator_link",
    "invitation",
    "invite",
    "list_people",
    "request_reset",
    "reset_password",
    "sign_in",
    "sign_in_with_code",
    "sign_out",
    "viewer_for",
    "viewer_of",
    "visitor",
]
