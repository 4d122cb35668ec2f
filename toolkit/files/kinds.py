"""Which files are taken as evidence, told by what they hold and never by their name alone."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import BinaryIO

from toolkit.domain.errors import FileRefused
from toolkit.files.packed import kind_of_package

MAX_NAME_CHARS = 120
CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: what people call it, its media type, and the endings of its name, the usual one first."""

    label: str
    media_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
PDF = FileKind("PDF", "application/pdf", ("pdf",))
DOCX = FileKind("DOCX", f"{_OFFICE}.wordprocessingml.document", ("docx",))
XLSX = FileKind("XLSX", f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",))
PPTX = FileKind("PPTX", f"{_OFFICE}.presentationml.presentation", ("pptx",))
ODT = FileKind("ODT", f"{_OPEN}.text", ("odt",))
ODS = FileKind("ODS", f"{_OPEN}.spreadsheet", ("ods",))
ODP = FileKind("ODP", f"{_OPEN}.presentation", ("odp",))
PNG = FileKind("PNG", "image/png", ("png",))
JPEG = FileKind("JPEG", "image/jpeg", ("jpg", "jpeg"))
CSV = FileKind("CSV", "text/csv", ("csv",))
TXT = FileKind("TXT", "text/plain", ("txt",))
KINDS = (PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, PNG, JPEG, CSV, TXT)
_PACKAGED = {kind.media_type: kind for kind in (DOCX, XLSX, PPTX, ODT, ODS, ODP)}

TAKEN = ", ".join(kind.label for kind in KINDS[:-1]) + f" and {KINDS[-1].label}"
REFUSED = f"This kind of file is not taken. Taken are {TAKEN}."


def kind_of(file: BinaryIO, name: str) -> FileKind:
    """What a file is, by its content; it stands at its beginning again afterwards. Raises FileRefused.

    Only texts need their name as well: nothing else tells a table from a letter.
    """
    file.seek(0)
    head = file.read(1024)
    file.seek(0)
    if not head:
        raise FileRefused("The file is empty.")
    if head.startswith(b"%PDF-"):
        _check_pdf(file)
        kind = PDF
    elif head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        kind = PNG
    elif head.startswith(b"\xff\xd8\xff"):
        kind = JPEG
    elif head.startswith(b"PK\x03\x04"):
        kind = _PACKAGED[kind_of_package(file)]
    else:
        kind = _text_kind(file, name)
    file.seek(0)
    return kind


def clean_name(name: str, kind: FileKind) -> str:
    """A file's name as it is kept: one part, no hidden or turning characters, ending as its kind does."""
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    shown = "".join(one for one in last if unicodedata.category(one)[0] not in "C" or one == "\u200c")
    plain = " ".join(re.sub(r'[<>:"|?*]', "-", shown).split()).lstrip(".").strip()
    stem, dot, ending = plain.rpartition(".")
    if not dot or ending.lower() not in kind.endings:
        stem, ending = plain, kind.endings[0]
    return f"{stem[:MAX_NAME_CHARS].strip() or 'file'}.{ending.lower()}"


# --- PDF ------------------------------------------------------------------------------------------

_ACTIVE_IN_PDF = re.compile(rb"/(JavaScript|Launch|RichMedia)(?![A-Za-z])")


def _check_pdf(file: BinaryIO) -> None:
    """Refuse a PDF that is cut off, or that says openly that it runs something. Raises FileRefused."""
    before = b""
    while chunk := file.read(CHUNK_BYTES):
        if _ACTIVE_IN_PDF.search(before + chunk):
            raise FileRefused("This PDF holds a program or a form that runs one. Print it to a new PDF and send that.")
        before = (before + chunk)[-2048:]
    if b"%%EOF" not in before:
        raise FileRefused("This PDF is not whole: its end is missing. Save it anew and send that.")


# --- text -----------------------------------------------------------------------------------------

_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(
    r"<\s*(!doctype|html|head|body|script|svg|iframe|\?xml|\?php|%@)|^(#!|\{\\rtf|mime-version:)", re.IGNORECASE
)
_TEXT_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def _text_kind(file: BinaryIO, name: str) -> FileKind:
    ending = name.rpartition(".")[2].lower()
    kind = next((one for one in (CSV, TXT) if ending in one.endings), None)
    if kind is None:
        raise FileRefused(REFUSED)
    start = file.read(4)
    file.seek(0)
    encoding = next((name for bom, name in _TEXT_BOMS if start.startswith(bom)), "")
    before = ""
    while chunk := file.read(CHUNK_BYTES):
        if not encoding.startswith("utf-16") and _CONTROLS.search(chunk):
            raise FileRefused(REFUSED)
        text = chunk.decode(encoding or "utf-8", "replace")
        if _MARKUP.search((before + text).lstrip("\ufeff \t\r\n")):
            raise FileRefused("This text holds a web page or a program. " + REFUSED)
        before = text[-40:]
    return kind
