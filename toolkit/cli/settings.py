"""The settings as command-line options, generated from toolkit.config.SETTINGS."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from toolkit.config import SETTINGS, Config, Setting, read_config

# A key on a command line can be read by everybody on the machine, and stays in the shell's history.
ENVIRONMENT_ONLY = frozenset({"SECRET_KEY", "FILES_SECRET"})


def setting_options(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command an option for each of these settings (all when none is named), and `config` as its argument.

    A setting that is wrong ends the command with a sentence that names it.
    """
    wanted = [s for s in SETTINGS if s.name not in ENVIRONMENT_ONLY and (not names or s.name in names)]

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def run(**given: Any) -> Any:
            own = {setting.name.lower(): given.pop(setting.name.lower()) for setting in wanted}
            try:
                config: Config = read_config(**own)
            except ValueError as error:
                raise click.UsageError(str(error)) from None
            return command(config=config, **given)

        decorated: Callable[..., Any] = run
        for setting in reversed(wanted):
            decorated = _option(setting)(decorated)
        return decorated

    return decorate


def _option(setting: Setting) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    flag = "--" + setting.name.lower().replace("_", "-")
    default = f"  [default: {setting.default}]" if setting.default not in ("", False) else ""
    if setting.kind is bool:
        flag = f"{flag}/--no-{flag[2:]}"
    kind = None if setting.kind is bool else setting.kind
    return click.option(flag, setting.name.lower(), type=kind, default=None, help=setting.help + default)
