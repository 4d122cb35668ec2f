"""Office files are zip archives: what they are, and that they stay small, whole and without programs inside."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from typing import BinaryIO

from toolkit.domain.errors import FileRefused

MAX_PARTS = 3_000
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_DIRECTORY_BYTES = 1024 * 1024
MAX_TYPES_BYTES = 512 * 1024
CHUNK_BYTES = 256 * 1024

_END = b"PK\x05\x06"
_MAIN = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "wordprocessingml.document",
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "spreadsheetml.sheet",
    b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": (
        "presentationml.presentation"
    ),
}
_OPEN_DOCUMENT = re.compile(rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)")
_PROGRAMS = re.compile(
    r"(^|/)(vbaProject|vbaData|(activeX|macrosheets|dialogsheets|Basic|Scripts)/)"
    r"|\.(bin|exe|dll|com|scr|bat|cmd|msi|ps1|vbs?|vbe|jse?|wsf|hta|lnk|jar|class|sh|py|swf|html?|xhtml|mht"
    r"|docm|xlsm|xlsb|pptm|dotm|xltm|potm|ppam|xlam|zip|7z|rar|gz)$",
    re.IGNORECASE,
)
# What Office itself keeps as .bin: settings of printers, which nothing runs.
_HARMLESS = re.compile(r"(^|/)printerSettings/printerSettings\d*\.bin$", re.IGNORECASE)
BROKEN = "This file is damaged, or it is not what its beginning says. Save it anew and send that."
TOO_MUCH = "This file unpacks to more than fits. Split it, or send it as PDF."
PROGRAM = "This file holds macros, a program or another file inside. Save it without them, or as PDF."
UNKNOWN = "This archive is no document, sheet or set of slides that is taken here."


def kind_of_package(file: BinaryIO, *, max_unpacked: int = MAX_UNPACKED_BYTES) -> str:
    """The media type of an office file, every part of it unpacked once and counted. Raises FileRefused."""
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _check_parts(parts, max_unpacked)
            _check_content(archive, parts, max_unpacked)
            return _media_type(archive)
    except FileRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError, NotImplementedError, struct.error):
        raise FileRefused(BROKEN) from None
    except (RuntimeError, OverflowError):  # encrypted
        raise FileRefused("This file is locked with a password. Send it without one.") from None


def _check_directory(file: BinaryIO) -> None:
    """Bound the list of parts before it is read into memory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise FileRefused(BROKEN)
    count, length, offset = struct.unpack("<HII", tail[at + 10 : at + 20])
    if count == 0xFFFF or length == 0xFFFFFFFF or offset == 0xFFFFFFFF:
        raise FileRefused(BROKEN)  # the form for archives past 4 GiB
    if count > MAX_PARTS or length > MAX_DIRECTORY_BYTES:
        raise FileRefused(TOO_MUCH)
    file.seek(0)


def _check_parts(parts: list[zipfile.ZipInfo], max_unpacked: int) -> None:
    names = [part.filename for part in parts]
    if len(set(names)) != len(names):
        raise FileRefused(BROKEN)
    end = -1
    for part in sorted(parts, key=lambda one: one.header_offset):
        if part.header_offset <= end:  # parts that share their bytes: small to send, huge to unpack
            raise FileRefused(BROKEN)
        end = part.header_offset + part.compress_size
        name = part.orig_filename
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or "\0" in name:
            raise FileRefused(BROKEN)
        if _PROGRAMS.search(name) and not _HARMLESS.search(name):
            raise FileRefused(PROGRAM)
        if part.flag_bits & 0x1:
            raise FileRefused("This file is locked with a password. Send it without one.")
    if sum(part.file_size for part in parts) > max_unpacked:
        raise FileRefused(TOO_MUCH)


def _check_content(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], max_unpacked: int) -> None:
    """Unpack everything once, into nowhere: sizes that lie and broken parts show by their check sums."""
    total = 0
    for part in parts:
        with archive.open(part) as content:
            while chunk := content.read(CHUNK_BYTES):
                total += len(chunk)
                if total > max_unpacked:
                    raise FileRefused(TOO_MUCH)


def _media_type(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "mimetype" in names and "META-INF/manifest.xml" in names:
        said = _start(archive, "mimetype", 200)
        if _OPEN_DOCUMENT.fullmatch(said):
            return said.decode()
    if "[Content_Types].xml" in names:
        types = _start(archive, "[Content_Types].xml", MAX_TYPES_BYTES)
        if b"macroEnabled" in types or b"vbaProject" in types:
            raise FileRefused(PROGRAM)
        for main, ending in _MAIN.items():
            if main in types:
                return f"application/vnd.openxmlformats-officedocument.{ending}"
    raise FileRefused(UNKNOWN)


def _start(archive: zipfile.ZipFile, name: str, max_bytes: int) -> bytes:
    with archive.open(name) as content:
        return content.read(max_bytes)
