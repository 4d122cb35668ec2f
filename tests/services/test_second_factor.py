"""The second step of signing in: codes that fit once, recovery codes, limits, and what is kept of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa

from tests.services.world import NOW, PASSWORD, a_person, an_administrator, with_password
from toolkit.config import read_config
from toolkit.domain.access import SITE, Role
from toolkit.domain.errors import CodeRefused, InvalidInput, LinkExpired, NotFound, SignInRefused, TooManyTries
from toolkit.services import people, second_factor
from toolkit.services.auditing import verify_trail
from toolkit.services.links import hash_token
from toolkit.services.sign_in import SecondStep, SignedIn
from toolkit.services.tidying import forget_ended
from toolkit.storage.db import current_config, db, reading
from toolkit.storage.people import RecoveryCodeRecord, SecondFactorRecord
from toolkit.storage.tables import metadata

HERE = {"address": "192.0.2.1"}
STEP = timedelta(seconds=30)


@pytest.fixture
def ada(database):
    return with_password(a_person("Ada Example"))


def set_up(viewer, now=NOW):
    """The app's secret and the recovery codes of somebody with a second step."""
    second_factor.begin(viewer, now=now)
    secret = second_factor.standing(viewer).secret
    return secret, second_factor.confirm(viewer, pyotp.TOTP(secret).at(now), keep="", now=now)


def first_step(viewer, now=NOW):
    begun = people.sign_in(viewer.email, PASSWORD, **HERE, now=now)
    assert isinstance(begun, SecondStep)
    return begun.token


def with_code(viewer, code, now=NOW):
    return people.sign_in_with_code(first_step(viewer, now), code, **HERE, now=now)


def test_with_a_second_step_the_password_alone_opens_nothing(ada):
    set_up(ada)
    token = first_step(ada)
    assert people.viewer_for(token, now=NOW) is None


def test_a_code_of_the_app_signs_in(ada):
    secret, _ = set_up(ada)
    later = NOW + STEP
    begun = with_code(ada, pyotp.TOTP(secret).at(later), later)
    assert isinstance(begun, SignedIn)
    found = people.viewer_for(begun.token, now=later)
    assert found is not None
    assert found.has_second_factor


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", " {0}{1} "])
def test_spaces_in_a_code_do_not_matter(ada, typed):
    secret, _ = set_up(ada)
    code = pyotp.TOTP(secret).at(NOW + STEP)
    assert with_code(ada, typed.format(code[:3], code[3:]), NOW + STEP)


def test_no_code_is_taken_twice_not_even_an_older_one(ada):
    secret, _ = set_up(ada)
    later, totp = NOW + 3 * STEP, pyotp.TOTP(secret)
    assert with_code(ada, totp.at(later), later)
    for code in (totp.at(later), totp.at(later - STEP)):
        with pytest.raises(CodeRefused):
            with_code(ada, code, later)


def test_the_code_that_set_it_up_does_not_sign_in(ada):
    secret, _ = set_up(ada)
    with pytest.raises(CodeRefused):
        with_code(ada, pyotp.TOTP(secret).at(NOW))


