"""Changing an assessment: one event, one conditional update, inside a unit of work that has locked its row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.assessment import State
from toolkit.domain.errors import StateChanged
from toolkit.storage.assessments import AssessmentRecord
from toolkit.storage.base import rows_changed
from toolkit.storage.db import db
from toolkit.storage.trail import TrailLinkRecord, event_row


def record_change(
    assessment_id: UUID,
    kind: str,
    *,
    state: State,
    chain_seq: int,
    chain_head: str,
    by: UUID | None,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
    about: str = "",
    details: Mapping[str, str] | None = None,
    text: str = "",
) -> tuple[int, str]:
    """Add an event to an assessment's chain and make `changes` to its row: the new end of the chain.

    The update names the state and the end of the chain that the change was based on, so of several at once exactly one
    happens. Raises StateChanged for the others.
    """
    link = event_row(assessment_id, chain_seq, chain_head, kind, at=at, by=by, about=about, details=details, text=text)
    db.session.execute(sa.insert(TrailLinkRecord).values(link))
    values = dict(changes or {})
    changed = db.session.execute(
        sa.update(AssessmentRecord)
        .where(
            AssessmentRecord.id == assessment_id,
            AssessmentRecord.state == state,
            AssessmentRecord.chain_seq == chain_seq,
        )
        .values(chain_seq=link["seq"], chain_head=link["hash"], updated_at=at, **values)
    )
    if rows_changed(changed) != 1:
        raise StateChanged(state)
    return link["seq"], link["hash"]
