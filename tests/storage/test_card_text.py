"""A score card comes back from its text as it was."""

from __future__ import annotations

import json

import pytest

from tests.builders import an_assessment
from tests.domain import test_layers, test_no_overall
from toolkit.domain.scoring import score_assessment
from toolkit.storage.card_text import card_text, read_card


@pytest.mark.parametrize(
    ("checklist", "answers"),
    [(test_layers.LAYERS, test_layers.ANSWERS), (test_no_overall.CHECKLIST, test_no_overall.ANSWERS)],
)
def test_a_card_comes_back_as_it_was(checklist, answers):
    card = score_assessment(checklist, an_assessment(checklist, answers))
    assert read_card(card_text(card)) == card


def test_a_card_stored_before_there_were_layers_has_none():
    card = score_assessment(test_no_overall.CHECKLIST, an_assessment(test_no_overall.CHECKLIST))
    stored = json.loads(card_text(card))
    del stored["layers"]
    assert read_card(json.dumps(stored)) == card
