"""Object storage behind the same interface, against a server that speaks S3."""

from __future__ import annotations

import hashlib
import io
import socket

import obstore
import pytest

from tests.object_storage import KEY, a_bucket
from toolkit.config import files_bucket, read_config
from toolkit.domain.errors import StorageOutOfReach
from toolkit.files.store import FileMissing, file_store


@pytest.fixture(scope="module")
def bucket():
    with a_bucket() as settings:
        yield settings


@pytest.fixture
def store(bucket, tmp_path):
    found = file_store(read_config({}, data=str(tmp_path), **bucket))
    for digest in found.digests():
        found.remove(digest)
    return found


def test_a_file_comes_back_by_its_digest(store):
    content = b"content" * 500_000
    digest = store.put(io.BytesIO(content))
    assert digest == hashlib.sha256(content).hexdigest()
    assert store.get(digest) == content
    with store.open(digest) as file:
        assert file.read(7) == b"content"
    assert store.put(content) == digest
    assert list(store.digests()) == [digest]


@pytest.mark.parametrize("digest", ["0" * 64, "", "../../etc/passwd", "A" * 64])
def test_what_is_not_there_is_missing(store, digest):
    with pytest.raises(FileMissing):
        store.get(digest)


def test_a_damaged_object_is_not_handed_out(store):
    digest = store.put(b"content")
    obstore.put(store._bucket, f"{digest[:2]}/{digest}", b"c0ntent")
    with pytest.raises(FileMissing):
        store.open(digest)


def test_a_removed_file_is_gone_and_a_young_one_stays(store):
    digest = store.put(b"content")
    assert list(store.digests(min_age_seconds=60)) == []
    assert not store.remove(digest, min_age_seconds=60)
    assert store.remove(digest)
    assert not store.remove(digest)
    assert list(store.digests()) == []


def test_objects_of_others_in_the_bucket_are_left_alone(store):
    obstore.put(store._bucket, "notes.txt", b"somebody else's")
    assert list(store.digests()) == []


def test_storage_that_does_not_answer_is_said_to_be_out_of_reach(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    config = read_config({}, data=str(tmp_path), files_url="s3://b", files_endpoint=f"http://127.0.0.1:{port}", **KEY)
    with pytest.raises(StorageOutOfReach):
        file_store(config).put(b"content")


def test_a_wrong_key_or_bucket_is_out_of_reach_and_no_crash(bucket, tmp_path):
    config = read_config({}, data=str(tmp_path), **(bucket | {"files_url": "s3://no-such-bucket"}))
    with pytest.raises((StorageOutOfReach, FileMissing)):
        file_store(config).put(b"content")


@pytest.mark.parametrize("address", ["/srv/files", "s3://", "https://bucket.example.org", "gs://bucket"])
def test_an_address_of_another_form_is_refused(address):
    with pytest.raises(ValueError, match="s3://bucket"):
        files_bucket(read_config({}, files_url=address))
