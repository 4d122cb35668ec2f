"""Personal links: what they let somebody without an account do, when they end, and what they never open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from tests.builders import answered
from tests.services.world import LATER, NOW, PASSWORD, a_draft, a_space, answer_all, in_space
from toolkit.domain.access import Permission, Role, space_scope
from toolkit.domain.errors import (
    AssessmentClosed,
    Conflict,
    HandoverOver,
    InvalidInput,
    LinkExpired,
    NotAllowed,
    NotFound,
    TooManyTries,
)
from toolkit.domain.handovers import HandedPart, PartKind
from toolkit.domain.voices import VoiceKind
from toolkit.services import (
    assessments,
    digests,
    discussions,
    handed_over,
    handing_over,
    people,
    personal_links,
    rates,
    roster,
)
from toolkit.services.accounts import viewer_of
from toolkit.services.auditing import verify_trail
from toolkit.services.erasing import erase_person
from toolkit.services.handover_mail import handover_message
from toolkit.services.person_export import export_person
from toolkit.services.personal_link_mail import link_message
from toolkit.services.personal_links import MAX_DAYS, USUAL_DAYS, link_end
from toolkit.services.sign_in import viewer_for
from toolkit.storage.assessments import AnswerRecord, VoiceRecord
from toolkit.storage.base import new_id
from toolkit.storage.db import db, transaction
from toolkit.storage.handovers import PersonalLinkRecord
from toolkit.storage.jobs import JobRecord

YOUTH = HandedPart(PartKind.THEME, "youth")
SKILLS = HandedPart(PartKind.THEME, "skills")
SITE = "https://assess.example.org"
LIN = ("Lin Example", "lin@example.org")


@pytest.fixture
def space(database):
    """A space with nobody in it."""
    return a_space()


@pytest.fixture
def focal(space):
    """Its focal point."""
    return in_space(space, Role.FOCAL_POINT)


@pytest.fixture
def draft(space, focal):
    """An assessment to hand over from."""
    return a_draft(space, focal, title="Baseline 2026")


def give(draft, focal, *, newcomer=LIN, parts=(YOUTH,), now=NOW, **more):
    (made,) = personal_links.hand_over_by_link(
        draft, newcomer=newcomer, parts=parts, viewer=viewer_of(focal.person_id, now=now), now=now, **more
    )
    return made


def message(now=NOW, kind=personal_links.LETTER):
    newest = sa.select(JobRecord.id).where(JobRecord.kind == kind).order_by(JobRecord.created_at.desc()).limit(1)
    job = db.session.execute(newest).scalar_one()
    write = link_message if kind == personal_links.LETTER else handover_message
    return write(job, public_url=SITE, now=now)


def token(now=NOW):
    return message(now).text.partition(f"{SITE}/link/")[2].split()[0]


def holder(now=NOW, sent=None):
    """Whoever opened the newest link, as every later request finds them."""
    begun = personal_links.open_link(sent or token(now), now=now)
    return begun.token, viewer_for(begun.token, now=now)


# --- what it opens ---------------------------------------------------------------------------------


def test_the_holder_answers_what_was_handed_over_in_their_own_name(draft, focal):
    give(draft, focal)
    _, lin = holder()
    assessments.save_answer(draft, "youth_strategy", answered(3), expected_revision=0, viewer=lin, now=NOW)
    (version,) = assessments.history(draft, "youth_strategy", viewer=focal, now=NOW)
    assert version.by_name == "Lin Example"
    opened = assessments.open_assessment(draft, viewer=lin, now=NOW)
    assert opened.may_answer("youth_budget")
    assert not opened.may_answer("skills_plan")
    with pytest.raises(NotFound):
        assessments.save_answer(draft, "skills_plan", answered(3), expected_revision=0, viewer=lin, now=NOW)


def test_the_holder_sees_no_answer_outside_the_parts(draft, focal):
    answer_all(draft, focal)
    give(draft, focal)
    _, lin = holder()
    seen = assessments.open_assessment(draft, viewer=lin, now=NOW).assessment.answers
    assert set(seen) == {"youth_strategy", "youth_budget"}
    assert lin.grants
    assert not lin.may(Permission.HAND_OVER, assessment=draft, now=NOW)


def test_two_links_of_one_person_open_what_each_is_for_and_no_more(space, draft, focal):
    give(draft, focal)
    _, first = holder()
    give(draft, focal, parts=(SKILLS,), now=LATER)
    _, second = holder(LATER)
    assert first.person_id == second.person_id
    for viewer, mine, other in ((first, "youth_budget", "skills_plan"), (second, "skills_plan", "youth_budget")):
        opened = assessments.open_assessment(draft, viewer=viewer, now=LATER)
        assert opened.may_answer(mine)
        assert not opened.may_answer(other)
        assert len(handed_over.in_my_hands(viewer, now=LATER)) == 1


def test_the_holder_says_that_it_is_done_and_touches_no_other_hand_over(draft, focal):
    one = give(draft, focal)
    _, lin = holder()
    other = give(draft, focal, parts=(SKILLS,))
    handing_over.say_done(one, viewer=lin, now=LATER)
    with pytest.raises(NotFound):
        handing_over.say_done(other, viewer=lin, now=LATER)


def test_a_voice_is_answered_by_link_in_that_voice_alone(draft, focal):
    voice = new_id()
    with transaction() as session:
        values = {"kind": VoiceKind.UNIT, "name": "Field office", "shows_names": False}
        session.execute(sa.insert(VoiceRecord).values(id=voice, assessment_id=draft, **values))
    give(draft, focal, voice=voice)
    assert "in the name of Field office" in message().text
    _, lin = holder()
    assert lin.link.voice_id == voice
    assert assessments.open_assessment(draft, viewer=lin, now=NOW, voice=voice).may_answer("youth_budget")
    assert not assessments.open_assessment(draft, viewer=lin, now=NOW).may_answer("youth_budget")


@pytest.mark.parametrize("by_link", [True, False])
def test_nobody_is_let_into_a_voice_that_speaks_for_itself(draft, focal, by_link):
    voice = new_id()
    with transaction() as session:
        values = {"kind": VoiceKind.WORKERS, "name": "Workers", "shows_names": False}
        session.execute(sa.insert(VoiceRecord).values(id=voice, assessment_id=draft, **values))
    verb = personal_links.hand_over_by_link if by_link else handing_over.hand_over
    with pytest.raises(InvalidInput):
        verb(draft, to=[], newcomer=LIN, parts=[YOUTH], voice=voice, viewer=focal, now=NOW)


def test_looking_changes_nothing_and_the_link_opens_again(draft, focal):
    give(draft, focal)
    sent = token()
    before = db.session.execute(sa.select(*PersonalLinkRecord.__table__.c)).one()
    said = personal_links.personal_link(sent, now=NOW)
    assert (said.person_name, said.by_name, said.voice) == ("Lin Example", "Focal Point Example", None)
    assert db.session.execute(sa.select(*PersonalLinkRecord.__table__.c)).one() == before
    assert holder(sent=sent)[1] == holder(sent=sent)[1]


# --- when it ends ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "end"),
    [
        (date(2026, 11, 27), datetime(2026, 11, 27, 21, tzinfo=UTC)),
        (date(2026, 11, 20), datetime(2026, 11, 20, 21, tzinfo=UTC)),
        (date(2028, 1, 1), NOW + timedelta(days=MAX_DAYS)),
        (date(2026, 11, 1), NOW + timedelta(days=USUAL_DAYS)),
        (None, NOW + timedelta(days=USUAL_DAYS)),
    ],
)
def test_a_link_ends_with_the_due_day_where_the_site_is_and_never_late(due, end):
    assert link_end(due, now=NOW, zone=ZoneInfo("Africa/Nairobi")) == end


def test_when_its_day_is_over_neither_link_nor_session_works(draft, focal):
    give(draft, focal, due_on=date(2026, 11, 20))
    sent = token()
    over = datetime(2026, 11, 21, tzinfo=UTC)
    begun = personal_links.open_link(sent, now=over - timedelta(minutes=1)).token
    assert viewer_for(begun, now=over - timedelta(seconds=1)) is not None
    assert viewer_for(begun, now=over) is None
    with pytest.raises(LinkExpired):
        personal_links.open_link(sent, now=over)


def test_taken_back_it_ends_at_once_with_what_was_begun(draft, focal):
    one = give(draft, focal)
    sent = token()
    begun, _ = holder(sent=sent)
    personal_links.take_back(one, viewer=focal, now=LATER)
    assert viewer_for(begun, now=LATER) is None
    with pytest.raises(LinkExpired):
        personal_links.personal_link(sent, now=LATER)
    with pytest.raises(Conflict):
        personal_links.take_back(one, viewer=focal, now=LATER)
    assert handed_over.board(draft, viewer=focal, now=LATER).waiting[0].link.works is False


def test_a_fresh_link_takes_the_place_of_the_one_before(draft, focal):
    one = give(draft, focal)
    sent = token()
    begun, _ = holder(sent=sent)
    personal_links.send_afresh(one, viewer=focal, now=LATER)
    with pytest.raises(LinkExpired):
        personal_links.open_link(sent, now=LATER)
    assert viewer_for(begun, now=LATER) is None
    assert holder(LATER)[1].link.handover_id == one


def test_it_ends_with_the_hand_over_and_with_the_person(draft, focal):
    one = give(draft, focal)
    begun, lin = holder()
    handing_over.end(one, viewer=focal, now=LATER)
    assert viewer_for(begun, now=LATER) is None
    with pytest.raises(HandoverOver):
        personal_links.send_afresh(one, viewer=focal, now=LATER)
    assert message(LATER) is None
    give(draft, focal, now=LATER)
    begun, _ = holder(LATER)
    erase_person(lin.person_id, now=LATER)
    assert viewer_for(begun, now=LATER) is None
    assert db.session.execute(sa.select(PersonalLinkRecord.id)).all() == []
    assert verify_trail().faults == ()


def test_switched_off_all_links_of_the_space_end_at_once_and_none_is_sent(space, draft, focal):
    one = give(draft, focal)
    sent = token()
    begun, _ = holder(sent=sent)
    assert personal_links.allow(space, False, viewer=focal, now=LATER) == 1
    assert viewer_for(begun, now=LATER) is None
    with pytest.raises(NotAllowed):
        give(draft, focal, newcomer=("Lou Example", "lou@example.org"))
    with pytest.raises(NotAllowed):
        personal_links.send_afresh(one, viewer=focal, now=LATER)
    assert personal_links.allow(space, True, viewer=focal, now=LATER) == 0
    with pytest.raises(LinkExpired):  # what ended stays ended
        personal_links.open_link(sent, now=LATER)
    personal_links.send_afresh(one, viewer=focal, now=LATER)
    assert holder(LATER)[1].link.handover_id == one
    assert verify_trail().faults == ()


def test_another_space_keeps_its_links(space, draft, focal):
    give(draft, focal)
    begun, _ = holder()
    other = a_space("Other")
    stranger = in_space(other, Role.FOCAL_POINT, "Stranger Example")
    personal_links.allow(other, False, viewer=stranger, now=LATER)
    assert viewer_for(begun, now=LATER) is not None
    with pytest.raises(NotFound):
        personal_links.allow(space, False, viewer=stranger, now=LATER)


def test_a_link_is_opened_only_so_often(draft, focal):
    give(draft, focal)
    sent = token()
    for _ in range(rates.PERSONAL_LINK.tries):
        personal_links.open_link(sent, now=NOW)
    with pytest.raises(TooManyTries):
        personal_links.open_link(sent, now=NOW)
    with pytest.raises(LinkExpired):
        personal_links.open_link("guessed", now=NOW)


# --- who sends and who gets one ----------------------------------------------------------------------


def test_only_somebody_without_an_account_gets_one(space, draft, focal):
    in_space(space, Role.READER, "Noor Example")
    with pytest.raises(InvalidInput):
        give(draft, focal, newcomer=("Noor Example", "noor.example@example.org"))
    with pytest.raises(InvalidInput):
        give(draft, focal, newcomer=("Noor", "no address"))


def test_only_those_who_manage_people_send_one(space, draft, focal):
    one = give(draft, focal)
    deputy = in_space(space, Role.DEPUTY)
    for person in (deputy, in_space(space, Role.CONTRIBUTOR)):
        with pytest.raises(NotAllowed):
            give(draft, person, newcomer=("Lou Example", "lou@example.org"))
    with pytest.raises(NotAllowed):
        personal_links.send_afresh(one, viewer=deputy, now=NOW)
    stranger = in_space(a_space("Other"), Role.FOCAL_POINT, "Stranger Example")
    for verb in (personal_links.send_afresh, personal_links.take_back):
        with pytest.raises(NotFound):
            verb(one, viewer=stranger, now=NOW)


def test_a_hand_over_to_somebody_with_an_account_has_no_link(space, draft, focal):
    noor = in_space(space, Role.READER, "Noor Example")
    (one,) = handing_over.hand_over(draft, to=[noor.person_id], parts=[YOUTH], viewer=focal, now=NOW)
    for verb in (personal_links.send_afresh, personal_links.take_back):
        with pytest.raises(NotFound):
            verb(one, viewer=focal, now=NOW)


def test_in_review_no_fresh_link_is_sent(space, draft, focal):
    one = give(draft, focal)
    answer_all(draft, focal)
    assessments.submit(draft, provisional_reason="A trial.", viewer=focal, now=NOW)
    with pytest.raises(AssessmentClosed):
        personal_links.send_afresh(one, viewer=focal, now=LATER)
    personal_links.take_back(one, viewer=focal, now=LATER)


def test_the_holder_has_no_account_and_is_in_no_list_to_choose_from(space, draft, focal):
    give(draft, focal)
    holder()
    (line,) = (one for one in roster.everybody(space, now=NOW) if one.name == "Lin Example")
    assert line.state == "link"
    offered = handed_over.offer(draft, viewer=focal, now=NOW).people
    assert "Lin Example" not in [one.name for one in offered]
    asked = discussions.colleagues(draft, "youth_budget", viewer=focal, now=NOW)
    assert "Lin Example" not in [one.name for one in asked]
    with pytest.raises(Exception, match="do not fit"):
        people.sign_in("lin@example.org", PASSWORD, address="192.0.2.1", now=NOW)
    morning = NOW + timedelta(days=6)
    digests.plan(now=morning)
    kinds = db.session.execute(sa.select(JobRecord.kind)).scalars().all()
    assert digests.JOB_KIND not in kinds


def test_invited_later_the_same_person_has_an_account_and_the_link_stays_limited(space, draft, focal):
    give(draft, focal)
    sent = token()
    made = people.invite(
        email=LIN[1], name=LIN[0], role=Role.REVIEWER, scope=space_scope(space), by=focal.person_id, now=NOW
    )
    people.accept_invitation(made.token, name="Lin Example", password=PASSWORD, now=NOW)
    _, lin = holder(sent=sent)
    assert not lin.may(Permission.REVIEW, space=space, now=NOW)
    full = people.sign_in(LIN[1], PASSWORD, address="192.0.2.1", now=NOW).viewer
    assert full.link is None
    assert full.may(Permission.REVIEW, space=space, now=NOW)
    with pytest.raises(InvalidInput):
        give(draft, focal, parts=(SKILLS,))


# --- messages, export ---------------------------------------------------------------------------------


def test_what_the_message_says(draft, focal):
    give(draft, focal, due_on=date(2026, 11, 27), note="secret-note")
    sent = message()
    assert sent.to == "lin@example.org"
    assert sent.subject == "Questions for you: a self-assessment on decent work"
    assert "2 questions, about 10 minutes," in sent.text
    assert "until the end of 27 November 2026" in sent.text
    assert "secret-note" not in sent.text


def test_a_reminder_and_a_return_point_at_the_link_and_carry_none(draft, focal):
    one = give(draft, focal)
    handing_over.remind(one, viewer=focal, now=LATER)
    text = message(LATER, handing_over.LETTER).text
    assert "Open the personal link that you got before" in text
    assert "/invitation/" not in text
    assert "/link/" not in text


def test_only_a_hash_of_the_link_is_kept(draft, focal, tmp_path):
    give(draft, focal)
    sent = token()
    rows = db.session.execute(sa.select(*PersonalLinkRecord.__table__.c)).all()
    jobs = db.session.execute(sa.select(JobRecord.payload)).scalars().all()
    assert len(sent) >= 43  # 256 bits
    assert sent not in f"{rows}{jobs}"
    _, lin = holder(sent=sent)
    with (tmp_path / "lin.zip").open("wb") as file:
        export_person(lin.person_id, file, by=None, now=LATER)
    assert sent.encode() not in (tmp_path / "lin.zip").read_bytes()


def test_the_author_of_an_answer_by_link_is_an_id_like_all_others(draft, focal):
    give(draft, focal)
    _, lin = holder()
    assessments.save_answer(draft, "youth_strategy", answered(3), expected_revision=0, viewer=lin, now=NOW)
    assert db.session.execute(sa.select(AnswerRecord.author_id)).scalar_one() == lin.person_id
    assert verify_trail().faults == ()
