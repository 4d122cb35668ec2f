"""Files in the store that nobody names, and rows whose file is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from toolkit.files.store import FileMissing, file_store
from toolkit.storage.db import current_config, db, reading
from toolkit.storage.evidence import EvidenceFileRecord
from toolkit.storage.jobs import ReportFileRecord

NAMING = (EvidenceFileRecord, ReportFileRecord)  # the tables that name files by their digest
YOUNG_SECONDS = 3600  # the row of a file is written after it: a young file without one may be about to get it


def sweep_orphans(*, min_age_seconds: int = YOUNG_SECONDS) -> int:
    """Remove files that no row names: how many. Young ones stay."""
    store = file_store(current_config())
    removed = 0
    for sha256 in list(store.digests(min_age_seconds=min_age_seconds)):
        with reading():
            named = _is_named(sha256)
        # Somebody may have put it again since: then it is young, and stays.
        if not named and store.remove(sha256, min_age_seconds=min_age_seconds):
            removed += 1
    return removed


@dataclass(frozen=True, slots=True)
class Damaged:
    """A row whose file is missing or is no longer what it was; `table` says what the file is."""

    table: str
    sha256: str


def damaged() -> Iterator[Damaged]:
    """Every file that a row names and that is not whole in the store. Reads all of them."""
    store = file_store(current_config())
    for table in NAMING:
        with reading() as session:
            names = list(session.execute(sa.select(table.sha256).distinct().order_by(table.sha256)).scalars())
        for sha256 in names:
            try:
                store.open(sha256).close()
            except FileMissing:
                yield Damaged(table.__tablename__, sha256)


def _is_named(sha256: str) -> bool:
    return any(
        db.session.execute(sa.select(table.id).where(table.sha256 == sha256).limit(1)).first() is not None
        for table in NAMING
    )
