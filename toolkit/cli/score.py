"""`decent-work score`: the figures of an assessment file."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit.cli.opening import open_assessment, problems_shown
from toolkit.cli.score_table import score_table
from toolkit.cli.settings import setting_options
from toolkit.config import Config
from toolkit.domain.scoring import score_assessment
from toolkit.exports.score_json import score_json
from toolkit.exports.tables import tables


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print every figure as JSON, exact and with one decimal.")
@setting_options("CHECKLISTS")
def score(file: Path, as_json: bool, config: Config) -> None:
    """Score an assessment FILE without a server.

    The checklist is found by the name, version and digest in the file. Exit code 0: scored; 1: the file does not hold
    or does not suit its checklist, and every problem is listed; 2: the command was called wrongly.
    """
    with problems_shown(as_json):
        opened = open_assessment(file, config.checklists)
        card = score_assessment(opened.checklist, opened.assessment)
        if as_json:
            data = score_json(opened.checklist, opened.assessment, card, opened.file.edition)
            click.echo(data.decode("utf-8"), nl=False)
        else:
            click.echo(score_table(tables(opened.checklist, opened.assessment, card, opened.file.edition)))
