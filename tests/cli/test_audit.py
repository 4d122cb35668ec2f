"""Verifying the trail from the terminal."""

from __future__ import annotations

import json
import sqlite3

import pytest
from click.testing import CliRunner

from toolkit.__main__ import main
from toolkit.storage.db import sqlite_module


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A filled site."""
    folder = tmp_path_factory.mktemp("audit") / "data"
    assert CliRunner().invoke(main, ["demo", "--data", str(folder)]).exit_code == 0
    return folder


def verify(data, *options):
    return CliRunner().invoke(main, ["audit", "verify", "--data", str(data), *options])


def test_a_sound_trail(data):
    printed = verify(data)
    assert printed.exit_code == 0
    assert "Nothing is wrong." in printed.output
    assert json.loads(verify(data, "--json").output)["chains"] == 19


def test_the_head_that_a_report_prints_is_looked_for(data, tmp_path):
    database = sqlite_module().connect(data / "toolkit.sqlite3")
    content = json.loads(database.execute("SELECT content FROM submission ORDER BY submitted_at LIMIT 1").fetchone()[0])
    database.close()
    report = tmp_path / "sent.assessment.json"
    report.write_text(json.dumps(content))
    printed = verify(data, "--report", str(report))
    assert printed.exit_code == 0, printed.output
    assert "looked for: 1" in printed.output
    report.write_text(json.dumps(content | {"chain_head": "ab" * 32}))
    printed = verify(data, "--report", str(report), "--json")
    assert printed.exit_code == 1
    assert "written anew" in json.loads(printed.output)["faults"][0]["message"]


@pytest.mark.parametrize(("text", "says"), [("{}", "assessment"), ("%PDF-1.7", "PDF")])
def test_what_is_no_report_is_said(data, tmp_path, text, says):
    other = tmp_path / "other"
    other.write_text(text)
    printed = verify(data, "--report", str(other))
    assert printed.exit_code == 1
    assert says in printed.output


def test_a_changed_answer_is_found_and_the_exit_code_says_so(data):
    path = data / "toolkit.sqlite3"
    database: sqlite3.Connection = sqlite_module().connect(path)
    database.execute("UPDATE answer_revision SET content = replace(content, '3', '4') WHERE seq = 2")
    database.commit()
    database.close()
    printed = verify(data, "--json")
    assert printed.exit_code == 1
    assert "text that is not the one sealed" in json.loads(printed.output)["faults"][0]["message"]
    assert verify(data).exit_code == 1
