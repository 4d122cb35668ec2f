"""The score card, worked by hand."""

from fractions import Fraction

import pytest

from tests.builders import (
    DONT_KNOW,
    a_checklist,
    a_part,
    a_question,
    a_theme,
    answered,
    not_applicable,
)
from toolkit.domain.answers import UNANSWERED
from toolkit.domain.checklist import Track
from toolkit.domain.scoring import score


@pytest.mark.parametrize(
    ("answer", "share"),
    [
        (answered(4), 1),
        (answered(3), Fraction(3, 4)),
        (answered(0), 0),
        (UNANSWERED, None),
        (DONT_KNOW, None),
        (not_applicable(), None),
        (not_applicable(reason=" "), None),
    ],
)
def test_share_of_a_single_question(answer, share):
    checklist = a_checklist(a_part("employment", a_theme("youth", a_question("policy"))))
    card = score(checklist, {"policy": answer}, track=Track.CORE)
    assert card.objective("employment").share == share
    assert card.overall.share == share
