"""What makes a result provisional (DESIGN.md, section 3, rule 7). Exact figures meet exact thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from toolkit.domain.checklist import Thresholds
from toolkit.domain.scorecard import Doubt, Figure, PartScore, Provisional


def doubts(thresholds: Thresholds, overall: Figure, parts: Iterable[PartScore]) -> Iterator[Provisional]:
    """Every reason: coverage overall, coverage of each objective in order, width of the range.

    Coverage is in doubt below its threshold, the range above its own; on the threshold neither is.
    """
    if overall.coverage is not None and overall.coverage < thresholds.coverage:
        yield Provisional(Doubt.COVERAGE, overall.coverage, thresholds.coverage)
    for part in parts:
        coverage = part.figure.coverage
        if part.scored and coverage is not None and coverage < thresholds.objective_coverage:
            yield Provisional(Doubt.OBJECTIVE_COVERAGE, coverage, thresholds.objective_coverage, part.part)
    if overall.width is not None and overall.width > thresholds.range_width:
        yield Provisional(Doubt.RANGE, overall.width, thresholds.range_width)
