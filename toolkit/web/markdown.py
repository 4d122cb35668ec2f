"""Markdown as a page shows it: no HTML of its own, no images, and links to nothing but http, https and mailto."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from toolkit.domain.kit import SCHEMES

BOXES = {"[ ] ": "☐ ", "[x] ": "☑ "}


class _Strict(MarkdownIt):
    """The reader; what is no link that it lets through stands there as it was written."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False})
        self.enable("table").disable("image")

    def validateLink(self, url: str) -> bool:  # as the library names it
        return url.lower().startswith(SCHEMES)


_READER = _Strict()


def body(text: str) -> Markup:
    """A text without its title, which the page shows itself. Everything in it is escaped by the reader."""
    tokens = _READER.parse(text)
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        tokens = tokens[3:]  # the opening, the words, the end
    _suit_the_page(tokens)
    return Markup(_READER.renderer.render(tokens, _READER.options, {}))  # noqa: S704  # made by the strict reader alone


def _suit_the_page(tokens: Sequence[Token]) -> None:
    """Boxes to tick at the beginning of list entries; columns named for screen readers; no inline styles."""
    for place, token in enumerate(tokens):
        if token.type in ("th_open", "td_open"):
            style = token.attrs.pop("style", "")
            if style == "text-align:right":
                token.attrSet("class", "right")
            if token.type == "th_open":
                token.attrSet("scope", "col")
        if token.type == "inline" and token.children:
            for link in token.children:
                if link.type == "link_open" and link.markup == "autolink":
                    link.attrSet("class", "bare")  # on paper its address stands there already
        opens_entry = place >= 2 and tokens[place - 2].type == "list_item_open"
        if token.type == "inline" and opens_entry and token.children:
            first = token.children[0]
            for written, shown in BOXES.items():
                if first.type == "text" and first.content.startswith(written):
                    first.content = shown + first.content.removeprefix(written)
