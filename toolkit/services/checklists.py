"""Checklists in use: kept in the database by digest, so that an assessment never loses the version it began with."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa

from toolkit.domain.checklist import Checklist
from toolkit.domain.errors import NotFound
from toolkit.domain.reading import read_checklist
from toolkit.storage.assessments import DefinitionRecord
from toolkit.storage.base import insert_for
from toolkit.storage.db import current_config, db, reading
from toolkit.storage.definitions import ChecklistNotFound, find_checklist, list_checklists
from toolkit.storage.strict_yaml import parse_yaml


def on_offer() -> tuple[Checklist, ...]:
    """The checklist versions of the site, by id and version."""
    return list_checklists(current_config().checklists)


def keep_definition(checklist_id: str, version: str, *, now: datetime) -> Checklist:
    """Take a version into use, inside a unit of work. Raises NotFound."""
    folder = current_config().checklists
    try:
        checklist = find_checklist(folder, checklist_id, version)
    except ChecklistNotFound:
        raise NotFound(f"There is no version {version} of a checklist {checklist_id}.") from None
    if not _is_kept(checklist.digest):
        source = (folder / checklist.id / f"{checklist.version}.yaml").read_bytes()
        if _parsed(source).digest != checklist.digest:  # the file changed in this moment
            raise NotFound(f"Version {version} of the checklist {checklist_id} is being changed; try again.")
        insert = insert_for(db.session)(DefinitionRecord).values(
            digest=checklist.digest,
            checklist_id=checklist.id,
            version=checklist.version,
            title=checklist.title,
            source=source.decode("utf-8-sig"),
            kept_at=now,
        )
        db.session.execute(insert.on_conflict_do_nothing(index_elements=[DefinitionRecord.digest]))
    return checklist


def checklist_of(digest: str) -> Checklist:
    """The checklist in use with that digest; read once in each process. Raises NotFound."""
    known = _known(digest)
    if known is None:
        _known.cache_clear()
        raise NotFound
    return known


@lru_cache(maxsize=64)  # a digest names one content for ever
def _known(digest: str) -> Checklist | None:
    with reading() as session:
        query = sa.select(DefinitionRecord.source).where(DefinitionRecord.digest == digest)
        source = session.execute(query).scalar_one_or_none()
    return None if source is None else _parsed(source.encode())


def _parsed(source: bytes) -> Checklist:
    return read_checklist(parse_yaml(source).data)


def _is_kept(digest: str) -> bool:
    query = sa.select(DefinitionRecord.digest).where(DefinitionRecord.digest == digest)
    return db.session.execute(query).first() is not None
