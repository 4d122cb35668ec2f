"""A checklist in another language: what is translated is shown so, what is not falls back and says so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import a_checklist, a_part, a_question, a_theme
from toolkit.domain.digests import text_digest
from toolkit.domain.errors import InvalidInput
from toolkit.domain.translations import TextStatus, map_texts, read_translation, texts, translated

CHECKLIST = a_checklist(
    a_part("employment", a_theme("jobs", a_question("plan", guidance="Look."), a_question("money")))
)


def a_text(text: str, source: str, status: str = "reviewed") -> dict[str, str]:
    return {"text": text, "source": text_digest(source), "status": status}


def french(**given: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "checklist": "tiny",
        "version": "1.0.0",
        "language": "fr",
        "revision": 2,
        "texts": {"title": a_text("Petite liste", "A tiny checklist")},
    } | given


def test_translated_texts_stand_in_the_place_of_their_source():
    given = {
        "title": a_text("Petite liste", "A tiny checklist"),
        "questions.plan.text": a_text("Un plan ?", "Question plan?", "draft"),
        "scales.mainstreaming.0.label": a_text("Niveau 0", "Level 0"),
    }
    found = translated(CHECKLIST, read_translation(french(texts=given), CHECKLIST))
    assert found.checklist.title == "Petite liste"
    assert found.checklist.question("plan").text == "Un plan ?"
    assert found.checklist.scale.levels[0].label == "Niveau 0"
    assert found.checklist.question("money").scale == found.checklist.scale
    assert found.checklist.language == found.language == "fr"
    assert found.checklist.digest == CHECKLIST.digest
    assert found.language_of("title") == "fr"


def test_what_is_missing_or_outdated_falls_back_and_names_its_language():
    given = {
        "title": a_text("Liste", "An earlier title"),
        "questions.plan.text": a_text("Un plan ?", "Question plan?", "outdated"),
    }
    translation = read_translation(french(texts=given), CHECKLIST)
    assert translation.texts["title"].status is TextStatus.OUTDATED
    found = translated(CHECKLIST, translation)
    assert found.checklist.title == "A tiny checklist"
    assert set(found.fallbacks) == set(texts(CHECKLIST))
    assert found.language_of("questions.plan.text") == "en"


def test_every_text_of_a_checklist_can_be_translated():
    shouted = map_texts(CHECKLIST, lambda path, text: f"{path}={text.upper()}")
    assert all(text == f"{path}={texts(CHECKLIST)[path].upper()}" for path, text in texts(shouted).items())
    assert "questions.plan.guidance" in texts(CHECKLIST)
    assert "questions.money.guidance" not in texts(CHECKLIST)  # empty texts are not translated


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"checklist": "other"}, "This translates other 1.0.0, not tiny 1.0.0"),
        ({"version": "1.0.1"}, "This translates tiny 1.0.1, not tiny 1.0.0"),
        ({"language": "en"}, "The checklist itself is in en"),
        ({"language": "French"}, "is not a language code"),
        ({"texts": {"titel": a_text("x", "y")}}, "There is no text `titel`. Did you mean `title`?"),
        ({"texts": {"title": "Liste"}}, "A group of keys is wanted"),
        ({"texts": {"title": a_text("", "y")}}, "The text is empty"),
        ({"texts": {"title": a_text("x", "y", "done")}}, "`done` is none of draft, reviewed, outdated"),
        ({"texts": {"title": a_text("x", "y") | {"source": "abc"}}}, "is not a fingerprint"),
        ({"revision": 0}, "out of bounds"),
        ({"note": "x"}, "The key `note` is not known"),
    ],
)
def test_a_faulty_translation_is_refused(given, expected):
    with pytest.raises(InvalidInput) as caught:
        read_translation(french(**given), CHECKLIST)
    told = " ".join(problem.message for problem in caught.value.problems).replace("The checklist has no", "There is no")
    assert expected in told


def test_the_digest_of_a_translation_changes_with_its_words_alone():
    first = read_translation(french(), CHECKLIST)
    assert read_translation(french(), CHECKLIST).digest == first.digest
    other = french(texts={"title": a_text("Liste", "A tiny checklist")})
    assert read_translation(other, CHECKLIST).digest != first.digest
