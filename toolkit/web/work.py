"""My work: the assessments a person takes part in, and starting one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.access import Permission, SpaceKind
from toolkit.domain.assessment import SignOff, Subject, SubjectKind
from toolkit.domain.checklist import Checklist, Track
from toolkit.domain.errors import InvalidInput
from toolkit.domain.handovers import Urgency
from toolkit.domain.words import SIGN_OFFS, SUBJECT_KINDS, TRACKS, duration
from toolkit.forms.assessments import StartForm, start_form
from toolkit.services import acting, assessments, handed_over, next_round, spaces
from toolkit.storage.definitions import list_checklists
from toolkit.web import words
from toolkit.web.access import SIGNED_IN, requires
from toolkit.web.checklists import track_sizes
from toolkit.web.clock import utc_now
from toolkit.web.countries import countries
from toolkit.web.next_step import next_step
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("work", __name__)
MAX_PAGE = 100_000
SUBJECT_OF = {SpaceKind.ORGANIZATION: SubjectKind.ORGANIZATION, SpaceKind.COUNTRY: SubjectKind.COUNTRY_TEAM}


def page_number() -> int:
    """The page asked for in the address; the first for anything that is no number."""
    asked = request.args.get("page", "1")
    return min(max(int(asked), 1), MAX_PAGE) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1


@bp.get("/work")
@requires(SIGNED_IN)
def mine() -> ResponseReturnValue:
    """What was handed over to me, then the assessments I take part in, those changed last first."""
    viewer, now = signed_in_viewer(), utc_now()
    in_hand = handed_over.in_my_hands(viewer, now=now)
    waiting = [line for line in in_hand if line.is_waiting]
    page = assessments.mine(viewer, page=page_number(), now=now)
    may_start = bool(viewer.spaces_with(Permission.START_ASSESSMENT, now))
    may_administer = viewer.may(Permission.MANAGE_SPACES, now=now)
    steps = {line.id: next_step(line, viewer, now) for line in page.items}
    return render_template(
        "work/mine.html",
        page=page,
        steps=steps,
        may_start=may_start,
        may_administer=may_administer,
        in_hand=in_hand,
        acting=acting.of_person(viewer, now=now),
        waiting=waiting,
        done=[line for line in in_hand if not line.is_waiting],
        minutes_left=sum(line.progress.minutes_left for line in waiting),
        late=sum(line.urgency is Urgency.LATE for line in waiting),
        came_back=sum(line.came_back for line in waiting),
    )


@bp.route("/assessments/new", methods=["GET", "POST"])
@requires(Permission.START_ASSESSMENT)
def start() -> ResponseReturnValue:
    """Start an assessment."""
    form = _form()
    if form.validate_on_submit():
        try:
            assessment_id = _start(form)
        except InvalidInput as error:
            form.hang(error, {"subject.name": "name", "subject": "name", "subject.country": "country"})
        else:
            flash("Your assessment is ready. First say what it covers.")
            return redirect(url_for("assessments.scope", assessment_id=assessment_id))
    meanings = {track.value: f"{text} {_answering(track)}" for track, text in words.TRACK_MEANINGS.items()}
    sign_offs = {sign_off.value: text for sign_off, text in words.SIGN_OFF_MEANINGS.items()}
    left = next_round.notes_before_starting(signed_in_viewer(), now=utc_now())
    page = render_template(
        "work/start.html", form=form, track_meanings=meanings, sign_off_meanings=sign_offs, left=left
    )
    return page, 422 if form.errors else 200


def _on_offer() -> tuple[Checklist, ...]:
    return list_checklists(current_app.config["TOOLKIT"].checklists)


def _answering(track: Track) -> str:
    """How long a track takes, in the newest version of each checklist that has it."""
    newest = {one.id: one for one in _on_offer()}.values()
    sizes = [(one.title, size) for one in newest for size in track_sizes(one)]
    times = [(title, duration(roughly(size.minutes))) for title, size in sizes if size.track is track]
    if not times:
        return ""
    if len({time for _, time in times}) == 1:
        return f"About {times[0][1]} of answering."
    return f"Answering takes about {', '.join(f'{time} ({title})' for title, time in times)}."


def roughly(minutes: int) -> int:
    """Minutes as people say them: a long time to the half hour, a short one to five minutes."""
    step = 30 if minutes > 120 else 15 if minutes > 60 else 5
    return max(step, round(minutes / step) * step)


def _form() -> StartForm:
    viewer, now = signed_in_viewer(), utc_now()
    own = [one for one in spaces.spaces_for(viewer, now=now) if Permission.START_ASSESSMENT in one.permissions]
    versions = [
        (f"{one.id}/{one.version}", f"{one.title}, version {one.version}{' (draft)' if one.status == 'draft' else ''}")
        for one in reversed(_on_offer())
    ]
    offered = {size.track for one in _on_offer() for size in track_sizes(one)}
    form = start_form(
        spaces=[(str(one.id), one.name) for one in own],
        checklists=versions,
        kinds=SUBJECT_KINDS,
        tracks={track: TRACKS[track] for track in Track if track in offered},
        sign_offs=SIGN_OFFS,
        countries=countries(),
    )
    if len(own) == 1 and not form.is_submitted():  # most people assess what they work for
        form.name.data, form.kind.data, form.country.data = own[0].name, SUBJECT_OF[own[0].kind].value, own[0].country
    return form


def _start(form: StartForm) -> UUID:
    checklist_id, _, version = form.checklist.data.partition("/")
    space_names = {choice.value: choice.label for choice in form.space.choices}
    subject = Subject(
        form.name.data, SubjectKind(form.kind.data), str(space_names[form.space.data]), form.country.data or ""
    )
    return assessments.start(
        space_id=UUID(form.space.data),
        subject=subject,
        checklist_id=checklist_id,
        version=version,
        track=Track(form.track.data),
        sign_off=SignOff(form.sign_off.data),
        title=form.title.data,
        facts={},
        by=signed_in_viewer().person_id,
        now=utc_now(),
    )
