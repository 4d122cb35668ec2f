"""Checking a report by its code: what was submitted, and nothing else about it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from toolkit.services.submissions import Verdict, verify_code
from toolkit.web.access import ANYONE, requires

bp = Blueprint("verification", __name__, url_prefix="/verify")


@bp.get("")
@requires(ANYONE)
def ask() -> ResponseReturnValue:
    """Type the code of a report."""
    code = request.args.get("code", "").strip()
    if code:
        return redirect(url_for("verification.check", code=code))
    return render_template("verification/ask.html")


@bp.get("/<code>")
@requires(ANYONE)
def check(code: str) -> ResponseReturnValue:
    """What is known about a code."""
    result = verify_code(code)
    page = render_template("verification/result.html", code=code, result=result)
    return page, 404 if result.verdict is Verdict.UNKNOWN else 200


@bp.get("/<code>.json")
@requires(ANYONE)
def check_json(code: str) -> ResponseReturnValue:
    """The same for programs. With `sha256`, that of the file in a report is compared too, and repeated."""
    sha256 = request.args.get("sha256")
    result = verify_code(code, sha256=sha256)
    if result.verdict is Verdict.UNKNOWN:
        return {"verdict": result.verdict.value}, 404
    submitted_at = result.submitted_at.isoformat() if result.submitted_at else None
    data = {"number": result.number, "superseded_by": result.superseded_by, "submitted_at": submitted_at}
    return data | {"verdict": result.verdict.value} | ({"sha256": sha256} if sha256 else {})
