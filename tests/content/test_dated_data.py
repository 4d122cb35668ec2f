"""The dated data beside the checklists: standards, goals, frameworks, organizations and countries."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

CONTENT = Path(__file__).resolve().parents[2] / "toolkit" / "content"


def _read(name: str) -> Any:
    return yaml.load((CONTENT / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


INSTRUMENTS = _read("instruments.yaml")["instruments"]
SDG = _read("sdg.yaml")
FRAMEWORKS = _read("frameworks.yaml")
ORGANIZATIONS = _read("organizations.yaml")
COUNTRIES = _read("countries.yaml")["countries"]


def _ids(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["id"] for entry in entries]


def test_there_are_eleven_fundamental_and_four_governance_instruments():
    assert {entry["id"] for entry in INSTRUMENTS if entry.get("class") == "fundamental"} == {
        "C029",
        "P029",
        "C087",
        "C098",
        "C100",
        "C105",
        "C111",
        "C138",
        "C155",
        "C182",
        "C187",
    }
    assert {entry["id"] for entry in INSTRUMENTS if entry.get("class") == "governance"} == {
        "C081",
        "C122",
        "C129",
        "C144",
    }


def test_instruments_have_one_number_and_dates_in_order():
    for entry in INSTRUMENTS:
        letter = {"convention": "C", "recommendation": "R", "protocol": "P"}[entry["kind"]]
        if "number" in entry:
            assert entry["id"] == f"{letter}{entry['number']:03d}"
        assert entry["adopted"][:4] in entry["title"]
        if "in_force" in entry:
            assert entry["kind"] != "recommendation"
            assert entry["in_force"] > entry["adopted"]


def test_all_dates_are_text_of_a_day_a_month_or_a_year():
    dates = [entry[key] for entry in INSTRUMENTS for key in ("adopted", "in_force") if key in entry]
    keys = ("adopted", "in_force", "amended", "from", "until")
    dates += [entry[key] for entry in FRAMEWORKS["frameworks"] for key in keys if key in entry]
    dates.append(SDG["list_date"])
    assert [date for date in dates if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", date)] == []


def test_each_id_of_the_dated_data_is_given_once():
    for entries in (INSTRUMENTS, SDG["targets"], SDG["indicators"], FRAMEWORKS["frameworks"]):
        assert len(set(_ids(entries))) == len(entries)
    everything = [*_ids(INSTRUMENTS), *_ids(SDG["targets"]), *_ids(SDG["indicators"]), *_ids(FRAMEWORKS["frameworks"])]
    assert len(set(everything)) == len(everything)


def test_indicators_belong_to_a_target_of_the_list():
    targets = set(_ids(SDG["targets"]))
    assert [entry["id"] for entry in SDG["indicators"] if entry["target"] not in targets] == []


def test_the_indicators_of_goal_8_are_complete():
    numbers = {entry["id"].removeprefix("SDG-") for entry in SDG["indicators"] if entry["id"].startswith("SDG-8.")}
    assert numbers == {
        "8.1.1",
        "8.2.1",
        "8.3.1",
        "8.4.1",
        "8.4.2",
        "8.5.1",
        "8.5.2",
        "8.6.1",
        "8.7.1",
        "8.8.1",
        "8.8.2",
        "8.9.1",
        "8.9.2",
        "8.10.1",
        "8.10.2",
        "8.a.1",
        "8.b.1",
    }


def test_ten_elements_of_decent_work_measurement():
    assert len(FRAMEWORKS["decent_work_elements"]) == 10


def test_predecessors_and_successors_agree():
    organizations = {entry["id"]: entry for entry in ORGANIZATIONS["organizations"]}
    assert len(organizations) == len(ORGANIZATIONS["organizations"]) >= 35
    for entry in organizations.values():
        assert entry["kind"] in ORGANIZATIONS["kinds"]
        assert entry["status"] in {"current", "former"}
        assert entry["names"]
        for older in entry.get("predecessors", []):
            assert entry["id"] in organizations[older]["successors"]
        for newer in entry.get("successors", []):
            assert entry["id"] in organizations[newer]["predecessors"]
    frameworks = {entry["id"]: entry for entry in FRAMEWORKS["frameworks"]}
    assert {entry[key] for entry in frameworks.values() for key in ("predecessor", "successor") if key in entry} <= set(
        frameworks
    )


def test_the_193_member_states_have_a_name_in_cldr():
    assert len(set(COUNTRIES)) == len(COUNTRIES) == 193
    assert sorted(COUNTRIES) == COUNTRIES
    for language in ("en", "fr", "es", "ar", "zh"):
        assert set(COUNTRIES) <= set(Locale.parse(language).territories)
