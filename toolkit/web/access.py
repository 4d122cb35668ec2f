"""Who may use which route: every view says so with `@requires`, and the site does not start when one is silent."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask

from toolkit.domain.access import Permission
from toolkit.web.opened import check_permission
from toolkit.web.viewers import signed_in_viewer

ANYONE = "anyone"
SIGNED_IN = "signed_in"
OPEN_TO_ALL = frozenset({"static"})

View = TypeVar("View", bound=Callable[..., Any])


def requires(*any_of: str, by_service: bool = False) -> Callable[[View], View]:
    """Say who may use a view: ANYONE, SIGNED_IN, or one of some Permissions, which is checked before the view runs.

    `by_service` leaves a permission to the one service call of the view, where checking twice would cost a query on
    the path that must be fast.
    """
    needed = [one for one in any_of if isinstance(one, Permission)]

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*given: Any, **named: Any) -> Any:
            if any_of != (ANYONE,):
                signed_in_viewer()
            if needed and not by_service:
                check_permission(*needed)
            return view(*given, **named)

        guarded.permission = " or ".join(any_of)  # type: ignore[attr-defined]  # read by `guard` and by the matrix test
        return cast(View, guarded)

    return declare


def guard(app: Flask) -> None:
    """Refuse to start with a route that does not say who may use it. Raises RuntimeError naming it."""
    silent = [
        name for name, view in app.view_functions.items() if name not in OPEN_TO_ALL and not hasattr(view, "permission")
    ]
    if silent:
        raise RuntimeError(f"These routes do not say who may use them: {', '.join(sorted(silent))}.")
