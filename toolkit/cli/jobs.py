"""`decent-work jobs`: the background work by itself."""

from __future__ import annotations

import logging

import click

from toolkit.cli.settings import setting_options
from toolkit.config import Config
from toolkit.jobs.process import AnotherIsAtWork, job_process


@click.command()
@setting_options()
@click.option("--once", is_flag=True, help="Do what waits now, and stop.")
def jobs(config: Config, once: bool) -> None:
    """Do the background work: reports, mail, tidying up. `decent-work serve` starts this by itself.

    Start it alone where web servers and background work are on different machines; with a Redis queue (--queue-url)
    there may be several.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        with job_process(config) as process:
            if once:
                click.echo(f"{process.run_once()} done.")
            else:
                process.run_forever()
    except AnotherIsAtWork as error:
        raise click.ClickException(str(error)) from None
