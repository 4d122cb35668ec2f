"""Ask a site whether a report is what was submitted. Only a code and a digest leave the machine."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum
from typing import IO

from toolkit.domain.errors import InvalidInput, ToolkitError
from toolkit.domain.strict_json import parse_json

SECONDS = 10
MAX_BYTES = 10_000
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Answer(StrEnum):
    """What a site says about a report, and nothing else."""

    AS_SUBMITTED = "as_submitted"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reply:
    """A site's answer. `superseded_by` is the number of the later submission."""

    site: str
    answer: Answer
    superseded_by: int | None = None

    @property
    def words(self) -> str:
        """The answer as DESIGN.md words it."""
        if self.answer is Answer.SUPERSEDED:
            return f"superseded by no. {self.superseded_by}"
        return str(self.answer).replace("_", " ")


class CannotAsk(ToolkitError):
    """The site could not be asked, or gave no answer of the agreed form."""


def ask(site: str, code: str, sha256: str) -> Reply:
    """Ask `<site>/verify/<code>.json?sha256=…`. Raises CannotAsk.

    The site compares the digest with those of the files that it attaches to the reports of that submission, and repeats
    it in its answer: a site that looked at the code alone has not answered the question. Only https is used, and http
    to this machine itself; a redirect is not followed. A report without a code was never submitted: it is unknown
    without asking.
    """
    parts = urllib.parse.urlsplit(site)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
        raise CannotAsk(f"{site} is no https address, nor http on this machine.")
    if not code:
        return Reply(site, Answer.UNKNOWN)
    base = site.rstrip("/")
    address = f"{base}/verify/{urllib.parse.quote(code, safe='')}.json?sha256={sha256}"
    request = urllib.request.Request(address, headers={"Accept": "application/json"})  # noqa: S310  # checked above
    try:
        with _OPENER.open(request, timeout=SECONDS) as response:
            return _reply(site, sha256, response.read(MAX_BYTES + 1))
    except urllib.error.HTTPError as error:
        if error.code == 404:  # the same answer as for a code that was never given
            return Reply(site, Answer.UNKNOWN)
        raise CannotAsk(f"{site} answered {error.code}.") from None
    except (OSError, ValueError) as error:
        raise CannotAsk(f"{site} could not be asked: {getattr(error, 'reason', error)}.") from None


def _reply(site: str, sha256: str, body: bytes) -> Reply:
    try:
        found = parse_json(body, what="The answer", max_bytes=MAX_BYTES)
        answer = Answer(found["verdict"])
        later = found.get("superseded_by")
        if answer is Answer.SUPERSEDED and not isinstance(later, int):
            raise ValueError("no number")
        compared = answer is Answer.UNKNOWN or found.get("sha256") == sha256
    except (InvalidInput, ValueError, KeyError, TypeError, AttributeError):
        raise CannotAsk(f"{site} gave no answer of the form that was expected.") from None
    if not compared:
        raise CannotAsk(f"{site} knows the code but did not compare the content of the report.")
    return Reply(site, answer, later if answer is Answer.SUPERSEDED else None)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message[str, str], newurl: str
    ) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)
