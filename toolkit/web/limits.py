"""How much a request may carry, and which characters its address may hold."""

from __future__ import annotations

import time

from flask import Flask, abort, request

MAX_BODY_BYTES = 8 * 1024 * 1024  # an assessment file to import
MAX_UPLOAD_BYTES = 16 * 1024 * 1024  # a file of evidence, and one that is somewhat too large and gets its own sentence
READ_AWAY_BYTES, READ_AWAY_SECONDS = 128 * 1024 * 1024, 20
UPLOADS = frozenset({"evidence.attach", "evidence.keep"})
MAX_FORM_BYTES = 3 * 1024 * 1024  # a theme page with every box filled to its limit
MAX_FORM_PARTS = 4_000
MAX_ADDRESS_CHARS = 2_000


def configure(app: Flask) -> None:
    """Bound every request before a view sees it."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM_BYTES
    app.config["MAX_FORM_PARTS"] = MAX_FORM_PARTS
    app.before_request(refuse_strange_addresses)
    app.before_request(allow_uploads)


def refuse_strange_addresses() -> None:
    """Answer 404 to an address with control characters: no page of ours has one, and a database may choke on it."""
    texts = [request.path, *request.args.keys(), *request.args.values()]
    if any(len(text) > MAX_ADDRESS_CHARS or not all(map(_is_plain, text)) for text in texts):
        abort(404)


def allow_uploads() -> None:
    """Take more where files are sent. They go to a temporary file as they arrive, never into memory as a whole."""
    if request.endpoint not in UPLOADS:
        return
    request.max_content_length = MAX_UPLOAD_BYTES
    if (request.content_length or 0) > MAX_UPLOAD_BYTES:
        _read_away(request.content_length or 0)
        abort(413)


def _read_away(left: int) -> None:
    """Let a browser finish sending what is refused, within reason: it shows no answer that comes before its end."""
    left = min(left, READ_AWAY_BYTES)
    until = time.monotonic() + READ_AWAY_SECONDS
    while left > 0 and time.monotonic() < until:
        chunk = request.environ["wsgi.input"].read(min(left, 65_536))
        if not chunk:
            return
        left -= len(chunk)


def _is_plain(character: str) -> bool:
    return character >= " " and character != "\x7f" and not "\ud800" <= character <= "\udfff"
