"""Every page in every state it can be in, by name: how to get there. New pages belong into this list."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from playwright.sync_api import expect

from tests.browser.journey import NOT_APPLICABLE, Somebody
from tests.browser.world import Filled, now
from tests.evidence_samples import CSV, PDF
from toolkit.domain.access import Role, space_scope
from toolkit.domain.assessment import Mandate, ThemeScope
from toolkit.services import assessments, discussions, people, resets, submissions
from toolkit.storage.db import transaction
from toolkit.storage.jobs import JobRecord

Sit = Callable[..., Somebody]
State = Callable[[Sit, Filled], Somebody]
STATES: dict[str, State] = {}
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "global-partly.assessment.json"
ANSWERED = "executive_commitment"  # in every demo assessment
OTHER = "strategic_results"


def state(name: str) -> Callable[[State], State]:
    """Put a state into the list."""

    def keep(get_there: State) -> State:
        assert name not in STATES, name
        STATES[name] = get_there
        return get_there

    return keep


def page(name: str, path: str, role: str = "") -> None:
    """A page that is itself when its address is opened. `{draft}` and the like stand for assessments by their state."""

    def get_there(sit: Sit, filled: Filled) -> Somebody:
        one = sit(role)
        one.goes_to(path_of(path, filled))
        return one

    state(name)(get_there)


def path_of(path: str, filled: Filled) -> str:
    """An address with its placeholders filled in."""
    for placeholder in re.findall(r"{([^}]+)}", path):
        found = str(filled.space()) if placeholder == "space" else filled.assessment(placeholder)
        path = path.replace(f"{{{placeholder}}}", found)
    return path


# --- without an account ----------------------------------------------------------------------------------------------
page("front page", "/")
page("front page, signed in", "/", "focal_point")
page("my account", "/account", "focal_point")
page("second step, not set up", "/account/second-step", "focal_point")
page("help", "/help")
page("glossary", "/glossary")
page("who reads what", "/privacy")
page("accessibility statement", "/accessibility")
page("checklists", "/checklists")
page("a checklist", "/checklists/global/2.0.0")
page("a checklist with every kind of question", "/checklists/tiny/1.0.0")
page("a checklist as a paper form", "/checklists/tiny/1.0.0/print")
page("a checklist, notes for a kind of organization", "/checklists/mean/1.0.0?for=development_bank")
page("do raters agree, no pilot", "/checklists/tiny/1.0.0/agreement")
page("do raters agree", "/checklists/mean/1.0.0/agreement")
page("kit", "/checklists/mean/1.0.0/kit")
page("a text of the kit", "/checklists/mean/1.0.0/kit/kick_off_mail")
page("the global checklist as a paper form", "/checklists/global/2.0.0/print")
page("two versions compared", "/checklists/global/1.0.0/compare/2.0.0")
page("a version compared with itself", "/checklists/global/2.0.0/compare/2.0.0")
page("check a report", "/verify")
page("check a report, unknown code", "/verify/AAAAA-BBBBB-CCCCC-DDDDD")
page("status", "/status")
page("sign in", "/sign-in")
page("forgotten password", "/reset")
page("nothing here", "/nothing/here")
page("a link that no longer works", "/invitation/nonsense")
page("not mine", "/assessments/00000000-0000-4000-8000-000000000000", "focal_point")


@state("check a report, as submitted")
def _(sit: Sit, filled: Filled) -> Somebody:
    code, _ = codes(filled)
    one = sit()
    one.goes_to(f"/verify/{code}")
    return one


@state("check a report, superseded")
def _(sit: Sit, filled: Filled) -> Somebody:
    _, code = codes(filled)
    one = sit()
    one.goes_to(f"/verify/{code}")
    return one


def codes(filled: Filled) -> tuple[str, str]:
    """The codes of the newest submission of an assessment and of the one before."""
    with filled.services():
        viewer = filled.account("focal_point").viewer
        of = UUID(filled.assessment("draft, reopened"))
        newest, older = submissions.for_assessment(of, viewer=viewer, now=now())
    return newest.verification_code, older.verification_code


@state("sign in, nothing filled in")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit()
    one.goes_to("/sign-in")
    one.presses("Sign in")
    return one


@state("sign in, wrong password")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit()
    one.goes_to("/sign-in")
    one.signs_in("nobody@example.org", "not the right one")
    return one


@state("forgotten password, nothing filled in")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit()
    one.goes_to("/reset")
    one.presses("Send me the link")
    return one


@state("forgotten password, sent")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit()
    one.goes_to("/reset")
    one.page.get_by_label("E-mail address").fill("nobody@example.org")
    one.presses("Send me the link")
    return one


def reset_link(filled: Filled) -> str:
    with filled.services():
        return f"/reset/{resets.reset_link(filled.account('reader').viewer.person_id, now=now())}"


@state("a new password")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit()
    one.goes_to(reset_link(filled))
    return one


@state("a new password, too short")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit()
    one.goes_to(reset_link(filled))
    one.page.locator("[name=password]").fill("short")
    one.page.locator("main form button").click()
    expect(one.page.locator(".errors")).to_be_visible()
    return one


def invited(filled: Filled, email: str) -> str:
    with filled.services():
        space = assessments.open_assessment(
            UUID(filled.assessment("draft")), viewer=filled.account("focal_point").viewer, now=now()
        ).space.id
        by = filled.account("focal_point").viewer.person_id
        made = people.invite(
            email=email, name="New Person", role=Role.CONTRIBUTOR, scope=space_scope(space), by=by, now=now()
        )
    return f"/invitation/{made.token}"


@state("an invitation")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit()
    one.goes_to(invited(filled, "new.one@example.org"))
    return one


@state("an invitation, password too short")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit()
    one.goes_to(invited(filled, "new.two@example.org"))
    one.page.get_by_label("Password").fill("short")
    one.presses("Create my account")
    return one


@state("a demo of one's own")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit()
    one.goes_to("/")
    one.presses(re.compile("demo"))
    return one


# --- my work and people ----------------------------------------------------------------------------------------------
page("my work", "/work", "focal_point")
page("my work, empty, administrator", "/work", "administrator")
page("start an assessment", "/assessments/new", "focal_point")
page("import", "/import", "focal_point")
page("people, focal point", "/people", "focal_point")
page("people, administrator", "/people", "administrator")
page("people of a space", "/spaces/{space}/people", "focal_point")
page("spaces", "/spaces", "administrator")
page("make a space", "/spaces/new", "administrator")


@state("start an assessment, nothing filled in")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit("focal_point")
    one.goes_to("/assessments/new")
    one.presses("Start")
    return one


@state("make a space, nothing filled in")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit("administrator")
    one.goes_to("/spaces/new")
    one.presses("Make the space")
    return one


@state("people of a space, nothing filled in")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit("focal_point")
    one.goes_to(path_of("/spaces/{space}/people", filled))
    one.presses("Invite")
    return one


@state("import, no file")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit("focal_point")
    one.goes_to("/import")
    one.presses("Look at it")
    return one


@state("import, refused")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit("focal_point")
    one.goes_to("/import")
    wrong = {"name": "a.assessment.json", "mimeType": "application/json", "buffer": b'{"format": 7, "answers": 1}'}
    one.page.get_by_label("Assessment file").set_input_files(wrong)  # type: ignore[arg-type]  # a dict is a TypedDict
    one.presses("Look at it")
    return one


@state("import, preview")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit("focal_point")
    one.goes_to("/import")
    one.page.get_by_label("Assessment file").set_input_files(EXAMPLE)
    one.presses("Look at it")
    return one


# --- an assessment ---------------------------------------------------------------------------------------------------
for of in ("draft", "in review", "approved", "submitted", "discarded", "draft, reopened"):
    page(f"overview, {of}", f"/assessments/{{{of}}}", "focal_point")
    page(f"review, {of}", f"/assessments/{{{of}}}/review", "focal_point")
    page(f"results, {of}", f"/assessments/{{{of}}}/results", "focal_point")
page("review, in review, approver", "/assessments/{in review}/review", "approver")
page("overview, reader", "/assessments/{submitted}", "reader")
page("overview, contributor", "/assessments/{draft}", "contributor")
page("mandate", "/assessments/{draft}/scope", "focal_point")
page("about the subject", "/assessments/{draft}/facts", "focal_point")
page("downloads, draft", "/assessments/{draft}/downloads", "focal_point")
page("downloads, submitted", "/assessments/{submitted}/downloads", "focal_point")
page("a theme, filled", "/assessments/{draft}/themes/leadership", "focal_point")
page("a theme, with a reason why it came back", "/assessments/{draft}/themes/growth_jobs", "focal_point")
page("a theme, only to be read", "/assessments/{submitted}/themes/leadership", "focal_point")
page("history", f"/assessments/{{draft}}/answers/{ANSWERED}/history", "focal_point")
page("discussions of a question, none", f"/assessments/{{draft}}/answers/{OTHER}/discussions", "focal_point")
page("discussions of a question, to be read", f"/assessments/{{draft}}/answers/{OTHER}/discussions", "observer")


def discussed(filled: Filled, *, resolved: bool) -> None:
    """Two people have discussed a question of the draft; perhaps it is resolved."""
    draft = UUID(filled.assessment("draft"))
    with filled.services():
        lead, helper = filled.account("focal_point").viewer, filled.account("contributor").viewer
        text = "Which letter of the executive head is meant: the one to all staff, or the one to donors?"
        begun = discussions.begin(draft, ANSWERED, text, mention=[lead.person_id], viewer=helper, now=now())
        discussions.reply(draft, begun, "The one to all staff, of March.", viewer=lead, now=now())
        if resolved:
            discussions.resolve(draft, begun, viewer=lead, now=now())


@state("discussions of a question")
def _(sit: Sit, filled: Filled) -> Somebody:
    for resolved in (True, False):
        discussed(filled, resolved=resolved)
    one = sit("focal_point")
    one.goes_to(path_of(f"/assessments/{{draft}}/answers/{ANSWERED}/discussions", filled))
    for summary in one.page.locator("details > summary").all():
        summary.click()
    return one


@state("a discussion without a message")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit("contributor")
    one.goes_to(path_of(f"/assessments/{{draft}}/answers/{ANSWERED}/discussions", filled))
    one.page.get_by_role("button", name="Begin").click()
    expect(one.page.get_by_role("alert")).to_be_visible()
    return one


@state("open discussions")
def _(sit: Sit, filled: Filled) -> Somebody:
    discussed(filled, resolved=False)
    one = sit("focal_point")
    one.goes_to(path_of("/assessments/{draft}/discussions", filled))
    return one


page("open discussions, none", "/assessments/{in review}/discussions", "approver")


def plan_file(name: str = "HR strategy 2026.pdf", content: bytes = PDF) -> dict[str, object]:
    """A file as a browser is handed one."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@state("a theme with files as evidence")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = at_new(sit, filled, "/themes/jobs")
    one.adds_a_file("policy", plan_file())
    one.adds_a_file(
        "policy", plan_file("Jobs by country office, with a very long name of " + "many words " * 9 + ".csv", CSV)
    )
    one.is_told_it_is_saved("policy")
    one.page.reload()
    return one


