"""Every table, for those who need them all: migrations, back-up, the check for drift."""

from __future__ import annotations

from toolkit.storage import (
    assessments,
    discussions,
    evidence,
    handovers,
    jobs,
    next_round,
    people,
    presence,
    spaces,
    submissions,
    trail,
)
from toolkit.storage.base import Base

MODULES = (
    people,
    presence,
    spaces,
    assessments,
    trail,
    submissions,
    jobs,
    discussions,
    evidence,
    handovers,
    next_round,
)
metadata = Base.metadata
