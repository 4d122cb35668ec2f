"""Saving answers: with and without a script, two people on one answer, and nothing lost on a page of errors."""

from __future__ import annotations

import re
from io import BytesIO
from uuid import UUID

import pytest

from tests.evidence_samples import PDF
from tests.web.builders import a_person, a_space, an_administrator, an_open_assessment, hidden, now, sent
from toolkit.domain.access import Role
from toolkit.files.store import digest_of
from toolkit.services import evidence
from toolkit.web import viewers

JSON = {"Accept": "application/json"}


@pytest.fixture
def people(tiny_site):
    """A focal point and a contributor with one assessment: (focal point, contributor, address)."""
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    helper = a_person(tiny_site, admin, Role.CONTRIBUTOR, space)
    return lead, helper, f"/assessments/{an_open_assessment(tiny_site, lead, space)}"


def save(person, address, question, revision, **fields):
    data = {f"q_{question}-{name}": value for name, value in fields.items()} | {f"q_{question}-revision": str(revision)}
    return person.client.post(f"{address}/answers/{question}", data=data, headers=JSON)


def test_one_answer_saves_itself_and_gets_the_next_revision(people):
    lead, _, address = people
    first = save(lead, address, "policy", 0, pick="1", comment="As in chapter 2")
    assert first.status_code == 200
    assert first.json["revision"] == 1
    assert first.headers["ETag"] == '"1"'
    page = lead.client.get(f"{address}/themes/jobs").text
    assert 'name="q_policy-pick" value="1" checked' in page
    assert "As in chapter 2" in page


def test_the_same_answer_again_changes_nothing(people):
    lead, _, address = people
    save(lead, address, "policy", 0, pick="1")
    assert save(lead, address, "policy", 0, pick="1").json["revision"] == 1


def test_second_of_two_people_is_told_and_gets_both_texts(people):
    lead, helper, address = people
    save(lead, address, "policy", 0, pick="1", comment="The lead's text")
    answer = save(helper, address, "policy", 0, pick="2", comment="The helper's text")
    assert answer.status_code == 409
    conflict = answer.json["conflict"]
    assert conflict["revision"] == 1
    assert conflict["saved_by"] == "The focal point"
    assert ["Comment", "The lead's text"] in conflict["theirs"]
    assert ["Comment", "The helper's text"] in conflict["yours"]
    assert conflict["fields"]["comment"] == ["The lead's text"]
    assert save(helper, address, "policy", conflict["revision"], pick="2", comment="Both").json["revision"] == 2


def test_if_match_decides_before_the_form_field(people):
    lead, _, address = people
    save(lead, address, "policy", 0, pick="1")
    url, data = f"{address}/answers/policy", {"q_policy-pick": "2", "q_policy-revision": "1"}
    assert lead.client.post(url, data=data, headers=JSON | {"If-Match": '"0"'}).status_code == 412
    assert lead.client.post(url, data=data, headers=JSON | {"If-Match": '"1"'}).status_code == 200


def test_whole_page_is_saved_without_a_script(people):
    lead, _, address = people
    theme = f"{address}/themes/jobs"
    data = sent(lead.client.get(theme).text) | {
        "q_policy-pick": "2",
        "q_published-pick": "yes",
        "q_tool-pick": "screen",
        "q_groups-value": ["young", "women"],
        "q_people-value": "12.5",
        "q_story-value": "It went\r\nwell.",
        "q_units-value-0-0": "Finance",
        "q_units-value-0-1": "3",
        "q_policy-evidence-0-title": "The policy",
        "q_policy-evidence-0-url": "https://example.org/policy",
        "q_improve_jobs-value": "With more staff.",
    }
    assert lead.client.post(theme, data=data).status_code == 302
    page = lead.client.get(theme).text
    for shown in (
        'name="q_policy-pick" value="2" checked',
        'name="q_published-pick" value="yes" checked',
        'name="q_tool-pick" value="screen" checked',
        'value="young" checked',
        'value="women" checked',
        'value="12.5"',
        "It went\nwell.",
        'value="Finance"',
        'value="https://example.org/policy"',
        "With more staff.",
    ):
        assert shown in page, shown


def test_page_sent_back_untouched_saves_nothing(people):
    lead, helper, address = people
    theme = f"{address}/themes/jobs"
    save(lead, address, "policy", 0, pick="1", comment="First line\nsecond line")
    untouched = sent(lead.client.get(theme).text) | {"q_policy-comment": "First line\r\nsecond line"}
    save(helper, address, "policy", 1, pick="2", comment="Changed in between")
    assert lead.client.post(theme, data=untouched).status_code == 302, "an untouched box is no conflict"
    assert "Changed in between" in lead.client.get(theme).text


def a_file(person, address):
    """The digest of a file that somebody sent for the answer."""
    with person.client.application.app_context():
        draft = UUID(address.rpartition("/")[2])
        return evidence.keep_file(draft, "policy", BytesIO(PDF), "a.pdf", viewer=person.viewer, now=now()).sha256


