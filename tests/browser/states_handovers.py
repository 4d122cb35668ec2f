"""Pages of handing over, inviting many and reminders, in every state."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from tests.browser.journey import Somebody
from tests.browser.states import Sit, page, state
from tests.browser.world import Filled, now
from toolkit.domain.handovers import HandedPart, PartKind
from toolkit.services import digests, handing_over
from toolkit.services.accounts import viewer_of

LIST = "Ami;ami@example.org;reviewer\nBen;nowhere\nCleo;cleo@example.org;;jobs | skills\n"

page("reminders", "/reminders", "contributor")
page("messages, none", "/messages", "reader")
page("invite many", "/spaces/{space}/people/list", "focal_point")
page("hand over, an organization of many themes", "/assessments/{draft}/handovers/new", "focal_point")
page("who has what, in the demo", "/assessments/{draft}/handovers", "focal_point")


def handed(filled: Filled, *, due_in: int | None = 2) -> tuple[str, UUID]:
    """A new assessment of which the contributor has one theme."""
    made = filled.start("tiny", "1.0.0")
    focal, person = filled.account("focal_point").viewer, filled.account("contributor").viewer
    with filled.services():
        (handover,) = handing_over.hand_over(
            UUID(made),
            to=[person.person_id],
            parts=[HandedPart(PartKind.THEME, "jobs"), HandedPart(PartKind.QUESTION, "safe")],
            viewer=focal,
            now=now(),
            due_on=None if due_in is None else (now() + timedelta(days=due_in)).date(),
            note="Please ask the regional offices, and use the papers of last year.",
        )
    return made, handover


def at(sit: Sit, role: str, path: str) -> Somebody:
    """Somebody on a page."""
    one = sit(role)
    one.goes_to(path)
    return one


@state("who has what, nothing handed over")
def _(sit: Sit, filled: Filled) -> Somebody:
    return at(sit, "focal_point", f"/assessments/{filled.start('tiny', '1.0.0')}/handovers")


@state("who has what, unfolded")
def _(sit: Sit, filled: Filled) -> Somebody:
    made, _ = handed(filled)
    one = at(sit, "focal_point", f"/assessments/{made}/handovers")
    one.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    return one


@state("who has what, a day that is over")
def _(sit: Sit, filled: Filled) -> Somebody:
    made, _ = handed(filled)
    one = sit("focal_point", scripted=False)
    one.goes_to(f"/assessments/{made}/handovers")
    one.page.locator("summary", has_text="Remind").first.click()
    one.page.locator("input[name=due_on]").first.fill("2001-01-01")
    one.page.locator("form[action$='/due']").first.evaluate("form => form.noValidate = true")
    one.page.locator("form[action$='/due'] button").first.click()
    one.sees("Choose today or a later day.")
    return one


@state("who has what, done with a note")
def _(sit: Sit, filled: Filled) -> Somebody:
    made, handover = handed(filled)
    with filled.services():
        person = viewer_of(filled.account("contributor").viewer.person_id, now=now())
        handing_over.say_done(handover, note="There are no figures before 2020.", viewer=person, now=now())
    return at(sit, "focal_point", f"/assessments/{made}/handovers")


@state("hand over, nothing chosen")
def _(sit: Sit, filled: Filled) -> Somebody:
    made = filled.start("tiny", "1.0.0")
    one = sit("focal_point", scripted=False)
    one.goes_to(f"/assessments/{made}/handovers/new")
    one.page.get_by_role("button", name="Hand over", exact=True).click()
    one.sees("Choose at least one person.")
    return one


@state("handed over to me, on the overview")
def _(sit: Sit, filled: Filled) -> Somebody:
    made, _ = handed(filled)
    one = at(sit, "contributor", f"/assessments/{made}")
    one.page.locator("summary", has_text="I am done").click()
    return one


@state("handed over to me, came back")
def _(sit: Sit, filled: Filled) -> Somebody:
    made, handover = handed(filled, due_in=None)
    with filled.services():
        focal = filled.account("focal_point").viewer
        handing_over.give_back(handover, note="Which strategy do you mean?", viewer=focal, now=now())
    return at(sit, "contributor", f"/assessments/{made}")


@state("my work, with what was handed over")
def _(sit: Sit, filled: Filled) -> Somebody:
    handed(filled)
    return at(sit, "contributor", "/work")


@state("stop the reminders")
def _(sit: Sit, filled: Filled) -> Somebody:
    with filled.services():
        token = digests.stop_token(filled.account("observer").viewer.person_id)
    return at(sit, "", f"/reminders/stop/{token}")


@state("reminders stopped by the link")
def _(sit: Sit, filled: Filled) -> Somebody:
    with filled.services():
        token = digests.stop_token(filled.account("observer").viewer.person_id)
    one = at(sit, "", f"/reminders/stop/{token}")
    one.presses("Stop them")
    return one


@state("invite many, nothing pasted")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = at(sit, "focal_point", f"/spaces/{filled.space()}/people/list")
    one.presses("Look at it")
    return one


@state("invite many, line by line")
def _(sit: Sit, filled: Filled) -> Somebody:
    made = filled.start("tiny", "1.0.0")
    one = at(sit, "focal_point", f"/spaces/{filled.space()}/people/list")
    one.page.locator("#text").fill(LIST)
    one.page.locator("#assessment").select_option(made)
    one.presses("Look at it")
    return one


@state("messages of mine")
def _(sit: Sit, filled: Filled) -> Somebody:
    handed(filled)
    return at(sit, "focal_point", "/messages")
