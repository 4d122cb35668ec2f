"""`decent-work backup` and `decent-work restore`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from toolkit.cli.database import database
from toolkit.cli.settings import setting_options
from toolkit.config import Config
from toolkit.services.backup import BackupRefused, Manifest, back_up, check_archive
from toolkit.services.backup import restore as restore_archive
from toolkit.storage.db import db

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print what happened as JSON.")


@click.command()
@click.argument("archive", type=click.Path(dir_okay=False, path_type=Path))
@setting_options("DATA", "DATABASE_URL")
@AS_JSON
def backup(archive: Path, config: Config, as_json: bool) -> None:
    """Write the database and all files to ARCHIVE, a tar file. The site may go on meanwhile.

    The archive holds everything, passwords' hashes and unreleased answers included: keep it as safe as the site.
    """
    if not config.data.is_dir():
        raise click.ClickException(f"There is no data folder {config.data}.")
    with database(config):
        try:
            manifest = back_up(db.engine, config, archive, now=datetime.now(UTC))
        except (BackupRefused, OSError) as error:
            raise click.ClickException(str(error)) from None
    _say("Backed up", manifest, archive, as_json)


@click.command()
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@setting_options("DATA", "DATABASE_URL")
@click.option("--check", is_flag=True, help="Only see whether the archive is whole.")
@AS_JSON
def restore(archive: Path, config: Config, check: bool, as_json: bool) -> None:
    """Bring back ARCHIVE into an empty data folder and database, and bring them up to date.

    It does not matter which database the archive came from: this is also how a site moves from SQLite to PostgreSQL.
    """
    try:
        if check:
            return _say("Whole:", check_archive(archive), archive, as_json)
        with database(config):
            manifest = restore_archive(db.engine, config, archive)
    except (BackupRefused, OSError) as error:
        raise click.ClickException(str(error)) from None
    return _say("Restored", manifest, archive, as_json)


def _say(what: str, manifest: Manifest, archive: Path, as_json: bool) -> None:
    rows = sum(manifest.rows.values())
    if as_json:
        summary = {"archive": str(archive), "rows": manifest.rows, "files": manifest.files}
        click.echo(json.dumps(summary | {"made_at": manifest.made_at, "revision": manifest.revision}))
    else:
        click.echo(f"{what} {archive}: {rows} rows in {len(manifest.rows)} tables, {manifest.files} files.")
