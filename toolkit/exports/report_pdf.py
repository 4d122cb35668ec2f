"""What a report carries for programs, read back out of the PDF."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from toolkit.domain.errors import ToolkitError
from toolkit.domain.printed_figures import ASSESSMENT_ATTACHMENT, FIGURES_ATTACHMENT
from toolkit.domain.strict_json import MAX_BYTES


class NotAReport(ToolkitError):
    """The file is not a PDF report of this toolkit."""


@dataclass(frozen=True, slots=True)
class ReportParts:
    """The two attachments of a report, as they are."""

    assessment: bytes
    figures: bytes


def read_report(path: Path) -> ReportParts:
    """The attachments of a PDF report. Raises NotAReport when the file is no PDF or lacks one of them.

    An attachment that unpacks to more than the limit of an assessment file is refused, without being unpacked further.
    """
    try:
        with pikepdf.open(path) as pdf:
            return ReportParts(_attachment(pdf, ASSESSMENT_ATTACHMENT), _attachment(pdf, FIGURES_ATTACHMENT))
    except pikepdf.PasswordError:
        raise NotAReport(f"{path.name} is locked with a password.") from None
    except pikepdf.PdfError:
        raise NotAReport(f"{path.name} is not a PDF that can be read.") from None


def _attachment(pdf: pikepdf.Pdf, name: str) -> bytes:
    if name not in pdf.attachments:
        raise NotAReport(f"This PDF has no attachment {name}: it is not a report of this toolkit.")
    stream = pdf.attachments[name].get_file().obj
    raw = stream.read_raw_bytes()
    packed = stream.get("/Filter")
    if packed is None:
        data = raw
    elif packed == pikepdf.Name.FlateDecode or list(packed) == [pikepdf.Name.FlateDecode]:
        data = _unpack(raw, name)
    else:
        raise NotAReport(f"The attachment {name} is packed in a way that a report does not use.")
    if len(data) > MAX_BYTES:
        raise NotAReport(f"The attachment {name} is larger than {MAX_BYTES // (1024 * 1024)} MB.")
    return data


def _unpack(raw: bytes, name: str) -> bytes:
    try:
        return zlib.decompressobj().decompress(raw, MAX_BYTES + 1)
    except zlib.error:
        raise NotAReport(f"The attachment {name} is damaged.") from None
