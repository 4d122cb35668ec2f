"""`decent-work verify`: a report by itself, and against a site."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.cli.test_score import BY_HAND, a_file, run
from toolkit.cli.asking import Answer, CannotAsk, ask
from toolkit.domain.assessment import Edition
from toolkit.domain.assessment_file import attachment_data, canonical_bytes, digest
from toolkit.domain.assessment_reading import read_assessment
from toolkit.domain.checklist import Thresholds
from toolkit.domain.printed_figures import PrintedFigure, figures_bytes, named_figures
from toolkit.domain.scoring import score_assessment
from toolkit.domain.verification import renderings
from toolkit.storage.definitions import find_checklist

CODE = "EXAMPLE-CODE"


def attachments(folder: Path, edition: Edition = Edition.SHARED, **figure: str) -> dict[str, bytes]:
    """What a report of the file by hand would carry; `figure` replaces printed texts by place."""
    given = a_file(folder, submission={"verification_code": CODE})
    assessment = read_assessment(given.read_bytes())
    checklist = find_checklist(BY_HAND, "hand", "1.0.0")
    data = attachment_data(checklist, assessment, edition, card=score_assessment(checklist, assessment))
    figures = [
        PrintedFigure(place, kind, figure.get(place, min(renderings(place, kind, exact, Thresholds()))), exact)
        for (place, kind), exact in named_figures(data["scores"]).items()
    ]
    return {"assessment.json": canonical_bytes(data), "figures.json": figures_bytes(figures)}


def a_report(folder: Path, files: dict[str, bytes] | None = None) -> Path:
    path = folder / "R.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for name, data in (attachments(folder) if files is None else files).items():
            pdf.attachments[name] = data
        pdf.save(path, compress_streams=True, recompress_flate=True)
    return path


# --- by itself ------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", list(Edition))
def test_a_report_as_made_is_consistent(tmp_path, edition):
    result = run("verify", a_report(tmp_path, attachments(tmp_path, edition)))
    assert result.exit_code == 0, result.output
    assert "Consistent." in result.stdout
    assert f"{edition} edition" in result.stdout
    assert "Recomputed: " in result.stdout
    assert ("Taken as stated" in result.stdout) == (edition is Edition.PUBLIC)
    assert "--against" in result.stdout


@pytest.mark.parametrize("edition", list(Edition))
def test_a_real_report_is_consistent_with_every_figure_it_prints(tmp_path, edition):
    path = tmp_path / "R.pdf"
    made = run("report", a_file(tmp_path), "-o", path, "--edition", str(edition))
    assert made.exit_code == 0, made.output
    result = run("verify", path, "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["outcome"], found["problems"]) == (0, "consistent", [])
    assert (found["edition"], found["printed_figures"] > 50) == (str(edition), True)


def test_a_printed_figure_that_was_changed_is_found(tmp_path):
    result = run("verify", a_report(tmp_path, attachments(tmp_path, overall="90 %")))
    assert result.exit_code == 1
    assert "Not consistent." in result.stdout
    assert "printed.overall.score: 90 % is printed; 7/18 does not round to it." in result.stdout


def test_an_answer_that_was_changed_is_found(tmp_path):
    files = attachments(tmp_path)
    data = json.loads(files["assessment.json"])
    data["answers"]["unions_free"]["value"] = 4
    result = run("verify", a_report(tmp_path, files | {"assessment.json": json.dumps(data).encode()}), "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["outcome"]) == (1, "not consistent")
    assert "scores.overall.score.exact" in {problem["path"] for problem in found["problems"]}


@pytest.mark.parametrize("missing", ["assessment.json", "figures.json"])
def test_a_pdf_without_the_attachments_is_not_a_report(tmp_path, missing):
    files = attachments(tmp_path)
    del files[missing]
    result = run("verify", a_report(tmp_path, files))
    assert result.exit_code == 2
    assert f"no attachment {missing}" in result.stderr


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_not_a_report(tmp_path, content):
    path = tmp_path / "R.pdf"
    path.write_bytes(content)
    result = run("verify", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr


def test_an_attachment_that_is_no_assessment_file_is_named(tmp_path):
    result = run("verify", a_report(tmp_path, attachments(tmp_path) | {"assessment.json": b"{}"}))
    assert result.exit_code == 2
    assert "decent-work-assessment/1" in result.stderr


def test_an_attachment_that_unpacks_without_end_is_refused(tmp_path):
    path = a_report(tmp_path, attachments(tmp_path) | {"assessment.json": b" " * 50_000_000})
    assert path.stat().st_size < 1_000_000
    result = run("verify", path)
    assert result.exit_code == 2
    assert "larger than 8 MB" in result.stderr


def test_without_the_checklist_it_says_that_nothing_was_recomputed(tmp_path):
    files = attachments(tmp_path)
    data = json.loads(files["assessment.json"])
    data["checklist"]["version"] = "9.0.0"
    result = run("verify", a_report(tmp_path, files | {"assessment.json": canonical_bytes(data)}))
    assert result.exit_code == 2
    assert "Not checked." in result.stdout
    assert "nothing was recomputed" in result.stdout


# --- against a site -------------------------------------------------------------------------------


@contextmanager
def a_site(status: int, reply: Any) -> Iterator[tuple[str, list[str]]]:
    """A site that answers every question alike; gives its address and the paths asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(reply if isinstance(reply, bytes) else json.dumps(reply).encode())

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("reply", "exit_code", "said"),
    [
        ({"verdict": "as_submitted", "superseded_by": None}, 0, "as submitted"),
        ({"verdict": "superseded", "superseded_by": 2}, 1, "superseded by no. 2"),
        ({"verdict": "unknown"}, 1, "unknown"),
    ],
)
def test_the_site_is_asked_with_the_code_and_the_digest_only(tmp_path, reply, exit_code, said):
    files = attachments(tmp_path)
    sha256 = digest(files["assessment.json"])
    path = a_report(tmp_path, files)
    with a_site(200, reply | {"sha256": sha256}) as (site, asked):
        result = run("verify", path, "--against", site)
    assert asked == [f"/verify/{CODE}.json?sha256={sha256}"]
    assert result.exit_code == exit_code
    assert f"says: {said}." in result.stdout


