"""Pages of voices in every state."""

from __future__ import annotations

from uuid import UUID

from tests.browser.journey import Somebody
from tests.browser.states import Sit, page, state
from tests.browser.world import Filled, now
from toolkit.domain.voices import VoiceKind
from toolkit.services import voices
from toolkit.storage.assessments import staff_union_voice

page("voices", "/assessments/{draft}/voices", "focal_point")
page("voices, to a reviewer", "/assessments/{draft}/voices", "reviewer")
page("voices side by side", "/assessments/{draft}/side-by-side/discrimination", "focal_point")
page("voices side by side, nothing said", "/assessments/{draft}/side-by-side/youth", "focal_point")
page("an assessment, to the staff union", "/assessments/{draft}", "spokesperson")


def union_of(filled: Filled) -> str:
    draft = filled.assessment("draft")
    return f"/assessments/{draft}/voices/{staff_union_voice(UUID(draft))}"


@state("the staff union's voice, to its spokesperson")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit("spokesperson")
    one.goes_to(union_of(filled))
    return one


@state("the staff union's voice, to the focal point, unfolded")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit("focal_point")
    one.goes_to(union_of(filled))
    one.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    return one


@state("a theme in the staff union's voice")
def _(sit: Sit, filled: Filled) -> Somebody:
    draft = filled.assessment("draft")
    one = sit("spokesperson")
    one.goes_to(f"/assessments/{draft}/themes/discrimination?voice={staff_union_voice(UUID(draft))}")
    return one


@state("adding a voice without a name")
def _(sit: Sit, filled: Filled) -> Somebody:
    one = sit("focal_point", scripted=False)
    one.goes_to(f"/assessments/{filled.start('tiny', '1.0.0')}/voices")
    one.page.locator("form[action$='/voices'] button").click()
    one.sees("Enter a name.")
    return one


@state("a voice that is left out, with its reply and a long Arabic paragraph")
def _(sit: Sit, filled: Filled) -> Somebody:
    made = UUID(filled.start("tiny", "1.0.0"))
    lead = filled.account("focal_point").viewer
    with filled.services():
        voice = voices.add(made, VoiceKind.UNIT, "المكتب الإقليمي " * 5, viewer=lead, now=now())
        voices.write_paragraph(made, voice, "نحن نعمل معا من أجل العمل اللائق. " * 30, viewer=lead, now=now())
        voices.leave_out(made, voice, "It answered for another office.", viewer=lead, now=now())
        voices.reply(made, voice, "x" * 900, viewer=lead, now=now())
    one = sit("focal_point")
    one.goes_to(f"/assessments/{made}/voices/{voice}")
    return one
