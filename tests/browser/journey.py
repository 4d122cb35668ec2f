"""What a person does at a browser, as verbs: a test that uses them reads like a diary."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Response, expect

NOT_APPLICABLE, DONT_KNOW, UNANSWERED = "-not_applicable", "-dont_know", "-unanswered"


class Somebody:
    """One person at one browser. `scripted` says whether the browser runs scripts."""

    def __init__(self, page: Page, *, scripted: bool = True) -> None:
        self.page = page
        self.scripted = scripted

    # --- going about -------------------------------------------------------------------------------------------
    def goes_to(self, path: str) -> Response:
        """Type an address."""
        answer = self.page.goto(path)
        assert answer is not None
        return answer

    @property
    def path(self) -> str:
        """Where the browser is."""
        return urlsplit(self.page.url).path

    def follows(self, name: str | re.Pattern[str]) -> None:
        """Click a link and wait for its page."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()

    def presses(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Press a button that sends a form, and wait for the next page."""
        with self.page.expect_navigation():
            (within or self.page).get_by_role("button", name=name).first.click()

    def sees(self, words: str | re.Pattern[str]) -> None:
        """Wait until the page shows these words."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    def sees_heading(self, words: str | re.Pattern[str]) -> None:
        """Wait until the page's main heading has these words."""
        expect(self.page.locator("h1")).to_contain_text(words)

    # --- accounts ----------------------------------------------------------------------------------------------
    def creates_the_first_account(self, link: str, *, name: str, email: str, password: str) -> None:
        """Open the link that the start of the site printed, and fill in the form behind it."""
        self.goes_to(link)
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.presses("Create the account")

    def signs_in(self, email: str, password: str) -> None:
        """Fill in the form of the sign-in page, which is open."""
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.presses("Sign in")

    def signs_out(self) -> None:
        """Press the button in the header."""
        self.presses(re.compile("Sign out"))

    # --- an assessment -----------------------------------------------------------------------------------------
    def makes_a_space(self, name: str) -> None:
        """A space for an organization that the person runs."""
        self.goes_to("/spaces/new")
        self.page.get_by_label("Organization", exact=True).first.check()
        self.page.locator("#name").fill(name)
        self.page.locator("[name=as_lead]").set_checked(True)
        self.presses("Make the space")

    def starts_an_assessment(self, of: str, *, title: str, checklist: str = "global/2.0.0") -> str:
        """A core assessment that nobody else signs off: the path of its overview."""
        self.goes_to("/work")
        self.follows("Start an assessment")
        self.page.get_by_label("What is assessed?").fill(of)
        self.page.get_by_label("A title for this assessment").fill(title)
        self.page.locator(f"[name=checklist][value='{checklist}']").check()
        self.page.locator("[name=track][value=core]").check()
        self.page.locator("[name=sign_off][value=none]").check()
        self.presses("Start")
        return self.path.removesuffix("/scope")

    def says_what_is_in_the_mandate(self, outside: Mapping[str, str]) -> None:
        """On the page of the scope, which is open: themes that are outside, each with the reason."""
        for theme, reason in outside.items():
            self.page.locator(f"[name=m_{theme}][value=outside]").check()
            self.page.locator(f"[name=r_{theme}]").fill(reason)
        self.presses("Save the scope")

    # --- answering ---------------------------------------------------------------------------------------------
    def question(self, question: str) -> Locator:
        """The part of a theme page that belongs to a question."""
        return self.page.locator(f"#q-{question}")

    def questions(self) -> list[str]:
        """The ratings on the open theme page, in order."""
        found = self.page.locator("section.q:has(fieldset.levels)").evaluate_all("all => all.map(one => one.id)")
        return [name.removeprefix("q-") for name in found]

    def picks(self, question: str, choice: int | str) -> None:
        """Choose a level, or what may be said instead of one."""
        self.question(question).locator(f"input[type=radio][value='{choice}']").check()

    def picked(self, question: str) -> str:
        """What is chosen."""
        return self.question(question).locator("input[type=radio]:checked").input_value()

    def comment(self, question: str) -> Locator:
        """The box for a comment, unfolded."""
        section = self.question(question)
        if not section.get_by_label("Comment", exact=True).is_visible():
            section.locator("summary", has_text="Comment").click()
        return section.get_by_label("Comment", exact=True)

    def comments(self, question: str, words: str) -> None:
        """Write a comment."""
        self.comment(question).fill(words)

    def adds_a_file(self, question: str, file: Mapping[str, object]) -> None:
        """Choose a file as evidence; with a script it goes by itself."""
        self.comment(question)
        section = self.question(question)
        with self.page.expect_file_chooser() as chooser:
            section.get_by_role("button", name="Add a file").click()
        chooser.value.set_files(file)  # type: ignore[arg-type]  # a dict is a TypedDict
        expect(section.locator(".status")).not_to_contain_text("Sending")

    def says_why_not_applicable(self, question: str, reason: str) -> None:
        """Write the reason that "not applicable" needs."""
        self.question(question).get_by_label("Why is it not applicable?").fill(reason)

    def status(self, question: str) -> Locator:
        """The line that says whether an answer is saved."""
        return self.question(question).locator(".status")

    def is_told_it_is_saved(self, question: str) -> None:
        """By itself with a script; without one by the button."""
        if self.scripted:
            expect(self.status(question)).to_contain_text(re.compile(r"^Saved"))
        else:
            self.presses("Save")
            self.sees("Everything on this page is saved.")

    def goes_on(self) -> None:
        """To the next theme, or from the last one to what is missing."""
        self.presses(re.compile("^Save and "))

    def answers_what_is_open(self, level: Callable[[str], int | str], *, at_most: int = 1000) -> None:
        """From the open theme page on, answer every rating that has no answer yet, and go on."""
        for _ in range(at_most):
            if "/themes/" not in self.path:
                return
            for question in self.questions():
                if self.picked(question) == UNANSWERED:
                    self.picks(question, level(question))
            self.goes_on()

    # --- the end -----------------------------------------------------------------------------------------------
    def submits(self, *, why_provisional: str = "") -> None:
        """On the page of what is missing, which is open."""
        if why_provisional:
            self.page.locator("[name=provisional_reason]").fill(why_provisional)
        self.page.locator("[name=sure]").check()
        self.presses("Submit")

    def downloads_the_report(self, edition: str, folder: Path) -> Path:
        """From the results: ask for the PDF of an edition, wait for it, and keep it."""
        self.follows("Report and downloads")
        self.presses(re.compile(f"PDF.*{edition}"))
        ready = self.page.get_by_role("link", name="Download the PDF")
        if self.scripted:
            expect(ready).to_be_visible(timeout=60_000)
        for _ in range(60):
            if ready.is_visible():
                break
            self.page.wait_for_timeout(1000)
            self.follows("Look again")
        with self.page.expect_download() as coming:
            ready.click()
        kept = folder / coming.value.suggested_filename
        coming.value.save_as(kept)
        return kept