@pytest.fixture
def met(people):
    """The helper before the page where two answers met: (helper, address of the theme, the page)."""
    lead, helper, address = people
    theme = f"{address}/themes/jobs"
    stale = sent(helper.client.get(theme).text)
    save(lead, address, "policy", 0, pick="1", comment="Words of the lead")
    mine = {"q_policy-pick": "2", "q_policy-comment": "Words of the helper\r\nand more", "q_people-value": "7"}
    mine |= {"q_policy-evidence-0-title": "The helper's file", "q_policy-evidence-0-sha256": a_file(helper, address)}
    return helper, theme, helper.client.post(theme, data=stale | mine)


def test_conflict_without_a_script_shows_both_with_names_and_asks(met):
    helper, theme, page = met
    assert page.status_code == 409
    for words in ("Words of the lead", "Words of the helper\nand more", "The focal point", "The contributor", "UTC"):
        assert words in page.text.replace("\r", ""), words
    choices = re.findall(r'<input type="radio" name="q_policy-keep" value="(\w+)"([^>]*)>', page.text)
    assert choices == [("theirs", ""), ("mine", ""), ("both", "")], "none is chosen beforehand"
    assert 'value="7"' in helper.client.get(theme).text, "the others are saved"


@pytest.mark.parametrize(
    ("choice", "pick", "comment"),
    [
        ("theirs", 1, "Words of the lead"),
        ("mine", 2, "Words of the helper\nand more"),
        ("both", 2, "Words of the lead\n\nWords of the helper\nand more"),
    ],
)
def test_conflict_without_a_script_keeps_what_was_chosen(met, choice, pick, comment):
    helper, theme, page = met
    assert helper.client.post(theme, data=hidden(page.text) | {"q_policy-keep": choice}).status_code == 302
    left = helper.client.get(theme).text
    assert f'name="q_policy-pick" value="{pick}" checked' in left
    assert comment in left
    assert ("The helper&#39;s file" in left) is (choice != "theirs")
    assert (f'value="{digest_of(BytesIO(PDF))}"' in left) is (choice != "theirs"), "its file as well"
    history = helper.client.get(f"{theme.rpartition('/themes')[0]}/answers/policy/history").text
    assert "Words of the lead" in history


@pytest.mark.parametrize(
    "choice", [{}, {"q_policy-keep": ""}, {"q_policy-keep": "junk"}], ids=["none", "empty", "junk"]
)
def test_conflict_without_a_choice_is_refused_and_loses_nothing(met, choice):
    helper, theme, page = met
    again = helper.client.post(theme, data=hidden(page.text) | choice)
    assert again.status_code == 422
    assert "<title>Error: " in again.text
    assert '<a href="#q-policy">Choose which answer stays.</a>' in again.text
    assert "Words of the lead" in again.text
    assert "Words of the lead" in helper.client.get(theme).text, "nothing is run over"
    assert helper.client.post(theme, data=hidden(again.text) | {"q_policy-keep": "mine"}).status_code == 302
    assert "Words of the helper\nand more" in helper.client.get(theme).text


def test_two_texts_too_long_to_keep_together_are_asked_about_again(people):
    lead, helper, address = people
    theme = f"{address}/themes/jobs"
    stale = sent(helper.client.get(theme).text)
    save(lead, address, "policy", 0, pick="1", comment="a" * 6_000)
    page = helper.client.post(theme, data=stale | {"q_policy-pick": "2", "q_policy-comment": "b" * 6_000})
    again = helper.client.post(theme, data=hidden(page.text) | {"q_policy-keep": "both"})
    assert again.status_code == 422
    assert "too long to keep together" in again.text
    assert hidden(again.text)["q_policy-comment"] == "b" * 6_000


def test_both_answers_that_are_texts_are_kept_together(people):
    lead, helper, address = people
    theme = f"{address}/themes/jobs"
    stale = sent(helper.client.get(theme).text)
    save(lead, address, "improve_jobs", 0, value="Idea of the lead", pick="-given")
    page = helper.client.post(theme, data=stale | {"q_improve_jobs-value": "Idea of the helper"})
    helper.client.post(theme, data=hidden(page.text) | {"q_improve_jobs-keep": "both"})
    assert "Idea of the lead\n\nIdea of the helper" in lead.client.get(theme).text


@pytest.mark.parametrize(
    ("question", "fields", "words"),
    [
        ("people", {"value": "many"}, "in figures"),
        ("people", {"value": "-3"}, "at least 0"),
        ("people", {"value": "1e400"}, ""),
        ("policy", {"pick": "9"}, "Choose one"),
        ("policy", {"pick": "junk"}, "Choose one"),
        ("policy", {}, "Choose one"),
        ("policy", {"pick": "1", "comment": "a\x00b"}, "cannot be kept"),
        ("policy", {"pick": "1", "comment": "x" * 10_001}, "Shorten"),
        ("policy", {"pick": "1", "evidence-0-title": "T", "evidence-0-url": "javascript:alert(1)"}, "https://"),
        ("story", {"value": "text", "pick": "-dont_know"}, "Keep one"),
        ("units", {"value-0-0": "Unit", "value-0-1": "three"}, "number"),
        ("tool", {"pick": "hammer"}, "Choose one"),
    ],
)
def test_what_is_wrong_is_refused_with_words_that_say_what_to_do(people, question, fields, words):
    lead, _, address = people
    answer = save(lead, address, question, 0, **fields)
    assert answer.status_code == 422
    assert words in answer.json["problem"]


