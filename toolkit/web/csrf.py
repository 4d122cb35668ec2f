"""Protection of every unsafe route against forged requests."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import CSRFProtect


def protect(app: Flask) -> None:
    """Ask every POST, PUT, PATCH and DELETE for the form token, which lives as long as the session.

    One is not asked: the stop link of reminders, which a mail program may press for its reader (RFC 8058). Its address
    is signed, so nobody else can make one.
    """
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a page left open over lunch must still save
    app.config["WTF_CSRF_SSL_STRICT"] = True
    app.config["WTF_CSRF_FIELD_NAME"] = "csrf_token"
    CSRFProtect(app).exempt("toolkit.web.reminders.stop")