def test_a_code_that_the_site_does_not_know_is_unknown(tmp_path):
    path = a_report(tmp_path)
    with a_site(404, b"Not here") as (site, _):
        result = run("verify", path, "--against", site, "--json")
    assert (result.exit_code, json.loads(result.stdout)["site"]["answer"]) == (1, "unknown")


@pytest.mark.parametrize(
    ("status", "reply"),
    [
        (200, b"<html>"),
        (200, {"verdict": "splendid"}),
        (200, {"verdict": "superseded"}),
        (200, []),
        (200, {"verdict": "as_submitted", "sha256": "0" * 64}),
        (200, b" " * 20_000),
        (302, {"verdict": "as_submitted"}),
        (500, {"verdict": "as_submitted"}),
    ],
)
def test_what_is_no_answer_is_not_taken_for_one(status, reply):
    with a_site(status, reply) as (site, asked), pytest.raises(CannotAsk):
        ask(site, CODE, "f" * 64)
    assert len(asked) == 1  # and no redirect was followed


@pytest.mark.parametrize("site", ["http://assess.example.org", "ftp://localhost", "file:///etc/passwd", "localhost"])
def test_only_https_or_this_machine_is_asked(site):
    with pytest.raises(CannotAsk):
        ask(site, CODE, "f" * 64)


def test_a_site_out_of_reach_is_said_and_is_exit_2(tmp_path):
    result = run("verify", a_report(tmp_path), "--against", "http://127.0.0.1:9")
    assert result.exit_code == 2
    assert "could not be asked" in result.stderr


def test_a_report_of_a_draft_is_unknown_without_asking():
    assert ask("https://assess.example.org", "", "f" * 64).answer is Answer.UNKNOWN


def test_the_code_cannot_leave_its_place_in_the_address():
    with a_site(404, b"") as (site, asked):
        ask(site, "../../admin?x=1#", "f" * 64)
    assert asked == [f"/verify/..%2F..%2Fadmin%3Fx%3D1%23.json?sha256={'f' * 64}"]
