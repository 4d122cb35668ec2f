"""Checklists for everybody: browse, read, print, and what changed between two versions."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from toolkit.domain.checklist import Checklist, Track
from toolkit.domain.errors import ToolkitError
from toolkit.domain.lineage import diff
from toolkit.domain.supplements import Supplement, notes_on
from toolkit.storage.definitions import find_checklist, list_checklists
from toolkit.web.access import ANYONE, requires
from toolkit.web.beside import kit_of, supplements_of
from toolkit.web.related import related_themes

bp = Blueprint("checklists", __name__, url_prefix="/checklists")


@dataclass(frozen=True, slots=True)
class TrackSize:
    """How long one track of a checklist is."""

    track: Track
    questions: int
    minutes: int


def track_sizes(checklist: Checklist) -> tuple[TrackSize, ...]:
    """The tracks that a checklist has, each larger than the one before; the closing texts are not counted."""
    sizes: list[TrackSize] = []
    for track in Track:
        asked = [
            question
            for _, theme in checklist.themes()
            for question in theme.asked_in(track)
            if not question.is_improvement
        ]
        if len(asked) > (sizes[-1].questions if sizes else 0):
            sizes.append(TrackSize(track, len(asked), checklist.minutes(track)))
    return tuple(sizes)


def _all() -> tuple[Checklist, ...]:
    return list_checklists(current_app.config["TOOLKIT"].checklists)


def checklist_at(checklist_id: str, version: str) -> Checklist:
    """The version that an address names; 404 where it is not there."""
    for checklist in _all():
        if (checklist.id, checklist.version) == (checklist_id, version):
            return find_checklist(current_app.config["TOOLKIT"].checklists, checklist_id, version)
    abort(404)


@bp.get("")
@requires(ANYONE)
def browse() -> ResponseReturnValue:
    """Every checklist with its versions."""
    versions: dict[str, list[Checklist]] = {}
    for checklist in reversed(_all()):
        versions.setdefault(checklist.id, []).append(checklist)
    newest_first = tuple(versions[name] for name in sorted(versions))
    return render_template("checklists/browse.html", families=newest_first, track_sizes=track_sizes)


@bp.get("/<checklist_id>/<version>")
@requires(ANYONE)
def read(checklist_id: str, version: str) -> ResponseReturnValue:
    """One version, as a book: parts, themes and questions with every criterion."""
    checklist = checklist_at(checklist_id, version)
    versions = tuple(other for other in _all() if other.id == checklist_id)
    offered = supplements_of(checklist)
    return render_template(
        "checklists/read.html",
        checklist=checklist,
        versions=versions,
        sizes=track_sizes(checklist),
        track=_track(checklist),
        has_kit=bool(kit_of(checklist)),
        offered=offered,
        chosen=_chosen(offered),
        notes_on=notes_on,
        related_themes=related_themes,
    )


@bp.get("/<checklist_id>/<version>/print")
@requires(ANYONE)
def printed(checklist_id: str, version: str) -> ResponseReturnValue:
    """One version as a blank form on paper."""
    checklist = checklist_at(checklist_id, version)
    return render_template(
        "checklists/print.html",
        checklist=checklist,
        track=_track(checklist),
        chosen=_chosen(supplements_of(checklist)),
        notes_on=notes_on,
        related_themes=related_themes,
    )


@bp.get("/<checklist_id>/<older>/compare/<newer>")
@requires(ANYONE)
def compare(checklist_id: str, older: str, newer: str) -> ResponseReturnValue:
    """What changed from one version to another, question by question."""
    old, new = checklist_at(checklist_id, older), checklist_at(checklist_id, newer)
    try:
        changes = diff(old, new)
    except ToolkitError:
        abort(404)
    return render_template("checklists/compare.html", older=old, newer=new, diff=changes)


def _chosen(offered: tuple[Supplement, ...]) -> tuple[Supplement, ...]:
    """The supplement asked for in the address; none when it is none of those offered."""
    return tuple(one for one in offered if one.kind == request.args.get("for", ""))


def _track(checklist: Checklist) -> Track:
    """The track asked for in the address, else the core: the whole of a large checklist is a heavy page."""
    tracks = [size.track for size in track_sizes(checklist)]
    for wanted in (request.args.get("track"), Track.CORE):
        if wanted in tracks:
            return Track(wanted)
    return tracks[-1]