def test_wrong_text_stays_in_its_box_while_the_rest_is_saved(people):
    lead, _, address = people
    theme = f"{address}/themes/jobs"
    data = sent(lead.client.get(theme).text) | {"q_people-value": "about ten", "q_policy-pick": "1"}
    answer = lead.client.post(theme, data=data)
    assert answer.status_code == 422
    assert 'value="about ten"' in answer.text
    assert 'href="#q-people"' in answer.text
    again = sent(answer.text) | {"q_people-value": "10", "q_policy-pick": "2"}
    assert lead.client.post(theme, data=again).status_code == 302, "its revision came back with the page"


def test_gate_brings_its_question(people):
    lead, _, address = people
    theme = f"{address}/themes/jobs"
    save(lead, address, "policy", 0, pick="0")
    assert 'data-q="budget"' not in lead.client.get(theme).text
    save(lead, address, "policy", 1, pick="1")
    assert 'data-q="budget"' in lead.client.get(theme).text


def test_not_applicable_without_its_reason_is_stored_and_still_missing(people):
    lead, _, address = people
    assert save(lead, address, "policy", 0, pick="-not_applicable").status_code == 200
    assert "How far does the policy name jobs?" in lead.client.get(f"{address}/review").text
    assert save(lead, address, "policy", 1, pick="-not_applicable", reason="We have none.").status_code == 200
    assert "How far does the policy name jobs?" not in re.sub(
        r"<select.*?</select>", "", lead.client.get(f"{address}/review").text, flags=re.S
    )


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 40, "٣"])
def test_no_revision_breaks_anything(people, revision):
    lead, _, address = people
    assert save(lead, address, "policy", revision, pick="1").status_code in {200, 409}


def test_unknown_question_is_not_there(people):
    lead, _, address = people
    assert save(lead, address, "nothing", 0, pick="1").status_code == 404


def test_nobody_else_learns_that_the_assessment_is_there(people, tiny_site):
    _, _, address = people
    admin_client = tiny_site.test_client()
    assert admin_client.post(f"{address}/answers/policy", data={"q_policy-pick": "1"}, headers=JSON).status_code == 401
    other = "/assessments/00000000-0000-4000-8000-000000000000"
    lead = people[0]
    assert save(lead, other, "policy", 0, pick="junk").status_code == 404


def test_texts_that_look_like_markup_stay_text(people):
    lead, helper, address = people
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    save(lead, address, "policy", 0, pick="1", comment=evil)
    stale = sent(helper.client.get(f"{address}/themes/jobs").text) | {"q_policy-revision": "0", "q_policy-was": "0"}
    for answer in (
        helper.client.get(f"{address}/themes/jobs"),
        helper.client.get(f"{address}/answers/policy/history"),
        helper.client.post(f"{address}/themes/jobs", data=stale | {"q_policy-comment": evil + "!"}),
    ):
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;alert" in answer.text


def test_the_history_tells_what_changed_and_goes_on_page_by_page(people):
    lead, _, address = people
    for number in range(1, 33):
        answer = {"q_policy-revision": str(number - 1), "q_policy-pick": "2", "q_policy-comment": f"Note {number}"}
        assert lead.client.post(f"{address}/answers/policy", data=answer).status_code == 200
    newest = lead.client.get(f"{address}/answers/policy/history").text
    assert newest.count("<h2>Version ") == 30
    assert '<del><span class="out" dir="ltr">taken out: </span>31</del>' in newest
    assert '<ins><span class="out" dir="ltr">put in: </span>32</ins>' in newest
    assert "taken out: </span>2</del>" in newest, "the oldest of the page is compared with the one before it"
    older = lead.client.get(f"{address}/answers/policy/history?before=3").text
    assert (older.count("<h2>Version "), "Older versions" in newest, "Older versions" in older) == (2, True, False)


@pytest.mark.parametrize("junk", ["x", "-1", "9" * 40, "٣", ""])
def test_a_page_of_the_history_that_is_no_number_is_the_first(people, junk):
    lead, _, address = people
    assert lead.client.get(f"{address}/answers/policy/history?before={junk}").status_code == 200


def test_a_page_that_asks_who_else_is_there_does_not_keep_its_session_alive(people, tiny_site):
    lead, _, address = people
    asked = []
    original = viewers.viewer_for
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            viewers,
            "viewer_for",
            lambda *given, **named: (asked.append(named["by_itself"]), original(*given, **named))[1],
        )
        assert lead.client.post(f"{address}/themes/jobs/here").json == {"others": []}
        assert lead.client.get(f"{address}/themes/jobs").status_code == 200
    assert asked == [True, False]
