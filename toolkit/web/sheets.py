"""Answering in a spreadsheet: take a sheet, send it back, look at each change, keep them; slips for a workshop."""

from __future__ import annotations

import base64
import binascii
import hashlib
from contextlib import closing
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.access import Permission
from toolkit.domain.errors import AnswerConflict, InvalidInput, SheetNotTheSame
from toolkit.domain.sheet_plan import SheetPlan, reads_back
from toolkit.domain.words import count
from toolkit.exports.sheet import sheet_file
from toolkit.jobs.sheets import MAX_FILE_BYTES, read_sheet
from toolkit.services import sheets
from toolkit.services.handed_over import in_my_hands
from toolkit.web.access import requires
from toolkit.web.clock import utc_now
from toolkit.web.downloads import attachment, file_name
from toolkit.web.opened import opened, voice_in_address
from toolkit.web.readers import readers_of
from toolkit.web.sheets_page import chosen, sheet_page
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("sheets", __name__, url_prefix="/assessments/<uuid:assessment_id>/sheet")
PLACES = frozenset({"groups", "themes"})
NO_THEME = ("",)  # of a form that was sent without any: nothing was chosen, not all
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("")
@requires(Permission.ANSWER)
def choose(assessment_id: UUID) -> ResponseReturnValue:
    """Choose what goes into a sheet, and send one back."""
    return _choose_page(assessment_id)


@bp.get("/questions.xlsx")
@requires(Permission.ANSWER)
def take(assessment_id: UUID) -> ResponseReturnValue:
    """The sheet, read back before it is handed out."""
    try:
        plan = _plan(assessment_id)
    except InvalidInput as error:
        return _choose_page(assessment_id, error=error)
    raw = sheet_file(plan)
    try:
        faithful = reads_back(plan, read_sheet(raw))
    except InvalidInput:
        faithful = False
    if not faithful:
        raise SheetNotTheSame
    return attachment(raw, f"{file_name(plan.title)}-{'workshop' if plan.groups else 'questions'}.xlsx", XLSX)


@bp.get("/slips")
@requires(Permission.ANSWER)
def slips(assessment_id: UUID) -> ResponseReturnValue:
    """The questions on slips of paper, for a workshop."""
    try:
        plan = _plan(assessment_id)
    except InvalidInput as error:
        return _choose_page(assessment_id, error=error)
    return render_template("sheets/slips.html", plan=plan, opened=opened(assessment_id))


@bp.post("")
@requires(Permission.ANSWER)
def preview(assessment_id: UUID) -> ResponseReturnValue:
    """Say what a sheet would change, answer by answer; nothing is kept."""
    raw = b""
    if upload := request.files.get("file"):
        with closing(upload):
            raw = upload.read(MAX_FILE_BYTES + 1)
    if not raw:
        return _choose_page(assessment_id, missing=True)
    return _preview_page(assessment_id, raw)


@bp.post("/keep")
@requires(Permission.ANSWER)
def keep(assessment_id: UUID) -> ResponseReturnValue:
    """Keep what a sheet changes, compared anew: all of it or nothing."""
    try:
        raw = base64.b64decode(request.form.get("sent", ""), validate=True)
    except (binascii.Error, ValueError):
        abort(400)
    viewer, now, voice = signed_in_viewer(), utc_now(), voice_in_address()
    try:
        found = sheets.compare(read_sheet(raw), assessment_id, viewer=viewer, now=now, voice=voice)
        answers, undecided = chosen(found, request.form)
        if undecided:
            return _preview_page(assessment_id, raw, undecided=undecided)
        sha256 = hashlib.sha256(raw).hexdigest()
        sheets.enter(assessment_id, answers, sha256=sha256, viewer=viewer, now=now, voice=voice)
    except InvalidInput as error:
        return _choose_page(assessment_id, error=error)
    except AnswerConflict:  # in the blink of an eye since it was compared
        return _preview_page(assessment_id, raw, status=409)
    flash(f"{count(len(answers), 'answer')} from your sheet {'is' if len(answers) == 1 else 'are'} saved.")
    return redirect(url_for("assessments.overview", assessment_id=assessment_id, voice=voice))


def _plan(assessment_id: UUID) -> SheetPlan:
    return sheets.plan_sheet(
        assessment_id,
        viewer=signed_in_viewer(),
        now=utc_now(),
        voice=voice_in_address(),
        themes=_themes() or (NO_THEME if "chosen" in request.args else ()),
        groups=request.args.get("groups", "").split(","),
    )


def _themes() -> frozenset[str]:
    return frozenset(request.args.getlist("theme"))


def _choose_page(
    assessment_id: UUID, *, error: InvalidInput | None = None, missing: bool = False
) -> ResponseReturnValue:
    one = opened(assessment_id)
    in_hand = in_my_hands(signed_in_viewer(), now=utc_now(), assessment_id=assessment_id)
    handed = {line.voice_id: line.reach for line in in_hand}.get(one.voice.id if one.voice else None)
    offer = sheets.on_offer(one)
    mine = {
        each.theme.id
        for each in offer
        if handed is not None and any(handed.includes(each.theme.id, question.id) for question in each.theme.questions)
    }
    ticked = set(_themes())
    if not ticked and "chosen" not in request.args:
        ticked = mine or {each.theme.id for each in offer}
    problems = [(it.path if it.path in PLACES else "file", it.message) for it in error.problems] if error else []
    if missing:
        problems.append(("file", "Choose the sheet that you filled in. Its name ends in .xlsx."))
    page = render_template(
        "sheets/choose.html",
        opened=one,
        offer=offer,
        ticked=ticked,
        problems=problems,
        groups=request.args.get("groups", ""),
        readers=readers_of(one),
        voice=voice_in_address(),
        max_mib=MAX_FILE_BYTES // 2**20,
    )
    return page, 422 if problems else 200


def _preview_page(
    assessment_id: UUID, raw: bytes, *, undecided: frozenset[str] = frozenset(), status: int = 0
) -> ResponseReturnValue:
    viewer, now, voice = signed_in_viewer(), utc_now(), voice_in_address()
    try:
        found = sheets.compare(read_sheet(raw), assessment_id, viewer=viewer, now=now, voice=voice)
    except InvalidInput as error:
        return _choose_page(assessment_id, error=error)
    page = render_template(
        "sheets/preview.html",
        page=sheet_page(found, undecided, request.form),
        opened=found.opened,
        sent=base64.b64encode(raw).decode("ascii"),
        voice=voice,
        sent_at=now,
    )
    return page, status or (422 if undecided else 200)
