"""How long a report takes: 120 core questions over four objectives, comments and evidence, all in a tagged PDF.

    python -m benchmarks.report [--runs 5] [--json]

Says the CPU seconds of a cold process (fonts unpacked, layout engine loaded) and of warm runs, the number of pages and
the memory. The bar is 2 s of CPU, warm, for 30 pages.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from datetime import UTC, datetime
from fractions import Fraction
from io import BytesIO

import pikepdf

from toolkit.domain.answers import Answer, AnswerState, Evidence
from toolkit.domain.assessment import Assessment, Edition, State, Subject, SubjectKind
from toolkit.domain.checklist import (
    Checklist,
    Criterion,
    Kind,
    Level,
    Part,
    Question,
    Scale,
    Status,
    Theme,
    Track,
)
from toolkit.domain.scoring import score_assessment
from toolkit.reports.making import make_report

LABELS = ("No visible sign", "First steps", "Partly in place", "Regular practice", "Strongly mainstreamed")
SCALE = Scale("mainstreaming", tuple(Level(value, label) for value, label in enumerate(LABELS)))
COMMENT = "The plan names the outcome and half of the country programmes report on it each year. "


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    seconds, pdf = [], b""
    for _ in range(given.runs + 1):
        start = time.process_time()
        pdf = one_report()
        seconds.append(time.process_time() - start)
    with pikepdf.open(BytesIO(pdf)) as document:
        pages = len(document.pages)
    warm = statistics.median(seconds[1:])
    found = {
        "questions": 120,
        "pages": pages,
        "bytes": len(pdf),
        "cold_cpu_seconds": round(seconds[0], 2),
        "warm_cpu_seconds": round(warm, 2),
        "warm_cpu_seconds_for_30_pages": round(warm * 30 / pages, 2),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(found, indent=2) if given.json else "\n".join(f"{name}: {value}" for name, value in found.items()))


def one_report() -> bytes:
    """Context, HTML and PDF: all that a job does."""
    checklist = a_long_checklist()
    assessment = an_assessment(checklist)
    card = score_assessment(checklist, assessment)
    made_at = datetime(2026, 11, 22, tzinfo=UTC)
    return make_report(checklist, assessment, card, edition=Edition.INTERNAL, language="en", made_at=made_at)


def a_long_checklist() -> Checklist:
    """Four objectives of three themes of ten questions."""
    parts = tuple(
        Part(name, name.capitalize(), tuple(_theme(f"{name}_{place}") for place in range(3)), about="What it is about.")
        for name in ("employment", "protection", "rights", "dialogue")
    )
    return Checklist("long", "1.0.0", "A long checklist", "en", Status.DRAFT, parts, SCALE, "0" * 64)


def _theme(name: str) -> Theme:
    criteria = tuple(Criterion(level, f"What can be seen at level {level} by somebody else.") for level in range(5))
    ratings = tuple(
        Question(
            f"{name}_{place}",
            Kind.RATING,
            "Does the strategy say what is done about it, and are results reported each year?",
            Track.CORE,
            criteria=criteria,
            scale=SCALE,
        )
        for place in range(10)
    )
    closing = Question(
        f"improve_{name}", Kind.TEXT, "How could it be improved?", Track.CORE, Fraction(0), is_improvement=True
    )
    return Theme(name, name.replace("_", " ").capitalize(), (*ratings, closing), why="Why it matters.")


def an_assessment(checklist: Checklist) -> Assessment:
    """Every question answered, every third with a comment, every fourth with evidence."""
    answers = {}
    for place, (_, _, question) in enumerate(checklist.questions()):
        answers[question.id] = Answer(
            AnswerState.ANSWERED,
            place % 5 if question.is_rating else COMMENT,
            comment=COMMENT * 2 if place % 3 == 0 else "",
            evidence=(Evidence("Annual report, chapter 3", "https://example.org/report"),) if place % 4 == 0 else (),
        )
    subject = Subject("Example Organization", SubjectKind.ORGANIZATION, "Example Organization")
    return Assessment(
        checklist.id, checklist.version, checklist.digest, subject, Track.CORE, state=State.SUBMITTED, answers=answers
    )


if __name__ == "__main__":
    main()
