"""Inviting many: what each line would do is said first, the good lines are taken, nothing happens before."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.services.world import NOW, a_draft, a_person, a_space, in_space, with_password
from toolkit.domain.access import Role
from toolkit.domain.errors import InvalidInput, NotAllowed, NotFound
from toolkit.services import handed_over, invitation_mail, invite_list
from toolkit.services.accounts import viewer_of
from toolkit.services.auditing import verify_trail
from toolkit.services.invite_list import InviteTo, Outcome
from toolkit.services.letters_sent import sent_by
from toolkit.services.roster import disable_here, everybody
from toolkit.storage.db import db
from toolkit.storage.jobs import JobRecord
from toolkit.storage.people import PersonRecord

SITE = "https://assess.example.org"


@pytest.fixture
def space(database):
    return a_space()


@pytest.fixture
def focal(space):
    return in_space(space, Role.FOCAL_POINT, "Ada Example")


def look(text, space, focal, draft=None, default=Role.CONTRIBUTOR):
    return invite_list.preview(text, InviteTo(space, draft, default), viewer=focal, now=NOW)


def take(text, space, focal, draft=None):
    return invite_list.invite_all(text, InviteTo(space, draft, Role.CONTRIBUTOR), viewer=focal, now=NOW)


def outcomes(found):
    return [str(line.outcome) for line in found.lines]


@pytest.mark.parametrize(
    "text",
    [
        "Amina; amina@example.org; Reviewer",
        "Amina, amina@example.org, reviewer",
        "Amina\tamina@example.org\tREVIEWER\t",
        "\ufeffE-mail;Name;Role\namina@example.org;Amina;reviewer\n",
        '"Amina";"amina@example.org";"reviewer"',
        "\r\n\r\nAmina;amina@example.org;reviewer\r\n;;\r\n",
    ],
)
def test_every_common_way_to_write_a_list_is_read(space, focal, text):
    (line,) = look(text, space, focal).lines
    assert (line.name, line.email, line.role, line.outcome) == (
        "Amina",
        "amina@example.org",
        Role.REVIEWER,
        Outcome.NEW,
    )
    assert line.message == "Is invited as reviewer."


def test_each_line_says_what_would_happen_and_nothing_is_kept(space, focal):
    known = in_space(space, Role.READER, "Noor Example")
    shut = in_space(space, Role.READER, "Shut Example")
    disable_here(shut.person_id, by=None, now=NOW)
    before = db.session.execute(sa.select(sa.func.count()).select_from(PersonRecord)).scalar_one()
    text = "\n".join(
        [
            "New One;new@example.org;approver",
            "Noor E.;NOOR.example@example.org;reader",
            "Noor E.;noor.example@example.org;observer",
            "New One;new@example.org;approver",
            "No Address;nowhere;reader",
            ";x@example.org;reader",
            "Odd;odd@example.org;king",
            "Root;root@example.org;administrator",
            "Shut;shut.example@example.org;reader",
            "Themes;themes@example.org;contributor;Young people",
        ]
    )
    found = look(text, space, focal)
    assert outcomes(found) == ["new", "nothing", "known", "nothing", *(["wrong"] * 6)]
    assert found.lines[1].message == "Is reader here already as “Noor Example”."
    assert found.lines[3].message == "The same as line 1; it is taken once."
    assert found.lines[7].message == "There is no role “administrator” to give here."
    assert found.lines[9].message == "Choose the assessment whose themes these are."
    assert [line.number for line in found.wrong] == [5, 6, 7, 8, 9, 10]
    assert db.session.execute(sa.select(sa.func.count()).select_from(PersonRecord)).scalar_one() == before
    assert known.grants == viewer_of(known.person_id, now=NOW).grants


def test_the_good_lines_are_taken_and_a_second_time_nothing_is_left_to_do(space, focal):
    text = "New One;new@example.org;approver\nBad;nowhere\nTwo;two@example.org"
    assert len(take(text, space, focal).good) == 2
    roles = {line.email: [grant.role for grant in line.grants] for line in everybody(space, now=NOW)}
    assert roles["new@example.org"] == [Role.APPROVER]
    assert roles["two@example.org"] == [Role.CONTRIBUTOR]
    assert take(text, space, focal).good == ()
    letters = sa.select(sa.func.count()).where(JobRecord.kind == invitation_mail.LETTER)
    assert db.session.execute(letters).scalar_one() == 2
    assert verify_trail().faults == ()


def test_themes_in_a_list_are_handed_over_and_give_nothing_else(space, focal):
    draft = a_draft(space, focal)
    text = "A;a@example.org;;Young people|skills\nB;b@example.org;;youth | Skills\n"
    text += "C;c@example.org;;no such\nD;d@example.org"
    found = take(text, space, focal, draft)
    assert outcomes(found) == ["new", "new", "wrong", "new"]
    assert found.lines[0].message == "Is invited and gets 2 themes."
    board = handed_over.board(draft, viewer=focal, now=NOW)
    assert sorted((line.person_name, line.parts) for line in board.waiting) == [
        ("A", ("Young people", "Skills")),
        ("B", ("Young people", "Skills")),
    ]
    scopes = {line.email: {grant.scope.kind for grant in line.grants} for line in everybody(space, now=NOW)}
    assert scopes["a@example.org"] == {"theme"}
    assert scopes["d@example.org"] == {"assessment"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n;;\n",
        "Name;E-mail\n",
        'A;"a@example.org',
        "\x00",
        "\n".join(f"N{n};n{n}@example.org" for n in range(201)),
    ],
)
def test_what_is_no_list_is_refused_with_a_reason(space, focal, text):
    with pytest.raises(InvalidInput):
        look(text, space, focal)
    with pytest.raises(InvalidInput):
        take(text, space, focal)


def test_two_hundred_lines_are_taken(space, focal):
    text = "\n".join(f"Person {n};n{n}@example.org" for n in range(200))
    assert len(take(text, space, focal).good) == 200


def test_files_that_cannot_be_read_are_refused():
    assert invite_list.decode("\ufeffÉ".encode()) == "É"
    for raw in ("É".encode("latin-1"), b"\xff\xfe\x00", b"x" * 200_001):
        with pytest.raises(InvalidInput):
            invite_list.decode(raw)


def test_only_whoever_manages_people_may_and_only_at_home(space, focal):
    with pytest.raises(NotFound):
        look("A;a@example.org", space, a_person("Stranger Example"))
    with pytest.raises(NotAllowed):
        take("A;a@example.org", space, in_space(space, Role.DEPUTY))
    other = a_space("Other")
    elsewhere = a_draft(other, in_space(other, Role.FOCAL_POINT, "Else Example"))
    with pytest.raises(NotFound):
        take("A;a@example.org", space, focal, elsewhere)


def test_the_words_of_an_invitation_from_a_list(space, focal):
    with_password(in_space(space, Role.READER, "Noor Example"))
    take("New One;new@example.org;approver\nNoor;noor.example@example.org;observer", space, focal)
    jobs = db.session.execute(sa.select(JobRecord.id).where(JobRecord.kind == invitation_mail.LETTER)).scalars().all()
    letters = [invitation_mail.invitation_letter(job, public_url=SITE, now=NOW) for job in jobs]
    by = {letter.to: letter.text for letter in letters}
    assert by["new@example.org"].startswith(
        "Hello New One,\n\nAda Example invites you as approver for Example Organization.\n\n"
        f"Choose a password here. The link works once, within an hour:\n\n{SITE}/invitation/"
    )
    assert "You already have an account. Sign in here:" in by["noor.example@example.org"]
    assert {letter.to_name for letter in sent_by(focal)} == {"New One", "Noor Example"}
    assert sent_by(focal)[0].state == "queued"