@pytest.mark.parametrize(("drift", "fits"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_wrong(ada, drift, fits):
    secret, _ = set_up(ada, NOW - timedelta(hours=1))
    code = pyotp.TOTP(secret).at(NOW + drift * STEP)
    if fits:
        assert with_code(ada, code)
    else:
        with pytest.raises(CodeRefused):
            with_code(ada, code)


@pytest.mark.parametrize("code", ["", "000000000", "abc", "\x00", "\ud800", "１２３４５６", "x" * 1000])
def test_no_made_up_code_fits_or_breaks_anything(ada, code):
    set_up(ada)
    with pytest.raises(CodeRefused):
        with_code(ada, code)


def test_of_many_who_type_the_same_code_at_once_one_comes_in(ada, database):
    secret, _ = set_up(ada)
    later = NOW + STEP
    code, token = pyotp.TOTP(secret).at(later), first_step(ada, later)

    def attempt(_):
        with database.app_context():
            try:
                return bool(people.sign_in_with_code(token, code, **HERE, now=later))
            except (CodeRefused, LinkExpired):
                return False
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(attempt, range(4))).count(True) == 1


def test_a_recovery_code_lets_in_once(ada):
    _, codes = set_up(ada)
    assert len(set(codes)) == 10
    assert with_code(ada, codes[3].upper())
    assert second_factor.standing(ada).codes_left == 9
    with pytest.raises(CodeRefused):
        with_code(ada, codes[3])
    assert with_code(ada, codes[4].replace("-", " "))


def test_a_code_of_somebody_else_does_not_fit(ada):
    ben = with_password(a_person("Ben Example"))
    secret, codes = set_up(ben)
    set_up(ada)
    for code in (codes[0], pyotp.TOTP(secret).at(NOW + STEP)):
        with pytest.raises(CodeRefused):
            with_code(ada, code, NOW + STEP)


def test_new_recovery_codes_end_the_old_ones(ada):
    _, codes = set_up(ada)
    fresh = second_factor.renew_codes(ada, now=NOW)
    with pytest.raises(CodeRefused):
        with_code(ada, codes[0])
    assert with_code(ada, fresh[0])


def test_guessing_codes_is_limited_whoever_knows_the_password(ada):
    _, codes = set_up(ada)
    token = first_step(ada)
    for _ in range(10):
        with pytest.raises(CodeRefused):
            people.sign_in_with_code(token, "123", **HERE, now=NOW)
    with pytest.raises(TooManyTries):
        people.sign_in_with_code(first_step(ada), codes[0], address="198.51.100.1", now=NOW)


def test_the_code_must_follow_within_ten_minutes(ada):
    _, codes = set_up(ada)
    token = first_step(ada)
    with pytest.raises(LinkExpired):
        people.sign_in_with_code(token, codes[0], **HERE, now=NOW + timedelta(minutes=10, seconds=1))


def test_the_first_step_of_one_sign_in_opens_one_session(ada):
    _, codes = set_up(ada)
    token = first_step(ada)
    assert people.sign_in_with_code(token, codes[0], **HERE, now=NOW)
    with pytest.raises(LinkExpired):
        people.sign_in_with_code(token, codes[1], **HERE, now=NOW)


def test_a_first_step_with_the_old_password_opens_nothing_once_there_is_a_new_one(ada):
    _, codes = set_up(ada)
    token = first_step(ada)
    with_password(ada, "nine loud mountains")
    with pytest.raises(LinkExpired):
        people.sign_in_with_code(token, codes[0], **HERE, now=NOW)


def test_a_link_of_another_kind_is_no_first_step(ada):
    from toolkit.services.resets import reset_link

    _, codes = set_up(ada)
    with pytest.raises(LinkExpired):
        people.sign_in_with_code(reset_link(ada.person_id, now=NOW), codes[0], **HERE, now=NOW)


def test_a_new_password_by_mail_does_not_take_the_second_step_away(ada):
    from toolkit.services.resets import reset_link

    set_up(ada)
    people.reset_password(reset_link(ada.person_id, now=NOW), "nine loud mountains", now=NOW)
    begun = people.sign_in(ada.email, "nine loud mountains", **HERE, now=NOW)
    assert isinstance(begun, SecondStep)


def test_a_wrong_password_is_refused_before_any_code(ada):
    set_up(ada)
    with pytest.raises(SignInRefused):
        people.sign_in(ada.email, "not this one", **HERE, now=NOW)


def test_a_secret_that_was_never_confirmed_changes_nothing_and_is_forgotten(ada):
    second_factor.begin(ada, now=NOW)
    with pytest.raises(InvalidInput):
        second_factor.confirm(ada, "000", keep="", now=NOW)
    assert isinstance(people.sign_in(ada.email, PASSWORD, **HERE, now=NOW), SignedIn)
    forget_ended(now=NOW + timedelta(days=2))
    assert second_factor.standing(ada).secret == ""


def test_setting_it_up_again_leaves_the_one_in_force(ada):
    secret, _ = set_up(ada)
    second_factor.begin(ada, now=NOW)
    assert with_code(ada, pyotp.TOTP(secret).at(NOW + STEP), NOW + STEP)


def test_turning_it_on_ends_the_other_sessions(ada):
    other, this = (people.sign_in(ada.email, PASSWORD, **HERE, now=NOW).token for _ in range(2))
    second_factor.begin(ada, now=NOW)
    code = pyotp.TOTP(second_factor.standing(ada).secret).at(NOW)
    second_factor.confirm(ada, code, keep=hash_token(this), now=NOW)
    assert people.viewer_for(other, now=NOW) is None
    assert people.viewer_for(this, now=NOW) is not None


def test_neither_secret_nor_code_stands_in_the_database(ada):
    secret, codes = set_up(ada)
    with db.engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = str(connection.execute(sa.select(table)).all())
            assert secret not in rows
            assert not any(code in rows or code.replace("-", "") in rows for code in codes)


def test_with_another_key_the_app_does_not_fit_and_a_recovery_code_does(ada, database):
    secret, codes = set_up(ada)
    (current_config().data / "factor.key").write_text("another key")
    with pytest.raises(CodeRefused):
        with_code(ada, pyotp.TOTP(secret).at(NOW + STEP), NOW + STEP)
    assert with_code(ada, codes[0], NOW + STEP)


def test_a_later_key_opens_what_an_earlier_one_sealed():
    both = second_factor._keys(read_config({}, factor_key="later, earlier"))
    assert both[1] == second_factor._keys(read_config({}, factor_key="earlier"))[0]


def test_an_administrator_takes_it_away_and_the_trail_knows(ada):
    admin = an_administrator()
    _, codes = set_up(ada)
    begun = with_code(ada, codes[0])
    with pytest.raises(NotFound):
        second_factor.remove(ada.person_id, by=ada.person_id, now=NOW)
    second_factor.remove(ada.person_id, by=admin.person_id, now=NOW)
    assert people.viewer_for(begun.token, now=NOW) is None
    assert isinstance(people.sign_in(ada.email, PASSWORD, **HERE, now=NOW), SignedIn)
    with pytest.raises(NotFound):
        second_factor.remove(ada.person_id, by=admin.person_id, now=NOW)
    with reading() as session:
        assert (
            session.execute(
                sa.select(SecondFactorRecord.person_id).union(sa.select(RecoveryCodeRecord.person_id))
            ).all()
            == []
        )
        kinds = session.execute(sa.select(metadata.tables["trail_link"].c.kind)).scalars().all()
    assert {"second_factor_set", "recovery_code_used", "second_factor_removed"} <= set(kinds)
    assert verify_trail().faults == ()


@pytest.mark.parametrize(("setting", "needed"), [("", False), ("administrator", True), ("reader, editor", False)])
def test_a_role_may_need_a_second_step(database, setting, needed):
    admin = a_person("Root Example", role=Role.ADMINISTRATOR, scope=SITE)
    config = read_config({}, second_factor_for=setting)
    assert second_factor.needs_one(admin, config, now=NOW) is needed
