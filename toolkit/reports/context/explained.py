"""Each figure explained in words, as far as an edition may say what single questions were answered."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.domain.assessment import Edition
from toolkit.domain.checklist import Checklist, Part
from toolkit.domain.explain import Explanation, explain_objective, explain_overall, explain_theme
from toolkit.domain.scorecard import ScoreCard


@dataclass(frozen=True, slots=True)
class Explained:
    """How one figure came about."""

    title: str
    text: str


def explained_overall(checklist: Checklist, card: ScoreCard, edition: Edition) -> Explained:
    """The overall figure. The public edition holds neither sensitivity nor other choices of method."""
    found = explain_overall(checklist, card)
    return _explained(found, "Overall", is_public=edition is Edition.PUBLIC)


def explained_part(
    checklist: Checklist, card: ScoreCard, part: Part, numbers: dict[str, str], edition: Edition
) -> tuple[Explained, ...]:
    """An objective and then each of its themes; a theme's arithmetic shows answers, so no public edition has it.

    `numbers` gives each theme its display number. A profile section has no figure to explain.
    """
    if not part.scored:
        return ()
    is_public = edition is Edition.PUBLIC
    own = _explained(explain_objective(checklist, card, part.id), part.title, is_public=is_public)
    if is_public:
        return (own,)
    themes = (
        _explained(explain_theme(checklist, card, theme.id), f"{numbers[theme.id]} {theme.title}", is_public=False)
        for theme in part.themes
    )
    return (own, *themes)


def _explained(found: Explanation, title: str, *, is_public: bool) -> Explained:
    sentences = (*found.score, *found.rests_on) if is_public else found.sentences
    return Explained(title, " ".join(sentences))
