"""Passwords: which will do, how they are kept (argon2id), and how one is compared without telling who exists."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from toolkit.domain.errors import InvalidInput, Problem

MIN_CHARS = 12
MAX_CHARS = 200
MIN_DIFFERENT = 5

# OWASP's recommendation for argon2id that leaves a web worker small: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# What people type when asked for twelve characters; compared without case, spaces and signs.
_COMMON_TEXT = """
password1234 password12345 password123456 passwordpassword mypassword123 password2024 password2025 password2026
qwertyuiop12 qwertyuiop123 qwerty123456 qwertyqwerty 1q2w3e4r5t6y 1qaz2wsx3edc zaq12wsxcde3 asdfghjkl123
123456789012 1234567890123 12345678901234 123412341234 123123123123 abcdefghijkl abc123abc123 abcd1234abcd
iloveyou1234 iloveyou2025 letmein12345 welcome12345 welcome123456 welcometo123 changeme1234 changemenow1
administrator administrator1 admin1234567 administrador adminadmin12 superadmin12 trustno1trustno1
football1234 baseball1234 sunshine1234 princess1234 dragon123456 monkey123456 master123456 correcthorsebatterystaple
decentwork123 decentwork2025 decentwork2026 unitednations unitednations1 unitednations2026
"""
_COMMON = frozenset(_COMMON_TEXT.split())

# The words of this place, by which a password is guessed first; it needs something beside them and digits.
_OF_THIS_PLACE = re.compile(
    "(the|our|my|decent|work|toolkit|united|nations|un|ilo|ceb|assessment|self|checklist|organization|organisation"
    r"|country|admin|administrator|password|welcome|\d)+"
)


def check_password(password: str, *, name: str = "", email: str = "") -> str:
    """The password as it is kept (NFC). Raises InvalidInput saying what to do instead."""
    password = normalized(password)
    plain = _plain(password)
    own = {_plain(text) for text in (name, email, email.partition("@")[0]) if text}
    message = ""
    if len(password) < MIN_CHARS:
        message = f"Use at least {MIN_CHARS} characters; several words work well."
    elif len(password) > MAX_CHARS:
        message = f"Use at most {MAX_CHARS} characters."
    elif plain in _COMMON or len(set(plain)) < MIN_DIFFERENT or _OF_THIS_PLACE.fullmatch(plain):
        message = "Many people use this password. Choose another one; several words work well."
    elif plain in own:
        message = "Choose a password that is not your name or address."
    elif _unsuited(password):
        message = "Leave out characters that cannot be seen, such as line breaks."
    if message:
        raise InvalidInput("The password", (Problem("password", message),))
    return password


def normalized(password: str) -> str:
    """A password as it is hashed: the same characters typed on different machines are the same."""
    return unicodedata.normalize("NFC", password)


def hash_password(password: str) -> str:
    """The argon2id hash of a password that was checked."""
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether a password fits. Without a hash, as for unknown names, it takes just as long and never does."""
    password = normalized(password)[: 4 * MAX_CHARS]
    if _unsuited(password):
        password = ""
    try:
        fits = _HASHER.verify(password_hash or _dummy(), password)
    except (VerificationError, InvalidHashError):
        return False
    return fits and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with other settings than today's."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def _dummy() -> str:
    return _HASHER.hash("nobody has this password")


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _unsuited(text: str) -> bool:
    return any(unicodedata.category(character) in {"Cc", "Cs"} for character in text)
