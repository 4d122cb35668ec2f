"""`decent-work audit`: verify the trail."""

from __future__ import annotations

import json
from pathlib import Path

import click

from toolkit.cli.database import database
from toolkit.cli.settings import setting_options
from toolkit.config import Config
from toolkit.domain.assessment_reading import read_file
from toolkit.domain.errors import InvalidInput
from toolkit.exports.report_pdf import NotAReport, read_report
from toolkit.services.auditing import verify_trail

FAULTS_FOUND = 1


@click.group()
def audit() -> None:
    """Look after the trail of what was done."""


@audit.command()
@click.option(
    "--report",
    "reports",
    metavar="FILE",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Also look whether the head of the chain in this report (PDF) or assessment file is still there; repeatable.",
)
@setting_options("DATA", "DATABASE_URL")
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
def verify(config: Config, reports: tuple[Path, ...], as_json: bool) -> None:
    """Verify every hash chain, from its first link to its end, and each submission against its chain.

    A chain that somebody wrote anew as a whole is sound in itself; a report that was kept elsewhere gives it away.

    Exit codes: 0 all is sound, 1 something was changed, removed, inserted, swapped, cut off or written anew.
    """
    printed = {str(path): _printed_head(path) for path in reports}
    with database(config):
        report = verify_trail(printed)
    if as_json:
        faults = [{"chain": fault.chain, "message": fault.message} for fault in report.faults]
        found = {"chains": report.chains, "links": report.links, "reports": len(printed), "faults": faults}
        click.echo(json.dumps(found, indent=2))
    else:
        click.echo(f"{report.chains} chains with {report.links} links verified.")
        if printed:
            click.echo(f"Heads of chains printed in reports, looked for: {len(printed)}.")
        for fault in report.faults:
            click.echo(f"  {fault}", err=True)
        click.echo("Nothing is wrong." if not report.faults else f"{len(report.faults)} things are wrong.")
    if report.faults:
        raise click.exceptions.Exit(FAULTS_FOUND)


def _printed_head(path: Path) -> str:
    data = path.read_bytes()
    try:
        head = read_file(read_report(path).assessment if data.startswith(b"%PDF") else data).assessment.chain_head
    except (NotAReport, InvalidInput) as error:
        raise click.ClickException(str(error)) from None
    if not head:
        raise click.ClickException(f"{path.name} prints no head of a chain: it was made without a site.")
    return head
