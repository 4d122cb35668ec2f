"""Personal links: opening one, what its holder finds, sending a fresh one, taking it back, doing without them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.access import Permission
from toolkit.domain.errors import NotFound
from toolkit.forms.assessments import StepForm
from toolkit.services import assessments, handed_over, personal_links
from toolkit.web import security_log
from toolkit.web.access import ANYONE, SIGNED_IN, requires
from toolkit.web.accounts import counting_dead_links, signed_in
from toolkit.web.clock import utc_now
from toolkit.web.devices import device_words
from toolkit.web.outline import outline
from toolkit.web.readers import who_reads
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("personal_links", __name__)
OF_HANDOVER = "/assessments/<uuid:assessment_id>/handovers/<uuid:handover_id>/link"


@bp.get("/link/<token>")
@requires(ANYONE)
@counting_dead_links()
def look(token: str) -> ResponseReturnValue:
    """What a link is for, with a button to begin. Programs that look at the links of a mail change nothing."""
    found = personal_links.personal_link(token, now=utc_now())
    readers = who_reads(found.voice, blind=found.blind, space=found.space_name)
    return _unsaid(render_template("links/look.html", link=found, readers=readers))


@bp.post("/link/<token>")
@requires(ANYONE)
@counting_dead_links()
def begin(token: str) -> ResponseReturnValue:
    """Begin to answer what the link is for."""
    begun = personal_links.open_link(token, device=device_words(request.user_agent.string), now=utc_now())
    security_log.note("link_opened", viewer=begun.viewer)
    return _unsaid(signed_in(begun.token, url_for(".mine")))


@bp.get("/asked")
@requires(SIGNED_IN, by_link=True)
def mine() -> ResponseReturnValue:
    """What the holder of a link was asked: the hand-over, and its themes."""
    viewer = signed_in_viewer()
    if viewer.link is None:
        raise NotFound
    limits = viewer.link
    lines = handed_over.in_my_hands(viewer, now=utc_now(), assessment_id=limits.assessment_id)
    themes = _themes(limits.assessment_id, limits.voice_id)
    return render_template("links/mine.html", lines=lines, themes=themes, limits=limits)


@bp.post(f"{OF_HANDOVER}/afresh")
@requires(Permission.HAND_OVER)
def afresh(assessment_id: UUID, handover_id: UUID) -> ResponseReturnValue:
    """Send a fresh link; the one before ends."""
    if StepForm().validate_on_submit():
        personal_links.send_afresh(handover_id, viewer=signed_in_viewer(), now=utc_now())
        flash("A fresh link is on its way. The one before no longer works.")
    return redirect(url_for("handing_over.board", assessment_id=assessment_id))


@bp.post(f"{OF_HANDOVER}/take-back")
@requires(Permission.HAND_OVER)
def take_back(assessment_id: UUID, handover_id: UUID) -> ResponseReturnValue:
    """Take a link back."""
    if StepForm().validate_on_submit():
        personal_links.take_back(handover_id, viewer=signed_in_viewer(), now=utc_now())
        flash("The link no longer works. The answers stay.")
    return redirect(url_for("handing_over.board", assessment_id=assessment_id))


@bp.post("/spaces/<uuid:space_id>/personal-links")
@requires(Permission.MANAGE_PEOPLE)
def allow(space_id: UUID) -> ResponseReturnValue:
    """Let a space have personal links, or none."""
    if StepForm().validate_on_submit():
        wanted = request.form.get("allow") == "yes"
        ended = personal_links.allow(space_id, wanted, viewer=signed_in_viewer(), now=utc_now())
        told = "People can be let in by personal links." if wanted else "Personal links are switched off."
        flash(f"{told} {ended} ended at once." if ended else told)
    return redirect(url_for("people.of_space", space_id=space_id))


def _themes(assessment_id: UUID, voice_id: UUID | None) -> list[tuple[str, str, int, int]]:
    """The themes that the holder of a link sees: id, title, answered, asked."""
    one = assessments.open_assessment(assessment_id, viewer=signed_in_viewer(), now=utc_now(), voice=voice_id)
    return [(line.theme.id, line.theme.title, line.answered, line.asked) for line in outline(one).themes]


def _unsaid(response: ResponseReturnValue) -> Response:
    """No page that is opened from here learns the address, which has the token."""
    made: Response = make_response(response)
    made.headers["Referrer-Policy"] = "no-referrer"
    return made
