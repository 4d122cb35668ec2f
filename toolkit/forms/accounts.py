"""Forms for coming in: sign-in, first administrator, invitation, new password."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf.file import FileField
from wtforms import PasswordField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from toolkit.forms.base import PlainForm, line

MAX_PASSWORD_CHARS = 200
MIN_PASSWORD_CHARS = 12


def new_password(label: str = "Choose a password") -> PasswordField:
    """A password to set: long, and of any characters."""
    return PasswordField(
        label,
        [
            InputRequired("Choose a password."),
            Length(
                min=MIN_PASSWORD_CHARS,
                max=MAX_PASSWORD_CHARS,
                message=f"Use {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters; several words are easy to keep.",
            ),
        ],
    )


class SignInForm(PlainForm):
    """E-mail address and password."""

    email = line("E-mail address", needed="Enter your e-mail address.")
    password = PasswordField(
        "Password",
        [InputRequired("Enter your password."), Length(max=MAX_PASSWORD_CHARS, message="That password is too long.")],
    )


class FirstAdministratorForm(PlainForm):
    """Who looks after this site."""

    name = line("Your name", needed="Enter your name.", max_chars=200)
    email = line("E-mail address", needed="Enter your e-mail address.")
    password = new_password()


class AcceptForm(PlainForm):
    """Taking up an invitation."""

    name = line("Your name, as colleagues will see it", needed="Enter your name.", max_chars=200)
    password = new_password()


class ResetRequestForm(PlainForm):
    """Asking for a link to set a new password."""

    email = line("E-mail address", needed="Enter your e-mail address.")


class ResetForm(PlainForm):
    """Setting a new password."""

    password = new_password("New password")


class ChangePasswordForm(PlainForm):
    """Setting another password, with the present one."""

    current = PasswordField(
        "Your present password",
        [InputRequired("Enter your present password."), Length(max=MAX_PASSWORD_CHARS, message="That is too long.")],
    )
    new = new_password("New password")


class CodeForm(PlainForm):
    """A code of the second step, or a recovery code."""

    code = line("Code", needed="Enter a code.", max_chars=60)


class PresentPasswordForm(PlainForm):
    """The present password, before something about the account changes."""

    current = PasswordField(
        "Your present password",
        [InputRequired("Enter your present password."), Length(max=MAX_PASSWORD_CHARS, message="That is too long.")],
    )


class InviteForm(PlainForm):
    """Inviting somebody to a role."""

    email = line("E-mail address", needed="Enter an e-mail address.")
    name = line("Name", max_chars=200, needed="Enter the name of the person.")
    role = SelectField("Role", validate_choice=True)
    assessment = SelectField("For", default="")


def invite_form(roles: Iterable[tuple[str, str]], assessments: Iterable[tuple[str, str]] = ()) -> InviteForm:
    """The form with the roles that may be given at its place, and the assessments of it that one may be for."""
    form = InviteForm()
    form.role.choices = [SelectChoice(*pair) for pair in roles]
    form.assessment.choices = _places(assessments)
    return form


class InviteListForm(PlainForm):
    """Inviting many: a pasted list or a file, and what it is for."""

    assessment = SelectField("For", default="")
    role = SelectField("Role of those for whom the list names none")
    text = TextAreaField("Paste the list here")
    file = FileField("Or choose a CSV file")


def invite_list_form(roles: Iterable[tuple[str, str]], assessments: Iterable[tuple[str, str]]) -> InviteListForm:
    """The form with the roles and the assessments of a space."""
    form = InviteListForm()
    form.role.choices = [SelectChoice(*pair) for pair in roles]
    form.assessment.choices = _places(assessments)
    return form


def _places(assessments: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice("", "All assessments of this space"), *(SelectChoice(*pair) for pair in assessments)]
