"""What templates may say: filters and globals, each a plain function of what it is given."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from flask import Flask, current_app, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from toolkit.domain.checking import LIMITS
from toolkit.domain.rounding import one_decimal, whole_percent
from toolkit.domain.words import count, duration, mandate_noun
from toolkit.files.kinds import KINDS
from toolkit.services.evidence_rows import MAX_FILE_BYTES, MIB
from toolkit.web.viewers import current_viewer, manages_somewhere, name_in_browser
from toolkit.web.words import colour, meaning, state_tag, words

ACCEPT = ",".join(f".{ending}" for kind in KINDS for ending in kind.endings)


def register(app: Flask) -> None:
    """Make templates strict and give them their words."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        when=when,
        moment=moment,
        count=count,
        mandate_noun=mandate_noun,
        percent=whole_percent,
        decimal=one_decimal,
        duration=duration,
        calendar_day=calendar_day,
        words=words,
        meaning=meaning,
        state_tag=state_tag,
        colour=colour,
        lines=str.splitlines,
        bytes=size_words,
    )
    app.jinja_env.globals.update(static=static, here=here, limits=LIMITS, accept=ACCEPT, max_file_bytes=MAX_FILE_BYTES)
    app.context_processor(who)


def who() -> dict[str, object]:
    """Who is reading, for the header of every page."""
    viewer = current_viewer()
    if viewer is None:
        return {"viewer": None, "may_manage": False}
    home = ("What I was asked", url_for("personal_links.mine")) if viewer.link else ("My work", url_for("work.mine"))
    return {
        "viewer": viewer,
        "may_manage": viewer.link is None and manages_somewhere(viewer),
        "me": name_in_browser(viewer),
        "home": home,
    }


def when(time: datetime) -> Markup:
    """A time as a person reads it, with the machine's form beside it: 22 November 2026, 16:47 UTC."""
    return _time(time, f"{day(time)}, {time.astimezone(UTC):%H:%M} UTC")


def moment(time: datetime) -> Markup:
    """A short form for tables: 22 Nov 2026."""
    utc = time.astimezone(UTC)
    return _time(time, f"{utc.day} {utc:%b %Y}")


def _time(time: datetime, words: str) -> Markup:
    utc = time.astimezone(UTC)
    return Markup('<time datetime="{}">{}</time>').format(utc.strftime("%Y-%m-%dT%H:%M:%SZ"), words)


def calendar_day(date: date) -> Markup:
    """A day that is a day and no moment: 27 November 2026."""
    return Markup('<time datetime="{}">{} {}</time>').format(date.isoformat(), date.day, f"{date:%B %Y}")


def day(time: datetime) -> str:
    """A day in words: 22 November 2026."""
    utc = time.astimezone(UTC)
    return f"{utc.day} {utc:%B %Y}"


def size_words(size: int) -> str:
    """A number of bytes as people say it: 340 kB, 1.2 MB; a limit of whole MiB as that many MB."""
    if size >= MIB and size % MIB == 0:
        return f"{size // MIB} MB"
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


def static(name: str) -> str:
    """The address of a static file, which changes when its content does."""
    return url_for("static", filename=name, v=_digest(Path(current_app.static_folder or "") / name))


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def here(endpoint: str) -> Markup:
    """`aria-current` when the reader stands on that page."""
    return Markup(' aria-current="page"') if request.endpoint == endpoint else escape("")
