"""The person behind a request, looked up once and only when a page needs to know."""

from __future__ import annotations

import hashlib

from flask import g, request

from toolkit.domain.access import Permission, grant_permissions
from toolkit.domain.errors import ToolkitError
from toolkit.services.people import viewer_for
from toolkit.services.viewers import Viewer
from toolkit.web import sessions
from toolkit.web.clock import utc_now

# What an open page asks again and again, with nobody at it.
ASKED_BY_ITSELF = frozenset({"answers.here", "downloads.state"})


class SignInNeeded(ToolkitError):
    """The page is for people who are signed in."""

    def __init__(self) -> None:
        super().__init__("Please sign in to go on.")


class SecondFactorNeeded(ToolkitError):
    """A role of this person wants a second step of signing in, and there is none yet."""

    def __init__(self) -> None:
        super().__init__("Your role needs a second step of signing in. Set it up first.")


def current_viewer() -> Viewer | None:
    """Who is signed in, None when nobody is. Without a cookie the database is not asked."""
    if "viewer" not in g:
        token = sessions.sign_in_token(request)
        by_itself = request.endpoint in ASKED_BY_ITSELF
        g.viewer = viewer_for(token, now=utc_now(), by_itself=by_itself) if token else None
    viewer: Viewer | None = g.viewer
    return viewer


def signed_in_viewer() -> Viewer:
    """Who is signed in. Raises SignInNeeded."""
    viewer = current_viewer()
    if viewer is None:
        raise SignInNeeded
    return viewer


def manages_somewhere(viewer: Viewer) -> bool:
    """Whether a person manages people at the site or in any space."""
    now = utc_now()
    return any(grant.holds(now) and Permission.MANAGE_PEOPLE in grant_permissions(grant) for grant in viewer.grants)


def name_in_browser(viewer: Viewer) -> str:
    """What tells the unsaved texts of one person in a browser from those of the next; it says nothing about them."""
    return hashlib.sha256(viewer.person_id.bytes).hexdigest()[:16]
