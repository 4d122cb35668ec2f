"""From answers to the score card (method `index/1`; docs/scoring.md tells it to a reader)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from toolkit.domain.alternatives import alternatives
from toolkit.domain.answers import UNANSWERED, Answer, AnswerState
from toolkit.domain.assessment import Assessment, FactValue, ThemeScope
from toolkit.domain.bands import band_of, rated_levels
from toolkit.domain.calculation import (
    Earning,
    PartSheet,
    Sheet,
    ThemeSheet,
    at_best,
    at_worst,
    calculate,
    sheet,
)
from toolkit.domain.checklist import (
    Checklist,
    NotApplicablePolicy,
    ObjectiveId,
    Part,
    Question,
    QuestionId,
    Theme,
    ThemeId,
    Track,
)
from toolkit.domain.doubts import doubts
from toolkit.domain.errors import InvalidInput, Problem, UnknownQuestion
from toolkit.domain.layers import layer_profiles
from toolkit.domain.profiles import level_reached, profile
from toolkit.domain.rounding import whole_percent
from toolkit.domain.routing import NEVER_ASKED, asked, mandate_of
from toolkit.domain.scorecard import (
    Alternative,
    Figure,
    Gap,
    PartScore,
    Progress,
    QuestionScore,
    ScoreCard,
    Standing,
    ThemeScore,
)
from toolkit.domain.sensitivity import sensitivity
from toolkit.domain.shares import Amount, earned, if_not_applicable
from toolkit.domain.tiers import combined

NOTHING = Figure(None, None, None, None, None)
DEALT_WITH = frozenset({AnswerState.ANSWERED, AnswerState.DONT_KNOW, AnswerState.NOT_APPLICABLE})
SCAN_HAS_NO_SCORE = "A scan gives levels and no score."
NO_OVERALL = "This checklist has profiles and figures for its objectives, and no overall figure."


def score(
    checklist: Checklist,
    answers: Mapping[QuestionId, Answer],
    *,
    track: Track,
    scope: Mapping[ThemeId, ThemeScope] | None = None,
    facts: Mapping[str, FactValue] | None = None,
) -> ScoreCard:
    """Score one assessment, theme by theme, objective by objective.

    A theme is made of its core ratings, an objective of its themes, the overall of all objectives; questions are
    never pooled across themes. What is not applicable leaves the calculation (or counts as the checklist's policy
    says); what is open is no number: it lowers coverage and widens the range. A scan, and every profile section, has
    levels and coverage but no shares. A question of an unscored layer enters none of this: each such layer has a
    profile of its own. An answer to a question that is not asked plays no part.

    Raises UnknownQuestion for an answer to a question that the checklist does not have, and InvalidInput for values
    that `check` calls wrong. Source: DESIGN.md, section 3.
    """
    unknown = [name for name in answers if name not in checklist.question_index]
    if unknown:
        raise UnknownQuestion(f"The checklist {checklist.id} {checklist.version} has no question {unknown[0]}.")
    standings = asked(checklist, answers, track=track, scope=scope, facts=facts)
    return _Scoring(checklist, answers, standings, track, scope or {}).card()


def score_assessment(checklist: Checklist, assessment: Assessment) -> ScoreCard:
    """Score an assessment with its own track, mandate scoping and facts. Raises as `score` does."""
    return score(checklist, assessment.answers, track=assessment.track, scope=assessment.scope, facts=assessment.facts)


class _Scoring:
    """One card in the making: the calculation three times over, then what is read from it."""

    def __init__(
        self,
        checklist: Checklist,
        answers: Mapping[QuestionId, Answer],
        standings: Mapping[QuestionId, Standing],
        track: Track,
        scope: Mapping[ThemeId, ThemeScope],
    ) -> None:
        self.checklist = checklist
        self.answers = answers
        self.standings = standings
        self.track = track
        self.scope = scope
        self.has_index = track is not Track.SCAN
        self.earnings = earnings(checklist, answers, standings)
        self.sheet = self._sheet(checklist.method.not_applicable)
        self.result = calculate(self.sheet)
        self.worst = calculate(self.sheet, at_worst)
        self.best = calculate(self.sheet, at_best)

    def card(self) -> ScoreCard:
        parts = tuple(self._part(one) for one in self.sheet.parts)
        overall = self._figure(
            self.result.overall, self.worst.overall, self.best.overall, self.sheet.coverage, self.sheet.set_aside
        )
        shares = {part.part: part.figure.share for part in parts if part.scored}
        thresholds = self.checklist.method.thresholds
        return ScoreCard(
            method=self.checklist.method.name,
            overall=overall,
            parts=parts,
            provisional=tuple(doubts(self.checklist.method, overall, parts)),
            gap=gap(shares),
            low_objectives=tuple(
                id for id, share in shares.items() if share is not None and share < thresholds.low_objective
            ),
            band=band_of(self.checklist.bands, rated_levels(parts)) if self.has_index else None,
            sensitivity=sensitivity(self.sheet, self.result) if self.has_index else None,
            alternatives=self._alternatives() if self.has_index else (),
            progress=self._progress(),
            evidence_share=self._evidence_share(),
            layers=layer_profiles(self.checklist, parts),
        )

    def _sheet(self, policy: NotApplicablePolicy) -> Sheet:
        return sheet(self.checklist, self.earnings, self.standings, policy)

    def _figure(
        self,
        amount: Amount | None,
        low: Amount | None,
        high: Amount | None,
        coverage: Fraction | None,
        set_aside: Fraction | None,
    ) -> Figure:
        if not self.has_index:
            return Figure(None, coverage, None, None, set_aside)
        share, lowest, highest = (None if one is None else one.share for one in (amount, low, high))
        return Figure(share, coverage, lowest, highest, set_aside)

    def _part(self, part_sheet: PartSheet) -> PartScore:
        part = part_sheet.part
        themes = tuple(self._theme(part, one) for one in part_sheet.themes)
        figure = NOTHING
        if part.scored:
            amount, low, high = (one.objectives[part.id] for one in (self.result, self.worst, self.best))
            figure = self._figure(amount, low, high, part_sheet.coverage, part_sheet.set_aside)
        return PartScore(
            part.id, part.scored, figure, profile(self.checklist, themes), themes, self._withheld(part_sheet)
        )

    def _withheld(self, part_sheet: PartSheet) -> str:
        if not part_sheet.part.scored:
            return ""
        if not self.has_index:
            return SCAN_HAS_NO_SCORE
        if not part_sheet.is_withheld:
            return ""
        most = whole_percent(self.checklist.method.thresholds.set_aside)
        return f"More than {most} of it is not applicable or outside the mandate, so it has a profile and no score."

    def _theme(self, part: Part, theme_sheet: ThemeSheet) -> ThemeScore:
        theme = theme_sheet.theme
        amount, low, high = (one.themes[theme.id] for one in (self.result, self.worst, self.best))
        if part.scored:
            figure = self._figure(amount, low, high, theme_sheet.coverage, theme_sheet.set_aside)
        else:
            figure = Figure(None, theme_sheet.coverage, None, None, theme_sheet.set_aside)
        return ThemeScore(
            theme=theme.id,
            figure=figure,
            weight=theme.weight,
            mandate=mandate_of(part, theme, self.scope),
            level=None if amount is None else level_reached(self.checklist.scale, amount.share),
            questions=tuple(self._question(question) for question in theme.questions),
            full_share=self._full_share(theme) if part.scored and self.track is Track.FULL else None,
        )

    def _question(self, question: Question) -> QuestionScore:
        standing = self.standings[question.id]
        if standing in NEVER_ASKED:
            return QuestionScore(question.id, AnswerState.NOT_ASKED, standing, None, question.weight)
        answer = self.answers.get(question.id, UNANSWERED)
        state = AnswerState.UNANSWERED if answer.state is AnswerState.NOT_ASKED else answer.counted_state
        amount = self._amount(question)
        earning = self.earnings.get(question.id)
        return QuestionScore(
            question.id,
            state,
            standing,
            share=None if amount is None else amount.share,
            weight=question.weight,
            level=None if earning is None else earning.level,
        )

    def _amount(self, question: Question) -> Amount | None:
        """What a question earns, under the checklist's policy where a rating is not applicable."""
        earning = self.earnings.get(question.id)
        if earning is not None:
            return earning.amount
        answer = self.answers.get(question.id, UNANSWERED)
        is_scored = question.is_rating and not question.is_beside_the_index
        if is_scored and answer.counted_state is AnswerState.NOT_APPLICABLE:
            return if_not_applicable(question, self.checklist.method.not_applicable)
        return None

    def _full_share(self, theme: Theme) -> Fraction | None:
        """The theme over all its answered ratings with weight, by the rule that its score follows."""
        ratings = [
            (question.weight, self._amount(question))
            for question in theme.questions
            if question.is_rating and self.standings[question.id] not in NEVER_ASKED
        ]
        amount = combined(self.checklist.method.theme, ratings)
        return None if amount is None else amount.share

    def _alternatives(self) -> tuple[Alternative, ...]:
        has_any = Standing.NOT_APPLICABLE in self.standings.values()
        return alternatives(self.sheet, self.result, self._sheet(NotApplicablePolicy.LOWEST) if has_any else self.sheet)

    def _progress(self) -> Progress:
        themes = []
        for _, theme in self.checklist.themes():
            wanted = [
                question
                for question in theme.questions
                if not question.is_improvement and self.standings[question.id] not in NEVER_ASKED
            ]
            dealt = sum(self.answers.get(one.id, UNANSWERED).counted_state in DEALT_WITH for one in wanted)
            themes.append((theme.id, dealt, len(wanted)))
        return Progress(sum(one[1] for one in themes), sum(one[2] for one in themes), tuple(themes))

    def _evidence_share(self) -> Fraction | None:
        counting = [
            item.question.id
            for part in self.sheet.objectives
            for theme in part.themes
            if theme.theme.weight > 0
            for item in theme.items
            if item.standing is Standing.COUNTS
        ]
        shown = sum(bool(self.answers[id].evidence) for id in counting)
        return Fraction(shown, len(counting)) if counting else None


