"""The hash chain finds whatever was done to it, and survives that a text is erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from toolkit.domain.trail import ERASED, START, Fault, Link, StoredLink, text_digest, verify_chain

AT = datetime(2026, 11, 20, 9, 30, 15, 123456, tzinfo=UTC)


def a_chain(length=5, *, erased=()):
    """A sound chain; the links named in `erased` have lost their text, and the last one says so."""
    links, head = [], START
    for seq in range(1, length + 1):
        salt, text = bytes([seq]) * 16, f"text {seq}"
        link = Link(seq, head, "answer", AT, "person-1", "person-2", "youth_budget", {"revision": str(seq)})
        link = replace(link, digest=text_digest(salt, text))
        stored = StoredLink(link, link.seal(), text, salt)
        if seq in erased:
            stored = replace(stored, text=None, salt=None)
        links.append(stored)
        head = stored.hash
    if erased:
        details = {"links": " ".join(map(str, erased))}
        link = Link(length + 1, head, ERASED, AT, details=details)
        links.append(StoredLink(link, link.seal()))
    return links


def faults(links, *, of=None):
    whole = of or a_chain()
    return {(fault.seq, fault.fault) for fault in verify_chain(links, length=len(whole), head=whole[-1].hash)}


def resealed(stored, **changes):
    """A link changed by somebody who knows how to seal."""
    link = replace(stored.link, **changes)
    return replace(stored, link=link, hash=link.seal())


def test_a_sound_chain_has_no_fault():
    assert faults(a_chain()) == set()
    assert verify_chain([], length=0, head=START) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "approved"},
        {"by": "person-9"},
        {"entered_by": "person-9"},
        {"about": "skills_plan"},
        {"details": {"revision": "9"}},
        {"at": AT + timedelta(microseconds=1)},
        {"digest": "f" * 64},
    ],
)
def test_an_edited_link_is_found(changes):
    links = a_chain()
    links[2] = replace(links[2], link=replace(links[2].link, **changes))
    assert (3, Fault.EDITED) in faults(links)


def test_an_edited_link_that_was_sealed_anew_breaks_the_next_one():
    links = a_chain()
    links[2] = resealed(links[2], by="person-9")
    assert faults(links) == {(4, Fault.OUT_OF_PLACE)}


def test_the_last_link_sealed_anew_is_not_where_the_chain_should_end():
    links = a_chain()
    links[4] = resealed(links[4], by="person-9")
    assert faults(links) == {(5, Fault.CUT_OFF)}


def test_an_edited_text_is_found():
    links = a_chain()
    links[1] = replace(links[1], text="another text")
    assert faults(links) == {(2, Fault.TEXT_EDITED)}


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_a_deleted_link_is_found(seq):
    links = [link for link in a_chain() if link.link.seq != seq]
    assert (seq, Fault.MISSING) in faults(links)


def test_a_chain_that_was_cut_off_is_found():
    assert faults(a_chain()[:-1]) == {(4, Fault.CUT_OFF)}
    assert faults(a_chain()[:-3]) == {(2, Fault.CUT_OFF)}
    assert faults([]) == {(0, Fault.CUT_OFF)}


def test_an_inserted_link_is_found():
    links = a_chain()
    link = Link(3, links[1].hash, "answer", AT)
    assert (3, Fault.OUT_OF_PLACE) in faults([*links, StoredLink(link, link.seal())])


def test_a_link_added_at_the_end_is_found():
    links = a_chain()
    link = Link(6, links[-1].hash, "answer", AT)
    assert faults([*links, StoredLink(link, link.seal())]) == {(6, Fault.CUT_OFF)}


def test_swapped_links_are_found_even_when_they_were_sealed_anew():
    links = a_chain()
    links[1], links[2] = resealed(links[2], seq=2), resealed(links[1], seq=3)
    assert {fault for _, fault in faults(links)} >= {Fault.OUT_OF_PLACE}


def test_the_order_in_which_links_are_read_does_not_matter():
    assert faults(list(reversed(a_chain()))) == set()


def test_an_erased_text_leaves_the_chain_sound_when_it_is_on_record():
    links = a_chain(erased=(2, 4))
    assert faults(links, of=links) == set()


def test_a_blanked_text_without_a_record_is_found():
    links = a_chain()
    links[1] = replace(links[1], text=None, salt=None)
    assert faults(links) == {(2, Fault.BLANKED)}


def test_an_erasure_on_record_covers_no_other_text():
    links = a_chain(erased=(2,))
    links[3] = replace(links[3], text=None, salt=None)
    assert faults(links, of=links) == {(4, Fault.BLANKED)}


def test_the_time_zone_in_which_a_time_is_written_does_not_matter():
    link = a_chain()[0].link
    elsewhere = link.at.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert replace(link, at=elsewhere).seal() == link.seal()


def test_equal_texts_have_different_digests_under_different_salts():
    assert text_digest(b"a" * 16, "yes") != text_digest(b"b" * 16, "yes")


def test_a_fault_reads_as_a_sentence():
    (fault,) = verify_chain(a_chain()[:-1], length=5, head=a_chain()[-1].hash)
    assert str(fault) == "link 4 is not where the chain should end"
