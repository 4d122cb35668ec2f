"""Layers: one carries the index, each other has a profile of its own; totals worked by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.builders import DONT_KNOW, an_assessment, answered, not_applicable
from toolkit.domain.answers import Answer, AnswerState
from toolkit.domain.assessment import Assessment, Edition, Mandate, ThemeScope
from toolkit.domain.assessment_file import canonical_bytes, to_data
from toolkit.domain.assessment_reading import read_file
from toolkit.domain.checklist import Change, Checklist, NotApplicablePolicy, Track
from toolkit.domain.digests import checklist_digest, definition_data
from toolkit.domain.explain import explain_theme
from toolkit.domain.layers import layer_scale, layer_words
from toolkit.domain.lineage import Bump, diff
from toolkit.domain.printed_figures import PrintedFigure, named_figures
from toolkit.domain.reading import read_checklist
from toolkit.domain.scorecard import LayerProfile, ScoreCard, Standing
from toolkit.domain.scoring import score
from toolkit.domain.translations import map_texts, texts
from toolkit.domain.verification import Outcome, verify
from toolkit.storage.definitions import load_checklist

DEFINITIONS = Path(__file__).parents[1] / "definitions"
LAYERS = load_checklist(DEFINITIONS / "layers.yaml")
TABLE = (("Employment rate", "41.2", "2025", "Labour force survey"),)
ANSWERS: dict[str, Answer] = {
    "youth_policy": answered(3),
    "youth_law": answered(1),
    "youth_statistics": answered(TABLE),
    "youth_plan": answered(3),
    "youth_work": answered(1),
    "skills_policy": DONT_KNOW,
    "skills_more": answered(3),
    "skills_plan": answered(2),
    "safety_policy": not_applicable(),
    "safety_plan": answered(4),
    "framework_used": answered(2),
}


def card(answers: dict[str, Answer] = ANSWERS, *, track: Track = Track.CORE, **given: Any) -> ScoreCard:
    return score(LAYERS, answers, track=track, **({"facts": {"has_port": False}} | given))


def national(found: ScoreCard) -> LayerProfile:
    (one,) = found.layers
    assert one.layer == "national"
    return one


def counts(found: ScoreCard, part: str) -> dict[int, tuple[int, int]]:
    """Level to questions and themes, where any stand at it."""
    one = next(one for one in national(found).parts if one.part == part)
    return {count.level: (count.questions, count.themes) for count in one.profile if count.questions or count.themes}


def themes(found: ScoreCard) -> dict[str, int | None]:
    return {theme.theme: theme.level for part in national(found).parts for theme in part.themes}


def variant(**questions: dict[str, Any]) -> Checklist:
    """The checklist of the next version, with some keys of some questions otherwise."""
    data = definition_data(LAYERS) | {"version": "2.0.0", "follows": "1.0.0"}
    for part in data["parts"]:
        for theme in part["themes"]:
            theme["questions"] = [one | questions.get(one["id"], {}) for one in theme["questions"]]
    return read_checklist(data)


class TestTheIndex:
    def test_is_that_of_the_scored_layer_alone(self):
        found = card()
        # Young people: (2 × 3/4 + 1/4) ÷ 3; skills: 2/4; safety: 4/4
        assert found.theme("youth").figure.share == Fraction(7, 12)
        assert found.objective("employment").share == Fraction(13, 24)
        assert found.objective("rights").share == 1
        assert found.overall.share == Fraction(37, 48)
        assert (found.overall.coverage, found.overall.set_aside) == (1, 0)
        assert (found.overall.low, found.overall.high) == (Fraction(37, 48), Fraction(37, 48))
        assert found.provisional == ()
        assert found.gap.share == Fraction(11, 24)

    @pytest.mark.parametrize("policy", NotApplicablePolicy)
    def test_does_not_move_with_any_answer_of_another_layer(self, policy):
        checklist = replace(LAYERS, method=replace(LAYERS.method, not_applicable=policy))
        found = []
        for other in (answered(0), answered(3), DONT_KNOW, not_applicable(), Answer()):
            answers = ANSWERS | dict.fromkeys(("youth_policy", "youth_law", "skills_policy", "safety_policy"), other)
            one = score(checklist, answers, track=Track.FULL, facts={"has_port": False})
            parts = [(part.figure, part.profile, [theme.level for theme in part.themes]) for part in one.parts]
            full = [theme.full_share for part in one.parts for theme in part.themes]
            found.append((one.overall, parts, full, one.provisional, one.gap, one.band, one.alternatives))
            found[-1] += (one.sensitivity, one.evidence_share)
        assert all(one == found[0] for one in found)

    def test_has_no_share_of_a_question_in_another_layer(self):
        for policy in NotApplicablePolicy:
            checklist = replace(LAYERS, method=replace(LAYERS.method, not_applicable=policy))
            one = score(checklist, ANSWERS, track=Track.FULL, facts={"has_port": True})
            scores = {score.question: score for part in one.parts for theme in part.themes for score in theme.questions}
            beside = [scores[question.id] for _, _, question in LAYERS.questions() if question.is_beside_the_index]
            assert len(beside) == 7
            assert {one.share for one in beside} == {None}
            assert {one.weight for one in beside} == {0}
            assert {one.standing for one in beside} == {Standing.FACT}

    def test_counts_every_layer_in_progress_because_every_question_is_work(self):
        assert (card().progress.answered, card().progress.asked) == (9, 9)
        assert card({}).progress.asked == 9


class TestTheProfileOfAnotherLayer:
    def test_counts_questions_and_themes_on_the_layers_own_scale(self):
        found = card()
        assert counts(found, "employment") == {1: (1, 1), 3: (1, 0)}
        assert [part.open for part in national(found).parts] == [1, 0]
        assert [count.label for count in national(found).parts[0].profile] == [
            "Nothing found",
            "Adopted",
            "Carried out",
            "Known and used",
        ]

    def test_a_theme_stands_at_the_lowest_level_of_its_answered_ratings(self):
        assert themes(card()) == {"youth": 1, "skills": None, "safety": None}
        assert themes(card(ANSWERS | {"youth_law": DONT_KNOW}))["youth"] == 3

    def test_uses_no_rating_of_the_full_track_and_leaves_out_what_is_not_asked(self):
        full = card(track=Track.FULL)
        assert national(full) == national(card())
        port = card(ANSWERS | {"safety_ports": answered(2)}, facts={"has_port": True})
        assert counts(port, "rights") == {2: (1, 1)}
        assert counts(card(ANSWERS | {"safety_ports": answered(2)}), "rights") == {}

    def test_a_theme_outside_the_mandate_has_no_level(self):
        found = card(scope={"youth": ThemeScope(Mandate.OUTSIDE, "Not here.")})
        assert themes(found)["youth"] is None
        assert counts(found, "employment") == {}

    def test_a_theme_of_weight_0_has_a_level_and_is_not_counted(self):
        data = definition_data(LAYERS)
        data["parts"][0]["themes"][0]["weight"] = 0
        found = score(read_checklist(data), ANSWERS, track=Track.CORE)
        assert themes(found)["youth"] == 1
        assert counts(found, "employment") == {}

    def test_a_scan_that_asks_none_of_it_has_an_empty_profile(self):
        found = card(track=Track.SCAN)
        assert set(themes(found).values()) == {None}
        assert [part.open for part in national(found).parts] == [0, 0]

    def test_a_part_without_its_questions_is_left_out(self):
        assert [part.part for part in national(card()).parts] == ["employment", "rights"]

    def test_what_is_not_applicable_needs_its_reason_here_too(self):
        found = card(ANSWERS | {"safety_policy": Answer(AnswerState.NOT_APPLICABLE)})
        assert [part.open for part in national(found).parts] == [1, 1]


class TestTheDefinition:
    def test_a_checklist_without_layers_has_none(self):
        mean = load_checklist(DEFINITIONS / "mean.yaml")
        assert mean.layers == ()
        assert score(mean, {}, track=Track.CORE).layers == ()
        assert "layers" not in definition_data(mean)

    def test_the_closing_question_belongs_to_no_layer(self):
        closing = [question for _, _, question in LAYERS.questions() if question.is_improvement]
        assert {question.layer for question in closing} == {None}

    def test_the_scale_of_a_layer_is_that_of_its_ratings(self):
        assert layer_scale(LAYERS, "national").id == "national"
        assert layer_scale(LAYERS, "joint").id == "joint_work"

    def test_the_digest_covers_layers_and_the_layer_of_a_question(self):
        whole = replace(LAYERS, digest="")
        other = replace(whole, layers=(replace(LAYERS.layers[0], about="Otherwise."), LAYERS.layers[1]))
        assert checklist_digest(whole) == LAYERS.digest
        assert checklist_digest(other) != LAYERS.digest
        assert variant(skills_more={"layer": "joint", "scale": "joint_work"}).digest != LAYERS.digest

    def test_titles_of_layers_are_translated_once(self):
        found = texts(LAYERS)
        assert found["layers.national.title"] == "National policies and outcomes"
        assert found["layers.national.about"] == "What the country has decided and measured."
        assert "layers.joint.about" not in found

    def test_a_translated_layer_is_the_same_one_at_the_top_and_on_its_questions(self):
        rendered = map_texts(LAYERS, lambda path, text: f"{path}: {text}")
        assert [layer.title for layer in rendered.layers] == [
            "layers.national.title: National policies and outcomes",
            "layers.joint.title: Joint work",
        ]
        assert {question.layer for _, _, question in rendered.questions()} == {None, *rendered.layers}
        assert score(rendered, ANSWERS, track=Track.CORE).layers[0].parts[0].open == 1

    def test_another_layer_is_another_meaning(self):
        changes = diff(LAYERS, variant(youth_statistics={"layer": "joint"}))
        assert changes.of("youth_statistics").change is Change.REVISED
        assert changes.of("youth_statistics").differs == ("layer",)
        assert changes.due is Bump.MAJOR
        assert any("questions.youth_statistics.was: It is not the same: layer" in str(one) for one in changes.problems)

    @pytest.mark.parametrize(
        ("change", "bump"),
        [({"title": "Other"}, Bump.PATCH), ({"about": "Other."}, Bump.PATCH), ({"id": "country"}, Bump.MAJOR)],
    )
    def test_a_change_of_the_layer_itself(self, change, bump):
        data = definition_data(LAYERS) | {"version": "2.0.0", "follows": "1.0.0"}
        data["layers"][0] |= change
        for part in data["parts"]:
            for theme in part["themes"]:
                for question in theme["questions"]:
                    if question["layer"] == "national":
                        question["layer"] = data["layers"][0]["id"]
        assert diff(LAYERS, read_checklist(data)).due is bump

    def test_another_scored_layer_is_a_major_change(self):
        data = definition_data(LAYERS) | {"version": "2.0.0", "follows": "1.0.0", "scale": "national"}
        data["layers"][0]["scored"], data["layers"][1]["scored"] = True, False
        del data["parts"][2]
        for part in data["parts"]:
            for theme in part["themes"]:
                for question in theme["questions"]:
                    question.pop("weight", None)
                    if question["layer"] == "joint":
                        question["scale"] = "joint_work"
        changes = diff(LAYERS, read_checklist(data))
        majors = [one.path for one in changes.others if one.bump is Bump.MAJOR]
        assert {"layers.national.scored", "layers.joint.scored"} <= set(majors)


class TestWhatIsWrittenDown:
    """The assessment file, its printed figures, and the words beside them."""

    def data(self, edition: Edition = Edition.INTERNAL) -> dict[str, Any]:
        return to_data(LAYERS, self.assessment(), edition, card=card())

    def assessment(self) -> Assessment:
        return an_assessment(LAYERS, ANSWERS, facts={"has_port": False})

    @pytest.mark.parametrize("edition", Edition)
    def test_every_edition_holds_the_profile_and_no_share_of_it(self, edition):
        (layer,) = self.data(edition)["scores"]["layers"]
        assert [part["id"] for part in layer["parts"]] == ["employment", "rights"]
        assert layer["parts"][0] == {
            "id": "employment",
            "profile": [
                {"level": 0, "label": "Nothing found", "questions": 0, "themes": 0},
                {"level": 1, "label": "Adopted", "questions": 1, "themes": 1},
                {"level": 2, "label": "Carried out", "questions": 0, "themes": 0},
                {"level": 3, "label": "Known and used", "questions": 1, "themes": 0},
            ],
            "open": 1,
            "themes": [{"id": "youth", "level": 1}, {"id": "skills", "level": None}],
        }
        assert read_file(canonical_bytes(self.data(edition))).scores == self.data(edition)["scores"]

    def test_a_checklist_without_layers_writes_nothing_of_them(self):
        mean = load_checklist(DEFINITIONS / "mean.yaml")
        data = to_data(mean, an_assessment(mean), Edition.INTERNAL, card=score(mean, {}, track=Track.CORE))
        assert "layers" not in data["scores"]

    def test_its_counts_and_levels_are_figures_with_names(self):
        found = {key: text for key, text in named_figures(self.data()["scores"]).items() if key[0].startswith("layer.")}
        assert found["layer.national.part.employment", "questions_at_3"] == "1"
        assert found["layer.national.part.employment", "themes_at_1"] == "1"
        assert found["layer.national.part.employment", "open"] == "1"
        assert found["layer.national.theme.youth", "level"] == "1"
        assert ("layer.national.theme.skills", "level") not in found

    def test_a_wrong_level_is_found(self):
        printed = [PrintedFigure("layer.national.theme.youth", "level", "1", "1")]
        assert verify(read_file(canonical_bytes(self.data())), printed, LAYERS).outcome is Outcome.CONSISTENT
        wrong = [PrintedFigure("layer.national.theme.youth", "level", "2", "1")]
        assert verify(read_file(canonical_bytes(self.data())), wrong, LAYERS).outcome is Outcome.NOT_CONSISTENT
        data = self.data()
        data["scores"]["layers"][0]["parts"][0]["themes"][0]["level"] = 2
        found = verify(read_file(canonical_bytes(data)), (), LAYERS)
        assert [one.path for one in found.problems] == ["scores.layers[0].parts[0].themes[0].level"]

    def test_a_file_without_the_profile_is_not_consistent(self):
        data = self.data()
        del data["scores"]["layers"]
        assert verify(read_file(canonical_bytes(data)), (), LAYERS).outcome is Outcome.NOT_CONSISTENT

    def test_the_rows_of_a_theme_say_which_layer_is_not_scored(self):
        rows = {row.id: row for row in explain_theme(LAYERS, card(), "youth").rows}
        assert rows["youth_policy"].note == (
            "level 3, Known and used; National policies and outcomes: shown, never scored"
        )
        assert (rows["youth_policy"].counts, rows["youth_policy"].share) == (False, None)
        assert rows["youth_plan"].counts

    def test_it_is_said_how_to_read_it(self):
        assert layer_words(LAYERS, LAYERS.layers[0]) == (
            "The layers are never combined: the index is made of “Joint work” alone.",
            "No figure stands over this one, and no country or organization is ranked by it.",
            "A theme stands at the lowest level of its answered core ratings, from 0 (Nothing found) to 3 (Known and "
            "used).",
        )
