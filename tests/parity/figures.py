"""Every figure of a score card, exact, by where it stands and what it is; and how each may be printed."""

from __future__ import annotations

from fractions import Fraction

from toolkit.domain.checklist import Thresholds
from toolkit.domain.rounding import marks, one_decimal, whole_percent
from toolkit.domain.scorecard import Figure, ScoreCard

Key = tuple[str, str]  # place and kind: ("objective.rights", "coverage")
POINTS = {"gap", "sensitivity_most", "sensitivity_typical"}  # printed as points on pages


def exact_figures(card: ScoreCard) -> dict[Key, Fraction]:
    """All of them: overall, parts, themes, gap, evidence, sensitivity, other choices. None has no entry."""
    found: dict[Key, Fraction | None] = of_figure("overall", card.overall)
    for part in card.parts:
        found |= of_figure(f"{'objective' if part.scored else 'section'}.{part.part}", part.figure)
        for theme in part.themes:
            found |= of_figure(f"theme.{theme.theme}", theme.figure)
            found["theme." + theme.theme, "full_score"] = theme.full_share
    found["overall", "gap"] = card.gap.share if card.gap else None
    found["overall", "evidence"] = card.evidence_share
    if card.sensitivity:
        found["overall", "sensitivity_most"] = card.sensitivity.most
        found["overall", "sensitivity_typical"] = card.sensitivity.typical
    for other in card.alternatives:
        found[f"alternative.{other.id}", "score"] = other.overall
        found |= {(f"alternative.{other.id}", objective): share for objective, share in other.objectives}
    return {key: share for key, share in found.items() if share is not None}


def layer_figures(card: ScoreCard) -> dict[Key, str]:
    """Every count and level of unscored layers."""
    found: dict[Key, str] = {}
    for layer in card.layers:
        for part in layer.parts:
            place = f"layer.{layer.layer}.part.{part.part}"
            found[place, "open"] = str(part.open)
            for count in part.profile:
                found[place, f"questions_at_{count.level}"] = str(count.questions)
                found[place, f"themes_at_{count.level}"] = str(count.themes)
            found |= {
                (f"layer.{layer.layer}.theme.{theme.theme}", "level"): str(theme.level)
                for theme in part.themes
                if theme.level is not None
            }
    return found


def of_figure(place: str, figure: Figure) -> dict[Key, Fraction | None]:
    kinds = {"score": figure.share, "coverage": figure.coverage, "lowest": figure.low, "highest": figure.high}
    return {(place, kind): share for kind, share in (kinds | {"set_aside": figure.set_aside}).items()}


def tenths(key: Key, share: Fraction, thresholds: Thresholds) -> str:
    """How data files and tables print it: "71.9"."""
    return one_decimal(share, *marks(thresholds, key[0].partition(".")[0], key[1]))


def whole(key: Key, share: Fraction, thresholds: Thresholds) -> str:
    """How pages and letters print it: "72 %"."""
    return whole_percent(share, *marks(thresholds, key[0].partition(".")[0], key[1]))
