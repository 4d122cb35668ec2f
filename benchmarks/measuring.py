"""How requests are measured: time at one client, processor time of the processes that answer, and their memory."""

from __future__ import annotations

import gzip
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.running_site import Client, RunningSite, free_port

REQUESTS = 200
ROUNDS = 5
WORKERS = 2
WARM_UP = 20  # so that both workers have seen the page


@dataclass(frozen=True)
class Measured:
    """One row: the median time of one client, processor time a request, queries and compressed size."""

    what: str
    median_ms: float
    cpu_ms: float
    queries: int | None = None
    kilobytes: float | None = None


def cpu_ms(pids: list[int]) -> float:
    """Processor time of these processes so far."""
    tasks = [task for pid in pids for task in Path(f"/proc/{pid}/task").iterdir()]
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6


def pss_mib(pids: list[int]) -> float:
    """Memory of these processes; what they share is counted once."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def measure(what: str, request: Callable[[int], bytes], pids: list[int], requests: int = REQUESTS) -> Measured:
    """Send a request so often, one after the other, in rounds.

    The processor time is that of the cheapest round: whatever else runs on a machine makes the same work dearer.
    """
    content, times, rounds = b"", [], []
    for number in range(WARM_UP):
        content = request(-1 - number)
    for one in range(ROUNDS):
        before = cpu_ms(pids)
        for number in range(requests // ROUNDS):
            began = time.perf_counter()
            content = request(one * requests + number)
            times.append((time.perf_counter() - began) * 1000)
        rounds.append((cpu_ms(pids) - before) / (requests // ROUNDS))
    if content[:2] != b"\x1f\x8b":
        content = gzip.compress(content, 5)
    return Measured(what, statistics.median(times), min(rounds), kilobytes=len(content) / 1000)


def web_processes(site: RunningSite) -> list[int]:
    """The master of gunicorn and its workers, once there are as many as wanted."""
    for _ in range(100):
        try:
            found = [site.master(), *site.workers()]
        except StopIteration:
            found = []
        if len(found) == 1 + WORKERS:
            return found
        time.sleep(0.1)
    raise RuntimeError(f"The workers did not start:\n{site.said()}")


def yardstick() -> Measured:
    """Flask's hello under gunicorn with two workers."""
    port = free_port()
    words = ["-m", "gunicorn", "benchmarks.hello:app", "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS)]
    process = subprocess.Popen([sys.executable, *words, "--no-control-socket"], stderr=subprocess.DEVNULL)
    try:
        client = Client(port, {})
        for _ in range(100):
            try:
                client.get("/")
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(1)  # for the second worker
        pids = [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
        return measure("Flask hello, the yardstick", lambda _: client.request("GET", "/"), pids, 1000)
    finally:
        process.terminate()
        process.wait()
