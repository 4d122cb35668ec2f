"""Themes of other checklists on the same subject, where they are installed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, g, url_for

from toolkit.domain.checklist import Checklist, Theme
from toolkit.domain.errors import ToolkitError
from toolkit.storage.definitions import list_checklists


@dataclass(frozen=True, slots=True)
class RelatedTheme:
    """A theme to look at: `place` says in which checklist it stands, `address` where to read it."""

    place: str
    title: str
    address: str


def related_themes(theme: Theme) -> tuple[RelatedTheme, ...]:
    """The related themes that there are, in the newest version of their checklist; all others are left out."""
    if not theme.related:
        return ()
    found = []
    for name in theme.related:
        checklist_id, _, theme_id = name.partition("/")
        checklist = _newest().get(checklist_id)
        if checklist is not None and theme_id in checklist.theme_index:
            page = url_for("checklists.read", checklist_id=checklist.id, version=checklist.version, _anchor=theme_id)
            found.append(RelatedTheme(_in_the(checklist.title), checklist.theme(theme_id).title, page))
    return tuple(found)


def _newest() -> dict[str, Checklist]:
    """The newest version of each checklist, looked up once for each request: a page may show every theme."""
    if "newest_checklists" not in g:
        try:
            listed = list_checklists(current_app.config["TOOLKIT"].checklists)  # oldest first
        except ToolkitError:  # a faulty file beside this one is no reason to show no page
            listed = ()
        g.newest_checklists = {one.id: one for one in listed}
    found: dict[str, Checklist] = g.newest_checklists
    return found


def _in_the(title: str) -> str:
    """`In the global checklist`, for the title “Global checklist”; a title such as JIU keeps its capitals."""
    return f"In the {title[:1].lower() if title[1:2].islower() else title[:1]}{title[1:]}"
