"""Pages, saving, lists and downloads: seconds, processor time and queries, by the number of assessments.

    python -m benchmarks.web                            2, 1,000 and 10,000 assessments: about two minutes
    python -m benchmarks.web --assessments 1000         one size
    python -m benchmarks.web --write                    also puts the tables in docs/performance.md
    python -m benchmarks.web --json results.json        also keeps them for programs
    python -m benchmarks.web --database-url URL         on an empty PostgreSQL database

The yardstick is measured in the same run: a Flask hello under the same gunicorn. Compare processor time and ratios
with it rather than seconds, which belong to a machine.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.filling import COMMENT, Filled, write_definition
from benchmarks.measuring import WORKERS, Measured, measure, pss_mib, web_processes, yardstick
from tests.proof import replace_between
from tests.running_site import Client, RunningSite
from toolkit.app import create_app
from toolkit.config import PACKAGE, read_config
from toolkit.domain.assessment import Edition
from toolkit.domain.scoring import score_assessment
from toolkit.reports.making import make_report
from toolkit.services.opening import load
from toolkit.storage.db import db

PERFORMANCE = Path(__file__).parents[1] / "docs" / "performance.md"
SIGN_IN = "decent_work_sign_in"
QUESTION = "measured_0_0"
VOICES = 40


class Measuring:
    """One site with its data; every row of one size."""

    def __init__(self, filled: Filled) -> None:
        self.filled = filled
        self.revision = 1
        self.paths = {
            "theme page, 10 questions": f"/assessments/{filled.first}/themes/theme_0",
            "list of my work": "/work",
            "overview": f"/assessments/{filled.first}",
            "results page": f"/assessments/{filled.first}/results",
            "spreadsheet (XLSX)": f"/assessments/{filled.first}/downloads/internal/xlsx",
        }
        self.save_path = f"/assessments/{filled.first}/answers/{QUESTION}"

    def rows(self, site: RunningSite) -> list[Measured]:
        """Every request that a person sends often."""
        client, pids = site.client(self.filled.session()), web_processes(site)
        found = [measure("save one answer", self.saver(client), pids)]
        for what, path in self.paths.items():
            found.append(measure(what, getter(client, path), pids, 30 if "XLSX" in what or "results" in what else 200))
        queries = self.queries()
        return [replace(row, queries=queries[row.what]) for row in found]

    def voice_rows(self, site: RunningSite) -> list[Measured]:
        """The pages on which many voices stand beside the consolidated answers."""
        client, pids = site.client(self.filled.session()), web_processes(site)
        paths = {
            f"theme page, 10 questions, {VOICES} voices": self.paths["theme page, 10 questions"],
            f"10 questions side by side, {VOICES} voices": f"/assessments/{self.filled.first}/side-by-side/theme_0",
        }
        found = [measure(what, getter(client, path), pids, 50) for what, path in paths.items()]
        self.paths = paths
        queries = self.queries()
        return [replace(row, queries=queries[row.what]) for row in found]

    def form(self, number: int) -> dict[str, str]:
        """An answer as the page's script sends it; each is another one."""
        name = f"q_{QUESTION}"
        return {f"{name}-pick": str(number % 5), f"{name}-comment": f"{COMMENT} {number} {time.time()}"}

    def saver(self, client: Client) -> Callable[[int], bytes]:
        """Saves another answer each time it is called."""
        token = client.get_json(f"/assessments/{self.filled.first}/token.json")["csrf_token"]

        def save(number: int) -> bytes:
            form = self.form(number) | {"csrf_token": token}
            said = client.post(self.save_path, form, {"If-Match": f'"{self.revision}"', "Accept": "application/json"})
            assert client.status == 200, (client.status, said)
            self.revision = int(client.headers["ETag"].strip('"'))
            return said.encode()

        return save

    def queries(self) -> dict[str, int]:
        """Statements that each request sends to the database, counted in this process; each was warmed up first."""
        app = create_app(self.filled.config)
        app.config["WTF_CSRF_ENABLED"] = False
        client = app.test_client()
        client.set_cookie(SIGN_IN, self.filled.session())
        seen: list[str] = []
        with app.app_context():
            sa.event.listen(db.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))

        def count(send: Callable[[], Any]) -> int:
            for _ in range(2):
                seen.clear()
                assert send().status_code == 200
            return sum(not statement.startswith("BEGIN") for statement in seen)

        def save() -> Any:
            answer = client.post(self.save_path, data=self.form(0), headers={"If-Match": f'"{self.revision}"'})
            self.revision = int(answer.headers["ETag"].strip('"'))
            return answer

        found = {what: count(lambda path=path: client.get(path)) for what, path in self.paths.items()}
        found["save one answer"] = count(save)
        with app.app_context():
            db.engine.dispose()
        return found

    def report_rows(self, site: RunningSite) -> list[Measured]:
        """The report of a submission of 100 questions: made by the job process, then fetched again unchanged."""
        client, pids = site.client(self.filled.session()), web_processes(site)
        token = client.get_json(f"/assessments/{self.filled.first}/token.json")["csrf_token"]

        def post(what: str, form: dict[str, str]) -> bytes:
            said = client.post(f"/assessments/{self.filled.first}/{what}", form | {"csrf_token": token})
            assert client.status == 302, (client.status, said)
            return said.encode()

        def ask(_: int) -> bytes:
            said = client.post(
                f"/assessments/{self.filled.first}/reports", {"edition": "internal", "csrf_token": token}
            )
            assert client.status == 302, (client.status, said)
            return said.encode()

        began = time.perf_counter()
        ask(0)
        job = client.headers["Location"].partition("?")[0]
        while (state := client.get_json(f"{job}.json"))["state"] != "done":
            assert state["state"] != "failed", state
            time.sleep(0.1)
        wait = (time.perf_counter() - began) * 1000
        return [
            Measured("PDF of 100 questions, first asked for until made", wait, self.report_cpu_ms()),
            measure("the same PDF asked for again", ask, pids, 100),
            measure("the same PDF downloaded again", getter(client, f"{job}.pdf"), pids, 100),
        ]

    def report_cpu_ms(self) -> float:
        """Processor time of making it in a process that is warm, in the middle of three."""
        with self.filled.app.app_context():
            opened = load(self.filled.first, viewer=self.filled.viewer, now=datetime.now(UTC))
        card = score_assessment(opened.checklist, opened.assessment)
        spent = []
        for _ in range(4):
            before = time.process_time()
            make_report(
                opened.checklist,
                opened.assessment,
                card,
                edition=Edition.INTERNAL,
                language="en",
                made_at=datetime.now(UTC),
                cache_folder=self.filled.config.data / "fonts",
            )
            spent.append((time.process_time() - before) * 1000)
        return statistics.median(spent[1:])


