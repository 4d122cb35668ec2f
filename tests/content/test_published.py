"""A published version never changes: the digest of each stands here, and a change of a word is a new version."""

from __future__ import annotations

import pytest

from tests.content.lint import ROOT
from toolkit.domain.checklist import Status
from toolkit.storage.definitions import load_checklist

DIGESTS = {
    "country/1.0.0": "8f09816bd9cdaf60eb63c182cd11145b0231472e3dd7ab517e8ca03545a2590f",
    "global/1.0.0": "4431410e51e189e493969ab73edd82e39d07e893514063f3c3ffb38c4ae8c8d4",
    "global/2.0.0": "ec017daae2d0552ea5e1ee9f7467bb9aa9e5a80f15fc53f4cda5bf74d4352dd4",
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
