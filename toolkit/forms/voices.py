"""Forms of voices: a new one, its name, a person who speaks in it, a text about the whole."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from toolkit.domain.positions import MAX_LEFT_OUT_REASON, MAX_PARAGRAPH, MAX_VOICE_NAME
from toolkit.domain.voices import VoiceKind
from toolkit.forms.base import CleanText, PlainForm, line


class VoiceForm(PlainForm):
    """A voice: whose it is, its name, and whether names stand by its answers."""

    kind = SelectField("Whose voice is it?", default=VoiceKind.UNIT.value)
    name = line("Name", needed="Enter a name.", max_chars=MAX_VOICE_NAME)
    shows_names = BooleanField("Show by name who answered")


class VoiceNameForm(PlainForm):
    """Another name for a voice."""

    name = line("Name", needed="Enter a name.", max_chars=MAX_VOICE_NAME)
    shows_names = BooleanField("Show by name who answered")


class SpeakerForm(PlainForm):
    """Inviting somebody to a voice."""

    email = line("E-mail address", needed="Enter an e-mail address.")
    person = line("Name of the person", needed="Enter the name of the person.", max_chars=200)
    role = RadioField("What may they do?", default="spokesperson")


class ParagraphForm(PlainForm):
    """What a voice says about the whole."""

    paragraph = TextAreaField("Our own words about the whole", [Optional(), CleanText(MAX_PARAGRAPH)])


class LeaveOutForm(PlainForm):
    """Why a voice is left out of the internal report."""

    reason = TextAreaField("Why is it left out?", [InputRequired("Say why."), CleanText(MAX_LEFT_OUT_REASON)])


class ReplyForm(PlainForm):
    """What a voice says to being left out."""

    reply = TextAreaField("Our reply", [Optional(), CleanText(MAX_LEFT_OUT_REASON)])


def voice_form(kinds: Mapping[VoiceKind, str]) -> VoiceForm:
    """The form with the kinds on offer."""
    form = VoiceForm()
    form.kind.choices = [SelectChoice(kind.value, text) for kind, text in kinds.items()]
    return form


def speaker_form(roles: Mapping[str, str], *, empty: bool = False) -> SpeakerForm:
    """The form with the roles on offer; with `empty` whatever was sent belongs to another form."""
    form = SpeakerForm(formdata=None) if empty else SpeakerForm()
    form.role.choices = [SelectChoice(*pair) for pair in roles.items()]
    return form
