"""The assessment file as bytes, for a person to keep, send or read in again."""

from __future__ import annotations

from toolkit.domain.assessment import Assessment, Edition
from toolkit.domain.assessment_file import canonical_bytes, to_data
from toolkit.domain.checklist import Checklist
from toolkit.domain.scorecard import ScoreCard


def assessment_file(checklist: Checklist, assessment: Assessment, card: ScoreCard, edition: Edition) -> bytes:
    """The canonical bytes of the edition. The format is that of `docs/assessment-file.md`."""
    return canonical_bytes(to_data(checklist, assessment, edition, card=card))
