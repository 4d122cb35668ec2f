"""Small files of every kind that is taken as evidence, and some that are not."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(200) + b"\xff\xd9"
CSV = "Office,Jobs\nDakar,12\nGenève,7\n".encode()
TXT = "Minutes of the meeting.\r\nWages < 5 % of costs.\n".encode("utf-16")


def a_png() -> bytes:
    """One grey pixel."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    pixel = zlib.compress(b"\x00\x80")
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def a_zip(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


MAIN = {"docx": "wordprocessingml.document", "xlsx": "spreadsheetml.sheet", "pptx": "presentationml.presentation"}


def an_office_file(ending: str, *, main: str = "", **other: bytes) -> bytes:
    """A file as Word, Excel or PowerPoint keep it; `other` are further parts by name."""
    main = main or f"application/vnd.openxmlformats-officedocument.{MAIN[ending]}.main+xml"
    types = f'<?xml version="1.0"?><Types><Override PartName="/main.xml" ContentType="{main}"/></Types>'
    return a_zip({"[Content_Types].xml": types.encode(), "main.xml": b"<main/>", **other})


def an_open_document(kind: str = "text", **other: bytes) -> bytes:
    """A file as LibreOffice keeps it."""
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    return a_zip({"mimetype": mimetype, "META-INF/manifest.xml": b"<manifest/>", "content.xml": b"<c/>", **other})


TAKEN = {
    "pdf": PDF,
    "docx": an_office_file("docx"),
    "xlsx": an_office_file("xlsx", **{"xl/printerSettings/printerSettings1.bin": b"\x00"}),
    "pptx": an_office_file("pptx", **{"ppt/embeddings/Sheet1.xlsx": b"PK"}),
    "odt": an_open_document("text"),
    "ods": an_open_document("spreadsheet"),
    "odp": an_open_document("presentation"),
    "png": a_png(),
    "jpg": JPEG,
    "csv": CSV,
    "txt": TXT,
}

_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
REFUSED = {
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "page.txt": b"Hello\n<script>alert(1)</script>",
    "page.csv": b'a,b\n1,"<ScRiPt src=//x>"\n',
    "picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "picture.png": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "program.exe": b"MZ\x90\x00" + bytes(100),
    "program.pdf": b"MZ\x90\x00" + bytes(100),
    "program.txt": b"\x7fELF" + bytes(100),
    "script.txt": b"#!/bin/sh\nrm -rf /\n",
    "script.bat": b"@echo off\r\n",
    "late.pdf": b"\n\n%PDF-1.7\n%%EOF",
    "cut.pdf": PDF[:40],
    "active.pdf": PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "launch.pdf": PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /Launch >>"),
    "macros.docx": an_office_file("docx", main=_MACROS),
    "renamed.docx": an_office_file("docx", **{"word/vbaProject.bin": b"\x00"}),
    "control.docx": an_office_file("docx", **{"word/activeX/activeX1.xml": b"<x/>"}),
    "object.docx": an_office_file("docx", **{"word/embeddings/oleObject1.bin": b"\x00"}),
    "old_macros.xlsx": an_office_file("xlsx", **{"xl/macrosheets/sheet1.xml": b"<x/>"}),
    "sheet_in_slides.pptx": an_office_file("pptx", **{"ppt/embeddings/Sheet.xlsm": b"PK"}),
    "macros.odt": an_open_document("text", **{"Basic/Standard/script.xml": b"<x/>"}),
    "scripts.ods": an_open_document("spreadsheet", **{"Scripts/python/run.py": b"import os"}),
    "climbing.docx": an_office_file("docx", **{"../../evil.xml": b"<x/>"}),
    "archive.zip": a_zip({"a.txt": b"a"}),
    "archive.docx": a_zip({"a.txt": b"a"}),
    "empty.pdf": b"",
    "nul.txt": b"a\x00b",
    "picture.heic": b"\x00\x00\x00\x18ftypheic" + bytes(50),
    "picture.gif": b"GIF89a" + bytes(50),
    "letter.rtf": rb"{\rtf1 hello}",
    "letter.txt": rb"{\rtf1 hello}",
    "mail.txt": b"MIME-Version: 1.0\r\n\r\n",
}


def a_bomb() -> bytes:
    """A small archive that unpacks to 200 MiB."""
    return an_office_file("docx", **{"word/media/zeros.bmp": bytes(200 * 2**20)})


def a_lying_bomb() -> bytes:
    """The same with sizes that say it is small."""
    whole = an_office_file("docx", **{"word/media/zeros.bmp": bytes(2**20)})
    return whole.replace(struct.pack("<I", 2**20), struct.pack("<I", 10))


def an_archive_of_shared_parts() -> bytes:
    """Many parts that are the same bytes of the file."""
    target = io.BytesIO(an_office_file("docx", **{"a.xml": bytes(2**20)}))
    with zipfile.ZipFile(target, "a") as archive:
        first = archive.getinfo("a.xml")
        for number in range(50):
            copy = zipfile.ZipInfo(f"b{number}.xml")
            for name in ("compress_type", "CRC", "compress_size", "file_size", "header_offset", "flag_bits"):
                setattr(copy, name, getattr(first, name))
            archive.filelist.append(copy)
            archive.NameToInfo[copy.filename] = copy
        archive._didModify = True
    return target.getvalue()


def a_long_list() -> bytes:
    """An archive of very many empty parts."""
    return a_zip({f"part{number}.xml": b"" for number in range(3_500)})
