"""Pages, saving, lists, downloads: seconds, processor time and queries, with 2, 1,000 and 10,000 assessments.

    python -m benchmarks.web                      all sizes; some minutes, most of them filling the database
    python -m benchmarks.web --sizes 2 1000       fewer
    python -m benchmarks.web --write              also puts the table in docs/performance.md

The yardstick is measured in the same run: a Flask hello under the same gunicorn. Compare processor time and ratios
with it rather than seconds, which belong to a machine.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from benchmarks.filling import Filled
from tests.proof import replace_between
from tests.running_site import Client, RunningSite, free_port
from toolkit.app import create_app
from toolkit.config import PACKAGE, read_config
from toolkit.storage.db import db

REQUESTS = 200
TICKS_PER_SECOND = 100
PERFORMANCE = Path(__file__).parents[1] / "docs" / "performance.md"


@dataclass(frozen=True)
class Measured:
    """One row: the median time of one client, processor time a request, queries and compressed size."""

    what: str
    median_ms: float
    cpu_ms: float
    queries: int | None = None
    kilobytes: float | None = None


def cpu_ticks(pids: list[int]) -> int:
    """Processor time of these processes so far."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total


def pss_mib(pids: list[int]) -> float:
    """Memory of these processes, what they share counted once."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def measure(what: str, request: Callable[[int], bytes], pids: list[int], requests: int = REQUESTS) -> Measured:
    """Time a request of one client."""
    for number in range(5):
        content = request(-1 - number)
    before, times = cpu_ticks(pids), []
    for number in range(requests):
        began = time.perf_counter()
        content = request(number)
        times.append((time.perf_counter() - began) * 1000)
    cpu = (cpu_ticks(pids) - before) / TICKS_PER_SECOND * 1000 / requests
    return Measured(what, statistics.median(times), cpu, kilobytes=len(gzip.compress(content, 5)) / 1000)


def yardstick() -> Measured:
    """Flask's hello under gunicorn with two workers."""
    port = free_port()
    words = [
        "-m",
        "gunicorn",
        "benchmarks.hello:app",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
        "--no-control-socket",
    ]
    process = subprocess.Popen([sys.executable, *words], stderr=subprocess.DEVNULL)
    try:
        client = Client(port, {})
        for _ in range(100):
            try:
                client.get("/")
                break
            except OSError:
                time.sleep(0.1)
        pids = [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
        return measure("yardstick: Flask hello", lambda _: client.request("GET", "/"), pids, 1000)
    finally:
        process.terminate()
        process.wait()


def sized(filled: Filled, site: RunningSite) -> list[Measured]:
    """Every row that depends on the number of assessments."""
    client, first = site.client(filled.session()), filled.first
    pids = site.workers()
    theme = max(
        (theme for part in filled.checklist.parts if part.scored for theme in part.themes),
        key=lambda theme: len(theme.questions),
    )
    page = f"/assessments/{first}/themes/{theme.id}"
    queries = counted(filled, first, page)

    def get(path: str) -> Callable[[int], bytes]:
        def request(_: int) -> bytes:
            content = client.request("GET", path)
            assert client.status == 200, (path, client.status)
            return content

        return request

    rows = [
        measure("save one answer", saver(client, filled, first), pids),
        measure(f"theme page, {len(theme.questions)} questions", get(page), pids),
        measure("list of my assessments", get("/work"), pids),
        measure("overview", get(f"/assessments/{first}"), pids),
        measure("results", get(f"/assessments/{first}/results"), pids, 50),
        measure("spreadsheet", get(f"/assessments/{first}/downloads/internal.xlsx"), pids, 30),
    ]
    return [Measured(r.what, r.median_ms, r.cpu_ms, queries.get(r.what.partition(",")[0]), r.kilobytes) for r in rows]


def saver(client: Client, filled: Filled, assessment_id: UUID) -> Callable[[int], bytes]:
    """Saves one answer, each time with another comment."""
    question = next(question for question in filled.checklist.questions if question.kind == "rating")
    path = f"/assessments/{assessment_id}/answers/{question.id}"
    token = client.get_json(f"/assessments/{assessment_id}/token.json")["csrf_token"]
    # The revision that stands is not known here, so the first save is answered with it.
    revision = 1

    def request(number: int) -> bytes:
        nonlocal revision
        name = f"q_{question.id}"
        form = {f"{name}-pick": "2", f"{name}-comment": f"From here {number} {time.time()}", "csrf_token": token}
        said = client.post(path, form, {"If-Match": f'"{revision}"', "Accept": "application/json"})
        assert client.status == 200, (client.status, said)
        revision = int(client.headers["ETag"].strip('"'))
        return said.encode()

    start = client.get(f"{path}/history")
    revision = start.count("<article") or start.count("<li") or 1
    return request


def counted(filled: Filled, assessment_id: UUID, page: str) -> dict[str, int]:
    """Queries a request, counted in this process, each page once warmed."""
    app = create_app(filled.config)
    client = app.test_client()
    client.set_cookie("decent_work_sign_in", filled.session())
    seen: list[str] = []
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))

    def of(path: str) -> int:
        client.get(path)
        seen.clear()
        assert client.get(path).status_code == 200, path
        return len(seen)

    return {
        "theme page": of(page),
        "list of my assessments": of("/work"),
        "overview": of(f"/assessments/{assessment_id}"),
        "results": of(f"/assessments/{assessment_id}/results"),
        "spreadsheet": of(f"/assessments/{assessment_id}/downloads/internal.xlsx"),
    }


