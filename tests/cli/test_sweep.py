"""`decent-work sweep`: what nothing names goes, and what is damaged is said."""

import io
import json
import os

import pytest
from click.testing import CliRunner

from tests import evidence_samples as samples
from tests.services.world import NOW, a_draft, a_space, in_space
from toolkit.__main__ import main
from toolkit.config import as_environment
from toolkit.domain.access import Role
from toolkit.files.store import file_store
from toolkit.services import evidence
from toolkit.storage.db import current_config


@pytest.fixture
def kept(database):
    """The digest of a file that waits for its answer since 2026."""
    space = a_space()
    focal = in_space(space, Role.FOCAL_POINT)
    draft = a_draft(space, focal)
    file = io.BytesIO(samples.PDF)
    return evidence.keep_file(draft, "youth_strategy", file, "a.pdf", viewer=focal, now=NOW).sha256


@pytest.fixture
def sweep(database):
    config = current_config()
    return lambda *options: CliRunner(env=as_environment(config)).invoke(main, ["sweep", *options])


def test_what_nothing_names_goes_and_young_files_stay(kept, sweep, monkeypatch):
    store = file_store(current_config())
    young = store.put(b"young")
    os.utime(store.folder / kept[:2] / kept, (0, 0))
    old = store.put(b"old")
    os.utime(store.folder / old[:2] / old, (0, 0))
    done = json.loads(sweep("--json").stdout)
    assert done["removed"] >= 1
    assert young in store.digests()
    assert old not in store.digests()
    assert "removed from the store" in sweep().stdout


def test_a_check_says_which_file_is_not_whole_and_ends_with_1(kept, sweep):
    fine = sweep("--check")
    assert (fine.exit_code, fine.stdout) == (0, "Every file is whole.\n")
    store = file_store(current_config())
    (store.folder / kept[:2] / kept).write_bytes(samples.PDF[:-1])
    found = sweep("--check")
    assert found.exit_code == 1
    assert f"evidence_file: {kept} is missing or damaged." in found.stdout
    store.remove(kept)
    assert json.loads(sweep("--check", "--json").stdout) == {"damaged": [{"table": "evidence_file", "sha256": kept}]}
