"""The words that only pages need: roles, meanings, changes; those of `toolkit.domain.words` with them by name."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from toolkit.domain.access import Role, SpaceKind
from toolkit.domain.assessment import Edition, SignOff, State
from toolkit.domain.checklist import Change, Checklist, Kind, Part, Track
from toolkit.domain.discussions import Told
from toolkit.domain.scorecard import Standing
from toolkit.domain.words import ANSWER_STATES, MANDATES, SIGN_OFFS, STATES, SUBJECT_KINDS, TRACKS, VOICE_KINDS

TRACK_MEANINGS = {
    Track.SCAN: "A first look in one sitting. Gives levels for each objective, no overall index.",
    Track.CORE: "The questions that make up the index. Choose this to compare over time.",
    Track.FULL: "Everything, for a thorough review. The index still uses the core questions.",
}
STATE_TAGS = {State.DRAFT: "plain", State.IN_REVIEW: "warm", State.APPROVED: "", State.SUBMITTED: "good"}
SIGN_OFF_MEANINGS = {
    SignOff.NONE: "You submit it yourself. Reports say “not independently reviewed”.",
    SignOff.ONE: "A colleague who did not write the answers checks and approves them.",
    SignOff.TWO: "Two colleagues approve, one after the other.",
}
SPACE_KINDS = {SpaceKind.ORGANIZATION: "Organization", SpaceKind.COUNTRY: "Country"}
EDITIONS = {Edition.INTERNAL: "Internal", Edition.SHARED: "Shared", Edition.PUBLIC: "Public"}
EDITION_READERS = {
    Edition.INTERNAL: "For your own people only",
    Edition.SHARED: "For those you give it to",
    Edition.PUBLIC: "For anybody",
}
EDITION_MEANINGS = {
    Edition.INTERNAL: "Everything, with comments. For your own people.",
    Edition.SHARED: "Answers, reasons and titles of evidence. No comments, no names.",
    Edition.PUBLIC: "Levels and scores of themes only.",
}
ROLES = {
    Role.ADMINISTRATOR: "Administrator",
    Role.EDITOR: "Editor",
    Role.COORDINATOR: "Coordinator",
    Role.FOCAL_POINT: "Focal point",
    Role.COUNTRY_LEAD: "Country lead",
    Role.CONTRIBUTOR: "Contributor",
    Role.REVIEWER: "Reviewer",
    Role.APPROVER: "Approver",
    Role.READER: "Reader",
    Role.DEPUTY: "Deputy",
    Role.OBSERVER: "Observer",
    Role.SPOKESPERSON: "Spokesperson",
}
ROLE_MEANINGS = {
    Role.ADMINISTRATOR: "Looks after accounts and organizations. Cannot read answers by being one.",
    Role.EDITOR: "Writes checklist versions.",
    Role.COORDINATOR: "Follows a round and receives what was submitted to it.",
    Role.FOCAL_POINT: "Runs the assessment of an organization: scope, people, submission.",
    Role.COUNTRY_LEAD: "Runs the assessment of a country team.",
    Role.DEPUTY: "Acts for the focal point or country lead, but does not manage people.",
    Role.CONTRIBUTOR: "Answers questions.",
    Role.REVIEWER: "Reads everything, returns answers with reasons.",
    Role.APPROVER: "Reviews and approves. Never own work.",
    Role.READER: "Reads what was submitted.",
    Role.OBSERVER: "Reads, and changes nothing.",
    Role.SPOKESPERSON: "Speaks for one voice: answers, and releases what it says.",
}
STANDINGS = {
    Standing.COUNTS: "counts",
    Standing.FACT: "shown, not scored",
    Standing.WEIGHT_ZERO: "weight 0, not scored",
    Standing.UNANSWERED: "no answer yet",
    Standing.DONT_KNOW: "don’t know",
    Standing.NOT_APPLICABLE: "not applicable, set aside",
    Standing.OUTSIDE_MANDATE: "outside the mandate, set aside",
    Standing.NOT_ASKED: "not asked",
    Standing.OUTSIDE_TRACK: "not in this track",
}
CHANGES = {
    Change.SAME: "Same",
    Change.REWORDED: "Reworded",
    Change.REVISED: "Revised",
    Change.SPLIT: "Split",
    Change.MERGED: "Merged",
    Change.MOVED: "Moved",
    Change.RETIRED: "Retired",
    Change.NEW: "New",
}
KINDS = {
    Kind.RATING: "Rating",
    Kind.YES_NO: "Yes or no",
    Kind.CHOICE: "One choice",
    Kind.CHOICES: "Several choices",
    Kind.NUMBER: "Number",
    Kind.TEXT: "Text",
    Kind.TABLE: "Table",
}

TOLD = {
    Told.NOBODY: "Nobody: it stays out of every report",
    Told.INTERNAL: "Readers of the internal report, without names",
    Told.SHARED: "Readers of the internal and the shared report, without names",
}

SPEAKER_ROLES = {
    Role.SPOKESPERSON.value: "Speak for it: answer, release what it says, write its paragraph",
    Role.CONTRIBUTOR.value: "Answer in it",
}

_ALL: tuple[Mapping[Any, str], ...] = (
    *(TRACKS, STATES, SIGN_OFFS, MANDATES, SUBJECT_KINDS, SPACE_KINDS, EDITIONS, ROLES),
    *(ANSWER_STATES, STANDINGS, CHANGES, KINDS, TOLD, VOICE_KINDS),
)


def words(name: StrEnum) -> str:
    """The words for an enum member. Raises LookupError for one that has none."""
    for table in _ALL:
        for member, text in table.items():
            if member is name:
                return text
    raise LookupError(f"{name!r} has no words")


def colour(part: Part, checklist: Checklist) -> str:
    """The style of a part: o1 to o4 for the objectives in order, over again after four; o0 for a profile section."""
    if not part.scored:
        return "o0"
    place = [objective.id for objective in checklist.objectives].index(part.id)
    return f"o{place % 4 + 1}"


def state_tag(state: State) -> str:
    """The style of a state's tag."""
    return STATE_TAGS[state]


def meaning(edition: Edition) -> str:
    """What an edition holds and for whom it is."""
    return EDITION_MEANINGS[edition]
