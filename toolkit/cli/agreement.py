"""`decent-work checklists cases` and `… agreement`: whether raters come to the same level."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from toolkit.cli.checklist_choice import (
    as_json_option,
    beside_named,
    checklist_named,
    folder_of,
    folder_option,
    print_json,
    show_problems,
)
from toolkit.cli.opening import open_assessment, problems_shown
from toolkit.domain import agreement as rules
from toolkit.domain.agreement import QuestionAgreement, pairs_between
from toolkit.domain.card_data import share_data
from toolkit.domain.cases import Case
from toolkit.domain.checklist import Checklist, QuestionId
from toolkit.domain.errors import InvalidInput
from toolkit.domain.pilots import Pair, read_pilots
from toolkit.domain.rounding import whole_percent
from toolkit.storage import beside


@click.command()
@click.argument("checklist", metavar="CHECKLIST")
@click.option("--answers", is_flag=True, help="Print the level of each case too, and why it is that level.")
@folder_option
@as_json_option
def cases(checklist: str, answers: bool, folder: Path | None, as_json: bool) -> None:
    """Print the cases of a CHECKLIST, to rate them afresh, or with their levels."""
    found = checklist_named(checklist, folder, as_json=as_json)
    try:
        listed = beside.cases(beside_named(checklist, found, folder), found)
    except InvalidInput as error:
        show_problems(error.problems, as_json=as_json)
    if as_json:
        print_json([_case_data(case, answers) for case in listed])
        return
    for number, case in enumerate(listed, 1):
        click.echo("\n".join(_case_lines(number, case, found, answers)))
    if not listed:
        click.echo(f"There are no cases beside {found.id} {found.version}.")


def _case_data(case: Case, answers: bool) -> dict[str, Any]:
    data = {"id": case.id, "question": case.question, "title": case.title, "text": case.text}
    return data | ({"level": case.level, "reason": case.reason} if answers else {})


def _case_lines(number: int, case: Case, checklist: Checklist, answers: bool) -> Iterator[str]:
    question = checklist.question(case.question)
    yield f"{number}. {case.title}  [{case.id}]"
    yield case.text
    yield f"{question.text}  [{question.id}]"
    for level in question.scale.levels if question.scale else ():
        yield f"  {level.value} {level.label}: {question.criterion(level.value)}"
    yield f"Level {case.level}. {case.reason}\n" if answers else "Level: ____\n"


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yaml", "as_yaml", is_flag=True, help="Print the entry for pilots.yaml, and the table beside it.")
@click.option(
    "--id", "pilot_id", default="", help="The name of the pilot in that entry; made of its month if left out."
)
@click.option("--title", default="", help="Its title; names of subjects do not belong there.")
@click.option("--when", default="", help='Its month, such as "2027-03"; this month if left out.')
@click.option("--who", default="", help="What kind of people rated, without their names.")
@folder_option
@as_json_option
def agreement(
    files: tuple[Path, ...],
    as_yaml: bool,
    pilot_id: str,
    title: str,
    when: str,
    who: str,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Compare the assessment FILES of two raters, two for each subject, question by question.

    All are of one checklist version; the first file of a subject gives the first level of its pairs.
    """
    with problems_shown(as_json):
        opened = [open_assessment(file, folder_of(folder)) for file in files]
        checklist = opened[0].checklist
        pairs = pairs_between(checklist, [one.assessment for one in opened])
    found = rules.agreement(checklist, pairs)
    if as_json:
        print_json([_agreement_data(one, pairs) for one in found])
        return
    for line in _table(found):
        click.echo(line, err=as_yaml)
    if as_yaml:
        when = when or f"{datetime.now(UTC):%Y-%m}"
        subjects = len(files) // 2
        pilot = {
            "id": pilot_id or f"pilot_{when.replace('-', '_')}",
            "title": title or f"{subjects} subject{'s' if subjects != 1 else ''}, two raters each",
            "when": when,
            "who": who or "Two raters",
            "ratings": {name: [list(pair) for pair in of] for name, of in pairs.items()},
        }
        with problems_shown():
            read_pilots(
                {"format": 1, "checklist": checklist.id, "version": checklist.version, "pilots": [pilot]}, checklist
            )
        click.echo("\n".join(_entry(pilot)))


def _agreement_data(one: QuestionAgreement, pairs: Mapping[QuestionId, tuple[Pair, ...]]) -> dict[str, Any]:
    return {
        "question": one.question.id,
        "pairs": [list(pair) for pair in pairs[one.question.id]],
        "exact": share_data(one.exact, rules.EXACT_NEEDED),
        "within_one": share_data(one.within_one, rules.WITHIN_ONE_NEEDED),
        "verdict": one.verdict,
    }


def _table(found: tuple[QuestionAgreement, ...]) -> Iterator[str]:
    if not found:
        yield "No question was rated by both."
        return
    width = max(len(one.question.id) for one in found)
    yield f"{'Question':<{width}}  Pairs  Same level  Within one  Verdict"
    for one in found:
        same = whole_percent(one.exact, rules.EXACT_NEEDED)
        near = whole_percent(one.within_one, rules.WITHIN_ONE_NEEDED)
        verdict = rules.VERDICTS[one.verdict]
        yield f"{one.question.id:<{width}}  {one.pairs:>5}  {same:>10}  {near:>10}  {verdict}"
    yield rules.RULE


def _entry(pilot: Mapping[str, Any]) -> Iterator[str]:
    """The entry as it stands below `pilots:`. A JSON text is a YAML text too, whatever is in it."""
    yield f"  - id: {pilot['id']}"
    for key in ("title", "when", "who"):
        yield f"    {key}: {json.dumps(pilot[key], ensure_ascii=False)}"
    yield "    ratings:"
    for name, pairs in pilot["ratings"].items():
        yield f"      {name}: {json.dumps(pairs)}"
