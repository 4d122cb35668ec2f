"""The hash chain: each link seals what happened, who did it and when, and the link before it.

Links hold opaque ids and digests, never names or texts. A text enters as a digest made with a random salt of its own:
blanking text and salt leaves the chain verifiable and the text beyond guessing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

START = "0" * 64  # what the first link of a chain names as the one before


@dataclass(frozen=True, slots=True)
class Link:
    """One link as it is sealed.

    `about` is what it concerns (a question, a person's id, a grant's id), `details` are opaque facts such as states,
    numbers and digests, `digest` is the salted digest of its text, empty where it has none. `by` is the person whose
    act it is and `entered_by` who typed it, both as opaque ids and empty for the program itself.
    """

    seq: int
    previous: str
    kind: str
    at: datetime
    by: str = ""
    entered_by: str = ""
    about: str = ""
    details: Mapping[str, str] | None = None
    digest: str = ""

    def seal(self) -> str:
        """The hash of this link as 64 hex digits."""
        content = [
            self.seq,
            self.previous,
            self.kind,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.by,
            self.entered_by,
            self.about,
            dict(self.details or {}),
            self.digest,
        ]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def text_digest(salt: bytes, text: str) -> str:
    """The digest of a text under its own salt, as 64 hex digits."""
    return hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class StoredLink:
    """A link as it was found, with the hash it was stored under and, unless erased, its text and salt."""

    link: Link
    hash: str
    text: str | None = None
    salt: bytes | None = None


class Fault(StrEnum):
    """What can be wrong with a chain."""

    EDITED = "edited"
    TEXT_EDITED = "text_edited"
    MISSING = "missing"
    OUT_OF_PLACE = "out_of_place"
    CUT_OFF = "cut_off"
    BLANKED = "blanked"


FAULT_WORDS = {
    Fault.EDITED: "was changed after it was sealed",
    Fault.TEXT_EDITED: "has a text that is not the one sealed",
    Fault.MISSING: "is missing",
    Fault.OUT_OF_PLACE: "does not follow from the one before it",
    Fault.CUT_OFF: "is not where the chain should end",
    Fault.BLANKED: "has lost its text without an erasure on record",
}


@dataclass(frozen=True, slots=True)
class ChainFault:
    """One fault, at one link of a chain."""

    seq: int
    fault: Fault

    def __str__(self) -> str:
        return f"link {self.seq} {FAULT_WORDS[self.fault]}"


ERASED = "erased"  # the kind of link that records an erasure; its detail `links` lists the blanked ones, as "3 5 8"


def verify_chain(links: Iterable[StoredLink], *, length: int, head: str) -> tuple[ChainFault, ...]:
    """Every fault of a chain that should have `length` links and end in `head`.

    Finds a link that was edited, deleted, inserted, swapped or cut off at the end, a text that is not the one sealed,
    and a text that was blanked although no erasure is on record. No links, length 0 and head START is a sound chain.
    """
    faults: list[ChainFault] = []
    previous, expected = START, 1
    blanked: list[int] = []
    erased: set[int] = set()
    for stored in sorted(links, key=lambda one: one.link.seq):
        link = stored.link
        if link.seq > expected:
            faults.extend(ChainFault(seq, Fault.MISSING) for seq in range(expected, link.seq))
        elif link.seq < expected:
            faults.append(ChainFault(link.seq, Fault.OUT_OF_PLACE))
        if link.seal() != stored.hash:
            faults.append(ChainFault(link.seq, Fault.EDITED))
        elif link.seq == expected and link.previous != previous:
            faults.append(ChainFault(link.seq, Fault.OUT_OF_PLACE))
        if link.digest:
            if stored.text is None or stored.salt is None:
                blanked.append(link.seq)
            elif text_digest(stored.salt, stored.text) != link.digest:
                faults.append(ChainFault(link.seq, Fault.TEXT_EDITED))
        if link.kind == ERASED:
            erased.update(int(seq) for seq in (link.details or {}).get("links", "").split())
        previous, expected = stored.hash, link.seq + 1
    faults.extend(ChainFault(seq, Fault.BLANKED) for seq in blanked if seq not in erased)
    if expected - 1 != length or previous != head:
        faults.append(ChainFault(expected - 1, Fault.CUT_OFF))
    return tuple(faults)
