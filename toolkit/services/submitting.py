"""Submitting: the canonical bytes of an assessment, its score card and a verification code, once and for all."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.assessment import Edition, State
from toolkit.domain.assessment_file import attachment_digests, canonical_bytes, digest, to_data
from toolkit.domain.errors import ReasonNeeded
from toolkit.domain.scoring import score_assessment
from toolkit.domain.workflow import Step
from toolkit.services.discussions import told
from toolkit.services.positions import positions
from toolkit.services.steps import begin_step, clean_reason, end_step
from toolkit.services.submissions import SubmissionInfo
from toolkit.services.viewers import Viewer
from toolkit.storage.base import new_id
from toolkit.storage.card_text import card_text
from toolkit.storage.db import transaction
from toolkit.storage.submissions import SubmissionRecord

# Without letters and digits that look alike; 20 of these 32 characters are 100 random bits.
CODE_CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_GROUPS, CODE_GROUP = 4, 5


def submit(assessment_id: UUID, *, provisional_reason: str = "", viewer: Viewer, now: datetime) -> SubmissionInfo:
    """Make the next submission; the one before is superseded by it.

    Raises NotFound, NotAllowed, StateChanged, Incomplete, ReasonNeeded (a provisional result without a reason).
    """
    with transaction() as session:
        taken = begin_step(assessment_id, Step.SUBMIT, viewer=viewer, now=now)
        opened = taken.opened
        card = score_assessment(opened.checklist, opened.assessment)
        reason = clean_reason(provisional_reason) if card.provisional else ""
        if card.provisional and not reason:
            raise ReasonNeeded("The result is provisional. Say why it is submitted all the same.")
        number, code, submission_id = opened.next_number, new_code(), new_id()
        assessment = replace(
            opened.assessment,
            discussions=told(assessment_id),
            positions=positions(assessment_id),
            state=State.SUBMITTED,
            submitted_at=now,
            number=number,
            provisional_reason=reason,
            verification_code=code,
        )
        content = canonical_bytes(to_data(opened.checklist, assessment, Edition.INTERNAL, card=card))
        sha256 = digest(content)
        kept_card = card_text(card)
        _, head = end_step(
            taken,
            "submitted",
            viewer,
            now,
            changes={"submissions": number, "returned_seq": None},
            details={"number": str(number), "sha256": sha256, "score_card": digest(kept_card.encode())},
        )
        row = SubmissionRecord
        session.execute(
            sa.insert(row).values(
                id=submission_id,
                assessment_id=assessment_id,
                number=number,
                content=content,
                score_card=kept_card,
                sha256=sha256,
                attachments=attachment_digests(opened.checklist, assessment, card=card),
                method=card.method,
                definition_digest=opened.checklist.digest,
                verification_code=code,
                provisional_reason=reason,
                submitted_at=now,
                submitted_by=viewer.person_id,
                chain_seq=opened.chain_seq + 1,
                chain_head=head,
            )
        )
        session.execute(
            sa.update(row)
            .where(row.assessment_id == assessment_id, row.number < number, row.superseded_by_id.is_(None))
            .values(superseded_by_id=submission_id)
        )
    return SubmissionInfo(
        id=submission_id,
        assessment_id=assessment_id,
        number=number,
        sha256=sha256,
        method=card.method,
        verification_code=code,
        submitted_at=now,
        provisional_reason=reason,
    )


def new_code() -> str:
    """A verification code of 100 random bits, such as `7GQ4K-2MXNP-…`, to be typed from paper."""
    groups = ("".join(secrets.choice(CODE_CHARACTERS) for _ in range(CODE_GROUP)) for _ in range(CODE_GROUPS))
    return "-".join(groups)
