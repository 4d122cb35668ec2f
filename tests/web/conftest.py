"""The site in a temporary folder, and a client that holds every page to strict HTML."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from toolkit.app import create_app
from toolkit.config import read_config
from toolkit.storage import schema
from toolkit.storage.db import db


class StrictClient(FlaskClient):
    """A client that parses each page it is given and fails on the first error in its HTML."""

    def open(self, *given: Any, **named: Any) -> TestResponse:
        """Send a request and read the answer as strict HTML when it is a page."""
        response = super().open(*given, **named)
        if response.mimetype == "text/html" and response.data and not 300 <= response.status_code < 400:
            packed = response.headers.get("Content-Encoding") == "gzip"
            page = gzip.decompress(response.data) if packed else response.data
            html5lib.HTMLParser(strict=True).parse(page.decode())
        return response


def make_site(folder: Path, **settings: Any) -> Flask:
    """A site with an empty, current database."""
    app = create_app(read_config({}, **({"data": str(folder), "secret_key": "k" * 32} | settings)))
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = StrictClient
    with app.app_context():
        schema.upgrade(db.engine)
    return app


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """A site of its own for one test."""
    app = make_site(tmp_path / "data")
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def tiny_site(tmp_path: Path) -> Iterator[Flask]:
    """A site of its own, with the small checklist that has every kind of question."""
    app = make_site(tmp_path / "data", checklists=str(Path(__file__).with_name("checklists")))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    """Somebody who is not signed in."""
    return site.test_client()
