"""My account: who I am here, my password, where I am signed in, and what is kept about me."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.errors import InvalidInput, NotFound, TooManyTries
from toolkit.forms.accounts import ChangePasswordForm
from toolkit.services import identities, my_account, person_export
from toolkit.services.viewers import Viewer
from toolkit.web import security_log, sessions
from toolkit.web.access import SIGNED_IN, requires
from toolkit.web.accounts import client_address, signed_in
from toolkit.web.clock import utc_now
from toolkit.web.devices import device_words
from toolkit.web.viewers import signed_in_viewer

bp = Blueprint("my_account", __name__)
IN_MEMORY_BYTES = 1_000_000  # a larger export waits in a file without a name


def person_with_account() -> Viewer:
    """Who is signed in with an account of their own. Raises NotFound for a visitor of the demo."""
    viewer = signed_in_viewer()
    if viewer.is_sandbox:
        raise NotFound
    return viewer


@bp.get("/account")
@requires(SIGNED_IN)
def overview() -> ResponseReturnValue:
    """Name, address, password, sessions, and what is kept."""
    return _page(ChangePasswordForm(formdata=None))


@bp.post("/account/password")
@requires(SIGNED_IN)
def change_password() -> ResponseReturnValue:
    """Set a new password; every other session ends."""
    viewer, form, status = person_with_account(), ChangePasswordForm(), 422
    if form.validate_on_submit():
        try:
            token = my_account.change_password(
                viewer,
                form.current.data,
                form.new.data,
                address=client_address(),
                device=device_words(request.user_agent.string),
                now=utc_now(),
            )
        except (InvalidInput, TooManyTries) as error:
            form.hang(error)
            status = 429 if isinstance(error, TooManyTries) else 422
            security_log.note("password_refused")
        else:
            security_log.note("password_set")
            answer = signed_in(token, url_for("my_account.overview"))
            flash("Your new password is set. You are signed out everywhere else.")
            return answer
    return _page(form, status)


@bp.post("/account/sessions/end")
@requires(SIGNED_IN)
def end_session() -> ResponseReturnValue:
    """End one of my sessions."""
    my_account.end_session(request.form.get("session", "")[:64], viewer=person_with_account(), now=utc_now())
    security_log.note("session_ended")
    flash("That session has ended.")
    return redirect(url_for("my_account.overview", _anchor="sessions"))


@bp.post("/account/sessions/end-all")
@requires(SIGNED_IN)
def sign_out_everywhere() -> ResponseReturnValue:
    """End all of my sessions, this one too."""
    my_account.sign_out_everywhere(person_with_account(), now=utc_now())
    security_log.note("signed_out_everywhere")
    session.clear()
    flash("You are signed out everywhere.")
    return sessions.forget_sign_in(redirect(url_for("public.front")))  # type: ignore[arg-type]  # Flask's redirect gives its own kind


@bp.post("/account/export")
@requires(SIGNED_IN)
def export() -> ResponseReturnValue:
    """Everything that is kept about me, as one file."""
    viewer = person_with_account()
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - closed when it has been sent
    try:
        person_export.export_own(viewer, file, now=utc_now())
    except BaseException:
        file.close()
        raise
    security_log.note("person_exported")
    size = file.tell()
    response = Response(_pieces(file), mimetype="application/zip")
    response.content_length = size
    response.headers.set("Content-Disposition", "attachment", filename="what-is-kept-about-me.zip")
    return response


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(65_536):
            yield piece


def _page(form: ChangePasswordForm, status: int = 200) -> ResponseReturnValue:
    viewer = person_with_account()
    mine = my_account.open_sessions(viewer, sessions.sign_in_token(request), now=utc_now())
    identity = identities.linked(viewer)
    return render_template("my_account/overview.html", form=form, sessions=mine, identity=identity), status
