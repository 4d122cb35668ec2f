"""`decent-work checklists …`: list, show, validate, compare and fingerprint checklist definitions."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from toolkit.cli.agreement import agreement, cases
from toolkit.cli.checklist_choice import (
    PROBLEMS_FOUND,
    as_json_option,
    checklist_named,
    folder_of,
    folder_option,
    print_json,
    problem_data,
    show_problems,
)
from toolkit.config import packaged_folder
from toolkit.domain.checklist import Change, Checklist, Track
from toolkit.domain.digests import definition_data
from toolkit.domain.errors import InvalidInput, Problem
from toolkit.domain.lineage_ancestry import Bump, Diff
from toolkit.domain.lineage_diff import diff
from toolkit.storage.beside import count_beside, problems_beside
from toolkit.storage.definitions import checklist_files, lineage_problems, list_checklists, load_checklist


@click.group()
def checklists() -> None:
    """List, show, validate and compare checklist definitions.

    A CHECKLIST is a file, a name with its version (global@2.0.0), or a name alone for its newest version.
    Exit codes: 0 all is well, 1 problems were found, 2 wrong usage.
    """


checklists.add_command(cases)
checklists.add_command(agreement)


@checklists.command("list")
@folder_option
@as_json_option
def list_(folder: Path | None, as_json: bool) -> None:
    """List every checklist version."""
    try:
        found = list_checklists(folder_of(folder))
    except InvalidInput as error:
        show_problems(error.problems, as_json=as_json)
    if as_json:
        print_json([_summary(checklist) for checklist in found])
        return
    for checklist in found:
        asked = ", ".join(f"{track} {_asked(checklist, track)}" for track in Track)
        click.echo(
            f"{checklist.id} {checklist.version}  {checklist.status}  {checklist.title}  (questions: {asked}; "
            f"digest {checklist.digest[:12]})"
        )
    if not found:
        click.echo(f"There is no checklist in {folder_of(folder)}.")


@checklists.command()
@click.argument("checklist", metavar="CHECKLIST")
@folder_option
@as_json_option
def show(checklist: str, folder: Path | None, as_json: bool) -> None:
    """Show a CHECKLIST: its parts, themes and questions."""
    found = checklist_named(checklist, folder, as_json=as_json)
    if as_json:
        print_json(_summary(found) | {"definition": definition_data(found)})
        return
    follows = f", follows {found.follows}" if found.follows else ""
    click.echo(f"{found.title}: {found.id} {found.version} ({found.status}{follows}), in {found.language}")
    click.echo(f"digest {found.digest}")
    for track in Track:
        click.echo(f"{track}: {_asked(found, track)} questions, about {found.minutes(track)} minutes")
    for part in found.parts:
        click.echo(f"\n{part.title}{'' if part.scored else ' (shown, never scored)'}  [{part.id}]")
        for theme in part.themes:
            click.echo(f"  {theme.title}  [{theme.id}]{_weight(theme.weight)}")
            for question in theme.questions:
                notes = f"{question.track}, {question.kind}{_weight(question.weight) if question.is_rating else ''}"
                click.echo(f"    {question.text}  [{question.id}: {notes}]")


@checklists.command()
@click.argument("files", nargs=-1, metavar="FILE...", type=click.Path(path_type=Path, dir_okay=False))
@folder_option
@as_json_option
def validate(files: tuple[Path, ...], folder: Path | None, as_json: bool) -> None:
    """Check definition FILES, or all of a folder, and name every problem with its file, line and place.

    Where the version before lies beside a file, what the file says about its questions is checked against it. Every
    file beside the version is read too: supplements, cases, pilots, kit, translations.
    """
    problems: list[Problem] = []
    valid: list[str] = []
    if folder is not None or not files:
        files = (*files, *checklist_files(folder_of(folder)))
    for path in files:
        try:
            checklist = load_checklist(path)
            found = (*lineage_problems(path), *problems_beside(path))
        except InvalidInput as error:
            found = error.problems
        else:
            if not found:
                more = count_beside(path)
                beside = f", and so {'is the file' if more == 1 else f'are the {more} files'} beside it" if more else ""
                valid.append(f"{path}: {checklist.id} {checklist.version} ({checklist.status}) is valid{beside}.")
        problems += found
    if not as_json:
        for line in valid:
            click.echo(line)
    if problems:
        show_problems(problems, as_json=as_json)
    if as_json:
        print_json({"valid": True, "files": len(files), "problems": []})


@checklists.command("diff")
@click.argument("older", metavar="OLDER")
@click.argument("newer", metavar="NEWER")
@folder_option
@as_json_option
def diff_(older: str, newer: str, folder: Path | None, as_json: bool) -> None:
    """Say what became of each question from the OLDER to the NEWER version, and which version number is due.

    Exit code 1 when the newer version contradicts itself or its number is lower than is due.
    """
    before, after = (checklist_named(name, folder, as_json=as_json) for name in (older, newer))
    found = diff(before, after)
    if as_json:
        print_json(_diff_data(found))
    else:
        _print_diff(found)
    if found.problems:
        raise click.exceptions.Exit(PROBLEMS_FOUND)


@checklists.command()
@click.option("--json", is_flag=True, expose_value=False, help="Print for programs (it is JSON in any case).")
def schema() -> None:
    """Print the JSON Schema of the definition format, which editors use to help while writing."""
    click.echo(schema_path().read_text(encoding="utf-8"), nl=False)


@checklists.command()
@click.argument("names", nargs=-1, required=True, metavar="CHECKLIST...")
@folder_option
@as_json_option
def digest(names: tuple[str, ...], folder: Path | None, as_json: bool) -> None:
    """Print the digest of each CHECKLIST: the fingerprint of its structure and source text."""
    found = [checklist_named(name, folder, as_json=as_json) for name in names]
    if as_json:
        print_json([{"id": one.id, "version": one.version, "digest": one.digest} for one in found])
        return
    for one in found:
        click.echo(f"{one.digest}  {one.id} {one.version}")


def schema_path() -> Path:
    """The file with the JSON Schema of the definition format."""
    return packaged_folder("checklists") / "definition.schema.json"


def _asked(checklist: Checklist, track: Track) -> int:
    """How many questions a track asks, closing questions aside."""
    return sum(
        1 for _, _, question in checklist.questions() if track.includes(question.track) and not question.is_improvement
    )


def _summary(checklist: Checklist) -> dict[str, Any]:
    return {
        "id": checklist.id,
        "version": checklist.version,
        "status": checklist.status,
        "title": checklist.title,
        "language": checklist.language,
        "follows": checklist.follows,
        "digest": checklist.digest,
        "questions": {track: _asked(checklist, track) for track in Track},
        "minutes": {track: checklist.minutes(track) for track in Track},
    }


def _weight(weight: Any) -> str:
    return "" if weight == 1 else f", weight {weight}"


def _diff_data(found: Diff) -> dict[str, Any]:
    return {
        "older": found.older,
        "newer": found.newer,
        "due": found.due,
        "given": found.given,
        "questions": [
            {
                "question": one.question,
                "change": one.change,
                "was": list(one.was),
                "theme": one.theme,
                "bump": one.bump,
                "differs": list(one.differs),
                "because": one.because,
            }
            for one in found.changes
        ],
        "others": [{"path": other.path, "bump": other.bump} for other in found.others],
        "problems": [problem_data(problem) for problem in found.problems],
    }


def _print_diff(found: Diff) -> None:
    counts = Counter(one.change for one in found.changes)
    told = ", ".join(f"{counts[change]} {change}" for change in Change if counts[change])
    click.echo(f"{found.older} to {found.newer}: {told}")
    for one in found.changes:
        if one.change is Change.SAME and one.bump is Bump.NONE:
            continue
        was = f" (was {', '.join(one.was)})" if one.was and one.was != (one.question,) else ""
        differs = f": {', '.join(one.differs)}" if one.differs else ""
        because = f". {one.because}" if one.because else ""
        click.echo(f"  {one.change:<9} {one.question}{was}{differs}{because}")
    for other in found.others:
        click.echo(f"  changed   {other.path} ({other.bump})")
    click.echo(f"Due: {found.due}. Given: {found.given}.")
    for problem in found.problems:
        click.echo(str(problem))