@state("a theme, a file that is not taken")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = at_new(sit, filled, "/themes/jobs")
    one.adds_a_file("policy", plan_file("page.html", b"<!doctype html>"))
    expect(one.status("policy")).to_contain_text("was not sent")
    return one


@state("add a file")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = at_new(sit, filled, "/themes/jobs", scripted=False)
    one.comment("policy")
    one.presses("Add a file", within=one.question("policy"))
    return one


@state("add a file, not taken")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = at_new(sit, filled, "/answers/policy/files")
    one.page.get_by_label("Title").fill("Where it is written down")
    one.page.get_by_label("File").set_input_files(plan_file("page.html", b"<!doctype html>"))  # type: ignore[arg-type]
    one.presses("Add this file")
    return one


@state("add a file, nothing chosen")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = at_new(sit, filled, "/answers/policy/files")
    one.presses("Add this file")
    return one


@state("history with a file")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = at_new(sit, filled, "/answers/policy/files")
    one.page.get_by_label("File").set_input_files(plan_file())  # type: ignore[arg-type]
    one.presses("Add this file")
    one.goes_to(f"{one.path.partition('/themes')[0]}/answers/policy/history")
    return one


def at_new(sit: Sit, filled: Filled, place: str, *, checklist: str = "tiny/1.0.0", **given: object) -> Somebody:
    """The focal point at a page of a new assessment."""
    made = filled.start(*checklist.split("/"))
    one = sit("focal_point", **given)
    one.goes_to(f"/assessments/{made}{place}")
    return one


