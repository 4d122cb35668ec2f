"""Inviting many at once: a list is read line by line, shown with what each line would do, and only then taken.

A line is name, e-mail address, role and themes, separated by semicolons, commas or tabs; a first line with these words
may put the columns in another order. Themes stand in one cell with | between them and become a hand-over.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from toolkit.domain.access import (
    GRANTABLE_IN_SPACE,
    ROLE_SCOPES,
    Permission,
    Role,
    Scope,
    assessment_scope,
    space_scope,
)
from toolkit.domain.assessment import State
from toolkit.domain.checklist import ThemeId
from toolkit.domain.errors import CannotSaveNow, InvalidInput, NotAllowed, NotFound, Problem
from toolkit.domain.handovers import MAX_PEOPLE, HandedPart, PartKind
from toolkit.services import jobs
from toolkit.services.accounts import clean_email, clean_name, email_key, give_role
from toolkit.services.handing_over import hand_over_in
from toolkit.services.invitation_mail import LETTER, ROLE_WORDS
from toolkit.services.invitations import bring_in
from toolkit.services.opening import OpenAssessment, load
from toolkit.services.spaces import space as find_space
from toolkit.services.viewers import Viewer
from toolkit.storage.db import db, reading, transaction
from toolkit.storage.people import AccessGrantRecord, PersonRecord

MAX_LINES = 200
MAX_BYTES = 200_000
THEME_MARK = "|"
_COLUMNS = ("name", "email", "role", "themes")
_HEADINGS = {
    "name": "name",
    "e-mail": "email",
    "email": "email",
    "mail": "email",
    "e-mail address": "email",
    "email address": "email",
    "role": "role",
    "theme": "themes",
    "themes": "themes",
}
_ROLES = {words: role for role, words in ROLE_WORDS.items()} | {str(role): role for role in Role}


@dataclass(frozen=True, slots=True)
class InviteTo:
    """Where a list invites to: a space, or one assessment of it; `default` is the role where a line names none."""

    space_id: UUID
    assessment_id: UUID | None
    default: Role


class Outcome(StrEnum):
    """What a line would do."""

    NEW = "new"
    KNOWN = "known"
    NOTHING = "nothing"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class InviteLine:
    """One line of a list, and what it would do or what is wrong with it. `number` counts from 1 as in the list."""

    number: int
    name: str
    email: str
    role: Role | None
    themes: tuple[ThemeId, ...]
    theme_titles: tuple[str, ...]
    outcome: Outcome
    message: str

    @property
    def does_something(self) -> bool:
        """Whether anything would be kept of it."""
        return self.outcome in {Outcome.NEW, Outcome.KNOWN}


@dataclass(frozen=True, slots=True)
class InvitePreview:
    """What a list would do, line by line."""

    lines: tuple[InviteLine, ...]

    @property
    def good(self) -> tuple[InviteLine, ...]:
        """The lines that would do something."""
        return tuple(line for line in self.lines if line.does_something)

    @property
    def wrong(self) -> tuple[InviteLine, ...]:
        """The lines that would be left out because something is wrong with them."""
        return tuple(line for line in self.lines if line.outcome is Outcome.WRONG)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where people are invited: a space, or one assessment of it."""

    space_id: UUID
    opened: OpenAssessment | None

    @property
    def scope(self) -> Scope:
        return space_scope(self.space_id) if self.opened is None else assessment_scope(self.opened.id)


