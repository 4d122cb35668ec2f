"""The documentation names every command and setting, and no command or setting that is not there."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from toolkit.__main__ import main
from toolkit.config import SETTINGS

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def commands(group: click.Group, prefix: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


COMMANDS = dict(commands(main, "decent-work"))


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_is_documented_and_explains_itself(path):
    assert re.search(rf"\b{re.escape(path)}\b", TEXT), f"‘{path}’ is in no page of the documentation"
    assert COMMANDS[path].help, f"‘{path} --help’ says nothing"
    for parameter in COMMANDS[path].params:
        if isinstance(parameter, click.Option) and parameter.name != "help":
            assert parameter.help, f"‘{path}’ does not explain {parameter.opts[0]}"


def test_every_documented_command_exists():
    mentioned = set(re.findall(r"^(?: {4}|\$ )(?:\.venv/bin/)?(decent-work(?: [a-z-]+)*)", TEXT, re.MULTILINE))
    groups = {path.rsplit(" ", 1)[0] for path in COMMANDS}
    for path in mentioned:
        # The words after a command are its arguments, so some beginning of the line must be a command.
        words = path.split()
        beginnings = {" ".join(words[:count]) for count in range(2, len(words) + 1)}
        assert not beginnings or beginnings & (COMMANDS.keys() | groups - {"decent-work"}), f"‘{path}’ does not exist"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_in_the_table_with_its_default(setting):
    row = re.search(rf"^\| `DECENT_WORK_{setting.name}` \|(.*)\|(.*)\|$", OPERATING, re.MULTILINE)
    assert row, f"{setting.name} is not in docs/operating.md"
    default = int(setting.default) if isinstance(setting.default, bool) else setting.default
    assert row[1].strip().strip("`") == str(default), f"the default of {setting.name} is {default!r}"
    assert row[2].strip() == setting.help


def test_every_documented_setting_exists():
    names = {setting.name for setting in SETTINGS}
    assert set(re.findall(r"DECENT_WORK_([A-Z_]+)", TEXT)) <= names | {"VENV"}


def test_links_between_pages_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"
