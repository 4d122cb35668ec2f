"""Coming in and going out: sign-in, first administrator, invitation, new password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from toolkit.domain.errors import InvalidInput, LinkExpired, SignInRefused, TooManyTries
from toolkit.forms.accounts import AcceptForm, CodeForm, FirstAdministratorForm, ResetForm, ResetRequestForm, SignInForm
from toolkit.services import people, rates
from toolkit.web import security_log, sessions
from toolkit.web.access import ANYONE, requires
from toolkit.web.clock import utc_now
from toolkit.web.devices import device_words
from toolkit.web.kept import Kept, carried_here
from toolkit.web.viewers import current_viewer

bp = Blueprint("accounts", __name__)
SECOND_STEP = "second_step"  # where the form cookie, which is signed, has the token between password and code


def safe_next(address: str) -> str:
    """An address on this site to go on to; My work for any other."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and "\\" not in address
    return address if inside else url_for("work.mine")


def client_address() -> str:
    """Where a request came from, as far as the trusted proxies say."""
    return request.remote_addr or "unknown"


def begin_anew() -> None:
    """A new form token, and the end of the session that this browser had before."""
    earlier = sessions.sign_in_token(request)
    if earlier:
        people.sign_out(earlier)
    session.clear()
    session.permanent = True


@contextmanager
def counting_dead_links() -> Iterator[None]:
    """Whoever opens many links that do not work has to wait. Raises TooManyTries in place of LinkExpired."""
    try:
        yield
    except LinkExpired:
        rates.count_try((rates.LINK_BY_ADDRESS, client_address()), now=utc_now())
        raise


def signed_in(token: str, address: str) -> ResponseReturnValue:
    """Go on, signed in, with a new form token."""
    begin_anew()
    return sessions.keep_sign_in(redirect(address), token)  # type: ignore[arg-type]  # Flask's redirect gives its own kind


def save_after_sign_in(begun: people.SignedIn, kept: Kept) -> ResponseReturnValue:
    """Offer what was typed before signing in, as a form with a new token: whoever signed in decides."""
    begin_anew()
    g.pop("csrf_token", None)  # made for the session that just ended
    g.viewer = begun.viewer
    message = "What you wrote before is below. It is not saved until you press the button."
    page = render_template(
        "errors/error.html", heading="You are signed in again", message=message, problems=(), kept=kept, again=True
    )
    return sessions.keep_sign_in(make_response(page), begun.token)


@bp.route("/sign-in", methods=["GET", "POST"])
@requires(ANYONE)
def sign_in() -> ResponseReturnValue:
    """Sign in and go on to the page that was asked for."""
    form = SignInForm()
    onward = safe_next(request.args.get("next", ""))
    here_already = current_viewer()
    if request.method == "GET" and here_already is not None and here_already.link is None:
        return redirect(onward)
    status = 200
    kept = carried_here() if request.method == "POST" else None
    if form.validate_on_submit():
        try:
            begun = people.sign_in(
                form.email.data,
                form.password.data,
                address=client_address(),
                device=device_words(request.user_agent.string),
                now=utc_now(),
            )
        except (SignInRefused, TooManyTries) as error:
            form.hang(error)
            security_log.note(
                "sign_in_too_many_tries" if isinstance(error, TooManyTries) else "sign_in_refused", name=form.email.data
            )
            status = 429 if isinstance(error, TooManyTries) else 422
        else:
            if isinstance(begun, people.SecondStep):
                session[SECOND_STEP] = begun.token
                return _code_page(CodeForm(formdata=None), kept, onward)
            security_log.note("signed_in", viewer=begun.viewer)
            return save_after_sign_in(begun, kept) if kept else signed_in(begun.token, onward)
    return render_template(
        "accounts/sign_in.html", form=form, kept=kept
    ), status if not form.errors or status != 200 else 422


