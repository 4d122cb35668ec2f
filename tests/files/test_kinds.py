"""What is taken as evidence is told by its content."""

from __future__ import annotations

import io
import time
import tracemalloc

import pytest

from tests import evidence_samples as samples
from toolkit.domain.errors import FileRefused
from toolkit.files.kinds import KINDS, PDF, TXT, clean_name, kind_of


@pytest.mark.parametrize("ending", samples.TAKEN)
def test_each_kind_is_told_by_its_content(ending):
    file = io.BytesIO(samples.TAKEN[ending])
    kind = kind_of(file, f"file.{ending}")
    assert ending in kind.endings
    assert file.tell() == 0
    if ending not in {"csv", "txt"}:
        assert kind_of(file, "no-ending") is kind


def test_there_is_a_sample_of_every_kind():
    assert {kind.endings[0] for kind in KINDS} == set(samples.TAKEN)


@pytest.mark.parametrize("name", samples.REFUSED)
def test_what_is_not_taken_is_refused_with_a_sentence(name):
    with pytest.raises(FileRefused) as refused:
        kind_of(io.BytesIO(samples.REFUSED[name]), name)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("name", ["a_bomb", "a_lying_bomb", "an_archive_of_shared_parts", "a_long_list"])
def test_archives_that_would_grow_are_refused_quickly_and_in_little_memory(name):
    file = io.BytesIO(getattr(samples, name)())
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(FileRefused):
        kind_of(file, "letter.docx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - begun < 5
    assert peak < 8 * 2**20


@pytest.mark.parametrize("cut", [1, 10, 60, 200])
def test_an_archive_that_is_cut_off_is_refused(cut):
    with pytest.raises(FileRefused):
        kind_of(io.BytesIO(samples.TAKEN["docx"][:-cut]), "letter.docx")


def test_an_archive_with_a_changed_byte_is_refused():
    content = bytearray(samples.an_office_file("docx", **{"word/text.xml": b"<w>" + b"word " * 50 + b"</w>"}))
    at = content.index(b"word/text.xml") + 20
    content[at] ^= 0xFF
    with pytest.raises(FileRefused):
        kind_of(io.BytesIO(bytes(content)), "letter.docx")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("Report.PDF", "Report.pdf"),
        ("C:\\Users\\ada\\plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("page.html", "page.html.pdf"),
        ("\u202efdp.exe", "fdp.exe.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie- x.pdf"),
        ("  .hidden.pdf ", "hidden.pdf"),
        ("", "file.pdf"),
        (".pdf", "pdf.pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("x" * 500 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_is_cleaned_and_ends_as_its_kind_does(given, kept):
    assert clean_name(given, PDF) == kept


def test_a_text_of_windows_is_taken():
    assert kind_of(io.BytesIO("Café; 5 €".encode("cp1252")), "notes.TXT") is TXT
