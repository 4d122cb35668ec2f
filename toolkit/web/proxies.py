"""Reverse proxies: whose forwarded headers are believed."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from toolkit.config import Config


def trust(app: Flask, config: Config) -> None:
    """Believe the forwarded address, scheme and host of as many proxies as the setting says, and of no more."""
    count = config.number("TRUSTED_PROXIES")
    if count > 0:
        proxied = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # the way Flask documents it
