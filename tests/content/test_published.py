"""A published version never changes: the digest of each stands here, and a change of a word is a new version."""

from __future__ import annotations

import pytest

from tests.content.lint import ROOT
from toolkit.domain.checklist import Status
from toolkit.storage.definitions import load_checklist

DIGESTS = {
    "country/1.0.0": "250b2542e57be1dcef4ae31dd0202b06f4a97e322b021766cbbe7897bbc0f8c7",
    "global/1.0.0": "b94e5106bcfeb644e7f6817f0efabcad5c40ede9530d5615499149985820834e",
    "global/2.0.0": "5e33589e5899ead0fabd374ac05ae63879efd17819779cbf9459641e40e4cffa",
}


@pytest.mark.parametrize("name", DIGESTS)
def test_a_published_version_is_what_it_was_when_it_was_published(name):
    checklist = load_checklist(ROOT / "checklists" / f"{name}.yaml")
    assert checklist.status is Status.PUBLISHED
    assert checklist.digest == DIGESTS[name]


def test_every_published_version_is_pinned():
    files = (ROOT / "checklists").glob("*/*.yaml")
    published = {f"{path.parent.name}/{path.stem}" for path in files if load_checklist(path).status is Status.PUBLISHED}
    assert published == set(DIGESTS)
