"""Forms around an assessment: start, scope, facts, review, submission."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from toolkit.domain.assessment import FactValue, Mandate, SignOff, SubjectKind, ThemeScope
from toolkit.domain.checklist import Checklist, Fact, Kind, Theme, ThemeId, Track
from toolkit.forms.base import CleanText, PlainForm, line

MAX_REASON_CHARS = 2_000
NOT_SAID = "-"


def reason(label: str, *, needed: str = "") -> TextAreaField:
    """A reason in a person's own words."""
    checks: list[Any] = [InputRequired(needed)] if needed else [Optional()]
    too_long = f"Write at most {MAX_REASON_CHARS:,} characters."
    return TextAreaField(label, [*checks, Length(max=MAX_REASON_CHARS, message=too_long), CleanText(MAX_REASON_CHARS)])


class StartForm(PlainForm):
    """What is assessed, with which checklist, how much of it, and who signs off."""

    space = SelectField("Whose assessment is it?")
    name = line("What is assessed?", needed="Enter the name of what is assessed.", max_chars=200)
    kind = SelectField("What kind of thing is that?")
    country = SelectField("Country, if it is about one")
    title = line("A title for this assessment", needed="Enter a title.", max_chars=200)
    checklist = RadioField("Checklist", [InputRequired("Choose a checklist.")])
    track = RadioField("How much of it?", [InputRequired("Choose how much of it.")])
    sign_off = RadioField("Who signs it off?", [InputRequired("Choose who signs it off.")], default=SignOff.ONE.value)


def start_form(
    *,
    spaces: Sequence[tuple[str, str]],
    checklists: Sequence[tuple[str, str]],
    kinds: Mapping[SubjectKind, str],
    tracks: Mapping[Track, str],
    sign_offs: Mapping[SignOff, str],
    countries: Sequence[tuple[str, str]],
) -> StartForm:
    """The form with its choices."""
    form = StartForm()
    form.space.choices = [SelectChoice(*pair) for pair in spaces]
    form.checklist.choices = [SelectChoice(*pair) for pair in checklists]
    form.kind.choices = [SelectChoice(kind.value, text) for kind, text in kinds.items()]
    form.track.choices = [SelectChoice(track.value, text) for track, text in tracks.items()]
    form.sign_off.choices = [SelectChoice(sign_off.value, text) for sign_off, text in sign_offs.items()]
    form.country.choices = [SelectChoice("", "None"), *(SelectChoice(*pair) for pair in countries)]
    if len(checklists) == 1 and not form.is_submitted():
        form.checklist.data = checklists[0][0]
    if not form.is_submitted():
        form.track.data = Track.CORE.value
    return form


class ScopeForm(PlainForm):
    """The mandate scoping: one choice and one reason a theme."""

    themes: tuple[ThemeId, ...]

    def outside(self, themes: Iterable[Theme] = ()) -> int:
        """How many themes are said to be outside the mandate: of these, or of all."""
        names = [theme.id for theme in themes] or self.themes
        return sum(self[f"m_{name}"].data == Mandate.OUTSIDE for name in names)

    def scope(self) -> dict[ThemeId, ThemeScope]:
        """What was said, theme by theme; themes without a choice are left out."""
        found = {}
        for theme in self.themes:
            picked = self[f"m_{theme}"].data
            if picked:
                found[theme] = ThemeScope(Mandate(picked), self[f"r_{theme}"].data or "")
        return found


@cache
def scope_form_class(checklist: _Same, words: tuple[tuple[Mandate, str], ...]) -> type[ScopeForm]:
    """The form class for a checklist; themes of profile sections cannot be outside the mandate."""
    fields: dict[str, Any] = {}
    themes = []
    for part, theme in checklist.one.themes():
        if not part.scored:
            continue
        choices = [SelectChoice(mandate.value, text) for mandate, text in words]
        fields[f"m_{theme.id}"] = RadioField(theme.title, [Optional()], choices=choices)
        fields[f"r_{theme.id}"] = reason("Reason")
        themes.append(theme.id)
    return type("ChecklistScopeForm", (ScopeForm,), {"themes": tuple(themes), **fields})


