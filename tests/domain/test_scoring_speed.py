"""A whole card, with range, alternatives and sensitivity, is quick enough to be made on every page."""

from time import process_time

from tests.builders import DONT_KNOW, a_checklist, a_part, a_question, a_theme, answered, not_applicable
from toolkit.domain.checklist import Track
from toolkit.domain.scoring import score


def test_a_checklist_of_160_core_questions_is_scored_in_milliseconds():
    parts = [
        a_part(f"o{one}", *(a_theme(f"t{one}_{two}", *questions(one, two), weight=two + 1) for two in range(8)))
        for one in range(4)
    ]
    checklist = a_checklist(*parts)
    said = [*(answered(level) for level in (0, 1, 2, 3, 4, 3)), DONT_KNOW, not_applicable()]
    answers = {name: said[place % len(said)] for place, name in enumerate(checklist.question_index)}
    took = []
    for _ in range(5):
        start = process_time()
        card = score(checklist, answers, track=Track.CORE)
        took.append(process_time() - start)
    assert card.overall.share is not None
    assert card.sensitivity is not None
    assert min(took) < 0.040  # 0.010 to 0.012 on the machine it was written on; adding up naively took 0.020


def questions(one: int, two: int) -> list:
    return [a_question(f"q{one}_{two}_{three}", weight=three + 1) for three in range(5)]
