"""Protection of every unsafe route against forged requests."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import CSRFProtect


def protect(app: Flask) -> None:
    """Ask every POST, PUT, PATCH and DELETE for the form token, which lives as long as the session."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a page left open over lunch must still save
    app.config["WTF_CSRF_SSL_STRICT"] = True
    app.config["WTF_CSRF_FIELD_NAME"] = "csrf_token"
    CSRFProtect(app)
