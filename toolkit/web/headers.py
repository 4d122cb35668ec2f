"""Headers of every response: what the browser may load, keep and say; and compression."""

from __future__ import annotations

import gzip

from flask import Flask, Response, current_app, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
STATIC_SECONDS = 365 * 24 * 3600  # the address of a static file carries its digest
COMPRESSIBLE = ("text/", "application/json", "image/svg+xml")
WORTH_COMPRESSING_BYTES = 1_000


def add(app: Flask) -> None:
    """Send the headers with every response, error pages included."""
    app.after_request(with_headers)
    app.after_request(compressed)  # the last registered runs first


def with_headers(response: Response) -> Response:
    """Set what the view did not set. Pages are not kept by any cache; static files are, for good."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]:  # whatever a front forgets to pass on
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint == "static" and response.status_code == 200 and "v" in request.args:
        response.headers["Cache-Control"] = f"public, max-age={STATIC_SECONDS}, immutable"
    elif request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def compressed(response: Response) -> Response:
    """Compress text for browsers that ask: most of our readers' lines are slower than this machine.

    A guess at a secret by its compressed length needs somebody else's page to send requests with our cookies; they
    are SameSite, so it cannot.
    """
    if (
        response.status_code != 200
        or not request.accept_encodings.quality("gzip")
        or "Content-Encoding" in response.headers
        or not (response.mimetype or "").startswith(COMPRESSIBLE)
    ):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= WORTH_COMPRESSING_BYTES:
        response.set_data(gzip.compress(body, compresslevel=5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.pop("ETag", None) if request.endpoint == "static" else None
    response.vary.add("Accept-Encoding")
    return response
