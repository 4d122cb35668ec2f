"""The web site, put together: `create_app` reads as a table of contents."""

from __future__ import annotations

import gc

from flask import Flask

from toolkit.config import PACKAGE, Config, packaged_folder, read_config
from toolkit.storage.db import configure_database
from toolkit.web import access, blueprints, csrf, errors, filters, headers, identities, limits, proxies, sessions


def create_app(config: Config | None = None) -> Flask:
    """The site with these settings; those of the environment when none are given."""
    config = config or read_config()
    app = Flask(
        "toolkit",
        template_folder=str(packaged_folder("templates")),
        static_folder=str(PACKAGE / "web" / "static"),
    )
    app.config["TOOLKIT"] = config
    sessions.configure(app, config)
    limits.configure(app)
    proxies.trust(app, config)
    configure_database(app, config)
    filters.register(app)
    csrf.protect(app)
    headers.add(app)
    errors.register(app)
    identities.configure(app, config)
    blueprints.register(app)
    access.guard(app)
    return app


def create_app_to_fork() -> Flask:
    """The site for a server that forks its workers afterwards, with the settings of the environment.

    What is loaded by now is taken out of the garbage collector's sight: it would write into the memory pages that the
    workers share, and give each of them a copy (a fifth of all their memory).
    """
    app = create_app()
    gc.collect()
    gc.freeze()
    return app
