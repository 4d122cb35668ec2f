"""The demo: a sandbox of one's own for every visitor, without an account."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from toolkit.services import people
from toolkit.web import security_log
from toolkit.web.access import ANYONE, requires
from toolkit.web.accounts import client_address, signed_in
from toolkit.web.clock import utc_now

bp = Blueprint("demo", __name__)


@bp.post("/demo")
@requires(ANYONE)
def begin() -> ResponseReturnValue:
    """Make a visitor with a space of their own, gone after 24 hours."""
    begun = people.visitor(utc_now(), address=client_address())
    security_log.note("demo_begun", viewer=begun.viewer)
    response = signed_in(begun.token, url_for("work.mine"))
    flash("This is your own demo. Start an assessment and try everything.")
    return response
