"""The second step of signing in: setting it up, new recovery codes, doing without."""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from toolkit.domain.errors import InvalidInput, NotFound, TooManyTries
from toolkit.forms.accounts import CodeForm, PresentPasswordForm
from toolkit.forms.base import PlainForm
from toolkit.services import my_account, second_factor
from toolkit.services.links import hash_token
from toolkit.services.viewers import Viewer
from toolkit.storage.db import current_config
from toolkit.web import security_log, sessions
from toolkit.web.access import SIGNED_IN, requires
from toolkit.web.accounts import client_address
from toolkit.web.clock import utc_now
from toolkit.web.my_account import person_with_account

bp = Blueprint("second_factor", __name__)


@bp.get("/account/second-step")
@requires(SIGNED_IN, first_step_only=True)
def overview() -> ResponseReturnValue:
    """Whether I have a second step, and what I can do about it."""
    return _page(PresentPasswordForm(formdata=None), CodeForm(formdata=None))


@bp.post("/account/second-step")
@requires(SIGNED_IN, first_step_only=True)
def begin() -> ResponseReturnValue:
    """Begin to set it up, with my password once more."""
    viewer = person_with_account()
    form, status = _confirmed_password(viewer)
    if status:
        return _page(form, CodeForm(formdata=None), status)
    second_factor.begin(viewer, now=utc_now())
    return redirect(url_for("second_factor.overview"))


@bp.post("/account/second-step/confirm")
@requires(SIGNED_IN, first_step_only=True)
def confirm() -> ResponseReturnValue:
    """Put it in force with a first code, and show the recovery codes, this once."""
    viewer, form, status = person_with_account(), CodeForm(), 422
    if form.validate_on_submit():
        try:
            this = hash_token(sessions.sign_in_token(request) or "")
            codes = second_factor.confirm(viewer, form.code.data, keep=this, now=utc_now())
        except NotFound:  # sent twice, or begun too long ago
            return redirect(url_for("second_factor.overview"))
        except (InvalidInput, TooManyTries) as error:
            form.hang(error)
            security_log.note("code_refused")
            status = 429 if isinstance(error, TooManyTries) else 422
        else:
            security_log.note("second_factor_set")
            return render_template("my_account/recovery_codes.html", codes=codes)
    return _page(PresentPasswordForm(formdata=None), form, status)


@bp.post("/account/second-step/codes")
@requires(SIGNED_IN)
def renew_codes() -> ResponseReturnValue:
    """New recovery codes; the old ones end."""
    viewer = person_with_account()
    form, status = _confirmed_password(viewer)
    if status:
        return _page(form, CodeForm(formdata=None), status)
    codes = second_factor.renew_codes(viewer, now=utc_now())
    security_log.note("recovery_codes_made")
    return render_template("my_account/recovery_codes.html", codes=codes)


@bp.post("/account/second-step/remove")
@requires(SIGNED_IN)
def remove() -> ResponseReturnValue:
    """Do without it again."""
    viewer = person_with_account()
    form, status = _confirmed_password(viewer)
    if status:
        return _page(form, CodeForm(formdata=None), status)
    second_factor.remove_own(viewer, now=utc_now())
    security_log.note("second_factor_removed")
    flash("You sign in with your password alone again.")
    return redirect(url_for("second_factor.overview"))


def _confirmed_password(viewer: Viewer) -> tuple[PresentPasswordForm, int]:
    """The form, and the status that refuses it; 0 when the password was right."""
    form = PresentPasswordForm()
    if not form.validate_on_submit():
        return form, 422
    try:
        my_account.check_present(viewer, form.current.data, address=client_address(), now=utc_now())
    except (InvalidInput, TooManyTries) as error:
        form.hang(error)
        security_log.note("password_refused")
        return form, 429 if isinstance(error, TooManyTries) else 422
    return form, 0


def _page(password: PlainForm, code: CodeForm, status: int = 200) -> ResponseReturnValue:
    viewer = person_with_account()
    standing = second_factor.standing(viewer)
    return render_template(
        "my_account/second_step.html",
        standing=standing,
        password=password,
        code=code,
        qr=_qr(second_factor.app_address(viewer, standing.secret)) if standing.secret else "",
        secret=" ".join(standing.secret[at : at + 4] for at in range(0, len(standing.secret), 4)),
        is_needed=second_factor.needs_one(viewer, current_config(), now=utc_now()),
    ), status


def _qr(address: str) -> Markup:
    """A QR code as SVG: attributes only, no style."""
    import segno  # here, since few requests draw one

    drawn = io.BytesIO()
    plain = {"xmldecl": False, "svgns": False, "nl": False, "title": "QR code for your app"}
    segno.make(address, error="m").save(drawn, kind="svg", scale=5, border=4, light="#fff", **plain)
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by the library, from squares
