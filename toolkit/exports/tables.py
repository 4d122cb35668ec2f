"""What the spreadsheet and the CSV show, as rows: drawn from the data of an edition, so never more than it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from toolkit.domain.answers import AnswerState
from toolkit.domain.assessment import Assessment, Edition, Mandate
from toolkit.domain.assessment_file import to_data
from toolkit.domain.card_data import question_data
from toolkit.domain.checklist import Checklist, Part, Question, Theme
from toolkit.domain.routing import NEVER_ASKED
from toolkit.domain.scorecard import ScoreCard
from toolkit.domain.scoring import NO_OVERALL
from toolkit.domain.voices import VoiceKind
from toolkit.domain.words import ANSWER_STATES, MANDATES, TRACKS, VOICE_KINDS
from toolkit.exports.words import STANDINGS, answer_words, counts_words


class Tier(StrEnum):
    """What a row is about."""

    OVERALL = "overall"
    OBJECTIVE = "objective"
    SECTION = "section"
    THEME = "theme"
    LAYER = "layer"  # a part in an unscored layer
    LAYER_THEME = "layer_theme"
    QUESTION = "question"


Share = Mapping[str, str] | None  # {"exact": "23/32", "percent": "71.9"}


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One line of the table of scores: overall, an objective or profile section, or a theme."""

    tier: Tier
    id: str
    title: str
    figure: Mapping[str, Share]
    part: str = ""
    level: int | None = None
    weight: str = ""
    mandate: str = ""
    full_score: Share = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One line about an unscored layer: a part with its counts in words, or a theme with its level. `id` is its id."""

    tier: Tier
    id: str
    layer: str
    part: str
    theme: str = ""
    level: int | None = None
    label: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One line of the table of answers."""

    question: Question
    part: Part
    theme: Theme
    state: str
    standing: str
    answer: str
    level: int | None
    share: Share
    weight: str
    reason: str
    comment: str
    evidence: tuple[str, ...]

    @property
    def track(self) -> str:
        """The smallest track that asks it, in words."""
        return TRACKS[self.question.track]

    @property
    def layer(self) -> str:
        """The title of its layer; empty for the closing text, and where the checklist has no layers."""
        return self.question.layer.title if self.question.layer else ""


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """One line about a voice: what it says about a question; without one what it says about the whole, in `answer`."""

    voice: str
    kind: str
    answer: str
    part: str = ""
    theme: str = ""
    question: str = ""
    id: str = ""
    state: str = ""
    reason: str = ""
    comment: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tables:
    """All rows of one edition. `data` is the assessment file of that edition; everything here comes out of it."""

    checklist: Checklist
    edition: Edition
    data: Mapping[str, Any]
    scores: tuple[ScoreRow, ...]
    answers: tuple[AnswerRow, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)  # parts, by id
    layers: tuple[LayerRow, ...] = ()
    voices: tuple[VoiceRow, ...] = ()

    @property
    def has_layers(self) -> bool:
        """Whether questions belong to layers."""
        return bool(self.checklist.layers)

    @property
    def improvements(self) -> tuple[AnswerRow, ...]:
        """The closing texts, one a theme."""
        return tuple(row for row in self.answers if row.question.is_improvement)


def tables(checklist: Checklist, assessment: Assessment, card: ScoreCard, edition: Edition) -> Tables:
    """The rows of an edition, in the checklist's order.

    A question has a row when it was asked in the end, answered or not; the public edition has none.
    """
    data = to_data(checklist, assessment, edition, card=card, kept=False)
    return Tables(
        checklist=checklist,
        edition=edition,
        data=data,
        scores=tuple(_score_rows(checklist, data["scores"])),
        answers=tuple(_answer_rows(checklist, card, data["answers"])) if "answers" in data else (),
        titles={part.id: part.title for part in checklist.parts},
        layers=tuple(_layer_rows(checklist, data["scores"])),
        voices=tuple(_voice_rows(checklist, data.get("voices", ()))),
    )


