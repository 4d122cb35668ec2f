"""The command line's front door: `decent-work COMMAND`. Each command's module is loaded when it is called."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "serve": "toolkit.cli.serve:serve",
    "jobs": "toolkit.cli.jobs:jobs",
    "demo": "toolkit.cli.demo:demo",
    "checklists": "toolkit.cli.checklists:checklists",
    "score": "toolkit.cli.score:score",
    "report": "toolkit.cli.report:report",
    "form": "toolkit.cli.report:form",
    "export": "toolkit.cli.export:export",
    "verify": "toolkit.cli.verify:verify",
    "migrate": "toolkit.cli.migrate:migrate",
    "backup": "toolkit.cli.backup:backup",
    "restore": "toolkit.cli.backup:restore",
    "audit": "toolkit.cli.audit:audit",
    "sweep": "toolkit.cli.sweep:sweep",
    "users": "toolkit.cli.users:users",
}


class LazyGroup(click.Group):
    """A group that imports a command only when it is needed: scoring a file loads no web server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="decent-work-toolkit")
def main() -> None:
    """Self-assessment on employment and decent work: checklists, scores and PDF reports."""


if __name__ == "__main__":
    main()
