"""Reminders: one a day at most, only with something to say, stopped by a link, and never twice for the same job."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.services.world import NOW, a_draft, a_space, answer_all, in_space
from toolkit.domain.access import Role
from toolkit.domain.assessment import SignOff
from toolkit.domain.errors import Conflict, LinkExpired
from toolkit.domain.handovers import HandedPart, PartKind
from toolkit.services import assessments, digests, handing_over
from toolkit.services.accounts import viewer_of
from toolkit.services.auditing import verify_trail
from toolkit.services.erasing import erase_person
from toolkit.services.roster import disable_here
from toolkit.storage.db import current_config, db
from toolkit.storage.jobs import JobRecord

SITE = "https://assess.example.org"
YOUTH = HandedPart(PartKind.THEME, "youth")
SKILLS = HandedPart(PartKind.THEME, "skills")
DAY = timedelta(days=1)


class World:
    """A focal point, a draft, and a colleague with one theme, due tomorrow."""

    def __init__(self) -> None:
        self.space = a_space()
        self.focal = in_space(self.space, Role.FOCAL_POINT, "Ada Example")
        self.noor = in_space(self.space, Role.READER, "Noor Example")
        self.draft = a_draft(self.space, self.focal, title="Baseline 2026", sign_off=SignOff.ONE)
        self.handover = self.give(YOUTH, due_in=1)

    def give(self, *parts, due_in=None, now=NOW):
        due_on = None if due_in is None else (now + due_in * DAY).date()
        to = [self.noor.person_id]
        (made,) = handing_over.hand_over(self.draft, to=to, parts=parts, viewer=self.focal, now=now, due_on=due_on)
        return made


@pytest.fixture
def world(database):
    return World()


def sent(now):
    """What goes out on a sweep and the jobs that come of it."""
    digests.plan(now=now)
    wanted = sa.select(JobRecord.id).where(JobRecord.kind == digests.JOB_KIND, JobRecord.state == "queued")
    ids = db.session.execute(wanted.order_by(JobRecord.created_at)).scalars().all()
    found = [digests.digest_message(one, public_url=SITE, now=now) for one in ids]
    db.session.execute(sa.update(JobRecord).where(JobRecord.id.in_(ids)).values(state="done"))
    db.session.commit()
    return [message for message in found if message]


def test_the_words_of_a_reminder(world):
    (message,) = sent(NOW)
    stop = f"{SITE}/reminders/stop/{digests.stop_token(world.noor.person_id)}"
    assert (message.to, message.subject) == ("noor.example@example.org", "Your questions: 1 due soon")
    assert message.text == (
        "Hello Noor Example,\n\n"
        "Due soon:\n"
        "- Young people, in “Baseline 2026” (Example Organization): 2 questions open, about 10 minutes. "
        "It is due on 21 November 2026, at the end of the day.\n\n"
        f"All of it is on one page:\n{SITE}/work\n\n"
        "You get at most one such message a day, and only when something came back, is late or due within 3 days. "
        f"To stop them, without signing in:\n{stop}\n"
    )
    assert message.unsubscribe == stop


def test_a_second_sweep_of_the_same_day_sends_nothing(world):
    assert len(sent(NOW)) == 1
    assert digests.plan(now=NOW + timedelta(hours=5)) == 0
    assert sent(NOW + timedelta(hours=14)) == []


def test_a_job_that_is_done_twice_sends_once(world):
    digests.plan(now=NOW)
    job = db.session.execute(sa.select(JobRecord.id).where(JobRecord.kind == digests.JOB_KIND)).scalar_one()
    assert digests.digest_message(job, public_url=SITE, now=NOW) is not None
    assert digests.digest_message(job, public_url=SITE, now=NOW) is None
    digests.was_not_sent(job)
    assert digests.digest_message(job, public_url=SITE, now=NOW) is not None


def test_the_same_list_is_not_sent_again_for_three_days_and_a_new_one_is(world):
    world.give(SKILLS, due_in=9)
    assert sent(NOW)[0].subject == "Your questions: 1 due soon"
    assert sent(NOW + DAY) == []
    assert sent(NOW + 2 * DAY)[0].subject == "Your questions: 1 late"
    assert sent(NOW + 3 * DAY) == []
    assert sent(NOW + 5 * DAY)[0].subject == "Your questions: 1 late"
    assert sent(NOW + 6 * DAY)[0].subject == "Your questions: 1 late, 1 due soon"


def test_nothing_is_said_when_nothing_presses(world):
    handing_over.set_due(world.handover, (NOW + 9 * DAY).date(), viewer=world.focal, now=NOW)
    assert sent(NOW) == []
    assert digests.plan(now=NOW) == 0


def test_nothing_is_said_before_the_day_begins_where_the_site_is(world):
    assert digests.plan(now=NOW.replace(hour=5, minute=59)) == 0
    current_config().values["TIME_ZONE"] = "Asia/Tokyo"
    assert digests.plan(now=NOW.replace(hour=22, minute=0)) == 1


def test_what_came_back_is_told_with_its_note(world):
    handing_over.set_due(world.handover, None, viewer=world.focal, now=NOW)
    handing_over.give_back(world.handover, note="Which\nstrategy?", viewer=world.focal, now=NOW)
    (message,) = sent(NOW)
    assert message.subject == "Your questions: 1 came back"
    assert "“Which strategy?”" in message.text


def test_answers_that_a_reviewer_sent_back_are_told(world):
    handing_over.set_due(world.handover, None, viewer=world.focal, now=NOW)
    answer_all(world.draft, world.focal)
    assessments.send_to_review(world.draft, viewer=world.focal, now=NOW)
    assert sent(NOW) == []
    reviewer = in_space(world.space, Role.REVIEWER)
    assessments.return_to_draft(world.draft, {"skills_plan": "Why?"}, viewer=reviewer, now=NOW)
    assert sent(NOW) == [], "another theme is none of theirs"
    assessments.send_to_review(world.draft, viewer=world.focal, now=NOW)
    assessments.return_to_draft(world.draft, {"youth_budget": "Why?"}, viewer=reviewer, now=NOW)
    assert sent(NOW + DAY)[0].subject == "Your questions: 1 came back"


@pytest.mark.parametrize("over", ["done", "ended", "disabled", "erased", "discarded"])
def test_nobody_is_reminded_of_what_is_over(world, over):
    digests.plan(now=NOW)  # a job waits already
    if over == "done":
        handing_over.say_done(world.handover, viewer=viewer_of(world.noor.person_id, now=NOW), now=NOW)
    elif over == "ended":
        handing_over.end(world.handover, viewer=world.focal, now=NOW)
    elif over == "disabled":
        disable_here(world.noor.person_id, by=None, now=NOW)
    elif over == "erased":
        erase_person(world.noor.person_id, now=NOW)
    else:
        assessments.discard(world.draft, viewer=world.focal, now=NOW)
    assert sent(NOW) == []
    assert sent(NOW + DAY) == []


def test_the_link_stops_them_and_the_person_turns_them_on_again(world):
    token = digests.stop_token(world.noor.person_id)
    digests.stop_by_link(token, now=NOW)
    digests.stop_by_link(token, now=NOW)
    assert sent(NOW) == []
    assert not digests.wants_reminders(world.noor)
    with pytest.raises(Conflict):
        handing_over.remind(world.handover, viewer=world.focal, now=NOW)
    digests.set_reminders(world.noor, True, now=NOW)
    assert len(sent(NOW)) == 1
    assert digests.wants_reminders(world.focal)
    assert verify_trail().faults == ()


def test_a_link_that_this_site_did_not_sign_stops_nothing(world):
    token = digests.stop_token(world.noor.person_id)
    other = digests.stop_token(world.focal.person_id)
    mixed = token[:22] + other[22:]
    for wrong in ("", "x", "é", "\x00", token[:-1], token + "A", mixed, "A" * 43, "A" * 44, token.swapcase()):
        with pytest.raises(LinkExpired):
            digests.stop_by_link(wrong, now=NOW)
    assert digests.wants_reminders(world.noor)
    assert len(sent(NOW)) == 1
