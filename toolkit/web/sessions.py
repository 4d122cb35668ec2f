"""Cookies: how they are named and guarded, decided by the address that people type."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app

from toolkit.config import Config, served_securely
from toolkit.storage.secret import site_secret

COOKIE_CONFIG = "SIGN_IN_COOKIE"


def configure(app: Flask, config: Config) -> None:
    """Name the cookies and sign the forms.

    https gives `__Host-` names and Secure; http on this machine gives plain names. Any other http address is
    refused with ValueError unless ALLOW_HTTP is set, since passwords would travel unprotected.
    """
    secure = served_securely(config)
    prefix = "__Host-" if secure else ""
    app.config.update(
        SECRET_KEY=site_secret(config),
        SESSION_COOKIE_NAME=f"{prefix}decent_work_form",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=config.number("SESSION_HOURS")),
    )
    app.config[COOKIE_CONFIG] = f"{prefix}decent_work_sign_in"
    public = urlsplit(config.text("PUBLIC_URL"))
    if public.netloc:
        app.config["PREFERRED_URL_SCHEME"] = public.scheme


def sign_in_token(request: Request) -> str | None:
    """The opaque token that the browser holds, None when it holds none."""
    return request.cookies.get(current_app.config[COOKIE_CONFIG])


def keep_sign_in(response: Response, token: str) -> Response:
    """Hand the browser its token. The session itself lives in the database and ends there."""
    response.set_cookie(
        current_app.config[COOKIE_CONFIG],
        token,
        max_age=current_app.config["PERMANENT_SESSION_LIFETIME"],
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def forget_sign_in(response: Response) -> Response:
    """Take the token back."""
    response.delete_cookie(
        current_app.config[COOKIE_CONFIG],
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response
