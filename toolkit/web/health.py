"""Whether the site is up, and what it runs on."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from toolkit.storage import schema_revision
from toolkit.storage.db import db
from toolkit.storage.db import status as database_status
from toolkit.web.access import ANYONE, requires
from toolkit.web.errors import wants_json

bp = Blueprint("health", __name__)


@bp.get("/health/live")
@requires(ANYONE)
def live() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "live"}


@bp.get("/health/ready")
@requires(ANYONE)
def ready() -> ResponseReturnValue:
    """The database answers and has the tables of this version."""
    is_ready = schema_revision.is_current(db.engine)
    return {"status": "ready" if is_ready else "not ready"}, 200 if is_ready else 503


@bp.get("/status")
@requires(ANYONE)
def status() -> ResponseReturnValue:
    """Version, database, and how it keeps what is saved."""
    data = {"version": version("decent-work-toolkit"), **asdict(database_status())}
    return data if wants_json() else render_template("status/status.html", data=data)
