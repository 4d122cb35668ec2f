"""The tables of docs/contract.md say what the code does."""

import re
from pathlib import Path

import pytest

from toolkit.cli.serve import FIRST_ADMINISTRATOR
from toolkit.config import SETTINGS
from toolkit.domain import acting, positions, strict_json
from toolkit.domain.checking import LIMITS
from toolkit.domain.discussions import MAX_MENTIONS, MAX_MESSAGE, MAX_MESSAGES, MAX_THREADS
from toolkit.domain.handovers import MAX_DUE_DAYS, MAX_NEXT_NOTE, MAX_NOTE, MAX_PARTS, MAX_PEOPLE
from toolkit.domain.workflow import DISCARDED_DAYS, TRANSITIONS, Step
from toolkit.exports import sheet_reading
from toolkit.files import packed
from toolkit.files.kinds import TAKEN
from toolkit.jobs import sheets as sheet_reader
from toolkit.services import digests, evidence_rows, invite_list, passwords, personal_links, rates, sandbox, sheets
from toolkit.services.links import HOURS_VALID
from toolkit.storage import strict_yaml
from toolkit.web import imports, limits

CONTRACT = (Path(__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")
DEFAULT = {setting.name: setting.default for setting in SETTINGS}
RATE_WORDS = {
    "sign_in_name": "sign-ins that fail, for one name",
    "sign_in_address": "sign-ins that fail, from one address",
    "reset_name": "new passwords asked for, for one name",
    "reset_address": "new passwords asked for, from one address",
    "link_address": "one-time links that do not work, from one address",
    "code_name": "codes of the second step, for one person",
    "code_address": "codes of the second step, from one address",
    "personal_link": "times one personal link is opened",
    "export_name": "downloads of what is kept about oneself",
    "visitor_address": "demos begun, from one address",
}


def number(count: int) -> str:
    return f"{count:,}"


def size(count: int) -> str:
    return f"{count // 2**20} MiB" if count % 2**20 == 0 else f"{count:,} bytes"


def quota(allowed: evidence_rows.Quota) -> str:
    return f"{number(allowed.files)}, with {number(allowed.bytes // 2**20)} MiB together"


def minutes(seconds: int) -> str:
    return f"{seconds // 60} minutes"


LIMIT_ROWS = [
    ("text of an answer", f"{number(LIMITS.text)} characters"),
    ("comment", f"{number(LIMITS.comment)} characters"),
    ("reason", f"{number(LIMITS.reason)} characters"),
    ("voices of an assessment", f"{positions.MAX_VOICES} beside the consolidated one"),
    ("name of a voice", f"{positions.MAX_VOICE_NAME} characters"),
    ("a voice’s own words about the whole", f"{number(positions.MAX_PARAGRAPH)} characters"),
    ("why a voice is left out, and its reply", f"{number(positions.MAX_LEFT_OUT_REASON)} characters each"),
    ("evidence", f"{LIMITS.evidence_per_answer} an answer"),
    ("title of evidence", f"{LIMITS.evidence_title} characters"),
    ("address of evidence", f"{number(LIMITS.url)} characters"),
    ("a file of evidence", f"{size(evidence_rows.MAX_FILE_BYTES)}: {TAKEN}, told by content"),
    ("a packed file of evidence, unpacked", f"{size(packed.MAX_UNPACKED_BYTES)} in {number(packed.MAX_PARTS)} parts"),
    ("files of evidence in an assessment", quota(evidence_rows.OF_ASSESSMENT)),
    ("files of evidence in a space", quota(evidence_rows.OF_SPACE)),
    ("files of evidence in a visitor's demo", quota(evidence_rows.OF_DEMO)),
    ("a file of evidence that no answer names", f"{evidence_rows.WAITING_HOURS} hours"),
    ("table", f"{LIMITS.table_rows} rows, {LIMITS.cell} characters a cell"),
    ("number", f"{LIMITS.number_digits} digits"),
    ("a note for the next round", f"{number(MAX_NEXT_NOTE)} characters"),
    (
        "a personal link",
        f"until the end of its due day, {personal_links.MAX_DAYS} days at most; "
        f"{personal_links.USUAL_DAYS} days where none is due",
    ),
    (
        "acting for somebody",
        f"{acting.MAX_DAYS} days at a time, beginning within {acting.MAX_DAYS} days, "
        f"{acting.MAX_ACTING} planned for one person in a space",
    ),
    (
        "a hand-over",
        f"{MAX_PARTS} parts, {MAX_PEOPLE} people at a time, a note of {number(MAX_NOTE)} characters, "
        f"due within {MAX_DUE_DAYS} days",
    ),
    (
        "discussions",
        f"{MAX_THREADS} about a question, {MAX_MESSAGES} messages in each, {number(MAX_MESSAGE)} characters in each, "
        f"{MAX_MENTIONS} people asked to look",
    ),
    (
        "a sheet that comes back",
        f"{size(sheet_reader.MAX_FILE_BYTES)}, {size(sheet_reader.MAX_UNPACKED_BYTES)} unpacked, "
        f"{number(sheet_reading.MAX_ROWS)} rows, {sheet_reader.MAX_SECONDS} seconds",
    ),
    ("groups of a workshop", f"{sheets.MAX_GROUPS}, each with a name of {sheets.MAX_GROUP_NAME} characters"),
    ("a list of people to invite", f"{invite_list.MAX_LINES} lines, {size(invite_list.MAX_BYTES)}"),
    (
        "reminders",
        f"1 a day for a person, from {digests.FROM_HOUR} o'clock; "
        f"the same list not again for {digests.SAME_AGAIN_DAYS} days",
    ),
    ("password", f"{passwords.MIN_CHARS} to {passwords.MAX_CHARS} characters, none of the commonest"),
    ("one-time link", f"{HOURS_VALID} hour"),
    ("session", f"{DEFAULT['SESSION_HOURS']} hours, {DEFAULT['SESSION_IDLE_MINUTES']} minutes idle (settings)"),
    ("a visitor's demo", f"{sandbox.HOURS} hours, {DEFAULT['SANDBOX_LIMIT']} at a time (setting)"),
    ("body of a request", size(limits.MAX_BODY_BYTES)),
    ("body of a request with a file of evidence", size(limits.MAX_UPLOAD_BYTES)),
    ("form", f"{size(limits.MAX_FORM_BYTES)}, {number(limits.MAX_FORM_PARTS)} fields"),
    ("address of a page", f"{number(limits.MAX_ADDRESS_CHARS)} characters a part"),
    ("assessment file to import in the browser", size(imports.MAX_FILE_BYTES)),
    ("assessment file on the command line", f"{size(strict_json.MAX_BYTES)}, {strict_json.MAX_DEPTH} levels deep"),
    ("definition", f"{size(strict_yaml.MAX_BYTES)}, {strict_yaml.MAX_DEPTH} levels deep"),
    ("making one report", f"{DEFAULT['REPORT_SECONDS']} s, {number(DEFAULT['REPORT_MEGABYTES'])} MB (settings)"),
    *((RATE_WORDS[rate.name], f"{rate.tries} in {minutes(rate.seconds)}") for rate in rates.RATES),
]


def step_row(transition) -> str:
    also = ["nothing missing"] * transition.complete + ["a reason"] * transition.with_reason
    sign_offs = "any" if len(transition.sign_offs) == 3 else " or ".join(sorted(transition.sign_offs))
    cells = [transition.step, transition.source, transition.target, transition.permission, sign_offs, ", ".join(also)]
    return "| " + " | ".join(f"`{cell}`" if place < 4 else cell for place, cell in enumerate(cells)) + " |"


@pytest.mark.parametrize("row", LIMIT_ROWS, ids=lambda row: row[0])
def test_every_limit_is_in_the_table(row):
    assert f"| {row[0]} | {row[1]} |" in CONTRACT


def test_the_table_of_limits_has_no_other_row():
    section = CONTRACT.partition("## 6. Limits")[2].partition("## 7.")[0]
    assert len(re.findall(r"^\| (?!---|what)", section, re.MULTILINE)) == len(LIMIT_ROWS)


@pytest.mark.parametrize("transition", TRANSITIONS, ids=lambda one: f"{one.step}-{one.source}")
def test_every_step_is_in_the_table(transition):
    assert step_row(transition).replace("|  |", "| |") in CONTRACT


def test_the_table_of_steps_has_no_other_row():
    section = CONTRACT.partition("## 10.")[2].partition("## 11.")[0]
    assert set(re.findall(r"^\| `([a-z_]+)`", section, re.MULTILINE)) == {str(step) for step in Step}
    assert section.count("\n| `") == len(TRANSITIONS)


def test_the_numbers_in_its_sentences():
    assert f"brought back for {DISCARDED_DAYS} days" in CONTRACT
    assert f"ADDRESS/{FIRST_ADMINISTRATOR}TOKEN" in CONTRACT
