"""The fonts of every report: unpacked once, and the only ones that the layout engine sees.

Without any font WeasyPrint dies, and with the machine's own fonts the same report looks different on every machine. So
reports use the packaged files alone, and what they cannot print is said in words (`printable`).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # ships no types

PACKAGED = Path(__file__).resolve().parent / "fonts"
LARGE = "NotoSansSC"  # seconds to unpack, so only for a text that needs it

CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
{folders}
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def default_cache() -> Path:
    """Where fonts are unpacked when nobody says: the person's cache folder, or the system's temporary one."""
    given = os.environ.get("XDG_CACHE_HOME")
    home = Path(given) if given else Path("~/.cache").expanduser()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # RuntimeError: nobody's home
        return Path(tempfile.gettempdir()) / f"decent-work-{os.getuid()}"
    usable = os.access(home, os.W_OK)
    return home / "decent-work" if usable else Path(tempfile.gettempdir()) / f"decent-work-{os.getuid()}"


def prepare_fonts(folder: Path, text: str = "") -> Path:
    """Unpack the fonts that `text` needs below `folder`, once, and point fontconfig at them alone.

    Safe to call from several processes at a time: each file appears whole, by renaming. Returns the configuration file.
    To be called before WeasyPrint is imported and before each font configuration is made.
    """
    large = bool(set(text) - covered(folder, small_only=True))
    configuration = _prepared(folder.resolve(), large)
    os.environ["FONTCONFIG_FILE"] = str(configuration)
    return configuration


@cache
def covered(folder: Path, *, small_only: bool = False) -> frozenset[str]:
    """The characters that the packaged fonts can print, white space included; or all but the large font's."""
    kept = _home(folder) / ("covered-small.txt" if small_only else "covered.txt")
    if not kept.is_file():
        sources = [path for path in _sources() if not (small_only and path.stem.startswith(LARGE))]
        _write(kept, "".join(map(chr, sorted(_characters(sources)))))
    return frozenset(kept.read_text(encoding="utf-8")) | frozenset("\t\n\r ")


@cache
def _prepared(folder: Path, large: bool) -> Path:
    home = _home(folder)
    configuration = home / ("all.conf" if large else "small.conf")
    if not configuration.is_file():
        folders = [home / "small", home / "large"] if large else [home / "small"]
        for source in _sources():
            target = folders[source.stem.startswith(LARGE)] if large else folders[0]
            if large or not source.stem.startswith(LARGE):
                _unpack(source, target / f"{source.stem}.ttf")
        listed = "\n".join(f"  <dir>{path}</dir>" for path in folders)
        _write(configuration, CONFIGURATION.format(folders=listed, cache=home / "fontconfig"))
    return configuration


@cache
def _home(folder: Path) -> Path:
    """The folder for this set of font files, named after them."""
    names = "".join(f"{path.name}:{path.stat().st_size};" for path in _sources())
    return folder.resolve() / f"fonts-{hashlib.sha256(names.encode()).hexdigest()[:12]}"


@cache
def _sources() -> list[Path]:
    return sorted(PACKAGED.glob("*.woff2"))


def printable(text: str, folder: Path) -> str:
    """The text with each run of characters that no font can print replaced by a note in brackets.

    A symbol is named ([grinning face]); of letters of a script without a font it says how many there are. An empty box
    on paper would tell nobody anything, and a glyph without meaning is not allowed in an accessible PDF.
    """
    known = covered(folder)
    if not set(text) - known:
        return text
    runs = groupby(text, key=lambda character: "" if character in known else _script(character))
    return "".join(_note(script, "".join(run)) if script else "".join(run) for script, run in runs)


def _script(character: str) -> str:
    name = unicodedata.name(character, "unknown character")
    letter = unicodedata.category(character)[0] in "LMN"
    return name.split()[0].split("-")[0].title() if letter else f" {name.lower()}"


def _note(script: str, run: str) -> str:
    if all(unicodedata.category(character) in ("Cf", "Mn", "Cc") for character in run):
        return ""  # joiners and variation selectors of what was named before
    if script.startswith(" "):
        return f"[{script.strip()}]"
    return f"[{len(run)} characters of {script} writing]" if len(run) > 1 else f"[{script} character]"


def _unpack(source: Path, target: Path) -> None:
    if target.is_file():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with TTFont(source) as font:
        font.flavor = None
        part = target.with_name(f".{target.name}.{os.getpid()}")
        font.save(part, reorderTables=False)
    part.replace(target)


def _characters(sources: list[Path]) -> set[int]:
    """What a family prints is what both its weights have."""
    families: dict[str, set[int]] = {}
    for source in sources:
        with TTFont(source, lazy=True) as font:
            characters = set(font.getBestCmap())
        family = source.stem.split("-")[0]
        families[family] = families.get(family, characters) & characters
    return set().union(*families.values())


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(target)
