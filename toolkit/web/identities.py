"""Signing in with an OpenID Connect provider: going there, coming back, and taking the link away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from toolkit.config import Config
from toolkit.domain.errors import NotFound, SignInRefused, TooManyTries
from toolkit.forms.accounts import CodeForm, SignInForm
from toolkit.identity.provider import (
    Asked,
    IdentityRefused,
    Provider,
    ProviderUnavailable,
    asked_text,
    read_asked,
)
from toolkit.services import identities, people
from toolkit.web import security_log
from toolkit.web.access import ANYONE, SIGNED_IN, requires
from toolkit.web.accounts import SECOND_STEP, client_address, safe_next, signed_in
from toolkit.web.clock import utc_now
from toolkit.web.devices import device_words
from toolkit.web.my_account import person_with_account

bp = Blueprint("identities", __name__)
AWAY = "away"  # where the form cookie, which is signed, has what is kept while somebody is at the provider
AWAY_SECONDS = 600


def configure(app: Flask, config: Config) -> None:
    """Get to know the provider that the settings name. Raises ValueError for settings that cannot be."""
    issuer = config.text("OIDC_ISSUER")
    provider = None
    if issuer:
        if not config.text("OIDC_CLIENT_ID") or not config.text("OIDC_CLIENT_SECRET"):
            raise ValueError("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.")
        provider = Provider(issuer, config.text("OIDC_CLIENT_ID"), config.text("OIDC_CLIENT_SECRET"))
    app.extensions["identity_provider"] = provider
    app.jinja_env.globals["provider_label"] = config.text("OIDC_LABEL") if provider else ""


def _provider() -> Provider:
    found: Provider | None = current_app.extensions["identity_provider"]
    if found is None:
        raise NotFound
    return found


def _back_address() -> str:
    """Where the provider sends people back to: on the address that is configured, whatever host a request names."""
    public = current_app.config["TOOLKIT"].text("PUBLIC_URL").rstrip("/")
    return f"{public}{url_for('.back')}" if public else url_for(".back", _external=True)


@bp.post("/sign-in/provider")
@requires(ANYONE)
def away() -> ResponseReturnValue:
    """Send somebody to the provider, by a page that goes on by itself.

    Not by a redirect: browsers hold the form that led to it to `form-action`, over every hop at the provider too.
    """
    provider = _provider()
    try:
        address, asked = provider.begin(_back_address())
    except ProviderUnavailable as error:
        return _sign_in_page(str(error), 503)
    session.permanent = True
    session[AWAY] = [asked_text(asked), safe_next(request.form.get("next", "")), int(utc_now().timestamp())]
    return render_template("accounts/away.html", address=address), {"Refresh": f"0; url={address}"}


@bp.get("/sign-in/provider/back")
@requires(ANYONE)
def back() -> ResponseReturnValue:
    """Take up what the provider says. It counts once, for the browser that was sent there, and not for long."""
    provider = _provider()
    asked, onward = _kept()
    try:
        if asked is None or "error" in request.args:
            raise IdentityRefused
        identity = provider.finish(
            _back_address(),
            code=request.args.get("code", ""),
            state=request.args.get("state", ""),
            issuer=request.args.get("iss"),
            asked=asked,
        )
        begun = identities.sign_in_by(
            identity, address=client_address(), device=device_words(request.user_agent.string), now=utc_now()
        )
    except ProviderUnavailable as error:
        return _sign_in_page(str(error), 503)
    except (IdentityRefused, SignInRefused) as error:
        security_log.note("identity_refused")
        return _sign_in_page(str(error), 403)
    except TooManyTries as error:
        security_log.note("sign_in_too_many_tries")
        return _sign_in_page(str(error), 429)
    if isinstance(begun, people.SecondStep):
        session[SECOND_STEP] = begun.token
        return render_template("accounts/code.html", form=CodeForm(formdata=None), kept=None, onward=onward)
    security_log.note("signed_in", viewer=begun.viewer)
    return signed_in(begun.token, onward)


@bp.post("/account/identity/remove")
@requires(SIGNED_IN)
def unlink() -> ResponseReturnValue:
    """Take the link between my account and the provider away."""
    identities.unlink(person_with_account(), now=utc_now())
    security_log.note("identity_unlinked")
    flash("The link is taken away. You sign in with your password.")
    return redirect(url_for("my_account.overview"))


def _kept() -> tuple[Asked | None, str]:
    """What was kept when somebody went to the provider, and where they go on to; taken, so that it counts once."""
    kept: Any = session.pop(AWAY, None)
    if not isinstance(kept, list) or len(kept) != 3 or utc_now().timestamp() - int(kept[2]) > AWAY_SECONDS:
        return None, url_for("work.mine")
    return read_asked(str(kept[0])), safe_next(str(kept[1]))


def _sign_in_page(message: str, status: int) -> ResponseReturnValue:
    form = SignInForm(formdata=None)
    form.email.errors = [*form.email.errors, message]
    return render_template("accounts/sign_in.html", form=form, kept=None), status
