"""Who may do what: roles and their permissions as data, and grants that tie a role to a place and a time.

There is no role on a person. Whatever a person may do follows from their grants, and private is the default.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from toolkit.domain.checklist import QuestionId, ThemeId


class Role(StrEnum):
    """What a person is, somewhere and for some time."""

    ADMINISTRATOR = "administrator"
    EDITOR = "editor"
    COORDINATOR = "coordinator"
    FOCAL_POINT = "focal_point"
    COUNTRY_LEAD = "country_lead"
    CONTRIBUTOR = "contributor"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    READER = "reader"
    DEPUTY = "deputy"
    OBSERVER = "observer"
    SPOKESPERSON = "spokesperson"


class ScopeKind(StrEnum):
    """How far a grant reaches."""

    SITE = "site"
    SPACE = "space"
    ROUND = "round"
    ASSESSMENT = "assessment"
    THEME = "theme"
    QUESTION = "question"
    VOICE = "voice"


class SpaceKind(StrEnum):
    """Whose area a space is."""

    ORGANIZATION = "organization"
    COUNTRY = "country"


class Permission(StrEnum):
    """One thing that can be done. `see_assessment` covers drafts; `see_submitted` only what was submitted."""

    SEE_SPACE = "see_space"
    SEE_ASSESSMENT = "see_assessment"
    SEE_SUBMITTED = "see_submitted"
    ANSWER = "answer"
    SEE_VOICES = "see_voices"  # the answers of every voice, one beside the other
    ENTER_FOR_VOICES = "enter_for_voices"  # answer in the name of a voice that is not one's own
    MANAGE_VOICES = "manage_voices"  # add voices, invite their spokespersons, leave one out of the report
    SPEAK = "speak"  # release what a voice says, and write its own paragraph
    SCOPE_MANDATE = "scope_mandate"
    HAND_OVER = "hand_over"  # give themes and questions to people who take part
    SEND_TO_REVIEW = "send_to_review"
    REVIEW = "review"
    APPROVE = "approve"
    SUBMIT = "submit"
    REOPEN = "reopen"
    DISCARD = "discard"
    DOWNLOAD = "download"  # every edition
    DOWNLOAD_SHARED = "download_shared"  # the shared and the public edition
    START_ASSESSMENT = "start_assessment"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SPACES = "manage_spaces"
    ADMINISTER = "administer"
    EDIT_DEFINITIONS = "edit_definitions"


P = Permission

_LEAD = frozenset(
    {
        P.SEE_SPACE,
        P.SEE_ASSESSMENT,
        P.SEE_SUBMITTED,
        P.ANSWER,
        P.SEE_VOICES,
        P.ENTER_FOR_VOICES,
        P.MANAGE_VOICES,
        P.SCOPE_MANDATE,
        P.HAND_OVER,
        P.SEND_TO_REVIEW,
        P.SUBMIT,
        P.REOPEN,
        P.DISCARD,
        P.DOWNLOAD,
        P.DOWNLOAD_SHARED,
        P.START_ASSESSMENT,
        P.MANAGE_PEOPLE,
    }
)

_REVIEW = frozenset(
    {P.SEE_SPACE, P.SEE_ASSESSMENT, P.SEE_SUBMITTED, P.SEE_VOICES, P.REVIEW, P.DOWNLOAD, P.DOWNLOAD_SHARED}
)

# An administrator looks after accounts and spaces and sees no one's answers; a coordinator gets what was submitted
# to a round of theirs, under its terms, and nothing by being one.
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset({P.ADMINISTER, P.MANAGE_PEOPLE, P.MANAGE_SPACES, P.SEE_SPACE}),
    Role.EDITOR: frozenset({P.EDIT_DEFINITIONS}),
    Role.COORDINATOR: frozenset({P.SEE_SUBMITTED, P.DOWNLOAD_SHARED}),
    Role.FOCAL_POINT: _LEAD,
    Role.COUNTRY_LEAD: _LEAD,
    Role.DEPUTY: _LEAD - {P.MANAGE_PEOPLE},
    Role.CONTRIBUTOR: frozenset({P.SEE_SPACE, P.SEE_ASSESSMENT, P.SEE_SUBMITTED, P.ANSWER}),
    Role.REVIEWER: _REVIEW,
    Role.APPROVER: _REVIEW | {P.APPROVE},
    Role.READER: frozenset({P.SEE_SPACE, P.SEE_SUBMITTED, P.DOWNLOAD_SHARED}),
    Role.OBSERVER: frozenset({P.SEE_SPACE, P.SEE_ASSESSMENT, P.SEE_SUBMITTED, P.DOWNLOAD_SHARED}),
    Role.SPOKESPERSON: frozenset({P.SEE_SPACE, P.SEE_ASSESSMENT, P.SEE_SUBMITTED, P.ANSWER, P.SPEAK}),
}

# Where each role can be held. At any other scope a grant is refused.
ROLE_SCOPES: dict[Role, frozenset[ScopeKind]] = {
    Role.ADMINISTRATOR: frozenset({ScopeKind.SITE}),
    Role.EDITOR: frozenset({ScopeKind.SITE}),
    Role.COORDINATOR: frozenset({ScopeKind.SITE, ScopeKind.ROUND}),
    Role.FOCAL_POINT: frozenset({ScopeKind.SPACE, ScopeKind.ASSESSMENT}),
    Role.COUNTRY_LEAD: frozenset({ScopeKind.SPACE, ScopeKind.ASSESSMENT}),
    Role.DEPUTY: frozenset({ScopeKind.SPACE, ScopeKind.ASSESSMENT}),
    Role.CONTRIBUTOR: frozenset(
        {ScopeKind.SPACE, ScopeKind.ASSESSMENT, ScopeKind.VOICE, ScopeKind.THEME, ScopeKind.QUESTION}
    ),
    Role.REVIEWER: frozenset({ScopeKind.SPACE, ScopeKind.ASSESSMENT}),
    Role.APPROVER: frozenset({ScopeKind.SPACE, ScopeKind.ASSESSMENT}),
    Role.READER: frozenset({ScopeKind.SPACE, ScopeKind.ASSESSMENT}),
    Role.OBSERVER: frozenset({ScopeKind.SPACE, ScopeKind.ASSESSMENT}),
    Role.SPOKESPERSON: frozenset({ScopeKind.VOICE}),
}

# Which roles somebody who manages people may hand on: at the site everything; in a space what belongs to it.
GRANTABLE_IN_SPACE = frozenset(
    {
        Role.FOCAL_POINT,
        Role.COUNTRY_LEAD,
        Role.DEPUTY,
        Role.CONTRIBUTOR,
        Role.REVIEWER,
        Role.APPROVER,
        Role.READER,
        Role.OBSERVER,
        Role.SPOKESPERSON,
    }
)


@dataclass(frozen=True, slots=True)
class Scope:
    """A place where a role holds. `id` is empty for the site, else the id of what it names.

    A theme, question or voice belongs to one assessment: its id reads `<assessment>/<theme>` and so on. `voice` is the
    id of the voice whose answers it is about, empty for the consolidated one.
    """

    kind: ScopeKind
    id: str = ""
    voice: str = ""

    @property
    def assessment(self) -> str:
        """The assessment that a scope within one belongs to; empty for wider scopes."""
        if self.kind is ScopeKind.ASSESSMENT:
            return self.id
        within = {ScopeKind.THEME, ScopeKind.QUESTION, ScopeKind.VOICE}
        return self.id.partition("/")[0] if self.kind in within else ""

    @property
    def part(self) -> str:
        """The theme, question or voice within the assessment; empty for wider scopes."""
        return self.id.partition("/")[2]


SITE = Scope(ScopeKind.SITE)


def space_scope(space: UUID) -> Scope:
    """Everything in a space."""
    return Scope(ScopeKind.SPACE, str(space))


def assessment_scope(assessment: UUID) -> Scope:
    """One assessment."""
    return Scope(ScopeKind.ASSESSMENT, str(assessment))


def voice_scope(assessment: UUID, voice: UUID) -> Scope:
    """Every answer of one voice."""
    return Scope(ScopeKind.VOICE, f"{assessment}/{voice}", str(voice))


def theme_scope(assessment: UUID, theme: ThemeId, voice: UUID | None = None) -> Scope:
    """One theme of one assessment, in the consolidated voice or in another."""
    return Scope(ScopeKind.THEME, f"{assessment}/{theme}", str(voice or ""))


def question_scope(assessment: UUID, question: QuestionId, voice: UUID | None = None) -> Scope:
    """One question of one assessment, in the consolidated voice or in another."""
    return Scope(ScopeKind.QUESTION, f"{assessment}/{question}", str(voice or ""))


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at a scope, from `begins_at` until just before `ends_at` (None: no end)."""

    role: Role
    scope: Scope
    begins_at: datetime
    ends_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether the grant is in force."""
        return self.begins_at <= now and (self.ends_at is None or now < self.ends_at)


# How much of a role's permissions a grant of each scope carries; a scope not named carries all of them.
_SITE_REACH = frozenset({P.ADMINISTER, P.MANAGE_PEOPLE, P.MANAGE_SPACES, P.SEE_SPACE, P.EDIT_DEFINITIONS})
_PART_REACH = frozenset({P.SEE_SPACE, P.SEE_ASSESSMENT, P.ANSWER})
SCOPE_REACH: dict[ScopeKind, frozenset[Permission]] = {
    ScopeKind.SITE: _SITE_REACH,
    ScopeKind.ASSESSMENT: frozenset(P) - {P.START_ASSESSMENT, P.MANAGE_PEOPLE},
    ScopeKind.THEME: _PART_REACH,
    ScopeKind.QUESTION: _PART_REACH,
    ScopeKind.VOICE: _PART_REACH | {P.SPEAK},
}


def grant_permissions(grant: Grant) -> frozenset[Permission]:
    """What one grant allows at the place where it holds."""
    return ROLE_PERMISSIONS[grant.role] & SCOPE_REACH.get(grant.scope.kind, frozenset(P))


def covers(scope: Scope, *, space: UUID | None, assessment: UUID | None) -> bool:
    """Whether a grant at `scope` matters at a place: an assessment in its space, a space, or (neither) the site."""
    if scope.kind is ScopeKind.SITE:
        return True
    if scope.kind is ScopeKind.SPACE:
        return space is not None and scope.id == str(space)
    return assessment is not None and scope.assessment == str(assessment)


def permissions(
    grants: Iterable[Grant], *, space: UUID | None = None, assessment: UUID | None = None, now: datetime
) -> frozenset[Permission]:
    """What the grants allow at a place: an assessment in its space, a space, or (with neither) the site.

    A grant for a theme or a question allows things somewhere inside its assessment; `reach` says where.
    """
    found: set[Permission] = set()
    for grant in grants:
        if grant.holds(now) and covers(grant.scope, space=space, assessment=assessment):
            found |= grant_permissions(grant)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where inside an assessment something is allowed: everywhere, or in some themes and questions."""

    everywhere: bool
    themes: frozenset[ThemeId] = frozenset()
    questions: frozenset[QuestionId] = frozenset()

    def includes(self, theme: ThemeId, question: QuestionId) -> bool:
        """Whether a question, which stands in that theme, is within reach."""
        return self.everywhere or theme in self.themes or question in self.questions

    def __bool__(self) -> bool:
        """Whether there is anything within reach."""
        return self.everywhere or bool(self.themes or self.questions)

    def __or__(self, other: Reach) -> Reach:
        """What is within reach of one or the other."""
        return Reach(self.everywhere or other.everywhere, self.themes | other.themes, self.questions | other.questions)


EVERYWHERE = Reach(everywhere=True)
NOWHERE = Reach(everywhere=False)


def reach(
    grants: Iterable[Grant],
    permission: Permission,
    *,
    space: UUID,
    assessment: UUID,
    voice: UUID | None = None,
    now: datetime,
) -> Reach:
    """Where inside an assessment the grants allow `permission`, in the consolidated voice or in another.

    A grant is for one voice: whoever answers for a unit reaches nothing of the consolidated voice by that, and whoever
    answers the consolidated voice nothing of a unit's.
    """
    themes: set[ThemeId] = set()
    questions: set[QuestionId] = set()
    for grant in grants:
        inside = grant.holds(now) and covers(grant.scope, space=space, assessment=assessment)
        if not inside or grant.scope.voice != str(voice or "") or permission not in grant_permissions(grant):
            continue
        if grant.scope.kind is ScopeKind.THEME:
            themes.add(grant.scope.part)
        elif grant.scope.kind is ScopeKind.QUESTION:
            questions.add(grant.scope.part)
        else:
            return EVERYWHERE
    return Reach(everywhere=False, themes=frozenset(themes), questions=frozenset(questions))
