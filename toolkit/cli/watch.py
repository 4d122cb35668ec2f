"""Child processes that are started, watched, started again when they die, and stopped together."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MEMORY_SECONDS = 60  # for how long a death counts
LONGEST_WAIT = 30  # seconds before a child that keeps dying is started once more

log = logging.getLogger(__name__)


class KeepsDying(Exception):
    """A child without which there is nothing to serve died again and again; str() names it."""


@dataclass
class Child:
    """A process to keep alive. `deaths_allowed` in a minute; None starts it again for ever, each time later."""

    name: str
    command: Sequence[str]
    deaths_allowed: int | None = None
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)
    start_at: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it, in a session of its own: Ctrl-C reaches us only, and we stop it in order."""
        self.process = subprocess.Popen(  # noqa: S603  # the command is ours
            self.command, env=dict(environment), start_new_session=True, preexec_fn=_end_with_parent
        )

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None


def keep_alive(children: Sequence[Child], environment: Mapping[str, str], stop: threading.Event) -> None:
    """Start all children and watch them until `stop` is set, then end them in the order given.

    Raises KeepsDying, with all children ended.
    """
    try:
        for child in children:
            child.start(environment)
        while not stop.wait(0.25):
            for child in children:
                _look_after(child, environment)
    finally:
        _end(children)


def _look_after(child: Child, environment: Mapping[str, str]) -> None:
    now = time.monotonic()
    if child.is_alive:
        return
    if child.process is not None:
        status = child.process.returncode
        _end_group(child.process.pid)
        child.process = None
        child.deaths = [death for death in child.deaths if now - death < MEMORY_SECONDS] + [now]
        if child.deaths_allowed is not None and len(child.deaths) > child.deaths_allowed:
            raise KeepsDying(f"{child.name} ended {len(child.deaths)} times within a minute (status {status}).")
        wait = 0 if len(child.deaths) == 1 else min(LONGEST_WAIT, 2 ** (len(child.deaths) - 2))
        child.start_at = now + wait
        log.warning("%s ended (status %s); starting it again in %s s", child.name, status, wait)
    if now >= child.start_at:
        child.start(environment)


def _end(children: Sequence[Child], seconds: float = 30) -> None:
    """Ask every child to end; end what has not by then."""
    running = [child.process for child in children if child.process is not None and child.is_alive]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + seconds
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("Process %s did not end in time and is killed", process.pid)
            process.kill()
            process.wait()
        _end_group(process.pid)


def _end_group(pid: int, seconds: float = 5) -> None:
    """End what a child that is gone has left behind, its own children.

    Workers of a gunicorn that was killed go on for as long as requests keep coming, and keep the port from the next.
    """
    deadline = time.monotonic() + seconds
    try:
        os.killpg(pid, signal.SIGTERM)
        while time.monotonic() < deadline:
            time.sleep(0.02)
            os.killpg(pid, 0)
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _end_with_parent() -> None:
    """In the child: have the kernel end it when its parent is gone, even by kill -9. Linux only, elsewhere nothing."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
