"""`decent-work migrate`: bring the database's tables up to date, or take them back."""

from __future__ import annotations

import json

import click

from toolkit.cli.database import database
from toolkit.cli.settings import setting_options
from toolkit.config import Config
from toolkit.storage import schema, schema_revision
from toolkit.storage.db import db


@click.command()
@setting_options("DATA", "DATABASE_URL")
@click.option("--to", "revision", default="head", show_default=True, help="The revision to go up to.")
@click.option("--down-to", help='The revision to go back to; "base" removes every table with all that is in it.')
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 unless all is up to date.")
@click.option("--yes", is_flag=True, help="Do not ask before going back.")
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
def migrate(config: Config, revision: str, down_to: str | None, check: bool, yes: bool, as_json: bool) -> None:
    """Bring the database's tables up to date. Each run happens whole or not at all.

    `serve` does this by itself. Going back loses what the older tables have no place for: back up first.
    """
    if down_to and not check and not yes:
        click.confirm(f"Go back to {down_to}? What the older tables have no place for is lost.", abort=True)
    with database(config):
        before = schema_revision.current(db.engine)
        if not check:
            try:
                if down_to:
                    schema.downgrade(db.engine, down_to)
                else:
                    schema.upgrade(db.engine, revision)
            except schema.UnknownRevision as error:
                raise click.ClickException(str(error)) from None
        after = schema_revision.current(db.engine)
        current = after == schema_revision.NEEDED
        drift = [str(one) for one in schema.drift(db.engine)] if current else []
    if as_json:
        click.echo(json.dumps({"before": before, "after": after, "current": current, "drift": drift}, indent=2))
    else:
        click.echo(_words(before, after, current))
        for one in drift:
            click.echo(f"  differs from what the program describes: {one}", err=True)
    if check and (not current or drift):
        raise click.exceptions.Exit(1)


def _words(before: str | None, after: str | None, current: bool) -> str:
    where = f"The tables are at {after}" if after else "There are no tables"
    came = f" (before: {before or 'none'})" if before != after else ""
    return f"{where}{came}. {'They are up to date.' if current else f'This program needs {schema_revision.NEEDED}.'}"
