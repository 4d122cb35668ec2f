"""The second step of signing in: codes of an app (TOTP, RFC 6238), and recovery codes for when it is lost.

The secret that the app shares is kept encrypted (Fernet: AES-128-CBC with HMAC-SHA-256) under FACTOR_KEY: the server
must be able to compute codes, so a hash will not do. Of recovery codes, 120 random bits each, hashes are enough. The
libraries are loaded only when somebody has a second step.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from toolkit.config import Config
from toolkit.domain.access import Permission
from toolkit.domain.errors import InvalidInput, NotFound, Problem
from toolkit.services import rates
from toolkit.services.accounts import end_sessions, require, viewer_of
from toolkit.services.viewers import Viewer
from toolkit.storage.base import insert_for, rows_changed
from toolkit.storage.db import current_config, db, reading, transaction
from toolkit.storage.people import LoginSessionRecord, PersonRecord, RecoveryCodeRecord, SecondFactorRecord
from toolkit.storage.secret import kept_secret
from toolkit.storage.trail import append_to_accounts

ISSUER = "Decent Work Toolkit"
STEP_SECONDS = 30
DRIFT = (0, -1, 1)  # in steps: a clock may be half a minute wrong
CODES = 10
CODE_GROUPS, GROUP_CHARS = 6, 4
MAX_CODE_CHARS = 60
NOT_FITTING = "This code does not fit. Wait for the next one, or check the clock of your phone."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a person's second step. `secret` is there only while it is being set up."""

    confirmed_at: datetime | None = None
    codes_left: int = 0
    secret: str = ""


def standing(viewer: Viewer) -> Standing:
    """Whether a person has a second step, and how many recovery codes are left."""
    factor, code = SecondFactorRecord, RecoveryCodeRecord
    with reading() as session:
        row = session.execute(
            sa.select(factor.secret, factor.confirmed_at).where(factor.person_id == viewer.person_id)
        ).one_or_none()
        if row is None:
            return Standing()
        if row.confirmed_at is None:
            return Standing(secret=_opened(row.secret) or "")
        left = sa.select(sa.func.count()).where(code.person_id == viewer.person_id, code.used_at.is_(None))
        return Standing(row.confirmed_at, session.execute(left).scalar_one())


def app_address(viewer: Viewer, secret: str) -> str:
    """What the QR code holds for the app: `otpauth://…`."""
    from pyotp import TOTP

    return TOTP(secret).provisioning_uri(name=viewer.email, issuer_name=ISSUER)


def begin(viewer: Viewer, *, now: datetime) -> None:
    """Make a secret to be set up; it counts only once a code of it was given. One in force is left alone."""
    from pyotp import random_base32

    values = {"secret": _sealed(random_base32()), "begun_at": now, "last_step": 0}
    insert = insert_for(db.session)(SecondFactorRecord).values(person_id=viewer.person_id, **values)
    with transaction() as session:
        session.execute(
            insert.on_conflict_do_update(
                index_elements=[SecondFactorRecord.person_id],
                set_=values,
                where=SecondFactorRecord.confirmed_at.is_(None),
            )
        )


def confirm(viewer: Viewer, code: str, *, keep: str, now: datetime) -> tuple[str, ...]:
    """Put the second step in force with the first code of the app: the recovery codes, told just this once.

    Every session but the one with the hash `keep` ends. Raises NotFound when nothing is being set up, InvalidInput,
    TooManyTries.
    """
    rates.count_try((rates.CODE_BY_NAME, str(viewer.person_id)), now=now)
    factor, session_row = SecondFactorRecord, LoginSessionRecord
    pending = sa.and_(factor.person_id == viewer.person_id, factor.confirmed_at.is_(None))
    with transaction() as session:
        secret = session.execute(sa.select(factor.secret).where(pending)).scalar_one_or_none()
        if secret is None:
            raise NotFound
        step = _step_of(_opened(secret), _normal(code), now)
        if not step:
            raise InvalidInput("The code", (Problem("code", NOT_FITTING),))
        begun = session.execute(sa.update(factor).where(pending).values(confirmed_at=now, last_step=step))
        if rows_changed(begun) != 1:
            raise NotFound
        session.execute(
            sa.delete(session_row).where(session_row.person_id == viewer.person_id, session_row.token_hash != keep)
        )
        rates.forget_tries((rates.CODE_BY_NAME, str(viewer.person_id)))
        _note("second_factor_set", viewer.person_id, viewer.person_id, now)
        return _new_codes(viewer.person_id, now)


def renew_codes(viewer: Viewer, *, now: datetime) -> tuple[str, ...]:
    """New recovery codes in place of the old ones. Raises NotFound without a second step."""
    factor = SecondFactorRecord
    with transaction() as session:
        mine = sa.and_(factor.person_id == viewer.person_id, factor.confirmed_at.is_not(None))
        query = sa.select(factor.person_id).where(mine)
        if session.execute(query.with_for_update()).first() is None:
            raise NotFound
        _note("recovery_codes_made", viewer.person_id, viewer.person_id, now)
        return _new_codes(viewer.person_id, now)


def remove_own(viewer: Viewer, *, now: datetime) -> None:
    """Do without the second step. Raises NotFound without one."""
    with transaction():
        _remove(viewer.person_id, by=viewer.person_id, now=now)


def remove(person_id: UUID, *, by: UUID, now: datetime) -> None:
    """Take the second step of somebody who lost it, as an administrator. Their sessions end. Raises NotFound."""
    require(viewer_of(by, now=now), Permission.ADMINISTER, now=now)
    remove_here(person_id, by=by, now=now)


