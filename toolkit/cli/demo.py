"""`decent-work demo`: a filled example to look at and to test with."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from toolkit.cli.database import database
from toolkit.cli.settings import setting_options
from toolkit.config import Config
from toolkit.domain.errors import InvalidInput, ToolkitError
from toolkit.services.demo import Demo, fill
from toolkit.services.roster import everybody
from toolkit.storage import schema
from toolkit.storage.db import db


@click.command()
@setting_options("DATA", "DATABASE_URL", "CHECKLISTS")
@click.option("--password", help="One password for everybody; random ones, printed once, if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
def demo(config: Config, password: str | None, as_json: bool) -> None:
    """Fill an empty data folder with an example: two organizations and a country team, everybody in them,
    assessments in every state.

    Refuses a data folder that is not empty, and a database that has people in it. Users and passwords are printed
    once; nobody can read them again afterwards.
    """
    if config.data.exists() and any(config.data.iterdir()):
        raise click.ClickException(f"The data folder {config.data} is not empty. Name another one with --data.")
    try:
        made = _made(config, password)
    except InvalidInput as error:
        raise click.ClickException(" ".join(problem.message for problem in error.problems)) from None
    except ToolkitError as error:
        raise click.ClickException(str(error)) from None
    _say(made, config, as_json)


def _made(config: Config, password: str | None) -> Demo:
    """Make the example aside and move it to its place when it is whole."""
    config.data.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{config.data.name}-", dir=config.data.parent))
    try:
        with database(Config(dict(config.values) | {"DATA": str(aside)})):
            schema.upgrade(db.engine)
            now = datetime.now(UTC)
            if everybody(now=now):
                raise click.ClickException("The database has people in it. Name an empty one.")
            made = fill(password=password, now=now, said=lambda name: click.echo(f"Making {name} …", err=True))
        if config.data.exists():
            config.data.rmdir()
        aside.chmod(0o750)
        aside.rename(config.data)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return made


def _say(made: Demo, config: Config, as_json: bool) -> None:
    if as_json:
        users = [
            {
                "place": one.place,
                "role": str(one.role),
                "name": one.name,
                "email": one.email,
                "password": one.password,
            }
            for one in made.users
        ]
        assessments = [
            {"id": str(one.id), "place": one.place, "title": one.title, "state": one.state} for one in made.assessments
        ]
        text = json.dumps(
            {"data": str(config.data), "users": users, "assessments": assessments}, ensure_ascii=False, indent=2
        )
        click.echo(text)
        return
    place = None
    for user in made.users:
        if user.place != place:
            place = user.place
            click.echo(f"\n{place or 'The whole site'}")
        click.echo(f"  {user.role.replace('_', ' '):14} {user.email:38} {user.password}")
    click.echo("\nAssessments in each of the three:")
    for one in made.assessments[: len(made.assessments) // 3]:
        click.echo(f"  {one.state:16} {one.title}")
    click.echo(f"\nDone. See it with: decent-work serve --data {config.data}")
