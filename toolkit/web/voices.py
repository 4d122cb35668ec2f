"""Voices: whose views stand beside the consolidated answers, what each says, and leaving one out of the report."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.access import Permission, Role, voice_scope
from toolkit.domain.errors import InvalidInput, NotAllowed
from toolkit.domain.voices import VoiceKind
from toolkit.domain.words import VOICE_KINDS
from toolkit.forms.assessments import StepForm
from toolkit.forms.voices import (
    LeaveOutForm,
    ParagraphForm,
    ReplyForm,
    VoiceForm,
    VoiceNameForm,
    speaker_form,
    voice_form,
)
from toolkit.services import people, voice_desk, voices
from toolkit.web.access import requires
from toolkit.web.clock import utc_now
from toolkit.web.invitations import send_invitation
from toolkit.web.opened import opened
from toolkit.web.viewers import signed_in_viewer
from toolkit.web.words import SPEAKER_ROLES

bp = Blueprint("voices", __name__, url_prefix="/assessments/<uuid:assessment_id>/voices")
ON_OFFER: dict[VoiceKind, str] = {
    kind: text for kind, text in VOICE_KINDS.items() if kind is not VoiceKind.CONSOLIDATED
}


@bp.get("")
@requires(Permission.SEE_VOICES)
def listing(assessment_id: UUID) -> ResponseReturnValue:
    """Every voice of an assessment, and a form for one more."""
    return _list_page(assessment_id, voice_form(ON_OFFER))


@bp.post("")
@requires(Permission.MANAGE_VOICES)
def add(assessment_id: UUID) -> ResponseReturnValue:
    """Add a voice."""
    form = voice_form(ON_OFFER)
    if form.validate_on_submit():
        kind = VoiceKind(form.kind.data)
        about = {"shows_names": form.shows_names.data, "viewer": signed_in_viewer(), "now": utc_now()}
        try:
            voice_id = voices.add(assessment_id, kind, form.name.data or "", **about)
        except InvalidInput as error:
            form.hang(error)
        else:
            flash("The voice is added. Now invite somebody to speak in it.")
            return redirect(url_for(".one", assessment_id=assessment_id, voice_id=voice_id))
    return _list_page(assessment_id, form, 422)


@bp.post("/blind")
@requires(Permission.MANAGE_VOICES)
def set_blind(assessment_id: UUID) -> ResponseReturnValue:
    """Say whether people answer without seeing what others answer."""
    blind = request.form.get("blind") == "yes"
    try:
        voices.set_blind(assessment_id, blind=blind, viewer=signed_in_viewer(), now=utc_now())
    except NotAllowed as error:
        flash(str(error))
    else:
        flash("From now on people do not see what others answer." if blind else "People see what others answer.")
    return redirect(url_for(".listing", assessment_id=assessment_id))


@bp.get("/<uuid:voice_id>")
@requires(Permission.SEE_ASSESSMENT)
def one(assessment_id: UUID, voice_id: UUID) -> ResponseReturnValue:
    """One voice: for whoever leads or reviews, and for its own people."""
    return _page(assessment_id, voice_id)


@bp.post("/<uuid:voice_id>/change")
@requires(Permission.MANAGE_VOICES)
def change(assessment_id: UUID, voice_id: UUID) -> ResponseReturnValue:
    """Give it another name."""
    form = VoiceNameForm()
    if form.validate_on_submit():
        about = {"shows_names": form.shows_names.data, "viewer": signed_in_viewer(), "now": utc_now()}
        try:
            voices.change(assessment_id, voice_id, form.name.data or "", **about)
        except InvalidInput as error:
            form.hang(error)
        else:
            flash("Saved.")
            return _back(assessment_id, voice_id)
    return _page(assessment_id, voice_id, 422, name_form=form)


@bp.post("/<uuid:voice_id>/remove")
@requires(Permission.MANAGE_VOICES)
def remove(assessment_id: UUID, voice_id: UUID) -> ResponseReturnValue:
    """Remove a voice in which nobody answered."""
    if StepForm().validate_on_submit():
        name = voice_desk.voice_page(
            assessment_id, voice_id, viewer=signed_in_viewer(), now=utc_now()
        ).position.voice.name
        try:
            voices.remove(assessment_id, voice_id, viewer=signed_in_viewer(), now=utc_now())
        except NotAllowed as error:
            flash(str(error))
            return _back(assessment_id, voice_id)
        flash(f"{name} is removed.")
    return redirect(url_for(".listing", assessment_id=assessment_id))


@bp.post("/<uuid:voice_id>/people")
@requires(Permission.MANAGE_PEOPLE)
def invite(assessment_id: UUID, voice_id: UUID) -> ResponseReturnValue:
    """Invite somebody to speak in it."""
    form = speaker_form(SPEAKER_ROLES)
    viewer, now = signed_in_viewer(), utc_now()
    voice_desk.voice_page(assessment_id, voice_id, viewer=viewer, now=now)
    if form.validate_on_submit():
        try:
            made = people.invite(
                email=form.email.data or "",
                name=form.person.data or "",
                role=Role(form.role.data),
                scope=voice_scope(assessment_id, voice_id),
                by=viewer.person_id,
                now=now,
            )
        except InvalidInput as error:
            form.hang(error, {"name": "person"})
        else:
            flash(send_invitation(current_app.config["TOOLKIT"], made, invited_by=viewer.name))
            return _back(assessment_id, voice_id)
    return _page(assessment_id, voice_id, 422, invite=form)


@bp.post("/<uuid:voice_id>/release")
@requires(Permission.SPEAK)
def release(assessment_id: UUID, voice_id: UUID) -> ResponseReturnValue:
    """Release what it says as it stands now."""
    if StepForm().validate_on_submit():
        count = voices.release(assessment_id, voice_id, viewer=signed_in_viewer(), now=utc_now())
        flash(f"Released: {count} {'answer' if count == 1 else 'answers'}.")
    return _back(assessment_id, voice_id)


@bp.post("/<uuid:voice_id>/paragraph")
@requires(Permission.SPEAK, Permission.ENTER_FOR_VOICES)
def paragraph(assessment_id: UUID, voice_id: UUID) -> ResponseReturnValue:
    """What it says about the whole."""
    form = ParagraphForm()
    if form.validate_on_submit():
        text = form.paragraph.data or ""
        voices.write_paragraph(assessment_id, voice_id, text, viewer=signed_in_viewer(), now=utc_now())
        flash("The text is kept." if text else "The text is taken away.")
        return _back(assessment_id, voice_id)
    return _page(assessment_id, voice_id, 422, paragraph=form)


@bp.post("/<uuid:voice_id>/leave-out")
@requires(Permission.MANAGE_VOICES)
def leave_out(assessment_id: UUID, voice_id: UUID) -> ResponseReturnValue:
    """Leave it out of the internal report, with the reason."""
    form = LeaveOutForm()
    if form.validate_on_submit():
        try:
            voices.leave_out(assessment_id, voice_id, form.reason.data or "", viewer=signed_in_viewer(), now=utc_now())
        except InvalidInput as error:
            form.hang(error, {"text": "reason"})
        else:
            flash("It is left out of the internal report, which prints your reason. The voice sees it too.")
            return _back(assessment_id, voice_id)
    return _page(assessment_id, voice_id, 422, leave_out=form)


@bp.post("/<uuid:voice_id>/take-in")
@requires(Permission.MANAGE_VOICES)
def take_in(assessment_id: UUID, voice_id: UUID) -> ResponseReturnValue:
    """Take it into the internal report again."""
    if StepForm().validate_on_submit():
        voices.take_in(assessment_id, voice_id, viewer=signed_in_viewer(), now=utc_now())
        flash("It is in the internal report again.")
    return _back(assessment_id, voice_id)


@bp.post("/<uuid:voice_id>/reply")
@requires(Permission.SPEAK, Permission.ENTER_FOR_VOICES)
def reply(assessment_id: UUID, voice_id: UUID) -> ResponseReturnValue:
    """What it says to being left out."""
    form = ReplyForm()
    if form.validate_on_submit():
        text = form.reply.data or ""
        voices.reply(assessment_id, voice_id, text, viewer=signed_in_viewer(), now=utc_now())
        flash("Your reply is kept." if text else "Your reply is taken away.")
        return _back(assessment_id, voice_id)
    return _page(assessment_id, voice_id, 422, reply=form)


def _back(assessment_id: UUID, voice_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".one", assessment_id=assessment_id, voice_id=voice_id))


def _list_page(assessment_id: UUID, form: VoiceForm, status: int = 200) -> ResponseReturnValue:
    one = opened(assessment_id)
    lines = voice_desk.voices_of(one, now=utc_now())
    return render_template("voices/list.html", opened=one, lines=lines, form=form), status


def _page(assessment_id: UUID, voice_id: UUID, status: int = 200, **sent: Any) -> ResponseReturnValue:
    """The page of a voice; `sent` holds the form that was sent and is shown again with what is wrong in it."""
    page = voice_desk.voice_page(assessment_id, voice_id, viewer=signed_in_viewer(), now=utc_now())
    said = page.position
    forms: dict[str, Any] = {
        "name_form": VoiceNameForm(formdata=None, name=said.voice.name, shows_names=said.voice.shows_names),
        "invite": speaker_form(SPEAKER_ROLES, empty=True),
        "paragraph": ParagraphForm(formdata=None, paragraph=said.paragraph),
        "leave_out": LeaveOutForm(formdata=None),
        "reply": ReplyForm(formdata=None, reply=said.reply),
    }
    problems = [problem for form in sent.values() for problem in form.problems()]
    return render_template("voices/one.html", page=page, problems=problems, sent=sent, **(forms | sent)), status
