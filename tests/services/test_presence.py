"""Who else is on a theme, and who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.services.world import NOW, a_draft, a_person, a_space, in_space
from toolkit.domain.access import Role, theme_scope
from toolkit.domain.errors import NotFound
from toolkit.services import presence
from toolkit.services.tidying import forget_ended
from toolkit.storage.assessments import AssessmentRecord
from toolkit.storage.db import db, transaction
from toolkit.storage.presence import PresenceRecord

SOON = NOW + timedelta(seconds=30)


@pytest.fixture
def space(database):
    return a_space()


@pytest.fixture
def focal(space):
    return in_space(space, Role.FOCAL_POINT, "Farida Focal")


@pytest.fixture
def draft(space, focal):
    return a_draft(space, focal)


def helper(draft, name="Hana Helper", theme="youth"):
    return a_person(name, role=Role.CONTRIBUTOR, scope=theme_scope(draft, theme))


def test_the_others_on_a_theme_are_named_as_long_as_they_are_heard_of(draft, focal):
    hana = helper(draft)
    assert presence.here(draft, "youth", viewer=focal, now=NOW) == ()
    assert presence.here(draft, "youth", viewer=hana, now=SOON) == ("Farida Focal",)
    assert presence.here(draft, "skills", viewer=focal, now=SOON) == (), "another theme"
    assert presence.here(draft, "youth", viewer=focal, now=NOW + timedelta(seconds=89)) == ("Hana Helper",)
    assert presence.here(draft, "youth", viewer=focal, now=NOW + timedelta(seconds=91)) == ()


def test_where_people_answer_blind_only_who_leads_is_told(draft, focal):
    hana, igor = helper(draft), helper(draft, "Igor Helper")
    with transaction() as session:
        session.execute(sa.update(AssessmentRecord).where(AssessmentRecord.id == draft).values(blind=True))
    presence.here(draft, "youth", viewer=hana, now=NOW)
    assert presence.here(draft, "youth", viewer=igor, now=SOON) == ()
    assert presence.here(draft, "youth", viewer=focal, now=SOON) == ("Igor Helper", "Hana Helper")


def test_who_does_not_see_the_theme_is_told_nothing(draft, focal):
    stranger = in_space(a_space("Elsewhere"), Role.FOCAL_POINT, "Stranger")
    for viewer, theme in ((helper(draft), "skills"), (stranger, "youth"), (focal, "no_such_theme")):
        with pytest.raises(NotFound):
            presence.here(draft, theme, viewer=viewer, now=NOW)


def test_who_left_is_forgotten(draft, focal):
    presence.here(draft, "youth", viewer=focal, now=NOW)
    forget_ended(now=NOW + timedelta(hours=2))
    assert db.session.execute(sa.select(sa.func.count()).select_from(PresenceRecord)).scalar_one() == 0
