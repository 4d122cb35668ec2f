"""Page one: the letter to whoever decides. One finding, what it is and is not, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from toolkit.domain.assessment import Assessment, Edition, SignOff, State, SubjectKind
from toolkit.domain.checklist import Checklist
from toolkit.domain.explain import doubt_words
from toolkit.domain.findings import Finding, finding, gaps, strengths
from toolkit.domain.printed_figures import PrintedFigure
from toolkit.domain.scorecard import ScoreCard
from toolkit.reports.context.chapters import tones
from toolkit.reports.context.figures import Pen
from toolkit.reports.context.words import counted, date_text, listed

WHOSE = {SubjectKind.COUNTRY_TEAM: "our work as a country team takes"}  # all others: our own policies and work take


@dataclass(frozen=True, slots=True)
class Letter:
    """What the letter is told: who writes to whom, and when the next assessment is due. All may be left out.

    `sender` is the subject's organization where nobody says; `signature` is a name or a function.
    """

    sender: str = ""
    addressee: str = ""
    signature: str = ""
    next_date: date | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A strength or a gap. `tone` is its objective’s colour."""

    theme: str
    objective: str
    tone: str
    level: str


@dataclass(frozen=True, slots=True)
class LetterPage:
    """The letter as it stands on the page."""

    heading: str
    sender: str
    addressee: str
    date: str
    finding: str
    what: str
    strengths: tuple[Point, ...]
    gaps: tuple[Point, ...]
    assurance: str
    coverage: PrintedFigure | None
    evidence: PrintedFigure | None
    provisional: str
    took_part: str  # which voices spoke, and whether any dissented; in the internal edition alone
    next_date: str
    signature: str


def letter_page(
    checklist: Checklist,
    assessment: Assessment,
    card: ScoreCard,
    edition: Edition,
    pen: Pen,
    *,
    letter: Letter,
    language: str,
    made_at: datetime,
    took_part: str = "",
) -> LetterPage:
    """The letter. A public edition names no person: it has neither addressee nor signature."""
    is_public = edition is Edition.PUBLIC
    titles = {part.id: part.title for part in checklist.parts}
    tone = {titles[part]: name for part, (name, _) in tones(checklist).items()}
    return LetterPage(
        heading="Letter of results",
        sender=letter.sender or assessment.subject.organization or assessment.subject.name,
        addressee="" if is_public else letter.addressee,
        date=date_text(assessment.submitted_at or made_at, language),
        finding=finding(checklist, card),
        what=_what(checklist, assessment.subject.kind),
        strengths=tuple(_point(one, tone[one.objective]) for one in strengths(checklist, card)),
        gaps=tuple(_point(one, tone[one.objective]) for one in gaps(checklist, card)),
        assurance=_assurance(assessment, is_public),
        coverage=pen.percent("overall", "coverage", card.overall.coverage),
        evidence=pen.percent("overall", "evidence", card.evidence_share),
        provisional=_doubts([doubt_words(doubt, titles) for doubt in card.provisional]),
        took_part=took_part,
        next_date=format_date(letter.next_date, "d MMMM y", locale="en") if letter.next_date else "",
        signature="" if is_public else letter.signature,
    )


def _what(checklist: Checklist, kind: SubjectKind) -> str:
    """What the result is and is not; where layers stand beside the index, where to find them."""
    what = f"How {WHOSE.get(kind, 'our own policies and work take')} account of decent work."
    if not checklist.unscored_layers:
        return f"{what} Not the state of work in any country, and not a rating by the JIU or the ILO."
    beside = listed([f"“{layer.title}”" for layer in checklist.unscored_layers])
    return (
        f"{what} {beside} stands in a chapter of its own and is "
        "part of no figure here. Not a ranking of countries, and not a rating by the JIU or the ILO."
    )


def _point(one: Finding, tone: str) -> Point:
    return Point(one.theme, one.objective, tone, f"Level {one.level}, {one.label}")


def _doubts(reasons: list[str]) -> str:
    """The first two reasons, and how many more the summary has: the letter is one page."""
    more = [f"{counted(len(reasons) - 2, 'more reason stands', 'more reasons stand')} in the summary."]
    return " ".join(reasons[:2] + (more if len(reasons) > 2 else []))


def _assurance(assessment: Assessment, is_public: bool) -> str:
    """Who has looked at the ratings. The roles of those who approved are in no public edition."""
    if assessment.sign_off is SignOff.NONE:
        return "Self-rated, not independently reviewed."
    if assessment.state not in (State.APPROVED, State.SUBMITTED):
        return "Self-rated; the internal review is not finished."
    if is_public or not assessment.approvals:
        return "Self-rated and internally reviewed."
    roles = listed(sorted({approval.role for approval in assessment.approvals}))
    approvals = counted(len(assessment.approvals), "approval", "approvals")
    return f"Self-rated and internally reviewed, with {approvals}: {roles}."