@state("overview, new")
def _(sit: Sit, filled: Filled) -> Somebody:
    return at_new(sit, filled, "", checklist="global/2.0.0")


@state("results, nothing answered")
def _(sit: Sit, filled: Filled) -> Somebody:
    return at_new(sit, filled, "/results", checklist="global/2.0.0")


@state("review, nothing answered")
def _(sit: Sit, filled: Filled) -> Somebody:
    return at_new(sit, filled, "/review", checklist="global/2.0.0")


@state("review, submitted without its reason")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = at_new(sit, filled, "/themes/jobs")
    while "/themes/" in one.path:
        for name in one.page.locator("section.q").evaluate_all("all => all.map(one => one.id)"):
            instead = one.page.locator(f"#{name} input[value='-dont_know']")
            if instead.count():
                instead.check()
        one.goes_on()
    one.presses("Submit")
    return one


@state("mandate, reason missing")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = at_new(sit, filled, "/scope", checklist="global/2.0.0")
    one.page.locator("[name=m_youth][value=outside]").check()
    one.presses("Save the scope")
    return one


@state("a theme with every kind of question, empty")
def _(sit: Sit, filled: Filled) -> Somebody:
    return at_new(sit, filled, "/themes/jobs")


@state("a theme, everything unfolded and saved")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = at_new(sit, filled, "/themes/jobs")
    one.page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    one.picks("policy", NOT_APPLICABLE)
    one.says_why_not_applicable("policy", "There is none.")
    one.question("policy").get_by_label("Evidence 1, title").fill("The policy")
    one.is_told_it_is_saved("policy")
    return one