class _Same:
    """A checklist as a cache key, by identity."""

    def __init__(self, one: Checklist) -> None:
        self.one = one

    def __hash__(self) -> int:
        return id(self.one)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.one is other.one


def scope_form(checklist: Checklist, scope: Mapping[ThemeId, ThemeScope], words: Mapping[Mandate, str]) -> ScopeForm:
    """The scoping as it stands; themes nobody has looked at are in the mandate, as the score takes them."""
    data: dict[str, str] = {}
    for part, theme in checklist.themes():
        if part.scored:
            said = scope.get(theme.id, ThemeScope(Mandate.IN))
            data |= {f"m_{theme.id}": said.mandate.value, f"r_{theme.id}": said.reason}
    form: ScopeForm = scope_form_class(_Same(checklist), tuple(words.items()))(data=data)
    return form


class FactsForm(PlainForm):
    """What is known about the subject before any question."""

    asked: tuple[Fact, ...] = ()

    def facts(self) -> dict[str, FactValue]:
        """What was said; facts left open are left out."""
        found: dict[str, FactValue] = {}
        for fact in self.asked:
            said = self[f"f_{fact.id}"].data
            if said in (None, "", NOT_SAID):
                continue
            if fact.kind is Kind.YES_NO:
                found[fact.id] = said == "yes"
            elif fact.kind is Kind.NUMBER:
                found[fact.id] = Decimal(said)
            else:
                found[fact.id] = said
        return found


class IsNumber:
    """Hold a line of text to being a number."""

    def __call__(self, form: Any, field: Any) -> None:
        try:
            good = Decimal(field.data.strip()).is_finite() and len(field.data) < 30
        except InvalidOperation:
            good = False
        if not good:
            raise ValidationError("Write the number in figures, such as 1250.")


def facts_form(facts: Iterable[Fact], known: Mapping[str, FactValue]) -> FactsForm:
    """The facts that a checklist asks for, as far as they are known."""
    asked = tuple(facts)
    fields = {f"f_{fact.id}": _fact_field(fact) for fact in asked}
    data = {f"f_{fact.id}": _fact_shown(fact, known.get(fact.id)) for fact in asked}
    form: FactsForm = type("ChecklistFactsForm", (FactsForm,), {"asked": asked, **fields})(data=data)
    return form


def _fact_field(fact: Fact) -> Any:
    if fact.kind is Kind.NUMBER:
        return StringField(fact.text, [Optional(), IsNumber()])
    pairs = [(option.id, option.label) for option in fact.options] or [("yes", "Yes"), ("no", "No")]
    choices = [*(SelectChoice(*pair) for pair in pairs), SelectChoice(NOT_SAID, "Not known yet")]
    return RadioField(fact.text, [Optional()], choices=choices)


def _fact_shown(fact: Fact, said: FactValue | None) -> str:
    if said is None:
        return "" if fact.kind is Kind.NUMBER else NOT_SAID
    if isinstance(said, bool):
        return "yes" if said else "no"
    return str(said)


class StepForm(PlainForm):
    """A step without a word: the button is all of it."""


class ReasonForm(PlainForm):
    """A step that says why."""

    reason = reason("Why?", needed="Say why, in a sentence.")


class SubmitForm(PlainForm):
    """The last step; a provisional result needs its reason."""

    provisional_reason = reason("Why do you submit it although it is provisional?")
    sure = BooleanField(
        "I have read the results. They say what we want to say.", [InputRequired("Tick the box to confirm.")]
    )


class ReturnForm(PlainForm):
    """Giving an assessment back: a reason for the whole, and one for any question."""

    about = SelectField("About", default="")
    reason = reason("What should be looked at again?", needed="Say what should be looked at again.")

    def reasons(self) -> dict[str, str]:
        """The reasons by question; the empty id is the whole."""
        return {self.about.data or "": self.reason.data or ""}


def return_form(questions: Iterable[Any]) -> ReturnForm:
    """The form for an assessment with these questions."""
    form = ReturnForm()
    form.about.choices = [
        SelectChoice("", "The whole assessment"),
        *(SelectChoice(question.id, question.text) for question in questions),
    ]
    return form
