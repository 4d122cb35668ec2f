"""A published version never changes: the digest of each stands here, and a change of a word is a new version."""

from __future__ import annotations

import pytest

from tests.content.lint import ROOT
from toolkit.domain.checklist import Status
from toolkit.storage.definitions import load_checklist

DIGESTS = {
    "country/1.0.0": "9f7d3d191f2491a2dee4f49d744f6abb465df089d9e339368e75498caecc6334",
    "global/1.0.0": "26402aefce6c15a10839f9c791ef5d6ac60bd1dbf90906038a9070f03a42988c",
    "global/2.0.0": "5d30fdad55451dbbfbe736faf0dd19f328f95ee39034537e98371cd062f7b5a9",
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
