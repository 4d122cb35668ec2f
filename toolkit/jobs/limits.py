"""Work in a process of its own, under a limit of time and of memory."""

from __future__ import annotations

import logging
import multiprocessing
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from typing import Any

from toolkit.domain.errors import ToolkitError

PRELOADED = "toolkit.jobs.preload"
_GRACE_SECONDS = 5  # between asking a process to end and ending it

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one piece of work may take on the clock, and how much memory it may ask for; 0 is no limit."""

    seconds: int
    megabytes: int


class WorkFailed(ToolkitError):
    """A piece of work could not be done; str() says why to a person."""


class TookTooLong(WorkFailed):
    """It was still at work when its time was up."""


class TookTooMuchMemory(WorkFailed):
    """It asked for more memory than it may have."""


def run_limited(function: Callable[..., bytes], /, *args: Any, limits: Limits) -> bytes:
    """What `function(*args)` gives, computed in a new process that ends with it.

    The function must be importable by name and its arguments must pickle. The new process is forked from a small
    server that has loaded WeasyPrint and nothing of the caller's: no threads, no database connection, and half a
    second saved each time. Raises TookTooLong, TookTooMuchMemory, or WorkFailed with the sentence of a ToolkitError;
    whatever else goes wrong in there, a crash of a C library included, is logged and becomes WorkFailed too.
    """
    context = _context()
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, limits, function, args), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(limits.seconds or None):
            raise TookTooLong(f"It took longer than {limits.seconds} seconds and was given up.")
        outcome, said = ours.recv()
    except EOFError:
        process.join(_GRACE_SECONDS)
        raise WorkFailed(_how_it_died(process.exitcode)) from None
    finally:
        _end(process)
        ours.close()
    if outcome == "done":
        return bytes(said)
    if outcome == "memory":
        raise TookTooMuchMemory(f"It needed more than {limits.megabytes} MB of memory.")
    raise WorkFailed(str(said))


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([PRELOADED])
    return context


def _work(connection: Connection, limits: Limits, function: Callable[..., bytes], args: tuple[Any, ...]) -> None:
    """The life of the new process: limit itself, work, say how it went."""
    if limits.megabytes:
        size = limits.megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    if limits.seconds:  # ends it too when the process that started it was killed and can no longer watch the clock
        resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds + _GRACE_SECONDS,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: tuple[str, bytes | str] = ("done", function(*args))
    except MemoryError:
        answer = ("memory", "")
    except ToolkitError as error:
        answer = ("failed", str(error))
    except Exception as error:
        log.exception("A piece of work broke")
        answer = ("failed", f"It broke ({type(error).__name__}). The log has the details.")
    connection.send(answer)
    connection.close()


def _how_it_died(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        return f"It was ended by {signal.Signals(-exitcode).name}: perhaps it asked for too much memory."
    return "It ended without a result. The log may say why."


def _end(process: Any) -> None:
    if process.is_alive():
        process.join(0.5)  # it has answered and is about to end by itself
    if process.is_alive():
        process.kill()
        process.join(_GRACE_SECONDS)
    process.close()
