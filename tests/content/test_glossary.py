"""The terms that checklists use are in the glossary, and the glossary explains nothing that nobody uses."""

from __future__ import annotations

import pytest

from tests.content.lint import ROOT, read, texts
from tests.content.readability import reading_age
from toolkit.web.glossary import glossary

FIELD = {entry.id: entry for entry in glossary()["field"]}
EVERY_ENTRY = [entry for entries in glossary().values() for entry in entries]
WORDS_READ = " ".join(text.lower() for path in (ROOT / "checklists").glob("*/*.yaml") for text in texts(read(path)))

# Terms a reader from outside the field may not know, and the entry that explains them.
TERMS = {
    "apprentice": "apprenticeship",
    "appraisal": "appraisal",
    "cash-for-work": "cash_for_work",
    "child labour": "child_labour",
    "collective bargaining": "collective_bargaining",
    "common country analysis": "cca",
    "common country assessment": "cca",
    "cooperation framework": "cooperation_framework",
    "cooperative": "cooperative",
    "decent work country programme": "dwcp",
    "due diligence": "due_diligence",
    "employers' organization": "employers_organization",
    "forced labour": "forced_labour",
    "formal economy": "formal_economy",
    "freedom of association": "association",
    "fundamental principles": "fundamental_rights",
    "grantee": "grantee",
    "informal work": "informal_work",
    "joint work plan": "joint_work_plan",
    "just transition": "just_transition",
    "labour force survey": "labour_force_survey",
    "labour inspection": "labour_inspection",
    "labour standards": "labour_standards",
    "living wage": "living_wage",
    "minimum wage": "minimum_wage",
    "policy papers": "policy_papers",
    "poverty reduction strateg": "prsp",
    "results group": "results_group",
    "social dialogue": "social_dialogue",
    "social partners": "social_partners",
    "social protection floor": "social_protection_floor",
    "staff union": "staff_union",
    "supervisory": "supervisory_bodies",
    "supply chain": "supply_chain",
    "trade union": "trade_union",
    "tripartite": "tripartite",
    "undaf": "undaf",
    "violence and harassment": "violence_harassment",
}


@pytest.mark.parametrize("term", TERMS)
def test_a_term_of_the_checklists_is_explained(term):
    assert term in WORDS_READ, "nobody uses it any more"
    assert TERMS[term] in FIELD


def test_words_stand_in_the_order_of_the_alphabet_and_once():
    for entries in glossary().values():
        assert [entry.word.lower() for entry in entries] == sorted(entry.word.lower() for entry in entries)
    assert len({entry.id for entry in EVERY_ENTRY}) == len(EVERY_ENTRY)


def test_meanings_are_short_and_read_easily():
    for entry in EVERY_ENTRY:
        assert len(entry.meaning.split()) <= 45, entry.id
        assert entry.meaning.endswith(".")
    assert sum(reading_age(entry.meaning) for entry in EVERY_ENTRY) / len(EVERY_ENTRY) <= 16