def decode(raw: bytes) -> str:
    """The text of a file: UTF-8, with or without its mark. Raises InvalidInput."""
    if len(raw) > MAX_BYTES:
        raise _refused(f"The list is longer than {MAX_BYTES // 1000} kB. Send it in parts.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("Save the file as “CSV UTF-8” and choose it again: its letters cannot be read.") from None


def preview(text: str, to: InviteTo, *, viewer: Viewer, now: datetime) -> InvitePreview:
    """What a list would do; keeps nothing.

    Raises NotFound, NotAllowed, and InvalidInput where it cannot be read at all.
    """
    with reading():
        return _preview(text, _place(to, viewer, now), to.default, now)


def invite_all(text: str, to: InviteTo, *, viewer: Viewer, now: datetime) -> InvitePreview:
    """Invite those of a list whose lines are good; the others are left out. All of it or nothing.

    Raises NotFound, NotAllowed, InvalidInput, CannotSaveNow.
    """
    try:
        with transaction():
            place = _place(to, viewer, now)
            found = _preview(text, place, to.default, now)
            groups: dict[tuple[ThemeId, ...], list[UUID]] = {}
            for line in found.good:
                person_id = bring_in(line.name, line.email, space=to.space_id, viewer=viewer, now=now).person_id
                if line.themes:
                    groups.setdefault(line.themes, []).append(person_id)
                elif line.role is not None:
                    give_role(person_id, line.role, place.scope, by=viewer.person_id, now=now)
                    payload = {"person": str(person_id), "role": line.role, "kind": place.scope.kind}
                    payload |= {"id": place.scope.id}
                    jobs.add(LETTER, payload, assessment_id=to.assessment_id, by=viewer.person_id, now=now)
            for themes, people in groups.items():
                _hand_over(to.assessment_id, themes, people, viewer, now)
    except IntegrityError:  # somebody else invited one of them at this moment
        raise CannotSaveNow from None
    return found


def _hand_over(
    assessment_id: UUID | None, themes: Sequence[ThemeId], people: Sequence[UUID], viewer: Viewer, now: datetime
) -> None:
    if assessment_id is None:
        return
    parts = [HandedPart(PartKind.THEME, theme) for theme in themes]
    for start in range(0, len(people), MAX_PEOPLE):
        to = people[start : start + MAX_PEOPLE]
        hand_over_in(assessment_id, to=to, parts=parts, viewer=viewer, now=now, newcomers=to)


def _place(to: InviteTo, viewer: Viewer, now: datetime) -> _Place:
    found = find_space(to.space_id, viewer=viewer, now=now)
    if Permission.MANAGE_PEOPLE not in found.permissions:
        raise NotAllowed("You may not invite people here.")
    if viewer.is_sandbox:
        raise NotAllowed("In the demo nobody else can be invited.")
    if to.assessment_id is None:
        return _Place(to.space_id, None)
    opened = load(to.assessment_id, viewer=viewer, now=now)
    if opened.space.id != to.space_id:
        raise NotFound
    return _Place(to.space_id, opened)


def _preview(text: str, place: _Place, default: Role, now: datetime) -> InvitePreview:
    rows = _rows(text)
    lines = [_read(number, cells, place, default) for number, cells in rows]
    known = _known([email_key(line.email) for line in lines if line.outcome is not Outcome.WRONG], place, now)
    seen: dict[tuple[str, Role | None, tuple[ThemeId, ...]], int] = {}
    return InvitePreview(tuple(_told(line, known, seen) for line in lines))


def _rows(text: str) -> list[tuple[int, Mapping[str, str]]]:
    """The lines that say something, with their numbers, by column. Raises InvalidInput."""
    if "\x00" in text:
        raise _refused("This is no list of people: it has characters that cannot be read.")
    lines = text.removeprefix("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    mark = max(";\t,", key=first.count)
    try:
        table = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=mark, strict=True)]
    except csv.Error:
        raise _refused("A quotation mark is opened and not closed. Look at the quotation marks.") from None
    rows = [(number, row) for number, row in enumerate(table, 1) if any(row)]
    columns: Sequence[str] = _COLUMNS
    if rows and not any("@" in cell for cell in rows[0][1]):
        named = [_HEADINGS.get(cell.casefold(), "") for cell in rows[0][1]]
        if "email" in named:
            columns, rows = named, rows[1:]
    if not rows:
        raise _refused("There is nobody in this list.")
    if len(rows) > MAX_LINES:
        raise _refused(f"The list has {len(rows):,} lines; at most {MAX_LINES} are taken at a time. Send it in parts.")
    return [(number, {name: cell for name, cell in zip(columns, row, strict=False) if name}) for number, row in rows]


def _read(number: int, cells: Mapping[str, str], place: _Place, default: Role) -> InviteLine:
    """One line as far as it can be understood by itself."""
    name, email = cells.get("name", ""), cells.get("email", "")
    line = InviteLine(number, name[:200], email[:320], None, (), (), Outcome.NEW, "")
    try:
        line = replace(line, name=clean_name(name), email=clean_email(email))
        role = _role(cells.get("role", ""), default)
        line = replace(line, role=role)
        if place.scope.kind not in ROLE_SCOPES[role]:
            raise _refused("This role cannot be given for one assessment.")
        themes = _themes(cells.get("themes", ""), role, place)
    except InvalidInput as error:
        return replace(line, outcome=Outcome.WRONG, message=" ".join(one.message for one in error.problems))
    return replace(line, themes=tuple(themes), theme_titles=tuple(themes.values()))


