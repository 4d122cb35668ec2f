"""One font cache for all report tests: unpacking takes a second."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def font_cache() -> Path:
    """A folder that outlives the run, so that the fonts are unpacked once on a machine."""
    folder = Path(tempfile.gettempdir()) / "decent-work-test-fonts"
    folder.mkdir(exist_ok=True)
    return folder
