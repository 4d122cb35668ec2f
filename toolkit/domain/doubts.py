"""What makes a result provisional (DESIGN.md, section 3, rule 7). Exact figures meet exact thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from toolkit.domain.checklist import Method
from toolkit.domain.scorecard import Doubt, Figure, PartScore, Provisional


def doubts(method: Method, overall: Figure, parts: Iterable[PartScore]) -> Iterator[Provisional]:
    """Every reason: coverage overall, coverage of each objective in order, width of the range.

    Coverage is in doubt below its threshold, the range above its own; on the threshold neither is. Where the checklist
    has no overall figure, the range of each objective is asked about.
    """
    thresholds = method.thresholds
    scored = tuple(part for part in parts if part.scored)
    if overall.coverage is not None and overall.coverage < thresholds.coverage:
        yield Provisional(Doubt.COVERAGE, overall.coverage, thresholds.coverage)
    for part in scored:
        coverage = part.figure.coverage
        if coverage is not None and coverage < thresholds.objective_coverage:
            yield Provisional(Doubt.OBJECTIVE_COVERAGE, coverage, thresholds.objective_coverage, part.part)
    ranges = [(overall, None)] if method.overall is not None else [(part.figure, part.part) for part in scored]
    for figure, name in ranges:
        if figure.width is not None and figure.width > thresholds.range_width:
            yield Provisional(Doubt.RANGE, figure.width, thresholds.range_width, name)
