"""Which checklist a command means, and how what is wrong with one is told; shared by `checklists …` commands."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

from toolkit.config import read_config
from toolkit.domain.checklist import Checklist
from toolkit.domain.errors import InvalidInput, Problem, ToolkitError
from toolkit.domain.reading import is_version, version_key
from toolkit.storage.beside import beside_file, folder_beside
from toolkit.storage.definitions import checklist_files, find_checklist, load_checklist

PROBLEMS_FOUND = 1

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print for programs.")
folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder with <id>/<version>.yaml; those that come with the program if left out.",
)


def folder_of(given: Path | None) -> Path:
    """The folder of checklists that a person means."""
    return given if given is not None else read_config().checklists


def checklist_named(name: str, folder: Path | None, *, as_json: bool) -> Checklist:
    """The checklist that a person means. Ends the command where there is none or it is faulty."""
    try:
        if _is_file(name):
            return load_checklist(Path(name))
        checklist_id, _, version = name.partition("@")
        return find_checklist(folder_of(folder), checklist_id, version or _newest(checklist_id, folder))
    except InvalidInput as error:
        show_problems(error.problems, as_json=as_json)
    except ToolkitError as error:
        raise click.UsageError(str(error)) from None


def beside_named(name: str, checklist: Checklist, folder: Path | None) -> Path:
    """The folder of the files beside the checklist that was found by that name."""
    if _is_file(name):
        return beside_file(Path(name))
    return folder_beside(folder_of(folder), checklist)


def _is_file(name: str) -> bool:
    return name.endswith((".yaml", ".yml")) or Path(name).is_file()


def _newest(checklist_id: str, folder: Path | None) -> str:
    files = checklist_files(folder_of(folder))
    versions = [path.stem for path in files if path.parent.name == checklist_id and is_version(path.stem)]
    if not versions:
        raise click.UsageError(f"There is no checklist {checklist_id} in {folder_of(folder)}.")
    return max(versions, key=version_key)


def problem_data(problem: Problem) -> dict[str, Any]:
    """One problem for programs."""
    return {"file": problem.file, "line": problem.line, "path": problem.path, "message": problem.message}


def show_problems(problems: Iterable[Problem], *, as_json: bool) -> NoReturn:
    """Print what is wrong and end the command with exit code 1."""
    found = list(problems)
    if as_json:
        print_json({"valid": False, "problems": [problem_data(problem) for problem in found]})
    else:
        for problem in found:
            click.echo(str(problem))
        click.echo("1 problem." if len(found) == 1 else f"{len(found)} problems.", err=True)
    raise click.exceptions.Exit(PROBLEMS_FOUND)


def print_json(data: Any) -> None:
    """Print for programs."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))