def remove_here(person_id: UUID, *, by: UUID | None, now: datetime) -> None:
    """The same from the terminal."""
    with transaction():
        _remove(person_id, by=by, now=now)
        end_sessions(person_id)


def in_force() -> sa.ColumnElement[bool]:
    """Whether a person of the query around it has a second step."""
    factor = SecondFactorRecord
    return sa.exists().where(factor.person_id == PersonRecord.id, factor.confirmed_at.is_not(None))


def accept(person_id: UUID, code: str, *, now: datetime) -> bool:
    """Whether a code fits, inside a unit of work; then it never does again.

    A code of the app and a recovery code go the same way, so that the time tells neither.
    """
    factor, kept, typed = SecondFactorRecord, RecoveryCodeRecord, _normal(code)
    mine = sa.and_(factor.person_id == person_id, factor.confirmed_at.is_not(None))
    secret = db.session.execute(sa.select(factor.secret).where(mine)).scalar_one_or_none()
    step = _step_of(_opened(secret) if secret else None, typed, now)
    by_app = db.session.execute(sa.update(factor).where(mine, factor.last_step < step).values(last_step=step))
    by_code = db.session.execute(
        sa.update(kept)
        .where(kept.person_id == person_id, kept.code_hash == _hash(person_id, typed), kept.used_at.is_(None))
        .values(used_at=now)
    )
    if rows_changed(by_code) == 1:
        _note("recovery_code_used", person_id, person_id, now)
        return True
    return step > 0 and rows_changed(by_app) == 1


def _step_of(secret: str | None, typed: str, now: datetime) -> int:
    """The step of time whose code was typed, 0 for none. Every step is compared, whichever fits."""
    from pyotp import TOTP, random_base32

    totp, found = TOTP(secret or random_base32()), 0
    for drift in DRIFT:
        at = now + timedelta(seconds=drift * STEP_SECONDS)
        fits = hmac.compare_digest(totp.at(at).encode(), typed.encode("utf-8", "replace"))
        found = int(at.timestamp()) // STEP_SECONDS if fits and secret and not found else found
    return found


def _new_codes(person_id: UUID, now: datetime) -> tuple[str, ...]:
    codes = tuple(_random_code() for _ in range(CODES))
    kept = RecoveryCodeRecord
    db.session.execute(sa.delete(kept).where(kept.person_id == person_id))
    rows = [
        {"person_id": person_id, "code_hash": _hash(person_id, _normal(code)), "made_at": now, "used_at": None}
        for code in codes
    ]
    db.session.execute(sa.insert(kept), rows)
    return codes


def _random_code() -> str:
    text = base64.b32encode(secrets.token_bytes(15)).decode().lower()
    return "-".join(text[start : start + GROUP_CHARS] for start in range(0, CODE_GROUPS * GROUP_CHARS, GROUP_CHARS))


def _remove(person_id: UUID, *, by: UUID | None, now: datetime) -> None:
    removed = db.session.execute(sa.delete(SecondFactorRecord).where(SecondFactorRecord.person_id == person_id))
    if rows_changed(removed) != 1:
        raise NotFound("This person has no second step of signing in.")
    db.session.execute(sa.delete(RecoveryCodeRecord).where(RecoveryCodeRecord.person_id == person_id))
    _note("second_factor_removed", by, person_id, now)


def _note(kind: str, by: UUID | None, about: UUID, now: datetime) -> None:
    append_to_accounts(db.session, kind, at=now, by=by, about=str(about))


def _normal(code: str) -> str:
    """A code without the spaces and hyphens that people put in."""
    return "".join(one for one in code[:MAX_CODE_CHARS] if one.isalnum()).lower()


def _hash(person_id: UUID, typed: str) -> str:
    return hashlib.sha256(person_id.bytes + typed.encode("utf-8", "replace")).hexdigest()


def _keys(config: Config) -> list[bytes]:
    """The keys in force as Fernet takes them; the first seals, each of them opens."""
    given = config.text("FACTOR_KEY") or kept_secret(config.data, "factor.key")
    texts = [text.strip() for text in given.split(",") if text.strip()]
    return [base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()) for text in texts]


def _sealed(secret: str) -> str:
    from cryptography.fernet import Fernet

    return Fernet(_keys(current_config())[0]).encrypt(secret.encode()).decode()


def _opened(sealed: str) -> str | None:
    """The secret; None when no key opens it, as after a restore without the key: recovery codes still work then."""
    from cryptography.fernet import Fernet, InvalidToken, MultiFernet

    try:
        return MultiFernet([Fernet(key) for key in _keys(current_config())]).decrypt(sealed.encode()).decode()
    except InvalidToken:
        log.error("A second step of signing in cannot be checked: FACTOR_KEY is not the key that sealed it.")
        return None


def needs_one(viewer: Viewer, config: Config, *, now: datetime) -> bool:
    """Whether a person must set up a second step before anything else: SECOND_FACTOR_FOR names a role of theirs."""
    if viewer.has_second_factor or viewer.is_sandbox:
        return False
    wanted = roles_that_need_one(config)
    return bool(wanted) and any(grant.holds(now) and grant.role.value in wanted for grant in viewer.grants)


def roles_that_need_one(config: Config) -> frozenset[str]:
    """The roles of SECOND_FACTOR_FOR."""
    return frozenset(name.strip() for name in config.text("SECOND_FACTOR_FOR").split(",") if name.strip())
