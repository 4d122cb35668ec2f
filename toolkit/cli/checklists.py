"""`decent-work checklists …`: list, show, validate, compare and fingerprint checklist definitions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import click

from toolkit.domain.errors import InvalidInput, Problem
from toolkit.storage.definitions import load_checklist

PROBLEMS_FOUND = 1


@click.group()
def checklists() -> None:
    """List, show, validate and compare checklist definitions."""


@checklists.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
def validate(files: tuple[Path, ...], as_json: bool) -> None:
    """Check definition FILES and name every problem with its file, line and place.

    Exit code 0 when all are right, 1 when a problem was found.
    """
    problems: list[Problem] = []
    for path in files:
        try:
            checklist = load_checklist(path)
        except InvalidInput as error:
            problems += error.problems
        else:
            if not as_json:
                click.echo(f"{path}: {checklist.id} {checklist.version} ({checklist.status}) is valid.")
    if as_json:
        _print_json({"valid": not problems, "problems": [problem_data(problem) for problem in problems]})
    for problem in [] if as_json else problems:
        click.echo(str(problem))
    if problems:
        if not as_json:
            click.echo(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}.", err=True)
        _end(PROBLEMS_FOUND)


def problem_data(problem: Problem) -> dict[str, Any]:
    """One problem for programs."""
    return {"file": problem.file, "line": problem.line, "path": problem.path, "message": problem.message}


def _print_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _end(code: int) -> NoReturn:
    raise click.exceptions.Exit(code)
