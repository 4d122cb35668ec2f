"""How long the core takes without a server: a score card and a spreadsheet of 160 answered questions.

    python -m benchmarks.core [--json]

Says the cheapest of several runs, in milliseconds of processor time, and the ratio to a yardstick in the same run:
the same answers through Python's own JSON, out and back.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable

from tests.builders import DONT_KNOW, a_checklist, a_part, a_question, a_theme, an_assessment, answered, not_applicable
from toolkit.domain.assessment import Edition
from toolkit.domain.assessment_file import canonical_bytes, to_data
from toolkit.domain.scoring import score_assessment
from toolkit.exports.xlsx_answers import xlsx_answers

RUNS = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    parts = [
        a_part(
            f"o{one}",
            *(
                a_theme(f"t{one}_{two}", *(a_question(f"q{one}_{two}_{three}", weight=three + 1) for three in range(5)))
                for two in range(8)
            ),
        )
        for one in range(4)
    ]
    checklist = a_checklist(*parts)
    said = [answered(level, comment="A comment of some length. " * 8) for level in (0, 1, 2, 3, 4)]
    said += [DONT_KNOW, not_applicable()]
    answers = {name: said[place % len(said)] for place, name in enumerate(checklist.question_index)}
    assessment = an_assessment(checklist, answers)
    card = score_assessment(checklist, assessment)

    def file_bytes() -> bytes:
        return canonical_bytes(to_data(checklist, assessment, Edition.INTERNAL, card=card))

    plain = to_data(checklist, assessment, Edition.INTERNAL, card=card)
    yardstick = cheapest(lambda: json.loads(json.dumps(plain)))
    found = {
        "JSON out and back, the yardstick": yardstick,
        "score card of 160 questions": cheapest(lambda: score_assessment(checklist, assessment)),
        "assessment file": cheapest(
            lambda: canonical_bytes(to_data(checklist, assessment, Edition.INTERNAL, card=card))
        ),
        "spreadsheet": cheapest(lambda: xlsx_answers(checklist, assessment, card, Edition.INTERNAL)),
    }
    if given.json:
        print(json.dumps(found, indent=2))
        return
    for what, milliseconds in found.items():
        print(f"{what:34} {milliseconds:7.1f} ms {milliseconds / yardstick:7.0f} ×")


def cheapest(work: Callable[[], object]) -> float:
    """Milliseconds of processor time of the cheapest run."""
    spent = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent) * 1000


if __name__ == "__main__":
    main()