def _score_rows(checklist: Checklist, scores: Mapping[str, Any]) -> Iterator[ScoreRow]:
    note = NO_OVERALL if checklist.method.overall is None else ""
    yield ScoreRow(Tier.OVERALL, "overall", "Overall", scores["overall"], note=note)
    parts = {part.id: part for part in checklist.parts}
    for found in scores["parts"]:
        part = parts[found["id"]]
        tier = Tier.OBJECTIVE if found["scored"] else Tier.SECTION
        yield ScoreRow(tier, part.id, part.title, found["figure"], part.title, note=found["withheld"])
        for theme in found["themes"]:
            yield ScoreRow(
                Tier.THEME,
                theme["id"],
                checklist.theme(theme["id"]).title,
                theme["figure"],
                part.title,
                level=theme["level"],
                weight=theme["weight"],
                mandate=MANDATES[Mandate(theme["mandate"])],
                full_score=theme["full_score"],
            )


def _layer_rows(checklist: Checklist, scores: Mapping[str, Any]) -> Iterator[LayerRow]:
    parts = {part.id: part.title for part in checklist.parts}
    for found in scores.get("layers", ()):
        title = next(layer.title for layer in checklist.layers if layer.id == found["id"])
        for part in found["parts"]:
            labels = {count["level"]: count["label"] for count in part["profile"]}
            yield LayerRow(Tier.LAYER, part["id"], title, parts[part["id"]], note=counts_words(part))
            for theme in part["themes"]:
                yield LayerRow(
                    Tier.LAYER_THEME,
                    theme["id"],
                    title,
                    parts[part["id"]],
                    theme=checklist.theme(theme["id"]).title,
                    level=theme["level"],
                    label=labels.get(theme["level"], ""),
                )


def _answer_rows(checklist: Checklist, card: ScoreCard, answers: Mapping[str, Any]) -> Iterator[AnswerRow]:
    for score in (score for part in card.parts for theme in part.themes for score in theme.questions):
        if score.standing in NEVER_ASKED:
            continue
        part, theme, question = checklist.question_index[score.question]
        given = answers.get(question.id, {})
        plain = question_data(score)
        yield AnswerRow(
            question=question,
            part=part,
            theme=theme,
            state=ANSWER_STATES[score.state],
            standing=STANDINGS[score.standing],
            answer=answer_words(question, given.get("value")),
            level=score.level,
            share=plain["share"],
            weight=plain["weight"],
            reason=given.get("reason", ""),
            comment=given.get("comment", ""),
            evidence=tuple(_evidence(one) for one in given.get("evidence", ())),
        )


def _voice_rows(checklist: Checklist, voices: Sequence[Mapping[str, Any]]) -> Iterator[VoiceRow]:
    for found in voices:
        name, kind = found["name"], VOICE_KINDS[VoiceKind(found["kind"])]
        if found["left_out_because"]:
            yield VoiceRow(name, kind, "", state="Left out", reason=found["left_out_because"], comment=found["reply"])
        if found["paragraph"]:
            yield VoiceRow(name, kind, found["paragraph"], state="About the whole")
        for part, theme, question in checklist.questions():
            given = found["answers"].get(question.id)
            if given is not None:
                yield VoiceRow(
                    name,
                    kind,
                    answer_words(question, given["value"]),
                    part=part.title,
                    theme=theme.title,
                    question=question.text,
                    id=question.id,
                    state=ANSWER_STATES[AnswerState(given["state"])],
                    reason=given["reason"],
                    comment=given["comment"],
                    evidence=tuple(_evidence(one) for one in given["evidence"]),
                )


def _evidence(one: Mapping[str, str]) -> str:
    """A title, with where it can be read or its digest where the edition holds that."""
    where = one.get("url") or (f"SHA-256 {one['sha256']}" if one.get("sha256") else "")
    return f"{one['title']} <{where}>" if where else one["title"]
