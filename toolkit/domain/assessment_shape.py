"""What stands in an assessment file, field by field, and which edition holds it: decided here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from toolkit.domain.answers import AnswerState
from toolkit.domain.assessment import Edition, Mandate, SignOff, State, SubjectKind
from toolkit.domain.checking import LIMITS
from toolkit.domain.checklist import Track
from toolkit.domain.discussions import MAX_MESSAGE, MAX_MESSAGES, MAX_THREADS
from toolkit.domain.errors import Problem
from toolkit.domain.positions import MAX_LEFT_OUT_REASON, MAX_PARAGRAPH, MAX_VOICE_NAME, MAX_VOICES
from toolkit.domain.scorecard import Doubt
from toolkit.domain.shapes import (
    ID,
    INTERNAL_ONLY,
    NOT_PUBLIC,
    ById,
    Field,
    Fields,
    Flag,
    Maybe,
    Named,
    Node,
    OneOf,
    Problems,
    Rows,
    Text,
    Time,
    Whole,
)
from toolkit.domain.voices import VoiceKind

FORMAT = "decent-work-assessment/1"
MAX_ANSWERS = 2_000
MAX_THEMES = 500
MAX_PARTS = 50
MAX_FACTS = 200
MAX_LAYERS = 20
MAX_APPROVALS = 20
MAX_CELLS = 20
MAX_CHOICES = 100

DECIMAL = r"-?[0-9]{1,30}(\.[0-9]{1,30})?"
HEX = r"[0-9a-f]{64}"
NAME = Text(300, min_chars=1)
IDENTIFIER = Text(60, pattern=ID, hint="This is not a name that a checklist can have.")
DIGEST = Text(64, pattern=HEX, hint="A SHA-256 is expected here: 64 digits 0-9 and a-f.")


def words(kind: type[StrEnum]) -> OneOf:
    """One of the words of an enum."""
    return OneOf(tuple(str(member) for member in kind))


@dataclass(frozen=True, slots=True)
class Value(Node):
    """What was answered.

    A level is a whole number, yes and no are true and false, a choice and a text are text, several choices a list of
    option ids, a table a list of rows, a number an object {"decimal": "12.5"}. So none of them is taken for another.
    """

    decimal = Fields({"decimal": Field(Text(62, pattern=DECIMAL, hint="A number such as 12.5 is expected here."))})
    choices = Rows(Text(60, min_chars=1), MAX_CHOICES)
    table = Rows(Rows(Text(LIMITS.cell), MAX_CELLS), LIMITS.table_rows)
    level = Whole(-1000, 1000)
    text = Text(LIMITS.text)

    def read(self, value: Any, path: str, edition: Edition, problems: Problems) -> Any:
        if value is None or isinstance(value, bool):
            return value
        return self._node(value).read(value, path, edition, problems)

    def _node(self, value: Any) -> Node:
        if isinstance(value, int):
            return self.level
        if isinstance(value, str):
            return self.text
        if isinstance(value, list):
            return self.table if value and isinstance(value[0], list) else self.choices
        return _Decimal(self.decimal)

    def json_schema(self, edition: Edition) -> dict[str, Any]:
        nodes = (self.level, Flag(), self.text, self.choices, self.table, _Decimal(self.decimal))
        return {"anyOf": [{"type": "null"}, *(node.json_schema(edition) for node in nodes)]}


@dataclass(frozen=True, slots=True)
class _Decimal(Node):
    fields_: Fields

    def read(self, value: Any, path: str, edition: Edition, problems: Problems) -> Any:
        found = self.fields_.read(value, path, edition, problems)
        if isinstance(value, dict) and "decimal" not in value:
            problems.append(Problem(path, 'A number is written {"decimal": "12.5"}.'))
        return found

    def json_schema(self, edition: Edition) -> dict[str, Any]:
        return self.fields_.json_schema(edition) | {"required": ["decimal"]}


@dataclass(frozen=True, slots=True)
class FactNode(Node):
    """A fact about the subject: an option id or text, true or false, or a number as {"decimal": "250"}."""

    def read(self, value: Any, path: str, edition: Edition, problems: Problems) -> Any:
        if isinstance(value, str | bool | dict):
            return Value().read(value, path, edition, problems)
        problems.append(Problem(path, 'Text, true, false or {"decimal": "250"} is expected here.'))
        return None

    def json_schema(self, edition: Edition) -> dict[str, Any]:
        nodes = (Flag(), Value.text, _Decimal(Value.decimal))
        return {"anyOf": [node.json_schema(edition) for node in nodes]}


SHARE = Named(
    "share",
    Maybe(
        Fields(
            {
                "exact": Field(
                    Text(
                        400, pattern=r"-?[0-9]+(/[1-9][0-9]*)?", hint="An exact share such as 23/32 is expected here."
                    ),
                    "The exact share from 0 to 1, such as 23/32.",
                    required=True,
                ),
                "percent": Field(
                    Text(
                        12,
                        pattern=r"-?[0-9]+\.[0-9]",
                        hint="Per cent with one decimal, such as 71.9, is expected here.",
                    ),
                    "The same in per cent with one decimal, such as 71.9.",
                    required=True,
                ),
            }
        )
    ),
)

FIGURE = Named(
    "figure",
    Fields(
        {
            "score": Field(SHARE, "The score; null where nothing could be scored.", required=True),
            "coverage": Field(SHARE, "The weight answered, of what was asked and applicable.", required=True),
            "lowest": Field(SHARE, "The score if the open questions went worst.", required=True),
            "highest": Field(SHARE, "The score if the open questions went best.", required=True),
            "set_aside": Field(SHARE, "The weight not applicable or outside the mandate.", required=True),
        }
    ),
)

LEVEL = Whole(-1000, 1000)
COUNT = Whole(0, 10_000)

THEME = Named(
    "theme",
    Fields(
        {
            "id": Field(IDENTIFIER, "The theme.", required=True),
            "weight": Field(Text(60), "Its weight in the objective.", required=True),
            "mandate": Field(words(Mandate), "In the mandate, touching it, or outside.", required=True),
            "level": Field(Maybe(LEVEL), "The level that the theme has fully reached.", required=True),
            "figure": Field(FIGURE, required=True),
            "full_score": Field(SHARE, "The mean over all ratings of a full track.", required=True),
        }
    ),
)

PROFILE = Fields(
    {
        "level": Field(LEVEL, "A level of the checklist's scale.", required=True),
        "label": Field(NAME, "What the level is called.", required=True),
        "questions": Field(COUNT, "How many questions stand at it.", required=True),
        "themes": Field(COUNT, "How many themes stand at it.", required=True),
    }
)

PART = Named(
    "part",
    Fields(
        {
            "id": Field(IDENTIFIER, "The objective or profile section.", required=True),
            "scored": Field(Flag(), "true for an objective, false for a profile section.", required=True),
            "figure": Field(FIGURE, required=True),
            "profile": Field(Rows(PROFILE, 100), required=True),
            "withheld": Field(Text(2_000), "Why there is a profile only, in words.", required=True),
            "themes": Field(Rows(THEME, MAX_THEMES), required=True),
        }
    ),
)

LAYER = Fields(
    {
        "id": Field(IDENTIFIER, "An unscored layer.", required=True),
        "parts": Field(
            Rows(
                Fields(
                    {
                        "id": Field(IDENTIFIER, "An objective or profile section.", required=True),
                        "profile": Field(Rows(PROFILE, 100), required=True),
                        "open": Field(COUNT, "Core ratings unanswered or not known.", required=True),
                        "themes": Field(
                            Rows(
                                Fields(
                                    {
                                        "id": Field(IDENTIFIER, "A theme with questions in the layer.", required=True),
                                        "level": Field(
                                            Maybe(LEVEL), "The lowest level of its core ratings.", required=True
                                        ),
                                    }
                                ),
                                MAX_THEMES,
                            ),
                            required=True,
                        ),
                    }
                ),
                MAX_PARTS,
            ),
            required=True,
        ),
    }
)

VOICES_SPAN = Maybe(
    Fields(
        {
            "lowest": Field(SHARE, "With each question at its lowest voice.", required=True),
            "highest": Field(SHARE, "With each question at its highest voice.", required=True),
        }
    )
)

NAMED = (SHARE, FIGURE, THEME, PART)

SCORES = Fields(
    {
        "overall": Field(FIGURE, required=True),
        "parts": Field(Rows(PART, MAX_PARTS), required=True),
        "provisional": Field(
            Rows(
                Fields(
                    {
                        "doubt": Field(words(Doubt), "Why the result is provisional.", required=True),
                        "part": Field(Maybe(IDENTIFIER), "The objective that it concerns.", required=True),
                        "value": Field(SHARE, "The figure found.", required=True),
                        "threshold": Field(SHARE, "The figure asked for.", required=True),
                    }
                ),
                200,
            ),
            required=True,
        ),
        "gap": Field(
            Maybe(
                Fields(
                    {
                        "share": Field(SHARE, "The highest objective minus the lowest.", required=True),
                        "lowest": Field(IDENTIFIER, "The lowest objective.", required=True),
                        "highest": Field(IDENTIFIER, "The highest objective.", required=True),
                    }
                )
            ),
            required=True,
        ),
        "low_objectives": Field(Rows(IDENTIFIER, MAX_PARTS), "Objectives under the low mark.", required=True),
        "band": Field(
            Maybe(
                Fields(
                    {
                        "id": Field(IDENTIFIER, "The band that the profile's rule gives.", required=True),
                        "label": Field(NAME, "What the band is called.", required=True),
                    }
                )
            ),
            required=True,
        ),
        "evidence": Field(SHARE, "The part of answered core ratings that carry evidence.", required=True),
        "sensitivity": Field(
            Maybe(
                Fields(
                    {
                        "most": Field(SHARE, "The most that one question moved by one level changes.", required=True),
                        "typical": Field(SHARE, "The median of those changes.", required=True),
                        "question": Field(IDENTIFIER, "The question that moves it most.", required=True),
                    }
                )
            ),
            editions=NOT_PUBLIC,
            required=True,
        ),
        "alternatives": Field(
            Rows(
                Fields(
                    {
                        "id": Field(IDENTIFIER, "The other choice of method.", required=True),
                        "overall": Field(SHARE, "The overall score under it.", required=True),
                        "objectives": Field(ById(SHARE, MAX_PARTS), "The objectives under it.", required=True),
                        "order_differs": Field(Flag(), "Whether the order of objectives flips.", required=True),
                    }
                ),
                20,
            ),
            editions=NOT_PUBLIC,
            required=True,
        ),
        "progress": Field(
            Fields(
                {
                    "answered": Field(COUNT, "Questions dealt with.", required=True),
                    "asked": Field(COUNT, "Questions asked.", required=True),
                }
            ),
            editions=NOT_PUBLIC,
            required=True,
        ),
        "voices": Field(
            Fields(
                {
                    "overall": Field(VOICES_SPAN, "Of the overall score.", required=True),
                    "objectives": Field(ById(VOICES_SPAN, MAX_PARTS), "Of each objective.", required=True),
                }
            ),
            "The range over the voices; missing where no other voice rates a question that is answered.",
            INTERNAL_ONLY,
        ),
        "layers": Field(
            Rows(LAYER, MAX_LAYERS),
            "The profile of each unscored layer, on a scale of its own; missing where the checklist has none.",
        ),
    }
)

ANSWER = Fields(
    {
        "state": Field(
            OneOf(tuple(str(state) for state in AnswerState if state is not AnswerState.NOT_ASKED)),
            "Answered, don't know, not applicable or unanswered.",
            required=True,
        ),
        "value": Field(Value(), "What was answered; null where nothing was."),
        "reason": Field(Text(LIMITS.reason), "Why the question is not applicable."),
        "comment": Field(Text(LIMITS.comment), "What was said beside the answer.", INTERNAL_ONLY),
        "evidence": Field(
            Rows(
                Fields(
                    {
                        "title": Field(Text(LIMITS.evidence_title), "What the evidence is called.", required=True),
                        "url": Field(Text(LIMITS.url), "Where it can be read.", INTERNAL_ONLY),
                        "sha256": Field(Text(64, pattern=rf"|{HEX}"), "The digest of a file.", INTERNAL_ONLY),
                    }
                ),
                LIMITS.evidence_per_answer,
            )
        ),
    }
)

MESSAGE = Fields(
    {
        "person": Field(Whole(1, MAX_MESSAGES), "Who wrote it, by number; 1 wrote first.", required=True),
        "at": Field(Time(), "When.", required=True),
        "text": Field(Text(MAX_MESSAGE, min_chars=1), "What was written.", required=True),
    }
)

VOICE = Fields(
    {
        "kind": Field(
            OneOf(tuple(str(kind) for kind in VoiceKind if kind is not VoiceKind.CONSOLIDATED)),
            "Whose voice it is.",
            required=True,
        ),
        "name": Field(Text(MAX_VOICE_NAME, min_chars=1), "Its name.", required=True),
        "released_at": Field(Maybe(Time()), "When its spokesperson released it; null where nobody did."),
        "paragraph": Field(Text(MAX_PARAGRAPH), "What it says about the whole."),
        "left_out_because": Field(Text(MAX_LEFT_OUT_REASON), "Why it is left out; it then holds no answers."),
        "reply": Field(Text(MAX_LEFT_OUT_REASON), "What it says to that."),
        "answers": Field(ById(ANSWER, MAX_ANSWERS), "Its answers."),
    }
)

SHAPE = Fields(
    {
        "format": Field(OneOf((FORMAT,)), "The format and its number.", required=True),
        "edition": Field(words(Edition), "Who the file is for: internal, shared or public.", required=True),
        "checklist": Field(
            Fields(
                {
                    "id": Field(IDENTIFIER, "The checklist.", required=True),
                    "version": Field(Text(40, min_chars=1), "Its version.", required=True),
                    "digest": Field(DIGEST, "The SHA-256 of its structure and text.", required=True),
                    "title": Field(Text(300), "What it is called."),
                }
            ),
            required=True,
        ),
        "method": Field(Text(60), "The scoring method, such as index/1."),
        "subject": Field(
            Fields(
                {
                    "name": Field(NAME, "What is assessed.", required=True),
                    "kind": Field(words(SubjectKind), "What kind of thing that is.", required=True),
                    "organization": Field(Text(300), "The organization it belongs to."),
                    "country": Field(
                        Text(2, pattern="|[A-Z]{2}", hint="A country code of two capital letters is expected here."),
                        "ISO 3166 alpha-2 code, or empty.",
                    ),
                }
            ),
            required=True,
        ),
        "title": Field(Text(300), "What the assessment is called."),
        "track": Field(words(Track), "How much was asked: scan, core or full.", required=True),
        "sign_off": Field(words(SignOff), "How many approvers it needs: none, one or two."),
        "state": Field(words(State), "Draft, in review, approved or submitted."),
        "started_at": Field(Maybe(Time()), "When it was started.", NOT_PUBLIC),
        "submission": Field(
            Fields(
                {
                    "number": Field(Maybe(Whole(1, 10_000)), "The number of the submission; null for a draft."),
                    "submitted_at": Field(Maybe(Time()), "When it was submitted."),
                    "verification_code": Field(Text(100), "The code that a reader can have checked."),
                    "provisional_reason": Field(
                        Text(LIMITS.reason), "Why a provisional result was submitted.", NOT_PUBLIC
                    ),
                }
            )
        ),
        "approvals": Field(
            Rows(
                Fields(
                    {
                        "role": Field(Text(300), "The role and unit of who approved.", required=True),
                        "approved_at": Field(Time(), "When.", required=True),
                        "name": Field(Text(300), "The name, only with that person's consent.", INTERNAL_ONLY),
                    }
                ),
                MAX_APPROVALS,
            ),
            editions=NOT_PUBLIC,
        ),
        "chain_head": Field(
            Text(128, pattern="[0-9a-f]*", hint="Digits 0-9 and a-f are expected here."),
            "The head of the assessment's hash chain.",
        ),
        "facts": Field(ById(FactNode(), MAX_FACTS), "What is known about the subject.", NOT_PUBLIC),
        "scope": Field(
            ById(
                Fields(
                    {
                        "mandate": Field(words(Mandate), "In the mandate, touching it, or outside.", required=True),
                        "reason": Field(Text(LIMITS.reason), "Why."),
                    }
                ),
                MAX_THEMES,
            ),
            editions=NOT_PUBLIC,
        ),
        "answers": Field(ById(ANSWER, MAX_ANSWERS), editions=NOT_PUBLIC),
        "discussions": Field(
            ById(
                Rows(
                    Fields(
                        {
                            "shared": Field(Flag(), "Whether the shared edition tells it too.", INTERNAL_ONLY),
                            "messages": Field(Rows(MESSAGE, MAX_MESSAGES), required=True),
                        }
                    ),
                    MAX_THREADS,
                ),
                MAX_ANSWERS,
            ),
            "Discussions that were chosen for the report, by question; left out where there are none.",
            NOT_PUBLIC,
        ),
        "voices": Field(
            Rows(VOICE, MAX_VOICES),
            "What each voice says beside the consolidated answers; left out where there are none.",
            INTERNAL_ONLY,
        ),
        "scores": Field(Maybe(SCORES), "Every figure; null in a file that was written by hand."),
    }
)
