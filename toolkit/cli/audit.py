"""`decent-work audit`: verify the trail."""

from __future__ import annotations

import json

import click

from toolkit.cli.database import database
from toolkit.cli.settings import setting_options
from toolkit.config import Config
from toolkit.services.auditing import verify_trail

FAULTS_FOUND = 1


@click.group()
def audit() -> None:
    """Look after the trail of what was done."""


@audit.command()
@setting_options("DATA", "DATABASE_URL")
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
def verify(config: Config, as_json: bool) -> None:
    """Verify every hash chain, from its first link to its end, and each submission against its chain.

    Exit codes: 0 all is sound, 1 something was changed, removed, inserted, swapped or cut off.
    """
    with database(config):
        report = verify_trail()
    if as_json:
        faults = [{"chain": fault.chain, "message": fault.message} for fault in report.faults]
        click.echo(json.dumps({"chains": report.chains, "links": report.links, "faults": faults}, indent=2))
    else:
        click.echo(f"{report.chains} chains with {report.links} links verified.")
        for fault in report.faults:
            click.echo(f"  {fault}", err=True)
        click.echo("Nothing is wrong." if not report.faults else f"{len(report.faults)} things are wrong.")
    if report.faults:
        raise click.exceptions.Exit(FAULTS_FOUND)
