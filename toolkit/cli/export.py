"""`decent-work export`: an assessment file as a workbook, CSV, scores or another edition of itself."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from toolkit.cli.opening import edition_of, open_assessment, problems_shown
from toolkit.cli.settings import setting_options
from toolkit.config import Config
from toolkit.domain.assessment import Edition
from toolkit.domain.scoring import score_assessment
from toolkit.exports.assessment_file import assessment_file
from toolkit.exports.csv_answers import csv_answers
from toolkit.exports.score_json import score_json
from toolkit.exports.xlsx_answers import xlsx_answers

# By how the name ends, the longest first.
EXPORTS = {".assessment.json": assessment_file, ".json": score_json, ".xlsx": xlsx_answers, ".csv": csv_answers}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write; its ending says what: .xlsx, .csv, .json (scores) or .assessment.json.",
)
@click.option(
    "--edition",
    type=click.Choice([str(edition) for edition in Edition]),
    help="Who it is for: internal, shared or public. By default that of the file.",
)
@setting_options("CHECKLISTS")
def export(file: Path, output: Path, edition: str | None, config: Config) -> None:
    """Write an assessment FILE as a workbook, CSV, scores, or the assessment file of another edition.

    Exit code 0: written; 1: the file does not hold or does not suit its checklist, and every problem is listed; 2: the
    command was called wrongly.
    """
    make = next((function for ending, function in EXPORTS.items() if output.name.endswith(ending)), None)
    if make is None:
        raise click.BadParameter(f"{output.name} ends in none of {', '.join(EXPORTS)}.", param_hint="--output")
    with problems_shown():
        opened = open_assessment(file, config.checklists)
        chosen = edition_of(opened, edition)
        card = score_assessment(opened.checklist, opened.assessment)
        data = make(opened.checklist, opened.assessment, card, chosen)
    try:
        write_whole(output, data)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from None
    click.echo(f"{output}: {chosen} edition, {len(data):,} bytes", err=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, whatever happens in between."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
