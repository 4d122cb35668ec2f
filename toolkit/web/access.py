"""Who may use which route: every view says so with `@requires`, and the site does not start when one is silent."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask

from toolkit.domain.access import Permission, Role
from toolkit.domain.errors import NotFound
from toolkit.services.second_factor import needs_one, roles_that_need_one
from toolkit.storage.db import current_config
from toolkit.web.clock import utc_now
from toolkit.web.opened import check_permission
from toolkit.web.viewers import SecondFactorNeeded, signed_in_viewer

ANYONE = "anyone"
SIGNED_IN = "signed_in"
OPEN_TO_ALL = frozenset({"static"})

View = TypeVar("View", bound=Callable[..., Any])


def requires(
    *any_of: str, by_service: bool = False, first_step_only: bool = False, by_link: bool = False
) -> Callable[[View], View]:
    """Say who may use a view: ANYONE, SIGNED_IN, or one of some Permissions, which is checked before the view runs.

    `by_service` leaves a permission to the one service call of the view, where checking twice would cost a query on
    the path that must be fast. `first_step_only` opens a view to those who must have a second step of signing in and
    do not have one yet: the pages where it is set up. `by_link` opens it to those who came by a personal link, for whom
    every other view but those for ANYONE is not there.
    """
    needed = [one for one in any_of if isinstance(one, Permission)]

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*given: Any, **named: Any) -> Any:
            if any_of != (ANYONE,):
                viewer = signed_in_viewer()
                if viewer.link is not None and not by_link:
                    raise NotFound
                if not first_step_only and needs_one(viewer, current_config(), now=utc_now()):
                    raise SecondFactorNeeded
            if needed and not by_service:
                check_permission(*needed)
            return view(*given, **named)

        guarded.permission = " or ".join(any_of)  # type: ignore[attr-defined]  # read by `guard` and by the matrix test
        return cast(View, guarded)

    return declare


def guard(app: Flask) -> None:
    """Refuse to start with a route that does not say who may use it, or a setting that names no role.

    Raises RuntimeError naming the route, ValueError naming the role.
    """
    if unknown := roles_that_need_one(app.config["TOOLKIT"]) - set(Role):
        raise ValueError(f"SECOND_FACTOR_FOR names {', '.join(sorted(unknown))}; roles are {', '.join(Role)}.")
    silent = [
        name for name, view in app.view_functions.items() if name not in OPEN_TO_ALL and not hasattr(view, "permission")
    ]
    if silent:
        raise RuntimeError(f"These routes do not say who may use them: {', '.join(sorted(silent))}.")
