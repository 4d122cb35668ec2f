"""Definition files: strictly read, turned into checklists, and kept for as long as the file does not change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from toolkit.domain.checklist import Checklist, Status
from toolkit.domain.errors import InvalidInput, NotFound, Problem
from toolkit.domain.lineage_diff import diff
from toolkit.domain.reading import read_checklist, version_key
from toolkit.domain.translations import Translation, read_translation
from toolkit.storage.strict_yaml import MAX_BYTES, ParsedYaml, parse_yaml


class ChecklistNotFound(NotFound):
    """No checklist of that name and version is in the folder."""


@dataclass(frozen=True, slots=True)
class SourceData:
    """What a definition file says, as plain data, with the line of each path."""

    data: Any
    lines: Mapping[str, int]
    file: str


T_co = TypeVar("T_co", covariant=True)


class Reader(Protocol[T_co]):
    """What turns the plain data of a file into something whole, or raises InvalidInput with every problem."""

    def __call__(self, data: Any, /, *, lines: Mapping[str, int], file: str) -> T_co: ...


_Stamp = tuple[int, int]
_cache: dict[str, tuple[_Stamp, Checklist]] = {}


def load_definition(path: Path) -> SourceData:
    """The plain data of one file. Raises InvalidInput with every fault, each with its line."""
    parsed = _parse(path)
    if parsed.problems:
        raise InvalidInput(str(path), _of_file(parsed.problems, path))
    return SourceData(parsed.data, parsed.lines, str(path))


def load_checklist(path: Path) -> Checklist:
    """The checklist in one file.

    The same object is given again until the file's time or size changes. Raises InvalidInput with every problem
    of the file, of its YAML and of its content alike, in the order of the lines.
    """
    path = Path(path)
    stamp = stamp_of(path)
    known = _cache.get(str(path))
    if known is not None and known[0] == stamp:
        return known[1]
    checklist = read_file(path, read_checklist)
    _cache[str(path)] = (stamp, checklist)
    return checklist


def list_checklists(folder: Path) -> tuple[Checklist, ...]:
    """Every checklist version in a folder (`<id>/<version>.yaml`), by id and version, oldest first.

    Raises InvalidInput when a file is faulty or does not hold the checklist that its place says.
    """
    found = [_in_its_place(path) for path in checklist_files(folder)]
    return tuple(sorted(found, key=lambda checklist: (checklist.id, version_key(checklist.version))))


def checklist_files(folder: Path) -> tuple[Path, ...]:
    """The definition files of a folder, without translations and anything hidden."""
    return tuple(sorted(path for path in Path(folder).glob("[a-z]*/[0-9]*.yaml") if path.is_file()))


def find_checklist(folder: Path, checklist_id: str, version: str) -> Checklist:
    """One version of a checklist. Raises ChecklistNotFound, or InvalidInput when its file is faulty."""
    for path in checklist_files(folder):
        if (path.parent.name, path.stem) == (checklist_id, version):
            return _in_its_place(path)
    raise ChecklistNotFound(f"There is no version {version} of a checklist {checklist_id}.")


def lineage_problems(path: Path) -> tuple[Problem, ...]:
    """What a version says about the one before it and does not hold, where that one's file lies beside this one.

    A published version must have it there; a draft may be written before its predecessor is at hand.
    Raises InvalidInput when one of the two files is faulty.
    """
    path = Path(path)
    checklist = load_checklist(path)
    if checklist.follows is None:
        return ()
    before = path.with_name(f"{checklist.follows}.yaml")
    if not before.is_file():
        if checklist.status is not Status.PUBLISHED:
            return ()
        message = f"A published version needs the one before it, {checklist.follows}.yaml, in the same folder."
        return (_placed(Problem("follows", message), path),)
    return tuple(_placed(problem, path) for problem in diff(load_checklist(before), checklist).problems)


def _placed(problem: Problem, path: Path) -> Problem:
    """A problem of lineage with its file, and the line of the question or key that it speaks of."""
    source = load_definition(path)
    key, _, rest = problem.path.partition(".")
    line = _question_line(source, rest.partition(".")[0]) if key == "questions" else source.lines.get(key)
    return Problem(problem.path, problem.message, line, source.file)


def _question_line(source: SourceData, name: str) -> int | None:
    for part_no, part in enumerate(source.data["parts"]):
        for theme_no, theme in enumerate(part["themes"]):
            for question_no, question in enumerate(theme["questions"]):
                if question["id"] == name:
                    return source.lines.get(f"parts[{part_no}].themes[{theme_no}].questions[{question_no}].id")
    return None


def load_translation(path: Path, checklist: Checklist) -> Translation:
    """The translation of a checklist in one file, `<id>/<version>/<language>.yaml`.

    Raises InvalidInput with every problem, also when the file's name is not the language that it holds.
    """
    source = load_definition(path)
    translation = read_translation(source.data, checklist, lines=source.lines, file=source.file)
    if translation.language != Path(path).stem:
        message = f"The file holds {translation.language}; name it {translation.language}.yaml."
        raise InvalidInput(source.file, (Problem("language", message, source.lines.get("language"), source.file),))
    return translation


def find_translation(folder: Path, checklist: Checklist, language: str) -> Translation | None:
    """The translation of a checklist into a language, None where there is none."""
    beside = Path(folder) / checklist.id / checklist.version
    for path in sorted(beside.glob("*.yaml")):
        if path.stem == language:
            return load_translation(path, checklist)
    return None


def _in_its_place(path: Path) -> Checklist:
    checklist = load_checklist(path)
    if (checklist.id, checklist.version) != (path.parent.name, path.stem):
        message = (
            f"The file holds {checklist.id} {checklist.version}; move it to {checklist.id}/{checklist.version}.yaml."
        )
        raise InvalidInput(str(path), (Problem("id", message, None, str(path)),))
    return checklist


def read_file(path: Path, read: Reader[T_co]) -> T_co:
    """What `read` makes of a file. Raises InvalidInput with the faults of YAML and of content together, by line."""
    parsed = _parse(path)
    if not parsed.problems:
        return read(parsed.data, lines=parsed.lines, file=str(path))
    problems = list(_of_file(parsed.problems, path))
    if isinstance(parsed.data, dict):
        refused = {problem.path for problem in parsed.problems}
        try:
            read(parsed.data, lines=parsed.lines, file=str(path))
        except InvalidInput as error:
            problems += [problem for problem in error.problems if not _follows_from(problem, refused)]
    raise InvalidInput(str(path), tuple(sorted(problems, key=lambda problem: problem.line or 0)))


def _follows_from(problem: Problem, refused: set[str]) -> bool:
    """Whether the place was refused already, so that a second complaint would only confuse."""
    return any(problem.path == path or problem.path.startswith((f"{path}.", f"{path}[")) for path in refused)


def _parse(path: Path) -> ParsedYaml:
    try:
        with Path(path).open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = "There is no such file." if isinstance(error, FileNotFoundError) else "The file cannot be read."
        raise InvalidInput(str(path), (Problem("(file)", reason, None, str(path)),)) from None
    return parse_yaml(raw)


def stamp_of(path: Path) -> tuple[int, int]:
    """Time and size of a file, which change when it does; zeros where there is none."""
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def _of_file(problems: tuple[Problem, ...], path: Path) -> tuple[Problem, ...]:
    return tuple(Problem(problem.path, problem.message, problem.line, str(path)) for problem in problems)