@state("a theme, something wrong, without a script")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = at_new(sit, filled, "/themes/jobs", scripted=False)
    one.question("people").get_by_role("textbox").first.fill("many")
    one.presses("Save")
    return one


@state("a theme, something wrong, with a script")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = at_new(sit, filled, "/themes/jobs")
    one.question("people").get_by_role("textbox").first.fill("many")
    expect(one.status("people")).to_contain_text("Not saved")
    return one


@state("a theme outside the mandate")
def _(sit: Sit, filled: Filled) -> Somebody:
    made = filled.start()
    with filled.services():
        viewer = filled.account("focal_point").viewer
        scope = {"youth": ThemeScope(Mandate.OUTSIDE, "Others do this.")}
        assessments.set_scope(UUID(made), scope, viewer=viewer, now=now())
    one = sit("focal_point")
    one.goes_to(f"/assessments/{made}/themes/youth")
    return one


@state("a theme, line lost")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = at_new(sit, filled, "/themes/skills")
    one.page.route(re.compile("/answers/"), lambda route: route.abort())
    one.picks("training", 1)
    expect(one.status("training")).to_contain_text("Not saved. What you typed is kept")
    return one


@state("a theme, session over")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = at_new(sit, filled, "/themes/skills")
    one.page.context.clear_cookies()
    one.picks("training", 1)
    expect(one.status("training")).to_contain_text("signed out")
    return one


def conflict(sit: Sit, filled: Filled, *, scripted: bool) -> Somebody:
    made = filled.start("tiny", "1.0.0")
    one = sit("contributor", scripted=scripted)
    one.goes_to(f"/assessments/{made}/themes/jobs")
    filled.save(made, "policy", 1, "Written before.")
    if not scripted:  # with a script a choice is saved at once, and the dialog would cover the comment box
        one.picks("policy", 2)
    one.comments("policy", "Written later.")
    return one


@state("two answers, a dialog")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = conflict(sit, filled, scripted=True)
    expect(one.page.get_by_role("dialog")).to_be_visible()
    return one


@state("two answers, a page")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = conflict(sit, filled, scripted=False)
    one.presses("Save")
    return one


@state("two answers, a page, nothing chosen")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = conflict(sit, filled, scripted=False)
    one.presses("Save")
    one.presses("Save my choice")
    return one


@state("session over, a form sent all the same")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = at_new(sit, filled, "/themes/jobs", scripted=False)
    one.page.context.clear_cookies()
    one.presses("Save")
    return one


@state("session over, sign in to go on")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit()
    one.goes_to(f"/assessments/{filled.assessment('draft')}")
    return one


@state("an assessment that was closed meanwhile")
def _(sit: Sit, filled: Filled) -> Somebody:
    made = filled.start("tiny", "1.0.0")
    one = sit("focal_point", scripted=False)
    one.goes_to(f"/assessments/{made}/themes/skills")
    with filled.services():
        assessments.discard(UUID(made), viewer=filled.account("focal_point").viewer, now=now())
    one.picks("training", 1)
    one.presses("Save")
    return one


# --- the report ------------------------------------------------------------------------------------------------------
def report_that_is(sit: Sit, filled: Filled, **values: object) -> Somebody:
    """The page that waits for a report, with the job as it would stand then; nobody takes it from the queue."""
    made = filled.start("tiny", "1.0.0")
    one = sit("focal_point", scripted=False)
    job_process = filled.site.job_process()
    os.kill(job_process, signal.SIGSTOP)
    try:
        one.goes_to(f"/assessments/{made}/downloads")
        one.presses(re.compile("PDF report"))
        if values:
            row = JobRecord
            with filled.services(), transaction() as session:
                session.execute(sa.update(row).where(row.id == UUID(one.path.rpartition("/")[2])).values(**values))
            one.page.reload()
        return one
    finally:
        os.kill(job_process, signal.SIGCONT)


@state("the report waits for its turn")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = report_that_is(sit, filled)
    one.sees("Waiting for its turn")
    return one


@state("the report is being made")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = report_that_is(sit, filled, state="running", progress=40, taken_at=now())
    one.sees("40 %")
    return one


@state("the report failed")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = report_that_is(sit, filled, state="failed", problem="It took too long.", finished_at=now())
    one.sees("It could not be made.")
    return one


@state("the report is ready")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit("focal_point")
    one.goes_to(f"/assessments/{filled.assessment('submitted')}/downloads")
    one.presses(re.compile("PDF.*Public"))
    expect(one.page.get_by_role("link", name="Download the PDF")).to_be_visible(timeout=90_000)
    return one
