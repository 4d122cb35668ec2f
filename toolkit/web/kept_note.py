"""What somebody typed into one of several small forms of a page, kept when it needs a second look."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from toolkit.forms.base import PlainForm


@dataclass(frozen=True, slots=True)
class KeptNote:
    """Which form it was, in whose row, what was typed, and what is the matter with it."""

    about: UUID
    field: str
    typed: str
    message: str

    @property
    def anchor(self) -> str:
        """The id of the field on the page."""
        return f"{self.field}-{self.about}"


def kept_note(about: UUID, field: str, form: PlainForm) -> KeptNote:
    """What a form held and what was wrong with it."""
    raw = form[field].raw_data
    message = " ".join(message for _, message in form.problems()) or "Please send this again."
    return KeptNote(about, field, str(raw[0]) if raw else "", message)
