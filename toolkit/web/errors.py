"""The one table from what happened to what is answered, as a page or as JSON."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from toolkit.domain import errors
from toolkit.domain.errors import InvalidInput, ToolkitError
from toolkit.files.store import FULL
from toolkit.forms.accounts import SignInForm
from toolkit.web import security_log
from toolkit.web.kept import kept_here
from toolkit.web.viewers import SecondFactorNeeded, SignInNeeded, current_viewer


@dataclass(frozen=True, slots=True)
class Answered:
    """What an error becomes: a status and the heading of its page."""

    status: int
    heading: str


# By name, most particular first: the first class in an error's line of descent that is listed decides.
TABLE = {
    "InvalidInput": Answered(422, "Some of this needs a second look"),
    "UnknownQuestion": Answered(404, "This page is not here"),
    "NotFound": Answered(404, "This page is not here"),
    "NotAllowed": Answered(403, "This is not yours to change"),
    "SignInRefused": Answered(403, "Sign-in did not work"),
    "LinkExpired": Answered(410, "This link no longer works"),
    "TooManyTries": Answered(429, "Please wait a little"),
    "AnswerConflict": Answered(409, "Somebody saved this answer before you"),
    "StateChanged": Answered(409, "Somebody was faster"),
    "Conflict": Answered(409, "This cannot be done as things stand"),
    "AssessmentClosed": Answered(423, "This assessment is closed for changes"),
    "FileTooLarge": Answered(413, "This file is too large"),
    "FileRefused": Answered(415, "This file is not taken"),
    "StorageFull": Answered(507, "There is no room for this file"),
    "FileMissing": Answered(503, "This file cannot be opened"),
    "SheetNotTheSame": Answered(503, "This sheet cannot be handed out"),
    "CannotSaveNow": Answered(503, "We cannot save just now"),
    "ProviderUnavailable": Answered(503, "The other site does not answer"),
    "IdentityRefused": Answered(403, "Sign-in did not work"),
    "SandboxFull": Answered(503, "The demo is full just now"),
    "ToolkitError": Answered(422, "That did not work"),
}
# What of these is written to the security log, and as what.
NOTED = {"NotAllowed": "refused", "NotFound": "refused", "LinkExpired": "dead_link", "TooManyTries": "too_many_tries"}
NOTED_HTTP = {400: "bad_request", 403: "refused", 405: "bad_method", 413: "too_large"}
HTTP_WORDS = {
    400: ("We could not read that request", "Go back and try again. If you had typed something, it is still there."),
    403: ("This is not yours to open", "You are signed in, but this page is for other people."),
    404: (
        "This page is not here",
        "The address may be mistyped, or the page may belong to people you do not work with here.",
    ),
    405: ("That cannot be done here", "Go back to the page you came from and use its buttons."),
    413: ("That is too much at once", "Shorten the text or choose a smaller file, then send it again."),
    414: ("This address is too long", "Check the address for mistakes."),
    415: ("This kind of file cannot be read here", "Choose a file of the kind that the page names."),
    429: ("Please wait a little", "Too many tries came from here. Wait some minutes and try again."),
    500: (
        "Something broke on our side",
        "Nothing you saved is lost. Try again; if it goes on, tell your administrator.",
    ),
    507: ("There is no room left", "The disk of this site is full. Keep what you typed and tell your administrator."),
    503: (
        "We cannot save just now",
        "Keep this page open and try again in a minute. What you typed stays in your browser.",
    ),
}


def register(app: Flask) -> None:
    """Answer every error with a page that says what to do, or with JSON to those who ask for it."""
    security_log.begin()
    app.register_error_handler(SignInNeeded, _sign_in)
    app.register_error_handler(SecondFactorNeeded, _second_factor)
    app.register_error_handler(ToolkitError, _ours)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(Exception, _broken)


def answered(error: ToolkitError) -> Answered:
    """How an error of ours is answered."""
    for kind in type(error).__mro__:
        if kind.__name__ in TABLE and issubclass(kind, ToolkitError):
            return TABLE[kind.__name__]
    return TABLE["ToolkitError"]


def wants_json() -> bool:
    """Whether the client is a program: it asked for JSON before HTML, or for an address of the API."""
    accepts = request.accept_mimetypes
    return (
        request.path.startswith("/api/")
        or request.path.endswith(".json")
        or (accepts.best_match(["text/html", "application/json"]) == "application/json")
    )


def page(
    status: int, heading: str, message: str, problems: tuple[errors.Problem, ...] = (), *, retry: bool = False
) -> ResponseReturnValue:
    """An error in the form that the client asked for. What a form held stays on the page, to copy.

    With `retry` the page also offers to send it once more: at once, or after signing in.
    """
    if wants_json():
        listed = [{"path": problem.path, "message": problem.message} for problem in problems]
        return {"error": {"status": status, "title": heading, "message": message, "problems": listed}}, status
    given = {"heading": heading, "message": message, "problems": problems}
    kept = kept_here() if status < 500 or retry else None
    if kept is not None and retry:
        if current_viewer() is None:
            return render_template("errors/error.html", **given, kept=kept, sign_in=SignInForm(formdata=None)), status
        return render_template("errors/error.html", **given, kept=kept, again=True), status
    return render_template("errors/error.html", **given, kept=kept), status


def _sign_in(error: SignInNeeded) -> ResponseReturnValue:
    security_log.note("not_signed_in")
    if wants_json() or request.method != "GET":
        return page(401, "You are signed out", str(error), retry=True)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))


def _second_factor(error: SecondFactorNeeded) -> ResponseReturnValue:
    if wants_json() or request.method != "GET":
        return page(403, "One step is missing", str(error), retry=True)
    return redirect(url_for("second_factor.overview"))


def _ours(error: ToolkitError) -> ResponseReturnValue:
    row = answered(error)
    if noted := next((NOTED[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in NOTED), None):
        security_log.note(noted)
    message = HTTP_WORDS[404][1] if row.status == 404 else str(error)  # not yours and not there look the same
    return page(
        row.status,
        row.heading,
        message,
        error.problems if isinstance(error, InvalidInput) else (),
        retry=row.status == 503,
    )


def _forged(_error: CSRFError) -> ResponseReturnValue:
    security_log.note("forged_or_old_form")
    heading = "This page had been open too long"
    message = "It was not saved. Where you had typed something, it is below; otherwise open the page again."
    return page(400, heading, message, retry=True)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or (error.code or 500) < 400:
        return error  # a redirect
    status = error.code or 500
    if status in NOTED_HTTP:
        security_log.note(NOTED_HTTP[status])
    heading, message = HTTP_WORDS.get(status, HTTP_WORDS[400])
    return page(status, heading, message)


def _disk(error: OSError) -> ResponseReturnValue:
    """A full disk, where what arrives is put aside before any view sees it; anything else is ours to mend."""
    if error.errno in FULL:
        return page(507, *HTTP_WORDS[507])
    return _broken(error)


def _broken(error: Exception) -> ResponseReturnValue:
    from flask import current_app

    if current_app.testing or current_app.debug:
        raise error
    current_app.logger.exception("A request failed.")
    return page(500, *HTTP_WORDS[500])
