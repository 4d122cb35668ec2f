"""What people read when something is handed over to them, comes back, or is late: the words as they are sent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.services.world import NOW, a_draft, a_space, in_space, with_password
from toolkit.domain.access import Role, space_scope
from toolkit.domain.handovers import HandedPart, PartKind
from toolkit.services import handing_over, jobs
from toolkit.services.accounts import add_person, give_role, viewer_of
from toolkit.services.handover_mail import handover_message
from toolkit.services.roster import disable_here
from toolkit.storage.db import db, transaction
from toolkit.storage.jobs import JobRecord

YOUTH = HandedPart(PartKind.THEME, "youth")
SITE = "https://assess.example.org"


@pytest.fixture
def world(database):
    """A focal point, a draft, and a colleague with an account."""
    space = a_space()
    focal = in_space(space, Role.FOCAL_POINT, "Ada Example")
    colleague = with_password(in_space(space, Role.READER, "Noor Example"))
    return space, focal, a_draft(space, focal, title="Baseline 2026"), colleague


def last_message(now=NOW):
    newest = sa.select(JobRecord.id).where(JobRecord.kind == handing_over.LETTER).order_by(JobRecord.created_at.desc())
    return handover_message(db.session.execute(newest.limit(1)).scalar_one(), public_url=SITE, now=now)


def test_what_a_new_hand_over_says(world):
    _, focal, draft, colleague = world
    handing_over.hand_over(
        draft,
        to=[colleague.person_id],
        parts=[YOUTH],
        viewer=focal,
        now=NOW,
        due_on=date(2026, 11, 27),
        note="Please ask the regional offices.",
    )
    message = last_message()
    assert (message.to, message.subject) == ("noor.example@example.org", "Questions for you: Baseline 2026")
    assert message.text == (
        "Hello Noor Example,\n\n"
        "Ada Example asks you to answer these parts of “Baseline 2026” (Example Organization):\n\n"
        "- Young people\n\n"
        "2 questions open, about 10 minutes. It is due on 27 November 2026, at the end of the day.\n\n"
        "Ada Example writes:\nPlease ask the regional offices.\n\n"
        "You see only these parts. You can stop at any time; everything is kept. Say on the page when you are done.\n\n"
        f"{SITE}/assessments/{draft}\n"
    )


def test_what_comes_back_says_why(world):
    _, focal, draft, colleague = world
    (handover,) = handing_over.hand_over(draft, to=[colleague.person_id], parts=[YOUTH], viewer=focal, now=NOW)
    later = NOW + timedelta(seconds=1)
    handing_over.give_back(handover, note="Which strategy do you mean?", viewer=focal, now=later)
    message = last_message()
    assert message.subject == "Please look again: Baseline 2026"
    assert "came back to you.\n\nWhat should be looked at again:\nWhich strategy do you mean?" in message.text


def test_a_reminder_says_what_is_late(world):
    _, focal, draft, colleague = world
    (handover,) = handing_over.hand_over(
        draft, to=[colleague.person_id], parts=[YOUTH], viewer=focal, now=NOW, due_on=NOW.date()
    )
    then = NOW + timedelta(days=2)
    handing_over.remind(handover, viewer=focal, now=then)
    text = last_message(then).text
    assert "Ada Example reminds you of your questions in “Baseline 2026” (Example Organization)." in text
    assert "2 questions open, about 10 minutes. It was due on 20 November 2026." in text


def test_whoever_has_no_password_finds_a_link_to_choose_one(world):
    space, focal, draft, _ = world
    with transaction():
        newcomer = add_person("New Example", "new@example.org", now=NOW, joined=False)
        give_role(newcomer, Role.READER, space_scope(space), by=None, now=NOW)
    handing_over.hand_over(draft, to=[newcomer], parts=[YOUTH], viewer=focal, now=NOW)
    assert (
        "First choose a password. The link works once, within an hour:\n\n" + SITE + "/invitation/"
        in last_message().text
    )


def test_nothing_is_sent_once_it_has_ended_or_the_account_is_shut(world):
    _, focal, draft, colleague = world
    (handover,) = handing_over.hand_over(draft, to=[colleague.person_id], parts=[YOUTH], viewer=focal, now=NOW)
    handing_over.end(handover, viewer=focal, now=NOW)
    assert last_message() is None
    later = NOW + timedelta(seconds=1)
    handing_over.hand_over(draft, to=[colleague.person_id], parts=[YOUTH], viewer=focal, now=later)
    assert last_message(later) is not None
    disable_here(colleague.person_id, by=None, now=later)
    assert last_message(later) is None
    assert jobs.waiting(stale_after=60, now=later)
    assert viewer_of(focal.person_id, now=later)
