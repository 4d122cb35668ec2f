"""Open an assessment file with the checklist that it was made with; the first step of score, export and report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from toolkit.domain.assessment import Assessment, Edition
from toolkit.domain.assessment_reading import WHAT, AssessmentFile, read_assessment, read_file
from toolkit.domain.checklist import Checklist
from toolkit.domain.errors import InvalidInput, Problem, ToolkitError
from toolkit.domain.fitting import fits
from toolkit.domain.strict_json import MAX_BYTES
from toolkit.storage.definitions import find_checklist

FOUND_WRONG = 1  # exit code; 2 is a wrong call, as click has it


@dataclass(frozen=True)
class Opened:
    """An assessment that suits its checklist, and the file it came from."""

    file: AssessmentFile
    assessment: Assessment
    checklist: Checklist


def open_assessment(path: Path, checklists: Path) -> Opened:
    """The assessment in a file, with its checklist. Raises InvalidInput with every problem."""
    data = read_bounded(path)
    file = read_file(data)
    assessment = read_assessment(data)
    checklist = its_checklist(assessment, checklists)
    problems = fits(checklist, assessment)
    if problems:
        raise InvalidInput(WHAT, problems)
    return Opened(file, assessment, checklist)


def edition_of(opened: Opened, wanted: str | None) -> Edition:
    """The edition asked for, or the file's own. Raises InvalidInput where the file holds less than that."""
    own = opened.file.edition
    chosen = Edition(wanted) if wanted else own
    widest_first = tuple(Edition)
    if widest_first.index(chosen) < widest_first.index(own):
        message = f"A file of the {own} edition does not hold all that the {chosen} one shows."
        raise InvalidInput("The edition", (Problem("edition", message),))
    return chosen


def its_checklist(assessment: Assessment, checklists: Path) -> Checklist:
    """The checklist that an assessment names, from a folder. Raises InvalidInput when it is not there."""
    try:
        return find_checklist(checklists, assessment.checklist_id, assessment.checklist_version)
    except InvalidInput:
        raise
    except (ToolkitError, KeyError, FileNotFoundError):
        name = f"{assessment.checklist_id} {assessment.checklist_version}"
        message = f"The checklist {name} is not in {checklists}; --checklists names another folder."
        raise InvalidInput(WHAT, (Problem("checklist", message),)) from None


def read_bounded(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of a file, and no more than one past the limit: enough for the reader to refuse it."""
    with path.open("rb") as file:
        return file.read(max_bytes + 1)


@contextmanager
def problems_shown(as_json: bool = False) -> Iterator[None]:
    """Say every problem with the input, on standard error or as JSON on standard output, and exit with 1."""
    try:
        yield
    except ToolkitError as error:
        problems = error.problems if isinstance(error, InvalidInput) else ()
        if as_json:
            rows = [{"path": one.path, "message": one.message, "line": one.line} for one in problems]
            click.echo(json.dumps({"error": str(error), "problems": rows}, ensure_ascii=False, indent=2))
        else:
            click.echo(str(error), err=True)
            for problem in problems:
                click.echo(f"  {problem}", err=True)
        raise click.exceptions.Exit(FOUND_WRONG) from None
