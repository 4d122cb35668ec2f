"""The one register of tables that hold something about a person: erasing and exporting a person both work from it.

**A new table, or a new column, with the id of a person or with text of any length needs its line here;
`tests/storage/test_personal.py` fails until it has one.** For each column that names a person write a `Holding`:

- `person`: the columns with the person's id. A table with several kinds of them has several holdings.
- `part`: what the rows are called in an export, in plain words; each holding has its own.
- `shown`: the columns that the person gets in an export. Leave out secrets and what others wrote.
- `words`: those of them that hold the person's own words; an export has them as readable text too.
- `on_erasing`: DELETE the rows; `blank(column=value, …)` where NOW is the time unless one stands there; BY_HAND where
  `services/erasing.py` has a function for it; or `kept(why)` for rows with opaque ids only.

Columns that are neither (an organization's title, a file's digest) go to `NOT_PERSONAL`, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from toolkit.storage.assessments import (
    AnswerRecord,
    AnswerRevisionRecord,
    ApprovalRecord,
    AssessmentRecord,
)
from toolkit.storage.base import Base
from toolkit.storage.discussions import MentionRecord, ThreadRecord
from toolkit.storage.evidence import EvidenceFileRecord
from toolkit.storage.handovers import DigestRecord, HandoverRecord, PersonalLinkRecord
from toolkit.storage.jobs import JobRecord, SettingRecord
from toolkit.storage.next_round import NextRoundNoteRecord
from toolkit.storage.people import (
    AccessGrantRecord,
    CredentialRecord,
    IdentityRecord,
    LoginSessionRecord,
    OneTimeLinkRecord,
    PersonRecord,
    RecoveryCodeRecord,
    SecondFactorRecord,
)
from toolkit.storage.presence import PresenceRecord
from toolkit.storage.submissions import SubmissionRecord
from toolkit.storage.trail import TrailLinkRecord

ERASED_NAME = "Erased person"


class Marked(Enum):
    """Values that stand for something in `blank`."""

    NOW = "now"


NOW = Marked.NOW


@dataclass(frozen=True, slots=True)
class OnErasing:
    """What becomes of the rows when the person is erased; just one of the three, or `why` they stay."""

    deletes: bool = False
    by_hand: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""


DELETE = OnErasing(deletes=True)
BY_HAND = OnErasing(by_hand=True)


def blank(**values: Any) -> OnErasing:
    """These columns get these values."""
    return OnErasing(values=values)


def kept(why: str) -> OnErasing:
    """The rows stay."""
    return OnErasing(why=why)


@dataclass(frozen=True, slots=True)
class Holding:
    """What the rows of a table that name a person hold about them; the module says how to fill it in."""

    table: type[Base]
    person: tuple[str, ...]
    part: str
    on_erasing: OnErasing
    shown: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


OPAQUE = kept("an opaque id only: who did it is told by nothing once the name is gone")
_HANDED = ("assessment_id", "voice_id", "due_on", "at", "ended_at")

HOLDINGS = (
    Holding(
        PersonRecord,
        ("id",),
        "account",
        blank(name=ERASED_NAME, email=None, email_key=None, erased_at=NOW, disabled_at=NOW),
        ("name", "email", "by_link", "created_at", "joined_at", "disabled_at", "expires_at"),
    ),
    Holding(CredentialRecord, ("person_id",), "password", DELETE, ("changed_at",)),
    Holding(LoginSessionRecord, ("person_id",), "sessions", DELETE, ("begun_at", "seen_at", "ends_at", "device")),
    Holding(IdentityRecord, ("person_id",), "signs in by", DELETE, ("issuer", "subject", "linked_at")),
    Holding(SecondFactorRecord, ("person_id",), "second step", DELETE, ("begun_at", "confirmed_at")),
    Holding(RecoveryCodeRecord, ("person_id",), "recovery codes", DELETE, ("made_at", "used_at")),
    Holding(
        OneTimeLinkRecord,
        ("person_id",),
        "links",
        DELETE,
        ("kind", "role", "scope_kind", "scope_id", "created_at", "expires_at", "used_at"),
    ),
    Holding(
        PersonalLinkRecord,
        ("person_id",),
        "personal links",
        DELETE,
        ("handover_id", "made_at", "expires_at", "opened_at", "revoked_at"),
    ),
    Holding(PersonalLinkRecord, ("made_by",), "personal links sent", OPAQUE, ("handover_id", "made_at", "expires_at")),
    Holding(
        AccessGrantRecord,
        ("person_id",),
        "grants",
        DELETE,
        ("role", "scope_kind", "scope_id", "voice", "begins_at", "ends_at"),
    ),
    Holding(
        AccessGrantRecord,
        ("granted_by",),
        "grants given",
        OPAQUE,
        ("role", "scope_kind", "scope_id", "voice", "begins_at", "ends_at"),
    ),
    Holding(
        AccessGrantRecord,
        ("for_id",),
        "acted for by others",
        BY_HAND,
        ("scope_kind", "scope_id", "begins_at", "ends_at"),
    ),
    Holding(DigestRecord, ("person_id",), "reminders", DELETE, ("wanted_on", "sent_on", "stopped_at")),
    Holding(
        HandoverRecord,
        ("person_id",),
        "handed over to them",
        blank(done_note="", ended_at=NOW),
        (*_HANDED, "note", "done_at", "done_note", "reminded_at", "returned_at", "returned_note"),
        ("done_note",),
    ),
    Holding(HandoverRecord, ("by_id",), "handed over by them", blank(note=""), (*_HANDED, "note"), ("note",)),
    Holding(
        HandoverRecord,
        ("returned_by",),
        "given back by them",
        blank(returned_note=""),
        ("assessment_id", "returned_at", "returned_note"),
        ("returned_note",),
    ),
    Holding(
        NextRoundNoteRecord,
        ("by_id",),
        "notes for the next round",
        blank(text=""),
        ("assessment_id", "text", "at"),
        ("text",),
    ),
    Holding(
        AnswerRecord,
        ("author_id",),
        "current answers",
        BY_HAND,
        ("assessment_id", "voice_id", "question_id", "revision", "content", "saved_at"),
    ),
    Holding(
        AnswerRevisionRecord,
        ("author_id", "entered_by_id"),
        "answers saved",
        BY_HAND,
        ("assessment_id", "seq", "voice_id", "question_id", "revision", "content", "copied_from", "saved_at"),
        ("content",),
    ),
    Holding(TrailLinkRecord, ("by_id",), "done by them", BY_HAND, ("chain_id", "seq", "kind", "at", "text"), ("text",)),
    Holding(TrailLinkRecord, ("about",), "done about them", OPAQUE, ("chain_id", "seq", "kind", "at", "details")),
    Holding(PresenceRecord, ("person_id",), "themes open lately", DELETE, ("assessment_id", "theme_id", "seen_at")),
    Holding(MentionRecord, ("person_id",), "mentions of them", DELETE, ("thread_id", "seq")),
    Holding(ThreadRecord, ("resolved_by",), "discussions resolved", OPAQUE, ("assessment_id", "question_id")),
    Holding(
        EvidenceFileRecord,
        ("uploaded_by",),
        "files sent",
        kept("a file stays only as long as an answer of somebody else or a submission names it"),
        ("assessment_id", "question_id", "name", "media_type", "size", "sha256", "uploaded_at"),
    ),
    Holding(ApprovalRecord, ("person_id",), "approvals", OPAQUE, ("assessment_id", "role", "approved_at", "ended_at")),
    Holding(AssessmentRecord, ("started_by",), "assessments begun", OPAQUE, ("id", "title", "state", "started_at")),
    Holding(
        SubmissionRecord,
        ("submitted_by",),
        "submissions",
        kept("what was submitted stays as it was submitted; it names nobody"),
        ("assessment_id", "number", "sha256", "provisional_reason", "submitted_at"),
        ("provisional_reason",),
    ),
    Holding(JobRecord, ("requested_by",), "work asked for", blank(requested_by=None), ("kind", "state", "created_at")),
    Holding(SettingRecord, ("changed_by",), "settings changed", OPAQUE, ("name", "changed_at")),
)

_SPACE_S = "a name that the organization goes by"
_DEFINITION = "a checklist's own text"
_OTHER_ID = "the id of something else"
NOT_PERSONAL: Mapping[str, Mapping[str, str]] = {
    "access_grant": {"scope_id": "the id of a place"},
    "answer_revision": {"copied_from": "ids of where an answer was taken from", "salt": "goes with the content"},
    "assessment": {"title": _SPACE_S, "facts": "facts about the subject"},
    "credential": {"password_hash": "a secret; goes with its row"},
    "definition": {"title": _DEFINITION, "source": _DEFINITION},
    "handover_part": {"grant_id": _OTHER_ID},
    "job": {
        "key": "what the work makes",
        "payload": "ids; an address in a job for a new password: erasing removes such jobs by hand",
        "problem": "a sentence of the program",
    },
    "login_session": {"link_id": _OTHER_ID},
    "one_time_link": {"scope_id": "the id of a place"},
    "organization": {"name": _SPACE_S},
    "report_file": {"source": "ids"},
    "second_factor": {"secret": "a secret; goes with its row"},
    "setting": {"value": "a setting of the site"},
    "space": {"name": _SPACE_S, "organization": "the id of an organization"},
    "subject": {"name": _SPACE_S, "organization": _SPACE_S},
    "submission": {
        "content": "the submitted bytes, which name nobody",
        "score_card": "figures",
        "attachments": "digests",
    },
    "theme_scope": {"reason": "the organization's reason; its text in the trail is blanked with its writer"},
    "trail_link": {"details": "opaque ids", "salt": "goes with the text"},
    "voice": {"name": "the name of a unit or constituency"},
}
