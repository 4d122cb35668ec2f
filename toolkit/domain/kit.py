"""The kit: texts in Markdown that a team uses with a checklist, from the first mail to the workshop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.domain.checking import clean_text
from toolkit.domain.errors import InvalidInput, Problem, ToolkitError
from toolkit.domain.reading_node import MAX_LABEL

MAX_KIT_TEXT = 60_000  # characters of one text of a kit
SCHEMES = ("https:", "http:", "mailto:")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]*)|^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|<!--")
_FENCE = re.compile(r" {0,3}(```|~~~)")


@dataclass(frozen=True, slots=True)
class KitText:
    """One text of a kit. `name` is that of its file, `text` its Markdown; the title is the first heading."""

    name: str
    title: str
    text: str


def read_kit_text(text: str, name: str, *, file: str = "") -> KitText:
    """A text of a kit: Markdown that begins with its one title, without HTML and images.

    Links go to http, https or mailto addresses. Raises InvalidInput with every problem and its line.
    """
    problems = [Problem(name, message, line, file) for line, message in _problems(text)]
    if problems:
        raise InvalidInput(file or "The kit", tuple(problems))
    return KitText(name, _title(text), clean_text(text, MAX_KIT_TEXT).strip() + "\n")


def _title(text: str) -> str:
    first = next((line for line in text.lstrip("\ufeff").splitlines() if line.strip()), "")
    return first[2:].strip().rstrip("#").strip() if first.startswith("# ") else ""


def _problems(text: str) -> Iterator[tuple[int | None, str]]:
    try:
        clean_text(text, MAX_KIT_TEXT)
    except (ToolkitError, ValueError) as error:
        yield None, str(error)
    title = _title(text)
    if not title or len(title) > MAX_LABEL:
        yield 1, f"The text begins with its title in at most {MAX_LABEL} characters: `# Kick-off mail`."
    titles = 0
    for number, line in _prose(text):
        titles += line.startswith("# ")
        if line.startswith("# ") and titles == 2:
            yield number, "One text has one title; write `## ` for what stands below it."
        if "![" in line:
            yield number, "Images are not shown here; say it in words."
        if _TAG.search(line):
            yield number, "HTML is not used here; write Markdown."
        for match in _LINK.finditer(line):
            target = match[1] if match[1] is not None else match[2]
            if not target.lower().startswith(SCHEMES):
                yield number, f"`{target[:80]}` is no address; a link begins with https:, http: or mailto:."


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, those of fenced blocks left out: they are shown as they stand."""
    fenced = ""
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        fence = _FENCE.match(line)
        if fence and fenced in ("", fence[1]):
            fenced = "" if fenced else fence[1]
        elif not fenced:
            yield number, re.sub(r"`[^`]*`", "", line)
