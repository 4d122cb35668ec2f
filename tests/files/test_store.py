"""Files are kept by their digest, whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from toolkit.domain.errors import StorageFull
from toolkit.files.store import FileMissing, LocalFiles


@pytest.fixture
def store(tmp_path):
    """An empty store."""
    return LocalFiles(tmp_path / "files")


def test_a_file_comes_back_by_its_digest(store):
    digest = store.put(b"content")
    assert digest == hashlib.sha256(b"content").hexdigest()
    assert store.get(digest) == b"content"
    assert store.put(b"content") == digest
    assert list(store.digests()) == [digest]


@pytest.mark.parametrize("digest", ["0" * 64, "", "../../etc/passwd", "A" * 64, "0" * 63])
def test_what_is_not_there_is_missing(store, digest):
    with pytest.raises(FileMissing):
        store.get(digest)


def test_a_damaged_file_is_not_handed_out(store):
    digest = store.put(b"content")
    path = store.folder / digest[:2] / digest
    path.write_bytes(b"c0ntent")
    with pytest.raises(FileMissing):
        store.get(digest)


def test_a_removed_file_is_gone(store):
    digest = store.put(b"content")
    store.remove(digest)
    store.remove(digest)
    with pytest.raises(FileMissing):
        store.get(digest)
    assert list(store.digests()) == []


def test_file_and_folders_are_synced_before_and_after_the_rename(store, monkeypatch):
    done = []
    monkeypatch.setattr(os, "fsync", lambda handle: done.append(str(Path(f"/proc/self/fd/{handle}").readlink())))
    digest = store.put(b"content")
    folder = store.folder / digest[:2]
    assert done[0].startswith(str(folder / "."))
    assert done[1:] == [str(folder), str(store.folder), str(store.folder.parent)]


def test_an_interrupted_write_leaves_nothing(store, monkeypatch):
    def no_space(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(StorageFull):
        store.put(b"content")
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_only_files_of_some_age_are_listed_for_the_sweep(store):
    old, young = store.put(b"old"), store.put(b"young")
    os.utime(store.folder / old[:2] / old, (0, 0))
    assert list(store.digests(min_age_seconds=60)) == [old]
    store.put(b"old")
    assert list(store.digests(min_age_seconds=60)) == []
    assert set(store.digests()) == {old, young}


def test_a_large_file_is_kept_and_read_in_pieces(store):
    content = bytes(range(256)) * 40_000
    digest = store.put(io.BytesIO(content))
    with store.open(digest) as file:
        assert file.read() == content


def test_a_damaged_file_is_mended_by_putting_it_again(store):
    digest = store.put(b"content")
    (store.folder / digest[:2] / digest).write_bytes(b"c0ntent")
    store.put(b"content")
    assert store.get(digest) == b"content"


def test_a_file_that_was_put_again_survives_the_sweep_that_had_found_it_old(store):
    digest = store.put(b"content")
    os.utime(store.folder / digest[:2] / digest, (0, 0))
    assert list(store.digests(min_age_seconds=60)) == [digest]
    store.put(b"content")
    assert not store.remove(digest, min_age_seconds=60)
    assert store.get(digest) == b"content"


def test_the_library_of_object_storage_is_loaded_only_where_it_is_configured(tmp_path):
    code = (
        "import sys; from toolkit.app import create_app; from toolkit.config import read_config; "
        "from toolkit.files.store import file_store; config = read_config(data=sys.argv[1]); create_app(config); "
        "file_store(config).put(b'x'); print('obstore' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
