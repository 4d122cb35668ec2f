"""The pages of acting for somebody: arranging it, seeing it in My work, ending it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.web.builders import a_person, a_space, an_administrator, now
from toolkit.domain.access import Role


@pytest.fixture
def world(tiny_site):
    admin = an_administrator(tiny_site)
    space = a_space(tiny_site, admin)
    lead = a_person(tiny_site, admin, Role.FOCAL_POINT, space)
    return space, lead, a_person(tiny_site, admin, Role.READER, space)


def form(lead, reader, **more):
    today = now().date()
    given = {"lead": lead.id, "person": reader.id, "first_day": today, "last_day": today + timedelta(days=5)}
    return {name: str(value) for name, value in (given | more).items()}


def test_it_is_arranged_seen_by_both_and_ended(world):
    space, lead, reader = world
    page = lead.client.get(f"/spaces/{space}/people").text
    assert f"/spaces/{space}/acting" in page
    assert lead.client.post(f"/spaces/{space}/acting", data=form(lead, reader)).status_code == 302
    assert "You act for" in reader.client.get("/work").text
    assert "acts for you" in re.sub(r"<[^>]+>", "", lead.client.get("/work").text)
    page = lead.client.get(f"/spaces/{space}/acting").text
    (end,) = re.findall(r'action="(/spaces/[^"]+/end)"', page)
    assert lead.client.post(end).status_code == 302
    assert "You act for" not in reader.client.get("/work").text
    assert lead.client.post(end).status_code == 409


def test_a_day_that_is_none_and_one_that_is_over_are_said_beside_it_and_kept(world):
    space, lead, reader = world
    for typed, said in (("soon", "year-month-day"), ("2020-01-01", "Choose today or a later day.")):
        answer = lead.client.post(f"/spaces/{space}/acting", data=form(lead, reader, first_day=typed))
        assert answer.status_code == 422
        assert said in answer.text
        assert f'value="{typed}"' in answer.text


def test_somebody_who_is_not_in_the_list_is_refused_with_a_word(world):
    space, lead, reader = world
    for data in ({"person": "x"}, {"lead": str(reader.id)}, {"person": str(lead.id)}):
        answer = lead.client.post(f"/spaces/{space}/acting", data=form(lead, reader) | data)
        assert answer.status_code == 422
        assert "error_summary" in answer.text or 'class="error"' in answer.text
