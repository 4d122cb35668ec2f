"""The files beside a checklist version, in the folder of its name: supplements, cases, pilots, kit, translations.

Each is read as strictly as the definition, and kept for as long as its file does not change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from toolkit.domain.cases import Case, read_cases
from toolkit.domain.checklist import Checklist
from toolkit.domain.errors import InvalidInput, Problem
from toolkit.domain.kit import MAX_KIT_TEXT, KitText, read_kit_text
from toolkit.domain.pilots import Pilot, read_pilots
from toolkit.domain.reading_node import SHORT_NAME
from toolkit.domain.supplements import Supplement, read_supplement
from toolkit.storage.definitions import (
    Reader,
    load_checklist,
    load_translation,
    read_file,
    stamp_of,
)
from toolkit.storage.organizations import kinds

SUPPLEMENTS, AGREEMENT, KIT = "supplements", "agreement", "kit"
CASES, PILOTS = "cases.yaml", "pilots.yaml"
LISTED = {SUPPLEMENTS: "*.yaml", AGREEMENT: "*.yaml", KIT: "*.md"}
# What people look for first comes first; other texts follow by name.
KIT_ORDER = ("kick_off_mail", "timetable", "focal_point", "facilitator", "staff_union", "workshop")

T = TypeVar("T")
_cache: dict[tuple[str, str], tuple[tuple[int, int], Any]] = {}


def folder_beside(folder: Path, checklist: Checklist) -> Path:
    """Where the files beside a version lie in a folder of checklists."""
    return Path(folder) / checklist.id / checklist.version


def beside_file(definition: Path) -> Path:
    """Where the files beside a definition file lie: in the folder of its name."""
    return Path(definition).with_name(Path(definition).stem)


def supplements(beside: Path, checklist: Checklist) -> tuple[Supplement, ...]:
    """The supplements of a version, by kind. Raises InvalidInput with every problem of them all."""
    return _all(_files(beside, SUPPLEMENTS), partial(_supplement, checklist))


def cases(beside: Path, checklist: Checklist) -> tuple[Case, ...]:
    """The cases of a version; none where there is no file. Raises InvalidInput."""
    return _one(beside / AGREEMENT / CASES, checklist, partial(read_cases, checklist=checklist))


def pilots(beside: Path, checklist: Checklist) -> tuple[Pilot, ...]:
    """The pilots of a version; none where there is no file, or nothing is in it. Raises InvalidInput."""
    path = beside / AGREEMENT / PILOTS
    return () if _says_nothing(path) else _one(path, checklist, partial(read_pilots, checklist=checklist))


def kit(beside: Path) -> tuple[KitText, ...]:
    """The texts of a version's kit, those that begin the work first. Raises InvalidInput with every problem."""
    found = _all(_files(beside, KIT), _kit_text)
    place = {name: number for number, name in enumerate(KIT_ORDER)}
    return tuple(sorted(found, key=lambda one: (place.get(one.name, len(place)), one.name)))


def kit_source(beside: Path, name: str) -> bytes:
    """A text of the kit as its file has it; the name is that of a text that was read."""
    return (beside / KIT / f"{name}.md").read_bytes()


def count_beside(definition: Path) -> int:
    """How many files lie beside a definition file."""
    return sum(1 for _ in _everything(beside_file(definition)))


def problems_beside(definition: Path) -> tuple[Problem, ...]:
    """Every problem of every file beside a definition file, by file and line.

    A file that no reader knows is a problem too: a misspelt name would leave it unread for ever. Raises InvalidInput
    when the definition itself is faulty.
    """
    checklist = load_checklist(definition)
    beside = beside_file(definition)
    found: list[Problem] = []
    for path in _everything(beside):
        try:
            _read(path, beside, checklist)
        except InvalidInput as error:
            found += error.problems
    return tuple(found)


def _everything(beside: Path) -> Iterator[Path]:
    """Every file that is not hidden."""
    for path in sorted(beside.rglob("*")):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(beside).parts):
            yield path


def _read(path: Path, beside: Path, checklist: Checklist) -> None:
    place = path.relative_to(beside).as_posix()
    if re.fullmatch(r"[^/]+\.yaml", place):
        load_translation(path, checklist)
    elif place == f"{AGREEMENT}/{CASES}":
        cases(beside, checklist)
    elif place == f"{AGREEMENT}/{PILOTS}":
        pilots(beside, checklist)
    elif re.fullmatch(rf"{SUPPLEMENTS}/[^/]+\.yaml", place):
        _supplement(checklist, path)
    elif re.fullmatch(rf"{KIT}/[^/]+\.md", place):
        _kit_text(path)
    else:
        known = (
            f"{SUPPLEMENTS}/<kind>.yaml, {AGREEMENT}/{CASES}, {AGREEMENT}/{PILOTS}, {KIT}/<name>.md, <language>.yaml"
        )
        raise _invalid(path, f"Nothing reads a file of this name here; there are {known}.")


def _files(beside: Path, below: str) -> list[Path]:
    return sorted(path for path in (beside / below).glob(LISTED[below]) if path.is_file())


def _all(paths: list[Path], read: Callable[[Path], T]) -> tuple[T, ...]:
    found: list[T] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            found.append(read(path))
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput("The files beside the checklist", tuple(problems))
    return tuple(found)


def _one(path: Path, checklist: Checklist, read: Reader[tuple[T, ...]]) -> tuple[T, ...]:
    return _kept(path, checklist, lambda: read_file(path, read)) if path.is_file() else ()


def _supplement(checklist: Checklist, path: Path) -> Supplement:
    read: Reader[Supplement] = partial(read_supplement, checklist=checklist, kinds=kinds())
    supplement = _kept(path, checklist, lambda: read_file(path, read))
    if supplement.kind != path.stem:
        raise _invalid(path, f"The file is for {supplement.kind}; name it {supplement.kind}.yaml.", "kind")
    return supplement


def _kit_text(path: Path) -> KitText:
    if not re.fullmatch(SHORT_NAME, path.stem, re.ASCII):
        raise _invalid(path, "Name it with small letters, digits and underscores, such as kick_off_mail.md.")
    try:
        with path.open("rb") as file:
            text = file.read(MAX_KIT_TEXT * 4 + 1).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _invalid(path, "The file is not UTF-8 text; save it as UTF-8.") from None
    except OSError:
        raise _invalid(path, "The file cannot be read.") from None
    return read_kit_text(text, path.stem, file=str(path))


def _invalid(path: Path, message: str, place: str = "(file)") -> InvalidInput:
    return InvalidInput(str(path), (Problem(place, message, None, str(path)),))


def _says_nothing(path: Path) -> bool:
    """Whether a file is missing, or holds comments and blank lines alone."""
    try:
        with path.open("rb") as file:
            lines = file.read(10_000).splitlines()
    except OSError:
        return True
    return all(not line.strip() or line.lstrip().startswith(b"#") for line in lines)


def _kept(path: Path, checklist: Checklist, read: Callable[[], T]) -> T:
    """What was read from a file, read anew when it or the checklist has changed."""
    stamp = stamp_of(path)
    known = _cache.get((str(path), checklist.digest))
    if known is None or known[0] != stamp:
        if len(_cache) > 500:
            _cache.clear()
        known = (stamp, read())
        _cache[str(path), checklist.digest] = known
    found: T = known[1]
    return found
