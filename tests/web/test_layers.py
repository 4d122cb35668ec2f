"""Pages of a checklist with layers, related themes, or no overall figure."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from tests.builders import an_assessment
from tests.domain.test_layers import ANSWERS, LAYERS
from tests.domain.test_no_overall import ANSWERS as OTHER_ANSWERS
from tests.domain.test_no_overall import CHECKLIST as NO_OVERALL_CHECKLIST
from tests.tiny_checklist import TINY
from tests.web.builders import Person, a_person, a_space, an_administrator, now
from tests.web.conftest import make_site
from toolkit.domain.access import Role
from toolkit.domain.assessment import Assessment, Edition
from toolkit.domain.checklist import Checklist, Track
from toolkit.domain.scoring import NO_OVERALL, score_assessment
from toolkit.exports.assessment_file import assessment_file
from toolkit.services import imports
from toolkit.storage.db import db

DEFINITIONS = Path(__file__).parents[1] / "definitions"
NATIONAL = "National policies and outcomes"


class World:
    """A site with both checklists, the lead of a space, and what was brought in."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app = app
        self.folder = folder
        admin = an_administrator(app)
        self.space: UUID = a_space(app, admin)
        self.lead: Person = a_person(app, admin, Role.FOCAL_POINT, self.space)

    def brought(self, checklist: Checklist, assessment: Assessment) -> str:
        data = assessment_file(checklist, assessment, score_assessment(checklist, assessment), Edition.INTERNAL)
        with self.app.app_context():
            made = imports.import_assessment(data, space_id=self.space, viewer=self.lead.viewer, now=now())
        return f"/assessments/{made}"

    def install(self, text: str, name: str, version: str) -> None:
        (self.folder / name).mkdir(exist_ok=True)
        (self.folder / name / f"{version}.yaml").write_text(text, encoding="utf-8")

    def page(self, address: str) -> str:
        answer = self.lead.client.get(address)
        assert answer.status_code == 200, address
        return " ".join(answer.text.split())


@pytest.fixture
def world(tmp_path):
    folder = tmp_path / "checklists"
    for name in ("layers", "no_overall"):
        (folder / name).mkdir(parents=True)
        shutil.copyfile(DEFINITIONS / f"{name}.yaml", folder / name / "1.0.0.yaml")
    app = make_site(tmp_path / "data", checklists=str(folder))
    yield World(app, folder)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def a_global(version: str, title: str = "Young people") -> str:
    text = TINY.replace("id: tiny", "id: global").replace('version: "1.0.0"', f'version: "{version}"')
    return text.replace("title: A tiny checklist", "title: Global checklist").replace(
        "title: Young people", f"title: {title}"
    )


def layered(world: World) -> str:
    return world.brought(LAYERS, an_assessment(LAYERS, ANSWERS, facts={"has_port": False}, track=Track.FULL))


def test_the_page_of_a_theme_heads_its_questions_by_layer(world):
    page = world.page(f"{layered(world)}/themes/youth")
    assert re.findall(r"<h2>([^<]*)</h2>", page)[:2] == [NATIONAL, "Joint work"]
    assert page.count("Shown as a profile of its own, never combined with the index.") == 1
    assert page.index(f"<h2>{NATIONAL}</h2>") < page.index("Is there a law?") < page.index("<h2>Joint work</h2>")


def test_results_show_the_layer_apart_with_its_statistics(world):
    page = world.page(f"{layered(world)}/results")
    section = page[page.index('aria-labelledby="layer-national"') :]
    section = section[: section.index("</section>")]
    assert "The layers are never combined: the index is made of “Joint work” alone." in section
    assert "no country or organization is ranked by it" in section
    assert "Adopted: 1 · Known and used: 1 · Open or set aside: 1" in section
    assert "What do official statistics say about young people?" in section
    assert '<th scope="col">Indicator</th>' in section
    assert '<td dir="auto">Labour force survey</td>' in section
    assert "%" not in section


class TestRelatedThemes:
    def test_lead_to_the_newest_version_of_the_other_checklist(self, world):
        world.install(a_global("1.0.0", "Youth"), "global", "1.0.0")
        world.install(a_global("1.10.0", "Young people today"), "global", "1.10.0")
        world.install(a_global("1.9.0", "The young"), "global", "1.9.0")
        link = 'In the global checklist: <a href="/checklists/global/1.10.0#youth">Young people today</a>'
        assert link in world.page(f"{layered(world)}/themes/youth")
        for page in ("/checklists/layers/1.0.0", "/checklists/layers/1.0.0/print"):
            assert world.page(page).count(link) == 1
        assert 'id="youth"' in world.page("/checklists/global/1.10.0")

    def test_are_left_out_where_they_are_not_installed(self, world):
        address = layered(world)
        assert "In the " not in world.page(f"{address}/themes/youth")
        world.install(a_global("1.0.0").replace("id: youth\n", "id: young\n"), "global", "1.0.0")
        for page in (f"{address}/themes/youth", "/checklists/layers/1.0.0", "/checklists/layers/1.0.0/print"):
            assert "In the " not in world.page(page)

    def test_a_faulty_file_of_another_checklist_stops_no_theme_page(self, world):
        address = layered(world)
        world.install("format: 1\n", "global", "1.0.0")
        assert "In the " not in world.page(f"{address}/themes/youth")


def test_a_checklist_is_read_and_printed_by_layer(world):
    book, form = world.page("/checklists/layers/1.0.0"), world.page("/checklists/layers/1.0.0/print")
    assert f"<b>{NATIONAL}.</b> What the country has decided and measured. Shown as a profile" in book
    for page in (book, form):
        assert page.count(f"<h4>{NATIONAL}</h4>") == 3
        assert page.count("<h4>Joint work</h4>") == 4


class TestNoOverall:
    @pytest.fixture
    def results(self, world) -> str:
        address = world.brought(NO_OVERALL_CHECKLIST, an_assessment(NO_OVERALL_CHECKLIST, OTHER_ANSWERS))
        return world.page(f"{address}/results")

    def test_results_say_so_in_one_sentence_and_show_no_empty_box(self, results):
        assert f"<p>{NO_OVERALL}</p>" in results
        assert "Overall index" not in results
        assert "overall index" not in results
        assert "no score" not in results
        assert '<th scope="col" class="num">Overall</th>' not in results

    def test_what_a_part_says_of_itself_stands_beside_its_figure(self, results):
        head = results.index('<h3 id="h-protection"')
        assert (
            '<span class="figure">100 %</span></h3> <p class="narrow">This objective rests on one question.</p>'
            in results[head:]
        )
