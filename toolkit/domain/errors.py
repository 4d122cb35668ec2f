"""Errors named for what happened. They speak to a person and know nothing of HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toolkit.domain.answers import Answer
    from toolkit.domain.checking import AnswerProblem


class ToolkitError(Exception):
    """Something went wrong that a person can be told about; str() is a plain sentence."""


# --- input ----------------------------------------------------------------------------------------


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


# --- access ---------------------------------------------------------------------------------------


class NotFound(ToolkitError):
    """It is not there, or not this person's to see: the two look the same."""

    def __init__(self, message: str = "There is nothing here that you may see.") -> None:
        super().__init__(message)


class NotAllowed(ToolkitError):
    """The person may see it, but may not do this with it."""

    def __init__(self, message: str = "You may not do this here.") -> None:
        super().__init__(message)


class OwnWork(NotAllowed):
    """Somebody would approve what they answered themselves, or what somebody did who acts for them, or they for."""

    def __init__(self) -> None:
        super().__init__(
            "You answered questions in this assessment, or somebody did who acts for you or for whom you act. "
            "So somebody else must approve it."
        )


class SignInRefused(ToolkitError):
    """Name and password do not fit together; which of the two is wrong is not said."""

    def __init__(self) -> None:
        super().__init__("The e-mail address and the password do not fit together.")


class CodeRefused(SignInRefused):
    """A code of the second step does not fit, or was used already."""

    def __init__(self) -> None:
        ToolkitError.__init__(self, "This code does not fit, or was used already. Wait for the next one and type that.")


class TooManyTries(ToolkitError):
    """A limit on tries was reached; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        minutes = max(1, -(-retry_after // 60))
        unit = "minute" if minutes == 1 else "minutes"
        super().__init__(f"Too many tries. Please wait {minutes} {unit} and try again.")


class LinkExpired(ToolkitError):
    """A link from a message was used before, is too old, or never existed: the three look the same."""

    def __init__(self) -> None:
        super().__init__("This link no longer works. Ask for a new one.")


class SandboxFull(ToolkitError):
    """As many visitors as the site admits are trying the demo already."""

    def __init__(self) -> None:
        super().__init__("All places in the demo are taken just now. Please try again later.")


# --- saving ---------------------------------------------------------------------------------------


class CannotSaveNow(ToolkitError):
    """The database did not take the change (busy, full, out of reach); nothing of it was kept."""

    def __init__(self) -> None:
        super().__init__("This could not be saved just now. Nothing was changed; please try again in a moment.")


class OutOfReach(CannotSaveNow):
    """The database could not even be read."""

    def __init__(self) -> None:
        ToolkitError.__init__(self, "The site cannot reach its data just now. Please try again in a moment.")


class StorageFull(ToolkitError):
    """There is no room for a file: the disk is full, or what an assessment or a space may keep is used up."""

    def __init__(self, message: str = "The disk of this site is full. The file was not kept.") -> None:
        super().__init__(message)


class StorageOutOfReach(CannotSaveNow):
    """Where files are kept does not answer."""

    def __init__(self) -> None:
        ToolkitError.__init__(self, "The place where files are kept does not answer. Please try again in a moment.")


class SheetNotTheSame(ToolkitError):
    """A sheet did not read back as it was written, so it is not handed out."""

    def __init__(self) -> None:
        super().__init__("The sheet did not read back as it was written, so it is not handed out. Choose fewer themes.")


class FileTooLarge(ToolkitError):
    """A file is larger than what is taken."""


class FileRefused(ToolkitError):
    """A file is of a kind that is not taken, or not what it says it is; str() says which kinds are."""


class Conflict(ToolkitError):
    """Somebody else changed it in the meantime."""


class AnswerConflict(Conflict):
    """An answer was saved by somebody else since it was shown.

    `current` stands in the database at `revision`; `yours` is what was about to be saved.
    """

    def __init__(
        self,
        question_id: str,
        *,
        current: Answer,
        revision: int,
        saved_by_name: str,
        saved_at: datetime | None,
        yours: Answer,
    ) -> None:
        self.question_id = question_id
        self.current = current
        self.revision = revision
        self.saved_by_name = saved_by_name
        self.saved_at = saved_at
        self.yours = yours
        super().__init__(f"{saved_by_name or 'Somebody'} saved another answer to this question in the meantime.")


class AnswerChanged(Conflict):
    """What a voice says is no longer what was shown."""

    def __init__(self, voice: str) -> None:
        super().__init__(f"{voice} says something else by now. Nothing was taken over; look at it again.")


# --- the way of an assessment -----------------------------------------------------------------------


class StateChanged(Conflict):
    """The assessment is no longer in a state where this can be done; `state` is where it stands."""

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(f"This cannot be done now: the assessment is {state.replace('_', ' ')}.")


class HandoverOver(Conflict):
    """A hand-over has ended; it can no longer be changed."""

    def __init__(self) -> None:
        super().__init__("This has ended in the meantime. Nothing was changed.")


class AssessmentClosed(ToolkitError):
    """An answer or setting would change although the assessment is no longer a draft."""

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(f"The assessment is {state.replace('_', ' ')}; its answers can no longer be changed.")


class Incomplete(ToolkitError):
    """Something that is missing or wrong stands in the way; `problems` lists it question by question."""

    def __init__(self, problems: tuple[AnswerProblem, ...]) -> None:
        self.problems = problems
        count = "1 question needs" if len(problems) == 1 else f"{len(problems)} questions need"
        super().__init__(f"{count} attention first.")


class ReasonNeeded(ToolkitError):
    """A step that must say why was asked for without a reason."""
