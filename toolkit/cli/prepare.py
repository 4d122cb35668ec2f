"""What `decent-work serve` has done by a process of its own before the site starts. Prints a token, or nothing."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from toolkit.cli.database import database
from toolkit.config import Config, read_config
from toolkit.services import people
from toolkit.storage import schema, schema_revision
from toolkit.storage.db import db


def prepare(config: Config, now: datetime) -> str:
    """Make the data folder, bring the database up to date, and give the first administrator's token.

    Empty once there is an administrator.
    """
    with database(config):
        if not schema_revision.is_current(db.engine):
            print("Bringing the database up to date …", file=sys.stderr)
            schema.upgrade(db.engine)
        return people.first_administrator_link(now) or ""


if __name__ == "__main__":
    try:
        print(prepare(read_config(), datetime.now(UTC)))
    except (SQLAlchemyError, OSError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
