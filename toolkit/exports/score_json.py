"""The scores as JSON: what the assessment file says under `scores`, and each question's part in them."""

from __future__ import annotations

from typing import Any

from toolkit.domain.assessment import Assessment, Edition
from toolkit.domain.assessment_file import canonical_bytes, to_data
from toolkit.domain.card_data import question_data
from toolkit.domain.checklist import Checklist
from toolkit.domain.scorecard import QuestionScore, ScoreCard

FORMAT = "decent-work-scores/1"
TAKEN_OVER = ("edition", "checklist", "method", "subject", "title", "track", "state", "scores")


def score_data(checklist: Checklist, assessment: Assessment, card: ScoreCard, edition: Edition) -> dict[str, Any]:
    """The scores of an edition as plain data, with the names of layers, parts and themes beside their ids.

    `questions` stands under each theme except in the public edition, which holds no answers.
    """
    data = to_data(checklist, assessment, edition, card=card, kept=False)
    found = {"format": FORMAT} | {key: data[key] for key in TAKEN_OVER}
    found["submission"] = {key: data["submission"][key] for key in ("number", "submitted_at")}
    for part in found["scores"]["parts"]:
        part["title"] = next(one.title for one in checklist.parts if one.id == part["id"])
        for theme in part["themes"]:
            theme["title"] = checklist.theme(theme["id"]).title
            if edition is not Edition.PUBLIC:
                theme["questions"] = [_question(checklist, question) for question in card.theme(theme["id"]).questions]
    for layer in found["scores"].get("layers", ()):
        layer["title"] = next(one.title for one in checklist.layers if one.id == layer["id"])
        for part in layer["parts"]:
            part["title"] = next(one.title for one in checklist.parts if one.id == part["id"])
            for theme in part["themes"]:
                theme["title"] = checklist.theme(theme["id"]).title
    return found


def _question(checklist: Checklist, score: QuestionScore) -> dict[str, Any]:
    """One question, with its layer where the checklist has layers."""
    layer = checklist.question(score.question).layer
    return question_data(score) | ({"layer": layer.id} if layer else {})


def score_json(checklist: Checklist, assessment: Assessment, card: ScoreCard, edition: Edition) -> bytes:
    """The scores of an edition as canonical bytes: UTF-8, sorted keys, a line feed at the end."""
    return canonical_bytes(score_data(checklist, assessment, card, edition))
