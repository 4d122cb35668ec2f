"""`decent-work report` and `decent-work form`: PDFs without a server."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from toolkit.cli.export import write_whole
from toolkit.cli.opening import edition_of, open_assessment, problems_shown
from toolkit.cli.settings import setting_options
from toolkit.config import Config
from toolkit.domain.assessment import Edition
from toolkit.domain.checklist import Checklist, Track
from toolkit.domain.errors import InvalidInput, Problem
from toolkit.domain.scoring import score_assessment
from toolkit.domain.supplements import Supplement
from toolkit.reports.context import Letter
from toolkit.reports.context.words import LANGUAGES
from toolkit.reports.making import make_form, make_report
from toolkit.storage.beside import folder_beside, supplements
from toolkit.storage.definitions import find_checklist

OUTPUT = click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The PDF to write."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Say what was written, or what is wrong, as JSON.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@OUTPUT
@click.option("--lang", "language", type=click.Choice(LANGUAGES), default="en", help="The report's language.")
@click.option(
    "--edition",
    type=click.Choice([str(edition) for edition in Edition]),
    help="Who it is for: internal, shared or public. By default that of the file.",
)
@click.option("--to", "addressee", default="", help="Whom the letter on page one is addressed to.")
@click.option("--sender", default="", help="Who it is from; by default the subject's organization.")
@click.option("--signature", default="", help="The name or function below the letter's signature line.")
@click.option(
    "--next-date", type=click.DateTime(["%Y-%m-%d"]), help="When the next assessment is due, such as 2027-10-01."
)
@AS_JSON
@setting_options("CHECKLISTS")
def report(
    file: Path,
    output: Path,
    language: str,
    edition: str | None,
    addressee: str,
    sender: str,
    signature: str,
    next_date: datetime | None,
    as_json: bool,
    config: Config,
) -> None:
    """Make the PDF report of an assessment FILE.

    Exit code 0: written; 1: the file does not hold or does not suit its checklist, or no report can be made of it; 2:
    the command was called wrongly.
    """
    letter = Letter(sender, addressee, signature, next_date.date() if next_date else None)
    with problems_shown(as_json):
        opened = open_assessment(file, config.checklists)
        chosen = edition_of(opened, edition)
        click.echo(f"Making the {chosen} edition of {file.name} …", err=True)
        pdf = make_report(
            opened.checklist,
            opened.assessment,
            score_assessment(opened.checklist, opened.assessment),
            edition=chosen,
            language=language,
            made_at=datetime.now(UTC),
            letter=letter,
        )
    _write(output, pdf, as_json, f"{chosen} edition")


@click.command()
@click.argument("checklist")
@click.argument("version")
@OUTPUT
@click.option(
    "--track",
    type=click.Choice([str(track) for track in Track]),
    default=str(Track.CORE),
    help="How much of it to print: scan, core or full.",
)
@click.option("--for", "kind", default="", help="Print the notes for a kind of organization too: development_bank.")
@AS_JSON
@setting_options("CHECKLISTS")
def form(checklist: str, version: str, output: Path, track: str, kind: str, as_json: bool, config: Config) -> None:
    """Print a CHECKLIST of one VERSION as a blank form (PDF), to read or to fill in by hand.

    Exit code 0: written; 1: there is no such checklist, or no notes for that kind; 2: the command was called wrongly.
    """
    with problems_shown(as_json):
        found = find_checklist(config.checklists, checklist, version)
        supplement = _supplement(config.checklists, found, kind) if kind else None
        click.echo(f"Making the form of {checklist} {version} …", err=True)
        pdf = make_form(found, Track(track), supplement=supplement)
    notes = f", with notes for {supplement.audience}" if supplement else ""
    _write(output, pdf, as_json, f"{track} track{notes}")


def _supplement(folder: Path, checklist: Checklist, kind: str) -> Supplement:
    """The notes for a kind of organization. Raises InvalidInput where there are none, naming those that there are."""
    offered = {one.kind: one for one in supplements(folder_beside(folder, checklist), checklist)}
    if kind not in offered:
        known = f"; there are notes for {', '.join(offered)}" if offered else ""
        message = f"Beside {checklist.id} {checklist.version} lie no notes for `{kind}`{known}."
        raise InvalidInput("The notes", (Problem("for", message),))
    return offered[kind]


def _write(output: Path, pdf: bytes, as_json: bool, what: str) -> None:
    try:
        write_whole(output, pdf)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from None
    if as_json:
        click.echo(json.dumps({"output": str(output), "what": what, "bytes": len(pdf)}, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{output}: {what}, {len(pdf):,} bytes", err=True)
