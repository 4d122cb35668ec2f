"""HTML to PDF. The one module that knows WeasyPrint: it is slow to load, so it is imported when first needed."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from toolkit.domain.errors import ToolkitError
from toolkit.reports.fonts import default_cache, prepare_fonts, printable

ASSETS = Path(__file__).resolve().parent / "assets"

# WeasyPrint's font configuration is not safe for threads: shared by two it corrupts the heap.
_one_at_a_time = threading.Lock()


class ReportFailed(ToolkitError):
    """A report could not be made."""


def render_pdf(
    html: str,
    *,
    attachments: Mapping[str, bytes] | None = None,
    made_at: datetime | None = None,
    cache_folder: Path | None = None,
) -> bytes:
    """A tagged PDF (PDF/UA-1) of a whole HTML page, with files attached by name.

    Fetches nothing but `data:` and `asset:` (a file of the packaged assets); anything else fails the report. The same
    arguments give the same bytes: `made_at` stands on the attachments, and no clock is read. Fonts are unpacked into
    `cache_folder`, once. Raises ReportFailed.
    """
    folder = cache_folder or default_cache()
    html = printable(html, folder)
    time = made_at or datetime(2000, 1, 1, tzinfo=UTC)
    with _one_at_a_time, _no_collecting():
        fonts = prepare_fonts(folder, html)
        return _render(html, dict(sorted((attachments or {}).items())), time, fonts)


def _render(html: str, attachments: Mapping[str, bytes], time: datetime, fonts: Path) -> bytes:
    # Late: half a second and 60 MB that web workers must not pay.
    import weasyprint  # type: ignore[import-untyped]  # ships no types, nor do its neighbours below
    from weasyprint.urls import FatalURLFetchingError  # type: ignore[import-untyped]

    files = [
        weasyprint.Attachment(file_obj=BytesIO(data), name=name, description=name, created=time, modified=time)
        for name, data in attachments.items()
    ]
    try:
        document = weasyprint.HTML(string=html, url_fetcher=_fetcher())
        pdf: bytes = document.write_pdf(
            pdf_variant="pdf/ua-1",
            font_config=_font_configuration(fonts),
            attachments=files,
            finisher=_give_every_glyph_a_text,
        )
    except FatalURLFetchingError as error:  # a BaseException: it would pass every handler up to the process
        raise ReportFailed(f"The report asks for something outside of itself. {error}.") from error
    return pdf


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Let Python's garbage lie while a report is laid out: looking for it takes a third of all the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@cache
def _font_configuration(fonts: Path) -> Any:  # noqa: ARG001  # the key of the cache
    """The one font configuration of this process for a set of fonts; FONTCONFIG_FILE already names `fonts`."""
    from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]

    return FontConfiguration()


def _give_every_glyph_a_text(_document: Any, pdf: Any) -> None:
    """Map glyphs that stand for no character of their own to the zero-width joiner.

    Noto Sans Arabic draws a letter as a skeleton and its dots; WeasyPrint 70 leaves the dots' text empty, which PDF/UA
    forbids (https://github.com/Kozea/WeasyPrint/issues/2841). This can go when that is fixed.
    """
    import pydyf  # type: ignore[import-untyped]

    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.stream[:1] == [b"/CIDInit /ProcSet findresource begin"]:
            item.stream = [line[:-2] + b"<200d>" if line.endswith(b"> <>") else line for line in item.stream]


@cache
def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class ClosedFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        """Opens data: and asset: and nothing else; whatever it cannot open is fatal."""

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            if url.startswith("asset:"):
                path = (ASSETS / url.removeprefix("asset:")).resolve()
                if ASSETS not in path.parents:
                    raise ValueError("not a packaged asset")
                return URLFetcherResponse(url, path.read_bytes())
            return super().fetch(url, headers)

    return ClosedFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
