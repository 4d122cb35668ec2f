"""Errors named for what happened. They speak to a person and know nothing of HTTP."""

from __future__ import annotations

from dataclasses import dataclass


class ToolkitError(Exception):
    """Something went wrong that a person can be told about; str() is a plain sentence."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with some input.

    `path` is the place in the data (`parts[2].themes[0].questions[1].weight`), `line` is 1-based and None where
    the input has no lines.
    """

    path: str
    message: str
    line: int | None = None
    file: str = ""

    def __str__(self) -> str:
        place = ":".join(text for text in (self.file, str(self.line or "")) if text)
        return f"{place}: {self.path}: {self.message}" if place else f"{self.path}: {self.message}"


class InvalidInput(ToolkitError):
    """Input with one or more problems, all of them listed in `problems`."""

    def __init__(self, what: str, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"{what}: {count}.")


class UnknownQuestion(ToolkitError):
    """An answer to a question that the checklist does not have."""
