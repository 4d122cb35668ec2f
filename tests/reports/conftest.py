"""One font cache for all report tests: unpacking takes a second."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reports.accessible import FONT_CACHE


@pytest.fixture(scope="session")
def font_cache() -> Path:
    """Where the fonts are unpacked."""
    return FONT_CACHE
