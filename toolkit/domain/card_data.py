"""The score card as plain data: every figure as exact text and in per cent with one decimal, never as a float."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from toolkit.domain.checklist import Thresholds
from toolkit.domain.rounding import exact, marks, one_decimal
from toolkit.domain.scorecard import Figure, LayerProfile, LevelCount, PartScore, QuestionScore, ScoreCard, ThemeScore
from toolkit.domain.voices_range import Reach, VoicesRange


def share_data(share: Fraction | None, *thresholds: Fraction) -> dict[str, str] | None:
    """`{"exact": "23/32", "percent": "71.9"}`; None stays None. Under one of `thresholds` it never prints as it."""
    return None if share is None else {"exact": exact(share), "percent": one_decimal(share, *thresholds)}


def figure_data(figure: Figure, tier: str, thresholds: Thresholds) -> dict[str, Any]:
    """A figure with what it rests on."""
    return {
        "score": share_data(figure.share, *marks(thresholds, tier, "score")),
        "coverage": share_data(figure.coverage, *marks(thresholds, tier, "coverage")),
        "lowest": share_data(figure.low),
        "highest": share_data(figure.high),
        "set_aside": share_data(figure.set_aside),
    }


def card_data(card: ScoreCard, thresholds: Thresholds) -> dict[str, Any]:
    """The whole card without its questions, in the checklist's order; `layers` only where there is an unscored one."""
    return {
        "overall": figure_data(card.overall, "overall", thresholds),
        "parts": [_part(part, thresholds) for part in card.parts],
        "provisional": [
            {
                "doubt": str(reason.doubt),
                "part": reason.part,
                "value": share_data(reason.value, reason.threshold),
                "threshold": share_data(reason.threshold),
            }
            for reason in card.provisional
        ],
        "gap": card.gap
        and {"share": share_data(card.gap.share), "lowest": card.gap.lowest, "highest": card.gap.highest},
        "low_objectives": list(card.low_objectives),
        "band": card.band and {"id": card.band.id, "label": card.band.label},
        "evidence": share_data(card.evidence_share),
        "sensitivity": card.sensitivity
        and {
            "most": share_data(card.sensitivity.most),
            "typical": share_data(card.sensitivity.typical),
            "question": card.sensitivity.question,
        },
        "alternatives": [
            {
                "id": other.id,
                "overall": share_data(other.overall),
                "objectives": {part: share_data(share) for part, share in other.objectives},
                "order_differs": other.order_differs,
            }
            for other in card.alternatives
        ],
        "progress": {"answered": card.progress.answered, "asked": card.progress.asked},
    } | ({"layers": [_layer(layer) for layer in card.layers]} if card.layers else {})


def voices_data(found: VoicesRange) -> dict[str, Any]:
    """The range over the voices, overall and of each objective."""
    return {"overall": _span(found.overall), "objectives": {part: _span(one) for part, one in found.objectives}}


def _span(reach: Reach | None) -> dict[str, Any] | None:
    return None if reach is None else {"lowest": share_data(reach.low), "highest": share_data(reach.high)}


def question_data(question: QuestionScore) -> dict[str, Any]:
    """One question's part in its theme's score."""
    return {
        "id": question.question,
        "state": str(question.state),
        "standing": str(question.standing),
        "level": question.level,
        "share": share_data(question.share),
        "weight": exact(question.weight),
    }


def _part(part: PartScore, thresholds: Thresholds) -> dict[str, Any]:
    return {
        "id": part.part,
        "scored": part.scored,
        "figure": figure_data(part.figure, "objective" if part.scored else "section", thresholds),
        "profile": _profile(part.profile),
        "withheld": part.withheld,
        "themes": [_theme(theme, thresholds) for theme in part.themes],
    }


def _profile(counts: Iterable[LevelCount]) -> list[dict[str, Any]]:
    return [
        {"level": count.level, "label": count.label, "questions": count.questions, "themes": count.themes}
        for count in counts
    ]


def _layer(layer: LayerProfile) -> dict[str, Any]:
    return {
        "id": layer.layer,
        "parts": [
            {
                "id": part.part,
                "profile": _profile(part.profile),
                "open": part.open,
                "themes": [{"id": theme.theme, "level": theme.level} for theme in part.themes],
            }
            for part in layer.parts
        ],
    }


def _theme(theme: ThemeScore, thresholds: Thresholds) -> dict[str, Any]:
    return {
        "id": theme.theme,
        "weight": exact(theme.weight),
        "mandate": str(theme.mandate),
        "level": theme.level,
        "figure": figure_data(theme.figure, "theme", thresholds),
        "full_score": share_data(theme.full_share),
    }