def _role(said: str, default: Role) -> Role:
    if not said:
        return default
    role = _ROLES.get(" ".join(said.casefold().replace("_", " ").split())) or _ROLES.get(said.casefold())
    if role is None or role not in GRANTABLE_IN_SPACE or role is Role.SPOKESPERSON:
        raise _refused(f"There is no role “{said[:60]}” to give here.")
    return role


def _themes(said: str, role: Role, place: _Place) -> dict[ThemeId, str]:
    """The themes that a cell names, by id or title."""
    names = [one.strip() for one in said.split(THEME_MARK) if one.strip()]
    if not names:
        return {}
    if place.opened is None:
        raise _refused("Choose the assessment whose themes these are.")
    if role is not Role.CONTRIBUTOR:
        raise _refused("Themes are for contributors; leave them out for another role.")
    if place.opened.assessment.state is not State.DRAFT or place.opened.discarded_at is not None:
        raise _refused("The assessment is closed, so no themes can be handed over.")
    by_name = {}
    for _, theme in place.opened.checklist.themes():
        by_name[theme.id.casefold()] = by_name[theme.title.casefold()] = theme
    found = {}
    for name in names:
        if name.casefold() not in by_name:
            raise _refused(f"The checklist has no theme “{name[:80]}”.")
        wanted = by_name[name.casefold()]
        found[wanted.id] = wanted.title
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """Somebody whom the site knows, with the roles held at the place."""

    name: str
    is_shut: bool
    roles: frozenset[str]


def _known(keys: Sequence[str], place: _Place, now: datetime) -> dict[str, _Known]:
    grant = AccessGrantRecord
    here = sa.and_(
        grant.person_id == PersonRecord.id,
        grant.scope_kind == place.scope.kind,
        grant.scope_id == place.scope.id,
        grant.voice == "",
        sa.or_(grant.ends_at.is_(None), grant.ends_at > now),
    )
    rows = db.session.execute(
        sa.select(PersonRecord.email_key, PersonRecord.name, PersonRecord.disabled_at, grant.role)
        .outerjoin(grant, here)
        .where(PersonRecord.email_key.in_(sorted(set(keys))))
        .order_by(PersonRecord.email_key, grant.role)
    ).all()
    found: dict[str, _Known] = {}
    for row in rows:
        before = found.get(row.email_key)
        roles = (before.roles if before else frozenset()) | ({row.role} if row.role else set())
        found[row.email_key] = _Known(row.name, row.disabled_at is not None, roles)
    return found


def _told(
    line: InviteLine,
    known: Mapping[str, _Known],
    seen: dict[tuple[str, Role | None, tuple[ThemeId, ...]], int],
) -> InviteLine:
    """The line with what it would do, in words."""
    if line.outcome is Outcome.WRONG or line.role is None:
        return line
    key = (email_key(line.email), line.role, line.themes)
    if key in seen:
        return replace(line, outcome=Outcome.NOTHING, message=f"The same as line {seen[key]}; it is taken once.")
    seen[key] = line.number
    person = known.get(key[0])
    gets = f"gets {len(line.themes)} {'theme' if len(line.themes) == 1 else 'themes'}" if line.themes else ""
    role = ROLE_WORDS[line.role]
    if person is None:
        return replace(line, message=f"Is invited and {gets}." if gets else f"Is invited as {role}.")
    if person.is_shut:
        return replace(line, outcome=Outcome.WRONG, message="This account is shut. An administrator can open it again.")
    called = "" if person.name == line.name else f" as “{person.name}”"
    if not gets and line.role in person.roles:
        return replace(line, outcome=Outcome.NOTHING, message=f"Is {role} here already{called}.")
    message = f"Is known here{called} and {gets or f'becomes {role}'}."
    return replace(line, outcome=Outcome.KNOWN, message=message)


def _refused(message: str) -> InvalidInput:
    return InvalidInput("The list", (Problem("list", message),))
