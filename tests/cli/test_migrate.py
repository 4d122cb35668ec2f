"""The tables, from the terminal."""

from __future__ import annotations

import json

from click.testing import CliRunner

from toolkit.__main__ import main
from toolkit.storage import schema_revision


def run(folder, *options):
    return CliRunner().invoke(main, ["migrate", "--data", str(folder), *options])


def test_up_check_down_and_up_again(tmp_path):
    assert run(tmp_path, "--check").exit_code == 1
    assert "up to date" in run(tmp_path).output
    assert run(tmp_path, "--check").exit_code == 0
    down = run(tmp_path, "--down-to", "base", "--yes", "--json")
    assert json.loads(down.output) == {"before": schema_revision.NEEDED, "after": None, "current": False, "drift": []}
    assert json.loads(run(tmp_path, "--json").output)["after"] == schema_revision.NEEDED


def test_going_back_asks_first(tmp_path):
    run(tmp_path)
    refused = CliRunner().invoke(main, ["migrate", "--data", str(tmp_path), "--down-to", "base"], input="n\n")
    assert refused.exit_code == 1
    assert run(tmp_path, "--check").exit_code == 0


def test_a_revision_that_does_not_exist_is_a_sentence(tmp_path):
    refused = run(tmp_path, "--to", "9999")
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: ")
