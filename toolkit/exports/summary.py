"""What the first sheet says: whose assessment this is, how it came about, and its result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.domain.assessment import SignOff, State, SubjectKind
from toolkit.domain.checklist import Status, Track
from toolkit.domain.scoring import NO_OVERALL
from toolkit.domain.words import SIGN_OFFS, STATES, SUBJECT_KINDS, TRACKS
from toolkit.exports.tables import Share, Tables
from toolkit.exports.words import EDITIONS, provisional_words

NO_SCORE = "No score"


@dataclass(frozen=True, slots=True)
class Line:
    """A name with its value, and the exact fraction where the value is a figure. A heading has a name only."""

    name: str
    value: str = ""
    exact: str = ""
    is_heading: bool = False


def summary_lines(found: Tables) -> Iterator[Line]:
    """The lines of the summary, in reading order."""
    data = found.data
    yield Line("Self-assessment on employment and decent work", is_heading=True)
    yield from _subject(data)
    yield Line("Result", exact="Exact", is_heading=True)
    yield from _result(found)
    for part in data["scores"]["parts"]:
        yield Line(f"Profile: {found.titles[part['id']]}", is_heading=True)
        yield from _profile(part)
    for layer in data["scores"].get("layers", ()):
        title = next(one.title for one in found.checklist.layers if one.id == layer["id"])
        for part in layer["parts"]:
            yield Line(f"{title}: {found.titles[part['id']]}", is_heading=True)
            yield from _profile(part)
            yield Line("Open", _count(part["open"], "question"))
    yield Line("How it came about", is_heading=True)
    yield from _provenance(found)


def _subject(data: Mapping[str, Any]) -> Iterator[Line]:
    subject = data["subject"]
    yield Line("Subject", subject["name"])
    yield Line("Kind", SUBJECT_KINDS[SubjectKind(subject["kind"])])
    if subject["organization"] and subject["organization"] != subject["name"]:
        yield Line("Organization", subject["organization"])
    if subject["country"]:
        yield Line("Country", subject["country"])
    if data["title"]:
        yield Line("Title", data["title"])


def _result(found: Tables) -> Iterator[Line]:
    scores = found.data["scores"]
    overall = scores["overall"]
    reasons = "; ".join(provisional_words(reason, found.titles) for reason in scores["provisional"])
    yield Line("Standing", f"Provisional: {reasons}" if reasons else "Not provisional")
    has_overall = found.checklist.method.overall is not None
    yield _share("Overall score", overall["score"], "%", NO_SCORE if has_overall else NO_OVERALL)
    for part in scores["parts"]:
        if part["scored"]:
            title = found.titles[part["id"]]
            yield _share(title, part["figure"]["score"], "%", part["withheld"] or NO_SCORE)
    yield _share("Coverage", overall["coverage"], "%")
    if has_overall:
        yield _share("If the open questions went worst", overall["lowest"], "%")
        yield _share("If the open questions went best", overall["highest"], "%")
    if (voices := scores.get("voices")) and voices["overall"]:
        yield _share("With each question at its lowest voice", voices["overall"]["lowest"], "%")
        yield _share("With each question at its highest voice", voices["overall"]["highest"], "%")
    yield _share("Set aside", overall["set_aside"], "%")
    if gap := scores["gap"]:
        lowest, highest = found.titles[gap["lowest"]], found.titles[gap["highest"]]
        yield _share("Gap between objectives", gap["share"], f"points; lowest: {lowest}, highest: {highest}")
    for part in scores["low_objectives"]:
        yield Line("Very low", found.titles[part])
    if band := scores["band"]:
        yield Line("Band", band["label"])
    yield _share("Core ratings with evidence", scores["evidence"], "%")
    if sensitivity := scores.get("sensitivity"):
        where = "" if has_overall else ", in its objective"
        yield _share(f"Most that one question moved by one level changes{where}", sensitivity["most"], "points")


def _profile(part: Mapping[str, Any]) -> Iterator[Line]:
    for count in part["profile"]:
        themes, questions = _count(count["themes"], "theme"), _count(count["questions"], "question")
        yield Line(f"{count['level']} – {count['label']}", f"{themes}, {questions}")


def _provenance(found: Tables) -> Iterator[Line]:
    data, checklist = found.data, found.checklist
    draft = ", draft of the checklist" if checklist.status is Status.DRAFT else ""
    yield Line("Checklist", f"{checklist.title}, version {checklist.version}{draft}")
    yield Line("Digest of the checklist", data["checklist"]["digest"])
    yield Line("Method", data["method"])
    yield Line("Track", TRACKS[Track(data["track"])])
    yield Line("Sign-off", SIGN_OFFS[SignOff(data["sign_off"])])
    yield Line("State", STATES[State(data["state"])])
    submission = data["submission"]
    if submission["number"]:
        yield Line("Submission", f"No. {submission['number']}")
        yield Line("Submitted at", submission["submitted_at"] or "")
    if submission.get("provisional_reason"):
        yield Line("Why it was submitted provisional", submission["provisional_reason"])
    for approval in data.get("approvals", ()):
        name = f", {approval['name']}" if approval.get("name") else ""
        yield Line("Approved by", f"{approval['role']}{name}, {approval['approved_at']}")
    if submission["verification_code"]:
        yield Line("Verification code", submission["verification_code"])
    yield Line("Edition", EDITIONS[found.edition])


def _share(name: str, share: Share, unit: str, none: str = NO_SCORE) -> Line:
    return Line(name, f"{share['percent']} {unit}", share["exact"]) if share else Line(name, none)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
