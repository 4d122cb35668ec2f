"""The database of the settings, for as long as a command needs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from toolkit.config import Config
from toolkit.storage.db import database_app, db


@contextmanager
def database(config: Config) -> Iterator[Flask]:
    """An application whose context is pushed; its connections are closed at the end."""
    app = database_app(config)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()
