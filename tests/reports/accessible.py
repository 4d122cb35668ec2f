"""What every PDF of ours must be, checked twice: by page-validation (PDF/UA-1) and by looking into the file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import page
import pikepdf

# It outlives the run, so that the fonts are unpacked once on a machine.
FONT_CACHE = Path(tempfile.gettempdir()) / "decent-work-test-fonts"


def assert_accessible(pdf: bytes, *, title: str, language: str = "en") -> None:
    """Fails with every rule broken, in words."""
    report = page.validate_pdf_bytes(pdf, profile="ua1")
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    with pikepdf.open(BytesIO(pdf)) as document:
        root = document.Root
        assert str(root.Lang) == language
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert str(document.docinfo.Title) == title
        elements = list(structure(root.StructTreeRoot))
        headings = [int(tag[1:]) for tag, _ in elements if tag[0] == "H" and tag[1:].isdigit()]
        assert headings, "no heading"
        assert headings[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(headings)), headings
        for tag, element in elements:
            if tag == "Figure":
                assert str(element.get("/Alt", "")).strip(), "a figure without a description"
            if tag == "Table":
                assert any(kind == "TH" for kind, _ in structure(element)), "a table without a header cell"


def structure(element: Any) -> Iterator[tuple[str, Any]]:
    """Every structure element below, with its tag, in reading order."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield str(kid.S)[1:], kid
            yield from structure(kid)


def bookmarks(pdf: bytes) -> list[tuple[int, str]]:
    """The outline: depth and title."""

    def below(items: Any, depth: int) -> Iterator[tuple[int, str]]:
        for item in items:
            yield depth, str(item.title)
            yield from below(item.children, depth + 1)

    with pikepdf.open(BytesIO(pdf)) as document, document.open_outline() as outline:
        return list(below(outline.root, 1))


def attached(pdf: bytes) -> dict[str, bytes]:
    """The files in the PDF, by name."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return {name: spec.get_file().read_bytes() for name, spec in document.attachments.items()}
