"""Bringing an assessment file in: look at it first, then make a draft of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from toolkit.domain.assessment import Assessment
from toolkit.domain.checklist import Checklist
from toolkit.services.viewers import Viewer

if TYPE_CHECKING:
    from toolkit.domain.checking import AnswerProblem


@dataclass(frozen=True)
class ImportPreview:
    """What an import would bring: the assessment as read, its checklist, and what is wrong or missing in it."""

    assessment: Assessment
    checklist: Checklist
    answers: int
    problems: tuple[AnswerProblem, ...]
    same_digest: bool  # whether the file was made with exactly this definition


def preview(data: Mapping[str, Any], *, space_id: UUID, viewer: Viewer, now: datetime) -> ImportPreview:
    """Read an assessment file without keeping anything. Raises NotFound, NotAllowed, InvalidInput."""
    raise NotImplementedError


def import_assessment(data: Mapping[str, Any], *, space_id: UUID, viewer: Viewer, now: datetime) -> UUID:
    """Make a draft from an assessment file: its id. Raises NotFound, NotAllowed, InvalidInput."""
    raise NotImplementedError
