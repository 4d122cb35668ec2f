"""`decent-work serve`: the web workers and the job process, started together and watched."""

from __future__ import annotations

import http.client
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import click

from toolkit.cli.settings import setting_options
from toolkit.cli.watch import Child, KeepsDying, keep_alive
from toolkit.config import Config, as_environment, files_bucket, served_securely, site_address, time_zone

FIRST_ADMINISTRATOR = "welcome/"  # the page that takes the token
READY_SECONDS = 60
REQUEST_SECONDS = 60  # after which a web worker is taken for stuck


@click.command()
@setting_options()
def serve(config: Config) -> None:
    """Serve the site and do its background work, until Ctrl-C or SIGTERM.

    The first start makes the data folder and the database, and prints a one-time link that creates the first
    administrator. Every option can also be set in the environment, as DECENT_WORK_ and its name.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        served_securely(config)
        time_zone(config)
        files_bucket(config)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    _refuse_taken_port(config)
    token = prepare(config)

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_say_when_ready, args=(config, token, stop), daemon=True).start()
    try:
        keep_alive(children(config), os.environ | as_environment(config), stop)
    except KeepsDying as error:
        raise click.ClickException(f"{error} Its messages stand above.") from None


def children(config: Config) -> list[Child]:
    """The processes of a site: gunicorn with its workers, and the one process that does background work."""
    host = config.text("HOST")
    python = sys.executable
    memory = Path("/dev/shm")  # noqa: S108  # gunicorn's heartbeat files; on a disk they can stall a worker
    web = [
        *(python, "-m", "gunicorn", "toolkit.app:create_app_to_fork()", "--preload", "--no-control-socket"),
        *("--bind", f"[{host}]:{config.number('PORT')}" if ":" in host else f"{host}:{config.number('PORT')}"),
        *("--workers", str(config.number("WORKERS")), "--timeout", str(REQUEST_SECONDS), "--graceful-timeout", "20"),
        # Who is in front is TRUSTED_PROXIES' to say, not an address that happens to be this machine's.
        *("--forwarded-allow-ips", "", "--log-level", "warning"),
        *(("--worker-tmp-dir", str(memory)) if memory.is_dir() else ()),
    ]
    return [
        Child("The web server", web, deaths_allowed=4),
        Child("The job process", [python, "-m", "toolkit", "jobs"]),
    ]


def prepare(config: Config) -> str:
    """Bring the database up to date; the token for the first administrator, empty once there is one.

    In a process of its own: what it loads would stay in the memory of this one for as long as the site runs.
    """
    done = subprocess.run(  # the command is ours
        [sys.executable, "-m", "toolkit.cli.prepare"],
        env=os.environ | as_environment(config),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise click.ClickException("The database could not be made ready; the reason stands above.")
    return done.stdout.strip()


def _refuse_taken_port(config: Config) -> None:
    host, port = config.text("HOST"), config.number("PORT")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise click.ClickException(
            f"The site cannot listen on {host}, port {port}: {reason}. Choose another port, such as --port {port + 1}."
        ) from None


def _say_when_ready(config: Config, token: str, stop: threading.Event) -> None:
    """Print where the site is once it answers, not before."""
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(config):
        if stop.wait(0.1) or time.monotonic() > deadline:
            return
    click.echo(f"\nThe site is ready:  {site_address(config)}/")
    if token:
        link = f"{site_address(config)}/{FIRST_ADMINISTRATOR}{token}"
        click.echo(f"\nThis link creates the first administrator. It works once:\n\n  {link}\n")
    if not served_securely(config):
        click.echo("Plain http is fine on this machine only. For others, put https in front (docs/operating.md).")
    click.echo(f"Data: {config.data}   Stop: Ctrl-C", nl=True)
    sys.stdout.flush()


def _answers(config: Config) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.text("HOST"), config.text("HOST"))  # noqa: S104
    connection = http.client.HTTPConnection(host, config.number("PORT"), timeout=5)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
