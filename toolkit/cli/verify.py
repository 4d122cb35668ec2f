"""`decent-work verify`: whether a report is consistent with itself, and with what was submitted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from toolkit.cli.asking import Answer, CannotAsk, Reply, ask
from toolkit.cli.opening import its_checklist
from toolkit.cli.settings import setting_options
from toolkit.config import Config
from toolkit.domain.assessment import Assessment
from toolkit.domain.assessment_reading import read_file
from toolkit.domain.checklist import Checklist
from toolkit.domain.errors import InvalidInput
from toolkit.domain.printed_figures import read_figures
from toolkit.domain.verification import Outcome, Verification
from toolkit.domain.verification import verify as verify_parts
from toolkit.exports.report_pdf import NotAReport, read_report

NOT_A_REPORT = 2


@click.command()
@click.argument("file", metavar="R.pdf", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--against", metavar="URL", help="Also ask the site at URL whether this is what was submitted.")
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
@setting_options("CHECKLISTS")
def verify(file: Path, against: str | None, as_json: bool, config: Config) -> None:
    """Check whether the printed figures of a PDF report, its scores and the answers it carries agree.

    Without --against nothing is sent anywhere. With it, the site is sent the verification code and the SHA-256 of the
    attached assessment file, and answers "as submitted", "superseded by no. N" or "unknown".

    Exit code 0: consistent, and as submitted where a site was asked; 1: not; 2: not a report, or it could not be
    checked.
    """
    try:
        parts = read_report(file)
        attached, figures = read_file(parts.assessment), read_figures(parts.figures)
    except (NotAReport, InvalidInput) as error:
        raise _cannot(error) from None
    found = verify_parts(attached, figures, _checklist(attached.assessment, config.checklists))
    try:
        reply = ask(against, attached.assessment.verification_code, attached.sha256) if against else None
    except CannotAsk as error:
        raise _cannot(error) from None
    click.echo(_json(found, reply) if as_json else _words(found, reply))
    raise click.exceptions.Exit(_exit_code(found, reply))


def _checklist(assessment: Assessment, folder: Path) -> Checklist | None:
    try:
        return its_checklist(assessment, folder)
    except InvalidInput:
        return None


def _exit_code(found: Verification, reply: Reply | None) -> int:
    if found.outcome is Outcome.NOT_CONSISTENT or (reply and reply.answer is not Answer.AS_SUBMITTED):
        return 1
    return 0 if found.outcome is Outcome.CONSISTENT else NOT_A_REPORT


def _words(found: Verification, reply: Reply | None) -> str:
    assessment = found.file.assessment
    lines = [
        f"{assessment.subject.name}: {found.file.edition} edition, "
        f"checklist {assessment.checklist_id} {assessment.checklist_version}, method {found.file.method}",
        f"{str(found.outcome).capitalize()}.",
        f"Printed figures compared: {found.printed}.",
        *(f"Recomputed: {words}." for words in found.recomputed),
        *(f"Taken as stated, compared with what is printed: {words}." for words in found.taken),
        *(f"  {problem}" for problem in found.problems),
    ]
    if reply:
        lines.append(f"The site at {reply.site} says: {reply.words}.")
    else:
        lines.append("Whether this is what was submitted, only the site can say: --against URL.")
    return "\n".join(lines)


def _json(found: Verification, reply: Reply | None) -> str:
    data: dict[str, Any] = {
        "outcome": str(found.outcome),
        "edition": str(found.file.edition),
        "printed_figures": found.printed,
        "recomputed": list(found.recomputed),
        "taken": list(found.taken),
        "problems": [{"path": one.path, "message": one.message} for one in found.problems],
        "sha256": found.file.sha256,
        "site": None,
    }
    if reply:
        data["site"] = {"answer": str(reply.answer), "superseded_by": reply.superseded_by}
    return json.dumps(data, ensure_ascii=False, indent=2)


def _cannot(error: Exception) -> click.ClickException:
    problems = error.problems if isinstance(error, InvalidInput) else ()
    return _NotAReport("\n  ".join((str(error), *map(str, problems))))


class _NotAReport(click.ClickException):
    exit_code = NOT_A_REPORT
