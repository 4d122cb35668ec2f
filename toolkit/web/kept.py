"""What somebody had typed into a form that could not be saved: kept on the next page, never saved by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

from toolkit.config import Config
from toolkit.web.kept_words import Box, boxes

MAX_FIELDS = 2_000
MAX_CHARS = 1_000_000
CARRIED = "kept:"  # before a field's name while it travels through the sign-in form
CARRIED_FOR = "kept_for"
ADMITTED_SITES = frozenset({"same-origin", "none"})

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What was sent and where to; `back` is a page to go on from."""

    path: str
    back: str
    fields: Fields

    @property
    def boxes(self) -> tuple[Box, ...]:
        """What a person typed or chose, without what the form says to itself."""
        config: Config = current_app.config["TOOLKIT"]
        return boxes(self.fields, config.checklists)

    @property
    def carried(self) -> Fields:
        """The fields as they travel through the sign-in form."""
        return ((CARRIED_FOR, self.path), *((CARRIED + name, text) for name, text in self.fields))


def kept_here() -> Kept | None:
    """What the form of this request held; None for one with secrets in it, from another site, or empty."""
    if request.method != "POST" or request.blueprint == "accounts" or _is_from_elsewhere():
        return None
    try:
        sent = list(request.form.items(multi=True))
    except HTTPException:
        return None  # too much to read
    return _kept(request.path, sent)


def carried_here() -> Kept | None:
    """What a sign-in form carried along."""
    path = request.form.get(CARRIED_FOR, "")
    if not path.startswith("/") or path.startswith("//") or "\\" in path:
        return None
    found = [
        (name.removeprefix(CARRIED), text)
        for name, text in request.form.items(multi=True)
        if name.startswith(CARRIED) and name != CARRIED_FOR
    ]
    return _kept(path, found)


def _kept(path: str, sent: Iterable[tuple[str, str]]) -> Kept | None:
    fields: list[tuple[str, str]] = []
    room = MAX_CHARS
    for name, text in sent:
        if re.search("password|token|secret", name, re.IGNORECASE):
            continue
        room -= len(name) + len(text)
        if room < 0 or len(fields) == MAX_FIELDS:
            break
        fields.append((name.replace("\0", ""), "".join(one for one in text if one >= " " or one in "\t\r\n")))
    return Kept(path, _page_at(path), tuple(fields)) if fields else None


def _is_from_elsewhere() -> bool:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site not in ADMITTED_SITES
    return origin is not None and urlsplit(origin).netloc != request.host


def _page_at(path: str) -> str:
    adapter = current_app.create_url_adapter(request)
    if adapter is not None:
        try:
            adapter.match(path, method="GET")
            return path
        except HTTPException:
            pass
    return url_for("work.mine")