def getter(client: Client, path: str) -> Callable[[int], bytes]:
    """Asks for a page as a browser does."""

    def get(_: int) -> bytes:
        content = client.request("GET", path, headers={"Accept-Encoding": "gzip"})
        assert client.status == 200, (path, client.status)
        return content

    return get


def first_page(folder: Path) -> float:
    """Seconds from an empty data folder to the first page."""
    began = time.perf_counter()
    with RunningSite(folder) as site:
        site.client().get("/")
        return time.perf_counter() - began


def assets_kilobytes() -> float:
    """All styles and scripts, compressed."""
    files = [path for path in (PACKAGE / "web" / "static").rglob("*") if path.suffix in {".css", ".js"}]
    return sum(len(gzip.compress(path.read_bytes(), 5)) for path in files) / 1000


def run(given: argparse.Namespace) -> dict[str, Any]:
    """Measure everything."""
    found: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {len(_cpus())} × {_cpus()[0]}, Python {platform.python_version()}",
        "database": "PostgreSQL" if given.database_url else "SQLite",
        "assets_kilobytes": assets_kilobytes(),
        "load": [os.getloadavg()[0]],
        "rows": [],
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found["first_page_seconds"] = first_page(folder / "empty")
        found["yardstick"] = asdict(yardstick())
        write_definition(folder / "checklists")
        settings = {"checklists": str(folder / "checklists"), "database_url": given.database_url}
        (folder / "data").mkdir()
        filled = Filled(read_config({}, data=str(folder / "data"), **settings))
        measuring = Measuring(filled)
        for size in sorted(given.assessments):
            print(f"{size:,} assessments", file=sys.stderr)
            filled.fill_to(size)
            with RunningSite(
                filled.config.data, WORKERS=WORKERS, **{key.upper(): one for key, one in settings.items()}
            ) as site:
                found["rows"] += [asdict(row) | {"assessments": size} for row in measuring.rows(site)]
                found["memory_mebibytes"] = pss_mib(web_processes(site))
                found["memory_jobs_mebibytes"] = pss_mib([site.job_process()])
                if size == max(given.assessments):
                    found["rows"] += [asdict(row) | {"assessments": size} for row in measuring.report_rows(site)]
                    filled.add_voices(VOICES)
                    found["rows"] += [asdict(row) | {"assessments": size} for row in measuring.voice_rows(site)]
    found["load"].append(os.getloadavg()[0])
    return found


def _cpus() -> list[str]:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return [line.partition(": ")[2] for line in lines if line.startswith("model name")] or ["processor"]


def table(found: dict[str, Any]) -> str:
    """What was measured, as a page shows it."""
    hello = found["yardstick"]
    lines = [
        f"Measured on {found['date']} on {found['machine']}, {found['database']}, load average {found['load'][0]:.1f} "
        f"before and {found['load'][1]:.1f} after (the measuring itself makes about 1). "
        f"Empty folder to first page: {found['first_page_seconds']:.1f} s. "
        f"Memory of two web workers and their master, after all of this: {found['memory_mebibytes']:.0f} MiB; "
        f"of the job process: {found['memory_jobs_mebibytes']:.0f} MiB. "
        f"All styles and scripts: {found['assets_kilobytes']:.1f} kB compressed.",
        "",
        "| what | assessments | median | × hello | processor | × hello | queries | compressed |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        f"| {hello['what']} | | {hello['median_ms']:.2f} ms | 1 | {hello['cpu_ms']:.2f} ms | 1 | | |",
    ]
    for row in found["rows"]:
        queries = "" if row["queries"] is None else row["queries"]
        size = "" if row["kilobytes"] is None else f"{row['kilobytes']:.1f} kB"
        lines.append(
            f"| {row['what']} | {row['assessments']:,} | {row['median_ms']:.1f} ms "
            f"| {row['median_ms'] / hello['median_ms']:.0f} | {row['cpu_ms']:.1f} ms "
            f"| {row['cpu_ms'] / hello['cpu_ms']:.0f} | {queries} | {size} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assessments", type=int, nargs="+", default=[2, 1_000, 10_000], help="how many there are")
    parser.add_argument("--database-url", default="", help="a PostgreSQL database that is empty")
    parser.add_argument("--write", action="store_true", help="put the table in docs/performance.md")
    parser.add_argument("--json", type=Path, help="a file for the same figures as JSON")
    given = parser.parse_args()
    found = run(given)
    print(table(found))
    if given.json:
        given.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if given.write:
        replace_between(PERFORMANCE, "web-postgresql" if given.database_url else "web", table(found))


if __name__ == "__main__":
    main()