def gap(shares: Mapping[ObjectiveId, Fraction | None]) -> Gap | None:
    """The distance from the lowest to the highest objective; the first named of equals. None below two scores."""
    scored = {id: share for id, share in shares.items() if share is not None}
    if len(scored) < 2:
        return None
    low, high = min(scored, key=scored.__getitem__), max(scored, key=scored.__getitem__)
    return Gap(scored[high] - scored[low], low, high)


def earnings(
    checklist: Checklist, answers: Mapping[QuestionId, Answer], standings: Mapping[QuestionId, Standing]
) -> dict[QuestionId, Earning]:
    """What each answer earns, for the questions that are asked and answered. Raises InvalidInput for wrong values."""
    found: dict[QuestionId, Earning] = {}
    problems = []
    for name, answer in answers.items():
        if standings[name] in NEVER_ASKED or answer.counted_state is not AnswerState.ANSWERED or answer.value is None:
            continue
        question = checklist.question(name)
        try:
            amount = earned(question, answer.value)
        except ValueError as error:
            problems.append(Problem(f"answers.{name}", str(error)))
        else:
            level = answer.value if question.is_rating and isinstance(answer.value, int) else None
            found[name] = Earning(amount, level)
    if problems:
        raise InvalidInput("The answers", tuple(problems))
    return found
