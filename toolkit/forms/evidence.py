"""The form for adding a file to an answer."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired

from toolkit.domain.checking import LIMITS
from toolkit.forms.base import PlainForm, line


class EvidenceForm(PlainForm):
    """A title, which may stay empty, and a file. The title comes first: it is read even where the file is too large."""

    title = line("Title", max_chars=LIMITS.evidence_title)
    file = FileField("File", [FileRequired("Choose a file.")])