def first_page_seconds(folder: Path) -> tuple[float, float]:
    """From an empty data folder to the first page, and the memory of the whole site then."""
    began = time.perf_counter()
    with RunningSite(folder) as site:
        client = site.client()
        client.get("/")
        seconds = time.perf_counter() - began
        web = [site.master(), *site.workers()]
        for _ in range(20):
            client.get("/")
        return seconds, pss_mib([*web, site.job_process(), site.process.pid if site.process else 0])


def assets_kilobytes() -> float:
    """All styles and scripts, compressed."""
    files = [path for path in (PACKAGE / "web" / "static").rglob("*") if path.suffix in {".css", ".js"}]
    return sum(len(gzip.compress(path.read_bytes(), 5)) for path in files) / 1000


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[2, 1_000, 10_000])
    parser.add_argument("--database-url", default="", help="a PostgreSQL database that is empty")
    parser.add_argument("--write", action="store_true", help="put the table in docs/performance.md")
    given = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory() as name:
        seconds, memory = first_page_seconds(Path(name) / "empty")
        hello = yardstick()
        lines += [
            f"Empty folder to first page: {seconds:.1f} s. Memory of the whole site, two workers: {memory:.0f} MiB. "
            f"All styles and scripts: {assets_kilobytes():.1f} kB compressed.",
            "",
            "| what | assessments | median | × hello | processor | queries | compressed |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
            f"| {hello.what} | | {hello.median_ms:.2f} ms | 1 | {hello.cpu_ms:.2f} ms | | |",
        ]
        config = read_config({}, data=str(Path(name) / "filled"), database_url=given.database_url)
        filled = Filled(config)
        for size in sorted(given.sizes):
            filled.fill_to(size)
            with RunningSite(config.data, DATABASE_URL=given.database_url, WORKERS=2) as site:
                for row in sized(filled, site):
                    queries = "" if row.queries is None else row.queries
                    lines.append(
                        f"| {row.what} | {size:,} | {row.median_ms:.1f} ms | {row.median_ms / hello.median_ms:.0f} "
                        f"| {row.cpu_ms:.1f} ms | {queries} | {row.kilobytes or 0:.1f} kB |"
                    )
    table = "\n".join(lines)
    print(table)
    if given.write:
        replace_between(PERFORMANCE, "web", table)


if __name__ == "__main__":
    main()
