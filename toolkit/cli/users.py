"""`decent-work users …`: accounts, from the terminal. Whoever may type here is trusted like an administrator."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from toolkit.cli.database import database
from toolkit.cli.settings import setting_options
from toolkit.config import Config, site_address
from toolkit.domain.access import SITE, Grant, Role, ScopeKind, space_scope
from toolkit.domain.errors import InvalidInput, ToolkitError
from toolkit.services import erasing, invitations, person_export, resets, roster, second_factor
from toolkit.services.accounts import email_key
from toolkit.services.spaces import every_space

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print for programs.")
SITE_SETTINGS = ("DATA", "DATABASE_URL", "PUBLIC_URL", "HOST", "PORT")


@click.group()
def users() -> None:
    """List, invite, shut and erase accounts; make one-time links."""


@users.command("list")
@setting_options("DATA", "DATABASE_URL")
@AS_JSON
def list_(config: Config, as_json: bool) -> None:
    """List everybody who has an account or an invitation."""
    with _site(config):
        people = roster.everybody(now=datetime.now(UTC))
    if as_json:
        rows = [
            {
                "name": person.name,
                "email": person.email,
                "state": person.state,
                "roles": [{"role": str(one.role), "scope": _scope(one)} for one in person.grants],
            }
            for person in people
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for person in people:
        roles = ", ".join(f"{one.role} ({_scope(one)})" for one in person.grants) or "no role"
        click.echo(f"{person.email:40} {person.state:9} {person.name}: {roles}")


@users.command()
@click.argument("email")
@click.option("--name", required=True, help="The name of the person.")
@click.option("--role", required=True, type=click.Choice([str(role) for role in Role]), help="The role to give.")
@click.option("--space", help="The space where the role holds, by name or id; the whole site if left out.")
@setting_options(*SITE_SETTINGS)
@AS_JSON
def invite(config: Config, email: str, name: str, role: str, space: str | None, as_json: bool) -> None:
    """Invite EMAIL to a role, and print the link that takes the invitation up."""
    with _site(config):
        scope = space_scope(_space(space)) if space else SITE
        made = invitations.invite_here(email=email, name=name, role=Role(role), scope=scope, now=datetime.now(UTC))
    path = "sign-in" if made.has_account else f"invitation/{made.token}"
    _say_link(config, path, as_json, works_until=made.expires_at)


@users.command("first-admin")
@setting_options(*SITE_SETTINGS)
@AS_JSON
def first_admin(config: Config, as_json: bool) -> None:
    """Print the one-time link that makes the first administrator. An earlier one ends."""
    with _site(config):
        token = invitations.first_administrator_link(datetime.now(UTC))
    if token is None:
        raise click.ClickException("There is an administrator already.")
    _say_link(config, f"welcome/{token}", as_json)


@users.command("reset-link")
@click.argument("email")
@setting_options(*SITE_SETTINGS)
@AS_JSON
def reset_link(config: Config, email: str, as_json: bool) -> None:
    """Print a one-time link with which EMAIL sets a new password within an hour."""
    with _site(config):
        token = resets.reset_link(roster.person_by_email(email_key(email)), now=datetime.now(UTC))
    _say_link(config, f"reset/{token}", as_json)


@users.command()
@click.argument("email")
@setting_options("DATA", "DATABASE_URL")
def disable(config: Config, email: str) -> None:
    """Shut the account of EMAIL and end its sessions."""
    with _site(config):
        roster.disable_here(roster.person_by_email(email_key(email)), by=None, now=datetime.now(UTC))
    click.echo(f"The account of {email} is shut.")


@users.command()
@click.argument("email")
@setting_options("DATA", "DATABASE_URL")
def enable(config: Config, email: str) -> None:
    """Open the account of EMAIL again."""
    with _site(config):
        roster.enable_here(roster.person_by_email(email_key(email)), by=None, now=datetime.now(UTC))
    click.echo(f"The account of {email} is open.")


@users.command("reset-second-step")
@click.argument("email")
@setting_options("DATA", "DATABASE_URL")
def reset_second_step(config: Config, email: str) -> None:
    """Take the second step of signing in away from EMAIL, who lost app and codes, and end the sessions."""
    with _site(config):
        second_factor.remove_here(roster.person_by_email(email_key(email)), by=None, now=datetime.now(UTC))
    click.echo(f"{email} signs in with the password alone and can set the second step up anew.")


@users.command("export")
@click.argument("email")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The ZIP file to write; one that is there is not replaced.",
)
@setting_options("DATA", "DATABASE_URL")
def export_person(config: Config, email: str, output: Path) -> None:
    """Write everything that is kept about EMAIL into one ZIP file, which only its owner can read."""
    with _site(config):
        person_id = roster.person_by_email(email_key(email))
        part = output.with_name(f"{output.name}.part")
        try:
            if output.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from None
        try:
            with os.fdopen(handle, "wb") as file:
                person_export.export_person(person_id, file, by=None, now=datetime.now(UTC))
                file.flush()
                os.fsync(file.fileno())
            part.rename(output)
        finally:
            part.unlink(missing_ok=True)  # nothing is left of half an export
    click.echo(f"{output}: everything about {email}")


@users.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@setting_options("DATA", "DATABASE_URL")
def erase(config: Config, email: str, yes: bool) -> None:
    """Erase EMAIL: name, address, account, and the words they wrote in drafts and their history.

    Submissions stay as they were submitted; they name nobody. The trail goes on to verify.
    """
    if not yes:
        click.confirm(f"Erase {email} for good?", abort=True)
    with _site(config):
        count = erasing.erase_person(roster.person_by_email(email_key(email)), now=datetime.now(UTC))
    click.echo(f"Erased, with the words of {count} saved answers.")


@contextmanager
def _site(config: Config) -> Iterator[None]:
    """The database, and every error as a sentence."""
    try:
        with database(config):
            yield
    except InvalidInput as error:
        raise click.ClickException(" ".join(problem.message for problem in error.problems)) from None
    except ToolkitError as error:
        raise click.ClickException(str(error)) from None


def _space(wanted: str) -> UUID:
    found = [one for one in every_space() if wanted in {one.name, str(one.id)}]
    if len(found) != 1:
        many = "Several spaces have" if found else "No space has"
        raise click.ClickException(f"{many} the name {wanted!r}; use the id.")
    return found[0].id


def _scope(grant: Grant) -> str:
    return "site" if grant.scope.kind is ScopeKind.SITE else f"{grant.scope.kind} {grant.scope.id}"


def _say_link(config: Config, path: str, as_json: bool, *, works_until: datetime | None = None) -> None:
    link = f"{site_address(config).rstrip('/')}/{path}"
    if as_json:
        until = works_until.isoformat(timespec="seconds") if works_until else None
        click.echo(json.dumps({"link": link, "works_until": until}))
    else:
        click.echo(link)