@bp.route("/sign-in/code", methods=["GET", "POST"])
@requires(ANYONE)
def second_step() -> ResponseReturnValue:
    """The code after the password."""
    form, onward = CodeForm(), safe_next(request.args.get("next", ""))
    token, status = str(session.get(SECOND_STEP, "")), 422
    if request.method == "GET" or not token:
        return redirect(url_for("accounts.sign_in", next=request.args.get("next")))
    kept = carried_here()
    if form.validate_on_submit():
        try:
            begun = people.sign_in_with_code(
                token,
                form.code.data,
                address=client_address(),
                device=device_words(request.user_agent.string),
                now=utc_now(),
            )
        except LinkExpired:
            session.pop(SECOND_STEP, None)
            flash("That took too long. Sign in again.")
            return render_template("accounts/sign_in.html", form=SignInForm(formdata=None), kept=kept), 422
        except (SignInRefused, TooManyTries) as error:
            form.hang(error)
            security_log.note("code_refused")
            status = 429 if isinstance(error, TooManyTries) else 422
        else:
            security_log.note("signed_in", viewer=begun.viewer)
            return save_after_sign_in(begun, kept) if kept else signed_in(begun.token, onward)
    return _code_page(form, kept, onward, status)


def _code_page(form: CodeForm, kept: Kept | None, onward: str, status: int = 200) -> ResponseReturnValue:
    return render_template("accounts/code.html", form=form, kept=kept, onward=onward), status


@bp.post("/sign-out")
@requires(ANYONE)
def sign_out() -> ResponseReturnValue:
    """End the session."""
    token = sessions.sign_in_token(request)
    if token:
        security_log.note("signed_out", viewer=current_viewer())
        people.sign_out(token)
    session.clear()
    flash("You are signed out.")
    return sessions.forget_sign_in(redirect(url_for("public.front")))  # type: ignore[arg-type]  # as above


@bp.route("/welcome/<token>", methods=["GET", "POST"])
@requires(ANYONE)
@counting_dead_links()
def first_administrator(token: str) -> ResponseReturnValue:
    """Make the first administrator with the link that the program printed."""
    form = FirstAdministratorForm()
    if form.validate_on_submit():
        try:
            made = people.create_first_administrator(
                token, name=form.name.data, email=form.email.data, password=form.password.data, now=utc_now()
            )
        except InvalidInput as error:
            form.hang(error)
        else:
            security_log.note("password_set", viewer=made)
            flash("Your account is ready. Sign in to go on.")
            return redirect(url_for("accounts.sign_in", next=url_for("spaces.new")))
    return render_template("accounts/first_administrator.html", form=form), 422 if form.errors else 200


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@requires(ANYONE)
@counting_dead_links()
def accept(token: str) -> ResponseReturnValue:
    """Take up an invitation."""
    invitation = people.invitation(token, now=utc_now())
    form = AcceptForm(name=invitation.name)
    if form.validate_on_submit():
        try:
            joined = people.accept_invitation(token, name=form.name.data, password=form.password.data, now=utc_now())
        except InvalidInput as error:
            form.hang(error)
        else:
            security_log.note("password_set", viewer=joined)
            flash("Your account is ready. Sign in to go on.")
            return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/accept.html", form=form, invitation=invitation), 422 if form.errors else 200


@bp.route("/reset", methods=["GET", "POST"])
@requires(ANYONE)
def request_reset() -> ResponseReturnValue:
    """Ask for a link to set a new password; what is answered is the same for a known and an unknown address."""
    form = ResetRequestForm()
    if form.validate_on_submit():
        security_log.note("password_asked_for", name=form.email.data)
        people.request_reset(form.email.data, address=client_address(), now=utc_now())
        return render_template("accounts/reset_sent.html")
    return render_template("accounts/request_reset.html", form=form), 422 if form.errors else 200


@bp.route("/reset/<token>", methods=["GET", "POST"])
@requires(ANYONE)
@counting_dead_links()
def reset(token: str) -> ResponseReturnValue:
    """Set a new password with the link from the message."""
    form = ResetForm()
    if form.validate_on_submit():
        try:
            viewer = people.reset_password(token, form.password.data, now=utc_now())
        except InvalidInput as error:
            form.hang(error)
        else:
            security_log.note("password_set", viewer=viewer)
            flash("Your new password is set. Sign in with it.")
            return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/reset.html", form=form), 422 if form.errors else 200
