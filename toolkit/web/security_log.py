"""The security log: one line of JSON on standard error for each sign-in, refusal and attempt to get around."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import TextIO, cast
from uuid import UUID

from flask import g, request
from flask.logging import wsgi_errors_stream

from toolkit.services.viewers import Viewer
from toolkit.web.clock import utc_now

LOG = logging.getLogger("toolkit.security")


def begin() -> None:
    """Let the log write, by itself and whatever else is logged at which level."""
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
    if not LOG.handlers:
        LOG.addHandler(logging.StreamHandler(cast(TextIO, wsgi_errors_stream)))


def note(event: str, *, viewer: Viewer | None = None, name: str = "") -> None:
    """Write what happened in this request: when, from where, who as an opaque id, on which route, about what.

    Never an address with a token in it, a name or a text; a `name` that was tried stands there as a hash. JSON in
    ASCII keeps line breaks and other signs of control out.
    """
    viewer = viewer or g.get("viewer")
    about = {key: str(value) for key, value in (request.view_args or {}).items() if isinstance(value, UUID)}
    line = {
        "at": utc_now().isoformat(timespec="seconds"),
        "event": event,
        "from": request.remote_addr,
        "person": str(viewer.person_id) if viewer else None,
        "route": f"{request.method} {request.url_rule.rule if request.url_rule else '?'}",
        **({"about": about} if about else {}),
        **(
            {"name": hashlib.sha256(name.strip().casefold().encode("utf-8", "replace")).hexdigest()[:16]}
            if name
            else {}
        ),
    }
    LOG.info(json.dumps(line))
