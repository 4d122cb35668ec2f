"""A second implementation of the index, written from the words of the rules alone, to be compared with the first.

Brute force on purpose: range and sensitivity are found by scoring again with other answers. Nothing of the toolkit is
called; its nouns are read as data. Only means, and only with what is not applicable left out. The numbers in brackets
are those of the rules in DESIGN.md, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

TRACKS = ("scan", "core", "full")
OPEN = ("unanswered", "dont_know")


@dataclass(frozen=True)
class Said:
    """An answer given for the sake of the argument."""

    value: int
    state: str = "answered"
    reason: str = ""


@dataclass
class Tally:
    """Figures by "overall", part id and theme id; a name that is missing has no figure."""

    share: dict[str, Fraction] = field(default_factory=dict)
    coverage: dict[str, Fraction] = field(default_factory=dict)
    aside: dict[str, Fraction] = field(default_factory=dict)


@dataclass
class Oracle:
    """One checklist, its answers, track and scope, with the routing found once [2, 6]."""

    checklist: object
    answers: dict
    track: str
    scope: dict
    facts: dict = field(default_factory=dict)

    def __post_init__(self):
        self.asked = set()
        for part in self.checklist.parts:
            for theme in part.themes:
                for one in theme.questions:
                    in_track = TRACKS.index(one.track) <= TRACKS.index(self.track)
                    if in_track and not self.outside(part, theme) and (one.ask_if is None or self.holds(one.ask_if)):
                        self.asked.add(one.id)

    def outside(self, part, theme):
        return part.scored and theme.id in self.scope and self.scope[theme.id].mandate == "outside"

    def holds(self, condition):
        """An open gate, or a fact not known, asks; a gate not applicable or not asked does not."""
        if hasattr(condition, "conditions"):
            each = [self.holds(one) for one in condition.conditions]
            return all(each) if type(condition).__name__ == "AllOf" else any(each)
        gate, bounds = condition.source.id, condition.values
        if condition.source.is_fact:
            if gate not in self.facts:
                return True
            value = self.facts[gate]
        elif gate not in self.asked or state(self.answers, gate) == "not_applicable":
            return False
        elif state(self.answers, gate) in OPEN:
            return True
        else:
            value = self.answers[gate].value
        tests = {
            "at_least": lambda: value >= bounds[0],
            "at_most": lambda: value <= bounds[0],
            "is": lambda: value == bounds[0],
            "is_not": lambda: value != bounds[0],
            "any_of": lambda: value in bounds,
        }
        return tests[condition.test]()

    def core(self, theme):
        """The ratings of a theme that the index may use in this track: never those of the full track only."""
        tracks = [name for name in TRACKS[: TRACKS.index(self.track) + 1] if name != "full"]
        return [one for one in theme.questions if one.kind == "rating" and one.track in tracks and one.weight > 0]

    def every_core(self):
        """(part, theme, question) for every core rating of a scored part."""
        for part in self.checklist.parts:
            for theme in part.themes if part.scored else ():
                yield from ((part, theme, one) for one in self.core(theme))

    def tally(self, answers=None) -> Tally:
        """Scores, coverage and what is set aside [1, 3, 4, 5], for these answers instead of the given ones."""
        answers = self.answers if answers is None else answers
        found = Tally()
        parts = [part for part in self.checklist.parts if part.scored]
        for part in parts:
            for theme in part.themes:
                core, outside = self.core(theme), self.outside(part, theme)
                on = [one for one in core if one.id in self.asked]
                away = core if outside else [one for one in on if state(answers, one.id) == "not_applicable"]
                fits = [one for one in on if state(answers, one.id) != "not_applicable"]
                rated = [one for one in on if state(answers, one.id) == "answered"]
                if fits:
                    found.coverage[theme.id] = total(rated) / total(fits)
                if core:
                    found.aside[theme.id] = total(away) / total(core)
                if rated and self.track != "scan":
                    points = sum(one.weight * shares(one.scale)[answers[one.id].value] for one in rated)
                    found.share[theme.id] = points / total(rated)
            for figures in (found.share, found.coverage, found.aside):
                known = [(theme.weight, figures[theme.id]) for theme in part.themes if theme.id in figures]
                if sum(weight for weight, _ in known) > 0:
                    figures[part.id] = sum(w * one for w, one in known) / Fraction(sum(w for w, _ in known))
            if found.aside.get(part.id, 0) > self.checklist.method.thresholds.set_aside:
                found.share.pop(part.id, None)
        for figures in (found.share, found.coverage, found.aside):
            known = [figures[part.id] for part in parts if part.id in figures]
            if known and (figures is not found.share or len(known) == len(parts)):
                figures["overall"] = sum(known) / Fraction(len(known))
        return found

    def end(self, pick) -> dict[str, Fraction]:
        """The shares with each open question at the level of its lowest (pick=min) or highest (max) share [6]."""
        given = dict(self.answers)
        for _, _, one in self.every_core():
            if one.id in self.asked and state(self.answers, one.id) in OPEN:
                given[one.id] = Said(pick(shares(one.scale), key=shares(one.scale).get))
        return self.tally(given).share

    def moves(self) -> dict[str, Fraction]:
        """By question that counts: the most that the overall changes when it moves by one level [10]."""
        base, found = self.tally().share.get("overall"), {}
        for _, theme, one in self.every_core() if base is not None else ():
            if one.id not in self.asked or theme.weight == 0 or state(self.answers, one.id) != "answered":
                continue
            values = [level.value for level in one.scale.levels]
            place = values.index(self.answers[one.id].value)
            beside = [Said(values[near]) for near in (place - 1, place + 1) if 0 <= near < len(values)]
            moved = [self.tally({**self.answers, one.id: said}).share["overall"] for said in beside]
            found[one.id] = max(abs(one - base) for one in moved)
        return found

    def not_applicable_lowest(self) -> dict[str, Fraction]:
        """The shares had every question that is not applicable been answered with its lowest level [10]."""
        given = dict(self.answers)
        for _, _, one in self.every_core():
            if one.id in self.asked and state(self.answers, one.id) == "not_applicable":
                given[one.id] = Said(min(shares(one.scale), key=shares(one.scale).get))
        return self.tally(given).share


def state(answers, name):
    """In one word; not applicable without its reason, and answered without a value, are unanswered."""
    answer = answers.get(name)
    if answer is None or (answer.state == "not_applicable" and not answer.reason.strip()):
        return "unanswered"
    return "unanswered" if answer.state == "answered" and answer.value is None else str(answer.state)


def shares(scale) -> dict[int, Fraction]:
    """Level to share [1]: points of `full` with the floor not subtracted, else the way from lowest to highest."""
    if scale.levels[0].points is not None:
        full = scale.full or max(level.points for level in scale.levels)
        return {level.value: level.points / full for level in scale.levels}
    low, high = scale.levels[0].value, scale.levels[-1].value
    return {level.value: Fraction(level.value - low, high - low) for level in scale.levels}


def total(questions) -> Fraction:
    return sum((one.weight for one in questions), Fraction(0))
