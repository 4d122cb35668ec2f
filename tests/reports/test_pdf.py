from __future__ import annotations

import logging

import pytest

from tests.reports.accessible import assert_accessible, attached
from toolkit.reports.fonts import printable
from toolkit.reports.pdf import ReportFailed, render_pdf

PAGE = '<!doctype html><html lang="en"><head><title>A report</title></head><body><h1>A report</h1>{}</body></html>'
HARD = "Русский, Ελληνικά, 你好, مرحبا بالعالم, 😀 👩‍🦰 ✔, हिन्दी, → ≥ – “quoted”"


def test_a_page_is_tagged_and_accessible_whatever_script_is_in_it(font_cache):
    assert_accessible(render_pdf(PAGE.format(f"<p>{HARD}</p>"), cache_folder=font_cache), title="A report")


def test_the_same_page_gives_the_same_bytes(font_cache):
    first = render_pdf(PAGE.format("<p>x</p>"), attachments={"a.json": b"{}"}, cache_folder=font_cache)
    assert render_pdf(PAGE.format("<p>x</p>"), attachments={"a.json": b"{}"}, cache_folder=font_cache) == first


def test_files_are_attached_as_they_are(font_cache):
    files = {"figures.json": b"[]\n", "assessment.json": b'{"a": 1}\n'}
    pdf = render_pdf(PAGE.format(""), attachments=files, cache_folder=font_cache)
    assert attached(pdf) == files
    assert_accessible(pdf, title="A report")


@pytest.mark.parametrize(
    "inside",
    [
        '<img alt="x" src="http://127.0.0.1:9/x.png">',
        '<img alt="x" src="https://example.org/x.png">',
        '<img alt="x" src="file:///etc/hostname">',
        '<img alt="x" src="ftp://127.0.0.1/x">',
        '<img alt="x" src="asset:../pdf.py">',
        '<img alt="x" src="asset:missing.svg">',
        '<link rel="stylesheet" href="file:///etc/hostname">',
        "<style>@import url(http://127.0.0.1:9/x.css);</style>",
        '<style>p { background: url("file:///etc/hostname") }</style><p>x</p>',
        '<object data="file:///etc/hostname">x</object>',
        '<link rel="attachment" href="file:///etc/hostname">',
    ],
)
def test_nothing_outside_of_the_report_is_fetched(font_cache, inside):
    with pytest.raises(ReportFailed):
        render_pdf(PAGE.format(inside), cache_folder=font_cache)


def test_no_glyph_is_missing(font_cache, caplog):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        render_pdf(PAGE.format(f"<p>{HARD}</p>"), cache_folder=font_cache)
    assert not caplog.records


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("plain text, naïve", "plain text, naïve"),
        ("good 😀!", "good [grinning face]!"),
        ("हिन्दी", "[6 characters of Devanagari writing]"),
        ("x\ufe0fy", "xy"),
    ],
)
def test_what_no_font_can_print_is_said_in_words(font_cache, given, printed):
    assert printable(given, font_cache) == printed
