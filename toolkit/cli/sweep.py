"""`decent-work sweep`: remove files that nothing names, or check that those which something names are whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from toolkit.cli.database import database
from toolkit.cli.opening import FOUND_WRONG, problems_shown
from toolkit.cli.settings import setting_options
from toolkit.config import Config
from toolkit.services import evidence_rows, sweeping


@click.command()
@setting_options("DATA", "DATABASE_URL")
@click.option("--check", is_flag=True, help="Remove nothing; read every named file and say which are not whole.")
@click.option("--json", "as_json", is_flag=True, help="Say it for programs.")
def sweep(config: Config, check: bool, as_json: bool) -> None:
    """Remove evidence that no answer named within a day, and files that no row names, an hour old at the earliest.

    The job process does this every hour by itself. With --check every file is read and compared with its digest; the
    command ends with 1 when one is missing or damaged.
    """
    with database(config), problems_shown(as_json):
        if check:
            _check(as_json)
            return
        waiting = evidence_rows.forget_waiting(now=datetime.now(UTC))
        removed = sweeping.sweep_orphans()
    if as_json:
        click.echo(json.dumps({"forgotten": waiting, "removed": removed}))
    else:
        click.echo(f"{waiting} forgotten that no answer named, {removed} removed from the store.")


def _check(as_json: bool) -> None:
    found = list(sweeping.damaged())
    if as_json:
        click.echo(json.dumps({"damaged": [{"table": one.table, "sha256": one.sha256} for one in found]}))
    else:
        for one in found:
            click.echo(f"{one.table}: {one.sha256} is missing or damaged.")
        click.echo("Every file is whole." if not found else f"{len(found)} to bring back from a back-up.")
    if found:
        raise click.exceptions.Exit(FOUND_WRONG)
